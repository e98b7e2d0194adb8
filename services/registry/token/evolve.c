/* What a token is after each event. Nothing is checked here: it has already happened. */
#include "token/token.h"

static void created(struct token *row, const struct token_created *said)
{
    row->state = TOKEN_STATE_ACTIVE;
    row->role = said->role;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->has_person = said->has_person;
    row->person = said->person;
    row->hash = said->hash;
    row->expires = said->expires;
}

void token_evolve(struct token *row, const struct token_event *event)
{
    switch (event->type) {
    case TOKEN_CREATED: created(row, &event->token_created); return;
    case TOKEN_REVOKED: row->state = TOKEN_STATE_REVOKED; return;
    case TOKEN_AFTER_PERSON:
    case TOKEN_AFTER_ORGANISATION:
    case TOKEN_AFTER_PARTNER: return; /* what follows is said by events of our own */
    }
    bug("token_evolve: event type %u", event->type);
}
