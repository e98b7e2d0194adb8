/* What a partner is after each event. Nothing is checked here: it has already happened. */
#include "partner/partner.h"

static void made_by(struct partner *row, bool has_hands, const struct hands *hands)
{
    row->has_hands = has_hands;
    row->hands = *hands;
}

static void created(struct partner *row, const struct partner_created *said)
{
    row->state = PARTNER_STATE_ACTIVE;
    memcpy(row->name, said->name, sizeof row->name);
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->has_sealed = true;
    row->sealed = said->sealed;
    made_by(row, said->has_hands, &said->hands);
}

static void secret_rotated(struct partner *row, const struct partner_secret_rotated *said)
{
    row->sealed = said->sealed;
    made_by(row, said->has_hands, &said->hands);
}

static void disabled(struct partner *row, const struct partner_disabled *said)
{
    row->state = PARTNER_STATE_DISABLED;
    row->has_undo = said->has_undo;
    row->undo = said->undo;
}

static void take_back(struct partner *row)
{
    row->state = PARTNER_STATE_ACTIVE;
    row->has_undo = false;
    row->undo = (struct partner_way_back){0};
}

void partner_evolve(struct partner *row, const struct partner_event *event)
{
    switch (event->type) {
    case PARTNER_CREATED: created(row, &event->partner_created); return;
    case PARTNER_SECRET_ROTATED: secret_rotated(row, &event->partner_secret_rotated); return;
    case PARTNER_DISABLED: disabled(row, &event->partner_disabled); return;
    case PARTNER_UNDONE: take_back(row); return;
    }
    bug("partner_evolve: event type %u", event->type);
}
