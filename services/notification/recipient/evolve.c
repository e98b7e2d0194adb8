/* What is known of a recipient after each event. */
#include "recipient/recipient.h"

static void lose(struct recipient *row, const struct recipient_lost *said)
{
    row->state = RECIPIENT_STATE_LOST;
    row->has_delivery = true;
    row->delivery = said->delivery;
    row->has_at = true;
    row->at = said->at;
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
    switch (event->type) {
    case RECIPIENT_LOST: lose(row, &event->recipient_lost); return;
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
