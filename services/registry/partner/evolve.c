/* What a partner is after each event. Nothing is checked here: it has already happened. */
#include "partner/partner.h"

static void created(struct partner *row, const struct partner_created *said)
{
    row->state = PARTNER_STATE_ACTIVE;
    memcpy(row->name, said->name, sizeof row->name);
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->has_sealed = true;
    row->sealed = said->sealed;
}

void partner_evolve(struct partner *row, const struct partner_event *event)
{
    switch (event->type) {
    case PARTNER_CREATED: created(row, &event->partner_created); return;
    case PARTNER_SECRET_ROTATED: row->sealed = event->partner_secret_rotated.sealed; return;
    case PARTNER_DISABLED: row->state = PARTNER_STATE_DISABLED; return;
    }
    bug("partner_evolve: event type %u", event->type);
}
