/* What an endpoint is after each event. Nothing is checked here: it has already happened. */
#include "endpoint/endpoint.h"

static void created(struct endpoint *row, const struct endpoint_created *said)
{
    row->state = ENDPOINT_STATE_ACTIVE;
    row->partner = said->partner;
    memcpy(row->url, said->url, sizeof row->url);
    row->has_sealed = true;
    row->sealed = said->sealed;
}

void endpoint_evolve(struct endpoint *row, const struct endpoint_event *event)
{
    switch (event->type) {
    case ENDPOINT_CREATED: created(row, &event->endpoint_created); return;
    case ENDPOINT_SECRET_ROTATED: row->sealed = event->endpoint_secret_rotated.sealed; return;
    case ENDPOINT_DISABLED: row->state = ENDPOINT_STATE_DISABLED; return;
    }
    bug("endpoint_evolve: event type %u", event->type);
}
