/* What may happen to a placement next.
 *
 * First the table says whether the command is possible at all, and for whom. Then one function for
 * each input: guards, each with the refusal it stands for, then events.
 */
#include "placement/placement.h"

#include "core/life.h"

/* clang-format off */
static const struct step steps[] = {
    {PLACEMENT_STATE_NONE,        PLACEMENT_PLAN,             PLACEMENT_STATE_PLANNED,     ROLE_CO | ROLE_HO | ROLE_CN},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_MEET_REQUIREMENT, PLACEMENT_STATE_PLANNED,     ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN}, /* or ready */
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_LAPSE,            PLACEMENT_STATE_PLANNED,     ROLE_TM},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_CANCEL,           PLACEMENT_STATE_CANCELLED,   ROLE_HO | ROLE_CN | ROLE_PT | ROLE_CO},
    {PLACEMENT_STATE_READY,       PLACEMENT_LOSE_REQUIREMENT, PLACEMENT_STATE_PLANNED,     ROLE_SU | ROLE_HO},
    {PLACEMENT_STATE_READY,       PLACEMENT_LAPSE,            PLACEMENT_STATE_PLANNED,     ROLE_TM},
    {PLACEMENT_STATE_READY,       PLACEMENT_START,            PLACEMENT_STATE_STARTED,     ROLE_SU | ROLE_HO},
    {PLACEMENT_STATE_READY,       PLACEMENT_REPORT_NO_SHOW,   PLACEMENT_STATE_NO_SHOW,     ROLE_SU | ROLE_CN},
    {PLACEMENT_STATE_READY,       PLACEMENT_CANCEL,           PLACEMENT_STATE_CANCELLED,   ROLE_HO | ROLE_CN | ROLE_PT | ROLE_CO},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_LOG_DAY,          PLACEMENT_STATE_STARTED,     ROLE_SU},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_STARTED,     ROLE_PT},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_STARTED,     ROLE_PT},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_INTERRUPT,        PLACEMENT_STATE_INTERRUPTED, ROLE_CN | ROLE_HO | ROLE_PT},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_END,              PLACEMENT_STATE_ENDED_EARLY, ROLE_PT | ROLE_HO | ROLE_CN | ROLE_DM},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_COMPLETE,         PLACEMENT_STATE_COMPLETED,   ROLE_TM},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_RESUME,           PLACEMENT_STATE_STARTED,     ROLE_CN | ROLE_HO | ROLE_PT},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_INTERRUPTED, ROLE_PT},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_INTERRUPTED, ROLE_PT},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_REMIND,           PLACEMENT_STATE_INTERRUPTED, ROLE_TM},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_END,              PLACEMENT_STATE_ENDED_EARLY, ROLE_PT | ROLE_HO | ROLE_CN | ROLE_DM},
    {PLACEMENT_STATE_NO_SHOW,     PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_NO_SHOW,     ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_COMPLETED,   ROLE_PT},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_COMPLETED,   ROLE_PT},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_ASSESS,           PLACEMENT_STATE_ASSESSED,    ROLE_SU},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_COMPLETED,   ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_REMIND,           PLACEMENT_STATE_COMPLETED,   ROLE_TM},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_ENDED_EARLY, ROLE_PT},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_ENDED_EARLY, ROLE_PT},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_ASSESS,           PLACEMENT_STATE_ASSESSED,    ROLE_SU},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_ENDED_EARLY, ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_REMIND,           PLACEMENT_STATE_ENDED_EARLY, ROLE_TM},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_AGREE,            PLACEMENT_STATE_ASSESSED,    ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_CONTEST,          PLACEMENT_STATE_ASSESSED,    ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_ASSESSED,    ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_REMIND,           PLACEMENT_STATE_ASSESSED,    ROLE_TM},
    {PLACEMENT_STATE_CANCELLED,   PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_CANCELLED,   ROLE_CN | ROLE_CO | ROLE_PT},
};

static const struct move moves[] = {
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_READIED,          PLACEMENT_STATE_READY,       "the last requirement is met"},
    {PLACEMENT_STATE_READY,       PLACEMENT_REQUIREMENT_LOST, PLACEMENT_STATE_PLANNED,     "the supervisor leaves"},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_CANCELLED,        PLACEMENT_STATE_CANCELLED,   "the referral is over, or the participant leaves"},
    {PLACEMENT_STATE_READY,       PLACEMENT_CANCELLED,        PLACEMENT_STATE_CANCELLED,   "the referral is over, or the participant leaves"},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_ENDED,            PLACEMENT_STATE_ENDED_EARLY, "the referral is over and not completed, or the participant leaves"},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_ENDED,            PLACEMENT_STATE_ENDED_EARLY, "the referral is over and not completed, or the participant leaves"},
};
/* clang-format on */

const struct life placement_life = {
    .contract = &placement_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* Supervisors may also name themselves, for a host of theirs. */
static bool is_supervisors(const struct placement_case *c, const struct placement_input *in)
{
    const struct actor *actor = &in->head.actor;
    const struct placement_meet_requirement *ask = &in->placement_meet_requirement;

    if (c->row.has_supervisor && id_equal(actor->id, c->row.supervisor)) return true;
    return in->type == PLACEMENT_MEET_REQUIREMENT &&
           ask->kind == PLACEMENT_REQUIREMENT_SUPERVISOR && ask->has_supervisor &&
           id_equal(actor->id, ask->supervisor) && id_equal(actor->organisation, c->row.host);
}

static bool is_hosts(struct id host, const struct actor *actor)
{
    if (actor->role == ROLE_HO) return id_equal(actor->organisation, host);
    return life_coordinates(actor, host);
}

/* An agency's people act on its own referrals. */
static bool is_agencys(bool has_agency, struct id agency, const struct actor *actor)
{
    if (actor->role != ROLE_CN && actor->role != ROLE_DM) return true;
    return has_agency && id_equal(actor->organisation, agency);
}

/* Participants, supervisors, hosts and agencies act on placements of their own. */
static bool is_theirs(const struct placement_case *c, const struct placement_input *in)
{
    const struct actor *actor = &in->head.actor;

    if (actor->role == ROLE_PT) return id_equal(actor->id, c->row.participant);
    if (actor->role == ROLE_SU) return is_supervisors(c, in);
    return is_hosts(c->row.host, actor) && is_agencys(c->row.has_agency, c->row.agency, actor);
}

/* One more event about the placement: whose it is and where has been said. */
static struct placement_event *say_of(struct placement_events *out, enum placement_event_type type,
                                      const struct placement *row)
{
    struct placement_event *event = placement_emit(out, type, row->id);

    event->placement_whose = (struct placement_whose){.referral = row->referral,
                                                      .participant = row->participant,
                                                      .posting = row->posting,
                                                      .host = row->host};
    return event;
}

static struct placement_event *say(struct placement_events *out, enum placement_event_type type,
                                   const struct placement_case *c)
{
    return say_of(out, type, &c->row);
}

static bool may_plan(const struct placement_case *c, const struct head *head, struct error *err)
{
    if (!life_tenant(head, c->trainee.programme, err))
        return refuse(err, &placement_no_such_trainee);
    if (c->trainee.state != TRAINEE_STATE_OPEN || c->trainee.is_held)
        return refuse(err, &placement_not_open);
    if (c->rules.is_closed) return refuse(err, &placement_programme_closed);
    if (!id_equal(c->posting.programme, c->trainee.programme))
        return refuse(err, &placement_no_such_posting);
    if (!is_hosts(c->posting.host, &head->actor) ||
        !is_agencys(c->trainee.has_agency, c->trainee.agency, &head->actor))
        return refuse(err, &life_forbidden);
    if (c->posting.state != POSTING_STATE_PUBLISHED)
        return refuse(err, &placement_posting_not_open);
    if (c->has_placement) return refuse(err, &placement_has_placement);
    if (c->taken >= c->posting.details.seats) return refuse(err, &placement_no_seat); /* I2 */
    return true;
}

static bool plan(const struct placement_case *c, const struct placement_input *in,
                 struct placement_events *out, struct error *err)
{
    const struct placement_plan *ask = &in->placement_plan;
    const struct posting_details *posting = &c->posting.details;
    const struct date from = ask->has_from ? ask->from : posting->from;
    const struct date until = ask->has_until ? ask->until : posting->until;
    const struct placement row = {.id = in->head.ids[0],
                                  .referral = ask->referral,
                                  .participant = c->trainee.person,
                                  .posting = ask->posting,
                                  .host = c->posting.host};
    struct placement_planned *said;

    if (!may_plan(c, &in->head, err)) return false;
    if (until.day < from.day) return refuse(err, &placement_period_backwards);
    if (from.day < posting->from.day || until.day > posting->until.day)
        return refuse(err, &placement_outside_period);

    said = &say_of(out, PLACEMENT_PLANNED, &row)->placement_planned;
    said->has_agency = c->trainee.has_agency;
    said->agency = c->trainee.agency;
    said->from = from;
    said->until = until;
    return true;
}

static void lose(const struct placement_case *c, enum placement_requirement kind,
                 enum placement_reason reason, struct placement_events *out)
{
    const bool is_supervisor = kind == PLACEMENT_REQUIREMENT_SUPERVISOR;
    struct placement_requirement_lost *said =
        &say(out, PLACEMENT_REQUIREMENT_LOST, c)->placement_requirement_lost;

    said->kind = kind;
    said->reason = reason;
    said->has_supervisor = is_supervisor;
    if (is_supervisor) said->supervisor = c->row.supervisor;
}

/* The access to the drawings was the supervisor's. */
static void lose_supervisor(const struct placement_case *c, enum placement_reason reason,
                            struct placement_events *out)
{
    if (c->row.has_drawing_access) lose(c, PLACEMENT_REQUIREMENT_DRAWING_ACCESS, reason, out);
    lose(c, PLACEMENT_REQUIREMENT_SUPERVISOR, reason, out);
}

static bool may_supervise(const struct placement_case *c,
                          const struct placement_meet_requirement *ask, struct error *err)
{
    if (!ask->has_supervisor) return refuse(err, &placement_supervisor_missing);
    if (c->supervisor.state != SUPERVISOR_STATE_ACTIVE ||
        !id_equal(c->supervisor.programme, c->row.programme))
        return refuse(err, &placement_no_such_supervisor);
    if (id_equal(ask->supervisor, c->row.participant))
        return refuse(err, &placement_own_supervisor);
    if (c->is_mentor) return refuse(err, &placement_supervisor_is_mentor);
    if (c->trainee.protection != PROTECTION_NONE && !c->supervisor.cleared)
        return refuse(err, &placement_not_cleared);
    if (c->row.has_supervisor && id_equal(ask->supervisor, c->row.supervisor))
        return refuse(err, &placement_already_met);
    return true;
}

static bool may_access(const struct placement_case *c, const struct placement_input *in,
                       struct error *err)
{
    const struct placement_meet_requirement *ask = &in->placement_meet_requirement;

    if (!c->row.has_supervisor) return refuse(err, &placement_no_supervisor);
    if (!ask->has_valid_until) return refuse(err, &placement_access_missing);
    if (ask->valid_until.day < instant_date(in->head.at).day)
        return refuse(err, &placement_access_over);
    return true;
}

static bool may_meet(const struct placement_case *c, const struct placement_input *in,
                     struct error *err)
{
    const struct placement_meet_requirement *ask = &in->placement_meet_requirement;
    bool is_met = false;

    switch (ask->kind) {
    case PLACEMENT_REQUIREMENT_SUPERVISOR: return may_supervise(c, ask, err);
    case PLACEMENT_REQUIREMENT_DRAWING_ACCESS: return may_access(c, in, err);
    case PLACEMENT_REQUIREMENT_AGREEMENT: /* not a supervisor's to approve */
        if (in->head.actor.role == ROLE_SU) return refuse(err, &life_forbidden);
        is_met = c->row.agreement;
        break;
    case PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION: is_met = c->row.safety_introduction; break;
    case PLACEMENT_REQUIREMENT_INSURANCE: is_met = c->row.insurance; break;
    }
    return !is_met || refuse(err, &placement_already_met);
}

/* What the row comes to is evolve's to say: asked here of a copy. */
static bool is_ready_after(const struct placement_case *c, const struct placement_events *out)
{
    struct placement row = c->row;

    for (size_t i = 0; i < out->count; i++)
        placement_evolve(&row, &out->at[i]);
    return row.agreement && row.has_supervisor && row.has_drawing_access &&
           row.safety_introduction && row.insurance;
}

static bool meet_requirement(const struct placement_case *c, const struct placement_input *in,
                             struct placement_events *out, struct error *err)
{
    const struct placement_meet_requirement *ask = &in->placement_meet_requirement;
    struct placement_requirement_met *said;

    if (!may_meet(c, in, err)) return false;

    if (ask->kind == PLACEMENT_REQUIREMENT_SUPERVISOR && c->row.has_supervisor)
        lose_supervisor(c, PLACEMENT_REASON_SUPERVISOR_LEFT, out);
    said = &say(out, PLACEMENT_REQUIREMENT_MET, c)->placement_requirement_met;
    said->kind = ask->kind;
    said->has_supervisor = ask->kind == PLACEMENT_REQUIREMENT_SUPERVISOR;
    if (said->has_supervisor) said->supervisor = ask->supervisor;
    said->has_valid_until = ask->kind == PLACEMENT_REQUIREMENT_DRAWING_ACCESS;
    if (said->has_valid_until) said->valid_until = ask->valid_until;
    return !is_ready_after(c, out) || say(out, PLACEMENT_READIED, c);
}

static bool lose_requirement(const struct placement_case *c,
                             const struct placement_lose_requirement *ask,
                             struct placement_events *out)
{
    if (ask->kind == PLACEMENT_REQUIREMENT_SUPERVISOR)
        lose_supervisor(c, ask->reason, out);
    else
        lose(c, ask->kind, ask->reason, out);
    return true;
}

static struct instant day_after(struct date day)
{
    return instant_add_days((struct instant){0}, day.day + 1);
}

static bool lapse(const struct placement_case *c, struct instant now, struct placement_events *out,
                  struct error *err)
{
    if (!c->row.has_drawing_access || now.ms < day_after(c->row.drawing_access).ms)
        return refuse(err, &placement_not_due);

    lose(c, PLACEMENT_REQUIREMENT_DRAWING_ACCESS, PLACEMENT_REASON_ACCESS_EXPIRED, out);
    return true;
}

/* Also when it should be over: papers come late. It is then completed at once. */
static bool start(const struct placement_case *c, struct instant now, struct placement_events *out,
                  struct error *err)
{
    const struct date today = instant_date(now);
    struct placement_started *said;

    if (!c->row.agreement) return refuse(err, &placement_no_agreement);
    if (today.day < c->row.from.day) return refuse(err, &placement_too_early);

    said = &say(out, PLACEMENT_STARTED, c)->placement_started;
    said->on = today;
    said->supervisor = c->row.supervisor;
    return true;
}

static bool report_no_show(const struct placement_case *c, struct instant now,
                           struct placement_events *out, struct error *err)
{
    if (instant_date(now).day < c->row.from.day) return refuse(err, &placement_too_early);

    return say(out, PLACEMENT_NO_SHOW_REPORTED, c);
}

/* Absence is written down too, and is no time of work. */
static int64_t counted(enum placement_activity activity, int64_t minutes)
{
    switch (activity) {
    case PLACEMENT_ACTIVITY_WORK:
    case PLACEMENT_ACTIVITY_TRAINING:
    case PLACEMENT_ACTIVITY_LANGUAGE_TRAINING: return minutes;
    case PLACEMENT_ACTIVITY_ABSENT_ILL:
    case PLACEMENT_ACTIVITY_ABSENT_EXCUSED:
    case PLACEMENT_ACTIVITY_ABSENT_UNEXCUSED: return 0;
    }
    bug("placement: activity %u", activity);
}

static bool is_line_of(const struct placement_case *c, struct error *err)
{
    const bool is_so = c->day.state != DAY_STATE_NONE && id_equal(c->day.placement, c->row.id);

    return is_so || refuse(err, &placement_no_such_day);
}

static bool log_day(const struct placement_case *c, const struct placement_input *in,
                    struct placement_events *out, struct error *err)
{
    const struct placement_log_day *ask = &in->placement_log_day;
    struct placement_day_logged *said;

    if (ask->on.day < c->row.started_on.day || ask->on.day > c->row.until.day ||
        ask->on.day > instant_date(in->head.at).day)
        return refuse(err, &placement_day_outside);
    if (ask->has_corrects && !is_line_of(c, err)) return false;
    if (ask->has_corrects && c->day.state == DAY_STATE_CORRECTED)
        return refuse(err, &placement_day_settled);

    said = &say(out, PLACEMENT_DAY_LOGGED, c)->placement_day_logged;
    said->has_agency = c->row.has_agency;
    said->agency = c->row.agency;
    said->day = in->head.ids[0];
    said->on = ask->on;
    said->minutes = ask->minutes;
    said->activity = ask->activity;
    said->has_corrects = ask->has_corrects;
    said->corrects = ask->corrects;
    said->total = c->row.minutes + counted(ask->activity, ask->minutes);
    if (ask->has_corrects) said->total -= counted(c->day.activity, c->day.minutes);
    return true;
}

static bool agree_day(const struct placement_case *c, struct placement_events *out,
                      struct error *err)
{
    if (!is_line_of(c, err)) return false;
    if (c->day.state != DAY_STATE_LOGGED && c->day.state != DAY_STATE_DISPUTED)
        return refuse(err, &placement_day_settled);

    say(out, PLACEMENT_DAY_AGREED, c)->placement_day_agreed.day = c->day.id;
    return true;
}

static bool dispute_day(const struct placement_case *c, struct placement_events *out,
                        struct error *err)
{
    if (!is_line_of(c, err)) return false;
    if (c->day.state != DAY_STATE_LOGGED) return refuse(err, &placement_day_settled);

    say(out, PLACEMENT_DAY_DISPUTED, c)->placement_day_disputed.day = c->day.id;
    return true;
}

static bool interrupt(const struct placement_case *c, const struct placement_input *in,
                      struct placement_events *out, struct error *err)
{
    const struct placement_interrupt *ask = &in->placement_interrupt;
    struct placement_interrupted *said;

    if (ask->until.day <= instant_date(in->head.at).day) return refuse(err, &placement_until_past);

    said = &say(out, PLACEMENT_INTERRUPTED, c)->placement_interrupted;
    said->reason = ask->reason;
    said->until = ask->until;
    return true;
}

static bool end(const struct placement_case *c, enum placement_reason reason, struct instant now,
                struct placement_events *out)
{
    struct placement_ended *said = &say(out, PLACEMENT_ENDED, c)->placement_ended;

    said->reason = reason;
    said->on = instant_date(now);
    return true;
}

static bool complete(const struct placement_case *c, struct instant now,
                     struct placement_events *out, struct error *err)
{
    if (now.ms < day_after(c->row.until).ms) return refuse(err, &placement_not_due);

    say(out, PLACEMENT_COMPLETED, c)->placement_completed.on = c->row.until;
    return true;
}

static bool assess(const struct placement_case *c, const struct placement_input *in,
                   struct placement_events *out)
{
    struct placement_assessed *said = &say(out, PLACEMENT_ASSESSED, c)->placement_assessed;

    said->result = in->placement_assess.result;
    said->certificate = in->head.ids[0];
    return true;
}

/* Whoever contests may come to agree; the other way there is nothing to contest any more. */
static bool give_opinion(const struct placement_case *c, enum placement_opinion opinion,
                         struct placement_events *out, struct error *err)
{
    if (c->row.opinion == PLACEMENT_OPINION_AGREES || c->row.opinion == opinion)
        return refuse(err, &placement_opinion_said);

    return say(out,
               opinion == PLACEMENT_OPINION_AGREES ? PLACEMENT_ASSESSMENT_AGREED
                                                   : PLACEMENT_ASSESSMENT_CONTESTED,
               c);
}

static bool record_outcome(const struct placement_case *c, const struct placement_input *in,
                           struct placement_events *out, struct error *err)
{
    const struct placement_record_outcome *ask = &in->placement_record_outcome;
    const bool is_at_host = ask->outcome == PLACEMENT_OUTCOME_JOB_AT_HOST;
    const bool is_job = is_at_host || ask->outcome == PLACEMENT_OUTCOME_JOB_ELSEWHERE;
    struct placement_outcome_recorded *said;

    if (is_job && !ask->has_contract) return refuse(err, &placement_contract_missing);

    said = &say(out, PLACEMENT_OUTCOME_RECORDED, c)->placement_outcome_recorded;
    said->outcome = ask->outcome;
    said->has_contract = is_job;
    if (is_job) said->contract = ask->contract;
    said->has_organisation = is_at_host || ask->has_organisation;
    said->organisation = is_at_host ? c->row.host : ask->organisation;
    said->has_from = ask->has_from;
    said->from = ask->from;
    said->on = instant_date(in->head.at);
    return true;
}

static bool cancel(const struct placement_case *c, enum placement_reason reason,
                   struct placement_events *out)
{
    say(out, PLACEMENT_CANCELLED, c)->placement_cancelled.reason = reason;
    return true;
}

static bool remind(const struct placement_case *c, struct instant now, struct placement_events *out,
                   struct error *err)
{
    const bool is_interrupted = c->row.state == PLACEMENT_STATE_INTERRUPTED;
    unsigned command;
    const struct instant due = placement_due(&c->row, &command);
    struct placement_reminded *said;

    if (due.ms == 0 || command != PLACEMENT_REMIND || now.ms < due.ms)
        return refuse(err, &placement_not_due);

    said = &say(out, PLACEMENT_REMINDED, c)->placement_reminded;
    said->awaited =
        is_interrupted ? PLACEMENT_AWAITED_END_OF_INTERRUPTION : PLACEMENT_AWAITED_OUTCOME;
    said->has_days = !is_interrupted;
    if (!is_interrupted) said->days = placement_next_ask(&c->row);
    return true;
}

static bool is_planned(const struct placement_case *c)
{
    return c->row.state == PLACEMENT_STATE_PLANNED || c->row.state == PLACEMENT_STATE_READY;
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool stop(const struct placement_case *c, enum placement_reason reason, struct instant now,
                 struct placement_events *out)
{
    if (is_planned(c)) return cancel(c, reason, out);
    return !placement_is_open(c->row.state) || end(c, reason, now, out);
}

/* Completed by hand: what has not begun is called off, what has goes on. */
static bool on_referral_completed(const struct placement_case *c, struct placement_events *out)
{
    return !is_planned(c) || cancel(c, PLACEMENT_REASON_REFERRAL_CLOSED, out);
}

static bool on_person_gone(const struct placement_case *c, const struct head *head,
                           bool as_participant, bool as_supervisor, struct placement_events *out)
{
    if (as_participant && id_equal(head->id, c->row.participant))
        return stop(c, PLACEMENT_REASON_ROLE_ENDED, head->at, out);
    if (as_supervisor && is_planned(c) && c->row.has_supervisor &&
        id_equal(head->id, c->row.supervisor))
        lose_supervisor(c, PLACEMENT_REASON_SUPERVISOR_LEFT, out);
    return true;
}

static bool on_person_role_ended(const struct placement_case *c, const struct placement_input *in,
                                 struct placement_events *out)
{
    const enum person_part part = in->person_role_ended.part;

    return on_person_gone(c, &in->head, part == PERSON_PART_PARTICIPANT,
                          part == PERSON_PART_SUPERVISOR, out);
}

static bool may(const struct placement_case *c, const struct placement_input *in, struct error *err)
{
    const bool is_creation = in->type == PLACEMENT_PLAN;

    if (!is_creation && !life_tenant(&in->head, c->row.programme, err)) return false;
    if (!life_step(&placement_life, c->row.state, c->row.version, in->type, &in->head, err))
        return false;
    if (!is_creation && !is_theirs(c, in)) return refuse(err, &life_forbidden);
    return true;
}

bool placement_decide(const struct placement_case *c, const struct placement_input *in,
                      struct placement_events *out, struct error *err)
{
    const struct instant now = in->head.at;

    if (placement_is_command(in->type) && !may(c, in, err)) return false;

    switch (in->type) {
    case PLACEMENT_PLAN: return plan(c, in, out, err);
    case PLACEMENT_MEET_REQUIREMENT: return meet_requirement(c, in, out, err);
    case PLACEMENT_LOSE_REQUIREMENT:
        return lose_requirement(c, &in->placement_lose_requirement, out);
    case PLACEMENT_START: return start(c, now, out, err);
    case PLACEMENT_REPORT_NO_SHOW: return report_no_show(c, now, out, err);
    case PLACEMENT_LOG_DAY: return log_day(c, in, out, err);
    case PLACEMENT_AGREE_DAY: return agree_day(c, out, err);
    case PLACEMENT_DISPUTE_DAY: return dispute_day(c, out, err);
    case PLACEMENT_INTERRUPT: return interrupt(c, in, out, err);
    case PLACEMENT_RESUME: return say(out, PLACEMENT_RESUMED, c);
    case PLACEMENT_END: return end(c, in->placement_end.reason, now, out);
    case PLACEMENT_ASSESS: return assess(c, in, out);
    case PLACEMENT_AGREE: return give_opinion(c, PLACEMENT_OPINION_AGREES, out, err);
    case PLACEMENT_CONTEST: return give_opinion(c, PLACEMENT_OPINION_CONTESTS, out, err);
    case PLACEMENT_RECORD_OUTCOME: return record_outcome(c, in, out, err);
    case PLACEMENT_CANCEL: return cancel(c, in->placement_cancel.reason, out);
    case PLACEMENT_LAPSE: return lapse(c, now, out, err);
    case PLACEMENT_COMPLETE: return complete(c, now, out, err);
    case PLACEMENT_REMIND: return remind(c, now, out, err);
    case PLACEMENT_ON_PERSON_ROLE_ENDED: return on_person_role_ended(c, in, out);
    case PLACEMENT_ON_PERSON_ERASED: return on_person_gone(c, &in->head, true, true, out);
    case PLACEMENT_ON_REFERRAL_CANCELLED:
        return stop(c, PLACEMENT_REASON_REFERRAL_CANCELLED, now, out);
    case PLACEMENT_ON_REFERRAL_COMPLETED: return on_referral_completed(c, out);
    case PLACEMENT_ON_REFERRAL_FAILED:
    case PLACEMENT_ON_REFERRAL_REJECTED:
    case PLACEMENT_ON_REFERRAL_EXPIRED:
    case PLACEMENT_ON_REFERRAL_DUPLICATE_LINKED:
    case PLACEMENT_ON_REFERRAL_ENTERED_IN_ERROR:
        return stop(c, PLACEMENT_REASON_REFERRAL_CLOSED, now, out);
    }
    bug("placement_decide: input type %u", in->type);
}
