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
    row->has_bound_to = said->has_bound_to || said->has_organisation;
    row->bound_to = said->has_bound_to ? said->bound_to : said->organisation;
    row->has_remind = said->has_remind;
    row->remind = said->remind;
    row->has_hands = said->has_hands;
    row->hands = said->hands;
}

static void reminded(struct token *row)
{
    row->has_remind = false;
    row->remind = (struct instant){0};
}

static void revoked(struct token *row)
{
    row->state = TOKEN_STATE_REVOKED;
    reminded(row);
}

void token_evolve(struct token *row, const struct token_event *event)
{
    switch (event->type) {
    case TOKEN_CREATED: created(row, &event->token_created); return;
    case TOKEN_REMINDED: reminded(row); return;
    case TOKEN_REVOKED: revoked(row); return;
    case TOKEN_AFTER_PERSON:
    case TOKEN_AFTER_ORGANISATION:
    case TOKEN_AFTER_PARTNER: return; /* what follows is said by events of our own */
    }
    bug("token_evolve: event type %u", event->type);
}

struct instant token_due(const struct token *row, unsigned *command)
{
    *command = TOKEN_REMIND;
    return row->has_remind ? row->remind : (struct instant){0};
}
