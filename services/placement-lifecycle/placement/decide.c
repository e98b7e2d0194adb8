/* What may happen to a placement next.
 *
 * First the table says whether the command is possible at all, and for whom. Then one function for
 * each input: guards, each with the refusal it stands for, then events.
 */
#include "placement/placement.h"

#include "core/life.h"
#include "core/patch.h"
#include "core/trait.h"
#include "core/zone.h"

#define ANYBODY (ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN | ROLE_PT)
#define WRITERS (ROLE_SU | ROLE_HO) /* the host where the programme says so */

/* clang-format off */
static const struct step steps[] = {
    {PLACEMENT_STATE_NONE,        PLACEMENT_PLAN,             PLACEMENT_STATE_PLANNED,     ROLE_CO | ROLE_HO | ROLE_CN},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_MEET_REQUIREMENT, PLACEMENT_STATE_PLANNED,     ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN}, /* or ready */
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_LOSE_REQUIREMENT, PLACEMENT_STATE_PLANNED,     ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_CHANGE_PERIOD,    PLACEMENT_STATE_PLANNED,     ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_REPLACE_SUPERVISOR, PLACEMENT_STATE_PLANNED,   ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_LAPSE,            PLACEMENT_STATE_PLANNED,     ROLE_TM},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_CANCEL,           PLACEMENT_STATE_CANCELLED,   ROLE_HO | ROLE_CN | ROLE_PT | ROLE_CO},
    {PLACEMENT_STATE_READY,       PLACEMENT_LOSE_REQUIREMENT, PLACEMENT_STATE_PLANNED,     ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN},
    {PLACEMENT_STATE_READY,       PLACEMENT_CHANGE_PERIOD,    PLACEMENT_STATE_READY,       ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_READY,       PLACEMENT_REPLACE_SUPERVISOR, PLACEMENT_STATE_PLANNED,   ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_READY,       PLACEMENT_LAPSE,            PLACEMENT_STATE_PLANNED,     ROLE_TM},
    {PLACEMENT_STATE_READY,       PLACEMENT_START,            PLACEMENT_STATE_STARTED,     ROLE_SU | ROLE_HO},
    {PLACEMENT_STATE_READY,       PLACEMENT_REPORT_NO_SHOW,   PLACEMENT_STATE_NO_SHOW,     ROLE_SU | ROLE_CN},
    {PLACEMENT_STATE_READY,       PLACEMENT_CANCEL,           PLACEMENT_STATE_CANCELLED,   ROLE_HO | ROLE_CN | ROLE_PT | ROLE_CO},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_REPLACE_SUPERVISOR, PLACEMENT_STATE_STARTED,   ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_LOG_DAY,          PLACEMENT_STATE_STARTED,     WRITERS},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_STRIKE_DAY,       PLACEMENT_STATE_STARTED,     WRITERS},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_STARTED,     ROLE_PT},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_STARTED,     ROLE_PT},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_INTERRUPT,        PLACEMENT_STATE_INTERRUPTED, ROLE_CN | ROLE_HO | ROLE_PT},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_END,              PLACEMENT_STATE_ENDED_EARLY, ROLE_PT | ROLE_HO | ROLE_CN | ROLE_DM},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_COMPLETE,         PLACEMENT_STATE_COMPLETED,   ROLE_TM},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_RESUME,           PLACEMENT_STATE_STARTED,     ROLE_CN | ROLE_HO | ROLE_PT},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_REPLACE_SUPERVISOR, PLACEMENT_STATE_INTERRUPTED, ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_LOG_DAY,          PLACEMENT_STATE_INTERRUPTED, WRITERS},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_STRIKE_DAY,       PLACEMENT_STATE_INTERRUPTED, WRITERS},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_INTERRUPTED, ROLE_PT},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_INTERRUPTED, ROLE_PT},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_REMIND,           PLACEMENT_STATE_INTERRUPTED, ROLE_TM},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_COMPLETE,         PLACEMENT_STATE_COMPLETED,   ROLE_TM},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_END,              PLACEMENT_STATE_ENDED_EARLY, ROLE_PT | ROLE_HO | ROLE_CN | ROLE_DM},
    {PLACEMENT_STATE_NO_SHOW,     PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_NO_SHOW,     ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_COMPLETED, PLACEMENT_REPLACE_SUPERVISOR, PLACEMENT_STATE_COMPLETED, ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_COMPLETED, PLACEMENT_LOG_DAY,          PLACEMENT_STATE_COMPLETED, WRITERS},
    {PLACEMENT_STATE_COMPLETED, PLACEMENT_STRIKE_DAY,       PLACEMENT_STATE_COMPLETED, WRITERS},
    {PLACEMENT_STATE_COMPLETED, PLACEMENT_CLOSE_BOOK,       PLACEMENT_STATE_COMPLETED, ROLE_TM},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_COMPLETED,   ROLE_PT},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_COMPLETED,   ROLE_PT},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_ASSESS,           PLACEMENT_STATE_ASSESSED,    WRITERS},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_COMPLETED,   ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_REMIND,           PLACEMENT_STATE_COMPLETED,   ROLE_TM},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_REPLACE_SUPERVISOR, PLACEMENT_STATE_ENDED_EARLY, ROLE_HO | ROLE_CO},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_LOG_DAY,          PLACEMENT_STATE_ENDED_EARLY, WRITERS},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_STRIKE_DAY,       PLACEMENT_STATE_ENDED_EARLY, WRITERS},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_CLOSE_BOOK,       PLACEMENT_STATE_ENDED_EARLY, ROLE_TM},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_ENDED_EARLY, ROLE_PT},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_ENDED_EARLY, ROLE_PT},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_ASSESS,           PLACEMENT_STATE_ASSESSED,    WRITERS},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_ENDED_EARLY, ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_REMIND,           PLACEMENT_STATE_ENDED_EARLY, ROLE_TM},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_LOG_DAY,          PLACEMENT_STATE_ASSESSED,    WRITERS},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_STRIKE_DAY,       PLACEMENT_STATE_ASSESSED,    WRITERS},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_AGREE_DAY,        PLACEMENT_STATE_ASSESSED,    ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_DISPUTE_DAY,      PLACEMENT_STATE_ASSESSED,    ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_CLOSE_BOOK,       PLACEMENT_STATE_ASSESSED,    ROLE_TM},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_AGREE,            PLACEMENT_STATE_ASSESSED,    ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_CONTEST,          PLACEMENT_STATE_ASSESSED,    ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_ASSESSED,    ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_REMIND,           PLACEMENT_STATE_ASSESSED,    ROLE_TM},
    {PLACEMENT_STATE_CANCELLED,   PLACEMENT_RECORD_OUTCOME,   PLACEMENT_STATE_CANCELLED,   ROLE_CN | ROLE_CO | ROLE_PT},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_UNDO,             PLACEMENT_STATE_PLANNED,     ANYBODY},
    {PLACEMENT_STATE_READY,       PLACEMENT_UNDO,             PLACEMENT_STATE_READY,       ANYBODY},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_UNDO,             PLACEMENT_STATE_STARTED,     ANYBODY},
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_UNDO,             PLACEMENT_STATE_INTERRUPTED, ANYBODY},
    {PLACEMENT_STATE_NO_SHOW,     PLACEMENT_UNDO,             PLACEMENT_STATE_NO_SHOW,     ANYBODY},
    {PLACEMENT_STATE_COMPLETED,   PLACEMENT_UNDO,             PLACEMENT_STATE_COMPLETED,   ANYBODY},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_UNDO,             PLACEMENT_STATE_ENDED_EARLY, ANYBODY | ROLE_DM},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_UNDO,             PLACEMENT_STATE_ASSESSED,    ANYBODY},
    {PLACEMENT_STATE_CANCELLED,   PLACEMENT_UNDO,             PLACEMENT_STATE_CANCELLED,   ANYBODY},
};

static const struct move moves[] = {
    {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_UNDONE,           PLACEMENT_STATE_STARTED,     "a pause is taken back"},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_UNDONE,           PLACEMENT_STATE_INTERRUPTED, "the end of a pause is taken back"},
    {PLACEMENT_STATE_STARTED,     PLACEMENT_UNDONE,           PLACEMENT_STATE_READY,       "the start is taken back"},
    {PLACEMENT_STATE_NO_SHOW,     PLACEMENT_UNDONE,           PLACEMENT_STATE_READY,       "that nobody came is taken back"},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_UNDONE,           PLACEMENT_STATE_STARTED,     "the end is taken back"},
    {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_UNDONE,           PLACEMENT_STATE_INTERRUPTED, "it was interrupted when it ended"},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_UNDONE,           PLACEMENT_STATE_COMPLETED,   "the assessment is taken back"},
    {PLACEMENT_STATE_ASSESSED,    PLACEMENT_UNDONE,           PLACEMENT_STATE_ENDED_EARLY, "it had ended early when it was assessed"},
    {PLACEMENT_STATE_CANCELLED,   PLACEMENT_UNDONE,           PLACEMENT_STATE_PLANNED,     "that it is called off is taken back"},
    {PLACEMENT_STATE_CANCELLED,   PLACEMENT_UNDONE,           PLACEMENT_STATE_READY,       "it was ready when it was called off"},
    {PLACEMENT_STATE_PLANNED,     PLACEMENT_READIED,          PLACEMENT_STATE_READY,       "the last requirement is met"},
    {PLACEMENT_STATE_READY,       PLACEMENT_UNDONE,           PLACEMENT_STATE_PLANNED,     "the last requirement is taken back"},
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

static bool is_protected(const struct placement_case *c)
{
    return c->trainee.protection != PROTECTION_NONE;
}

static bool is_hosts(struct id host, const struct actor *actor)
{
    if (actor->role == ROLE_HO) return id_equal(actor->organisation, host);
    return life_coordinates(actor, host);
}

/* For whom an organisation is responsible, its coordinators do what the programme's do. */
static bool is_responsible(const struct trainee *trainee, const struct actor *actor)
{
    return actor->role == ROLE_CO && trainee->has_responsible &&
           id_equal(actor->organisation, trainee->responsible);
}

/* An agency's people act on its own referrals. */
static bool is_agencys(bool has_agency, struct id agency, const struct actor *actor)
{
    if (actor->role != ROLE_CN && actor->role != ROLE_DM) return true;
    return has_agency && id_equal(actor->organisation, agency);
}

/* Participants, supervisors, hosts, agencies and who is responsible act on placements of their own. */
static bool is_theirs(const struct placement_case *c, const struct placement_input *in)
{
    const struct actor *actor = &in->head.actor;

    if (actor->role == ROLE_PT) return id_equal(actor->id, c->row.participant);
    if (actor->role == ROLE_SU) return is_supervisors(c, in);
    return (is_hosts(c->row.host, actor) || is_responsible(&c->trainee, actor)) &&
           is_agencys(c->row.has_agency, c->row.agency, actor);
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

static struct date today(const struct head *head)
{
    return zone_date(head->country, head->at);
}

enum { UNDO_MS = 3600000 };

static bool is_restored(enum placement_state state, enum placement_restored *restored)
{
    for (*restored = PLACEMENT_RESTORED_STARTED; *restored <= PLACEMENT_RESTORED_ENDED_EARLY;
         ++*restored)
        if (placement_before(*restored) == state) return true;
    return false;
}

/* How what is decided now can be taken back. */
static struct placement_way_back may_undo(const struct placement_case *c, const struct head *head,
                                          enum placement_said step)
{
    const struct placement *row = &c->row;
    struct placement_way_back back = {
        .step = step, .by = head->actor.id, .until = {head->at.ms + UNDO_MS}};

    back.has_state = placement_moves(step) && is_restored(row->state, &back.state);
    patch_carry(&placement_descriptor, row, &placement_before_descriptor, &back.before);
    return back;
}

/* Who supervises, where anybody does, is there. */
static bool has_supervisor(const struct placement_case *c)
{
    return !c->row.has_supervisor || c->supervisor.state == SUPERVISOR_STATE_ACTIVE;
}

/* The posting may have been paused or closed since, but it is what the placement was planned from: what has to be
 * published again is not, nor one for other days. */
static bool is_posting_as_planned(const struct placement_case *c)
{
    const struct posting_details *posting = &c->posting.details;

    switch (c->posting.state) {
    case POSTING_STATE_PUBLISHED:
    case POSTING_STATE_PAUSED:
    case POSTING_STATE_CLOSED: break;
    case POSTING_STATE_NONE:
    case POSTING_STATE_DRAFT:
    case POSTING_STATE_SUBMITTED:
    case POSTING_STATE_RETURNED:
    case POSTING_STATE_WITHDRAWN:
    case POSTING_STATE_ARCHIVED: return false;
    }
    return c->row.from.day >= posting->from.day && c->row.until.day <= posting->until.day;
}

/* The seat is theirs again: as long as it is free, and so is everybody. */
static bool may_take_seat(const struct placement_case *c, struct error *err)
{
    const bool is_free = c->taken < c->posting.details.seats; /* I2 */

    if (!is_posting_as_planned(c) || !is_free || c->has_placement ||
        c->trainee.state != TRAINEE_STATE_OPEN || !has_supervisor(c) || c->is_mentor)
        return refuse(err, &placement_undo_followed);
    if (c->row.has_supervisor && is_protected(c) && !c->supervisor.cleared)
        return refuse(err, &placement_not_cleared);
    return true;
}

static bool undo(const struct placement_case *c, const struct head *head,
                 struct placement_events *out, struct error *err)
{
    const struct placement_way_back *back = &c->row.undo;
    const bool is_word_of = back->has_of && life_has_voice(&head->actor, back->of);
    struct placement_undone *said;

    if (!c->row.has_undo) return refuse(err, &placement_nothing_to_undo);
    if (!is_word_of && !life_did(&head->actor, back->by))
        return refuse(err, &placement_undo_anothers);
    if (head->at.ms > back->until.ms) return refuse(err, &placement_undo_too_late);
    if (placement_gave_seat(back->step) && !may_take_seat(c, err)) return false;
    if (back->step == PLACEMENT_SAID_ASSESS && !has_supervisor(c))
        return refuse(err, &placement_undo_followed);

    said = &say(out, PLACEMENT_UNDONE, c)->placement_undone;
    said->step = back->step;
    said->has_state = back->has_state;
    said->state = back->state;
    said->before = back->before;
    said->has_of = back->has_of;
    said->of = back->of;
    said->has_disowned = said->disowned = is_word_of;
    said->has_supervisor = c->row.has_supervisor;
    said->supervisor = c->row.supervisor;
    said->has_paused = back->has_paused;
    said->paused = back->paused;
    return true;
}

static bool is_planned(const struct placement_case *c)
{
    return c->row.state == PLACEMENT_STATE_PLANNED || c->row.state == PLACEMENT_STATE_READY;
}

/* Of whom an organisation has nothing to do with, those who act for it do not hear that there are any. An agency's people are asked
 * whose referral it is. */
static bool is_known(const struct placement_case *c, const struct actor *actor)
{
    const bool is_bound =
        actor->role == ROLE_HO ||
        (actor->role == ROLE_CO && !id_equal(actor->organisation, (struct id){{0}}));

    return !is_bound || c->is_known;
}

static bool may_plan(const struct placement_case *c, const struct head *head, struct error *err)
{
    if (!life_tenant(head, c->trainee.programme, err) || !is_known(c, &head->actor))
        return refuse(err, &placement_no_such_trainee);
    if (c->trainee.state != TRAINEE_STATE_OPEN || c->trainee.is_held)
        return refuse(err, &placement_not_open);
    if (c->rules.is_closed) return refuse(err, &placement_programme_closed);
    if (!id_equal(c->posting.programme, c->trainee.programme))
        return refuse(err, &placement_no_such_posting);
    if (!is_hosts(c->posting.host, &head->actor) ||
        !is_agencys(c->trainee.has_agency, c->trainee.agency, &head->actor))
        return refuse(err, &life_forbidden);
    if (!life_is_near(head, is_protected(c), c->trainee.person, err)) return false;
    if (c->trainee.restricted) return refuse(err, &placement_restricted);
    if (c->posting.state != POSTING_STATE_PUBLISHED)
        return refuse(err, &placement_posting_not_open);
    if (c->has_placement) return refuse(err, &placement_has_placement);
    if (c->taken >= c->posting.details.seats) return refuse(err, &placement_no_seat); /* I2 */
    return true;
}

/* A posting may be older than that was looked at. */
static bool is_in_programme(const struct placement_case *c, struct date from, struct error *err)
{
    return from.day >= c->rules.from.day || refuse(err, &placement_before_first_day);
}

/* The posting's period is the host's and the club's; a placement keeps within it. */
static bool is_period(const struct posting_details *posting, struct date from, struct date until,
                      struct error *err)
{
    if (until.day < from.day) return refuse(err, &placement_period_backwards);
    if (from.day < posting->from.day) return refuse(err, &placement_outside_period);
    return until.day <= posting->until.day || refuse(err, &placement_beyond_period);
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
    if (!is_period(posting, from, until, err) || !is_in_programme(c, from, err)) return false;

    said = &say_of(out, PLACEMENT_PLANNED, &row)->placement_planned;
    said->has_agency = c->trainee.has_agency;
    said->agency = c->trainee.agency;
    said->from = from;
    said->until = until;
    said->has_on = true;
    said->on = today(&in->head);
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
static void lose_access(const struct placement_case *c, enum placement_reason reason,
                        struct placement_events *out)
{
    if (c->row.has_drawing_access) lose(c, PLACEMENT_REQUIREMENT_DRAWING_ACCESS, reason, out);
}

static void lose_supervisor(const struct placement_case *c, enum placement_reason reason,
                            struct placement_events *out)
{
    lose_access(c, reason, out);
    lose(c, PLACEMENT_REQUIREMENT_SUPERVISOR, reason, out);
}

/* Who is of another organisation is not the host's to name, nor of its people; the programme's coordinator looks over all. */
static bool is_theirs_to_name(const struct placement_case *c, const struct actor *actor)
{
    const struct supervisor *supervisor = &c->supervisor;
    const bool is_programmes = id_equal(actor->organisation, (struct id){{0}});

    if (actor->role == ROLE_CO && is_programmes) return true;
    if (supervisor->has_organisation) return id_equal(supervisor->organisation, c->row.host);
    return c->rules.rules.lends_supervisors;
}

static bool may_supervise(const struct placement_case *c, struct id supervisor,
                          const struct actor *actor, struct error *err)
{
    if (c->supervisor.state != SUPERVISOR_STATE_ACTIVE ||
        !id_equal(c->supervisor.programme, c->row.programme))
        return refuse(err, &placement_no_such_supervisor);
    if (!is_theirs_to_name(c, actor)) return refuse(err, &placement_anothers_supervisor);
    if (id_equal(supervisor, c->row.participant)) return refuse(err, &placement_own_supervisor);
    if (c->is_mentor) return refuse(err, &placement_supervisor_is_mentor);
    if (c->supervisor.restricted) return refuse(err, &placement_restricted);
    if (is_protected(c) && !c->supervisor.cleared) return refuse(err, &placement_not_cleared);
    if (c->row.has_supervisor && id_equal(supervisor, c->row.supervisor))
        return refuse(err, &placement_already_met);
    return true;
}

/* The access is the supervisor's: somebody else has looked at it. */
static bool may_access(const struct placement_case *c, const struct placement_input *in,
                       struct error *err)
{
    const struct placement_meet_requirement *ask = &in->placement_meet_requirement;

    if (life_voice(&in->head) == ROLE_SU ||
        (c->row.has_supervisor && life_did(&in->head.actor, c->row.supervisor)))
        return life_forbid(ROLE_CO | ROLE_HO | ROLE_CN, err);
    if (!c->row.has_supervisor) return refuse(err, &placement_no_supervisor);
    if (!ask->has_valid_until) return refuse(err, &placement_access_missing);
    if (ask->valid_until.day < today(&in->head).day) return refuse(err, &placement_access_over);
    return true;
}

/* With the host as one party, others approve it: nobody who is its signatory, supervisor or coordinator, in whatever part they come. */
static bool may_approve(const struct placement_case *c, const struct head *head, struct error *err)
{
    const bool is_hosts_own = (life_voice(head) & (ROLE_SU | ROLE_HO)) != 0 ||
                              id_equal(head->actor.organisation, c->row.host) ||
                              party_is_of(&c->approves, c->row.host);

    return !is_hosts_own || refuse(err, &placement_hosts_own);
}

static bool may_meet(const struct placement_case *c, const struct placement_input *in,
                     struct error *err)
{
    const struct placement_meet_requirement *ask = &in->placement_meet_requirement;
    bool is_met = false;

    if (ask->has_on && ask->on.day < c->rules.from.day)
        return refuse(err, &placement_met_before_programme);
    switch (ask->kind) {
    case PLACEMENT_REQUIREMENT_SUPERVISOR:
        if (!ask->has_supervisor) return refuse(err, &placement_supervisor_missing);
        return may_supervise(c, ask->supervisor, &in->head.actor, err);
    case PLACEMENT_REQUIREMENT_DRAWING_ACCESS: return may_access(c, in, err);
    case PLACEMENT_REQUIREMENT_AGREEMENT:
        if (!may_approve(c, &in->head, err)) return false;
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

/* By what is approved, and who supervises, others go at once. */
static bool is_taken_back(enum placement_requirement kind)
{
    return kind != PLACEMENT_REQUIREMENT_AGREEMENT && kind != PLACEMENT_REQUIREMENT_SUPERVISOR;
}

/* It is taken back with what it follows from. */
static void say_readied(const struct placement_case *c, const struct placement_way_back *met,
                        bool is_taken_back, struct placement_events *out)
{
    struct placement_readied *said = &say(out, PLACEMENT_READIED, c)->placement_readied;

    said->has_undo = is_taken_back;
    if (!is_taken_back) return;
    said->undo = *met;
    said->undo.has_state = true;
    said->undo.state = PLACEMENT_RESTORED_PLANNED;
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
    said->has_on = true;
    said->on = ask->has_on ? ask->on : today(&in->head);
    said->has_undo = is_taken_back(ask->kind);
    said->undo = may_undo(c, &in->head, PLACEMENT_SAID_MEET_REQUIREMENT);
    if (is_ready_after(c, out)) say_readied(c, &said->undo, said->has_undo, out);
    return true;
}

static bool is_met(const struct placement *row, enum placement_requirement kind)
{
    switch (kind) {
    case PLACEMENT_REQUIREMENT_AGREEMENT: return row->agreement;
    case PLACEMENT_REQUIREMENT_SUPERVISOR: return row->has_supervisor;
    case PLACEMENT_REQUIREMENT_DRAWING_ACCESS: return row->has_drawing_access;
    case PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION: return row->safety_introduction;
    case PLACEMENT_REQUIREMENT_INSURANCE: return row->insurance;
    }
    bug("placement: requirement %u", kind);
}

static bool lose_requirement(const struct placement_case *c,
                             const struct placement_lose_requirement *ask,
                             struct placement_events *out, struct error *err)
{
    if (!is_met(&c->row, ask->kind)) return refuse(err, &placement_not_met);
    if (ask->kind == PLACEMENT_REQUIREMENT_SUPERVISOR)
        lose_supervisor(c, ask->reason, out);
    else
        lose(c, ask->kind, ask->reason, out);
    return true;
}

static struct instant day_after(const struct head *head, struct date day)
{
    return zone_begin(head->country, (struct date){day.day + 1});
}

static bool change_period(const struct placement_case *c, const struct placement_change_period *ask,
                          struct placement_events *out, struct error *err)
{
    const struct posting_details *posting = &c->posting.details;
    const struct date from = ask->has_from ? ask->from : c->row.from;
    const struct date until = ask->has_until ? ask->until : c->row.until;
    struct placement_period_changed *said;

    if (!is_period(posting, from, until, err)) return false;
    if (ask->has_from && !is_in_programme(c, from, err)) return false;
    if (from.day == c->row.from.day && until.day == c->row.until.day)
        return refuse(err, &placement_same_period);

    said = &say(out, PLACEMENT_PERIOD_CHANGED, c)->placement_period_changed;
    said->from = from;
    said->until = until;
    said->reason = ask->reason;
    return true;
}

static bool replace_supervisor(const struct placement_case *c, const struct placement_input *in,
                               struct placement_events *out, struct error *err)
{
    const struct placement_replace_supervisor *ask = &in->placement_replace_supervisor;
    struct placement_supervisor_replaced *said;

    if (is_planned(c) && !c->row.has_supervisor) return refuse(err, &placement_no_supervisor);
    if (!may_supervise(c, ask->supervisor, &in->head.actor, err)) return false;

    if (is_planned(c)) lose_access(c, ask->reason, out);
    said = &say(out, PLACEMENT_SUPERVISOR_REPLACED, c)->placement_supervisor_replaced;
    said->supervisor = ask->supervisor;
    said->has_before = c->row.has_supervisor;
    said->before = c->row.supervisor;
    said->reason = ask->reason;
    return true;
}

static bool lapse(const struct placement_case *c, const struct head *head,
                  struct placement_events *out, struct error *err)
{
    if (!c->row.has_drawing_access || head->at.ms < day_after(head, c->row.drawing_access).ms)
        return refuse(err, &placement_not_due);

    lose(c, PLACEMENT_REQUIREMENT_DRAWING_ACCESS, PLACEMENT_REASON_ACCESS_EXPIRED, out);
    return true;
}

/* Also when it should be over: papers come late. It is then completed at once. */
static bool start(const struct placement_case *c, const struct placement_input *in,
                  struct placement_events *out, struct error *err)
{
    const struct placement_start *ask = &in->placement_start;
    const struct date now = today(&in->head), on = ask->has_on ? ask->on : now;
    struct placement_started *said;

    if (!c->row.agreement) return refuse(err, &placement_no_agreement);
    if (now.day < c->row.from.day) return refuse(err, &placement_too_early);
    if (on.day < c->row.from.day || on.day > c->row.until.day || on.day > now.day ||
        (c->row.has_agreement_on && on.day < c->row.agreement_on.day))
        return refuse(err, &placement_start_outside);

    said = &say(out, PLACEMENT_STARTED, c)->placement_started;
    said->on = on;
    said->supervisor = c->row.supervisor;
    said->has_undo = true;
    said->undo = may_undo(c, &in->head, PLACEMENT_SAID_START);
    return true;
}

static bool report_no_show(const struct placement_case *c, const struct head *head,
                           struct placement_events *out, struct error *err)
{
    struct placement_no_show_reported *said;

    if (today(head).day < c->row.from.day) return refuse(err, &placement_too_early);

    said = &say(out, PLACEMENT_NO_SHOW_REPORTED, c)->placement_no_show_reported;
    said->has_undo = true;
    said->undo = may_undo(c, head, PLACEMENT_SAID_REPORT_NO_SHOW);
    return true;
}

/* The day book. */

/* Absence is written down too, and is no time of work. */
static int64_t counted(enum placement_activity activity, int64_t minutes)
{
    switch (activity) {
    case PLACEMENT_ACTIVITY_WORK:
    case PLACEMENT_ACTIVITY_TRAINING:
    case PLACEMENT_ACTIVITY_LANGUAGE_TRAINING: return minutes;
    case PLACEMENT_ACTIVITY_ABSENT_ILL:
    case PLACEMENT_ACTIVITY_ABSENT_EXCUSED:
    case PLACEMENT_ACTIVITY_ABSENT_UNEXCUSED:
    case PLACEMENT_ACTIVITY_ABSENT: return 0;
    }
    bug("placement: activity %u", activity);
}

static bool is_line_of(const struct placement_case *c, struct error *err)
{
    const bool is_so = c->day.state != DAY_STATE_NONE && id_equal(c->day.placement, c->row.id);

    return is_so || refuse(err, &placement_no_such_day);
}

static bool is_absence(enum placement_activity activity)
{
    return counted(activity, 1) == 0;
}

/* Disputed, or written instead of a line that was, which the participant has not said yes to. */
static bool is_in_dispute(const struct day *line)
{
    return line->state == DAY_STATE_DISPUTED ||
           (line->state == DAY_STATE_LOGGED && line->has_was_disputed);
}

/* While it is under way, and some days longer; what is in dispute can be settled at any time.
 * line: the one that is answered, corrected or struck; NULL: there is none yet. */
static bool is_book_open(const struct placement_case *c, const struct day *line, struct error *err)
{
    const bool is_under_way =
        c->row.state == PLACEMENT_STATE_STARTED || c->row.state == PLACEMENT_STATE_INTERRUPTED;

    return is_under_way || c->row.has_book_until || (line != NULL && is_in_dispute(line)) ||
           refuse(err, &placement_book_closed);
}

/* A host that may not write does not write it as what the supervisor told them either. */
static bool may_write(const struct placement_case *c, const struct head *head, struct error *err)
{
    const bool is_host = life_voice(head) == ROLE_HO || head->actor.role == ROLE_HO;

    return !is_host || c->rules.rules.host_writes || refuse(err, &placement_leaves_to_supervisor);
}

static bool is_within(const struct placement_case *c, struct date on, const struct head *head)
{
    const struct date last = c->row.has_ended_on ? c->row.ended_on : c->row.until;

    if (c->row.has_interrupted_on && on.day > c->row.interrupted_on.day) return false;
    for (uint32_t i = 0; i < c->row.pauses.count; i++)
        if (on.day >= c->row.pauses.at[i].from.day && on.day <= c->row.pauses.at[i].until.day)
            return false;
    return on.day >= c->row.started_on.day && on.day <= last.day && on.day <= today(head).day;
}

enum { WHOLE_DAY = 450 }; /* minutes: a day's work, where it is shortest (7.5 hours in Norway) */

/* What the lines of one day come to. */
struct day_sum {
    uint32_t lines;
    int64_t minutes, absent;
    bool has_work;
};

static void add_line(struct day_sum *sum, enum placement_activity activity, int64_t minutes)
{
    sum->lines++;
    sum->minutes += minutes;
    if (is_absence(activity))
        sum->absent += minutes;
    else
        sum->has_work = true;
}

/* The lines of a day that there are, without the one that is corrected, with the new one. */
static bool fits_day(const struct placement_case *c, const struct placement_log_day *ask,
                     struct error *err)
{
    struct day_sum sum = {0};

    add_line(&sum, ask->activity, ask->minutes);
    for (uint32_t i = 0; i < c->lines_count; i++) {
        const struct day *line = &c->lines[i];

        if (ask->has_corrects && id_equal(line->id, ask->corrects)) continue;
        if (line->activity == ask->activity && !ask->also) return refuse(err, &placement_day_twice);
        add_line(&sum, line->activity, line->minutes);
    }
    if (sum.minutes > 24 * 60) return refuse(err, &placement_day_too_long);
    if (sum.has_work && sum.absent >= WHOLE_DAY) return refuse(err, &placement_work_and_absence);
    return sum.lines <= DAY_LINES_MAX || refuse(err, &placement_day_full);
}

static bool may_correct(const struct placement_case *c, struct error *err)
{
    const bool is_over = c->day.state == DAY_STATE_CORRECTED || c->day.state == DAY_STATE_STRUCK;

    return is_line_of(c, err) && (!is_over || refuse(err, &placement_day_settled));
}

static bool log_day(const struct placement_case *c, const struct placement_input *in,
                    struct placement_events *out, struct error *err)
{
    const struct placement_log_day *ask = &in->placement_log_day;
    struct placement_day_logged *said;

    if (!may_write(c, &in->head, err)) return false;
    if (ask->has_corrects && !may_correct(c, err)) return false;
    if (!is_book_open(c, ask->has_corrects ? &c->day : NULL, err)) return false;
    if (!is_within(c, ask->on, &in->head)) return refuse(err, &placement_day_outside);
    if (!fits_day(c, ask, err)) return false;

    said = &say(out, PLACEMENT_DAY_LOGGED, c)->placement_day_logged;
    said->has_agency = c->row.has_agency;
    said->agency = c->row.agency;
    said->has_supervisor = c->row.has_supervisor;
    said->supervisor = c->row.supervisor;
    said->day = in->head.ids[0];
    said->on = ask->on;
    said->minutes = ask->minutes;
    said->activity = ask->activity;
    said->has_corrects = ask->has_corrects;
    said->corrects = ask->corrects;
    said->has_was_disputed = said->was_disputed = ask->has_corrects && is_in_dispute(&c->day);
    said->total = c->row.minutes + counted(ask->activity, ask->minutes);
    if (ask->has_corrects) said->total -= counted(c->day.activity, c->day.minutes);
    said->has_recorded_of = said->has_recorded_told = in->head.has_behalf;
    said->recorded_of = in->head.behalf.of;
    said->recorded_told = in->head.behalf.told;
    if (c->trainee.erased) traits_strike(&placement_day_logged_descriptor, said, TRAIT_ABSENCE);
    return true;
}

static bool strike_day(const struct placement_case *c, const struct head *head,
                       struct placement_events *out, struct error *err)
{
    struct placement_day_struck *said;

    if (!may_write(c, head, err) || !may_correct(c, err)) return false;
    if (!is_book_open(c, &c->day, err)) return false;

    said = &say(out, PLACEMENT_DAY_STRUCK, c)->placement_day_struck;
    said->day = c->day.id;
    said->total = c->row.minutes - counted(c->day.activity, c->day.minutes);
    said->has_recorded_of = said->has_recorded_told = head->has_behalf;
    said->recorded_of = head->behalf.of;
    said->recorded_told = head->behalf.told;
    return true;
}

static bool agree_day(const struct placement_case *c, const struct head *head,
                      struct placement_events *out, struct error *err)
{
    struct placement_day_agreed *said;

    if (!is_line_of(c, err)) return false;
    if (c->day.state != DAY_STATE_LOGGED && c->day.state != DAY_STATE_DISPUTED)
        return refuse(err, &placement_day_settled);
    if (!is_book_open(c, &c->day, err)) return false;

    said = &say(out, PLACEMENT_DAY_AGREED, c)->placement_day_agreed;
    said->day = c->day.id;
    said->has_recorded_told = head->has_behalf;
    said->recorded_told = head->behalf.told;
    return true;
}

static bool dispute_day(const struct placement_case *c, const struct head *head,
                        struct placement_events *out, struct error *err)
{
    struct placement_day_disputed *said;

    if (!is_line_of(c, err)) return false;
    if (c->day.state != DAY_STATE_LOGGED && c->day.state != DAY_STATE_AGREED)
        return refuse(err, &placement_day_settled);
    if (!is_book_open(c, &c->day, err)) return false;

    said = &say(out, PLACEMENT_DAY_DISPUTED, c)->placement_day_disputed;
    said->day = c->day.id;
    said->has_recorded_told = head->has_behalf;
    said->recorded_told = head->behalf.told;
    said->has_supervisor = c->row.has_supervisor;
    said->supervisor = c->row.supervisor;
    return true;
}

enum { BOOK_DAYS = 14 }; /* where the programme says nothing else */

/* The last day on which lines of what ended that day can be written. */
static struct date book_until(const struct placement_case *c, struct date ended)
{
    return (struct date){ended.day +
                         (c->rules.rules.has_book_days ? c->rules.rules.book_days : BOOK_DAYS)};
}

static bool close_book(const struct placement_case *c, const struct head *head,
                       struct placement_events *out, struct error *err)
{
    if (!c->row.has_book_until || head->at.ms < day_after(head, c->row.book_until).ms)
        return refuse(err, &placement_not_due);

    return say(out, PLACEMENT_BOOK_CLOSED, c);
}

enum { PAUSES_MOST = sizeof((struct placement *)0)->pauses.at / sizeof(struct placement_pause) };

/* A pause more would take the place of another, whose days would then count. */
static bool interrupt(const struct placement_case *c, const struct placement_input *in,
                      struct placement_events *out, struct error *err)
{
    const struct placement_interrupt *ask = &in->placement_interrupt;
    struct placement_interrupted *said;

    if (ask->until.day <= today(&in->head).day) return refuse(err, &placement_until_past);
    if (ask->until.day > c->row.until.day) return refuse(err, &placement_beyond_end);
    if (ask->has_on && (ask->on.day < c->row.started_on.day || ask->on.day > today(&in->head).day))
        return refuse(err, &placement_interrupt_outside);
    if (c->has_lines_behind) return refuse(err, &placement_lines_behind);
    if (c->row.pauses.count == PAUSES_MOST) return refuse(err, &placement_too_many_pauses);

    said = &say(out, PLACEMENT_INTERRUPTED, c)->placement_interrupted;
    said->reason = ask->reason;
    said->until = ask->until;
    said->has_on = said->has_undo = true;
    said->on = ask->has_on ? ask->on : today(&in->head);
    said->undo = may_undo(c, &in->head, PLACEMENT_SAID_INTERRUPT);
    return true;
}

/* Whether there are days of the pause until then. */
static bool has_paused(const struct placement_case *c, struct date last)
{
    return c->row.has_interrupted_on && last.day > c->row.interrupted_on.day;
}

static bool resume(const struct placement_case *c, const struct placement_input *in,
                   struct placement_events *out, struct error *err)
{
    const struct placement_resume *ask = &in->placement_resume;
    const struct date now = today(&in->head);
    struct placement_resumed *said;

    if (ask->has_on && (ask->on.day > now.day ||
                        (c->row.has_interrupted_on && ask->on.day < c->row.interrupted_on.day)))
        return refuse(err, &placement_resume_outside);

    said = &say(out, PLACEMENT_RESUMED, c)->placement_resumed;
    said->has_on = said->has_undo = true;
    said->on = ask->has_on ? ask->on : now;
    said->undo = may_undo(c, &in->head, PLACEMENT_SAID_RESUME);
    said->undo.has_paused = true;
    said->undo.paused = has_paused(c, (struct date){said->on.day - 1});
    return true;
}

/* The days for what is written down afterwards count from when the end was said, where it is said late. */
static struct date later_of(struct date a, struct date b)
{
    return a.day > b.day ? a : b;
}

static struct placement_ended *say_ended(const struct placement_case *c,
                                         enum placement_reason reason, struct date on,
                                         const struct head *head, struct placement_events *out)
{
    struct placement_ended *said = &say(out, PLACEMENT_ENDED, c)->placement_ended;

    said->reason = reason;
    said->on = on;
    said->has_book_until = true;
    said->book_until = book_until(c, later_of(on, today(head)));
    return said;
}

static bool end(const struct placement_case *c, const struct placement_input *in,
                struct placement_events *out, struct error *err)
{
    const struct placement_end *ask = &in->placement_end;
    const struct date now = today(&in->head);
    struct placement_ended *said;

    if (ask->has_on && (ask->on.day < c->row.started_on.day || ask->on.day > now.day))
        return refuse(err, &placement_end_outside);
    if (c->has_lines_behind) return refuse(err, &placement_lines_behind);

    said = say_ended(c, ask->reason, ask->has_on ? ask->on : now, &in->head, out);
    said->has_undo = true;
    said->undo = may_undo(c, &in->head, PLACEMENT_SAID_END);
    said->undo.has_paused = true;
    said->undo.paused = has_paused(c, said->on);
    return true;
}

static bool complete(const struct placement_case *c, const struct head *head,
                     struct placement_events *out, struct error *err)
{
    struct placement_completed *said;

    if (head->at.ms < day_after(head, c->row.until).ms) return refuse(err, &placement_not_due);

    said = &say(out, PLACEMENT_COMPLETED, c)->placement_completed;
    said->on = c->row.until;
    said->has_book_until = true;
    said->book_until = book_until(c, later_of(c->row.until, (struct date){today(head).day - 1}));
    return true;
}

static bool assess(const struct placement_case *c, const struct placement_input *in,
                   struct placement_events *out, struct error *err)
{
    struct placement_assessed *said;

    if (!may_write(c, &in->head, err)) return false;

    said = &say(out, PLACEMENT_ASSESSED, c)->placement_assessed;
    said->result = in->placement_assess.result;
    said->certificate = in->head.ids[0];
    said->has_undo = true;
    said->undo = may_undo(c, &in->head, PLACEMENT_SAID_ASSESS);
    return true;
}

/* Whoever contests may come to agree; the other way there is nothing to contest any more. */
static bool may_give_opinion(const struct placement_case *c, enum placement_opinion opinion,
                             struct error *err)
{
    return (c->row.opinion != PLACEMENT_OPINION_AGREES && c->row.opinion != opinion) ||
           refuse(err, &placement_opinion_said);
}

static bool agree(const struct placement_case *c, const struct head *head,
                  struct placement_events *out, struct error *err)
{
    struct placement_assessment_agreed *said;

    if (!may_give_opinion(c, PLACEMENT_OPINION_AGREES, err)) return false;

    said = &say(out, PLACEMENT_ASSESSMENT_AGREED, c)->placement_assessment_agreed;
    said->has_undo = true;
    said->undo = may_undo(c, head, PLACEMENT_SAID_AGREE);
    return true;
}

static bool contest(const struct placement_case *c, const struct head *head,
                    struct placement_events *out, struct error *err)
{
    struct placement_assessment_contested *said;

    if (!may_give_opinion(c, PLACEMENT_OPINION_CONTESTS, err)) return false;

    said = &say(out, PLACEMENT_ASSESSMENT_CONTESTED, c)->placement_assessment_contested;
    said->has_undo = true;
    said->undo = may_undo(c, head, PLACEMENT_SAID_CONTEST);
    return true;
}

/* Of what it led to: of before, when it was planned was not noted. */
static struct date beginning_of(const struct placement_case *c)
{
    if (c->row.has_started_on) return c->row.started_on;
    return c->row.has_planned_on ? c->row.planned_on : c->rules.from;
}

/* Said twice on one day, by whomever; later it is an answer to who asks again. */
static bool is_recorded(const struct placement *row, const struct placement_outcome_recorded *said)
{
    return row->has_outcome && row->has_outcome_on && row->outcome_on.day == said->on.day &&
           row->outcome == said->outcome && row->has_contract == said->has_contract &&
           row->contract == said->contract && row->has_organisation == said->has_organisation &&
           id_equal(row->organisation, said->organisation) &&
           row->has_outcome_from == said->has_from && row->outcome_from.day == said->from.day;
}

/* What is said of an outcome belongs to it. */
static bool is_coherent(const struct placement_record_outcome *ask, struct id host,
                        struct error *err)
{
    const bool is_nothing = ask->outcome == PLACEMENT_OUTCOME_NONE;
    const bool is_hosts = ask->has_organisation && id_equal(ask->organisation, host);

    if (ask->outcome == PLACEMENT_OUTCOME_JOB_AT_HOST && ask->has_organisation && !is_hosts)
        return refuse(err, &placement_not_at_host);
    if (ask->outcome == PLACEMENT_OUTCOME_JOB_ELSEWHERE && is_hosts)
        return refuse(err, &placement_is_at_host);
    if (is_nothing && ask->has_organisation) return refuse(err, &placement_nowhere);
    if (is_nothing && ask->has_from) return refuse(err, &placement_from_no_day);
    return true;
}

static bool record_outcome(const struct placement_case *c, const struct placement_input *in,
                           struct placement_events *out, struct error *err)
{
    const struct placement_record_outcome *ask = &in->placement_record_outcome;
    const bool is_at_host = ask->outcome == PLACEMENT_OUTCOME_JOB_AT_HOST;
    const bool is_job = is_at_host || ask->outcome == PLACEMENT_OUTCOME_JOB_ELSEWHERE;
    struct placement_outcome_recorded *said;

    if (is_job && !ask->has_contract) return refuse(err, &placement_contract_missing);
    if (!is_job && ask->has_contract) return refuse(err, &placement_contract_of_nothing);
    if (!is_coherent(ask, c->row.host, err)) return false;
    if (ask->has_from && ask->from.day < beginning_of(c).day)
        return refuse(err, &placement_before_placement);

    said = &say(out, PLACEMENT_OUTCOME_RECORDED, c)->placement_outcome_recorded;
    said->outcome = ask->outcome;
    said->has_contract = is_job;
    if (is_job) said->contract = ask->contract;
    said->has_organisation = is_at_host || ask->has_organisation;
    said->organisation = is_at_host ? c->row.host : ask->organisation;
    said->has_from = ask->has_from;
    said->from = ask->from;
    said->on = today(&in->head);
    said->has_undo = true;
    said->undo = may_undo(c, &in->head, PLACEMENT_SAID_RECORD_OUTCOME);
    if (!is_recorded(&c->row, said)) return true;
    out->count = 0;
    return refuse(err, &placement_same_outcome);
}

/* by: who says so; NULL: nobody, it follows. */
static bool cancel(const struct placement_case *c, enum placement_reason reason,
                   const struct head *by, struct placement_events *out)
{
    struct placement_cancelled *said = &say(out, PLACEMENT_CANCELLED, c)->placement_cancelled;

    said->reason = reason;
    said->has_undo = by != NULL;
    if (by != NULL) said->undo = may_undo(c, by, PLACEMENT_SAID_CANCEL);
    return true;
}

/* What is late by more than what follows it is not asked for any more. */
static bool remind(const struct placement_case *c, const struct head *head,
                   struct placement_events *out, struct error *err)
{
    const struct placement_wait wait = placement_wait(&c->row);
    struct placement_reminded *said;

    if (wait.at.ms == 0 || wait.command != PLACEMENT_REMIND || head->at.ms < wait.at.ms)
        return refuse(err, &placement_not_due);

    said = &say(out, PLACEMENT_REMINDED, c)->placement_reminded;
    said->awaited = wait.awaited;
    said->has_days = wait.awaited == PLACEMENT_AWAITED_OUTCOME;
    if (said->has_days) said->days = placement_asked_by(&c->row, head->at);
    if (wait.awaited != PLACEMENT_AWAITED_DAY_BOOK) return true;
    said->has_supervisor = c->row.has_supervisor;
    said->supervisor = c->row.supervisor;
    said->has_due = said->has_missed = true;
    said->due = day_after(head, c->row.book_until);
    said->missed = said->due.ms <= head->at.ms;
    return true;
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool stop(const struct placement_case *c, enum placement_reason reason,
                 const struct head *head, struct placement_events *out)
{
    if (is_planned(c)) return cancel(c, reason, NULL, out);
    return !placement_is_open(c->row.state) || say_ended(c, reason, today(head), head, out) != NULL;
}

/* Completed by hand: what has not begun is called off, what has goes on. */
static bool on_referral_completed(const struct placement_case *c, struct placement_events *out)
{
    return !is_planned(c) || cancel(c, PLACEMENT_REASON_REFERRAL_CLOSED, NULL, out);
}

static bool on_person_gone(const struct placement_case *c, const struct head *head,
                           bool as_participant, bool as_supervisor, struct placement_events *out)
{
    if (as_participant && id_equal(head->id, c->row.participant))
        return stop(c, PLACEMENT_REASON_ROLE_ENDED, head, out);
    if (!as_supervisor || !c->row.has_supervisor || !id_equal(head->id, c->row.supervisor))
        return true;
    if (is_planned(c))
        lose_supervisor(c, PLACEMENT_REASON_SUPERVISOR_LEFT, out);
    else if (placement_is_supervised(c->row.state))
        say(out, PLACEMENT_SUPERVISOR_LEFT, c)->placement_supervisor_left.supervisor =
            c->row.supervisor;
    return true;
}

/* Who had to do with them sees nothing more, and decides nothing: that they would find out by being refused. */
static bool on_person_hidden(const struct placement_case *c, struct placement_events *out)
{
    const bool is_to_supervisor =
        c->row.has_supervisor && !c->of_now.cleared && !c->is_supervisor_told;
    struct placement_relieved *said;

    if (c->is_host_told && !is_to_supervisor) return true;
    said = &say(out, PLACEMENT_RELIEVED, c)->placement_relieved;
    said->has_supervisor = is_to_supervisor;
    if (is_to_supervisor) said->supervisor = c->row.supervisor;
    said->has_said = said->said = c->is_host_told;
    return true;
}

static bool on_person_role_ended(const struct placement_case *c, const struct placement_input *in,
                                 struct placement_events *out)
{
    const enum person_part part = in->person_role_ended.part;

    return on_person_gone(c, &in->head, part == PERSON_PART_PARTICIPANT,
                          part == PERSON_PART_SUPERVISOR, out);
}

static bool may_have_told(const struct placement_case *c, const struct placement_input *in,
                          struct error *err)
{
    const struct behalf *behalf = &in->head.behalf;

    if (!in->head.has_behalf) return true;
    if (behalf->of == VOICE_PARTICIPANT && c->row.has_supervisor &&
        life_did(&in->head.actor, c->row.supervisor))
        return refuse(err, &placement_other_side);
    if (behalf->of == VOICE_SUPERVISOR && !c->row.has_supervisor)
        return refuse(err, &placement_no_supervisor);
    if (!behalf->has_on) return true;
    if (behalf->on.day < c->rules.from.day) return refuse(err, &placement_before_programme);
    return !c->row.has_planned_on || behalf->on.day >= c->row.planned_on.day ||
           refuse(err, &placement_before_plan);
}

/* The participant deals with whoever supervises them; everybody else is near to both, and to who is to do it instead. */
static bool is_near(const struct placement_case *c, const struct head *head, struct error *err)
{
    struct guarded guarded = {.sake = c->row.participant};

    guarded_add(&guarded, is_protected(c), c->row.participant);
    supervisor_guard(&c->of_now, &guarded);
    supervisor_guard(&c->supervisor, &guarded);
    return life_is_near_all(head, &guarded, err);
}

static bool may(const struct placement_case *c, const struct placement_input *in, struct error *err)
{
    const bool is_creation = in->type == PLACEMENT_PLAN;
    const bool is_there = !is_creation && c->row.state != PLACEMENT_STATE_NONE;
    const struct step *step;
    struct error how;

    if (!is_creation && !life_tenant(&in->head, c->row.programme, err)) return false;
    step = life_step(&placement_life, c->row.state, c->row.version, in->type, &in->head, &how);
    if (!life_allows(&placement_life, in->type, &in->head, err)) return false;
    if (is_there && !is_theirs(c, in)) return refuse(err, &life_forbidden);
    if (is_there && !is_near(c, &in->head, err)) return false;
    if (step == NULL) return life_tell(&how, err);
    return may_have_told(c, in, err);
}

static const enum placement_said said_by[] = {
    [PLACEMENT_MEET_REQUIREMENT] = PLACEMENT_SAID_MEET_REQUIREMENT,
    [PLACEMENT_LOSE_REQUIREMENT] = PLACEMENT_SAID_LOSE_REQUIREMENT,
    [PLACEMENT_START] = PLACEMENT_SAID_START,
    [PLACEMENT_REPORT_NO_SHOW] = PLACEMENT_SAID_REPORT_NO_SHOW,
    [PLACEMENT_LOG_DAY] = PLACEMENT_SAID_LOG_DAY,
    [PLACEMENT_STRIKE_DAY] = PLACEMENT_SAID_STRIKE_DAY,
    [PLACEMENT_AGREE_DAY] = PLACEMENT_SAID_AGREE_DAY,
    [PLACEMENT_DISPUTE_DAY] = PLACEMENT_SAID_DISPUTE_DAY,
    [PLACEMENT_INTERRUPT] = PLACEMENT_SAID_INTERRUPT,
    [PLACEMENT_RESUME] = PLACEMENT_SAID_RESUME,
    [PLACEMENT_END] = PLACEMENT_SAID_END,
    [PLACEMENT_ASSESS] = PLACEMENT_SAID_ASSESS,
    [PLACEMENT_AGREE] = PLACEMENT_SAID_AGREE,
    [PLACEMENT_CONTEST] = PLACEMENT_SAID_CONTEST,
    [PLACEMENT_RECORD_OUTCOME] = PLACEMENT_SAID_RECORD_OUTCOME,
    [PLACEMENT_CANCEL] = PLACEMENT_SAID_CANCEL,
};

/* What stands on the line that it is about. */
static bool is_of_line(enum placement_input_type type)
{
    return type == PLACEMENT_LOG_DAY || type == PLACEMENT_STRIKE_DAY ||
           type == PLACEMENT_AGREE_DAY || type == PLACEMENT_DISPUTE_DAY;
}

/* Whose word it was, how it was told and when. */
static void record(const struct placement_case *c, const struct placement_input *in,
                   struct placement_events *out)
{
    const struct behalf *behalf = &in->head.behalf;
    struct placement_recorded_for *said;

    if (!in->head.has_behalf) return;
    said = &say(out, PLACEMENT_RECORDED_FOR, c)->placement_recorded_for;
    said->said = said_by[in->type];
    said->of = behalf->of;
    said->told = behalf->told;
    said->on = behalf->has_on ? behalf->on : today(&in->head);
    said->has_elsewhere = true;
    said->elsewhere = is_of_line(in->type);
    said->has_supervisor = c->row.has_supervisor;
    said->supervisor = c->row.supervisor;
}

static bool decide(const struct placement_case *c, const struct placement_input *in,
                   struct placement_events *out, struct error *err)
{
    const struct head *head = &in->head;

    switch (in->type) {
    case PLACEMENT_PLAN: return plan(c, in, out, err);
    case PLACEMENT_MEET_REQUIREMENT: return meet_requirement(c, in, out, err);
    case PLACEMENT_LOSE_REQUIREMENT:
        return lose_requirement(c, &in->placement_lose_requirement, out, err);
    case PLACEMENT_START: return start(c, in, out, err);
    case PLACEMENT_CHANGE_PERIOD: return change_period(c, &in->placement_change_period, out, err);
    case PLACEMENT_REPLACE_SUPERVISOR: return replace_supervisor(c, in, out, err);
    case PLACEMENT_REPORT_NO_SHOW: return report_no_show(c, head, out, err);
    case PLACEMENT_LOG_DAY: return log_day(c, in, out, err);
    case PLACEMENT_STRIKE_DAY: return strike_day(c, head, out, err);
    case PLACEMENT_AGREE_DAY: return agree_day(c, head, out, err);
    case PLACEMENT_DISPUTE_DAY: return dispute_day(c, head, out, err);
    case PLACEMENT_INTERRUPT: return interrupt(c, in, out, err);
    case PLACEMENT_RESUME: return resume(c, in, out, err);
    case PLACEMENT_END: return end(c, in, out, err);
    case PLACEMENT_ASSESS: return assess(c, in, out, err);
    case PLACEMENT_AGREE: return agree(c, head, out, err);
    case PLACEMENT_CONTEST: return contest(c, head, out, err);
    case PLACEMENT_UNDO: return undo(c, head, out, err);
    case PLACEMENT_RECORD_OUTCOME: return record_outcome(c, in, out, err);
    case PLACEMENT_CANCEL: return cancel(c, in->placement_cancel.reason, head, out);
    case PLACEMENT_LAPSE: return lapse(c, head, out, err);
    case PLACEMENT_COMPLETE: return complete(c, head, out, err);
    case PLACEMENT_CLOSE_BOOK: return close_book(c, head, out, err);
    case PLACEMENT_REMIND: return remind(c, head, out, err);
    case PLACEMENT_ON_PERSON_HIDDEN: return on_person_hidden(c, out);
    case PLACEMENT_ON_PERSON_ROLE_ENDED: return on_person_role_ended(c, in, out);
    case PLACEMENT_ON_PERSON_ERASED: return on_person_gone(c, &in->head, true, true, out);
    case PLACEMENT_ON_REFERRAL_CANCELLED:
        return stop(c, PLACEMENT_REASON_REFERRAL_CANCELLED, head, out);
    case PLACEMENT_ON_REFERRAL_COMPLETED: return on_referral_completed(c, out);
    case PLACEMENT_ON_REFERRAL_UNDONE:
        if (in->referral_undone.step != REFERRAL_DECIDED_ACCEPT) return true; /* they take part */
        return stop(c, PLACEMENT_REASON_REFERRAL_CLOSED, head, out);
    case PLACEMENT_ON_REFERRAL_FAILED:
    case PLACEMENT_ON_REFERRAL_REJECTED:
    case PLACEMENT_ON_REFERRAL_EXPIRED:
    case PLACEMENT_ON_REFERRAL_DUPLICATE_LINKED:
    case PLACEMENT_ON_REFERRAL_ENTERED_IN_ERROR:
        return stop(c, PLACEMENT_REASON_REFERRAL_CLOSED, head, out);
    }
    bug("placement_decide: input type %u", in->type);
}

bool placement_decide(const struct placement_case *c, const struct placement_input *in,
                      struct placement_events *out, struct error *err)
{
    if (!placement_is_command(in->type)) return decide(c, in, out, err);
    if (!may(c, in, err) || !decide(c, in, out, err)) return false;

    record(c, in, out);
    return true;
}
