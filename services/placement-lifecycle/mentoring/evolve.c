/* Who is whose mentor after each event of a mentorship. */
#include "mentoring/mentoring.h"

void mentoring_evolve(struct mentoring *row, const struct mentoring_event *event)
{
    switch (event->type) {
    case MENTORING_AFTER_MENTORSHIP_ACCEPTED:
        row->state = MENTORING_STATE_CURRENT;
        row->participant = event->mentorship_accepted.participant;
        row->mentor = event->mentorship_accepted.mentor;
        return;
    case MENTORING_AFTER_MENTORSHIP_UNDONE:
        if (event->mentorship_undone.step == MENTORSHIP_SAID_ACCEPT)
            row->state = MENTORING_STATE_OVER;
        return;
    case MENTORING_AFTER_MENTORSHIP_EXPIRED:
    case MENTORING_AFTER_MENTORSHIP_WITHDRAWN:
    case MENTORING_AFTER_MENTORSHIP_COMPLETED:
    case MENTORING_AFTER_MENTORSHIP_ENDED: row->state = MENTORING_STATE_OVER; return;
    }
    bug("mentoring_evolve: event type %u", event->type);
}
