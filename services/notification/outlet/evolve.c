/* What an outlet is after each event. */
#include "outlet/outlet.h"

static void create(struct outlet *row, const struct endpoint_created *as)
{
    row->state = OUTLET_STATE_ACTIVE;
    row->partner = as->partner;
    memcpy(row->url, as->url, sizeof row->url);
    row->has_cleared = as->has_cleared;
    row->cleared = as->cleared;
}

static void renew(struct outlet *row, const struct endpoint_secret_rotated *said)
{
    if (row->state == OUTLET_STATE_GONE) row->state = OUTLET_STATE_ACTIVE;
    row->has_cleared = said->has_cleared;
    row->cleared = said->cleared;
}

void outlet_evolve(struct outlet *row, const struct outlet_event *event)
{
    switch (event->type) {
    case OUTLET_AFTER_ENDPOINT_CREATED: create(row, &event->endpoint_created); return;
    case OUTLET_AFTER_ENDPOINT_SECRET_ROTATED: renew(row, &event->endpoint_secret_rotated); return;
    case OUTLET_AFTER_ENDPOINT_UNDONE:
        row->state = event->endpoint_undone.state == ENDPOINT_RESTORED_GONE ? OUTLET_STATE_GONE
                                                                            : OUTLET_STATE_ACTIVE;
        return;
    case OUTLET_AFTER_ENDPOINT_DISABLED:
    case OUTLET_AFTER_PARTNER_DISABLED: row->state = OUTLET_STATE_DISABLED; return;
    case OUTLET_AFTER_ENDPOINT_GONE:
    case OUTLET_AFTER_DELIVERY_GIVEN_UP:
        if (row->state == OUTLET_STATE_ACTIVE) row->state = OUTLET_STATE_GONE;
        return;
    }
    bug("outlet_evolve: event type %u", event->type);
}
