/* What is known of a recipient after each event. */
#include "recipient/recipient.h"

static void be_without(struct recipient *row, enum recipient_state state, struct id delivery,
                       struct instant at)
{
    row->state = state;
    row->has_delivery = true;
    row->delivery = delivery;
    row->has_at = true;
    row->at = at;
}

/* Nothing stays of what was. */
static void become(struct recipient *row, enum recipient_state state)
{
    *row = (struct recipient){
        .id = row->id,
        .version = row->version,
        .programme = row->programme,
        .country = row->country,
        .state = state,
    };
}

void recipient_evolve(struct recipient *row, const struct recipient_event *event)
{
    const struct recipient_lost *lost = &event->recipient_lost;
    const struct recipient_missed *missed = &event->recipient_missed;

    switch (event->type) {
    case RECIPIENT_LOST: be_without(row, RECIPIENT_STATE_LOST, lost->delivery, lost->at); return;
    case RECIPIENT_MISSED:
        be_without(row, RECIPIENT_STATE_MISSED, missed->delivery, missed->at);
        return;
    case RECIPIENT_FOUND: become(row, RECIPIENT_STATE_FOUND); return;
    case RECIPIENT_AFTER_PERSON_ERASED:
    case RECIPIENT_AFTER_ORGANISATION_CLOSED: become(row, RECIPIENT_STATE_FORGOTTEN); return;
    case RECIPIENT_AFTER_DELIVERY:
    case RECIPIENT_AFTER_PERSON_CHANGED:
    case RECIPIENT_AFTER_REFERRAL:
    case RECIPIENT_AFTER_ORGANISATION_CHANGED:
    case RECIPIENT_AFTER_PROGRAMME: return; /* decide says what follows */
    }
    bug("recipient_evolve: event type %u", event->type);
}
