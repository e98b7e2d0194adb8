/* The life of a placement: what every input leads to in every state, who may, and some stories. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "core/life.h"
#include "domain/matrix.h"
#include "placement/placement.h"

enum { STATES = PLACEMENT_STATE_CANCELLED + 1, TODAY = 20000 };

#define DAY_MS INT64_C(86400000)

static const struct id work = {"programme"}, elsewhere = {"elsewhere"}, referral = {"referral"},
                       ours = {"ours"}, bo = {"bo"}, sven = {"sven"}, urban = {"urban"},
                       eve = {"eve"}, agency = {"agency"}, tramway = {"tramway"},
                       railway = {"railway"}, posting = {"posting"}, line = {"line"};
static const struct instant now = {TODAY * DAY_MS + 1000};

/* When the day begins that is so many days after today, 4 October 2024, where the programme is: from 27 October to
 * 30 March an hour before UTC's, else two. */
static int64_t begin_of(int64_t later)
{
    return (TODAY + later) * DAY_MS - (later > 23 && later < 178 ? 1 : 2) * INT64_C(3600000);
}

/* Bo on a seat of the tramway's, with Sven; everything met from planned on but the insurance. */
static struct placement_case given(enum placement_state state)
{
    const bool is_over = state == PLACEMENT_STATE_COMPLETED ||
                         state == PLACEMENT_STATE_ENDED_EARLY || state == PLACEMENT_STATE_ASSESSED;
    struct placement_case c = {
        .trainee = {.id = referral,
                    .version = 1,
                    .programme = work,
                    .state = TRAINEE_STATE_OPEN,
                    .person = bo,
                    .has_agency = true,
                    .agency = agency},
        .posting = {.id = posting,
                    .version = 3,
                    .programme = work,
                    .state = POSTING_STATE_PUBLISHED,
                    .host = tramway,
                    .details = {.seats = 2, .from = {TODAY - 10}, .until = {TODAY + 100}}},
        .is_known = true,
        .rules = {.id = work,
                  .version = 1,
                  .rules = {.has_host_writes = true, .host_writes = true}},
        .supervisor = {.id = urban,
                       .version = 1,
                       .programme = work,
                       .state = SUPERVISOR_STATE_ACTIVE,
                       .has_organisation = true,
                       .organisation = tramway},
        .day = {.id = line,
                .version = 1,
                .state = DAY_STATE_LOGGED,
                .placement = ours,
                .minutes = 300,
                .activity = PLACEMENT_ACTIVITY_WORK},
    };

    if (state == PLACEMENT_STATE_NONE) return c;
    c.row = (struct placement){
        .id = ours,
        .version = 5,
        .programme = work,
        .state = state,
        .referral = referral,
        .participant = bo,
        .posting = posting,
        .host = tramway,
        .has_agency = true,
        .agency = agency,
        .from = {TODAY},
        .until = {TODAY + 30},
        .agreement = true,
        .has_supervisor = true,
        .supervisor = sven,
        .has_drawing_access = true,
        .drawing_access = {TODAY + 60},
        .safety_introduction = true,
        .insurance = state != PLACEMENT_STATE_PLANNED,
        .has_started_on = true,
        .started_on = {TODAY - 1},
        .has_interrupted_on = state == PLACEMENT_STATE_INTERRUPTED,
        .interrupted_on = {state == PLACEMENT_STATE_INTERRUPTED ? TODAY : 0},
        .has_interrupted_until = state == PLACEMENT_STATE_INTERRUPTED,
        .interrupted_until = {state == PLACEMENT_STATE_INTERRUPTED ? TODAY + 5 : 0},
        .has_ended_on = is_over,
        .ended_on = {is_over ? TODAY : 0},
        .has_book_until = is_over,
        .book_until = {is_over ? TODAY + 14 : 0},
        .minutes = 300,
        .days = 1,
        .has_undo = true,
        .undo = {.by = sven,
                 .until = {now.ms + 3600000},
                 .has_state =
                     state == PLACEMENT_STATE_STARTED || state == PLACEMENT_STATE_INTERRUPTED,
                 .state = state == PLACEMENT_STATE_STARTED ? PLACEMENT_RESTORED_INTERRUPTED
                                                           : PLACEMENT_RESTORED_STARTED},
    };
    return c;
}

/* When a deadline of that state is due: late enough for all of them. */
static const struct instant late = {(TODAY + 500) * DAY_MS};

static struct placement_input input(enum placement_input_type type, const struct placement_case *c)
{
    static const enum role roles[PLACEMENT_INPUTS] = {
        [PLACEMENT_PLAN] = ROLE_CO,
        [PLACEMENT_MEET_REQUIREMENT] = ROLE_CO,
        [PLACEMENT_LOSE_REQUIREMENT] = ROLE_HO,
        [PLACEMENT_START] = ROLE_HO,
        [PLACEMENT_CHANGE_PERIOD] = ROLE_HO,
        [PLACEMENT_REPLACE_SUPERVISOR] = ROLE_HO,
        [PLACEMENT_REPORT_NO_SHOW] = ROLE_CN,
        [PLACEMENT_LOG_DAY] = ROLE_SU,
        [PLACEMENT_STRIKE_DAY] = ROLE_SU,
        [PLACEMENT_AGREE_DAY] = ROLE_PT,
        [PLACEMENT_DISPUTE_DAY] = ROLE_PT,
        [PLACEMENT_INTERRUPT] = ROLE_CN,
        [PLACEMENT_RESUME] = ROLE_CN,
        [PLACEMENT_END] = ROLE_CN,
        [PLACEMENT_ASSESS] = ROLE_SU,
        [PLACEMENT_AGREE] = ROLE_PT,
        [PLACEMENT_CONTEST] = ROLE_PT,
        [PLACEMENT_RECORD_OUTCOME] = ROLE_CN,
        [PLACEMENT_CANCEL] = ROLE_CN,
        [PLACEMENT_UNDO] = ROLE_SU,
        [PLACEMENT_LAPSE] = ROLE_TM,
        [PLACEMENT_COMPLETE] = ROLE_TM,
        [PLACEMENT_CLOSE_BOOK] = ROLE_TM,
        [PLACEMENT_REMIND] = ROLE_TM,
    };
    const bool is_command = placement_is_command(type);
    const enum role role = is_command ? roles[type] : ROLE_SYS;
    struct placement_input in = {
        .type = type,
        .head = {.at = role == ROLE_TM ? late : now,
                 .is_cleared = true,
                 .actor = {role, role == ROLE_PT ? bo : sven,
                           role == ROLE_CN || role == ROLE_DM ? agency : tramway},
                 .programme = work,
                 .id = is_command ? c->row.id : referral,
                 .version = c->row.version,
                 .ids = {ours}},
    };

    if (type == PLACEMENT_PLAN) {
        in.placement_plan.referral = referral;
        in.placement_plan.posting = posting;
    }
    if (type == PLACEMENT_MEET_REQUIREMENT)
        in.placement_meet_requirement.kind = PLACEMENT_REQUIREMENT_INSURANCE;
    if (type == PLACEMENT_LOSE_REQUIREMENT)
        in.placement_lose_requirement.kind = PLACEMENT_REQUIREMENT_AGREEMENT;
    if (type == PLACEMENT_CHANGE_PERIOD)
        in.placement_change_period =
            (struct placement_change_period){.has_until = true, .until = {TODAY + 40}};
    if (type == PLACEMENT_REPLACE_SUPERVISOR) in.placement_replace_supervisor.supervisor = urban;
    if (type == PLACEMENT_LOG_DAY) {
        in.head.ids[0] = line;
        in.placement_log_day = (struct placement_log_day){
            .on = {TODAY}, .minutes = 240, .activity = PLACEMENT_ACTIVITY_WORK};
    }
    if (type == PLACEMENT_INTERRUPT) in.placement_interrupt.until.day = TODAY + 5;
    if (type == PLACEMENT_RECORD_OUTCOME)
        in.placement_record_outcome.outcome = PLACEMENT_OUTCOME_EDUCATION;
    if (type == PLACEMENT_ON_PERSON_ROLE_ENDED) {
        in.head.id = bo;
        in.person_role_ended.part = PERSON_PART_PARTICIPANT;
    }
    if (type == PLACEMENT_ON_PERSON_ERASED) in.head.id = bo;
    return in;
}

static struct placement_events out; /* of the last decision */

static const char *run(struct placement_case *c, const struct placement_input *in)
{
    struct error err = {0};

    out.count = 0;
    if (!placement_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        placement_evolve(&c->row, &out.at[i]);
        c->row.id = out.at[i].id;
        c->row.programme = work;
        c->row.version++;
    }
    return NULL;
}

static const char *say(struct placement_case *c, enum placement_input_type type)
{
    const struct placement_input in = input(type, c);

    return run(c, &in);
}

static const char *say_at(struct placement_case *c, enum placement_input_type type,
                          struct instant at)
{
    struct placement_input in = input(type, c);

    in.head.at = at;
    return run(c, &in);
}

static const char *meet(struct placement_case *c, enum placement_requirement kind)
{
    struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, c);
    struct placement_meet_requirement *ask = &in.placement_meet_requirement;

    in.head.actor = (struct actor){ROLE_CN, eve, agency}; /* who may say each of them */
    ask->kind = kind;
    ask->has_supervisor = kind == PLACEMENT_REQUIREMENT_SUPERVISOR;
    ask->supervisor = urban;
    ask->has_valid_until = kind == PLACEMENT_REQUIREMENT_DRAWING_ACCESS;
    ask->valid_until.day = TODAY + 60;
    return run(c, &in);
}

/* clang-format off */
enum { NON, PLA, RDY, STA, INT, NOS, COM, END, ASS, CAN, NO = -1 };

/* In planned all but the insurance is met, so meeting that makes it ready. */
static const int lives[PLACEMENT_INPUTS][STATES] = {
    /*                                           NON  PLA  RDY  STA  INT  NOS  COM  END  ASS  CAN */
    [PLACEMENT_PLAN]                         = { PLA, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_MEET_REQUIREMENT]             = { NO,  RDY, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_LOSE_REQUIREMENT]             = { NO,  PLA, PLA, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_START]                        = { NO,  NO,  STA, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_CHANGE_PERIOD]                = { NO,  PLA, RDY, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_REPLACE_SUPERVISOR]           = { NO,  PLA, PLA, STA, INT, NO,  COM, END, NO,  NO  },
    [PLACEMENT_REPORT_NO_SHOW]               = { NO,  NO,  NOS, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_LOG_DAY]                      = { NO,  NO,  NO,  STA, INT, NO,  COM, END, ASS, NO  },
    [PLACEMENT_STRIKE_DAY]                   = { NO,  NO,  NO,  STA, INT, NO,  COM, END, ASS, NO  },
    [PLACEMENT_AGREE_DAY]                    = { NO,  NO,  NO,  STA, INT, NO,  COM, END, ASS, NO  },
    [PLACEMENT_DISPUTE_DAY]                  = { NO,  NO,  NO,  STA, INT, NO,  COM, END, ASS, NO  },
    [PLACEMENT_INTERRUPT]                    = { NO,  NO,  NO,  INT, NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_RESUME]                       = { NO,  NO,  NO,  NO,  STA, NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_END]                          = { NO,  NO,  NO,  END, END, NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_ASSESS]                       = { NO,  NO,  NO,  NO,  NO,  NO,  ASS, ASS, NO,  NO  },
    [PLACEMENT_AGREE]                        = { NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  ASS, NO  },
    [PLACEMENT_CONTEST]                      = { NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  ASS, NO  },
    [PLACEMENT_RECORD_OUTCOME]               = { NO,  NO,  NO,  NO,  NO,  NOS, COM, END, ASS, CAN },
    [PLACEMENT_CANCEL]                       = { NO,  CAN, CAN, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_UNDO]                         = { NO,  PLA, RDY, INT, STA, NOS, COM, END, ASS, CAN },
    [PLACEMENT_LAPSE]                        = { NO,  PLA, PLA, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_COMPLETE]                     = { NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO  },
    [PLACEMENT_CLOSE_BOOK]                   = { NO,  NO,  NO,  NO,  NO,  NO,  COM, END, ASS, NO  },
    [PLACEMENT_REMIND]                       = { NO,  NO,  NO,  NO,  INT, NO,  COM, END, ASS, NO  },
    [PLACEMENT_ON_PERSON_ROLE_ENDED]         = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_PERSON_HIDDEN]             = { NON, PLA, RDY, STA, INT, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_PERSON_ERASED]             = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_UNDONE]           = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_CANCELLED]        = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_FAILED]           = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_COMPLETED]        = { NON, CAN, CAN, STA, INT, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_REJECTED]         = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_EXPIRED]          = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_DUPLICATE_LINKED] = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
    [PLACEMENT_ON_REFERRAL_ENTERED_IN_ERROR] = { NON, CAN, CAN, END, END, NOS, COM, END, ASS, CAN },
};

/* The same in whichever state. */
static const unsigned who_may[PLACEMENT_REMIND + 1] = {
    [PLACEMENT_PLAN]             = ROLE_CO | ROLE_HO | ROLE_CN,
    [PLACEMENT_MEET_REQUIREMENT] = ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN,
    [PLACEMENT_LOSE_REQUIREMENT] = ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN,
    [PLACEMENT_START]            = ROLE_SU | ROLE_HO,
    [PLACEMENT_REPORT_NO_SHOW]   = ROLE_SU | ROLE_CN,
    [PLACEMENT_CHANGE_PERIOD]    = ROLE_HO | ROLE_CO,
    [PLACEMENT_REPLACE_SUPERVISOR] = ROLE_HO | ROLE_CO,
    [PLACEMENT_LOG_DAY]          = ROLE_SU | ROLE_HO,
    [PLACEMENT_STRIKE_DAY]       = ROLE_SU | ROLE_HO,
    [PLACEMENT_AGREE_DAY]        = ROLE_PT,
    [PLACEMENT_DISPUTE_DAY]      = ROLE_PT,
    [PLACEMENT_INTERRUPT]        = ROLE_CN | ROLE_HO | ROLE_PT,
    [PLACEMENT_RESUME]           = ROLE_CN | ROLE_HO | ROLE_PT,
    [PLACEMENT_END]              = ROLE_PT | ROLE_HO | ROLE_CN | ROLE_DM,
    [PLACEMENT_ASSESS]           = ROLE_SU | ROLE_HO,
    [PLACEMENT_AGREE]            = ROLE_PT,
    [PLACEMENT_CONTEST]          = ROLE_PT,
    [PLACEMENT_RECORD_OUTCOME]   = ROLE_CN | ROLE_CO | ROLE_PT,
    [PLACEMENT_CANCEL]           = ROLE_HO | ROLE_CN | ROLE_PT | ROLE_CO,
    [PLACEMENT_UNDO]             = ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN | ROLE_PT,
    [PLACEMENT_LAPSE]            = ROLE_TM,
    [PLACEMENT_COMPLETE]         = ROLE_TM,
    [PLACEMENT_CLOSE_BOOK]       = ROLE_TM,
    [PLACEMENT_REMIND]           = ROLE_TM,
};
/* clang-format on */

static void every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < PLACEMENT_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct placement_case c = given(state);
            const char *code = say(&c, type);
            const int next = lives[type][state];
            const struct refusal *why = state == NON ? &life_unknown : &life_not_now;

            if (type == PLACEMENT_PLAN && state != NON) continue; /* creations have no row */
            matrix_code(&placement_contract, type, placement_state_words[state], code,
                        next == NO ? why->code : NULL);
            matrix_state(&placement_contract, type, placement_state_words[state],
                         placement_state_words[c.row.state],
                         placement_state_words[next == NO ? (int)state : next]);
        }
    }
}

static const char *say_as(struct placement_case c, enum placement_input_type type, enum role role,
                          struct id actor, struct id organisation, struct id programme)
{
    struct placement_input in = input(type, &c);

    in.head.actor = (struct actor){role, actor, organisation};
    in.head.programme = programme;
    return run(&c, &in);
}

static void every_role_for_every_step(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type <= PLACEMENT_REMIND; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
                struct placement_case c = given(state);
                const struct id self = role == ROLE_PT ? bo : sven;
                const bool is_own = role == ROLE_PT || role == ROLE_SU || role == ROLE_HO ||
                                    role == ROLE_CO || role == ROLE_CN || role == ROLE_DM;
                const struct id whose = role == ROLE_CN || role == ROLE_DM ? agency : tramway;
                const bool may_have_ended = type == PLACEMENT_UNDO && state == END;
                const unsigned may = who_may[type] | (may_have_ended ? ROLE_DM : 0);
                const char *code;

                if (lives[type][state] == NO) continue;
                if (type == PLACEMENT_PLAN && state != NON) continue;
                c.row.undo.by = self;
                code = say_as(c, type, role, self, whose, work);
                matrix_role_code(&placement_contract, type, placement_state_words[state], role,
                                 code, role & may ? NULL : life_forbidden.code);
                if ((role & may) == 0 || role == ROLE_TM) continue;

                if (is_own) /* only on their own */
                    assert_ptr_equal(say_as(c, type, role, eve, railway, work),
                                     life_forbidden.code);
                assert_ptr_equal(say_as(c, type, role, self, whose, elsewhere),
                                 type == PLACEMENT_PLAN ? placement_no_such_trainee.code
                                                        : life_unknown.code);
            }
        }
    }
}

/* But they themself, and deadlines. */
static void who_is_not_cleared_does_nothing_with_who_is_protected(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type <= PLACEMENT_REMIND; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct placement_case c = given(state);
            struct placement_input in = input(type, &c);
            const enum role role = in.head.actor.role;
            const char *code;

            if (lives[type][state] == NO || (type == PLACEMENT_PLAN) != (state == NON)) continue;
            c.trainee.protection = PROTECTION_MARKED;
            in.head.is_cleared = false;
            code = run(&c, &in);
            if ((code == life_guarded.code) == (role == ROLE_PT || role == ROLE_TM))
                fail_msg("input %u in state %u, role %x: %s", type, state, role, code);
        }
    }
}

/* Who supervises now, and who is to. */
static void nor_with_a_supervisor_who_is(void **unused)
{
    (void)unused;
    for (unsigned type = PLACEMENT_PLAN + 1; type <= PLACEMENT_REMIND; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            for (int is_named = 0; is_named < 2; is_named++) {
                struct placement_case c = given(state);
                struct placement_input in = input(type, &c);
                struct supervisor *hidden = is_named ? &c.supervisor : &c.of_now;
                const enum role role = in.head.actor.role;
                const char *code;

                if (lives[type][state] == NO || state == NON) continue;
                hidden->id = role == ROLE_SU ? in.head.actor.id : (struct id){"hidden"};
                hidden->has_protection = true;
                hidden->protection = PROTECTION_MARKED;
                in.head.is_cleared = false;
                code = run(&c, &in);
                if ((code == life_guarded.code) ==
                    (role == ROLE_PT || role == ROLE_TM || role == ROLE_SU))
                    fail_msg("input %u in state %u, role %x: %s", type, state, role, code);
            }
        }
    }
}

static void a_stale_version_is_a_conflict(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_READY);
    struct placement_input in = input(PLACEMENT_START, &c);

    (void)unused;
    in.head.version--;
    assert_ptr_equal(run(&c, &in), life_conflict.code);
}

static void a_plan_has_its_reasons_not_to_be(void **unused)
{
    struct placement_case c;
    struct placement_input in;

    (void)unused;
#define REFUSED(change, why)         \
    c = given(PLACEMENT_STATE_NONE); \
    in = input(PLACEMENT_PLAN, &c);  \
    change;                          \
    assert_ptr_equal(run(&c, &in), placement_##why.code)

    REFUSED(memset(&c.trainee, 0, sizeof c.trainee), no_such_trainee);
    REFUSED(c.trainee.state = TRAINEE_STATE_CLOSED, not_open);
    REFUSED(c.trainee.is_held = true, not_open);
    REFUSED(c.trainee.restricted = true, restricted);
    REFUSED(c.rules.is_closed = true, programme_closed);
    REFUSED(memset(&c.posting, 0, sizeof c.posting), no_such_posting);
    REFUSED(c.posting.programme = elsewhere, no_such_posting);
    for (enum posting_state s = POSTING_STATE_DRAFT; s <= POSTING_STATE_ARCHIVED; s++) {
        if (s == POSTING_STATE_PUBLISHED) continue;
        REFUSED(c.posting.state = s, posting_not_open);
    }
    REFUSED(c.has_placement = true, has_placement);
    REFUSED(c.taken = 2, no_seat);
    REFUSED((in.placement_plan.has_from = true, in.placement_plan.from.day = TODAY - 11),
            outside_period);
    REFUSED((in.placement_plan.has_until = true, in.placement_plan.until.day = TODAY + 101),
            beyond_period);
    REFUSED((in.placement_plan.has_until = true, in.placement_plan.until.day = TODAY - 11),
            period_backwards);
#undef REFUSED
}

static void an_organisation_plans_for_nobody_whom_it_does_not_know(void **unused)
{
    const struct actor bound[] = {{ROLE_HO, eve, tramway}, {ROLE_CO, eve, tramway}};
    struct placement_case c;

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        c = given(PLACEMENT_STATE_NONE);
        c.is_known = false;
        assert_ptr_equal(say_as(c, PLACEMENT_PLAN, bound[i].role, eve, tramway, work),
                         placement_no_such_trainee.code);
        c.trainee.state = TRAINEE_STATE_CLOSED; /* nor do they hear how it stands */
        assert_ptr_equal(say_as(c, PLACEMENT_PLAN, bound[i].role, eve, tramway, work),
                         placement_no_such_trainee.code);
    }
    c = given(PLACEMENT_STATE_NONE);
    c.is_known = false;
    assert_null(say_as(c, PLACEMENT_PLAN, ROLE_CO, eve, (struct id){{0}}, work));
    assert_null(say_as(c, PLACEMENT_PLAN, ROLE_CN, eve, agency, work));
}

static void a_plan_is_for_the_postings_period_unless_it_says_another(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_NONE);
    struct placement_input in = input(PLACEMENT_PLAN, &c);

    (void)unused;
    in.placement_plan.has_from = true;
    in.placement_plan.from.day = TODAY + 3;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.from.day, TODAY + 3);
    assert_int_equal(c.row.until.day, TODAY + 100);
    assert_true(id_equal(c.row.host, tramway));
    assert_true(id_equal(c.row.participant, bo));
}

static void fifty_plans_for_one_seat(void **unused)
{
    int64_t taken = 0;

    (void)unused;
    for (int n = 0; n < 50; n++) {
        struct placement_case c = given(PLACEMENT_STATE_NONE);
        const char *code;

        c.posting.details.seats = 1;
        c.taken = taken;
        code = say(&c, PLACEMENT_PLAN);
        if (code != NULL) assert_ptr_equal(code, placement_no_seat.code);
        taken += placement_is_open(c.row.state);
    }
    assert_int_equal(taken, 1);
}

static void it_is_ready_when_everything_is_met_in_whichever_order(void **unused)
{
    static const enum placement_requirement orders[][5] = {
        {PLACEMENT_REQUIREMENT_AGREEMENT, PLACEMENT_REQUIREMENT_SUPERVISOR,
         PLACEMENT_REQUIREMENT_DRAWING_ACCESS, PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION,
         PLACEMENT_REQUIREMENT_INSURANCE},
        {PLACEMENT_REQUIREMENT_SUPERVISOR, PLACEMENT_REQUIREMENT_INSURANCE,
         PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION, PLACEMENT_REQUIREMENT_DRAWING_ACCESS,
         PLACEMENT_REQUIREMENT_AGREEMENT},
        {PLACEMENT_REQUIREMENT_INSURANCE, PLACEMENT_REQUIREMENT_AGREEMENT,
         PLACEMENT_REQUIREMENT_SUPERVISOR, PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION,
         PLACEMENT_REQUIREMENT_DRAWING_ACCESS},
        {PLACEMENT_REQUIREMENT_INSURANCE, PLACEMENT_REQUIREMENT_SUPERVISOR,
         PLACEMENT_REQUIREMENT_DRAWING_ACCESS, PLACEMENT_REQUIREMENT_AGREEMENT,
         PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION},
    };

    (void)unused;
    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++) {
        struct placement_case c = given(PLACEMENT_STATE_NONE);

        assert_null(say(&c, PLACEMENT_PLAN));
        for (size_t i = 0; i < 5; i++) {
            assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED);
            assert_null(meet(&c, orders[o][i]));
        }
        assert_int_equal(c.row.state, PLACEMENT_STATE_READY);
    }
}

static void nothing_is_met_before_the_programme_began(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_PLANNED);
    struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, &c);

    (void)unused;
    in.placement_meet_requirement.has_on = true;
    in.placement_meet_requirement.on.day = TODAY - 3;
    c.rules.from.day = TODAY - 2;
    assert_ptr_equal(run(&c, &in), placement_met_before_programme.code);
    assert_int_equal(placement_met_before_programme.kind, ERROR_INVALID);
    assert_string_equal(placement_met_before_programme.field, "on");
    assert_string_equal(placement_before_programme.field, "behalf.on");
    c.rules.from.day--;
    assert_null(run(&c, &in));
}

static void nothing_is_met_twice(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_PLANNED);

    (void)unused;
    assert_ptr_equal(meet(&c, PLACEMENT_REQUIREMENT_AGREEMENT), placement_already_met.code);
    assert_ptr_equal(meet(&c, PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION),
                     placement_already_met.code);
    c.row.supervisor = urban;
    assert_ptr_equal(meet(&c, PLACEMENT_REQUIREMENT_SUPERVISOR), placement_already_met.code);
}

static void a_supervisor_is_one_and_not_everybody_can_be_this_ones(void **unused)
{
    struct placement_case c;

    (void)unused;
#define REFUSED(change, why)            \
    c = given(PLACEMENT_STATE_PLANNED); \
    change;                             \
    assert_ptr_equal(meet(&c, PLACEMENT_REQUIREMENT_SUPERVISOR), placement_##why.code)

    REFUSED(memset(&c.supervisor, 0, sizeof c.supervisor), no_such_supervisor);
    REFUSED(c.supervisor.state = SUPERVISOR_STATE_GONE, no_such_supervisor);
    REFUSED(c.supervisor.programme = elsewhere, no_such_supervisor);
    REFUSED(c.supervisor.restricted = true, restricted);
    REFUSED(c.row.participant = urban, own_supervisor);
    REFUSED(c.is_mentor = true, supervisor_is_mentor);
    REFUSED(c.trainee.protection = PROTECTION_MARKED, not_cleared);
#undef REFUSED
    c = given(PLACEMENT_STATE_PLANNED);
    c.trainee.protection = PROTECTION_MARKED;
    c.supervisor.cleared = true;
    assert_null(meet(&c, PLACEMENT_REQUIREMENT_SUPERVISOR));
}

static void what_a_requirement_needs_has_to_be_named(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_PLANNED);
    struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, &c);

    (void)unused;
    in.head.actor = (struct actor){ROLE_CN, eve, agency};
    in.placement_meet_requirement.kind = PLACEMENT_REQUIREMENT_SUPERVISOR;
    assert_ptr_equal(run(&c, &in), placement_supervisor_missing.code);
    in.placement_meet_requirement.kind = PLACEMENT_REQUIREMENT_DRAWING_ACCESS;
    assert_ptr_equal(run(&c, &in), placement_access_missing.code);
    in.placement_meet_requirement.has_valid_until = true;
    in.placement_meet_requirement.valid_until.day = TODAY - 1;
    assert_ptr_equal(run(&c, &in), placement_access_over.code);
    c.row.has_supervisor = false;
    assert_ptr_equal(run(&c, &in), placement_no_supervisor.code);
}

static void another_supervisor_needs_an_access_of_their_own(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_PLANNED);

    (void)unused;
    assert_null(meet(&c, PLACEMENT_REQUIREMENT_SUPERVISOR));
    assert_int_equal(out.count, 3);
    assert_true(id_equal(out.at[1].placement_requirement_lost.supervisor, sven));
    assert_true(id_equal(c.row.supervisor, urban));
    assert_false(c.row.has_drawing_access);
    assert_null(meet(&c, PLACEMENT_REQUIREMENT_INSURANCE));
    assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED);
    assert_null(meet(&c, PLACEMENT_REQUIREMENT_DRAWING_ACCESS));
    assert_int_equal(c.row.state, PLACEMENT_STATE_READY);
}

static void supervisors_may_name_themselves_for_their_own_host(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_PLANNED), d;
    struct placement_input in;

    (void)unused;
    c.row.has_supervisor = c.row.has_drawing_access = false;
    d = c;
    in = input(PLACEMENT_MEET_REQUIREMENT, &c);
    in.placement_meet_requirement = (struct placement_meet_requirement){
        .kind = PLACEMENT_REQUIREMENT_SUPERVISOR, .has_supervisor = true, .supervisor = urban};
    in.head.actor = (struct actor){ROLE_SU, urban, tramway};
    assert_null(run(&c, &in));
    in.head.actor.organisation = railway;
    assert_ptr_equal(run(&d, &in), life_forbidden.code);
}

/* Nor written down for them. */
static void the_agreement_is_nobodys_of_the_host_to_approve(void **unused)
{
    const struct actor hosts[] = {
        {ROLE_SU, sven, tramway}, {ROLE_HO, eve, tramway}, {ROLE_CO, eve, tramway}};
    struct placement_case c = given(PLACEMENT_STATE_PLANNED);
    struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, &c);

    (void)unused;
    c.row.agreement = false;
    in.placement_meet_requirement.kind = PLACEMENT_REQUIREMENT_AGREEMENT;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        in.head.actor = hosts[i];
        assert_ptr_equal(run(&c, &in), placement_hosts_own.code);
    }
    in.head.actor = (struct actor){ROLE_CO, eve, {{0}}};
    in.head.has_behalf = true;
    in.head.behalf.of = VOICE_HOST;
    assert_ptr_equal(run(&c, &in), placement_hosts_own.code);
    in.head.has_behalf = false;
    in.head.actor = (struct actor){ROLE_CN, eve, agency};
    assert_null(run(&c, &in));
}

/* Who signs, supervises or coordinates for the host is of the host also where they come as the agency's or the programme's. */
static void nor_in_another_part(void **unused)
{
    const struct party stands[] = {{.has_signs = true, .signs = tramway},
                                   {.has_supervises = true, .supervises = tramway},
                                   {.has_coordinates = true, .coordinates = tramway}};
    const struct actor others[] = {{ROLE_CO, eve, {{0}}}, {ROLE_CN, eve, agency}};

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        for (size_t n = 0; n < 2; n++) {
            struct placement_case c = given(PLACEMENT_STATE_PLANNED), d;
            struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, &c);

            c.row.agreement = false;
            in.placement_meet_requirement.kind = PLACEMENT_REQUIREMENT_AGREEMENT;
            in.head.actor = others[n];
            c.approves = stands[i];
            d = c;
            assert_ptr_equal(run(&c, &in), placement_hosts_own.code);
            d.row.host = railway; /* for another they are somebody else */
            assert_null(run(&d, &in));
        }
    }
}

/* In whatever role they come. */
static void a_supervisor_does_not_write_down_what_the_participant_said(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED), d = c;
    struct placement_input in = input(PLACEMENT_END, &c);

    (void)unused;
    in.head.has_behalf = true;
    in.head.behalf.of = VOICE_PARTICIPANT;
    in.head.actor = (struct actor){ROLE_CO, sven, {{0}}};
    assert_ptr_equal(run(&c, &in), placement_other_side.code);
    in.head.actor.id = eve;
    assert_null(run(&d, &in));
}

/* In whatever role they come. */
static void a_supervisor_does_not_record_their_own_access(void **unused)
{
    const struct actor selves[] = {{ROLE_SU, sven, tramway}, {ROLE_HO, sven, tramway}};
    struct placement_case c = given(PLACEMENT_STATE_PLANNED);
    struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, &c);

    (void)unused;
    in.placement_meet_requirement =
        (struct placement_meet_requirement){.kind = PLACEMENT_REQUIREMENT_DRAWING_ACCESS,
                                            .has_valid_until = true,
                                            .valid_until = {TODAY + 90}};
    for (size_t i = 0; i < sizeof selves / sizeof selves[0]; i++) {
        in.head.actor = selves[i];
        assert_ptr_equal(run(&c, &in), life_forbidden.code);
    }
    in.head.actor = (struct actor){ROLE_HO, eve, tramway};
    in.head.has_behalf = true;
    in.head.behalf.of = VOICE_SUPERVISOR;
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
    in.head.has_behalf = false;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.drawing_access.day, TODAY + 90);
}

static void every_requirement_can_be_lost_before_the_start(void **unused)
{
    (void)unused;
    for (enum placement_requirement kind = 0; kind <= PLACEMENT_REQUIREMENT_INSURANCE; kind++) {
        struct placement_case c = given(PLACEMENT_STATE_READY);
        struct placement_input in = input(PLACEMENT_LOSE_REQUIREMENT, &c);

        in.placement_lose_requirement.kind = kind;
        assert_null(run(&c, &in));
        assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED);
        assert_ptr_equal(say(&c, PLACEMENT_START), life_not_now.code);
        assert_null(meet(&c, kind));
        if (kind == PLACEMENT_REQUIREMENT_SUPERVISOR)
            assert_null(meet(&c, PLACEMENT_REQUIREMENT_DRAWING_ACCESS));
        assert_int_equal(c.row.state, PLACEMENT_STATE_READY);
    }
}

static void what_was_met_for_the_wrong_placement_is_taken_back_before_it_is_ready(void **unused)
{
    (void)unused;
    for (enum placement_requirement kind = 0; kind < PLACEMENT_REQUIREMENT_INSURANCE; kind++) {
        struct placement_case c = given(PLACEMENT_STATE_PLANNED);
        struct placement_input in = input(PLACEMENT_LOSE_REQUIREMENT, &c);

        in.placement_lose_requirement.kind = kind;
        in.placement_lose_requirement.reason = PLACEMENT_REASON_ENTERED_IN_ERROR;
        assert_null(run(&c, &in));
        assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED);
        in.head.version = c.row.version;
        assert_ptr_equal(run(&c, &in), placement_not_met.code);
        if (kind == PLACEMENT_REQUIREMENT_SUPERVISOR)
            assert_null(meet(&c, PLACEMENT_REQUIREMENT_SUPERVISOR));
        assert_null(meet(&c, PLACEMENT_REQUIREMENT_INSURANCE));
        assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED); /* without it nothing begins */
        assert_ptr_equal(say(&c, PLACEMENT_START), life_not_now.code);
    }
}

static void a_supervisor_is_named_by_who_has_to_do_with_them(void **unused)
{
    static const struct {
        struct actor actor;
        struct id of; /* whose they are; zero: the programme's */
        bool lends, is_good;
    } rows[] = {
        {{ROLE_HO, eve, tramway}, tramway, false, true},
        {{ROLE_HO, eve, tramway}, railway, false, false},
        {{ROLE_HO, eve, tramway}, railway, true, false},
        {{ROLE_HO, eve, tramway}, {{0}}, false, false},
        {{ROLE_HO, eve, tramway}, {{0}}, true, true},
        {{ROLE_CO, eve, tramway}, railway, false, false},
        {{ROLE_CO, eve, {{0}}}, railway, false, true},
        {{ROLE_CO, eve, {{0}}}, {{0}}, false, true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const expected = rows[i].is_good ? NULL : placement_anothers_supervisor.code;
        struct placement_case c = given(PLACEMENT_STATE_PLANNED), d;
        struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, &c);

        c.supervisor.has_organisation = !id_equal(rows[i].of, (struct id){{0}});
        c.supervisor.organisation = rows[i].of;
        c.rules.rules.lends_supervisors = rows[i].lends;
        d = c;
        in.head.actor = rows[i].actor;
        in.placement_meet_requirement = (struct placement_meet_requirement){
            .kind = PLACEMENT_REQUIREMENT_SUPERVISOR, .has_supervisor = true, .supervisor = urban};
        assert_ptr_equal(run(&c, &in), expected);
        in = input(PLACEMENT_REPLACE_SUPERVISOR, &d);
        in.head.actor = rows[i].actor;
        assert_ptr_equal(run(&d, &in), expected);
    }
}

static void the_access_to_the_drawings_expires_the_day_after_its_last(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_READY);
    unsigned command;
    const struct instant due = placement_due(&c.row, &command);

    (void)unused;
    assert_int_equal(command, PLACEMENT_LAPSE);
    assert_int_equal(due.ms, begin_of(61));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), placement_not_due.code);
    assert_null(say_at(&c, command, due));
    assert_int_equal(out.at[0].placement_requirement_lost.reason, PLACEMENT_REASON_ACCESS_EXPIRED);
    assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED);
    assert_int_equal(placement_due(&c.row, &command).ms, 0);
}

static const char *told(struct placement_case *c, enum placement_input_type type, enum role by,
                        enum voice of)
{
    struct placement_input in = input(type, c);

    in.head.actor = (struct actor){by, urban, {{0}}};
    if (by == ROLE_HO) in.head.actor.organisation = c->row.host;
    if (by == ROLE_CN) in.head.actor.organisation = c->row.agency;
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){.of = of, .told = TOLD_HOW_IN_PERSON};
    return run(c, &in);
}

static void a_supervisor_who_leaves_is_missing_until_the_assessment(void **unused)
{
    static const struct {
        enum placement_state from, to;
        bool is_lost, is_access_lost;
        int said;
    } rows[] = {
        {PLACEMENT_STATE_PLANNED, PLACEMENT_STATE_PLANNED, true, true, PLACEMENT_REQUIREMENT_LOST},
        {PLACEMENT_STATE_READY, PLACEMENT_STATE_PLANNED, true, true, PLACEMENT_REQUIREMENT_LOST},
        {PLACEMENT_STATE_STARTED, PLACEMENT_STATE_STARTED, true, false, PLACEMENT_SUPERVISOR_LEFT},
        {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_STATE_INTERRUPTED, true, false,
         PLACEMENT_SUPERVISOR_LEFT},
        {PLACEMENT_STATE_COMPLETED, PLACEMENT_STATE_COMPLETED, true, false,
         PLACEMENT_SUPERVISOR_LEFT},
        {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_STATE_ENDED_EARLY, true, false,
         PLACEMENT_SUPERVISOR_LEFT},
        {PLACEMENT_STATE_ASSESSED, PLACEMENT_STATE_ASSESSED, false, false, -1},
        {PLACEMENT_STATE_CANCELLED, PLACEMENT_STATE_CANCELLED, false, false, -1},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct placement_case c = given(rows[i].from);
        struct placement_input in = input(PLACEMENT_ON_PERSON_ROLE_ENDED, &c);

        in.head.id = sven;
        assert_null(run(&c, &in)); /* as a participant: somebody else's */
        assert_int_equal(c.row.state, rows[i].from);
        in.person_role_ended.part = PERSON_PART_SUPERVISOR;
        assert_null(run(&c, &in));
        assert_int_equal(c.row.state, rows[i].to);
        assert_int_equal(c.row.has_supervisor, !rows[i].is_lost);
        assert_int_equal(c.row.has_drawing_access, !rows[i].is_access_lost);
        assert_int_equal(out.count > 0 ? (int)out.at[0].type : -1, rows[i].said);
    }
}

static void who_left_supervises_nothing_more_and_another_can_be_named(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_ON_PERSON_ROLE_ENDED, &c);

    (void)unused;
    in.head.id = sven;
    in.person_role_ended.part = PERSON_PART_SUPERVISOR;
    assert_null(run(&c, &in));
    assert_true(id_equal(out.at[0].placement_supervisor_left.supervisor, sven));
    assert_ptr_equal(say(&c, PLACEMENT_LOG_DAY), life_forbidden.code);
    assert_ptr_equal(told(&c, PLACEMENT_LOG_DAY, ROLE_CO, VOICE_SUPERVISOR),
                     placement_no_supervisor.code);
    assert_null(say(&c, PLACEMENT_REPLACE_SUPERVISOR));
    assert_false(out.at[0].placement_supervisor_replaced.has_before);
    assert_true(id_equal(c.row.supervisor, urban));
    assert_null(told(&c, PLACEMENT_LOG_DAY, ROLE_CO, VOICE_SUPERVISOR));
}

static void before_the_start_another_supervisor_needs_access_of_their_own(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_READY);

    (void)unused;
    assert_null(say(&c, PLACEMENT_REPLACE_SUPERVISOR));
    assert_int_equal(out.at[0].placement_requirement_lost.kind,
                     PLACEMENT_REQUIREMENT_DRAWING_ACCESS);
    assert_true(id_equal(c.row.supervisor, urban));
    assert_false(c.row.has_drawing_access);
    assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED);
    c.row.has_supervisor = false;
    assert_ptr_equal(say(&c, PLACEMENT_REPLACE_SUPERVISOR), placement_no_supervisor.code);
}

static void there_is_no_start_before_the_agreement_or_the_first_day(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_READY);

    (void)unused;
    c.row.agreement = false; /* it cannot come to this; it is checked all the same */
    assert_ptr_equal(say(&c, PLACEMENT_START), placement_no_agreement.code);
    c.row.agreement = true;
    c.row.from.day = TODAY + 1;
    assert_ptr_equal(say(&c, PLACEMENT_START), placement_too_early.code);
    assert_ptr_equal(say(&c, PLACEMENT_REPORT_NO_SHOW), placement_too_early.code);
    c.row.from.day = TODAY;
    assert_null(say(&c, PLACEMENT_START));
    assert_int_equal(c.row.started_on.day, TODAY);
}

static void it_is_completed_when_its_last_day_is_over(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    unsigned command;
    const struct instant due = placement_due(&c.row, &command);

    (void)unused;
    assert_int_equal(command, PLACEMENT_COMPLETE);
    assert_int_equal(due.ms, begin_of(31));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), placement_not_due.code);
    assert_null(say_at(&c, command, due));
    assert_int_equal(c.row.ended_on.day, TODAY + 30);
}

static const char *log_line(struct placement_case *c, int64_t minutes,
                            enum placement_activity activity, bool is_correction)
{
    struct placement_input in = input(PLACEMENT_LOG_DAY, c);

    in.placement_log_day.minutes = minutes;
    in.placement_log_day.activity = activity;
    in.placement_log_day.has_corrects = is_correction;
    in.placement_log_day.corrects = line;
    return run(c, &in);
}

static void minutes_add_up_and_a_correction_replaces_the_old(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED); /* 300 minutes, in one line */

    (void)unused;
    assert_null(log_line(&c, 240, PLACEMENT_ACTIVITY_TRAINING, false));
    assert_int_equal(c.row.minutes, 540);
    assert_null(log_line(&c, 400, PLACEMENT_ACTIVITY_ABSENT_ILL, false));
    assert_int_equal(c.row.minutes, 540);
    assert_null(log_line(&c, 200, PLACEMENT_ACTIVITY_WORK, true));
    assert_int_equal(c.row.minutes, 440);
    assert_int_equal(c.row.days, 4);
    c.day.activity = PLACEMENT_ACTIVITY_ABSENT_EXCUSED;
    assert_null(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true));
    assert_int_equal(c.row.minutes, 500);
    c.day.state = DAY_STATE_CORRECTED;
    assert_ptr_equal(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true), placement_day_settled.code);
    c.day.placement = elsewhere;
    assert_ptr_equal(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true), placement_no_such_day.code);
}

static void only_days_of_the_placement_so_far_are_logged(void **unused)
{
    static const struct {
        int64_t day;
        bool is_one;
    } rows[] = {{TODAY - 2, false}, {TODAY - 1, true}, {TODAY, true}, {TODAY + 1, false}};

    (void)unused;
    for (size_t i = 0; i < 4; i++) {
        struct placement_case c = given(PLACEMENT_STATE_STARTED);
        struct placement_input in = input(PLACEMENT_LOG_DAY, &c);

        in.placement_log_day.on.day = rows[i].day;
        assert_ptr_equal(run(&c, &in), rows[i].is_one ? NULL : placement_day_outside.code);
    }
}

static void the_participant_has_a_word_on_every_line(void **unused)
{
    /* clang-format off */
    static const struct { enum day_state state; const struct refusal *agree, *dispute; } rows[] = {
        {DAY_STATE_NONE,      &placement_no_such_day, &placement_no_such_day},
        {DAY_STATE_LOGGED,    NULL,                   NULL},
        {DAY_STATE_AGREED,    &placement_day_settled, NULL}, /* by mistake */
        {DAY_STATE_DISPUTED,  NULL,                   &placement_day_settled},
        {DAY_STATE_CORRECTED, &placement_day_settled, &placement_day_settled},
        {DAY_STATE_STRUCK,    &placement_day_settled, &placement_day_settled},
    };
    /* clang-format on */

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct placement_case c = given(PLACEMENT_STATE_STARTED);

        c.day.state = rows[i].state;
        assert_ptr_equal(say(&c, PLACEMENT_AGREE_DAY), rows[i].agree ? rows[i].agree->code : NULL);
        assert_ptr_equal(say(&c, PLACEMENT_DISPUTE_DAY),
                         rows[i].dispute ? rows[i].dispute->code : NULL);
    }
}

/* Written down afterwards. */

static const char *start_on(struct placement_case *c, int64_t day)
{
    struct placement_input in = input(PLACEMENT_START, c);

    in.placement_start.has_on = true;
    in.placement_start.on.day = day;
    return run(c, &in);
}

static void it_started_on_the_day_that_is_said(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_READY);

    (void)unused;
    c.row.from.day = TODAY - 5;
    c.row.has_agreement_on = true;
    c.row.agreement_on.day = TODAY - 3;
    assert_ptr_equal(start_on(&c, TODAY - 6), placement_start_outside.code);
    assert_ptr_equal(start_on(&c, TODAY - 4), placement_start_outside.code); /* no agreement yet */
    assert_ptr_equal(start_on(&c, TODAY + 1), placement_start_outside.code);
    c.row.until.day = TODAY - 1;
    assert_ptr_equal(start_on(&c, TODAY), placement_start_outside.code);
    assert_null(start_on(&c, TODAY - 3));
    assert_int_equal(c.row.started_on.day, TODAY - 3);
}

static void an_agreement_may_be_told_of_late(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_PLANNED);
    struct placement_input in = input(PLACEMENT_MEET_REQUIREMENT, &c);

    (void)unused;
    c.row.agreement = false;
    in.head.actor = (struct actor){ROLE_CN, eve, agency};
    in.placement_meet_requirement.kind = PLACEMENT_REQUIREMENT_AGREEMENT;
    in.placement_meet_requirement.has_on = true;
    in.placement_meet_requirement.on.day = TODAY - 2;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.agreement_on.day, TODAY - 2);
    c.row.agreement = false;
    in.placement_meet_requirement.has_on = false;
    in.head.version = c.row.version;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.agreement_on.day, TODAY);
}

static void it_ended_on_the_day_that_is_said(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_END, &c);

    (void)unused;
    in.placement_end.has_on = true;
    in.placement_end.on.day = TODAY - 2;
    assert_ptr_equal(run(&c, &in), placement_end_outside.code);
    in.placement_end.on.day = TODAY + 1;
    assert_ptr_equal(run(&c, &in), placement_end_outside.code);
    in.placement_end.on.day = TODAY - 1;
    c.has_lines_behind = true;
    assert_ptr_equal(run(&c, &in), placement_lines_behind.code);
    c.has_lines_behind = false;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.ended_on.day, TODAY - 1);
    assert_int_equal(c.row.book_until.day, TODAY + 14); /* from when it is said */
}

static const char *pause_on(struct placement_case *c, int64_t on, int64_t until)
{
    struct placement_input in = input(PLACEMENT_INTERRUPT, c);

    in.placement_interrupt.has_on = true;
    in.placement_interrupt.on.day = on;
    in.placement_interrupt.until.day = until;
    return run(c, &in);
}

static const char *resume_on(struct placement_case *c, int64_t on)
{
    struct placement_input in = input(PLACEMENT_RESUME, c);

    in.placement_resume.has_on = true;
    in.placement_resume.on.day = on;
    return run(c, &in);
}

static const char *log_on(struct placement_case *c, int64_t on)
{
    struct placement_input in = input(PLACEMENT_LOG_DAY, c);

    in.placement_log_day.on.day = on;
    return run(c, &in);
}

static void it_paused_on_the_days_that_are_said(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);

    (void)unused;
    c.row.from.day = c.row.started_on.day = TODAY - 9;
    assert_ptr_equal(pause_on(&c, TODAY - 10, TODAY + 5), placement_interrupt_outside.code);
    assert_ptr_equal(pause_on(&c, TODAY + 1, TODAY + 5), placement_interrupt_outside.code);
    c.has_lines_behind = true;
    assert_ptr_equal(pause_on(&c, TODAY - 6, TODAY + 5), placement_lines_behind.code);
    c.has_lines_behind = false;
    assert_null(pause_on(&c, TODAY - 6, TODAY + 5));
    assert_ptr_equal(resume_on(&c, TODAY - 7), placement_resume_outside.code);
    assert_ptr_equal(resume_on(&c, TODAY + 1), placement_resume_outside.code);
    assert_null(resume_on(&c, TODAY - 2));
    assert_null(log_on(&c, TODAY - 6));
    assert_ptr_equal(log_on(&c, TODAY - 5), placement_day_outside.code);
    assert_ptr_equal(log_on(&c, TODAY - 3), placement_day_outside.code);
    assert_null(log_on(&c, TODAY - 2));
}

/* Said or not, it is the same day: nothing was missed, and it goes on as if it had not paused. */
static void a_pause_may_be_over_on_its_own_day(void **unused)
{
    for (int64_t on = TODAY - 1; on <= TODAY; on++) {
        struct placement_case c = given(PLACEMENT_STATE_STARTED);

        (void)unused;
        c.row.from.day = c.row.started_on.day = TODAY - 9;
        assert_null(pause_on(&c, on, TODAY + 5));
        assert_null(resume_on(&c, on));
        assert_int_equal(c.row.pauses.count, 0);
        assert_false(c.row.has_interrupted_on);
        assert_null(log_on(&c, on));
    }
}

static void a_pause_stays_one_when_it_is_over(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_INTERRUPTED);
    struct placement_input in;

    (void)unused;
    c.row.started_on.day = TODAY - 9;
    c.row.interrupted_on.day = TODAY - 3;
    assert_null(say(&c, PLACEMENT_RESUME));
    in = input(PLACEMENT_UNDO, &c);
    in.head.actor.id = c.row.undo.by;
    assert_null(run(&c, &in)); /* it goes on */
    assert_int_equal(c.row.pauses.count, 0);
    assert_int_equal(c.row.interrupted_on.day, TODAY - 3);
    assert_null(say(&c, PLACEMENT_END));
    assert_ptr_equal(log_on(&c, TODAY - 2), placement_day_outside.code);
    assert_ptr_equal(log_on(&c, TODAY), placement_day_outside.code);
    assert_null(log_on(&c, TODAY - 3));
}

/* With a warning four days before; what is disputed can be settled behind it. */
static void the_day_book_is_closed_some_days_after_the_end(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    unsigned command;
    struct instant due;

    (void)unused;
    c.rules.rules.has_book_days = true;
    c.rules.rules.book_days = 10;
    assert_null(say(&c, PLACEMENT_END));
    assert_int_equal(c.row.book_until.day, TODAY + 10);
    due = placement_due(&c.row, &command);
    assert_int_equal(command, PLACEMENT_REMIND);
    assert_int_equal(due.ms, begin_of(7));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), placement_not_due.code);
    assert_null(say_at(&c, command, due));
    assert_int_equal(out.at[0].placement_reminded.awaited, PLACEMENT_AWAITED_DAY_BOOK);
    assert_int_equal(out.at[0].placement_reminded.due.ms, begin_of(11));
    assert_true(id_equal(out.at[0].placement_reminded.supervisor, sven));
    assert_false(out.at[0].placement_reminded.missed);
    assert_null(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, false));
    due = placement_due(&c.row, &command);
    assert_int_equal(command, PLACEMENT_CLOSE_BOOK);
    assert_int_equal(due.ms, begin_of(11));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), placement_not_due.code);
    assert_null(say_at(&c, command, due));
    due = placement_due(&c.row, &command);
    assert_int_equal(command, PLACEMENT_REMIND); /* of the outcome */
    assert_int_equal(due.ms, begin_of(90));

    assert_ptr_equal(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, false), placement_book_closed.code);
    assert_ptr_equal(say(&c, PLACEMENT_STRIKE_DAY), placement_book_closed.code);
    assert_ptr_equal(say(&c, PLACEMENT_DISPUTE_DAY), placement_book_closed.code);
    assert_ptr_equal(say(&c, PLACEMENT_AGREE_DAY), placement_book_closed.code);
    c.day.state = DAY_STATE_DISPUTED;
    assert_null(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true));
    assert_null(say(&c, PLACEMENT_STRIKE_DAY));
    assert_null(say(&c, PLACEMENT_AGREE_DAY));
}

/* The line that a decision has just written instead of c's, as it is then. */
static void take_correction(struct placement_case *c)
{
    struct day_event event = {.type = DAY_AFTER_PLACEMENT_DAY_LOGGED, .id = ours};

    assert_int_equal(out.at[0].type, PLACEMENT_DAY_LOGGED);
    event.placement_day_logged = out.at[0].placement_day_logged;
    c->day = (struct day){.id = line, .version = 1};
    day_evolve(&c->day, &event);
}

static struct placement_case closed_with(enum day_state state)
{
    struct placement_case c = given(PLACEMENT_STATE_ASSESSED);

    c.row.has_book_until = false;
    c.day.state = state;
    return c;
}

/* A dispute is over when the participant has agreed, and not when somebody has written another line. */
static void what_is_written_instead_of_a_disputed_line_can_be_answered(void **unused)
{
    struct placement_case c = closed_with(DAY_STATE_DISPUTED), other;

    (void)unused;
    assert_null(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true));
    take_correction(&c);
    other = c;
    assert_null(say(&other, PLACEMENT_AGREE_DAY));
    other = c;
    assert_null(say(&other, PLACEMENT_STRIKE_DAY));
    other = c;
    assert_null(say(&other, PLACEMENT_DISPUTE_DAY));
    assert_null(log_line(&c, 90, PLACEMENT_ACTIVITY_WORK, true)); /* a slip of the pen */
    take_correction(&c);
    assert_null(say(&c, PLACEMENT_DISPUTE_DAY));
    c.day.state = DAY_STATE_AGREED; /* settled */
    assert_ptr_equal(say(&c, PLACEMENT_DISPUTE_DAY), placement_book_closed.code);
    assert_ptr_equal(say(&c, PLACEMENT_STRIKE_DAY), placement_book_closed.code);
    assert_ptr_equal(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true), placement_book_closed.code);
}

/* Also one of before the end that nobody has answered; of a line that nobody disputed it is too late. */
static void a_correction_of_before_the_end_is_answered_where_it_was_disputed(void **unused)
{
    (void)unused;
    for (unsigned is_disputed = 0; is_disputed < 2; is_disputed++) {
        struct placement_case c = given(PLACEMENT_STATE_STARTED);
        const char *code = is_disputed ? NULL : placement_book_closed.code;

        c.day.state = is_disputed ? DAY_STATE_DISPUTED : DAY_STATE_LOGGED;
        assert_null(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true));
        take_correction(&c);
        c.row = closed_with(DAY_STATE_LOGGED).row;
        assert_ptr_equal(say(&c, PLACEMENT_AGREE_DAY), code);
        assert_ptr_equal(say(&c, PLACEMENT_DISPUTE_DAY), code);
    }
}

static void a_day_book_that_is_closed_already_is_not_warned_of(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_COMPLETED);

    (void)unused;
    assert_null(say_at(&c, PLACEMENT_REMIND, (struct instant){begin_of(15)}));
    assert_true(out.at[0].placement_reminded.missed);
    c = given(PLACEMENT_STATE_COMPLETED);
    assert_null(say_at(&c, PLACEMENT_REMIND, (struct instant){begin_of(15) - 1}));
    assert_false(out.at[0].placement_reminded.missed);
}

/* Of before: nobody said until when. */
static void a_day_book_of_before_is_closed(void **unused)
{
    struct placement row = {.state = PLACEMENT_STATE_STARTED, .until = {TODAY}};
    const struct placement_event event = {.type = PLACEMENT_COMPLETED,
                                          .placement_completed = {.on = {TODAY}}};

    (void)unused;
    placement_evolve(&row, &event);
    assert_false(row.has_book_until);
}

static void while_interrupted_days_before_are_written(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_INTERRUPTED);
    struct placement_input in = input(PLACEMENT_LOG_DAY, &c);

    (void)unused;
    c.row.interrupted_on.day = TODAY - 1;
    assert_ptr_equal(run(&c, &in), placement_day_outside.code);
    in.placement_log_day.on.day = TODAY - 1;
    assert_null(run(&c, &in));
}

static const char *log_beside(int64_t minutes, enum placement_activity activity,
                              int64_t other_minutes, enum placement_activity other, bool also)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_LOG_DAY, &c);

    c.lines_count = 1;
    c.lines[0] = (struct day){.id = {"beside"}, .minutes = other_minutes, .activity = other};
    in.placement_log_day.minutes = minutes;
    in.placement_log_day.activity = activity;
    in.placement_log_day.has_also = in.placement_log_day.also = also;
    return run(&c, &in);
}

static void the_lines_of_a_day_fit_into_it(void **unused)
{
    /* clang-format off */
    static const struct {
        int64_t minutes; enum placement_activity activity; int64_t beside; enum placement_activity other;
        bool also; const struct refusal *why;
    } rows[] = {
        {240,  PLACEMENT_ACTIVITY_WORK,         240,  PLACEMENT_ACTIVITY_TRAINING,    false, NULL},
        {240,  PLACEMENT_ACTIVITY_WORK,         240,  PLACEMENT_ACTIVITY_WORK,        false, &placement_day_twice},
        {240,  PLACEMENT_ACTIVITY_WORK,         240,  PLACEMENT_ACTIVITY_WORK,        true,  NULL},
        {720,  PLACEMENT_ACTIVITY_WORK,         720,  PLACEMENT_ACTIVITY_WORK,        true,  NULL},
        {720,  PLACEMENT_ACTIVITY_WORK,         721,  PLACEMENT_ACTIVITY_WORK,        true,  &placement_day_too_long},
        {450,  PLACEMENT_ACTIVITY_ABSENT_ILL,   60,   PLACEMENT_ACTIVITY_WORK,        false, &placement_work_and_absence},
        {449,  PLACEMENT_ACTIVITY_ABSENT_ILL,   60,   PLACEMENT_ACTIVITY_WORK,        false, NULL},
        {60,   PLACEMENT_ACTIVITY_WORK,         450,  PLACEMENT_ACTIVITY_ABSENT_ILL,  false, &placement_work_and_absence},
        {450,  PLACEMENT_ACTIVITY_ABSENT_ILL,   450,  PLACEMENT_ACTIVITY_ABSENT_EXCUSED, false, NULL},
    };
    /* clang-format on */

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_ptr_equal(log_beside(rows[i].minutes, rows[i].activity, rows[i].beside,
                                    rows[i].other, rows[i].also),
                         rows[i].why == NULL ? NULL : rows[i].why->code);
}

/* Half a day twice is a whole one, whichever of the lines comes last. */
static void absences_of_a_day_are_added_together(void **unused)
{
    static const struct day lines[] = {
        {.id = {"a"}, .minutes = 240, .activity = PLACEMENT_ACTIVITY_ABSENT_ILL},
        {.id = {"b"}, .minutes = 210, .activity = PLACEMENT_ACTIVITY_ABSENT_EXCUSED},
        {.id = {"c"}, .minutes = 480, .activity = PLACEMENT_ACTIVITY_WORK},
    };

    (void)unused;
    for (uint32_t last = 0; last < 3; last++)
        for (unsigned is_less = 0; is_less < 2; is_less++) {
            struct placement_case c = given(PLACEMENT_STATE_STARTED);
            struct placement_input in = input(PLACEMENT_LOG_DAY, &c);

            for (uint32_t i = 0; i < 3; i++)
                if (i != last) c.lines[c.lines_count++] = lines[i];
            c.lines[0].minutes -= is_less; /* an absence, whichever comes last */
            in.placement_log_day.minutes = lines[last].minutes;
            in.placement_log_day.activity = lines[last].activity;
            assert_ptr_equal(run(&c, &in), is_less ? NULL : placement_work_and_absence.code);
        }
}

static void a_line_that_is_corrected_makes_room(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);

    (void)unused;
    c.lines_count = 1;
    c.lines[0] = c.day;
    c.lines[0].minutes = 1440;
    assert_null(log_line(&c, 1440, PLACEMENT_ACTIVITY_WORK, true));
    c.lines_count = DAY_LINES_MAX;
    for (uint32_t i = 0; i < c.lines_count; i++)
        c.lines[i] = (struct day){.minutes = 1, .activity = PLACEMENT_ACTIVITY_TRAINING};
    assert_ptr_equal(log_line(&c, 1, PLACEMENT_ACTIVITY_WORK, false), placement_day_full.code);
    assert_ptr_equal(log_line(&c, 1, PLACEMENT_ACTIVITY_WORK, true),
                     placement_day_full.code); /* a line of another day's */
    c.lines[DAY_LINES_MAX - 1].id = line;
    assert_null(log_line(&c, 1, PLACEMENT_ACTIVITY_WORK, true));
}

static void a_line_that_is_struck_does_not_count(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);

    (void)unused;
    assert_null(say(&c, PLACEMENT_STRIKE_DAY));
    assert_int_equal(c.row.minutes, 0);
    c.day.state = DAY_STATE_STRUCK;
    assert_ptr_equal(say(&c, PLACEMENT_STRIKE_DAY), placement_day_settled.code);
    assert_ptr_equal(log_line(&c, 60, PLACEMENT_ACTIVITY_WORK, true), placement_day_settled.code);
}

static void the_host_writes_where_the_programme_says_so(void **unused)
{
    static const enum placement_input_type types[] = {PLACEMENT_LOG_DAY, PLACEMENT_STRIKE_DAY,
                                                      PLACEMENT_ASSESS};

    (void)unused;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct placement_case c = given(PLACEMENT_STATE_COMPLETED);
        struct placement_input in = input(types[i], &c);

        in.head.actor.role = ROLE_HO;
        c.rules.rules.host_writes = false;
        assert_ptr_equal(run(&c, &in), placement_leaves_to_supervisor.code);
        c.rules.rules.host_writes = true;
        assert_null(run(&c, &in));
    }
}

static bool is_as_before(const struct placement *row, const struct placement *was)
{
    struct placement one = *row, other = *was;

    one.version = other.version = 0;
    one.has_undo = other.has_undo = false;
    one.undo = other.undo = (struct placement_way_back){0};
    return memcmp(&one, &other, sizeof one) == 0;
}

static bool is_planned(enum placement_state state)
{
    return state == PLACEMENT_STATE_PLANNED || state == PLACEMENT_STATE_READY;
}

static void the_last_step_can_be_taken_back_by_who_did_it(void **unused)
{
    static const struct {
        enum placement_state state;
        enum placement_input_type type;
    } steps[] = {
        {PLACEMENT_STATE_STARTED, PLACEMENT_INTERRUPT},
        {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_RESUME},
        {PLACEMENT_STATE_ASSESSED, PLACEMENT_AGREE},
        {PLACEMENT_STATE_ASSESSED, PLACEMENT_CONTEST},
        {PLACEMENT_STATE_COMPLETED, PLACEMENT_RECORD_OUTCOME},
        {PLACEMENT_STATE_READY, PLACEMENT_START},
        {PLACEMENT_STATE_READY, PLACEMENT_REPORT_NO_SHOW},
        {PLACEMENT_STATE_READY, PLACEMENT_CANCEL},
        {PLACEMENT_STATE_PLANNED, PLACEMENT_CANCEL},
        {PLACEMENT_STATE_STARTED, PLACEMENT_END},
        {PLACEMENT_STATE_INTERRUPTED, PLACEMENT_END},
        {PLACEMENT_STATE_COMPLETED, PLACEMENT_ASSESS},
        {PLACEMENT_STATE_ENDED_EARLY, PLACEMENT_ASSESS},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct placement_case c = given(steps[i].state);
        struct placement_input in = input(steps[i].type, &c), back;
        struct placement was;

        if (steps[i].state == PLACEMENT_STATE_INTERRUPTED)
            c.row.interrupted_on.day--; /* so that today is of the pause */
        if (is_planned(steps[i].state)) {
            c.row.has_started_on = false;
            c.row.started_on = (struct date){0};
        }
        was = c.row;
        assert_null(run(&c, &in));
        back = input(PLACEMENT_UNDO, &c);
        back.head.actor = (struct actor){ROLE_CO, eve, {{0}}};
        assert_ptr_equal(run(&c, &back), placement_undo_anothers.code);
        back.head.actor = in.head.actor;
        back.head.at.ms = in.head.at.ms + 3600001;
        assert_ptr_equal(run(&c, &back), placement_undo_too_late.code);
        back.head.at.ms--;
        assert_null(run(&c, &back));
        if (!is_as_before(&c.row, &was))
            fail_msg("%s is not as before", matrix_input(&placement_contract, steps[i].type));
        assert_ptr_equal(run(&c, &back), life_conflict.code);
        back = input(PLACEMENT_UNDO, &c);
        assert_ptr_equal(run(&c, &back), placement_nothing_to_undo.code);
    }
}

/* An end on the day of the pause's beginning adds none: the one before stays. */
static void a_pause_of_before_stays_where_an_end_is_taken_back(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_INTERRUPTED);
    struct placement_input in, back;

    (void)unused;
    c.row.started_on.day = TODAY - 9;
    c.row.interrupted_on.day = TODAY - 8;
    c.row.has_pauses = true;
    c.row.pauses = (struct placement_pauses){1, {{{TODAY - 7}, {TODAY - 4}}}};
    in = input(PLACEMENT_END, &c);
    in.placement_end.has_on = true;
    in.placement_end.on.day = TODAY - 8;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.pauses.count, 1);
    back = input(PLACEMENT_UNDO, &c);
    back.head.actor = in.head.actor;
    assert_null(run(&c, &back));
    assert_int_equal(c.row.pauses.count, 1);
    in = input(PLACEMENT_RESUME, &c);
    in.placement_resume.has_on = true;
    in.placement_resume.on.day = TODAY - 7;
    assert_null(run(&c, &in));
    back = input(PLACEMENT_UNDO, &c);
    back.head.actor = in.head.actor;
    assert_null(run(&c, &back));
    assert_int_equal(c.row.pauses.count, 1);
}

/* The seat, who was to have it, and who was to look after them. */
static void a_seat_is_taken_again_only_where_all_are_free(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED), d;
    struct placement_input in = input(PLACEMENT_END, &c), back;

    (void)unused;
    assert_null(run(&c, &in));
    back = input(PLACEMENT_UNDO, &c);
    back.head.actor = in.head.actor;
    d = c;
    d.taken = d.posting.details.seats;
    assert_ptr_equal(run(&d, &back), placement_undo_followed.code);
    d = c;
    d.has_placement = true;
    assert_ptr_equal(run(&d, &back), placement_undo_followed.code);
    d = c;
    d.posting.state = POSTING_STATE_WITHDRAWN;
    assert_ptr_equal(run(&d, &back), placement_undo_followed.code);
    d = c;
    d.trainee.state = TRAINEE_STATE_CLOSED;
    assert_ptr_equal(run(&d, &back), placement_undo_followed.code);
    d = c;
    d.supervisor.state = SUPERVISOR_STATE_GONE;
    assert_ptr_equal(run(&d, &back), placement_undo_followed.code);
    d = c;
    d.is_mentor = true;
    assert_ptr_equal(run(&d, &back), placement_undo_followed.code);
    d = c;
    d.trainee.protection = PROTECTION_MARKED;
    d.supervisor.cleared = false;
    assert_ptr_equal(run(&d, &back), placement_not_cleared.code);
    d = given(PLACEMENT_STATE_COMPLETED);
    in = input(PLACEMENT_ASSESS, &d);
    assert_null(run(&d, &in));
    d.supervisor.state = SUPERVISOR_STATE_GONE; /* nobody is left who could assess it anew */
    in.type = PLACEMENT_UNDO;
    in.head.version = d.row.version;
    assert_ptr_equal(run(&d, &in), placement_undo_followed.code);
    c.trainee.is_held = true; /* as it may have been before */
    c.posting.state = POSTING_STATE_CLOSED;
    assert_null(run(&c, &back));
}

/* What was planned from may have been changed by hand meanwhile. */
static void a_placement_is_not_taken_back_into_another_posting(void **unused)
{
    static const struct {
        const char *why;
        enum posting_state state;
        int64_t from, until;
        bool is_refused;
    } rows[] = {
        {"as it was", POSTING_STATE_PUBLISHED, TODAY - 10, TODAY + 100, false},
        {"paused", POSTING_STATE_PAUSED, TODAY - 10, TODAY + 100, false},
        {"closed", POSTING_STATE_CLOSED, TODAY - 10, TODAY + 100, false},
        {"as long as the placement", POSTING_STATE_PUBLISHED, TODAY, TODAY + 30, false},
        {"begins later", POSTING_STATE_PUBLISHED, TODAY + 1, TODAY + 100, true},
        {"is over sooner", POSTING_STATE_PUBLISHED, TODAY - 10, TODAY + 29, true},
        {"is to be published again", POSTING_STATE_SUBMITTED, TODAY - 10, TODAY + 100, true},
        {"is not to be, as it is", POSTING_STATE_RETURNED, TODAY - 10, TODAY + 100, true},
        {"withdrawn", POSTING_STATE_WITHDRAWN, TODAY - 10, TODAY + 100, true},
        {"archived", POSTING_STATE_ARCHIVED, TODAY - 10, TODAY + 100, true},
    };
    static const struct {
        enum placement_state from;
        enum placement_input_type step;
    } steps[] = {
        {PLACEMENT_STATE_READY, PLACEMENT_CANCEL},
        {PLACEMENT_STATE_READY, PLACEMENT_REPORT_NO_SHOW},
        {PLACEMENT_STATE_STARTED, PLACEMENT_END},
    };

    (void)unused;
    for (size_t n = 0; n < sizeof steps / sizeof steps[0]; n++) {
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct placement_case c = given(steps[n].from);
            struct placement_input in = input(steps[n].step, &c), back;

            c.row.until.day = TODAY + 30;
            assert_null(run(&c, &in));
            back = input(PLACEMENT_UNDO, &c);
            back.head.actor = in.head.actor;
            c.posting.state = rows[i].state;
            c.posting.details.from.day = rows[i].from;
            c.posting.details.until.day = rows[i].until;
            if (run(&c, &back) != (rows[i].is_refused ? placement_undo_followed.code : NULL))
                fail_msg("%s, step %zu", rows[i].why, n);
        }
    }
}

static void what_followed_from_elsewhere_is_not_taken_back(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED), d = given(PLACEMENT_STATE_READY);

    (void)unused;
    assert_null(say(&c, PLACEMENT_ON_REFERRAL_CANCELLED));
    assert_false(c.row.has_undo);
    assert_null(say(&d, PLACEMENT_ON_REFERRAL_CANCELLED));
    assert_false(d.row.has_undo);
}

static void a_token_without_a_person_takes_nothing_back(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_INTERRUPT, &c);

    (void)unused;
    in.head.actor.id = (struct id){{0}};
    assert_null(run(&c, &in));
    in = input(PLACEMENT_UNDO, &c);
    in.head.actor = (struct actor){ROLE_CO, {{0}}, {{0}}};
    assert_ptr_equal(run(&c, &in), placement_undo_anothers.code);
}

static void what_others_go_by_is_not_taken_back(void **unused)
{
    static const struct {
        enum placement_requirement kind;
        bool is_taken_back;
    } rows[] = {{PLACEMENT_REQUIREMENT_AGREEMENT, false},
                {PLACEMENT_REQUIREMENT_SUPERVISOR, false},
                {PLACEMENT_REQUIREMENT_DRAWING_ACCESS, true},
                {PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION, true}};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct placement_case c = given(PLACEMENT_STATE_PLANNED);
        struct placement_input in;

        c.row.agreement = c.row.safety_introduction = false;
        assert_null(meet(&c, rows[i].kind));
        assert_int_equal(c.row.has_undo, rows[i].is_taken_back);
        if (!rows[i].is_taken_back) continue;
        in = input(PLACEMENT_UNDO, &c);
        in.head.actor = (struct actor){ROLE_CN, c.row.undo.by, agency};
        assert_null(run(&c, &in));
        assert_false(c.row.safety_introduction);
        assert_int_equal(c.row.drawing_access.day, TODAY + 60);
    }
}

static void it_is_ready_no_more_when_the_last_requirement_is_taken_back(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_PLANNED), d = c;
    const struct placement was = c.row;
    struct placement_input back;

    (void)unused;
    assert_null(meet(&c, PLACEMENT_REQUIREMENT_INSURANCE));
    assert_int_equal(c.row.state, PLACEMENT_STATE_READY);
    back = input(PLACEMENT_UNDO, &c);
    back.head.actor = (struct actor){ROLE_CN, sven, agency};
    assert_ptr_equal(run(&c, &back), placement_undo_anothers.code);
    back.head.actor.id = eve;
    back.head.at.ms += 3600001;
    assert_ptr_equal(run(&c, &back), placement_undo_too_late.code);
    back.head.at.ms--;
    assert_null(run(&c, &back));
    assert_int_equal(c.row.state, PLACEMENT_STATE_PLANNED);
    assert_true(is_as_before(&c.row, &was));

    d.row.agreement = false; /* by which others go at once */
    d.row.insurance = true;
    assert_null(meet(&d, PLACEMENT_REQUIREMENT_AGREEMENT));
    assert_int_equal(d.row.state, PLACEMENT_STATE_READY);
    assert_false(d.row.has_undo);

    assert_null(meet(&c, PLACEMENT_REQUIREMENT_INSURANCE)); /* what has followed holds it */
    assert_null(say(&c, PLACEMENT_CHANGE_PERIOD));
    assert_false(c.row.has_undo);
}

static void what_others_say_is_written_down_for_them(void **unused)
{
    static const struct {
        enum placement_input_type type;
        enum role by;
        enum voice of;
        bool is_taken;
    } rows[] = {
        {PLACEMENT_LOG_DAY, ROLE_CO, VOICE_SUPERVISOR, true},
        {PLACEMENT_LOG_DAY, ROLE_HO, VOICE_SUPERVISOR, false}, /* what it may not write itself */
        {PLACEMENT_STRIKE_DAY, ROLE_HO, VOICE_SUPERVISOR, false},
        {PLACEMENT_LOG_DAY, ROLE_CN, VOICE_SUPERVISOR, false},
        {PLACEMENT_LOG_DAY, ROLE_CO, VOICE_PARTICIPANT, false},
        {PLACEMENT_LOG_DAY, ROLE_CO, VOICE_HOST, false},
        {PLACEMENT_AGREE_DAY, ROLE_CO, VOICE_PARTICIPANT, true},
        {PLACEMENT_AGREE_DAY, ROLE_CN, VOICE_PARTICIPANT, true},
        {PLACEMENT_AGREE_DAY, ROLE_SU, VOICE_PARTICIPANT, false},
        {PLACEMENT_INTERRUPT, ROLE_CO, VOICE_HOST, true},
        {PLACEMENT_END, ROLE_CO, VOICE_HOST, true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct placement_case c = given(PLACEMENT_STATE_STARTED);
        const char *code;

        c.rules.rules.host_writes = false;
        code = told(&c, rows[i].type, rows[i].by, rows[i].of);
        assert_int_equal(code == NULL, rows[i].is_taken);
        if (code != NULL) continue;
        assert_int_equal(out.at[out.count - 1].type, PLACEMENT_RECORDED_FOR);
        assert_true(
            id_equal(out.at[out.count - 1].placement_recorded_for.supervisor, c.row.supervisor));
        assert_int_equal(out.at[out.count - 1].placement_recorded_for.of, rows[i].of);
        assert_int_equal(out.at[out.count - 1].placement_recorded_for.on.day, TODAY);
        if (out.at[out.count - 1].placement_recorded_for.elsewhere) continue;
        assert_int_equal(c.row.recorded.at[0].of, rows[i].of);
        assert_int_equal(c.row.recorded.at[0].on.day, TODAY);
    }
}

static void lines_stand_on_themselves_and_push_no_word_out(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_READY);

    (void)unused;
    assert_null(told(&c, PLACEMENT_START, ROLE_CO, VOICE_SUPERVISOR));
    for (int i = 0; i < 20; i++) {
        assert_null(told(&c, PLACEMENT_LOG_DAY, ROLE_CO, VOICE_SUPERVISOR));
        assert_int_equal(out.at[out.count - 1].type, PLACEMENT_RECORDED_FOR); /* they hear of it */
        assert_true(out.at[out.count - 1].placement_recorded_for.elsewhere);
        assert_null(told(&c, PLACEMENT_AGREE_DAY, ROLE_CO, VOICE_PARTICIPANT));
        c.day.state = DAY_STATE_LOGGED;
        assert_null(told(&c, PLACEMENT_DISPUTE_DAY, ROLE_CO, VOICE_PARTICIPANT));
        assert_null(told(&c, PLACEMENT_STRIKE_DAY, ROLE_CO, VOICE_SUPERVISOR));
    }
    assert_int_equal(c.row.recorded.count, 1);
    for (int i = 0; i < 12; i++) {
        assert_null(told(&c, PLACEMENT_INTERRUPT, ROLE_CO, VOICE_HOST));
        assert_null(told(&c, PLACEMENT_RESUME, ROLE_CO, VOICE_HOST));
    }
    assert_int_equal(c.row.recorded.count, 16);
    assert_int_equal(c.row.recorded.at[0].said, PLACEMENT_SAID_START);
    assert_int_equal(c.row.recorded.at[15].said, PLACEMENT_SAID_RESUME);
}

/* Every version of a row that has been shown stays as it was. */
static void what_was_recorded_before_lines_kept_it_is_folded_as_it_was(void **unused)
{
    struct placement row = {.state = PLACEMENT_STATE_STARTED};

    (void)unused;
    for (int i = 0; i < 17; i++) {
        struct placement_event event = {.type = PLACEMENT_RECORDED_FOR};

        event.placement_recorded_for.said = i == 0 ? PLACEMENT_SAID_START : PLACEMENT_SAID_LOG_DAY;
        event.placement_recorded_for.on.day = i;
        placement_evolve(&row, &event);
    }
    assert_int_equal(row.recorded.count, 16);
    assert_int_equal(row.recorded.at[0].on.day, 1);
    assert_int_equal(row.recorded.at[15].on.day, 16);
}

/* The days of a pause that was forgotten would count. */
static void a_pause_more_than_there_is_room_for_is_refused(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);

    (void)unused;
    for (int i = 0; i < 16; i++) {
        c.row.started_on.day = TODAY - 40;
        assert_null(pause_on(&c, TODAY - 34 + 2 * i, TODAY + 5));
        assert_null(resume_on(&c, TODAY - 32 + 2 * i));
    }
    assert_int_equal(c.row.pauses.count, 16);
    assert_ptr_equal(pause_on(&c, TODAY, TODAY + 5), placement_too_many_pauses.code);
}

static void a_dispute_names_who_supervises(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);

    (void)unused;
    assert_null(say(&c, PLACEMENT_DISPUTE_DAY));
    assert_true(out.at[0].placement_day_disputed.has_supervisor);
    assert_true(id_equal(out.at[0].placement_day_disputed.supervisor, sven));
}

static void who_takes_over_writes_and_who_did_no_longer(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_REPLACE_SUPERVISOR, &c);

    (void)unused;
    in.placement_replace_supervisor.supervisor = sven;
    c.supervisor.id = sven;
    assert_ptr_equal(run(&c, &in), placement_already_met.code);
    in.placement_replace_supervisor.supervisor = bo;
    assert_ptr_equal(run(&c, &in), placement_own_supervisor.code);
    in.placement_replace_supervisor.supervisor = urban;
    c.trainee.protection = PROTECTION_MARKED;
    assert_ptr_equal(run(&c, &in), placement_not_cleared.code);
    c.trainee.protection = PROTECTION_NONE;
    assert_null(run(&c, &in));
    assert_true(id_equal(out.at[0].placement_supervisor_replaced.before, sven));
    assert_ptr_equal(say(&c, PLACEMENT_LOG_DAY), life_forbidden.code);
    in = input(PLACEMENT_LOG_DAY, &c);
    in.head.actor.id = urban;
    assert_null(run(&c, &in));
}

static void a_period_is_changed_within_the_postings(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_READY);
    struct placement_input in = input(PLACEMENT_CHANGE_PERIOD, &c);
    struct placement_change_period *ask = &in.placement_change_period;

    (void)unused;
    ask->until.day = TODAY + 101;
    assert_ptr_equal(run(&c, &in), placement_beyond_period.code);
    ask->until.day = TODAY - 1;
    assert_ptr_equal(run(&c, &in), placement_period_backwards.code);
    ask->until.day = TODAY + 30;
    assert_ptr_equal(run(&c, &in), placement_same_period.code);
    ask->has_from = true;
    ask->from.day = TODAY + 7;
    ask->until.day = TODAY + 100;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.from.day, TODAY + 7);
    assert_int_equal(c.row.until.day, TODAY + 100);
}

static void an_interruption_does_not_outlast_it(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_INTERRUPT, &c);

    (void)unused;
    in.placement_interrupt.until.day = TODAY + 31;
    assert_ptr_equal(run(&c, &in), placement_beyond_end.code);
    in.placement_interrupt.until.day = TODAY + 30;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.interrupted_on.day, TODAY);
}

/* An outage over both days. */
static void the_outcome_is_asked_for_once_when_both_are_late(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_COMPLETED);
    unsigned command;

    (void)unused;
    c.row.has_book_until = false;
    assert_null(say_at(&c, PLACEMENT_REMIND, (struct instant){begin_of(180)}));
    assert_int_equal(out.at[0].placement_reminded.days, 180);
    assert_int_equal(placement_due(&c.row, &command).ms, 0);
}

static void a_correction_is_a_line_of_its_own_and_the_old_one_says_so(void **unused)
{
    const struct id new_line = {"new line"};
    struct day_event event = {.type = DAY_AFTER_PLACEMENT_DAY_LOGGED, .id = ours};
    struct day old = {.state = DAY_STATE_AGREED, .minutes = 300}, new = {0};

    (void)unused;
    event.placement_day_logged.day = new_line;
    event.placement_day_logged.minutes = 240;
    event.placement_day_logged.has_corrects = true;
    event.placement_day_logged.corrects = line;
    day_evolve(&new, &event);
    day_evolve(&old, &event);
    assert_int_equal(new.state, DAY_STATE_LOGGED);
    assert_int_equal(new.minutes, 240);
    assert_true(id_equal(new.placement, ours) && id_equal(new.corrects, line));
    assert_int_equal(old.state, DAY_STATE_CORRECTED);
    assert_int_equal(old.minutes, 300);
}

/* However many there are: the placement itself remembers the last sixteen. */
static void a_line_that_was_written_down_for_somebody_says_so(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_LOG_DAY, &c);
    struct day_event event = {.type = DAY_AFTER_PLACEMENT_DAY_LOGGED, .id = ours};
    struct day row = {0};

    (void)unused;
    in.head.actor = (struct actor){ROLE_CO, eve, {{0}}};
    in.head.has_behalf = true;
    in.head.behalf.of = VOICE_SUPERVISOR;
    in.head.behalf.told = TOLD_HOW_LETTER;
    assert_null(run(&c, &in));
    event.placement_day_logged = out.at[0].placement_day_logged;
    day_evolve(&row, &event);
    assert_true(row.has_recorded_of && row.has_recorded_told);
    assert_int_equal(row.recorded_of, VOICE_SUPERVISOR);
    assert_int_equal(row.recorded_told, TOLD_HOW_LETTER);

    c.day = row;
    c.day.id = line;
    in = input(PLACEMENT_DISPUTE_DAY, &c);
    in.head.actor = (struct actor){ROLE_CO, eve, {{0}}};
    in.head.has_behalf = true;
    in.head.behalf.of = VOICE_PARTICIPANT;
    in.head.behalf.told = TOLD_HOW_TELEPHONE;
    assert_null(run(&c, &in));
    event.type = DAY_AFTER_PLACEMENT_DAY_DISPUTED;
    event.placement_day_disputed = out.at[0].placement_day_disputed;
    day_evolve(&row, &event);
    assert_int_equal(row.state, DAY_STATE_DISPUTED);
    assert_true(row.has_answer_told);
    assert_int_equal(row.answer_told, TOLD_HOW_TELEPHONE);
    event.type = DAY_AFTER_PLACEMENT_DAY_AGREED;
    event.placement_day_agreed = (struct placement_day_agreed){.day = line};
    day_evolve(&row, &event);
    assert_false(row.has_answer_told); /* that they say themself */

    assert_null(told(&c, PLACEMENT_STRIKE_DAY, ROLE_CO, VOICE_SUPERVISOR));
    event.type = DAY_AFTER_PLACEMENT_DAY_STRUCK;
    event.placement_day_struck = out.at[0].placement_day_struck;
    day_evolve(&row, &event);
    assert_int_equal(row.state, DAY_STATE_STRUCK);
    assert_true(row.has_struck_of && row.has_struck_told);
    assert_int_equal(row.struck_of, VOICE_SUPERVISOR);
}

static void who_left_reads_no_lines_any_more(void **unused)
{
    struct day_event event = {.type = DAY_AFTER_PLACEMENT_SUPERVISOR_LEFT, .id = ours};
    struct day row = {.state = DAY_STATE_AGREED, .has_supervisor = true, .supervisor = sven};

    (void)unused;
    day_evolve(&row, &event);
    assert_false(row.has_supervisor || id_equal(row.supervisor, sven));
    event.type = DAY_AFTER_PLACEMENT_SUPERVISOR_REPLACED;
    event.placement_supervisor_replaced.supervisor = urban;
    day_evolve(&row, &event);
    assert_true(row.has_supervisor && id_equal(row.supervisor, urban));
}

static void an_interruption_keeps_the_seat_and_is_asked_about_once(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_INTERRUPT, &c);
    unsigned command;
    struct instant due;

    (void)unused;
    in.placement_interrupt.until.day = TODAY;
    assert_ptr_equal(run(&c, &in), placement_until_past.code);
    assert_null(say(&c, PLACEMENT_INTERRUPT));
    assert_true(placement_is_open(c.row.state));
    due = placement_due(&c.row, &command);
    assert_int_equal(command, PLACEMENT_REMIND);
    assert_int_equal(due.ms, begin_of(6));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), placement_not_due.code);
    assert_null(say_at(&c, command, due));
    assert_int_equal(out.at[0].placement_reminded.awaited, PLACEMENT_AWAITED_END_OF_INTERRUPTION);
    assert_int_equal(placement_due(&c.row, &command).ms, begin_of(31));
    assert_int_equal(command, PLACEMENT_COMPLETE);
    assert_null(say(&c, PLACEMENT_RESUME));
    assert_int_equal(placement_due(&c.row, &command).ms, begin_of(31));
    assert_int_equal(command, PLACEMENT_COMPLETE);
}

/* Who waits for its end hears of the placement's. */
static void an_interruption_ends_with_the_placement(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_INTERRUPTED);
    unsigned command;
    struct instant due;

    (void)unused;
    c.row.interrupted_until = c.row.until;
    due = placement_due(&c.row, &command);
    assert_int_equal(command, PLACEMENT_COMPLETE);
    assert_int_equal(due.ms, begin_of(31));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), placement_not_due.code);
    assert_null(say_at(&c, command, due));
    assert_int_equal(c.row.state, PLACEMENT_STATE_COMPLETED);
    assert_int_equal(c.row.ended_on.day, TODAY + 30);
    assert_false(c.row.has_interrupted_on || c.row.has_interrupted_until);
    assert_true(c.row.has_book_until);
}

static void what_it_led_to_begins_when_it_does_or_later(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_ENDED_EARLY);
    struct placement_input in = input(PLACEMENT_RECORD_OUTCOME, &c);

    (void)unused;
    in.placement_record_outcome.has_from = true;
    in.placement_record_outcome.from.day = c.row.started_on.day - 1;
    assert_ptr_equal(run(&c, &in), placement_before_placement.code);
    in.placement_record_outcome.from.day++;
    assert_null(run(&c, &in));
    c = given(PLACEMENT_STATE_CANCELLED);
    c.row.has_started_on = false;
    c.row.has_planned_on = true;
    c.row.planned_on.day = TODAY - 20;
    in.placement_record_outcome.from.day = TODAY - 21;
    assert_ptr_equal(run(&c, &in), placement_before_placement.code);
    in.placement_record_outcome.from.day++;
    assert_null(run(&c, &in));
}

static void what_is_said_of_an_outcome_belongs_to_it(void **unused)
{
    static const struct id elsewhere_too = {"shop"};
    static const struct {
        enum placement_outcome outcome;
        bool has_contract, has_organisation, is_at_host, has_from;
        const struct refusal *refused;
    } rows[] = {
        {PLACEMENT_OUTCOME_JOB_AT_HOST, true, false, false, true, NULL},
        {PLACEMENT_OUTCOME_JOB_AT_HOST, true, true, true, true, NULL},
        {PLACEMENT_OUTCOME_JOB_AT_HOST, true, true, false, false, &placement_not_at_host},
        {PLACEMENT_OUTCOME_JOB_AT_HOST, false, false, false, false, &placement_contract_missing},
        {PLACEMENT_OUTCOME_JOB_ELSEWHERE, true, true, false, true, NULL},
        {PLACEMENT_OUTCOME_JOB_ELSEWHERE, true, false, false, false, NULL},
        {PLACEMENT_OUTCOME_JOB_ELSEWHERE, true, true, true, false, &placement_is_at_host},
        {PLACEMENT_OUTCOME_EDUCATION, false, true, false, true, NULL},
        {PLACEMENT_OUTCOME_EDUCATION, false, true, true, true, NULL}, /* a host may teach */
        {PLACEMENT_OUTCOME_EDUCATION, true, false, false, false, &placement_contract_of_nothing},
        {PLACEMENT_OUTCOME_NONE, false, false, false, false, NULL},
        {PLACEMENT_OUTCOME_NONE, true, false, false, false, &placement_contract_of_nothing},
        {PLACEMENT_OUTCOME_NONE, false, true, false, false, &placement_nowhere},
        {PLACEMENT_OUTCOME_NONE, false, false, false, true, &placement_from_no_day},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct placement_case c = given(PLACEMENT_STATE_COMPLETED);
        struct placement_input in = input(PLACEMENT_RECORD_OUTCOME, &c);

        in.placement_record_outcome = (struct placement_record_outcome){
            .outcome = rows[i].outcome,
            .has_contract = rows[i].has_contract,
            .contract = PLACEMENT_CONTRACT_PERMANENT,
            .has_organisation = rows[i].has_organisation,
            .organisation = rows[i].is_at_host ? c.row.host : elsewhere_too,
            .has_from = rows[i].has_from,
            .from = {TODAY + 30}};
        assert_ptr_equal(run(&c, &in), rows[i].refused == NULL ? NULL : rows[i].refused->code);
    }
}

static void nothing_begins_before_the_programme_does(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_NONE), d = given(PLACEMENT_STATE_PLANNED);
    struct placement_input plan = input(PLACEMENT_PLAN, &c),
                           change = input(PLACEMENT_CHANGE_PERIOD, &d);

    (void)unused;
    c.rules.from.day = c.posting.details.from.day + 1; /* an old posting */
    assert_ptr_equal(run(&c, &plan), placement_before_first_day.code);
    plan.placement_plan.has_from = true;
    plan.placement_plan.from = c.rules.from;
    assert_null(run(&c, &plan));

    d.posting.details.from.day = d.row.from.day - 9;
    d.rules.from.day = d.row.from.day - 1;
    change.placement_change_period.has_from = true;
    change.placement_change_period.from.day = d.rules.from.day - 1;
    assert_ptr_equal(run(&d, &change), placement_before_first_day.code);
    change.placement_change_period.from.day++;
    assert_null(run(&d, &change));
}

static void nothing_was_told_before_it_was_planned(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_INTERRUPT, &c);

    (void)unused;
    in.head.actor = (struct actor){ROLE_CO, urban, {{0}}};
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){.of = VOICE_HOST, .has_on = true, .on = {TODAY - 6}};
    c.row.has_planned_on = true;
    c.row.planned_on.day = TODAY - 5;
    assert_ptr_equal(run(&c, &in), placement_before_plan.code);
    in.head.behalf.on.day++;
    assert_null(run(&c, &in));
}

static void whose_word_was_written_down_takes_it_back(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in;

    (void)unused;
    assert_null(told(&c, PLACEMENT_INTERRUPT, ROLE_CO, VOICE_PARTICIPANT));
    in = input(PLACEMENT_UNDO, &c);
    in.head.actor = (struct actor){ROLE_HO, {{0}}, tramway};
    assert_ptr_equal(run(&c, &in), placement_undo_anothers.code);
    in.head.actor = (struct actor){ROLE_PT, bo, {{0}}};
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, PLACEMENT_STATE_STARTED);
    assert_true(out.at[0].placement_undone.disowned);
    assert_int_equal(out.at[0].placement_undone.of, VOICE_PARTICIPANT);
    assert_true(id_equal(out.at[0].placement_undone.supervisor, sven));
}

static void the_outcome_is_asked_for_at_ninety_and_a_hundred_and_eighty_days(void **unused)
{
    static const int64_t after[] = {90, 180};
    struct placement_case c = given(PLACEMENT_STATE_COMPLETED);
    unsigned command;

    (void)unused;
    c.row.has_book_until = false;
    for (int i = 0; i < 2; i++) {
        const struct instant due = placement_due(&c.row, &command);

        assert_int_equal(command, PLACEMENT_REMIND);
        assert_int_equal(due.ms, begin_of(after[i]));
        assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), placement_not_due.code);
        assert_null(say_at(&c, command, due));
        assert_int_equal(out.at[0].placement_reminded.days, after[i]);
        if (i == 0) assert_null(say(&c, PLACEMENT_ASSESS)); /* which changes nothing about it */
    }
    assert_int_equal(placement_due(&c.row, &command).ms, 0);
}

static void an_error_is_not_asked_about(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_STARTED);
    struct placement_input in = input(PLACEMENT_END, &c);
    unsigned command;

    (void)unused;
    in.placement_end.reason = PLACEMENT_REASON_ENTERED_IN_ERROR;
    assert_null(run(&c, &in));
    c.row.has_book_until = false;
    assert_int_equal(placement_due(&c.row, &command).ms, 0);
}

static void a_job_has_a_contract_and_one_at_the_host_is_at_the_host(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_COMPLETED);
    struct placement_input in = input(PLACEMENT_RECORD_OUTCOME, &c);

    (void)unused;
    in.placement_record_outcome.outcome = PLACEMENT_OUTCOME_JOB_AT_HOST;
    assert_ptr_equal(run(&c, &in), placement_contract_missing.code);
    in.placement_record_outcome.has_contract = true;
    in.placement_record_outcome.contract = PLACEMENT_CONTRACT_TEMPORARY;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.outcome, PLACEMENT_OUTCOME_JOB_AT_HOST);
    assert_true(id_equal(c.row.organisation, tramway));
    assert_int_equal(c.row.outcome_on.day, TODAY);

    in.head.version = c.row.version;
    assert_ptr_equal(run(&c, &in), placement_same_outcome.code);
    assert_int_equal(out.count, 0);
    c.row.outcome_on.day--; /* asked again on another day, it is still so */
    assert_null(run(&c, &in));

    in.head.version = c.row.version; /* asked again, it is otherwise */
    in.placement_record_outcome.outcome = PLACEMENT_OUTCOME_NONE;
    in.placement_record_outcome.has_contract = false;
    assert_null(run(&c, &in));
    assert_false(c.row.has_contract || c.row.has_organisation);
}

static void who_contests_the_assessment_may_come_to_agree(void **unused)
{
    struct placement_case c = given(PLACEMENT_STATE_COMPLETED);

    (void)unused;
    assert_null(say(&c, PLACEMENT_ASSESS));
    assert_true(c.row.has_certificate);
    assert_null(say(&c, PLACEMENT_CONTEST));
    assert_ptr_equal(say(&c, PLACEMENT_CONTEST), placement_opinion_said.code);
    assert_null(say(&c, PLACEMENT_AGREE));
    assert_ptr_equal(say(&c, PLACEMENT_CONTEST), placement_opinion_said.code);
    assert_int_equal(c.row.opinion, PLACEMENT_OPINION_AGREES);
}

static void every_event_begins_with_whose_it_is_and_where(void **unused)
{
    static const char *const names[] = {"referral", "participant", "posting", "host"};

    (void)unused;
    for (size_t e = 0; e < placement_contract.event_count; e++)
        for (size_t f = 0; f < 4; f++)
            assert_string_equal(placement_contract.events[e]->fields[f].name, names[f]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_in_every_state),
        cmocka_unit_test(every_role_for_every_step),
        cmocka_unit_test(who_is_not_cleared_does_nothing_with_who_is_protected),
        cmocka_unit_test(nor_with_a_supervisor_who_is),
        cmocka_unit_test(a_stale_version_is_a_conflict),
        cmocka_unit_test(a_plan_has_its_reasons_not_to_be),
        cmocka_unit_test(an_organisation_plans_for_nobody_whom_it_does_not_know),
        cmocka_unit_test(a_plan_is_for_the_postings_period_unless_it_says_another),
        cmocka_unit_test(fifty_plans_for_one_seat),
        cmocka_unit_test(it_is_ready_when_everything_is_met_in_whichever_order),
        cmocka_unit_test(nothing_is_met_before_the_programme_began),
        cmocka_unit_test(nothing_is_met_twice),
        cmocka_unit_test(a_supervisor_is_one_and_not_everybody_can_be_this_ones),
        cmocka_unit_test(what_a_requirement_needs_has_to_be_named),
        cmocka_unit_test(another_supervisor_needs_an_access_of_their_own),
        cmocka_unit_test(supervisors_may_name_themselves_for_their_own_host),
        cmocka_unit_test(the_agreement_is_nobodys_of_the_host_to_approve),
        cmocka_unit_test(nor_in_another_part),
        cmocka_unit_test(a_supervisor_does_not_write_down_what_the_participant_said),
        cmocka_unit_test(a_supervisor_does_not_record_their_own_access),
        cmocka_unit_test(every_requirement_can_be_lost_before_the_start),
        cmocka_unit_test(what_was_met_for_the_wrong_placement_is_taken_back_before_it_is_ready),
        cmocka_unit_test(a_supervisor_is_named_by_who_has_to_do_with_them),
        cmocka_unit_test(the_access_to_the_drawings_expires_the_day_after_its_last),
        cmocka_unit_test(a_supervisor_who_leaves_is_missing_until_the_assessment),
        cmocka_unit_test(who_left_supervises_nothing_more_and_another_can_be_named),
        cmocka_unit_test(before_the_start_another_supervisor_needs_access_of_their_own),
        cmocka_unit_test(there_is_no_start_before_the_agreement_or_the_first_day),
        cmocka_unit_test(it_is_completed_when_its_last_day_is_over),
        cmocka_unit_test(minutes_add_up_and_a_correction_replaces_the_old),
        cmocka_unit_test(only_days_of_the_placement_so_far_are_logged),
        cmocka_unit_test(the_participant_has_a_word_on_every_line),
        cmocka_unit_test(it_started_on_the_day_that_is_said),
        cmocka_unit_test(an_agreement_may_be_told_of_late),
        cmocka_unit_test(it_ended_on_the_day_that_is_said),
        cmocka_unit_test(it_paused_on_the_days_that_are_said),
        cmocka_unit_test(a_pause_may_be_over_on_its_own_day),
        cmocka_unit_test(a_pause_stays_one_when_it_is_over),
        cmocka_unit_test(the_day_book_is_closed_some_days_after_the_end),
        cmocka_unit_test(what_is_written_instead_of_a_disputed_line_can_be_answered),
        cmocka_unit_test(a_correction_of_before_the_end_is_answered_where_it_was_disputed),
        cmocka_unit_test(a_day_book_that_is_closed_already_is_not_warned_of),
        cmocka_unit_test(a_day_book_of_before_is_closed),
        cmocka_unit_test(while_interrupted_days_before_are_written),
        cmocka_unit_test(the_lines_of_a_day_fit_into_it),
        cmocka_unit_test(absences_of_a_day_are_added_together),
        cmocka_unit_test(a_line_that_is_corrected_makes_room),
        cmocka_unit_test(a_line_that_is_struck_does_not_count),
        cmocka_unit_test(the_host_writes_where_the_programme_says_so),
        cmocka_unit_test(the_last_step_can_be_taken_back_by_who_did_it),
        cmocka_unit_test(a_token_without_a_person_takes_nothing_back),
        cmocka_unit_test(a_pause_of_before_stays_where_an_end_is_taken_back),
        cmocka_unit_test(a_seat_is_taken_again_only_where_all_are_free),
        cmocka_unit_test(a_placement_is_not_taken_back_into_another_posting),
        cmocka_unit_test(what_followed_from_elsewhere_is_not_taken_back),
        cmocka_unit_test(what_others_go_by_is_not_taken_back),
        cmocka_unit_test(it_is_ready_no_more_when_the_last_requirement_is_taken_back),
        cmocka_unit_test(what_others_say_is_written_down_for_them),
        cmocka_unit_test(lines_stand_on_themselves_and_push_no_word_out),
        cmocka_unit_test(what_was_recorded_before_lines_kept_it_is_folded_as_it_was),
        cmocka_unit_test(a_pause_more_than_there_is_room_for_is_refused),
        cmocka_unit_test(a_dispute_names_who_supervises),
        cmocka_unit_test(who_takes_over_writes_and_who_did_no_longer),
        cmocka_unit_test(a_period_is_changed_within_the_postings),
        cmocka_unit_test(an_interruption_does_not_outlast_it),
        cmocka_unit_test(the_outcome_is_asked_for_once_when_both_are_late),
        cmocka_unit_test(a_correction_is_a_line_of_its_own_and_the_old_one_says_so),
        cmocka_unit_test(a_line_that_was_written_down_for_somebody_says_so),
        cmocka_unit_test(who_left_reads_no_lines_any_more),
        cmocka_unit_test(an_interruption_keeps_the_seat_and_is_asked_about_once),
        cmocka_unit_test(an_interruption_ends_with_the_placement),
        cmocka_unit_test(what_it_led_to_begins_when_it_does_or_later),
        cmocka_unit_test(what_is_said_of_an_outcome_belongs_to_it),
        cmocka_unit_test(nothing_begins_before_the_programme_does),
        cmocka_unit_test(nothing_was_told_before_it_was_planned),
        cmocka_unit_test(whose_word_was_written_down_takes_it_back),
        cmocka_unit_test(the_outcome_is_asked_for_at_ninety_and_a_hundred_and_eighty_days),
        cmocka_unit_test(an_error_is_not_asked_about),
        cmocka_unit_test(a_job_has_a_contract_and_one_at_the_host_is_at_the_host),
        cmocka_unit_test(who_contests_the_assessment_may_come_to_agree),
        cmocka_unit_test(every_event_begins_with_whose_it_is_and_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
