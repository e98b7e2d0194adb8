/* How far something is after each event that answers, ends or goes on with it. */
#include "progress/progress.h"

/* Nothing of it is waited for any more, either. */
static void end(struct progress *row)
{
    row->answers++;
    row->ends++;
    row->resumptions++;
    row->losses++;
}

static void take_back(int64_t *number)
{
    if (*number > 0) --*number;
}

/* As if it had not ended: what was to be told of it is so again, and what was waited for still is. */
static void go_on(struct progress *row)
{
    take_back(&row->answers);
    take_back(&row->ends);
    take_back(&row->resumptions);
    take_back(&row->losses);
}

/* A meeting of which another had told stands, and answers. */
static bool is_answer(const struct mentorship_undone *said)
{
    return said->step == MENTORSHIP_SAID_ACCEPT ||
           said->step == MENTORSHIP_SAID_HOLD_FIRST_MEETING || said->step == MENTORSHIP_SAID_HOLD ||
           said->step == MENTORSHIP_SAID_COMPLETE ||
           (said->step == MENTORSHIP_SAID_LOG_MEETING && !said->confirmed);
}

static void undo_mentorship(struct progress *row, const struct mentorship_undone *said)
{
    if (said->step == MENTORSHIP_SAID_WITHDRAW || said->step == MENTORSHIP_SAID_END ||
        said->step == MENTORSHIP_SAID_DECLINE)
        go_on(row);
    else if (said->step == MENTORSHIP_SAID_RESUME)
        take_back(&row->resumptions);
    else if (is_answer(said))
        take_back(&row->answers);
}

static void undo_placement(struct progress *row, enum placement_said step)
{
    if (step == PLACEMENT_SAID_CANCEL || step == PLACEMENT_SAID_END ||
        step == PLACEMENT_SAID_REPORT_NO_SHOW)
        go_on(row);
    else if (step == PLACEMENT_SAID_INTERRUPT || step == PLACEMENT_SAID_RESUME ||
             step == PLACEMENT_SAID_RECORD_OUTCOME)
        take_back(&row->answers);
}

void progress_evolve(struct progress *row, const struct progress_event *event)
{
    switch (event->type) {
    case PROGRESS_AFTER_REFERRAL_INFO_GIVEN: /* with something still missing it waits for that */
        if (!event->referral_info_given.has_missing) row->answers++;
        return;
    case PROGRESS_AFTER_REFERRAL_ACCEPTED:
    case PROGRESS_AFTER_REFERRAL_WAITLISTED:
    case PROGRESS_AFTER_REFERRAL_UNDONE: row->answers++; return;
    case PROGRESS_AFTER_REFERRAL_REJECTED:
    case PROGRESS_AFTER_REFERRAL_FAILED:
    case PROGRESS_AFTER_REFERRAL_CANCELLED:
    case PROGRESS_AFTER_REFERRAL_EXPIRED:
    case PROGRESS_AFTER_REFERRAL_DUPLICATE_LINKED:
    case PROGRESS_AFTER_REFERRAL_ENTERED_IN_ERROR: end(row); return;
    case PROGRESS_AFTER_MENTORSHIP_INFO_ASKED:
    case PROGRESS_AFTER_MENTORSHIP_INFO_GIVEN:
    case PROGRESS_AFTER_MENTORSHIP_ACCEPTED:
    case PROGRESS_AFTER_MENTORSHIP_AGREED:
    case PROGRESS_AFTER_MENTORSHIP_STARTED:
    case PROGRESS_AFTER_MENTORSHIP_MEETING_LOGGED:
    case PROGRESS_AFTER_MENTORSHIP_HELD:
    case PROGRESS_AFTER_MENTORSHIP_COMPLETION_SAID:
    case PROGRESS_AFTER_MENTORSHIP_COMPLETED: row->answers++; return;
    case PROGRESS_AFTER_MENTORSHIP_RESUMED: row->resumptions++; return;
    case PROGRESS_AFTER_MENTORSHIP_DECLINED:
    case PROGRESS_AFTER_MENTORSHIP_EXPIRED:
    case PROGRESS_AFTER_MENTORSHIP_ENDED:
    case PROGRESS_AFTER_MENTORSHIP_WITHDRAWN:
    case PROGRESS_AFTER_MENTORSHIP_SUPERSEDED: end(row); return;
    case PROGRESS_AFTER_MENTORSHIP_UNDONE: undo_mentorship(row, &event->mentorship_undone); return;
    case PROGRESS_AFTER_PLACEMENT_REQUIREMENT_LOST: row->losses++; return;
    case PROGRESS_AFTER_PLACEMENT_INTERRUPTED: /* until another day */
    case PROGRESS_AFTER_PLACEMENT_RESUMED:
    case PROGRESS_AFTER_PLACEMENT_COMPLETED:
    case PROGRESS_AFTER_PLACEMENT_OUTCOME_RECORDED: row->answers++; return;
    case PROGRESS_AFTER_PLACEMENT_ENDED:
    case PROGRESS_AFTER_PLACEMENT_NO_SHOW_REPORTED:
    case PROGRESS_AFTER_PLACEMENT_CANCELLED: end(row); return;
    case PROGRESS_AFTER_PLACEMENT_UNDONE: undo_placement(row, event->placement_undone.step); return;
    case PROGRESS_AFTER_PERSON_ERASURE_WITHDRAWN:
    case PROGRESS_AFTER_PERSON_ERASURE_REFUSED: row->erasures++; return;
    case PROGRESS_AFTER_PERSON_RESTRICTION_WITHDRAWN:
    case PROGRESS_AFTER_PERSON_RESTRICTION_REFUSED:
    case PROGRESS_AFTER_PERSON_RESTRICTED:
    case PROGRESS_AFTER_PERSON_RESTRICTION_LIFTED: row->restrictions++; return;
    case PROGRESS_AFTER_PERSON_ERASED:
        row->erasures++;
        row->restrictions++;
        row->returns++;
        return;
    case PROGRESS_AFTER_PERSON_ROLE_GRANTED: row->returns++; return;
    case PROGRESS_AFTER_TOKEN_REVOKED: row->answers++; return;
    }
    bug("progress_evolve: event type %u", event->type);
}
