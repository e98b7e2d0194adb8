/* What a placement is after each event, and when its next deadline is. Nothing is checked here: it
 * has already happened. */
#include "placement/placement.h"

bool placement_is_open(enum placement_state state)
{
    switch (state) {
    case PLACEMENT_STATE_PLANNED:
    case PLACEMENT_STATE_READY:
    case PLACEMENT_STATE_STARTED:
    case PLACEMENT_STATE_INTERRUPTED: return true;
    case PLACEMENT_STATE_NONE:
    case PLACEMENT_STATE_NO_SHOW:
    case PLACEMENT_STATE_COMPLETED:
    case PLACEMENT_STATE_ENDED_EARLY:
    case PLACEMENT_STATE_ASSESSED:
    case PLACEMENT_STATE_CANCELLED: return false;
    }
    bug("placement_is_open: state %u", state);
}

static void plan(struct placement *row, const struct placement_planned *said)
{
    row->state = PLACEMENT_STATE_PLANNED;
    row->referral = said->referral;
    row->participant = said->participant;
    row->posting = said->posting;
    row->host = said->host;
    row->has_agency = said->has_agency;
    row->agency = said->agency;
    row->from = said->from;
    row->until = said->until;
}

static void meet(struct placement *row, const struct placement_requirement_met *said)
{
    switch (said->kind) {
    case PLACEMENT_REQUIREMENT_AGREEMENT: row->agreement = true; return;
    case PLACEMENT_REQUIREMENT_SUPERVISOR:
        row->has_supervisor = true;
        row->supervisor = said->supervisor;
        return;
    case PLACEMENT_REQUIREMENT_DRAWING_ACCESS:
        row->has_drawing_access = true;
        row->drawing_access = said->valid_until;
        return;
    case PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION: row->safety_introduction = true; return;
    case PLACEMENT_REQUIREMENT_INSURANCE: row->insurance = true; return;
    }
    bug("placement_evolve: requirement %u", said->kind);
}

static void lose(struct placement *row, enum placement_requirement kind)
{
    row->state = PLACEMENT_STATE_PLANNED;
    switch (kind) {
    case PLACEMENT_REQUIREMENT_AGREEMENT: row->agreement = false; return;
    case PLACEMENT_REQUIREMENT_SUPERVISOR:
        row->has_supervisor = false;
        row->supervisor = (struct id){{0}};
        return;
    case PLACEMENT_REQUIREMENT_DRAWING_ACCESS:
        row->has_drawing_access = false;
        row->drawing_access = (struct date){0};
        return;
    case PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION: row->safety_introduction = false; return;
    case PLACEMENT_REQUIREMENT_INSURANCE: row->insurance = false; return;
    }
    bug("placement_evolve: requirement %u", kind);
}

static void set_reason(struct placement *row, enum placement_reason reason)
{
    row->has_reason = true;
    row->reason = reason;
}

static void stop(struct placement *row, enum placement_state next, struct date on)
{
    row->state = next;
    row->has_ended_on = true;
    row->ended_on = on;
    row->has_interrupted_until = false;
    row->interrupted_until = (struct date){0};
}

static void interrupt(struct placement *row, const struct placement_interrupted *said)
{
    row->state = PLACEMENT_STATE_INTERRUPTED;
    row->has_interrupted_until = true;
    row->interrupted_until = said->until;
    row->is_reminded = false;
    set_reason(row, said->reason);
}

static void resume(struct placement *row)
{
    row->state = PLACEMENT_STATE_STARTED;
    row->has_interrupted_until = false;
    row->interrupted_until = (struct date){0};
    row->has_reason = false;
    row->reason = (enum placement_reason)0;
}

static void record(struct placement *row, const struct placement_outcome_recorded *said)
{
    row->has_outcome = true;
    row->outcome = said->outcome;
    row->has_contract = said->has_contract;
    row->contract = said->contract;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->has_outcome_from = said->has_from;
    row->outcome_from = said->from;
    row->has_outcome_on = true;
    row->outcome_on = said->on;
}

void placement_evolve(struct placement *row, const struct placement_event *event)
{
    switch (event->type) {
    case PLACEMENT_PLANNED: plan(row, &event->placement_planned); return;
    case PLACEMENT_REQUIREMENT_MET: meet(row, &event->placement_requirement_met); return;
    case PLACEMENT_READIED: row->state = PLACEMENT_STATE_READY; return;
    case PLACEMENT_REQUIREMENT_LOST: lose(row, event->placement_requirement_lost.kind); return;
    case PLACEMENT_STARTED:
        row->state = PLACEMENT_STATE_STARTED;
        row->has_started_on = true;
        row->started_on = event->placement_started.on;
        return;
    case PLACEMENT_NO_SHOW_REPORTED: row->state = PLACEMENT_STATE_NO_SHOW; return;
    case PLACEMENT_DAY_LOGGED:
        row->days++;
        row->minutes = event->placement_day_logged.total;
        return;
    case PLACEMENT_DAY_AGREED:
    case PLACEMENT_DAY_DISPUTED: return; /* the line says it */
    case PLACEMENT_INTERRUPTED: interrupt(row, &event->placement_interrupted); return;
    case PLACEMENT_RESUMED: resume(row); return;
    case PLACEMENT_ENDED:
        stop(row, PLACEMENT_STATE_ENDED_EARLY, event->placement_ended.on);
        set_reason(row, event->placement_ended.reason);
        return;
    case PLACEMENT_COMPLETED:
        stop(row, PLACEMENT_STATE_COMPLETED, event->placement_completed.on);
        return;
    case PLACEMENT_ASSESSED:
        row->state = PLACEMENT_STATE_ASSESSED;
        row->has_result = true;
        row->result = event->placement_assessed.result;
        row->has_certificate = true;
        row->certificate = event->placement_assessed.certificate;
        return;
    case PLACEMENT_ASSESSMENT_AGREED: row->opinion = PLACEMENT_OPINION_AGREES; return;
    case PLACEMENT_ASSESSMENT_CONTESTED: row->opinion = PLACEMENT_OPINION_CONTESTS; return;
    case PLACEMENT_OUTCOME_RECORDED: record(row, &event->placement_outcome_recorded); return;
    case PLACEMENT_CANCELLED:
        row->state = PLACEMENT_STATE_CANCELLED;
        set_reason(row, event->placement_cancelled.reason);
        return;
    case PLACEMENT_REMINDED:
        if (event->placement_reminded.has_days)
            row->reminded_days = event->placement_reminded.days;
        else
            row->is_reminded = true;
        return;
    case PLACEMENT_AFTER_PERSON:
    case PLACEMENT_AFTER_REFERRAL: return; /* what follows is said by events of our own */
    }
    bug("placement_evolve: event type %u", event->type);
}

int64_t placement_next_ask(const struct placement *row)
{
    if (row->has_reason && row->reason == PLACEMENT_REASON_ENTERED_IN_ERROR) return 0;
    if (row->reminded_days == 0) return PLACEMENT_FIRST_ASK;
    return row->reminded_days == PLACEMENT_FIRST_ASK ? PLACEMENT_SECOND_ASK : 0;
}

static struct instant after(struct date day, int64_t count)
{
    return instant_add_days((struct instant){0}, day.day + count);
}

/* One at a time: each state has one thing to wait for. Days are over when the next one begins. */
struct instant placement_due(const struct placement *row, unsigned *command)
{
    const struct instant never = {0};
    const int64_t ask = placement_next_ask(row);

    *command = PLACEMENT_REMIND;
    switch (row->state) {
    case PLACEMENT_STATE_PLANNED:
    case PLACEMENT_STATE_READY:
        *command = PLACEMENT_LAPSE;
        return row->has_drawing_access ? after(row->drawing_access, 1) : never;
    case PLACEMENT_STATE_STARTED: *command = PLACEMENT_COMPLETE; return after(row->until, 1);
    case PLACEMENT_STATE_INTERRUPTED:
        return row->is_reminded ? never : after(row->interrupted_until, 1);
    case PLACEMENT_STATE_COMPLETED:
    case PLACEMENT_STATE_ENDED_EARLY:
    case PLACEMENT_STATE_ASSESSED: return ask == 0 ? never : after(row->ended_on, ask);
    case PLACEMENT_STATE_NONE:
    case PLACEMENT_STATE_NO_SHOW:
    case PLACEMENT_STATE_CANCELLED: return never;
    }
    bug("placement_due: state %u", row->state);
}
