/* Which organisations there are after each of the registry's events. */
#include "hosting/hosting.h"

void hosting_evolve(struct hosting *row, const struct hosting_event *event)
{
    switch (event->type) {
    case HOSTING_AFTER_ORGANISATION_UNDONE: /* that it was closed */
    case HOSTING_AFTER_ORGANISATION_CREATED: row->state = HOSTING_STATE_OPEN; return;
    case HOSTING_AFTER_ORGANISATION_CLOSED: row->state = HOSTING_STATE_CLOSED; return;
    }
    bug("hosting_evolve: event type %u", event->type);
}
