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

static void be_active(struct outlet *row)
{
    row->state = OUTLET_STATE_ACTIVE;
    row->has_until = false;
    row->until = (struct instant){0};
}

/* What is gone hears nothing, also when its end is taken back. */
static void disable(struct outlet *row, const struct endpoint_disabled *said)
{
    row->state = OUTLET_STATE_DISABLED;
    row->has_until = said->has_undo && said->undo.state == ENDPOINT_RESTORED_ACTIVE;
    row->until = row->has_until ? said->undo.until : (struct instant){0};
}

static void disable_with_partner(struct outlet *row, const struct partner_disabled *said)
{
    row->state = OUTLET_STATE_DISABLED;
    row->has_until = said->has_undo;
    row->until = said->undo.until;
}

static void restore(struct outlet *row, enum endpoint_restored state)
{
    be_active(row);
    if (state == ENDPOINT_RESTORED_GONE) row->state = OUTLET_STATE_GONE;
}

bool outlet_may_return(const struct outlet *row, struct instant now)
{
    return row->state == OUTLET_STATE_DISABLED && row->has_until && now.ms <= row->until.ms;
}

void outlet_evolve(struct outlet *row, const struct outlet_event *event)
{
    switch (event->type) {
    case OUTLET_AFTER_ENDPOINT_CREATED: create(row, &event->endpoint_created); return;
    case OUTLET_AFTER_ENDPOINT_SECRET_ROTATED: renew(row, &event->endpoint_secret_rotated); return;
    case OUTLET_AFTER_ENDPOINT_UNDONE: restore(row, event->endpoint_undone.state); return;
    case OUTLET_AFTER_ENDPOINT_DISABLED: disable(row, &event->endpoint_disabled); return;
    case OUTLET_AFTER_PARTNER_DISABLED: disable_with_partner(row, &event->partner_disabled); return;
    case OUTLET_AFTER_ENDPOINT_GONE:
    case OUTLET_AFTER_DELIVERY_GIVEN_UP:
        if (row->state == OUTLET_STATE_ACTIVE) row->state = OUTLET_STATE_GONE;
        return;
    }
    bug("outlet_evolve: event type %u", event->type);
}
