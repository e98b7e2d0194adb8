/* Who has heard of a mentorship after each of its events. */
#include "request/request.h"

void request_evolve(struct request *row, const struct request_event *event)
{
    switch (event->type) {
    case REQUEST_AFTER_MENTORSHIP_OFFERED: row->state = REQUEST_STATE_OFFERED; return;
    case REQUEST_AFTER_MENTORSHIP_ACCEPTED: row->state = REQUEST_STATE_ACCEPTED; return;
    case REQUEST_AFTER_MENTORSHIP_UNDONE:
        if (event->mentorship_undone.step == MENTORSHIP_SAID_ACCEPT)
            row->state = REQUEST_STATE_OFFERED;
        return;
    }
    bug("request_evolve: event type %u", event->type);
}
