/* What an endpoint is after each event. Nothing is checked here: it has already happened. */
#include "endpoint/endpoint.h"

static void created(struct endpoint *row, const struct endpoint_created *said)
{
    row->state = ENDPOINT_STATE_ACTIVE;
    row->partner = said->partner;
    memcpy(row->url, said->url, sizeof row->url);
    row->has_sealed = true;
    row->sealed = said->sealed;
    row->has_cleared = said->has_cleared;
    row->cleared = said->cleared;
}

/* The words for why are a partner's, and one more. */
_Static_assert((int)ENDPOINT_WHY_OTHER == (int)PARTNER_REASON_OTHER, "one numbering");

static void stop(struct endpoint *row, enum endpoint_state state, enum endpoint_why why)
{
    row->state = state;
    row->has_disabled_reason = true;
    row->disabled_reason = why;
}

static void start(struct endpoint *row)
{
    row->state = ENDPOINT_STATE_ACTIVE;
    row->has_disabled_reason = row->has_disabled_at = false;
    row->disabled_reason = (enum endpoint_why)0; /* there is none */
    row->disabled_at = (struct instant){0};
}

static void rotate_secret(struct endpoint *row, const struct endpoint_secret_rotated *said)
{
    row->sealed = said->sealed;
    row->has_cleared = said->has_cleared;
    row->cleared = said->cleared;
    row->has_rotated = said->has_at;
    row->rotated = said->at;
    start(row);
}

static void disable(struct endpoint *row, const struct endpoint_disabled *said)
{
    stop(row, ENDPOINT_STATE_DISABLED, (enum endpoint_why)said->reason);
    row->has_disabled_at = said->has_at;
    row->disabled_at = said->at;
    row->has_undo = said->has_undo;
    row->undo = said->undo;
}

/* As it was. */
static void take_back(struct endpoint *row, const struct endpoint_undone *said)
{
    start(row);
    row->has_undo = false;
    row->undo = (struct endpoint_way_back){0};
    if (said->state != ENDPOINT_RESTORED_GONE) return;
    stop(row, ENDPOINT_STATE_GONE, ENDPOINT_WHY_GONE);
    row->has_disabled_at = said->has_since;
    row->disabled_at = said->since;
}

static void become_gone(struct endpoint *row, struct instant at)
{
    stop(row, ENDPOINT_STATE_GONE, ENDPOINT_WHY_GONE);
    row->has_disabled_at = true;
    row->disabled_at = at;
}

void endpoint_evolve(struct endpoint *row, const struct endpoint_event *event)
{
    switch (event->type) {
    case ENDPOINT_CREATED: created(row, &event->endpoint_created); return;
    case ENDPOINT_SECRET_ROTATED: rotate_secret(row, &event->endpoint_secret_rotated); return;
    case ENDPOINT_TESTED:
        row->has_tested = true;
        row->tested = event->endpoint_tested.at;
        return;
    case ENDPOINT_DISABLED: disable(row, &event->endpoint_disabled); return;
    case ENDPOINT_GONE: become_gone(row, event->endpoint_gone.at); return;
    case ENDPOINT_UNDONE: take_back(row, &event->endpoint_undone); return;
    case ENDPOINT_AFTER_PARTNER_DISABLED:
    case ENDPOINT_AFTER_PARTNER_UNDONE:
    case ENDPOINT_AFTER_DELIVERY_GIVEN_UP: return; /* decided, and said as an event of its own */
    }
    bug("endpoint_evolve: event type %u", event->type);
}
