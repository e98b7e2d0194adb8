/* What a placement is after each event, and when its next deadline is. Nothing is checked here: it
 * has already happened. */
#include "placement/placement.h"

#include <string.h>

#include "core/patch.h"
#include "core/zone.h"

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

enum placement_state placement_before(enum placement_restored restored)
{
    switch (restored) {
    case PLACEMENT_RESTORED_PLANNED: return PLACEMENT_STATE_PLANNED;
    case PLACEMENT_RESTORED_READY: return PLACEMENT_STATE_READY;
    case PLACEMENT_RESTORED_STARTED: return PLACEMENT_STATE_STARTED;
    case PLACEMENT_RESTORED_INTERRUPTED: return PLACEMENT_STATE_INTERRUPTED;
    case PLACEMENT_RESTORED_COMPLETED: return PLACEMENT_STATE_COMPLETED;
    case PLACEMENT_RESTORED_ENDED_EARLY: return PLACEMENT_STATE_ENDED_EARLY;
    }
    bug("placement_before: %u", restored);
}

bool placement_gave_seat(enum placement_said step)
{
    return step == PLACEMENT_SAID_REPORT_NO_SHOW || step == PLACEMENT_SAID_END ||
           step == PLACEMENT_SAID_CANCEL;
}

bool placement_moves(enum placement_said step)
{
    return placement_gave_seat(step) || step == PLACEMENT_SAID_START ||
           step == PLACEMENT_SAID_INTERRUPT || step == PLACEMENT_SAID_RESUME ||
           step == PLACEMENT_SAID_ASSESS;
}

bool placement_is_supervised(enum placement_state state)
{
    return placement_is_open(state) || state == PLACEMENT_STATE_COMPLETED ||
           state == PLACEMENT_STATE_ENDED_EARLY;
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
    row->has_planned_on = said->has_on;
    row->planned_on = said->on;
}

static void meet(struct placement *row, const struct placement_requirement_met *said)
{
    switch (said->kind) {
    case PLACEMENT_REQUIREMENT_AGREEMENT:
        row->agreement = true;
        row->has_agreement_on = said->has_on;
        row->agreement_on = said->on;
        return;
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
    case PLACEMENT_REQUIREMENT_AGREEMENT:
        row->agreement = row->has_agreement_on = false;
        row->agreement_on = (struct date){0};
        return;
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

/* Of before there was a bound, the oldest gives way. last: the last day of it. */
static void keep_pause(struct placement *row, struct date last)
{
    enum { MOST = sizeof row->pauses.at / sizeof row->pauses.at[0] };
    const struct date first = {row->interrupted_on.day + 1};

    if (!row->has_interrupted_on || last.day < first.day) return;
    if (row->pauses.count == MOST)
        memmove(row->pauses.at, row->pauses.at + 1, --row->pauses.count * sizeof row->pauses.at[0]);
    row->has_pauses = true;
    row->pauses.at[row->pauses.count++] = (struct placement_pause){first, last};
}

/* It is not over after all. */
static void forget_pause(struct placement *row)
{
    const uint32_t last = row->pauses.count - 1;

    if (row->pauses.count == 0 || row->pauses.at[last].from.day != row->interrupted_on.day + 1)
        return;
    memset(&row->pauses.at[last], 0, sizeof row->pauses.at[last]);
    row->pauses.count = last;
    row->has_pauses = last > 0;
}

static void end_interruption(struct placement *row)
{
    row->has_interrupted_on = row->has_interrupted_until = false;
    row->interrupted_on = row->interrupted_until = (struct date){0};
}

static void stop(struct placement *row, enum placement_state next, struct date on,
                 const struct date *book_until)
{
    row->state = next;
    row->has_ended_on = true;
    row->ended_on = on;
    row->has_book_until = book_until != NULL;
    if (book_until != NULL) row->book_until = *book_until;
    keep_pause(row, on);
    end_interruption(row);
}

static void interrupt(struct placement *row, const struct placement_interrupted *said)
{
    row->state = PLACEMENT_STATE_INTERRUPTED;
    row->has_interrupted_on = said->has_on;
    row->interrupted_on = said->on;
    row->has_interrupted_until = true;
    row->interrupted_until = said->until;
    row->is_reminded = false;
    set_reason(row, said->reason);
}

static void resume(struct placement *row, const struct placement_resumed *said)
{
    row->state = PLACEMENT_STATE_STARTED;
    if (said->has_on) keep_pause(row, (struct date){said->on.day - 1});
    end_interruption(row);
    row->has_reason = false;
    row->reason = (enum placement_reason)0;
}

static void close_book(struct placement *row)
{
    row->has_book_until = row->has_is_book_warned = row->is_book_warned = false;
    row->book_until = (struct date){0};
}

static void remind(struct placement *row, const struct placement_reminded *said)
{
    if (said->has_days)
        row->reminded_days = said->days;
    else if (said->awaited == PLACEMENT_AWAITED_DAY_BOOK)
        row->has_is_book_warned = row->is_book_warned = true;
    else
        row->is_reminded = true;
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

/* As often as they like: what is said once, such as a yes or a signature, stays. */
static bool is_repeated(enum placement_said said)
{
    switch (said) {
    case PLACEMENT_SAID_LOG_DAY:
    case PLACEMENT_SAID_STRIKE_DAY:
    case PLACEMENT_SAID_AGREE_DAY:
    case PLACEMENT_SAID_DISPUTE_DAY:
    case PLACEMENT_SAID_INTERRUPT:
    case PLACEMENT_SAID_RESUME: return true;
    case PLACEMENT_SAID_MEET_REQUIREMENT:
    case PLACEMENT_SAID_LOSE_REQUIREMENT:
    case PLACEMENT_SAID_START:
    case PLACEMENT_SAID_REPORT_NO_SHOW:
    case PLACEMENT_SAID_END:
    case PLACEMENT_SAID_ASSESS:
    case PLACEMENT_SAID_AGREE:
    case PLACEMENT_SAID_CONTEST:
    case PLACEMENT_SAID_RECORD_OUTCOME:
    case PLACEMENT_SAID_CANCEL: return false;
    }
    bug("placement_evolve: %u was said", said);
}

/* Which gives way. */
static uint32_t least_of(const struct placement_recordeds *recorded)
{
    for (uint32_t i = 0; i < recorded->count; i++)
        if (is_repeated(recorded->at[i].said)) return i;
    return 0;
}

static void drop_recorded(struct placement_recordeds *recorded, uint32_t i)
{
    recorded->count--;
    memmove(&recorded->at[i], &recorded->at[i + 1], (recorded->count - i) * sizeof recorded->at[0]);
    memset(&recorded->at[recorded->count], 0, sizeof recorded->at[0]);
}

/* Of before this was kept, all stand here, and the oldest gave way. */
static void record_for(struct placement *row, const struct placement_recorded_for *said)
{
    enum { MOST = sizeof row->recorded.at / sizeof row->recorded.at[0] };

    if (said->elsewhere) return;
    if (row->recorded.count == MOST)
        drop_recorded(&row->recorded, said->has_elsewhere ? least_of(&row->recorded) : 0);
    row->has_recorded = true;
    row->recorded.at[row->recorded.count++] =
        (struct placement_recorded){said->said, said->of, said->told, said->on};
}

/* It was not said after all. */
static void forget_recorded(struct placement *row)
{
    if (!row->undo.recorded || row->recorded.count == 0) return;
    row->recorded.count--;
    memset(&row->recorded.at[row->recorded.count], 0, sizeof row->recorded.at[0]);
    row->has_recorded = row->recorded.count > 0;
}

static void forget_start(struct placement *row)
{
    row->has_started_on = false;
    row->started_on = (struct date){0};
}

static void forget_end(struct placement *row)
{
    row->has_ended_on = false;
    row->ended_on = (struct date){0};
    close_book(row);
}

static void forget_assessment(struct placement *row)
{
    row->has_result = row->has_certificate = false;
    row->result = (enum placement_result)0;
    row->certificate = (struct id){{0}};
}

/* As it was. */
static void take_back(struct placement *row, const struct placement_undone *said)
{
    if (said->has_state) row->state = placement_before(said->state);
    patch_carry(&placement_before_descriptor, &said->before, &placement_descriptor, row);
    if (said->has_paused ? said->paused : said->step == PLACEMENT_SAID_RESUME) forget_pause(row);
    if (said->step == PLACEMENT_SAID_START) forget_start(row);
    if (said->step == PLACEMENT_SAID_END) forget_end(row);
    if (said->step == PLACEMENT_SAID_ASSESS) forget_assessment(row);
    forget_recorded(row);
}

/* How the step can be taken back that an event tells of; NULL: it cannot. */
static const struct placement_way_back *undo_of(const struct placement_event *event)
{
#define UNDO(said) (event->said.has_undo ? &event->said.undo : NULL)
    if (event->type == PLACEMENT_REQUIREMENT_MET) return UNDO(placement_requirement_met);
    if (event->type == PLACEMENT_READIED) return UNDO(placement_readied);
    if (event->type == PLACEMENT_INTERRUPTED) return UNDO(placement_interrupted);
    if (event->type == PLACEMENT_RESUMED) return UNDO(placement_resumed);
    if (event->type == PLACEMENT_ASSESSMENT_AGREED) return UNDO(placement_assessment_agreed);
    if (event->type == PLACEMENT_ASSESSMENT_CONTESTED) return UNDO(placement_assessment_contested);
    if (event->type == PLACEMENT_OUTCOME_RECORDED) return UNDO(placement_outcome_recorded);
    if (event->type == PLACEMENT_STARTED) return UNDO(placement_started);
    if (event->type == PLACEMENT_NO_SHOW_REPORTED) return UNDO(placement_no_show_reported);
    if (event->type == PLACEMENT_ENDED) return UNDO(placement_ended);
    if (event->type == PLACEMENT_ASSESSED) return UNDO(placement_assessed);
    if (event->type == PLACEMENT_CANCELLED) return UNDO(placement_cancelled);
    return NULL;
#undef UNDO
}

/* Whatever else happens has followed from it. */
static void keep_undo(struct placement *row, const struct placement_event *event)
{
    const struct placement_way_back *undo = undo_of(event);

    if (event->type == PLACEMENT_RECORDED_FOR) { /* how it came to be said */
        row->undo.has_recorded = row->undo.has_of = row->has_undo;
        row->undo.recorded = row->has_undo && !event->placement_recorded_for.elsewhere;
        if (row->has_undo) row->undo.of = event->placement_recorded_for.of;
        return;
    }
    row->has_undo = undo != NULL;
    row->undo = undo != NULL ? *undo : (struct placement_way_back){0};
}

static void evolve(struct placement *row, const struct placement_event *event)
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
    case PLACEMENT_PERIOD_CHANGED:
        row->from = event->placement_period_changed.from;
        row->until = event->placement_period_changed.until;
        return;
    case PLACEMENT_SUPERVISOR_REPLACED:
        row->has_supervisor = true;
        row->supervisor = event->placement_supervisor_replaced.supervisor;
        return;
    case PLACEMENT_SUPERVISOR_LEFT:
        row->has_supervisor = false;
        row->supervisor = (struct id){{0}};
        return;
    case PLACEMENT_NO_SHOW_REPORTED: row->state = PLACEMENT_STATE_NO_SHOW; return;
    case PLACEMENT_DAY_LOGGED:
        row->days++;
        row->minutes = event->placement_day_logged.total;
        return;
    case PLACEMENT_DAY_STRUCK: row->minutes = event->placement_day_struck.total; return;
    case PLACEMENT_BOOK_CLOSED: close_book(row); return;
    case PLACEMENT_DAY_AGREED:
    case PLACEMENT_DAY_DISPUTED: return; /* the line says it */
    case PLACEMENT_RELIEVED: return;     /* who is told so goes by the protection of now */
    case PLACEMENT_INTERRUPTED: interrupt(row, &event->placement_interrupted); return;
    case PLACEMENT_RESUMED: resume(row, &event->placement_resumed); return;
    case PLACEMENT_ENDED:
        stop(row, PLACEMENT_STATE_ENDED_EARLY, event->placement_ended.on,
             event->placement_ended.has_book_until ? &event->placement_ended.book_until : NULL);
        set_reason(row, event->placement_ended.reason);
        return;
    case PLACEMENT_COMPLETED:
        stop(row, PLACEMENT_STATE_COMPLETED, event->placement_completed.on,
             event->placement_completed.has_book_until ? &event->placement_completed.book_until
                                                       : NULL);
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
    case PLACEMENT_REMINDED: remind(row, &event->placement_reminded); return;
    case PLACEMENT_UNDONE: take_back(row, &event->placement_undone); return;
    case PLACEMENT_RECORDED_FOR: record_for(row, &event->placement_recorded_for); return;
    case PLACEMENT_AFTER_PERSON:
    case PLACEMENT_AFTER_REFERRAL: return; /* what follows is said by events of our own */
    }
    bug("placement_evolve: event type %u", event->type);
}

/* What is said of the participant, and to others. */
static bool is_nothing_to_it(unsigned type)
{
    return type == PLACEMENT_AFTER_PERSON_HIDDEN || type == PLACEMENT_RELIEVED;
}

void placement_evolve(struct placement *row, const struct placement_event *event)
{
    evolve(row, event);
    if (!is_nothing_to_it(event->type)) keep_undo(row, event);
}

int64_t placement_next_ask(const struct placement *row)
{
    if (row->has_reason && row->reason == PLACEMENT_REASON_ENTERED_IN_ERROR) return 0;
    if (row->reminded_days == 0) return PLACEMENT_FIRST_ASK;
    return row->reminded_days == PLACEMENT_FIRST_ASK ? PLACEMENT_SECOND_ASK : 0;
}

/* When that day begins, where the programme is. */
static struct instant begin_of(const struct placement *row, struct date day, int64_t later)
{
    return zone_begin(row->country, (struct date){day.day + later});
}

int64_t placement_asked_by(const struct placement *row, struct instant now)
{
    const bool is_second = now.ms >= begin_of(row, row->ended_on, PLACEMENT_SECOND_ASK).ms;

    return is_second ? PLACEMENT_SECOND_ASK : placement_next_ask(row);
}

static struct placement_wait reminder(struct instant at, enum placement_awaited awaited)
{
    return (struct placement_wait){at, PLACEMENT_REMIND, awaited};
}

/* The day book is closed, with a warning before, if there is time for one. */
static struct placement_wait wait_for_book(const struct placement *row)
{
    const struct date last = row->book_until;

    if (!row->has_book_until) return (struct placement_wait){.at = {0}};
    if (!row->is_book_warned && last.day - row->ended_on.day >= PLACEMENT_BOOK_WARNING)
        return reminder(begin_of(row, last, 1 - PLACEMENT_BOOK_WARNING),
                        PLACEMENT_AWAITED_DAY_BOOK);
    return (struct placement_wait){.at = begin_of(row, last, 1), .command = PLACEMENT_CLOSE_BOOK};
}

static struct placement_wait wait_after_end(const struct placement *row)
{
    const struct placement_wait book = wait_for_book(row);
    const int64_t ask = placement_next_ask(row);
    const struct instant when = begin_of(row, row->ended_on, ask);

    if (ask == 0 || (book.at.ms != 0 && book.at.ms <= when.ms)) return book;
    return reminder(when, PLACEMENT_AWAITED_OUTCOME);
}

/* One at a time. Days are over when the next one begins. */
struct placement_wait placement_wait(const struct placement *row)
{
    const struct placement_wait never = {.at = {0}}, complete = {.at = begin_of(row, row->until, 1),
                                                                 .command = PLACEMENT_COMPLETE};

    switch (row->state) {
    case PLACEMENT_STATE_PLANNED:
    case PLACEMENT_STATE_READY:
        if (!row->has_drawing_access) return never;
        return (struct placement_wait){.at = begin_of(row, row->drawing_access, 1),
                                       .command = PLACEMENT_LAPSE};
    case PLACEMENT_STATE_STARTED: return complete;
    case PLACEMENT_STATE_INTERRUPTED:
        if (!row->is_reminded && row->interrupted_until.day < row->until.day)
            return reminder(begin_of(row, row->interrupted_until, 1),
                            PLACEMENT_AWAITED_END_OF_INTERRUPTION);
        return complete;
    case PLACEMENT_STATE_COMPLETED:
    case PLACEMENT_STATE_ENDED_EARLY:
    case PLACEMENT_STATE_ASSESSED: return wait_after_end(row);
    case PLACEMENT_STATE_NONE:
    case PLACEMENT_STATE_NO_SHOW:
    case PLACEMENT_STATE_CANCELLED: return never;
    }
    bug("placement_wait: state %u", row->state);
}

struct instant placement_due(const struct placement *row, unsigned *command)
{
    const struct placement_wait wait = placement_wait(row);

    *command = wait.command;
    return wait.at;
}
