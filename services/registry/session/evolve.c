/* What a session is after each event. Nothing is checked here: it has already happened. */
#include "session/session.h"

static void requested(struct session *row, const struct session_requested *said)
{
    row->state = SESSION_STATE_REQUESTED;
    row->person = said->person;
    row->expires = said->due;
    row->hash = said->hash;
    row->device = said->device;
    row->has_sealed = true;
    row->sealed = said->sealed;
}

/* The code is of no use any more. */
static void forget_code(struct session *row)
{
    row->has_sealed = false;
    memset(&row->sealed, 0, sizeof row->sealed);
}

static void set_role(struct session *row, enum actor_role role, const struct id *organisation,
                     const struct id *bound_to)
{
    row->has_role = true;
    row->role = role;
    row->has_organisation = organisation != NULL;
    row->organisation = organisation != NULL ? *organisation : (struct id){{0}};
    row->has_bound_to = bound_to != NULL;
    row->bound_to = bound_to != NULL ? *bound_to : (struct id){{0}};
}

static void opened(struct session *row, const struct session_opened *said)
{
    row->state = SESSION_STATE_OPEN;
    row->person = said->person;
    set_role(row, said->role, said->has_organisation ? &said->organisation : NULL,
             said->has_bound_to ? &said->bound_to : NULL);
    row->has_about = said->has_about;
    row->about = said->about;
    row->hash = said->hash;
    row->device = said->device;
    row->expires = said->expires;
    row->has_opened = true;
    row->opened = said->at;
    forget_code(row);
}

static void acts_as(struct session *row, const struct session_acts_as *said)
{
    set_role(row, said->role, said->has_organisation ? &said->organisation : NULL,
             said->has_bound_to ? &said->bound_to : NULL);
    row->expires = said->expires;
}

static void ended(struct session *row, enum session_end reason)
{
    row->state = SESSION_STATE_ENDED;
    row->has_end = true;
    row->end = reason;
    forget_code(row);
}

void session_evolve(struct session *row, const struct session_event *event)
{
    switch (event->type) {
    case SESSION_REQUESTED: requested(row, &event->session_requested); return;
    case SESSION_MISTAKEN: row->mistakes++; return;
    case SESSION_OPENED: opened(row, &event->session_opened); return;
    case SESSION_ACTS_AS: acts_as(row, &event->session_acts_as); return;
    case SESSION_ENDED: ended(row, event->session_ended.reason); return;
    case SESSION_AFTER_PERSON:
    case SESSION_AFTER_TOKEN:
    case SESSION_AFTER_ORGANISATION: return; /* what follows is said by events of our own */
    }
    bug("session_evolve: event type %u", event->type);
}

struct instant session_due(const struct session *row, unsigned *command)
{
    const bool is_under_way =
        row->state == SESSION_STATE_REQUESTED || row->state == SESSION_STATE_OPEN;

    *command = SESSION_LAPSE;
    return is_under_way ? row->expires : (struct instant){0};
}
