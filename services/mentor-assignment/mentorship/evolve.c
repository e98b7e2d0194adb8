/* What a mentorship is after each event, and when its next deadline is. Nothing is checked here: it
 * has already happened. */
#include "mentorship/mentorship.h"

#include <string.h>

#include "core/patch.h"
#include "core/trait.h"

bool mentorship_is_open(enum mentorship_state state)
{
    return state == MENTORSHIP_STATE_PROPOSED || mentorship_holds_place(state);
}

bool mentorship_holds_place(enum mentorship_state state)
{
    return state == MENTORSHIP_STATE_OFFERED || mentorship_is_bound(state);
}

bool mentorship_is_bound(enum mentorship_state state)
{
    switch (state) {
    case MENTORSHIP_STATE_ACCEPTED:
    case MENTORSHIP_STATE_AGREED:
    case MENTORSHIP_STATE_ACTIVE:
    case MENTORSHIP_STATE_ON_HOLD: return true;
    case MENTORSHIP_STATE_NONE:
    case MENTORSHIP_STATE_PROPOSED:
    case MENTORSHIP_STATE_OFFERED:
    case MENTORSHIP_STATE_COMPLETED:
    case MENTORSHIP_STATE_DECLINED:
    case MENTORSHIP_STATE_WITHDRAWN:
    case MENTORSHIP_STATE_EXPIRED:
    case MENTORSHIP_STATE_ENDED_EARLY:
    case MENTORSHIP_STATE_SUPERSEDED: return false;
    }
    bug("mentorship_is_bound: state %u", state);
}

enum mentorship_state mentorship_before(enum mentorship_restored restored)
{
    switch (restored) {
    case MENTORSHIP_RESTORED_PROPOSED: return MENTORSHIP_STATE_PROPOSED;
    case MENTORSHIP_RESTORED_OFFERED: return MENTORSHIP_STATE_OFFERED;
    case MENTORSHIP_RESTORED_ACCEPTED: return MENTORSHIP_STATE_ACCEPTED;
    case MENTORSHIP_RESTORED_AGREED: return MENTORSHIP_STATE_AGREED;
    case MENTORSHIP_RESTORED_ACTIVE: return MENTORSHIP_STATE_ACTIVE;
    case MENTORSHIP_RESTORED_ON_HOLD: return MENTORSHIP_STATE_ON_HOLD;
    }
    bug("mentorship_before: %u", restored);
}

bool mentorship_was_begun(enum mentorship_state state)
{
    return state == MENTORSHIP_STATE_COMPLETED || state == MENTORSHIP_STATE_ENDED_EARLY;
}

bool mentorship_was_in_vain(enum mentorship_state state)
{
    return state == MENTORSHIP_STATE_DECLINED || state == MENTORSHIP_STATE_EXPIRED ||
           state == MENTORSHIP_STATE_WITHDRAWN;
}

/* Neither of the two has said no: the referral may be taken up again, the part granted again, and what was
 * entered in error has never been. */
static bool ended_for_neither(const struct mentorship *row)
{
    const bool is_stopped =
        row->state == MENTORSHIP_STATE_ENDED_EARLY || row->state == MENTORSHIP_STATE_WITHDRAWN;

    return is_stopped && (row->reason == MENTORSHIP_REASON_REFERRAL_CANCELLED ||
                          row->reason == MENTORSHIP_REASON_REFERRAL_CLOSED ||
                          row->reason == MENTORSHIP_REASON_ROLE_ENDED ||
                          row->reason == MENTORSHIP_REASON_ENTERED_IN_ERROR);
}

bool mentorship_keeps_apart(const struct mentorship *row)
{
    return (mentorship_was_begun(row->state) || mentorship_was_in_vain(row->state)) &&
           !ended_for_neither(row);
}

bool mentorship_stands_still(const struct mentorship *row)
{
    return row->state == MENTORSHIP_STATE_OFFERED && row->has_asked_at;
}

bool mentorship_is_suggestion(const struct mentorship *row)
{
    return row->state == MENTORSHIP_STATE_PROPOSED && row->has_total;
}

static void stop_asking(struct mentorship *row)
{
    row->has_asked_at = false;
    row->asked_at = (struct instant){0};
}

/* A deadline belongs to the state in which it was set. */
static void move(struct mentorship *row, enum mentorship_state next)
{
    row->state = next;
    row->has_remind = row->has_due = false;
    row->remind = row->due = (struct instant){0};
    stop_asking(row);
}

static void move_until(struct mentorship *row, enum mentorship_state next, struct instant due,
                       bool has_remind, struct instant remind)
{
    move(row, next);
    row->has_due = true;
    row->due = due;
    row->has_remind = has_remind;
    row->remind = has_remind ? remind : (struct instant){0};
}

static void stop(struct mentorship *row, enum mentorship_state next, enum mentorship_reason reason)
{
    move(row, next);
    row->has_reason = true;
    row->reason = reason;
}

static void propose(struct mentorship *row, const struct mentorship_proposed *said)
{
    row->referral = said->referral;
    row->participant = said->participant;
    row->mentor = said->mentor;
    row->has_total = said->has_total;
    row->total = said->total;
    row->has_explanation = said->has_explanation;
    row->explanation = said->explanation;
    row->has_passed = said->has_passed;
    row->passed = said->passed;
    row->has_runner_up = said->has_runner_up;
    row->runner_up = said->runner_up;
    row->has_passed_over = said->has_passed_over;
    row->passed_over = said->passed_over;
    row->has_alternatives = said->has_alternatives;
    row->alternatives = said->alternatives;
    row->has_behind = said->has_behind;
    row->behind = said->behind;
    row->has_moved = said->has_moved;
    row->moved = said->moved;
    row->has_better = said->has_better;
    row->better = said->better;
    row->has_agency = said->has_agency;
    row->agency = said->agency;
    row->has_proposed_at = said->has_at;
    row->proposed_at = said->at;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    move(row, MENTORSHIP_STATE_PROPOSED);
}

static void offer(struct mentorship *row, const struct mentorship_offered *said)
{
    move_until(row, MENTORSHIP_STATE_OFFERED, said->due, said->has_remind, said->remind);
    row->has_offered_at = said->has_at;
    row->offered_at = said->at;
}

/* Of before, the clock ran on. A second question adds nothing: the first still waits. */
static void ask(struct mentorship *row, const struct mentorship_info_asked *said)
{
    if (!said->has_at || row->has_asked_at) return;
    row->has_asked_at = true;
    row->asked_at = said->at;
    if (row->state != MENTORSHIP_STATE_OFFERED) return;
    row->has_remind = said->has_remind;
    row->remind = said->remind;
}

static void answer(struct mentorship *row, const struct mentorship_info_given *said)
{
    stop_asking(row);
    if (!said->has_due) return;
    row->due = said->due;
    row->has_remind = said->has_remind;
    row->remind = said->has_remind ? said->remind : (struct instant){0};
}

/* Those who have met as often as they should need no reminder. */
static void count_meeting(struct mentorship *row, int64_t minutes)
{
    row->meetings++;
    row->minutes += minutes;
    if (row->meetings < row->target) return;
    row->has_remind = false;
    row->remind = (struct instant){0};
}

static void start(struct mentorship *row, const struct mentorship_started *said)
{
    move(row, MENTORSHIP_STATE_ACTIVE);
    row->has_started_on = true;
    row->started_on = said->on;
    row->has_first_meeting = said->has_meeting;
    row->first_meeting = said->meeting;
    row->has_target = true;
    row->target = said->target;
    row->has_remind = true;
    row->remind = said->target_due;
    count_meeting(row, said->has_minutes ? said->minutes : 0);
}

static void stop_clock(struct mentorship *row)
{
    row->has_due = false;
    row->due = (struct instant){0};
}

/* The pause is over when the day after its last one begins. */
static void hold(struct mentorship *row, const struct mentorship_held *said)
{
    row->state = MENTORSHIP_STATE_ON_HOLD;
    row->has_reason = true;
    row->reason = said->reason;
    row->has_until = true;
    row->until = said->until;
    row->has_due = true;
    row->due = said->has_due ? said->due /* of before, days began in UTC */
                             : instant_add_days((struct instant){0}, said->until.day + 1);
}

static void resume(struct mentorship *row)
{
    row->state = MENTORSHIP_STATE_ACTIVE;
    row->has_reason = false;
    row->reason = (enum mentorship_reason)0;
    row->has_until = false;
    row->until = (struct date){0};
    stop_clock(row);
}

/* As often as they like: what is said once, such as a yes or a signature, stays. */
static bool is_repeated(enum mentorship_said said)
{
    switch (said) {
    case MENTORSHIP_SAID_ASK_INFO:
    case MENTORSHIP_SAID_LOG_MEETING:
    case MENTORSHIP_SAID_CORRECT_MEETING:
    case MENTORSHIP_SAID_STRIKE_MEETING:
    case MENTORSHIP_SAID_HOLD:
    case MENTORSHIP_SAID_RESUME: return true;
    case MENTORSHIP_SAID_ACCEPT:
    case MENTORSHIP_SAID_DECLINE:
    case MENTORSHIP_SAID_WITHDRAW:
    case MENTORSHIP_SAID_SIGN_CONFIDENTIALITY:
    case MENTORSHIP_SAID_HOLD_FIRST_MEETING:
    case MENTORSHIP_SAID_COMPLETE:
    case MENTORSHIP_SAID_END: return false;
    }
    bug("mentorship_evolve: %u was said", said);
}

/* Which gives way. */
static uint32_t least_of(const struct mentorship_recordeds *recorded)
{
    for (uint32_t i = 0; i < recorded->count; i++)
        if (is_repeated(recorded->at[i].said)) return i;
    return 0;
}

static void drop_recorded(struct mentorship_recordeds *recorded, uint32_t i)
{
    recorded->count--;
    memmove(&recorded->at[i], &recorded->at[i + 1], (recorded->count - i) * sizeof recorded->at[0]);
    memset(&recorded->at[recorded->count], 0, sizeof recorded->at[0]);
}

/* Of before this was kept, all stand here, and the oldest gave way. */
static void record(struct mentorship *row, const struct mentorship_recorded_for *said)
{
    enum { MOST = sizeof row->recorded.at / sizeof row->recorded.at[0] };

    if (said->elsewhere) return;
    if (row->recorded.count == MOST)
        drop_recorded(&row->recorded, said->has_elsewhere ? least_of(&row->recorded) : 0);
    row->has_recorded = true;
    row->recorded.at[row->recorded.count++] =
        (struct mentorship_recorded){said->said, said->of, said->told, said->on};
}

/* It was not said after all. */
static void forget_recorded(struct mentorship *row)
{
    if (!row->undo.recorded || row->recorded.count == 0) return;
    row->recorded.count--;
    memset(&row->recorded.at[row->recorded.count], 0, sizeof row->recorded.at[0]);
    row->has_recorded = row->recorded.count > 0;
}

static void forget_start(struct mentorship *row)
{
    row->has_started_on = row->has_first_meeting = row->has_target = false;
    row->started_on = (struct date){0};
    row->first_meeting = (struct id){{0}};
    row->target = 0;
}

/* Of the two only one had said so. */
static void forget_said_by(struct mentorship *row)
{
    row->has_said_by = row->has_alone_from = false;
    row->said_by = (enum mentorship_party)0;
    row->alone_from = (struct instant){0};
}

/* As it was. What is said of the search of the two is the mentee's. */
static void take_back(struct mentorship *row, const struct mentorship_undone *said)
{
    const bool was_open = mentorship_is_open(row->state);

    row->state = mentorship_before(said->state);
    patch_carry(&mentorship_before_descriptor, &said->before, &mentorship_descriptor, row);
    forget_recorded(row);
    if (said->step == MENTORSHIP_SAID_HOLD_FIRST_MEETING) forget_start(row);
    if (said->step == MENTORSHIP_SAID_COMPLETE && was_open) forget_said_by(row);
}

/* How the step can be taken back that an event tells of; NULL: it cannot. */
static const struct mentorship_way_back *undo_of(const struct mentorship_event *event)
{
#define UNDO(said) (event->said.has_undo ? &event->said.undo : NULL)
    if (event->type == MENTORSHIP_ACCEPTED) return UNDO(mentorship_accepted);
    if (event->type == MENTORSHIP_DECLINED) return UNDO(mentorship_declined);
    if (event->type == MENTORSHIP_CONFIDENTIALITY_SIGNED)
        return UNDO(mentorship_confidentiality_signed);
    if (event->type == MENTORSHIP_MEETING_LOGGED) return UNDO(mentorship_meeting_logged);
    if (event->type == MENTORSHIP_MEETING_CONFIRMED) return UNDO(mentorship_meeting_confirmed);
    if (event->type == MENTORSHIP_HELD) return UNDO(mentorship_held);
    if (event->type == MENTORSHIP_RESUMED) return UNDO(mentorship_resumed);
    if (event->type == MENTORSHIP_COMPLETION_SAID) return UNDO(mentorship_completion_said);
    if (event->type == MENTORSHIP_STARTED) return UNDO(mentorship_started);
    if (event->type == MENTORSHIP_WITHDRAWN) return UNDO(mentorship_withdrawn);
    if (event->type == MENTORSHIP_COMPLETED) return UNDO(mentorship_completed);
    if (event->type == MENTORSHIP_ENDED) return UNDO(mentorship_ended);
    return NULL;
#undef UNDO
}

/* Whatever else happens has followed from it. */
static void keep_undo(struct mentorship *row, const struct mentorship_event *event)
{
    const struct mentorship_way_back *undo = undo_of(event);

    if (event->type == MENTORSHIP_RECORDED_FOR) { /* how it came to be said */
        row->undo.has_recorded = row->undo.has_of = row->has_undo;
        row->undo.recorded = row->has_undo && !event->mentorship_recorded_for.elsewhere;
        if (row->has_undo) row->undo.of = event->mentorship_recorded_for.of;
        return;
    }
    row->has_undo = undo != NULL;
    row->undo = undo != NULL ? *undo : (struct mentorship_way_back){0};
}

static void evolve(struct mentorship *row, const struct mentorship_event *event)
{
    switch (event->type) {
    case MENTORSHIP_PROPOSED: propose(row, &event->mentorship_proposed); return;
    case MENTORSHIP_OFFERED: offer(row, &event->mentorship_offered); return;
    case MENTORSHIP_INFO_ASKED: ask(row, &event->mentorship_info_asked); return;
    case MENTORSHIP_INFO_GIVEN: answer(row, &event->mentorship_info_given); return;
    case MENTORSHIP_ACCEPTED:
        move_until(row, MENTORSHIP_STATE_ACCEPTED, event->mentorship_accepted.due,
                   event->mentorship_accepted.has_remind, event->mentorship_accepted.remind);
        return;
    case MENTORSHIP_DECLINED:
        stop(row, MENTORSHIP_STATE_DECLINED, event->mentorship_declined.reason);
        return;
    case MENTORSHIP_EXPIRED: move(row, MENTORSHIP_STATE_EXPIRED); return;
    case MENTORSHIP_REMINDED:
        row->has_remind = false;
        row->remind = (struct instant){0};
        return;
    case MENTORSHIP_CONFIDENTIALITY_SIGNED:
        if (event->mentorship_confidentiality_signed.by == MENTORSHIP_PARTY_MENTOR)
            row->mentor_signed = true;
        else
            row->participant_signed = true;
        return;
    case MENTORSHIP_AGREED:
        move_until(row, MENTORSHIP_STATE_AGREED, event->mentorship_agreed.due,
                   event->mentorship_agreed.has_remind, event->mentorship_agreed.remind);
        return;
    case MENTORSHIP_STARTED: start(row, &event->mentorship_started); return;
    case MENTORSHIP_MEETING_LOGGED:
        count_meeting(row, event->mentorship_meeting_logged.minutes);
        return;
    case MENTORSHIP_MEETING_CONFIRMED:
        row->minutes += event->mentorship_meeting_confirmed.added;
        return;
    case MENTORSHIP_MEETING_CORRECTED:
        row->minutes = event->mentorship_meeting_corrected.total;
        if (event->mentorship_meeting_corrected.first)
            row->started_on = event->mentorship_meeting_corrected.on;
        return;
    case MENTORSHIP_MEETING_STRUCK:
        row->meetings--;
        row->minutes = event->mentorship_meeting_struck.total;
        return;
    case MENTORSHIP_HELD: hold(row, &event->mentorship_held); return;
    case MENTORSHIP_RESUMED: resume(row); return;
    case MENTORSHIP_RELIEVED: return; /* who is told so goes by the protection of now */
    case MENTORSHIP_HOLD_OVERDUE: stop_clock(row); return;
    case MENTORSHIP_COMPLETION_SAID:
        row->has_said_by = true;
        row->said_by = event->mentorship_completion_said.by;
        row->has_alone_from = true;
        row->alone_from = event->mentorship_completion_said.alone_from;
        return;
    case MENTORSHIP_COMPLETED: move(row, MENTORSHIP_STATE_COMPLETED); return;
    case MENTORSHIP_ENDED:
        stop(row, MENTORSHIP_STATE_ENDED_EARLY, event->mentorship_ended.reason);
        return;
    case MENTORSHIP_WITHDRAWN:
        stop(row, MENTORSHIP_STATE_WITHDRAWN, event->mentorship_withdrawn.reason);
        return;
    case MENTORSHIP_SUPERSEDED:
        move(row, MENTORSHIP_STATE_SUPERSEDED);
        row->has_superseded_by = true;
        row->superseded_by = event->mentorship_superseded.by;
        row->has_outdone = event->mentorship_superseded.has_outdone;
        row->outdone = event->mentorship_superseded.outdone;
        return;
    case MENTORSHIP_ALTERNATIVES_LISTED:
        row->has_alternatives = true;
        row->alternatives = event->mentorship_alternatives_listed.alternatives;
        return;
    case MENTORSHIP_UNDONE: take_back(row, &event->mentorship_undone); return;
    case MENTORSHIP_RECORDED_FOR: record(row, &event->mentorship_recorded_for); return;
    case MENTORSHIP_AFTER_PERSON_PROTECTION_CHANGED:
    case MENTORSHIP_AFTER_PERSON_HIDDEN: /* and what was said in between, which is struck too */
    case MENTORSHIP_AFTER_PERSON_ERASED:
        traits_clear(&mentorship_descriptor, row, TRAIT_PLACE);
        return;
    case MENTORSHIP_AFTER_PERSON_ROLE_ENDED:
    case MENTORSHIP_AFTER_QUESTION:
    case MENTORSHIP_AFTER_REFERRAL: return; /* what follows is said by events of our own */
    }
    bug("mentorship_evolve: event type %u", event->type);
}

static bool is_nothing_to_what_is_over(unsigned type)
{
    return type == MENTORSHIP_AFTER_PERSON_ERASED || type == MENTORSHIP_AFTER_QUESTION_ASKED ||
           type == MENTORSHIP_AFTER_QUESTION_ANSWERED;
}

void mentorship_evolve(struct mentorship *row, const struct mentorship_event *event)
{
    const bool is_over = !mentorship_is_open(row->state);

    evolve(row, event);
    if (event->type == MENTORSHIP_AFTER_PERSON_PROTECTION_CHANGED ||
        event->type == MENTORSHIP_AFTER_PERSON_HIDDEN || event->type == MENTORSHIP_RELIEVED)
        return; /* only what was said of it has gone */
    if (is_over && is_nothing_to_what_is_over(event->type)) return;
    keep_undo(row, event);
}

/* One at a time: whichever comes first. */
struct instant mentorship_due(const struct mentorship *row, unsigned *command)
{
    if (row->has_remind &&
        (!row->has_due || mentorship_stands_still(row) || row->remind.ms <= row->due.ms)) {
        *command = MENTORSHIP_REMIND;
        return row->remind;
    }
    *command = row->state == MENTORSHIP_STATE_ON_HOLD ? MENTORSHIP_OVERDUE : MENTORSHIP_EXPIRE;
    return row->has_due && !mentorship_stands_still(row) ? row->due : (struct instant){0};
}
