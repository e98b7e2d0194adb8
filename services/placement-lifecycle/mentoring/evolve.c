/* Who is whose mentor after each event of a mentorship. */
#include "mentoring/mentoring.h"

static bool is_bound(enum mentorship_restored state)
{
    return state != MENTORSHIP_RESTORED_PROPOSED && state != MENTORSHIP_RESTORED_OFFERED;
}

void mentoring_evolve(struct mentoring *row, const struct mentoring_event *event)
{
    switch (event->type) {
    case MENTORING_AFTER_MENTORSHIP_ACCEPTED:
        row->state = MENTORING_STATE_CURRENT;
        row->participant = event->mentorship_accepted.participant;
        row->mentor = event->mentorship_accepted.mentor;
        return;
    case MENTORING_AFTER_MENTORSHIP_UNDONE:
        row->state = is_bound(event->mentorship_undone.state) ? MENTORING_STATE_CURRENT
                                                              : MENTORING_STATE_OVER;
        return;
    case MENTORING_AFTER_MENTORSHIP_EXPIRED:
    case MENTORING_AFTER_MENTORSHIP_WITHDRAWN:
    case MENTORING_AFTER_MENTORSHIP_COMPLETED:
    case MENTORING_AFTER_MENTORSHIP_ENDED: row->state = MENTORING_STATE_OVER; return;
    }
    bug("mentoring_evolve: event type %u", event->type);
}
