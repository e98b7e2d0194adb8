/* The life of a mentorship: what every input leads to in every state, who may, and some stories. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "core/life.h"
#include "core/pack.h"
#include "domain/matrix.h"
#include "mentorship/mentorship.h"
#include "supervision/supervision.h"

enum { STATES = MENTORSHIP_STATE_SUPERSEDED + 1 };

#define DAY_MS INT64_C(86400000)

static const struct id work = {"programme"}, elsewhere = {"elsewhere"}, referral = {"referral"},
                       ours = {"ours"}, theirs = {"theirs"}, ada = {"ada"}, bo = {"bo"},
                       cai = {"cai"}, eve = {"eve"};
static const struct instant now = {INT64_C(20000) * DAY_MS + 1000};

/* When the day that is so many days after today is over in Stockholm and Oslo: it is summer there, all of these days. */
static int64_t end_of(int64_t days)
{
    return (20000 + days + 1) * DAY_MS - 2 * 3600000;
}

/* What its last step can have been. */
static enum mentorship_restored before(enum mentorship_state state)
{
    if (state == MENTORSHIP_STATE_ACTIVE) return MENTORSHIP_RESTORED_ON_HOLD;
    if (state == MENTORSHIP_STATE_WITHDRAWN) return MENTORSHIP_RESTORED_AGREED;
    return state == MENTORSHIP_STATE_ON_HOLD || mentorship_was_begun(state)
               ? MENTORSHIP_RESTORED_ACTIVE
               : MENTORSHIP_RESTORED_OFFERED;
}

/* Ours: Ada for Bo; and another mentorship of Bo's, with Cai. */
static struct mentorship_case given(enum mentorship_state state)
{
    struct mentorship_case c = {
        .mentee = {.id = referral,
                   .version = 1,
                   .programme = work,
                   .state = MENTEE_STATE_SEARCHING,
                   .person = bo},
        .mentor = {.id = ada,
                   .version = 1,
                   .programme = work,
                   .state = MENTOR_STATE_ACTIVE,
                   .has_capacity = true,
                   .capacity = 1},
        .rules = {.id = work,
                  .version = 1,
                  .rules = {.offer_days = 7,
                            .offer_reminder_days = 5,
                            .sign_days = 14,
                            .sign_reminder_days = 10,
                            .complete_days = 14,
                            .meeting_target = 5,
                            .target_days = 240}},
        .others_count = 1,
        .others = {{.id = theirs,
                    .version = 1,
                    .programme = work,
                    .state = MENTORSHIP_STATE_PROPOSED,
                    .referral = referral,
                    .participant = bo,
                    .mentor = cai,
                    .has_total = true}},
    };

    if (state == MENTORSHIP_STATE_NONE) return c;
    c.row = (struct mentorship){
        .id = ours,
        .version = 3,
        .programme = work,
        .state = state,
        .referral = referral,
        .participant = bo,
        .mentor = ada,
        .has_total = state == MENTORSHIP_STATE_PROPOSED,
        .has_offered_at = state != MENTORSHIP_STATE_PROPOSED,
        .offered_at = {state == MENTORSHIP_STATE_PROPOSED ? 0 : DAY_MS},
        .has_due = true,
        .due = now,
        .has_remind = true,
        .remind = now,
        .has_undo = true,
        .undo = {.by = ada, .until = {now.ms + 3600000}, .state = before(state)}};
    c.taken = mentorship_holds_place(state);
    if (state == MENTORSHIP_STATE_COMPLETED) {
        c.mentee.state = MENTEE_STATE_COMPLETED;
        c.mentee.has_completed = true;
        c.mentee.completed = ours;
    }
    return c;
}

static struct head head_of(enum role role, struct id id, const struct mentorship_case *c)
{
    return (struct head){.at = now,
                         .is_cleared = true,
                         .actor = {role, id, {{0}}},
                         .programme = work,
                         .id = c->row.id,
                         .version = c->row.version,
                         .ids = {ours}};
}

/* A well-formed input of each type, by the first role that may. */
static struct mentorship_input input(enum mentorship_input_type type,
                                     const struct mentorship_case *c)
{
    static const enum role roles[MENTORSHIP_INPUTS] = {
        [MENTORSHIP_PROPOSE] = ROLE_CO,
        [MENTORSHIP_SUGGEST] = ROLE_SYS,
        [MENTORSHIP_OFFER] = ROLE_CO,
        [MENTORSHIP_ASK_INFO] = ROLE_ME,
        [MENTORSHIP_ACCEPT] = ROLE_ME,
        [MENTORSHIP_DECLINE] = ROLE_ME,
        [MENTORSHIP_WITHDRAW] = ROLE_CO,
        [MENTORSHIP_SIGN_CONFIDENTIALITY] = ROLE_ME,
        [MENTORSHIP_HOLD_FIRST_MEETING] = ROLE_ME,
        [MENTORSHIP_LOG_MEETING] = ROLE_ME,
        [MENTORSHIP_CORRECT_MEETING] = ROLE_ME,
        [MENTORSHIP_STRIKE_MEETING] = ROLE_ME,
        [MENTORSHIP_HOLD] = ROLE_CO,
        [MENTORSHIP_RESUME] = ROLE_CO,
        [MENTORSHIP_COMPLETE] = ROLE_ME,
        [MENTORSHIP_END] = ROLE_CO,
        [MENTORSHIP_UNDO] = ROLE_ME,
        [MENTORSHIP_REMIND] = ROLE_TM,
        [MENTORSHIP_EXPIRE] = ROLE_TM,
        [MENTORSHIP_OVERDUE] = ROLE_TM,
        [MENTORSHIP_LIST_ALTERNATIVES] = ROLE_SYS,
    };
    const bool is_command = type < MENTORSHIP_ON_PERSON_ROLE_ENDED;
    struct mentorship_input in = {.type = type,
                                  .head = head_of(is_command ? roles[type] : ROLE_SYS, ada, c)};

    if (!is_command) in.head.id = referral;
    if (type == MENTORSHIP_PROPOSE) {
        in.mentorship_propose.referral = referral;
        in.mentorship_propose.mentor = ada;
    }
    if (type == MENTORSHIP_SUGGEST) {
        in.mentorship_suggest.referral = referral;
        in.mentorship_suggest.mentor = ada;
        in.mentorship_suggest.seen_mentee = in.mentorship_suggest.seen_mentor = 1;
        in.mentorship_suggest.total = 45;
    }
    if (type == MENTORSHIP_LOG_MEETING) in.mentorship_log_meeting.minutes = 60;
    if (type == MENTORSHIP_CORRECT_MEETING)
        in.mentorship_correct_meeting = (struct mentorship_correct_meeting){
            .meeting = {"met"}, .has_minutes = true, .minutes = 45};
    if (type == MENTORSHIP_HOLD) in.mentorship_hold.until.day = 20010;
    if (type == MENTORSHIP_ON_PERSON_ROLE_ENDED) {
        in.head.id = bo;
        in.person_role_ended.part = PERSON_PART_PARTICIPANT;
    }
    return in;
}

static struct mentorship *row_of(struct mentorship_case *c, struct id id)
{
    for (uint32_t i = 0; i < c->others_count; i++)
        if (id_equal(c->others[i].id, id)) return &c->others[i];
    assert_true(id_equal(id, ours));
    return &c->row;
}

/* Decide, and evolve by what was decided as the runtime does: the code of the refusal, or NULL. */
static struct mentorship_events out;

static const char *run(struct mentorship_case *c, const struct mentorship_input *in)
{
    struct error err = {0};

    out.count = 0;
    if (!mentorship_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        struct mentorship *row = row_of(c, out.at[i].id);
        const bool held = mentorship_holds_place(row->state);

        mentorship_evolve(row, &out.at[i]);
        row->id = out.at[i].id;
        row->programme = work;
        row->version++;
        if (row == &c->row) c->taken += mentorship_holds_place(row->state) - held;
    }
    return NULL;
}

/* A meeting of yesterday, of an hour, that is named. */
static void name_meeting(struct mentorship_case *c, enum mentorship_party by)
{
    c->meetings_count = 1;
    c->meetings[0] = (struct mentor_meeting){
        .id = {"met"}, .mentorship = ours, .on = {19999}, .minutes = 60, .by = by};
}

static const char *say(struct mentorship_case *c, enum mentorship_input_type type)
{
    const struct mentorship_input in = input(type, c);
    const bool names_one = type == MENTORSHIP_CORRECT_MEETING || type == MENTORSHIP_STRIKE_MEETING;

    if (names_one && c->meetings_count == 0) name_meeting(c, MENTORSHIP_PARTY_MENTOR);
    return run(c, &in);
}

static const char *say_as(struct mentorship_case *c, enum mentorship_input_type type,
                          enum role role, struct id actor)
{
    struct mentorship_input in = input(type, c);

    in.head.actor = (struct actor){role, actor, {{0}}};
    if (type == MENTORSHIP_CORRECT_MEETING || type == MENTORSHIP_STRIKE_MEETING)
        name_meeting(c, role == ROLE_ME   ? MENTORSHIP_PARTY_MENTOR
                        : role == ROLE_PT ? MENTORSHIP_PARTY_PARTICIPANT
                                          : MENTORSHIP_PARTY_COORDINATOR);
    return run(c, &in);
}

static const char *say_at(struct mentorship_case *c, enum mentorship_input_type type,
                          struct instant at)
{
    struct mentorship_input in = input(type, c);

    in.head.at = at;
    return run(c, &in);
}

/* clang-format off */
enum { NON, PRO, OFF, ACC, AGR, ACT, HLD, COM, DEC, WDR, EXP, END, SUP, NO = -1 };

/* Signing and completing need two: the first leaves the state as it is. */
static const int lives[MENTORSHIP_INPUTS][STATES] = {
    /*                                             NON  PRO  OFF  ACC  AGR  ACT  HLD  COM  DEC  WDR  EXP  END  SUP */
    [MENTORSHIP_PROPOSE]                       = { PRO, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_SUGGEST]                       = { PRO, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_OFFER]                         = { NO,  OFF, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_ASK_INFO]                      = { NO,  NO,  OFF, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_ACCEPT]                        = { NO,  NO,  ACC, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_DECLINE]                       = { NO,  NO,  DEC, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_WITHDRAW]                      = { NO,  WDR, WDR, WDR, WDR, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_SIGN_CONFIDENTIALITY]          = { NO,  NO,  NO,  ACC, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_HOLD_FIRST_MEETING]            = { NO,  NO,  NO,  NO,  ACT, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_CORRECT_MEETING]               = { NO,  NO,  NO,  NO,  NO,  ACT, HLD, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_STRIKE_MEETING]                = { NO,  NO,  NO,  NO,  NO,  ACT, HLD, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_LOG_MEETING]                   = { NO,  NO,  NO,  NO,  NO,  ACT, HLD, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_HOLD]                          = { NO,  NO,  NO,  NO,  NO,  HLD, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_RESUME]                        = { NO,  NO,  NO,  NO,  NO,  NO,  ACT, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_COMPLETE]                      = { NO,  NO,  NO,  NO,  NO,  ACT, HLD, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_END]                           = { NO,  NO,  NO,  NO,  NO,  END, END, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_UNDO]                          = { NO,  NO,  NO,  OFF, NO,  HLD, ACT, ACT, OFF, AGR, NO,  ACT, NO  },
    [MENTORSHIP_REMIND]                        = { NO,  NO,  OFF, ACC, AGR, ACT, HLD, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_EXPIRE]                        = { NO,  NO,  EXP, EXP, EXP, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_OVERDUE]                       = { NO,  NO,  NO,  NO,  NO,  NO,  HLD, NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_LIST_ALTERNATIVES]             = { NO,  PRO, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [MENTORSHIP_ON_PERSON_ROLE_ENDED]          = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_PERSON_PROTECTION_CHANGED]  = { NON, PRO, OFF, ACC, AGR, ACT, HLD, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_PERSON_HIDDEN]  = { NON, PRO, OFF, ACC, AGR, ACT, HLD, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_PERSON_ERASED]              = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_UNDONE]            = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_CANCELLED]         = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_FAILED]            = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_COMPLETED]         = { NON, WDR, WDR, ACC, AGR, ACT, HLD, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_REJECTED]          = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_EXPIRED]           = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_DUPLICATE_LINKED]  = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_REFERRAL_ENTERED_IN_ERROR]  = { NON, WDR, WDR, WDR, WDR, END, END, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_QUESTION_ASKED]             = { NON, PRO, OFF, ACC, AGR, ACT, HLD, COM, DEC, WDR, EXP, END, SUP },
    [MENTORSHIP_ON_QUESTION_ANSWERED]          = { NON, PRO, OFF, ACC, AGR, ACT, HLD, COM, DEC, WDR, EXP, END, SUP },
};

#define EVERYBODY (2 * ROLE_SYS - 1)

/* Row for row as the domain has it. */
static const struct { unsigned state, input, who; } who_may[] = {
    { NON, MENTORSHIP_PROPOSE,              ROLE_CO | ROLE_SYS },
    { NON, MENTORSHIP_SUGGEST,              ROLE_SYS },
    { PRO, MENTORSHIP_OFFER,                ROLE_CO },
    { PRO, MENTORSHIP_WITHDRAW,             ROLE_CO },
    { OFF, MENTORSHIP_ACCEPT,               ROLE_ME },
    { OFF, MENTORSHIP_ASK_INFO,             ROLE_ME },
    { OFF, MENTORSHIP_DECLINE,              ROLE_ME },
    { OFF, MENTORSHIP_EXPIRE,               ROLE_TM },
    { OFF, MENTORSHIP_REMIND,               ROLE_TM },
    { OFF, MENTORSHIP_WITHDRAW,             ROLE_CO | ROLE_PT | ROLE_ME | ROLE_SYS },
    { ACC, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME | ROLE_PT },
    { ACC, MENTORSHIP_WITHDRAW,             ROLE_CO | ROLE_PT | ROLE_ME | ROLE_SYS },
    { ACC, MENTORSHIP_EXPIRE,               ROLE_TM },
    { ACC, MENTORSHIP_REMIND,               ROLE_TM },
    { AGR, MENTORSHIP_HOLD_FIRST_MEETING,   ROLE_ME | ROLE_CO },
    { AGR, MENTORSHIP_WITHDRAW,             ROLE_CO | ROLE_PT | ROLE_ME | ROLE_SYS },
    { AGR, MENTORSHIP_EXPIRE,               ROLE_TM },
    { AGR, MENTORSHIP_REMIND,               ROLE_TM },
    { ACT, MENTORSHIP_LOG_MEETING,          ROLE_ME | ROLE_PT },
    { ACT, MENTORSHIP_CORRECT_MEETING,      ROLE_ME | ROLE_PT | ROLE_CO },
    { ACT, MENTORSHIP_STRIKE_MEETING,       ROLE_ME | ROLE_PT },
    { HLD, MENTORSHIP_LOG_MEETING,          ROLE_ME | ROLE_PT },
    { HLD, MENTORSHIP_CORRECT_MEETING,      ROLE_ME | ROLE_PT | ROLE_CO },
    { HLD, MENTORSHIP_STRIKE_MEETING,       ROLE_ME | ROLE_PT },
    { ACT, MENTORSHIP_HOLD,                 ROLE_ME | ROLE_PT | ROLE_CO },
    { ACT, MENTORSHIP_COMPLETE,             ROLE_ME | ROLE_PT | ROLE_CO },
    { ACT, MENTORSHIP_END,                  ROLE_PT | ROLE_ME | ROLE_CO | ROLE_SYS },
    { ACT, MENTORSHIP_REMIND,               ROLE_TM },
    { HLD, MENTORSHIP_RESUME,               ROLE_ME | ROLE_PT | ROLE_CO },
    { HLD, MENTORSHIP_COMPLETE,             ROLE_ME | ROLE_PT | ROLE_CO },
    { HLD, MENTORSHIP_END,                  ROLE_PT | ROLE_ME | ROLE_CO | ROLE_SYS },
    { HLD, MENTORSHIP_REMIND,               ROLE_TM },
    { HLD, MENTORSHIP_OVERDUE,              ROLE_TM },
    { ACC, MENTORSHIP_UNDO,                 ROLE_ME | ROLE_PT | ROLE_CO },
    { ACT, MENTORSHIP_UNDO,                 ROLE_ME | ROLE_PT | ROLE_CO },
    { HLD, MENTORSHIP_UNDO,                 ROLE_ME | ROLE_PT | ROLE_CO },
    { DEC, MENTORSHIP_UNDO,                 ROLE_ME | ROLE_CO },
    { WDR, MENTORSHIP_UNDO,                 ROLE_ME | ROLE_PT | ROLE_CO },
    { COM, MENTORSHIP_UNDO,                 ROLE_ME | ROLE_PT | ROLE_CO },
    { END, MENTORSHIP_UNDO,                 ROLE_ME | ROLE_PT | ROLE_CO },
    { PRO, MENTORSHIP_LIST_ALTERNATIVES,    ROLE_SYS },
    { PRO, MENTORSHIP_ON_REFERRAL_CANCELLED, EVERYBODY },
};
/* clang-format on */

static void every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < MENTORSHIP_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct mentorship_case c = given(state);
            const bool is_others = /* what nobody was asked about: see below */
                record_is_draft(&mentorship_records[0], &c.row, input(type, &c).head.actor.role);
            const char *code = say(&c, type);
            const int next = lives[type][state];
            const char *no = state == NON ? "not_found" : is_others ? "forbidden" : "not_now";
            const char *expected = next != NO ? NULL : no;

            if (type <= MENTORSHIP_SUGGEST && state != NON) continue; /* creations have no row */
            matrix_code(&mentorship_contract, type, mentorship_state_words[state], code, expected);
            matrix_state(&mentorship_contract, type, mentorship_state_words[state],
                         mentorship_state_words[c.row.state],
                         mentorship_state_words[next == NO ? (int)state : next]);
            assert_int_equal(c.taken, mentorship_holds_place(c.row.state));
        }
    }
}

static bool is_listed(unsigned type, unsigned state)
{
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++)
        if (who_may[i].state == state && who_may[i].input == type) return true;
    return false;
}

static void every_step_has_its_roles_listed(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < MENTORSHIP_ON_PERSON_ROLE_ENDED; type++)
        for (unsigned state = 0; state < STATES; state++)
            if (is_listed(type, state) != (lives[type][state] != NO))
                fail_msg("%s in %s: %s", matrix_input(&mentorship_contract, type),
                         mentorship_state_words[state],
                         is_listed(type, state) ? "no step, but a row in who_may"
                                                : "a step without a row in who_may");
}

static void a_clubs_coordinator_acts_for_its_own_mentors_only(void **unused)
{
    static const enum mentorship_input_type types[] = {MENTORSHIP_PROPOSE, MENTORSHIP_OFFER};

    (void)unused;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const enum mentorship_input_type type = types[i];
        struct mentorship_case c =
            given(type == MENTORSHIP_OFFER ? MENTORSHIP_STATE_PROPOSED : MENTORSHIP_STATE_NONE);
        struct mentorship_input in = input(type, &c);

        in.head.actor.organisation = (struct id){"club"};
        assert_ptr_equal(run(&c, &in), life_forbidden.code); /* nobody's mentor */
        c.mentor.organisation = (struct id){"another"};
        assert_ptr_equal(run(&c, &in), life_forbidden.code);
        c.mentor.organisation = (struct id){"club"};
        if (type == MENTORSHIP_PROPOSE) { /* to its own participants */
            assert_ptr_equal(run(&c, &in), life_forbidden.code);
            c.mentee.responsible = (struct id){"club"};
        }
        assert_null(run(&c, &in));
    }
}

/* Whose mentor it may be. */
static void and_for_those_for_whom_it_is_responsible(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED), none;
    struct mentorship_input in = input(MENTORSHIP_WITHDRAW, &c), propose;

    (void)unused;
    c.mentor.organisation = (struct id){"another"};
    c.mentee.responsible = (struct id){"club"};
    in.head.actor.role = ROLE_CO;
    in.head.actor.organisation = (struct id){"club"};
    none = c;
    assert_null(run(&c, &in));
    none.mentee.responsible = (struct id){"others"};
    assert_ptr_equal(run(&none, &in), life_forbidden.code);

    c = given(MENTORSHIP_STATE_NONE); /* but proposes no other's mentor */
    propose = input(MENTORSHIP_PROPOSE, &c);
    propose.head.actor.organisation = (struct id){"club"};
    c.mentor.organisation = (struct id){"another"};
    c.mentee.responsible = (struct id){"club"};
    assert_ptr_equal(run(&c, &propose), life_forbidden.code);
}

static void every_role_for_every_step(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
        for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
            const bool is_own = role == ROLE_ME || role == ROLE_PT; /* only on their own */
            struct mentorship_case c = given(who_may[i].state), d;
            const char *code;

            c.row.has_said_by = true; /* by Bo: so that the coordinator may say it for Ada */
            c.row.said_by = MENTORSHIP_PARTY_COORDINATOR;
            if (role == ROLE_PT) c.row.undo.by = bo;
            d = c;
            code = say_as(&c, who_may[i].input, role, role == ROLE_PT ? bo : ada);
            if (code != (role & who_may[i].who ? NULL : life_forbidden.code))
                fail_msg("row %zu, role %x: %s", i, role, code);
            if (is_own && who_may[i].input < MENTORSHIP_ON_PERSON_ROLE_ENDED)
                assert_ptr_equal(say_as(&d, who_may[i].input, role, eve), life_forbidden.code);
        }
    }
}

static void what_belongs_to_another_programme_is_not_there(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
        for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
            struct mentorship_case c = given(who_may[i].state);
            struct mentorship_input in = input(who_may[i].input, &c);
            const bool is_ours = role == ROLE_TM || role == ROLE_SYS;
            const char *code;

            if (in.type >= MENTORSHIP_ON_PERSON_ROLE_ENDED || !(role & who_may[i].who)) continue;
            if (in.type == MENTORSHIP_COMPLETE) continue;
            in.head.actor = (struct actor){role, role == ROLE_PT ? bo : ada, {{0}}};
            in.head.programme = elsewhere;
            code = run(&c, &in);
            if (is_ours)
                assert_null(code);
            else
                assert_ptr_equal(code, in.type <= MENTORSHIP_SUGGEST
                                           ? mentorship_no_such_mentee.code
                                           : life_unknown.code);
        }
    }
}

/* But they themself, and rules of ours. */
static void who_is_not_cleared_does_nothing_with_who_is_protected(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
        for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
            struct mentorship_case c = given(who_may[i].state);
            struct mentorship_input in = input(who_may[i].input, &c);
            const bool is_near = role == ROLE_PT || role == ROLE_TM || role == ROLE_SYS;
            const char *code;

            if ((role & who_may[i].who) == 0 || !mentorship_is_command(in.type)) continue;
            c.mentee.protection = PROTECTION_MARKED;
            in.head.actor = (struct actor){role, role == ROLE_PT ? bo : ada, {{0}}};
            in.head.is_cleared = false;
            code = run(&c, &in);
            if ((code == life_guarded.code) == is_near)
                fail_msg("row %zu, role %x: %s", i, role, code);
        }
    }
}

/* Nor where the mentor is; the participant deals with whoever that is. */
static void nor_with_a_mentor_who_is(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
        for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
            struct mentorship_case c = given(who_may[i].state);
            struct mentorship_input in = input(who_may[i].input, &c);
            const bool is_near =
                (role & (ROLE_PT | ROLE_ME | ROLE_TM | ROLE_SYS)) != 0; /* ada is the mentor */
            const char *code;

            if ((role & who_may[i].who) == 0 || !mentorship_is_command(in.type)) continue;
            c.mentor.has_protection = true;
            c.mentor.protection = PROTECTION_MARKED;
            in.head.actor = (struct actor){role,
                                           role == ROLE_PT   ? bo
                                           : role == ROLE_ME ? ada
                                                             : eve,
                                           {{0}}};
            in.head.is_cleared = false;
            code = run(&c, &in);
            if ((code == life_guarded.code) == is_near)
                fail_msg("row %zu, role %x: %s", i, role, code);
        }
    }
}

/* Neither its version nor its state is told to who may do nothing about it. */
static void who_has_nothing_to_do_with_it_does_not_hear_how_it_stands(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
        struct mentorship_case c = given(who_may[i].state), d = c;
        struct mentorship_input in = input(who_may[i].input, &c);
        const bool is_mentors = (who_may[i].who & ROLE_ME) != 0;

        if (!mentorship_is_command(in.type) || in.type == MENTORSHIP_PROPOSE ||
            in.type == MENTORSHIP_SUGGEST)
            continue;
        in.head.version = c.row.version + 1;
        if (is_mentors) {
            in.head.actor = (struct actor){ROLE_ME, bo, {{0}}};
            assert_ptr_equal(run(&c, &in), life_forbidden.code);
        }
        if ((who_may[i].who & ROLE_CO) == 0) continue;
        d.mentee.protection = PROTECTION_MARKED;
        in.head.actor = (struct actor){ROLE_CO, ada, {{0}}};
        in.head.is_cleared = false;
        assert_ptr_equal(run(&d, &in), life_guarded.code);
    }
}

static void a_stale_version_is_a_conflict(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
    struct mentorship_input in = input(MENTORSHIP_ACCEPT, &c);

    (void)unused;
    in.head.version = 2;
    assert_ptr_equal(run(&c, &in), life_conflict.code);
    in.head.version = c.row.version;
    assert_null(run(&c, &in));
}

static void a_proposal_has_its_reasons_not_to_be(void **unused)
{
    struct mentorship_case c;

    (void)unused;
#define REFUSED(change, why)          \
    c = given(MENTORSHIP_STATE_NONE); \
    change;                           \
    assert_ptr_equal(say(&c, MENTORSHIP_PROPOSE), mentorship_##why.code)

    REFUSED(memset(&c.mentee, 0, sizeof c.mentee), no_such_mentee);
    REFUSED(c.rules.version = 0, rules_unknown);
    REFUSED(c.rules.is_closed = true, programme_closed);
    REFUSED(c.mentor.capacity = 0, mentor_unavailable);
    REFUSED(c.mentor.state = MENTOR_STATE_PAUSED, mentor_unavailable);
    REFUSED(c.mentor.state = MENTOR_STATE_GONE, mentor_unavailable);
    REFUSED(c.mentor.programme = elsewhere, mentor_unavailable);
    REFUSED(c.mentee.person = ada, own_mentor);
    for (enum mentorship_state s = MENTORSHIP_STATE_ACCEPTED; s <= MENTORSHIP_STATE_ON_HOLD; s++) {
        REFUSED(c.others[0].state = s, has_mentor);
    }
    REFUSED(c.mentee.state = MENTEE_STATE_CLOSED, not_searching);
    REFUSED(c.mentee.state = MENTEE_STATE_COMPLETED, not_searching);
    REFUSED(c.mentee.is_held = true, not_searching);
    REFUSED(c.mentee.restricted = true, restricted);
    REFUSED(c.mentor.restricted = true, restricted);
    REFUSED(c.others[0].mentor = ada, already_open);
    REFUSED(c.others_count = MENTORSHIP_OTHERS_MAX, too_many_open);
    REFUSED(c.mentee.protection = PROTECTION_MARKED, not_cleared);
    REFUSED(c.mentee.protection = PROTECTION_STRICTLY, not_cleared);
    REFUSED(c.is_supervisor = true, is_supervisor);
    REFUSED(c.was_mentor = true, former_mentor);
#undef REFUSED
}

static void a_cleared_mentor_may_have_somebody_who_is_protected(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE);

    (void)unused;
    c.mentee.protection = PROTECTION_STRICTLY;
    c.mentor.cleared = true;
    assert_null(say(&c, MENTORSHIP_PROPOSE));
}

static void only_a_coordinator_asks_again_who_said_no(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE), d = c;

    (void)unused;
    c.said_no = d.said_no = true;
    assert_ptr_equal(say_as(&c, MENTORSHIP_PROPOSE, ROLE_SYS, (struct id){{0}}),
                     mentorship_said_no.code);
    assert_null(say(&d, MENTORSHIP_PROPOSE));
}

/* Said by one of the two, it is a no; of the rest neither can help it. */
static void whatever_ended_for_neither_of_the_two_keeps_nobody_apart(void **unused)
{
    static const enum mentorship_state over[] = {
        MENTORSHIP_STATE_COMPLETED, MENTORSHIP_STATE_DECLINED, MENTORSHIP_STATE_WITHDRAWN,
        MENTORSHIP_STATE_EXPIRED, MENTORSHIP_STATE_ENDED_EARLY};
    static const bool is_nobodys[] = {[MENTORSHIP_REASON_ROLE_ENDED] = true,
                                      [MENTORSHIP_REASON_REFERRAL_CANCELLED] = true,
                                      [MENTORSHIP_REASON_REFERRAL_CLOSED] = true,
                                      [MENTORSHIP_REASON_ENTERED_IN_ERROR] = true,
                                      [MENTORSHIP_REASON_OTHER] = false};
    size_t apart = 0;

    (void)unused;
    for (size_t s = 0; s < sizeof over / sizeof over[0]; s++)
        for (unsigned reason = 0; reason <= MENTORSHIP_REASON_OTHER; reason++) {
            const struct mentorship row = {
                .state = over[s], .has_reason = true, .reason = (enum mentorship_reason)reason};
            const bool is_stopped =
                over[s] == MENTORSHIP_STATE_WITHDRAWN || over[s] == MENTORSHIP_STATE_ENDED_EARLY;

            if (mentorship_keeps_apart(&row) != !(is_stopped && is_nobodys[reason]))
                fail_msg("state %u, reason %u", over[s], reason);
            apart += mentorship_keeps_apart(&row);
        }
    assert_int_equal(apart, 5 * 18 - 2 * 4);
    for (unsigned state = 0; state <= MENTORSHIP_STATE_ON_HOLD; state++)
        assert_false(
            mentorship_keeps_apart(&(struct mentorship){.state = (enum mentorship_state)state}));
    assert_false(
        mentorship_keeps_apart(&(struct mentorship){.state = MENTORSHIP_STATE_SUPERSEDED}));
}

static struct mentorship_input suggestion(const struct mentorship_case *c)
{
    struct mentorship_input in = input(MENTORSHIP_SUGGEST, c);

    in.mentorship_suggest.explanation = (struct mentorship_explanation){
        2, {{PAIR_FACTOR_LANGUAGE, 25}, {PAIR_FACTOR_MUNICIPALITY, 20}}};
    in.mentorship_suggest.moved = 1;
    return in;
}

static void a_suggestion_keeps_its_reasons_and_replaces_the_one_before(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE);
    struct mentorship_input in = suggestion(&c);

    (void)unused;
    assert_null(run(&c, &in));
    assert_true(id_equal(c.row.participant, bo));
    assert_true(mentorship_is_suggestion(&c.row));
    assert_int_equal(c.row.total, 45);
    assert_int_equal(c.row.explanation.count, 2);
    assert_int_equal(c.row.explanation.at[1].points, 20);
    assert_int_equal(c.row.moved, 1);
    assert_int_equal(c.others[0].state, MENTORSHIP_STATE_SUPERSEDED);
    assert_true(id_equal(c.others[0].superseded_by, ours));
}

static void a_proposal_names_the_mentors_organisation(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE), none = c;
    const struct id club = {"club"};

    (void)unused;
    c.mentor.has_organisation = true;
    c.mentor.organisation = club;
    assert_null(say(&c, MENTORSHIP_PROPOSE));
    assert_true(out.at[out.count - 1].mentorship_proposed.has_organisation);
    assert_memory_equal(&out.at[out.count - 1].mentorship_proposed.organisation, &club, 16);
    assert_true(c.row.has_organisation && id_equal(c.row.organisation, club));
    assert_null(say(&none, MENTORSHIP_PROPOSE));
    assert_false(out.at[out.count - 1].mentorship_proposed.has_organisation);
}

static void a_proposal_names_the_agency_whose_counsellors_see_it(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE), none = c;
    const struct id agency = {"agency"};

    (void)unused;
    c.mentee.has_agency = true;
    c.mentee.agency = agency;
    assert_null(say(&c, MENTORSHIP_PROPOSE));
    assert_true(c.row.has_agency);
    assert_memory_equal(&c.row.agency, &agency, 16);
    assert_null(say(&none, MENTORSHIP_PROPOSE));
    assert_false(none.row.has_agency);
}

static void by_hand_a_suggestion_gives_way_and_what_was_proposed_by_hand_stays(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE), d = c;

    (void)unused;
    assert_null(say(&c, MENTORSHIP_PROPOSE));
    assert_false(mentorship_is_suggestion(&c.row));
    assert_int_equal(c.others[0].state, MENTORSHIP_STATE_SUPERSEDED);
    d.others[0].has_total = false;
    assert_null(say(&d, MENTORSHIP_PROPOSE));
    assert_int_equal(d.others[0].state, MENTORSHIP_STATE_PROPOSED);
}

static void what_gives_way_to_a_better_one_says_by_how_much(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE), d = c;
    struct mentorship_input in = suggestion(&c);

    (void)unused;
    in.mentorship_suggest.has_better = true;
    in.mentorship_suggest.better = 25;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.better, 25);
    assert_int_equal(c.row.proposed_at.ms, now.ms);
    assert_true(c.others[0].has_outdone);
    assert_int_equal(c.others[0].outdone, 25);
    assert_null(say(&d, MENTORSHIP_PROPOSE)); /* by hand */
    assert_false(d.row.has_better || d.others[0].has_outdone);
    assert_int_equal(d.row.proposed_at.ms, now.ms);
}

static void others_are_listed_anew_beside_a_suggestion_alone(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED), by_hand = c;
    struct mentorship_input in = input(MENTORSHIP_LIST_ALTERNATIVES, &c);

    (void)unused;
    in.mentorship_list_alternatives.alternatives =
        (struct mentorship_alternatives){1, {{.mentor = cai, .points = 5}}};
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_PROPOSED);
    assert_int_equal(c.row.alternatives.count, 1);
    assert_true(id_equal(c.row.alternatives.at[0].mentor, cai));
    by_hand.row.has_total = false;
    assert_ptr_equal(run(&by_hand, &in), mentorship_outdated.code);
}

/* As the matcher saw them before. */
static void no_others_are_listed_beside_who_is_protected_since(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED), d = c;
    struct mentorship_input in = input(MENTORSHIP_LIST_ALTERNATIVES, &c);

    (void)unused;
    c.mentee.protection = PROTECTION_MARKED;
    assert_ptr_equal(run(&c, &in), mentorship_outdated.code);
    d.mentor.has_protection = true;
    d.mentor.protection = PROTECTION_MARKED;
    assert_ptr_equal(run(&d, &in), mentorship_outdated.code);
    d.mentor.protection = PROTECTION_NONE;
    assert_null(run(&d, &in));
}

#define ASSERT_OUTDATED(change, why)                             \
    do {                                                         \
        struct mentorship_case c = given(MENTORSHIP_STATE_NONE); \
        struct mentorship_input in = suggestion(&c);             \
        change;                                                  \
        assert_ptr_equal(run(&c, &in), (why).code);              \
    } while (0)

static void what_the_matcher_saw_must_still_be_so(void **unused)
{
    (void)unused;
    ASSERT_OUTDATED(c.mentee.version = 2, mentorship_outdated);
    ASSERT_OUTDATED(c.mentor.version = 2, mentorship_outdated);
    ASSERT_OUTDATED(c.others[0].has_total = false, mentorship_outdated); /* by hand meanwhile */
    ASSERT_OUTDATED(c.others[0].state = MENTORSHIP_STATE_OFFERED, mentorship_outdated);
    ASSERT_OUTDATED(c.spoken_for = 1, mentorship_mentor_full);
    ASSERT_OUTDATED(in.mentorship_suggest.has_displaces = true, mentorship_outdated);
}

static void a_place_can_go_from_one_suggestion_to_another(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE), d;
    struct mentorship_input in = suggestion(&c);

    (void)unused;
    c.spoken_for = 1;
    c.displaced = (struct mentorship){.id = theirs, /* told apart by run: stands for eve's */
                                      .state = MENTORSHIP_STATE_PROPOSED,
                                      .has_total = true,
                                      .participant = eve,
                                      .mentor = ada};
    c.others[0].state = MENTORSHIP_STATE_PROPOSED;
    in.mentorship_suggest.has_displaces = true;
    in.mentorship_suggest.displaces = theirs;
    d = c;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_PROPOSED);
    d.displaced.state = MENTORSHIP_STATE_OFFERED; /* offers never change */
    assert_ptr_equal(run(&d, &in), mentorship_outdated.code);
    d.displaced.state = MENTORSHIP_STATE_PROPOSED;
    d.displaced.mentor = cai;
    assert_ptr_equal(run(&d, &in), mentorship_outdated.code);
}

static void a_conflict_of_interest_rules_a_mentor_out_for_everybody(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_NONE), d;
    struct mentorship_input in = suggestion(&c);

    (void)unused;
    c.mentee.conflicts = (struct mentee_conflicts){1, {ada}};
    d = c;
    assert_ptr_equal(say(&c, MENTORSHIP_PROPOSE), mentorship_conflict.code);
    assert_ptr_equal(run(&d, &in), mentorship_conflict.code);
}

/* The largest there can be, so that it is never refused for its size. */
static void the_fullest_suggestion_fits_into_an_event(void **unused)
{
    const struct mentorship_loss loss = {-1000, -1000, -1000000000};
    struct mentorship_proposed said = {.referral = ours,
                                       .participant = ours,
                                       .mentor = ours,
                                       .has_total = true,
                                       .total = -100000000,
                                       .has_explanation = true,
                                       .has_passed = true,
                                       .passed.count = 6,
                                       .has_runner_up = true,
                                       .runner_up = {true, ours, loss},
                                       .has_passed_over = true,
                                       .passed_over.count = 3,
                                       .has_alternatives = true,
                                       .alternatives.count = 5,
                                       .has_behind = true,
                                       .behind = loss,
                                       .has_moved = true,
                                       .moved = 16,
                                       .has_better = true,
                                       .better = -100000000,
                                       .has_at = true,
                                       .at = now};
    uint8_t packed[4096];
    size_t size = sizeof packed;
    struct error err;

    (void)unused;
    for (unsigned i = 0; i < 10; i++)
        said.explanation.at[said.explanation.count++] =
            (struct mentorship_part){(enum pair_factor)i, -100000000};
    for (unsigned i = 0; i < 6; i++)
        said.passed.at[i] = MENTORSHIP_HARD_RULE_SUPERVISOR;
    for (unsigned i = 0; i < 3; i++)
        said.passed_over.at[i] = (struct mentorship_passed_over){
            ours, -100000000, MENTORSHIP_OBSTACLE_WAITED_LONGER, true, ours, true, 100000,
            true, loss};
    for (unsigned i = 0; i < 5; i++)
        said.alternatives.at[i] = (struct mentorship_alternative){ours, -100000000, true, loss};
    assert_true(pack(&mentorship_proposed_descriptor, &said, packed, &size, &err));
    if (size > 1596) fail_msg("%zu bytes", size); /* of 1,900, less an envelope of 304 */
}

static void an_offer_needs_a_place_and_a_mentor_who_is_there(void **unused)
{
    struct mentorship_case full = given(MENTORSHIP_STATE_PROPOSED), paused = full, hidden = full;

    (void)unused;
    full.taken = full.mentor.capacity;
    assert_ptr_equal(say(&full, MENTORSHIP_OFFER), mentorship_mentor_full.code);
    paused.mentor.state = MENTOR_STATE_PAUSED;
    assert_ptr_equal(say(&paused, MENTORSHIP_OFFER), mentorship_mentor_unavailable.code);
    hidden.mentee.protection = PROTECTION_MARKED; /* since it was proposed */
    assert_ptr_equal(say(&hidden, MENTORSHIP_OFFER), mentorship_not_cleared.code);
}

/* What has begun goes on as it is. */
static void nothing_new_begins_with_whom_the_use_is_restricted(void **unused)
{
    (void)unused;
    for (int of_mentor = 0; of_mentor < 2; of_mentor++) {
        struct mentorship_case proposed = given(MENTORSHIP_STATE_PROPOSED),
                               offered = given(MENTORSHIP_STATE_OFFERED),
                               active = given(MENTORSHIP_STATE_ACTIVE), declined = offered;
        struct mentorship_case *const all[] = {&proposed, &offered, &active, &declined};

        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
            all[i]->mentee.restricted = !of_mentor;
            all[i]->mentor.restricted = of_mentor;
        }
        assert_ptr_equal(say(&proposed, MENTORSHIP_OFFER), mentorship_restricted.code);
        assert_ptr_equal(say(&offered, MENTORSHIP_ACCEPT), mentorship_restricted.code);
        assert_null(say(&declined, MENTORSHIP_DECLINE));
        assert_null(say(&active, MENTORSHIP_LOG_MEETING));
    }
}

static void fifty_offers_for_one_place(void **unused)
{
    int64_t taken = 0;
    int given_count = 0;

    (void)unused;
    for (int n = 0; n < 50; n++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED);
        const char *code;

        c.taken = taken;
        code = say(&c, MENTORSHIP_OFFER);
        if (code != NULL) assert_ptr_equal(code, mentorship_mentor_full.code);
        given_count += code == NULL;
        taken = c.taken;
    }
    assert_int_equal(given_count, 1);
    assert_int_equal(taken, 1);
}

static void the_mentor_is_reminded_once_and_then_it_expires(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED);
    unsigned command;
    struct instant due;

    (void)unused;
    c.row.has_due = c.row.has_remind = false;
    assert_int_equal(mentorship_due(&c.row, &command).ms, 0);
    assert_null(say(&c, MENTORSHIP_OFFER));
    due = mentorship_due(&c.row, &command);
    assert_int_equal(command, MENTORSHIP_REMIND);
    assert_int_equal(due.ms, now.ms + 5 * DAY_MS);
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), mentorship_not_due.code);
    assert_null(say_at(&c, command, due));

    due = mentorship_due(&c.row, &command);
    assert_int_equal(command, MENTORSHIP_EXPIRE);
    assert_int_equal(due.ms, end_of(7));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), mentorship_not_due.code);
    assert_null(say_at(&c, command, due));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_EXPIRED);
    assert_int_equal(c.taken, 0);
    assert_int_equal(mentorship_due(&c.row, &command).ms, 0);
}

/* Offered today until the seventh day; asked on the third, answered on the ninth. */
static void an_offers_time_stands_still_while_the_mentor_waits_for_an_answer(void **unused)
{
    static const enum mentorship_input_type asks[] = {MENTORSHIP_ASK_INFO,
                                                      MENTORSHIP_ON_QUESTION_ASKED};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED);
        unsigned command;

        assert_null(say(&c, MENTORSHIP_OFFER));
        assert_null(say_at(&c, asks[i], instant_add_days(now, 3)));
        assert_int_equal(out.at[0].type, MENTORSHIP_INFO_ASKED);
        assert_int_equal(out.at[0].mentorship_info_asked.in_words, i == 1);
        assert_true(mentorship_stands_still(&c.row));

        assert_int_equal(mentorship_due(&c.row, &command).ms, end_of(5)); /* the coordinator's */
        assert_int_equal(command, MENTORSHIP_REMIND);
        assert_null(say_at(&c, MENTORSHIP_REMIND, (struct instant){end_of(8)}));
        assert_int_equal(out.at[0].mentorship_reminded.awaited, MENTORSHIP_AWAITED_REPLY);
        assert_false(out.at[0].mentorship_reminded.missed);
        assert_int_equal(mentorship_due(&c.row, &command).ms, 0); /* it does not run out */
        assert_string_equal(say_at(&c, MENTORSHIP_EXPIRE, (struct instant){end_of(8)}),
                            mentorship_not_due.code);

        assert_null(say_at(&c, MENTORSHIP_ON_QUESTION_ANSWERED, instant_add_days(now, 9)));
        assert_int_equal(out.at[0].mentorship_info_given.due.ms, end_of(13)); /* four were left */
        assert_false(mentorship_stands_still(&c.row));
        assert_int_equal(mentorship_due(&c.row, &command).ms, end_of(11)); /* two before it */
        assert_int_equal(command, MENTORSHIP_REMIND);
        assert_null(say_at(&c, MENTORSHIP_REMIND, (struct instant){end_of(11)}));
        assert_int_equal(out.at[0].mentorship_reminded.awaited, MENTORSHIP_AWAITED_ANSWER);
        assert_int_equal(mentorship_due(&c.row, &command).ms, end_of(13));
        assert_int_equal(command, MENTORSHIP_EXPIRE);
    }
}

static void a_second_question_does_not_begin_the_waiting_anew(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED);

    (void)unused;
    assert_null(say(&c, MENTORSHIP_OFFER));
    assert_null(say_at(&c, MENTORSHIP_ASK_INFO, instant_add_days(now, 1)));
    assert_null(say_at(&c, MENTORSHIP_ASK_INFO, instant_add_days(now, 2)));
    assert_int_equal(c.row.asked_at.ms, instant_add_days(now, 1).ms);
    assert_int_equal(c.row.remind.ms, end_of(3));
    assert_null(say(&c, MENTORSHIP_ACCEPT)); /* without waiting */
    assert_false(c.row.has_asked_at);
}

static void an_answer_at_once_leaves_the_time_as_it_was(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED);

    (void)unused;
    assert_null(say(&c, MENTORSHIP_OFFER));
    assert_null(say(&c, MENTORSHIP_ON_QUESTION_ASKED));
    assert_null(say_at(&c, MENTORSHIP_ON_QUESTION_ANSWERED, (struct instant){now.ms + 1000}));
    assert_int_equal(c.row.due.ms, end_of(7));
}

/* The offer's time was over when the service was down, and then the mentor asked. */
static void who_asked_late_has_until_the_end_of_the_day_of_the_answer(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED);

    (void)unused;
    assert_null(say(&c, MENTORSHIP_OFFER));
    assert_null(say_at(&c, MENTORSHIP_ON_QUESTION_ASKED, instant_add_days(now, 10)));
    assert_null(say_at(&c, MENTORSHIP_ON_QUESTION_ANSWERED, instant_add_days(now, 11)));
    assert_int_equal(c.row.due.ms, end_of(11));
    assert_false(c.row.has_remind);
}

static void a_question_about_what_goes_on_moves_no_time(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE),
                           over = given(MENTORSHIP_STATE_EXPIRED);
    const struct instant remind = c.row.remind;

    (void)unused;
    assert_null(say(&c, MENTORSHIP_ON_QUESTION_ASKED));
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.remind.ms, remind.ms);
    assert_null(say(&c, MENTORSHIP_ON_QUESTION_ANSWERED));
    assert_int_equal(out.count, 1); /* the mentor hears of it */
    assert_false(out.at[0].mentorship_info_given.has_due);
    assert_false(c.row.has_asked_at);
    assert_null(say(&over, MENTORSHIP_ON_QUESTION_ASKED));
    assert_int_equal(out.count, 0);
}

static void nobody_is_reminded_of_what_is_too_late(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_PROPOSED);

    (void)unused;
    assert_null(say(&c, MENTORSHIP_OFFER));
    assert_null(say_at(&c, MENTORSHIP_REMIND, (struct instant){end_of(7) - 1}));
    assert_false(out.at[0].mentorship_reminded.missed);
    c = given(MENTORSHIP_STATE_PROPOSED);
    assert_null(say(&c, MENTORSHIP_OFFER));
    assert_null(say_at(&c, MENTORSHIP_REMIND, (struct instant){end_of(7)}));
    assert_true(out.at[0].mentorship_reminded.missed);
    assert_null(say_at(&c, MENTORSHIP_EXPIRE, (struct instant){end_of(7)}));
}

static void unsigned_or_unmet_it_expires_after_fourteen_days_with_a_reminder(void **unused)
{
    static const enum mentorship_state states[] = {MENTORSHIP_STATE_ACCEPTED,
                                                   MENTORSHIP_STATE_AGREED};

    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
        unsigned command;
        struct instant due;

        assert_null(say(&c, MENTORSHIP_ACCEPT));
        if (states[i] == MENTORSHIP_STATE_AGREED) {
            assert_null(say(&c, MENTORSHIP_SIGN_CONFIDENTIALITY));
            assert_null(say_as(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT, bo));
        }
        assert_int_equal(c.row.state, states[i]);
        due = mentorship_due(&c.row, &command);
        assert_int_equal(command, MENTORSHIP_REMIND);
        assert_int_equal(due.ms, now.ms + 10 * DAY_MS);
        assert_null(say_at(&c, command, due));
        due = mentorship_due(&c.row, &command);
        assert_int_equal(due.ms, end_of(14));
        assert_null(say_at(&c, command, due));
        assert_int_equal(c.row.state, MENTORSHIP_STATE_EXPIRED);
    }
}

static void it_is_agreed_when_both_have_signed_in_either_order(void **unused)
{
    (void)unused;
    for (int mentor_first = 0; mentor_first < 2; mentor_first++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_ACCEPTED);
        const enum role first = mentor_first ? ROLE_ME : ROLE_PT;
        const struct id who = mentor_first ? ada : bo;

        assert_null(say_as(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, first, who));
        assert_int_equal(c.row.state, MENTORSHIP_STATE_ACCEPTED);
        assert_ptr_equal(say_as(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, first, who),
                         mentorship_already_signed.code);
        assert_null(say_as(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, mentor_first ? ROLE_PT : ROLE_ME,
                           mentor_first ? bo : ada));
        assert_int_equal(c.row.state, MENTORSHIP_STATE_AGREED);
        assert_true(c.row.mentor_signed && c.row.participant_signed);
    }
}

static void a_yes_supersedes_every_other_in_the_same_decision(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);

    (void)unused;
    c.others_count = MENTORSHIP_OTHERS_MAX - 1;
    for (uint8_t i = 0; i < c.others_count; i++)
        c.others[i] = (struct mentorship){
            .id = {{'o', i}},
            .version = 4,
            .programme = work,
            .state = i % 2 ? MENTORSHIP_STATE_OFFERED : MENTORSHIP_STATE_PROPOSED,
            .referral = i % 3 ? referral : elsewhere, /* the same participant, another referral */
            .participant = bo,
            .mentor = cai,
        };

    assert_null(say(&c, MENTORSHIP_ACCEPT));
    for (uint32_t i = 0; i < c.others_count; i++) {
        assert_int_equal(c.others[i].state, MENTORSHIP_STATE_SUPERSEDED);
        assert_true(id_equal(c.others[i].superseded_by, ours));
        assert_int_equal(c.others[i].version, 5);
    }
}

static void nobody_gets_two_mentors(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);

    (void)unused;
    c.others[0].state = MENTORSHIP_STATE_ON_HOLD;
    assert_ptr_equal(say(&c, MENTORSHIP_ACCEPT), mentorship_has_mentor.code);
}

static void they_meet_until_the_target_is_reached_and_nobody_is_reminded(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_AGREED);
    struct mentorship_input in = input(MENTORSHIP_HOLD_FIRST_MEETING, &c);
    unsigned command;

    (void)unused;
    in.mentorship_hold_first_meeting.has_on = true;
    in.mentorship_hold_first_meeting.on.day = 20001;
    assert_ptr_equal(run(&c, &in), mentorship_in_future.code);
    in.mentorship_hold_first_meeting.on.day = 19999;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.started_on.day, 19999);
    assert_int_equal(c.row.meetings, 1);
    assert_int_equal(mentorship_due(&c.row, &command).ms, end_of(240));
    assert_int_equal(command, MENTORSHIP_REMIND);
    for (int i = 2; i <= 4; i++) {
        assert_null(say(&c, MENTORSHIP_LOG_MEETING));
        assert_int_equal(mentorship_due(&c.row, &command).ms, end_of(240));
    }
    assert_null(say_as(&c, MENTORSHIP_LOG_MEETING, ROLE_PT, bo));
    assert_int_equal(c.row.meetings, 5);
    assert_int_equal(c.row.minutes, 4 * 60);
    assert_int_equal(mentorship_due(&c.row, &command).ms, 0);
}

static void a_pause_that_is_over_is_told_once_and_ends_by_resuming(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_AGREED);
    struct mentorship_input in;
    unsigned command;
    struct instant due;

    (void)unused;
    assert_null(say(&c, MENTORSHIP_HOLD_FIRST_MEETING));
    in = input(MENTORSHIP_HOLD, &c);
    in.mentorship_hold.until.day = 20000; /* today */
    assert_ptr_equal(run(&c, &in), mentorship_until_past.code);
    assert_null(say(&c, MENTORSHIP_HOLD));
    assert_int_equal(c.taken, 1);
    due = mentorship_due(&c.row, &command);
    assert_int_equal(command, MENTORSHIP_OVERDUE);
    assert_int_equal(due.ms, end_of(10));
    assert_ptr_equal(say_at(&c, command, (struct instant){due.ms - 1}), mentorship_not_due.code);
    assert_null(say_at(&c, command, due));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_ON_HOLD);
    due = mentorship_due(&c.row, &command); /* the meetings that are still missing */
    assert_int_equal(command, MENTORSHIP_REMIND);
    assert_null(say(&c, MENTORSHIP_RESUME));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_ACTIVE);
    assert_false(c.row.has_until || c.row.has_due || c.row.has_reason);
}

/* At half past midnight in Stockholm it is still yesterday in UTC. */
static void a_day_is_one_of_the_programmes(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_AGREED);
    struct mentorship_input in = input(MENTORSHIP_HOLD_FIRST_MEETING, &c);

    (void)unused;
    in.head.at.ms = 20001 * DAY_MS - 90 * 60000;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.started_on.day, 20001);
    in = input(MENTORSHIP_HOLD, &c);
    in.head.at.ms = 20001 * DAY_MS - 90 * 60000;
    in.mentorship_hold.until.day = 20001;
    assert_ptr_equal(run(&c, &in), mentorship_until_past.code);
    in.head.at.ms -= 3600000;
    assert_null(run(&c, &in));
}

static void a_pause_does_not_outlast_the_programme(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
    struct mentorship_input in = input(MENTORSHIP_HOLD, &c);

    (void)unused;
    c.rules.has_until = true;
    c.rules.until.day = 20009;
    assert_ptr_equal(run(&c, &in), mentorship_beyond_programme.code);
    c.rules.until.day = 20010;
    assert_null(run(&c, &in));
}

/* Journals of before say no due: days began in UTC then. */
static void a_pause_of_before_ends_when_it_did(void **unused)
{
    struct mentorship row = {.state = MENTORSHIP_STATE_ACTIVE};
    const struct mentorship_event event = {.type = MENTORSHIP_HELD,
                                           .mentorship_held = {.until = {20010}}};

    (void)unused;
    mentorship_evolve(&row, &event);
    assert_int_equal(row.due.ms, 20011 * DAY_MS);
}

/* Meetings. */

static const char *tell_of_meeting(struct mentorship_case *c, enum role role, int64_t on,
                                   int64_t minutes, bool also)
{
    struct mentorship_input in = input(MENTORSHIP_LOG_MEETING, c);

    in.head.actor = (struct actor){role, role == ROLE_PT ? bo : ada, {{0}}};
    in.mentorship_log_meeting.has_on = true;
    in.mentorship_log_meeting.on.day = on;
    in.mentorship_log_meeting.minutes = minutes;
    in.mentorship_log_meeting.has_also = in.mentorship_log_meeting.also = also;
    return run(c, &in);
}

static const char *log_meeting(struct mentorship_case *c, enum role role, int64_t on,
                               int64_t minutes)
{
    return tell_of_meeting(c, role, on, minutes, false);
}

static void they_meet_between_the_first_time_and_today(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    (void)unused;
    c.row.started_on.day = 19990;
    assert_ptr_equal(log_meeting(&c, ROLE_ME, 19989, 60), mentorship_before_first.code);
    assert_ptr_equal(log_meeting(&c, ROLE_ME, 20001, 60), mentorship_in_future.code);
    assert_null(log_meeting(&c, ROLE_ME, 19990, 60));
    assert_null(log_meeting(&c, ROLE_ME, 20000, 60));
}

static void they_do_not_meet_before_the_mentor_was_asked(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_AGREED);
    struct mentorship_input in = input(MENTORSHIP_HOLD_FIRST_MEETING, &c);

    (void)unused;
    c.row.has_offered_at = true;
    c.row.offered_at.ms = now.ms - 2 * DAY_MS;
    in.mentorship_hold_first_meeting.has_on = true;
    in.mentorship_hold_first_meeting.on.day = 19997;
    assert_ptr_equal(run(&c, &in), mentorship_before_offer.code);
    in.mentorship_hold_first_meeting.on.day = 19998;
    assert_null(run(&c, &in));
}

static void a_meeting_that_both_tell_of_is_one(void **unused)
{
    static const struct {
        enum role role;
        int64_t on, minutes;
        bool is_same;
    } rows[] = {
        {ROLE_PT, 20000, 60, true},  {ROLE_PT, 20000, 90, true},  {ROLE_PT, 20000, 30, true},
        {ROLE_PT, 20000, 91, false}, {ROLE_PT, 20000, 29, false}, {ROLE_PT, 19999, 60, false},
        {ROLE_ME, 20000, 60, false}, /* who meets twice on a day says it twice */
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

        c.meetings_count = 1;
        c.meetings[0] = (struct mentor_meeting){
            .id = {"meeting"}, .on = {20000}, .minutes = 60, .by = MENTORSHIP_PARTY_MENTOR};
        assert_null(tell_of_meeting(&c, rows[i].role, rows[i].on, rows[i].minutes,
                                    rows[i].role == ROLE_ME));
        assert_int_equal(c.row.meetings, rows[i].is_same ? 0 : 1);
        assert_int_equal(c.row.minutes, rows[i].is_same ? 0 : rows[i].minutes);
    }
}

static const struct mentor_meeting *add_meeting(struct mentorship_case *c, const char *id,
                                                int64_t on, int64_t minutes,
                                                enum mentorship_party by)
{
    struct mentor_meeting *met = &c->meetings[c->meetings_count++];

    *met = (struct mentor_meeting){.mentorship = ours, .on = {on}, .minutes = minutes, .by = by};
    memcpy(met->id.bytes, id, strlen(id));
    return met;
}

static void who_tells_of_a_day_twice_means_it(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
    struct mentor_meeting *met;

    (void)unused;
    add_meeting(&c, "one", 20000, 60, MENTORSHIP_PARTY_MENTOR);
    met = &c.meetings[0];
    assert_ptr_equal(log_meeting(&c, ROLE_ME, 20000, 60), mentorship_met_twice.code);
    assert_null(log_meeting(&c, ROLE_ME, 19999, 60)); /* another day */
    assert_null(tell_of_meeting(&c, ROLE_ME, 20000, 60, true));
    met->struck = true;
    assert_null(log_meeting(&c, ROLE_ME, 20000, 60)); /* what is struck is none */
    met->struck = false;
    assert_null(log_meeting(&c, ROLE_PT, 20000, 60)); /* the other side's word: it is one */
    assert_int_equal(out.at[0].type, MENTORSHIP_MEETING_CONFIRMED);
}

/* The meetings of a day, those of two that are one once. */
static void the_meetings_of_a_day_have_its_minutes(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    (void)unused;
    add_meeting(&c, "one", 20000, 1000, MENTORSHIP_PARTY_MENTOR);
    add_meeting(&c, "two", 19999, 1000, MENTORSHIP_PARTY_MENTOR);
    assert_ptr_equal(tell_of_meeting(&c, ROLE_ME, 20000, 441, true), mentorship_day_too_long.code);
    assert_null(tell_of_meeting(&c, ROLE_ME, 20000, 440, true));
    assert_null(log_meeting(&c, ROLE_PT, 20000, 1020)); /* that meeting, by the other's clock */
    assert_int_equal(out.at[0].type, MENTORSHIP_MEETING_CONFIRMED);

    add_meeting(&c, "three", 20000, 0, MENTORSHIP_PARTY_COORDINATOR); /* nobody said how long */
    assert_ptr_equal(log_meeting(&c, ROLE_PT, 20000, 500), mentorship_day_too_long.code);
    assert_null(log_meeting(&c, ROLE_PT, 20000, 440));
    assert_int_equal(out.at[0].type, MENTORSHIP_MEETING_CONFIRMED);

    while (c.meetings_count < MENTOR_MEETINGS_A_DAY)
        add_meeting(&c, "more", 20000, 0, MENTORSHIP_PARTY_MENTOR);
    assert_ptr_equal(tell_of_meeting(&c, ROLE_ME, 19999, 9, true), mentorship_day_full.code);
}

/* The coordinator wrote down the first meeting, and not how long it was. */
static void one_of_unknown_length_is_as_long_as_the_other_says(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    (void)unused;
    c.meetings_count = 1;
    c.meetings[0] = (struct mentor_meeting){.on = {20000}, .by = MENTORSHIP_PARTY_COORDINATOR};
    assert_null(log_meeting(&c, ROLE_PT, 20000, 45));
    assert_int_equal(c.row.meetings, 0);
    assert_int_equal(c.row.minutes, 45);
}

/* What a meeting's row comes to. */
static void hear_of(struct mentor_meeting *row)
{
    struct mentor_meeting_event event = {.id = ours};

    if (out.at[0].type == MENTORSHIP_MEETING_CONFIRMED) {
        event.type = MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_CONFIRMED;
        event.mentorship_meeting_confirmed = out.at[0].mentorship_meeting_confirmed;
    } else {
        event.type = MENTOR_MEETING_AFTER_MENTORSHIP_UNDONE;
        event.mentorship_undone = out.at[0].mentorship_undone;
    }
    mentor_meeting_evolve(row, &event);
}

static void a_meeting_that_three_tell_of_is_one(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
    struct mentor_meeting *met = &c.meetings[0];

    (void)unused;
    c.meetings_count = 1;
    *met = (struct mentor_meeting){
        .id = {"meeting"}, .on = {20000}, .by = MENTORSHIP_PARTY_COORDINATOR};
    assert_null(log_meeting(&c, ROLE_PT, 20000, 45));
    hear_of(met);
    assert_null(log_meeting(&c, ROLE_ME, 20000, 60));
    hear_of(met);
    assert_int_equal(c.row.meetings, 0);
    assert_int_equal(c.row.minutes, 45);
    assert_int_equal(met->minutes, 45);
    assert_int_equal(met->confirmed_by, MENTORSHIP_PARTY_PARTICIPANT);
    assert_int_equal(met->third, MENTORSHIP_PARTY_MENTOR);
    assert_int_equal(met->third_minutes, 60);
    assert_ptr_equal(log_meeting(&c, ROLE_PT, 20000, 45), mentorship_met_twice.code);
    assert_null(tell_of_meeting(&c, ROLE_PT, 20000, 45, true)); /* once more: they met again */
    assert_int_equal(c.row.meetings, 1);
}

static void a_meeting_that_was_confirmed_by_mistake_is_the_others_alone(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
    struct mentor_meeting *met = &c.meetings[0];
    struct mentor_meeting before;

    (void)unused;
    c.meetings_count = 1;
    *met = (struct mentor_meeting){
        .id = {"meeting"}, .on = {20000}, .by = MENTORSHIP_PARTY_COORDINATOR};
    before = *met;
    assert_null(log_meeting(&c, ROLE_PT, 20000, 45));
    hear_of(met);
    assert_ptr_equal(say_as(&c, MENTORSHIP_UNDO, ROLE_ME, ada), mentorship_undo_anothers.code);
    assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_PT, bo));
    hear_of(met);
    assert_int_equal(c.row.minutes, 0);
    assert_memory_equal(met, &before, sizeof before);
}

static const char *correct(struct mentorship_case *c, enum role role, int64_t on, int64_t minutes)
{
    struct mentorship_input in = input(MENTORSHIP_CORRECT_MEETING, c);
    struct mentorship_correct_meeting *ask = &in.mentorship_correct_meeting;

    in.head.actor = (struct actor){role, role == ROLE_ME ? ada : role == ROLE_PT ? bo : eve, {{0}}};
    ask->has_on = on != 0;
    ask->on.day = on;
    ask->has_minutes = minutes != 0;
    ask->minutes = minutes;
    return run(c, &in);
}

static const char *correct_also(struct mentorship_case *c, int64_t on)
{
    struct mentorship_input in = input(MENTORSHIP_CORRECT_MEETING, c);
    struct mentorship_correct_meeting *ask = &in.mentorship_correct_meeting;

    in.head.actor = (struct actor){ROLE_ME, ada, {{0}}};
    *ask = (struct mentorship_correct_meeting){
        .meeting = c->meetings[0].id, .has_on = true, .on = {on}, .has_also = true, .also = true};
    return run(c, &in);
}

/* A meeting of the mentor's on a day with others, and one beside it. */
static struct mentorship_case with_two_of_a_day(int64_t minutes, int64_t on)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    c.row.has_first_meeting = true;
    c.row.first_meeting = (struct id){"first"};
    c.row.started_on.day = 19990;
    name_meeting(&c, MENTORSHIP_PARTY_MENTOR);
    c.meetings[0].minutes = minutes;
    add_meeting(&c, "other", on, 1000, MENTORSHIP_PARTY_MENTOR);
    c.row.minutes = minutes + 1000;
    return c;
}

static void a_meeting_is_corrected_to_what_its_day_has_room_for(void **unused)
{
    struct mentorship_case c = with_two_of_a_day(60, 19999);

    (void)unused;
    assert_ptr_equal(correct(&c, ROLE_ME, 0, 441), mentorship_day_too_long.code);
    assert_null(correct(&c, ROLE_ME, 0, 440));
    c = with_two_of_a_day(
        900, 19999); /* of before there were limits: told shorter, it may still be too long */
    assert_null(correct(&c, ROLE_ME, 0, 800));

    c = with_two_of_a_day(60, 19995);
    assert_ptr_equal(correct(&c, ROLE_ME, 19995, 0), mentorship_met_twice.code);
    assert_ptr_equal(correct(&c, ROLE_ME, 19995, 441), mentorship_day_too_long.code);
    assert_null(correct_also(&c, 19995));
    c = with_two_of_a_day(60, 19995);
    while (c.meetings_count <= MENTOR_MEETINGS_A_DAY)
        add_meeting(&c, "more", 19995, 0, MENTORSHIP_PARTY_COORDINATOR);
    c.meetings[0].minutes = 400;
    assert_ptr_equal(correct_also(&c, 19995), mentorship_day_full.code);
}

static void who_told_of_a_meeting_corrects_and_strikes_it(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ON_HOLD);

    (void)unused;
    c.row.has_first_meeting = true;
    c.row.first_meeting = (struct id){"first"};
    c.row.started_on.day = 19990;
    c.row.meetings = 2;
    c.row.minutes = 100;
    name_meeting(&c, MENTORSHIP_PARTY_MENTOR);
    assert_ptr_equal(correct(&c, ROLE_PT, 0, 45), mentorship_meeting_anothers.code);
    assert_ptr_equal(correct(&c, ROLE_ME, 0, 0), mentorship_nothing_corrected.code);
    assert_ptr_equal(correct(&c, ROLE_ME, 20001, 0), mentorship_in_future.code);
    assert_ptr_equal(correct(&c, ROLE_ME, 19989, 0), mentorship_before_first.code);
    assert_null(correct(&c, ROLE_ME, 19995, 45));
    assert_int_equal(c.row.minutes, 85);
    assert_int_equal(c.row.started_on.day, 19990);
    c.meetings[0].minutes = 45;
    assert_null(say(&c, MENTORSHIP_STRIKE_MEETING));
    assert_int_equal(c.row.meetings, 1);
    assert_int_equal(c.row.minutes, 40);
    c.meetings[0].struck = true;
    assert_ptr_equal(say(&c, MENTORSHIP_STRIKE_MEETING), mentorship_no_such_meeting.code);
    c.meetings[0] = (struct mentor_meeting){.mentorship = theirs, .by = MENTORSHIP_PARTY_MENTOR};
    assert_ptr_equal(correct(&c, ROLE_ME, 0, 45), mentorship_no_such_meeting.code);
}

static void what_several_told_of_stays_and_each_ones_word_is_their_own(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
    struct mentor_meeting_event event = {.type = MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_CORRECTED,
                                         .id = ours};
    struct mentor_meeting *met = &c.meetings[0];

    (void)unused;
    c.row.minutes = 60;
    name_meeting(&c, MENTORSHIP_PARTY_MENTOR);
    met->has_confirmed_by = true;
    met->confirmed_by = MENTORSHIP_PARTY_PARTICIPANT;
    met->confirmed_minutes = 90;
    assert_ptr_equal(say(&c, MENTORSHIP_STRIKE_MEETING), mentorship_told_by_others.code);
    assert_ptr_equal(correct(&c, ROLE_ME, 19998, 0), mentorship_told_by_others.code);
    assert_null(correct(&c, ROLE_PT, 0, 75));
    event.mentorship_meeting_corrected = out.at[0].mentorship_meeting_corrected;
    mentor_meeting_evolve(met, &event);
    assert_int_equal(met->confirmed_minutes, 75);
    assert_int_equal(met->minutes, 60);
    assert_int_equal(c.row.minutes, 60);
    assert_null(correct(&c, ROLE_ME, 0, 70));
    event.mentorship_meeting_corrected = out.at[0].mentorship_meeting_corrected;
    mentor_meeting_evolve(met, &event);
    assert_int_equal(met->confirmed_minutes, 75);
    assert_int_equal(met->minutes, 70);
    assert_int_equal(c.row.minutes, 70);
}

static void the_first_meeting_is_corrected_and_it_began_then(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    (void)unused;
    c.row.started_on.day = 19999; /* of before: that it was the first was not noted */
    c.row.has_offered_at = true;
    c.row.offered_at.ms = INT64_C(19990) * DAY_MS;
    name_meeting(&c, MENTORSHIP_PARTY_COORDINATOR);
    assert_ptr_equal(correct(&c, ROLE_CO, 19989, 0), mentorship_before_offer.code);
    c.has_met_before = true;
    assert_ptr_equal(correct(&c, ROLE_CO, 20000, 0), mentorship_behind_others.code);
    c.has_met_before = false;
    assert_null(correct(&c, ROLE_CO, 19992, 0));
    assert_int_equal(c.row.started_on.day, 19992);
    name_meeting(&c, MENTORSHIP_PARTY_MENTOR);
    c.row.has_first_meeting = true;
    c.row.first_meeting = c.meetings[0].id;
    assert_ptr_equal(say(&c, MENTORSHIP_STRIKE_MEETING), mentorship_first_meeting_stays.code);
}

/* What all that was said makes of the meetings that were looked at. */
static void hear_of_all(struct mentorship_case *c)
{
    for (uint32_t i = 0; i < out.count; i++) {
        const struct mentorship_event *said = &out.at[i];
        struct mentor_meeting_event event = {.id = ours};
        struct id of;

        if (said->type == MENTORSHIP_MEETING_CORRECTED) {
            event.type = MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_CORRECTED;
            event.mentorship_meeting_corrected = said->mentorship_meeting_corrected;
            of = said->mentorship_meeting_corrected.meeting;
        } else if (said->type == MENTORSHIP_MEETING_STRUCK) {
            event.type = MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_STRUCK;
            event.mentorship_meeting_struck = said->mentorship_meeting_struck;
            of = said->mentorship_meeting_struck.meeting;
        } else {
            event.type = MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_CONFIRMED;
            event.mentorship_meeting_confirmed = said->mentorship_meeting_confirmed;
            of = said->mentorship_meeting_confirmed.meeting;
        }
        for (uint32_t k = 0; k < c->meetings_count; k++)
            if (id_equal(c->meetings[k].id, of)) mentor_meeting_evolve(&c->meetings[k], &event);
    }
}

/* The mentor told of one, 60 minutes on the 19999th; the other one is told of by the participant. */
static struct mentorship_case given_two(bool is_first, int64_t on, int64_t minutes)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    c.row.started_on.day = 19990;
    c.row.has_first_meeting = true;
    c.row.first_meeting = is_first ? (struct id){"met"} : (struct id){"first"};
    name_meeting(&c, MENTORSHIP_PARTY_MENTOR);
    c.meetings[c.meetings_count++] = (struct mentor_meeting){.id = {"other"},
                                                             .mentorship = ours,
                                                             .on = {on},
                                                             .minutes = minutes,
                                                             .by = MENTORSHIP_PARTY_PARTICIPANT};
    c.row.meetings = 2;
    c.row.minutes = 60 + minutes;
    return c;
}

static void a_meeting_that_by_its_correction_is_the_others_is_one(void **unused)
{
    static const struct {
        const char *why;
        bool is_first;
        int64_t on, minutes;       /* the other's */
        int64_t to_on, to_minutes; /* 0: as it was */
        bool is_one;
    } rows[] = {
        {"as long as theirs", false, 19999, 120, 0, 120, true},
        {"about as long", false, 19999, 120, 0, 90, true},
        {"still another length", false, 19999, 120, 0, 89, false},
        {"another day", false, 19998, 120, 0, 120, false},
        {"on their day", false, 19998, 60, 19998, 0, true},
        {"on their day, and as long", false, 19998, 120, 19998, 120, true},
        {"on their day, another length", false, 19998, 120, 19998, 0, false},
        {"the first, as long", true, 19999, 120, 0, 120, true},
        {"the first, on their day", true, 19998, 60, 19998, 0, true},
        {"the first, another length", true, 19999, 120, 0, 20, false},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mentorship_case c = given_two(rows[i].is_first, rows[i].on, rows[i].minutes);
        const struct mentor_meeting *stays = &c.meetings[rows[i].is_first ? 0 : 1];
        const struct mentor_meeting *goes = &c.meetings[rows[i].is_first ? 1 : 0];
        const int64_t to = rows[i].to_minutes != 0 ? rows[i].to_minutes : 60;

        assert_null(correct(&c, ROLE_ME, rows[i].to_on, rows[i].to_minutes));
        hear_of_all(&c);
        if (c.row.meetings != (rows[i].is_one ? 1 : 2)) fail_msg("%s", rows[i].why);
        assert_int_equal(goes->struck, rows[i].is_one);
        assert_false(stays->struck);
        if (!rows[i].is_one) {
            assert_int_equal(c.row.minutes, to + rows[i].minutes);
            continue;
        }
        assert_int_equal(c.row.minutes, stays->minutes);
        assert_int_equal(stays->minutes, rows[i].is_first ? to : rows[i].minutes);
        assert_int_equal(stays->confirmed_minutes, rows[i].is_first ? rows[i].minutes : to);
        assert_true(stays->has_confirmed_by && stays->confirmed_by == goes->by);
        assert_true(goes->has_same && id_equal(goes->same, stays->id));
        assert_int_equal(c.row.started_on.day, rows[i].is_first && rows[i].to_on != 0
                                                   ? rows[i].to_on
                                               : rows[i].is_first ? 19999
                                                                  : 19990);
    }
}

static void the_word_of_who_confirmed_goes_along(void **unused)
{
    struct mentorship_case c = given_two(false, 19999, 120);
    struct mentor_meeting *met = &c.meetings[0], *other = &c.meetings[1];

    (void)unused;
    met->has_confirmed_by = true;
    met->confirmed_by = MENTORSHIP_PARTY_COORDINATOR;
    met->confirmed_minutes = 70;
    assert_null(correct(&c, ROLE_ME, 0, 110));
    hear_of_all(&c);
    assert_int_equal(c.row.meetings, 1);
    assert_int_equal(c.row.minutes, 120);
    assert_int_equal(other->confirmed_minutes, 110);
    assert_true(other->has_third && other->third == MENTORSHIP_PARTY_COORDINATOR);
    assert_int_equal(other->third_minutes, 70);

    c = given_two(false, 19999, 120); /* who told of both told of two */
    met->has_confirmed_by = other->has_confirmed_by = true;
    met->confirmed_by = other->confirmed_by = MENTORSHIP_PARTY_COORDINATOR;
    assert_null(correct(&c, ROLE_ME, 0, 120));
    assert_int_equal(c.row.meetings, 2);
}

/* Nobody had said how long it was: the other has. */
static void the_first_of_unknown_length_is_as_long_as_the_other_that_it_is(void **unused)
{
    struct mentorship_case c = given_two(true, 19998, 45);

    (void)unused;
    c.meetings[0].minutes = 0;
    c.row.minutes = 45;
    assert_null(correct(&c, ROLE_ME, 19998, 0));
    hear_of_all(&c);
    assert_int_equal(c.row.meetings, 1);
    assert_int_equal(c.row.minutes, 45);
    assert_int_equal(c.meetings[0].minutes, 45);
    assert_true(c.meetings[1].struck);
}

static void both_say_that_it_is_done(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    (void)unused;
    assert_ptr_equal(say_as(&c, MENTORSHIP_COMPLETE, ROLE_CO, eve), mentorship_nobody_said.code);
    assert_null(say_as(&c, MENTORSHIP_COMPLETE, ROLE_PT, bo));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_ACTIVE);
    assert_ptr_equal(say_as(&c, MENTORSHIP_COMPLETE, ROLE_PT, bo), mentorship_already_said.code);
    assert_null(say_as(&c, MENTORSHIP_COMPLETE, ROLE_ME, ada));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_COMPLETED);
    assert_int_equal(c.taken, 0);
}

static void the_coordinator_says_it_for_who_does_not_after_some_days(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
    struct mentorship_input in;

    (void)unused;
    assert_null(say(&c, MENTORSHIP_COMPLETE));
    in = input(MENTORSHIP_COMPLETE, &c);
    in.head.actor = (struct actor){ROLE_CO, eve, {{0}}};
    in.head.at.ms = end_of(14) - 1;
    assert_ptr_equal(run(&c, &in), mentorship_too_early.code);
    in.head.at.ms++;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_COMPLETED);
}

/* What somebody said, as somebody else tells. */
static const char *told(struct mentorship_case *c, enum mentorship_input_type type, enum role by,
                        enum voice of)
{
    struct mentorship_input in = input(type, c);

    in.head.actor = (struct actor){by, eve, {{0}}};
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){of, TOLD_HOW_TELEPHONE, true, {19999}};
    return run(c, &in);
}

static void a_meeting_that_was_written_down_for_somebody_says_so(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
    struct mentor_meeting_event event = {.type = MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_LOGGED,
                                         .id = ours};
    struct mentor_meeting row = {0};

    (void)unused;
    assert_null(told(&c, MENTORSHIP_LOG_MEETING, ROLE_CO, VOICE_MENTOR));
    event.mentorship_meeting_logged = out.at[0].mentorship_meeting_logged;
    mentor_meeting_evolve(&row, &event);
    assert_true(row.has_told);
    assert_int_equal(row.told, TOLD_HOW_TELEPHONE);
    c.meetings[0] = row;
    c.meetings_count = 1;
    assert_null(told(&c, MENTORSHIP_LOG_MEETING, ROLE_CO, VOICE_PARTICIPANT));
    assert_int_equal(out.at[0].type, MENTORSHIP_MEETING_CONFIRMED);
    hear_of(&row);
    assert_true(row.has_confirmed_told);
    assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_PT, bo));
    hear_of(&row);
    assert_false(row.has_confirmed_told);
}

static void what_becomes_of_a_meeting_by_the_word_of_somebody_says_so(void **unused)
{
    struct mentorship_case c = given_two(false, 19990, 240);
    struct mentorship_input in = input(MENTORSHIP_CORRECT_MEETING, &c);
    const struct mentor_meeting *met = &c.meetings[0];

    (void)unused;
    c.meetings_count = 1;
    in.head.actor = (struct actor){ROLE_CO, eve, {{0}}};
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){.of = VOICE_MENTOR, .told = TOLD_HOW_LETTER};
    in.mentorship_correct_meeting.has_on = false;
    in.mentorship_correct_meeting.has_minutes = true;
    in.mentorship_correct_meeting.minutes = 45;
    assert_null(run(&c, &in));
    hear_of_all(&c);
    assert_true(met->has_corrected_by && met->has_corrected_told);
    assert_int_equal(met->corrected_by, MENTORSHIP_PARTY_MENTOR);
    assert_int_equal(met->corrected_told, TOLD_HOW_LETTER);
    assert_null(say(&c, MENTORSHIP_CORRECT_MEETING)); /* now they say it themself */
    hear_of_all(&c);
    assert_false(met->has_corrected_by || met->has_corrected_told);
    assert_null(told(&c, MENTORSHIP_STRIKE_MEETING, ROLE_CO, VOICE_MENTOR));
    hear_of_all(&c);
    assert_true(met->struck && met->has_struck_told);
    assert_int_equal(met->struck_told, TOLD_HOW_TELEPHONE);
}

static void what_a_mentor_or_participant_says_is_written_down_for_them(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
    const struct mentorship_recorded_for *said;

    (void)unused;
    assert_null(told(&c, MENTORSHIP_ACCEPT, ROLE_CO, VOICE_MENTOR));
    said = &out.at[out.count - 1].mentorship_recorded_for;
    assert_int_equal(out.at[out.count - 1].type, MENTORSHIP_RECORDED_FOR);
    assert_int_equal(said->said, MENTORSHIP_SAID_ACCEPT);
    assert_int_equal(said->of, VOICE_MENTOR);
    assert_int_equal(said->told, TOLD_HOW_TELEPHONE);
    assert_int_equal(said->on.day, 19999);
    assert_int_equal(c.row.state, MENTORSHIP_STATE_ACCEPTED);
    assert_null(told(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_CO, VOICE_PARTICIPANT));
    assert_true(c.row.participant_signed && !c.row.mentor_signed);
    assert_null(told(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_CO, VOICE_MENTOR));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_AGREED);
    assert_int_equal(c.row.recorded.count, 3);
    assert_int_equal(c.row.recorded.at[1].of, VOICE_PARTICIPANT);
}

/* From the yes to the first meeting, all told by telephone: what is said once. */
static struct mentorship_case recorded_until_met(void)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);

    assert_null(told(&c, MENTORSHIP_ACCEPT, ROLE_CO, VOICE_MENTOR));
    assert_null(told(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_CO, VOICE_PARTICIPANT));
    assert_null(told(&c, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_CO, VOICE_MENTOR));
    assert_null(told(&c, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_CO, VOICE_MENTOR));
    assert_int_equal(c.row.recorded.count, 4);
    return c;
}

static void is_recorded_until_met(const struct mentorship_case *c)
{
    assert_int_equal(c->row.recorded.at[0].said, MENTORSHIP_SAID_ACCEPT);
    assert_int_equal(c->row.recorded.at[1].said, MENTORSHIP_SAID_SIGN_CONFIDENTIALITY);
    assert_int_equal(c->row.recorded.at[1].of, VOICE_PARTICIPANT);
    assert_int_equal(c->row.recorded.at[2].of, VOICE_MENTOR);
    assert_int_equal(c->row.recorded.at[3].said, MENTORSHIP_SAID_HOLD_FIRST_MEETING);
}

static void meetings_stand_on_themselves_and_push_no_yes_out(void **unused)
{
    struct mentorship_case c = recorded_until_met();
    const struct mentorship_recorded_for *said;

    (void)unused;
    for (int i = 0; i < 20; i++) {
        assert_null(told(&c, MENTORSHIP_LOG_MEETING, ROLE_CO, VOICE_PARTICIPANT));
        said = &out.at[out.count - 1].mentorship_recorded_for;
        assert_int_equal(out.at[out.count - 1].type, MENTORSHIP_RECORDED_FOR); /* they hear of it */
        assert_true(said->has_elsewhere && said->elsewhere);
    }
    assert_int_equal(c.row.recorded.count, 4);
    is_recorded_until_met(&c);
    assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_PT, bo)); /* their word */
    assert_int_equal(c.row.recorded.count, 4);
}

static void of_what_is_said_again_and_again_the_oldest_gives_way(void **unused)
{
    struct mentorship_case c = recorded_until_met();
    struct mentorship_input in;

    (void)unused;
    for (int i = 0; i < 20; i++) {
        in = input(MENTORSHIP_HOLD, &c);
        in.head.has_behalf = true;
        in.head.behalf = (struct behalf){VOICE_MENTOR, TOLD_HOW_LETTER, true, {19999}};
        assert_null(run(&c, &in));
        assert_null(told(&c, MENTORSHIP_RESUME, ROLE_CO, VOICE_MENTOR));
    }
    assert_int_equal(c.row.recorded.count, 16);
    is_recorded_until_met(&c);
    assert_int_equal(c.row.recorded.at[15].said, MENTORSHIP_SAID_RESUME);
    assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_ME, ada));
    assert_int_equal(c.row.recorded.at[14].said, MENTORSHIP_SAID_HOLD);
    assert_int_equal(c.row.recorded.count, 15);
}

/* Every version of a row that has been shown stays as it was. */
static void what_was_recorded_before_meetings_kept_it_is_folded_as_it_was(void **unused)
{
    struct mentorship row = {.state = MENTORSHIP_STATE_ACTIVE};

    (void)unused;
    for (int i = 0; i < 17; i++) {
        struct mentorship_event event = {.type = MENTORSHIP_RECORDED_FOR};

        event.mentorship_recorded_for.said =
            i == 0 ? MENTORSHIP_SAID_ACCEPT : MENTORSHIP_SAID_LOG_MEETING;
        event.mentorship_recorded_for.on.day = i;
        mentorship_evolve(&row, &event);
    }
    assert_int_equal(row.recorded.count, 16);
    assert_int_equal(row.recorded.at[0].said, MENTORSHIP_SAID_LOG_MEETING);
    assert_int_equal(row.recorded.at[0].on.day, 1);
    assert_int_equal(row.recorded.at[15].on.day, 16);
}

static void who_writes_down_for_whom(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);

    (void)unused;
    assert_string_equal(told(&c, MENTORSHIP_ACCEPT, ROLE_ME, VOICE_MENTOR), life_forbidden.code);
    assert_string_equal(told(&c, MENTORSHIP_ACCEPT, ROLE_PA, VOICE_MENTOR), life_forbidden.code);
    assert_string_equal(told(&c, MENTORSHIP_ACCEPT, ROLE_CN, VOICE_MENTOR), life_forbidden.code);
    assert_string_equal(told(&c, MENTORSHIP_ACCEPT, ROLE_CO, VOICE_PARTICIPANT),
                        life_forbidden.code); /* it is not theirs */
}

/* Who has both parts signs for one of them: for the other somebody else does. */
static void neither_of_the_two_speaks_for_the_other_in_another_part(void **unused)
{
    static const struct {
        struct id who;
        enum voice of;
    } both[] = {{ada, VOICE_PARTICIPANT}, {bo, VOICE_MENTOR}};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_ACCEPTED), d = c;
        struct mentorship_input in = input(MENTORSHIP_SIGN_CONFIDENTIALITY, &c);

        in.head.actor = (struct actor){ROLE_CO, both[i].who, {{0}}};
        in.head.has_behalf = true;
        in.head.behalf = (struct behalf){.of = both[i].of};
        assert_ptr_equal(run(&c, &in), mentorship_other_side.code);
        in.head.actor.id = eve;
        assert_null(run(&d, &in));
    }
}

static void a_counsellor_writes_down_for_participants_of_their_agency_only(void **unused)
{
    static const struct id ours_too = {"agency"}, another = {"another"};
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
    struct mentorship_input in = input(MENTORSHIP_WITHDRAW, &c);

    (void)unused;
    in.head.actor = (struct actor){ROLE_CN, eve, ours_too};
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){.of = VOICE_PARTICIPANT};
    assert_ptr_equal(run(&c, &in), life_forbidden.code); /* nobody's referral */
    c.mentee.has_agency = true;
    c.mentee.agency = another;
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
    c.mentee.agency = ours_too;
    assert_null(run(&c, &in));
}

/* Nor is it anybody else's when it is over, and was never offered. */
static void what_nobody_was_asked_about_is_the_coordinators_alone(void **unused)
{
    static const enum role others[] = {ROLE_ME, ROLE_PT, ROLE_CN};
    static const enum mentorship_input_type asks[] = {MENTORSHIP_UNDO, MENTORSHIP_WITHDRAW,
                                                      MENTORSHIP_ACCEPT};
    static const enum mentorship_state states[] = {
        MENTORSHIP_STATE_PROPOSED, MENTORSHIP_STATE_WITHDRAWN, MENTORSHIP_STATE_SUPERSEDED};

    (void)unused;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        for (size_t n = 0; n < sizeof asks / sizeof asks[0]; n++)
            for (size_t r = 0; r < sizeof others / sizeof others[0]; r++) {
                struct mentorship_case c = given(states[i]);
                struct mentorship_input in = input(asks[n], &c);

                c.row.has_offered_at = false;
                c.mentee.has_agency = true;
                c.mentee.agency = elsewhere;
                in.head.actor =
                    (struct actor){others[r], others[r] == ROLE_PT ? bo : ada, elsewhere};
                in.head.version = 99; /* nor do they hear that it has changed */
                assert_ptr_equal(run(&c, &in), life_forbidden.code);
            }
}

static void a_token_without_a_person_takes_nothing_back(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    (void)unused;
    assert_null(say_as(&c, MENTORSHIP_HOLD, ROLE_CO, (struct id){{0}}));
    assert_ptr_equal(say_as(&c, MENTORSHIP_UNDO, ROLE_CO, (struct id){{0}}),
                     mentorship_undo_anothers.code);
}

static void a_coordinator_who_may_not_hears_how_they_may(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
    struct mentorship_input in = input(MENTORSHIP_ACCEPT, &c);
    struct error err = {0};

    (void)unused;
    in.head.actor.role = ROLE_CO;
    assert_false(mentorship_decide(&c, &in, &out, &err));
    assert_string_equal(err.text, "This is a mentor's to do. What a mentor told you can be written "
                                  "down for them (behalf).");
    in.head.actor.role = ROLE_PA;
    assert_false(mentorship_decide(&c, &in, &out, &err));
    assert_string_equal(err.text, "This is a mentor's to do. It can be written down for them by a "
                                  "coordinator (behalf).");
}

static void a_clubs_coordinator_writes_down_for_its_own_mentors_only(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
    struct mentorship_input in = input(MENTORSHIP_ACCEPT, &c);

    (void)unused;
    in.head.actor = (struct actor){ROLE_CO, eve, {"club"}};
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){.of = VOICE_MENTOR};
    c.mentor.organisation = (struct id){"another"};
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
    c.mentor.organisation = (struct id){"club"};
    assert_null(run(&c, &in));
    assert_int_equal(c.row.recorded.at[0].on.day, 20000); /* today */
}

static void nobody_said_anything_before_the_programme_began(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);

    (void)unused;
    c.rules.from.day = 20000; /* they told it the day before */
    assert_ptr_equal(told(&c, MENTORSHIP_ACCEPT, ROLE_CO, VOICE_MENTOR),
                     mentorship_before_programme.code);
    assert_int_equal(mentorship_before_programme.kind, ERROR_INVALID);
    assert_string_equal(mentorship_before_programme.field, "behalf.on");
    c.rules.from.day--;
    c.row.has_offered_at = true; /* they were asked today */
    c.row.offered_at = now;
    assert_ptr_equal(told(&c, MENTORSHIP_ACCEPT, ROLE_CO, VOICE_MENTOR),
                     mentorship_before_programme.code);
    c.row.offered_at.ms -= DAY_MS;
    assert_null(told(&c, MENTORSHIP_ACCEPT, ROLE_CO, VOICE_MENTOR));
}

static void a_record_keeps_the_last_that_were_written_down(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    (void)unused;
    for (int i = 0; i < 9; i++) {
        assert_null(told(&c, MENTORSHIP_HOLD, ROLE_CO, VOICE_PARTICIPANT));
        assert_null(told(&c, MENTORSHIP_RESUME, ROLE_CO, VOICE_MENTOR));
    }
    assert_int_equal(c.row.recorded.count, 16);
    assert_int_equal(c.row.recorded.at[15].said, MENTORSHIP_SAID_RESUME);
}

static bool is_as_before(const struct mentorship *row, const struct mentorship *was)
{
    struct mentorship one = *row, other = *was;

    one.version = other.version = 0;
    one.has_undo = other.has_undo = false;
    one.undo = other.undo = (struct mentorship_way_back){0};
    return memcmp(&one, &other, sizeof one) == 0;
}

/* Each by who did it: then everything is as it was. */
static void the_last_step_can_be_taken_back(void **unused)
{
    static const struct {
        enum mentorship_state state;
        enum mentorship_input_type type;
        enum role role;
    } steps[] = {
        {MENTORSHIP_STATE_OFFERED, MENTORSHIP_ACCEPT, ROLE_ME},
        {MENTORSHIP_STATE_OFFERED, MENTORSHIP_DECLINE, ROLE_ME},
        {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT},
        {MENTORSHIP_STATE_ACTIVE, MENTORSHIP_LOG_MEETING, ROLE_PT},
        {MENTORSHIP_STATE_ACTIVE, MENTORSHIP_HOLD, ROLE_CO},
        {MENTORSHIP_STATE_ACTIVE, MENTORSHIP_COMPLETE, ROLE_ME},
        {MENTORSHIP_STATE_ON_HOLD, MENTORSHIP_RESUME, ROLE_PT},
        {MENTORSHIP_STATE_AGREED, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_ME},
        {MENTORSHIP_STATE_PROPOSED, MENTORSHIP_WITHDRAW, ROLE_CO},
        {MENTORSHIP_STATE_OFFERED, MENTORSHIP_WITHDRAW, ROLE_ME},
        {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_WITHDRAW, ROLE_PT},
        {MENTORSHIP_STATE_AGREED, MENTORSHIP_WITHDRAW, ROLE_PT},
        {MENTORSHIP_STATE_ACTIVE, MENTORSHIP_END, ROLE_PT},
        {MENTORSHIP_STATE_ON_HOLD, MENTORSHIP_END, ROLE_ME},
        {MENTORSHIP_STATE_ON_HOLD, MENTORSHIP_COMPLETE, ROLE_PT}, /* the mentor had said so */
        {MENTORSHIP_STATE_ACTIVE, MENTORSHIP_COMPLETE, ROLE_CO},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct mentorship_case c = given(steps[i].state);
        const bool is_both = steps[i].type == MENTORSHIP_COMPLETE && steps[i].role != ROLE_ME;
        const struct id who = steps[i].role == ROLE_PT ? bo : ada;
        struct mentorship was;

        c.row.has_said_by = c.row.has_alone_from = is_both;
        if (is_both) c.row.said_by = MENTORSHIP_PARTY_MENTOR;

        c.row.has_asked_at = steps[i].type == MENTORSHIP_ACCEPT; /* and waits for an answer */
        if (c.row.has_asked_at) c.row.asked_at = now;
        was = c.row;
        c.others_count = 0;
        assert_null(say_as(&c, steps[i].type, steps[i].role, who));
        if (is_both) c.mentee = given(MENTORSHIP_STATE_COMPLETED).mentee;
        if (steps[i].role != ROLE_PT)
            assert_ptr_equal(say_as(&c, MENTORSHIP_UNDO, ROLE_CO, cai),
                             mentorship_undo_anothers.code);
        assert_null(say_as(&c, MENTORSHIP_UNDO, steps[i].role, who));
        if (!is_as_before(&c.row, &was))
            fail_msg("%s is not as before", matrix_input(&mentorship_contract, steps[i].type));
        assert_int_equal(c.taken, mentorship_holds_place(steps[i].state));
    }
}

static void nothing_is_taken_back_late_or_when_something_has_followed(void **unused)
{
    const struct instant hour = {now.ms + 3600000}, later = {now.ms + 3600001};
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE), d;

    (void)unused;
    assert_null(say(&c, MENTORSHIP_LOG_MEETING));
    d = c;
    assert_ptr_equal(say_at(&c, MENTORSHIP_UNDO, later), mentorship_undo_too_late.code);
    assert_null(say_at(&c, MENTORSHIP_UNDO, hour));
    assert_true(out.at[0].mentorship_undone.has_meeting);
    assert_ptr_equal(say(&c, MENTORSHIP_UNDO), mentorship_nothing_to_undo.code);
    mentorship_evolve(&d.row, &(struct mentorship_event){.type = MENTORSHIP_REMINDED});
    assert_ptr_equal(say(&d, MENTORSHIP_UNDO), mentorship_nothing_to_undo.code);
}

/* Another was superseded, and is told so. */
static void a_yes_that_ended_others_stays(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);

    (void)unused;
    assert_null(say(&c, MENTORSHIP_ACCEPT));
    assert_ptr_equal(say(&c, MENTORSHIP_UNDO), mentorship_nothing_to_undo.code);
}

static void a_no_is_taken_back_as_long_as_nobody_else_is_asked(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED), d, e;

    (void)unused;
    assert_null(say(&c, MENTORSHIP_DECLINE));
    d = e = c;
    assert_null(say(&c, MENTORSHIP_UNDO)); /* what was only suggested gives way */
    assert_int_equal(out.at[0].type, MENTORSHIP_SUPERSEDED);
    d.others[0].state = MENTORSHIP_STATE_OFFERED;
    assert_ptr_equal(say(&d, MENTORSHIP_UNDO), mentorship_undo_followed.code);
    d.others_count = 0;
    d.mentee.state = MENTEE_STATE_CLOSED;
    assert_ptr_equal(say(&d, MENTORSHIP_UNDO), mentorship_undo_followed.code);
    e.taken = 1; /* by another */
    assert_ptr_equal(say(&e, MENTORSHIP_UNDO), mentorship_mentor_full.code);
}

/* The mentee's row, as it hears what was decided last. */
static void mentee_hears(struct mentee *row)
{
    static const struct {
        enum mentorship_event_type from;
        enum mentee_event_type to;
    } heard[] = {
        {MENTORSHIP_COMPLETED, MENTEE_AFTER_MENTORSHIP_COMPLETED},
        {MENTORSHIP_ENDED, MENTEE_AFTER_MENTORSHIP_ENDED},
        {MENTORSHIP_WITHDRAWN, MENTEE_AFTER_MENTORSHIP_WITHDRAWN},
        {MENTORSHIP_DECLINED, MENTEE_AFTER_MENTORSHIP_DECLINED},
        {MENTORSHIP_UNDONE, MENTEE_AFTER_MENTORSHIP_UNDONE},
    };

    for (size_t i = 0; i < sizeof heard / sizeof heard[0]; i++) {
        struct mentee_event event = {.type = heard[i].to, .id = ours};

        if (out.at[0].type != heard[i].from) continue;
        event.mentorship_undone = out.at[0].mentorship_undone; /* the longest of them */
        if (heard[i].to != MENTEE_AFTER_MENTORSHIP_UNDONE)
            event.mentorship_declined = out.at[0].mentorship_declined;
        mentee_evolve(row, &event);
        return;
    }
    fail_msg("event %u", out.at[0].type);
}

static void refer(struct mentee *row, enum mentee_event_type type, bool is_settled)
{
    struct mentee_event event = {.type = type, .id = referral};

    if (type == MENTEE_AFTER_REFERRAL_COMPLETED)
        event.referral_completed.has_settled = event.referral_completed.settled = is_settled;
    if (type == MENTEE_AFTER_REFERRAL_ACCEPTED) event.referral_accepted.person = bo;
    mentee_evolve(row, &event);
}

/* Whose search it was is as before: they have their mentor, or are asked for one. */
static void whose_mentorship_stands_again_seeks_as_before(void **unused)
{
    static const struct {
        enum mentorship_state state;
        enum mentorship_input_type type;
        enum mentee_state is;
    } steps[] = {
        {MENTORSHIP_STATE_OFFERED, MENTORSHIP_DECLINE, MENTEE_STATE_SEARCHING},
        {MENTORSHIP_STATE_OFFERED, MENTORSHIP_WITHDRAW, MENTEE_STATE_SEARCHING},
        {MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_WITHDRAW, MENTEE_STATE_MATCHED},
        {MENTORSHIP_STATE_AGREED, MENTORSHIP_WITHDRAW, MENTEE_STATE_MATCHED},
        {MENTORSHIP_STATE_ACTIVE, MENTORSHIP_END, MENTEE_STATE_MATCHED},
        {MENTORSHIP_STATE_ACTIVE, MENTORSHIP_COMPLETE, MENTEE_STATE_MATCHED},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct mentorship_case c = given(steps[i].state);
        const bool is_bound = mentorship_is_bound(steps[i].state);
        struct mentee was;

        c.others_count = 0;
        c.row.has_said_by = true; /* the participant has */
        c.row.said_by = MENTORSHIP_PARTY_PARTICIPANT;
        c.mentee.open = 1;
        c.mentee.state = steps[i].is;
        c.mentee.has_mentorship = is_bound;
        if (is_bound) c.mentee.mentorship = ours;
        was = c.mentee;
        assert_null(say_as(&c, steps[i].type, ROLE_ME, ada));
        mentee_hears(&c.mentee);
        assert_int_equal(c.mentee.open, 0);
        assert_int_equal(c.mentee.state, steps[i].type == MENTORSHIP_COMPLETE
                                             ? MENTEE_STATE_COMPLETED
                                             : MENTEE_STATE_SEARCHING);
        assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_ME, ada));
        mentee_hears(&c.mentee);
        assert_memory_equal(&c.mentee, &was, sizeof was);
    }
}

static struct mentorship_case completed(void)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);

    c.others_count = 0;
    c.row.has_said_by = true;
    c.row.said_by = MENTORSHIP_PARTY_PARTICIPANT;
    c.mentee.open = 1;
    c.mentee.state = MENTEE_STATE_MATCHED;
    c.mentee.has_mentorship = true;
    c.mentee.mentorship = ours;
    assert_null(say_as(&c, MENTORSHIP_COMPLETE, ROLE_ME, ada));
    mentee_hears(&c.mentee);
    return c;
}

/* The referral followed by itself, and follows again: not where somebody has closed it. */
static void what_completed_a_referral_is_taken_back_where_nobody_closed_it(void **unused)
{
    struct mentorship_case c = completed(), d = c, e = c, f = c, g;

    (void)unused;
    refer(&c.mentee, MENTEE_AFTER_REFERRAL_COMPLETED, true);
    assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_ME, ada));
    mentee_hears(&c.mentee);
    assert_int_equal(c.mentee.state, MENTEE_STATE_CLOSED);
    refer(&c.mentee, MENTEE_AFTER_REFERRAL_ACCEPTED, false);
    assert_int_equal(c.mentee.state, MENTEE_STATE_MATCHED);
    assert_true(id_equal(c.mentee.mentorship, ours));
    assert_int_equal(c.mentee.open, 1);

    refer(&f.mentee, MENTEE_AFTER_REFERRAL_COMPLETED, true);
    g = f;
    refer(&f.mentee, MENTEE_AFTER_REFERRAL_ENTERED_IN_ERROR, false);
    assert_ptr_equal(say_as(&f, MENTORSHIP_UNDO, ROLE_ME, ada), mentorship_undo_followed.code);
    refer(&g.mentee, MENTEE_AFTER_PERSON_ERASED, false);
    assert_ptr_equal(say_as(&g, MENTORSHIP_UNDO, ROLE_ME, ada), mentorship_undo_followed.code);
    refer(&d.mentee, MENTEE_AFTER_REFERRAL_COMPLETED, false);
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_ME, ada), mentorship_undo_followed.code);
    refer(&e.mentee, MENTEE_AFTER_REFERRAL_CANCELLED, false);
    assert_ptr_equal(say_as(&e, MENTORSHIP_UNDO, ROLE_ME, ada), mentorship_undo_followed.code);
}

static void what_is_over_stands_again_only_where_the_two_still_can(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE), d;

    (void)unused;
    c.others_count = 0;
    assert_null(say_as(&c, MENTORSHIP_END, ROLE_PT, bo));
    d = c;
    d.mentor.state = MENTOR_STATE_GONE;
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_PT, bo), mentorship_undo_followed.code);
    d = c;
    d.is_supervisor = true;
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_PT, bo), mentorship_undo_followed.code);
    d = c;
    d.mentee.protection = PROTECTION_MARKED;
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_PT, bo), mentorship_not_cleared.code);
    d = c;
    d.taken = d.mentor.capacity;
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_PT, bo), mentorship_mentor_full.code);
    d = c;
    d.mentee.conflicts = (struct mentee_conflicts){1, {ada}}; /* declared since */
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_PT, bo), mentorship_conflict.code);
    d = c;
    d.mentee.state = MENTEE_STATE_MATCHED; /* with another */
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_PT, bo), mentorship_undo_followed.code);
    c.mentee.is_held = true; /* as it was when it ended, perhaps */
    c.mentor.state = MENTOR_STATE_PAUSED;
    assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_PT, bo));
    d = given(MENTORSHIP_STATE_OFFERED); /* who pauses is not asked again */
    d.others_count = 0;
    assert_null(say_as(&d, MENTORSHIP_WITHDRAW, ROLE_PT, bo));
    d.mentor.state = MENTOR_STATE_PAUSED;
    assert_ptr_equal(say_as(&d, MENTORSHIP_UNDO, ROLE_PT, bo), mentorship_mentor_unavailable.code);
}

static void a_mentor_to_whom_something_speaks_against_by_now_cannot_say_yes(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);

    (void)unused;
    c.is_supervisor = true;
    assert_ptr_equal(say(&c, MENTORSHIP_ACCEPT), mentorship_is_supervisor.code);
    c.is_supervisor = false;
    c.mentee.conflicts = (struct mentee_conflicts){1, {ada}};
    assert_ptr_equal(say(&c, MENTORSHIP_ACCEPT), mentorship_conflict.code);
}

/* The agency wants something else by now, or its referral is over or on hold. */
static void nobody_is_asked_or_says_yes_for_who_wants_no_mentor(void **unused)
{
    static const struct {
        enum mentorship_state state;
        enum mentorship_input_type type;
    } steps[] = {{MENTORSHIP_STATE_PROPOSED, MENTORSHIP_OFFER},
                 {MENTORSHIP_STATE_OFFERED, MENTORSHIP_ACCEPT}};

    (void)unused;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct mentorship_case c = given(steps[i].state);

        c.mentee.is_held = true;
        assert_ptr_equal(say(&c, steps[i].type), mentorship_not_wanted.code);
        c.mentee.is_held = false;
        c.mentee.state = MENTEE_STATE_CLOSED;
        assert_ptr_equal(say(&c, steps[i].type), mentorship_not_wanted.code);
        c.mentee.state = MENTEE_STATE_SEARCHING;
        assert_null(say(&c, steps[i].type));
    }
}

/* Whoever may do a step that can be taken back, or write it down, may take it back. */
static void who_may_do_a_step_may_take_it_back(void **unused)
{
    static const enum mentorship_input_type types[] = {
        MENTORSHIP_ACCEPT,   MENTORSHIP_DECLINE, MENTORSHIP_WITHDRAW, MENTORSHIP_HOLD_FIRST_MEETING,
        MENTORSHIP_COMPLETE, MENTORSHIP_END,     MENTORSHIP_HOLD,     MENTORSHIP_RESUME};

    (void)unused;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        for (size_t n = 0; n < mentorship_life.step_count; n++) {
            const struct step *step = &mentorship_life.steps[n];
            uint64_t may = 0;

            if (step->command != types[i]) continue;
            for (unsigned role = ROLE_CO; role <= ROLE_VC; role *= 2) {
                bool is_theirs = (step->who & role) != 0;

                for (unsigned of = 0; of < LIFE_VOICES; of++)
                    is_theirs |=
                        (life_may_record(&mentorship_life, step->from, role, (enum voice)of) >>
                             types[i] &
                         1) != 0;
                may = life_may(&mentorship_life, step->to, role);
                if (is_theirs && (may >> MENTORSHIP_UNDO & 1) == 0)
                    fail_msg("%s by %x", mentorship_contract.commands[types[i]].body->name, role);
            }
        }
}

/* Of the matcher's and of what follows nobody can say that it was their mistake. */
static void what_nobody_said_is_not_taken_back(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE), d = given(MENTORSHIP_STATE_OFFERED);

    (void)unused;
    assert_null(say(&c, MENTORSHIP_ON_REFERRAL_CANCELLED));
    assert_false(c.row.has_undo);
    assert_null(say_as(&d, MENTORSHIP_WITHDRAW, ROLE_SYS, (struct id){{0}}));
    assert_false(d.row.has_undo);
}

static void that_an_agency_was_asked_by_mistake_ends_nothing(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
    struct mentorship_input in = input(MENTORSHIP_ON_REFERRAL_UNDONE, &c);

    (void)unused;
    in.referral_undone.step = REFERRAL_DECIDED_ASK_INFO;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, MENTORSHIP_STATE_OFFERED);
}

/* It may have been asked before and be heard of afterwards: what is over goes by no question. */
static void a_question_that_comes_late_leaves_the_way_back(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_AGREED);
    struct mentorship_event late = {.type = MENTORSHIP_AFTER_QUESTION_ASKED, .id = ours};

    (void)unused;
    assert_null(say_as(&c, MENTORSHIP_WITHDRAW, ROLE_ME, ada));
    mentorship_evolve(&c.row, &late);
    assert_null(say_as(&c, MENTORSHIP_UNDO, ROLE_ME, ada));
}

static void a_conflict_of_interest_that_was_stated_stays(void **unused)
{
    struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
    struct mentorship_input in = input(MENTORSHIP_DECLINE, &c);

    (void)unused;
    in.mentorship_decline.reason = MENTORSHIP_REASON_CONFLICT_OF_INTEREST;
    assert_null(run(&c, &in));
    assert_ptr_equal(say(&c, MENTORSHIP_UNDO), mentorship_nothing_to_undo.code);
    c = given(MENTORSHIP_STATE_OFFERED);
    c.row.has_asked_at = true; /* a question waits, and is dropped with the no */
    assert_null(say(&c, MENTORSHIP_DECLINE));
    assert_ptr_equal(say(&c, MENTORSHIP_UNDO), mentorship_nothing_to_undo.code);
}

static void what_was_written_down_is_taken_back_by_who_wrote_it_or_whose_word_it_was(void **unused)
{
    static const struct {
        enum role role;
        struct id who;
        bool is_taken, is_disowned;
    } rows[] = {{ROLE_CO, {"eve"}, true, false},
                {ROLE_ME, {"ada"}, true, true},
                {ROLE_PT, {"bo"}, false, false}};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_OFFERED);
        const char *code;

        c.others_count = 0;
        assert_null(told(&c, MENTORSHIP_ACCEPT, ROLE_CO, VOICE_MENTOR));
        code = say_as(&c, MENTORSHIP_UNDO, rows[i].role, rows[i].who);
        assert_ptr_equal(code, rows[i].is_taken ? NULL : mentorship_undo_anothers.code);
        if (code != NULL) continue;
        assert_int_equal(c.row.state, MENTORSHIP_STATE_OFFERED);
        assert_int_equal(out.at[0].mentorship_undone.of, VOICE_MENTOR);
        assert_int_equal(out.at[0].mentorship_undone.disowned, rows[i].is_disowned);
        assert_int_equal(c.row.recorded.count, 0); /* they said nothing of the kind */
        assert_false(c.row.has_recorded);
    }
}

/* A placement that is over stays so, whoever is named for its assessment. */
static void who_left_a_placement_may_be_a_mentor_and_who_took_over_may_not(void **unused)
{
    static const enum supervision_state states[] = {SUPERVISION_STATE_CURRENT,
                                                    SUPERVISION_STATE_OVER};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct supervision row = {.state = states[i], .participant = bo, .supervisor = ada};
        struct supervision_event left = {.type = SUPERVISION_AFTER_PLACEMENT_SUPERVISOR_LEFT};
        struct supervision_event next = {.type = SUPERVISION_AFTER_PLACEMENT_SUPERVISOR_REPLACED};

        next.placement_supervisor_replaced.supervisor = cai;
        supervision_evolve(&row, &left);
        assert_false(id_equal(row.supervisor, ada));
        supervision_evolve(&row, &next);
        assert_true(id_equal(row.supervisor, cai));
        assert_int_equal(row.state, states[i]);
    }
}

/* Whose placement goes on is supervised again, by who was the supervisor then. */
static void a_placement_that_goes_on_after_all_is_supervised(void **unused)
{
    static const struct {
        bool has_state, has_supervisor;
        enum placement_restored state;
        enum supervision_state is;
    } rows[] = {
        {true, true, PLACEMENT_RESTORED_READY, SUPERVISION_STATE_CURRENT},
        {true, true, PLACEMENT_RESTORED_INTERRUPTED, SUPERVISION_STATE_CURRENT},
        {true, false, PLACEMENT_RESTORED_PLANNED, SUPERVISION_STATE_OVER},
        {true, true, PLACEMENT_RESTORED_ENDED_EARLY, SUPERVISION_STATE_OVER},
        {true, true, PLACEMENT_RESTORED_COMPLETED, SUPERVISION_STATE_OVER},
        {false, true, 0, SUPERVISION_STATE_OVER},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct supervision row = {
            .state = SUPERVISION_STATE_OVER, .participant = bo, .supervisor = ada};
        struct supervision_event event = {.type = SUPERVISION_AFTER_PLACEMENT_UNDONE};

        event.placement_undone.has_state = rows[i].has_state;
        event.placement_undone.state = rows[i].state;
        event.placement_undone.has_supervisor = rows[i].has_supervisor;
        supervision_evolve(&row, &event);
        assert_int_equal(row.state, rows[i].is);
    }
}

static void a_role_that_ended_is_only_of_those_whose_it_was(void **unused)
{
    static const struct {
        struct id who;
        enum person_part part;
        enum mentorship_state next;
    } rows[] = {
        {{"ada"}, PERSON_PART_MENTOR, MENTORSHIP_STATE_ENDED_EARLY},
        {{"ada"}, PERSON_PART_PARTICIPANT, MENTORSHIP_STATE_ACTIVE},
        {{"bo"}, PERSON_PART_MENTOR, MENTORSHIP_STATE_ACTIVE},
        {{"bo"}, PERSON_PART_PARTICIPANT, MENTORSHIP_STATE_ENDED_EARLY},
        {{"bo"}, PERSON_PART_COORDINATOR, MENTORSHIP_STATE_ACTIVE},
        {{"eve"}, PERSON_PART_MENTOR, MENTORSHIP_STATE_ACTIVE},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mentorship_case c = given(MENTORSHIP_STATE_ACTIVE);
        struct mentorship_input in = input(MENTORSHIP_ON_PERSON_ROLE_ENDED, &c);

        in.head.id = rows[i].who;
        in.person_role_ended.part = rows[i].part;
        assert_null(run(&c, &in));
        assert_int_equal(c.row.state, rows[i].next);
        assert_null(run(&c, &in)); /* once more changes nothing */
        assert_int_equal(c.row.state, rows[i].next);
    }
}

static void what_was_completed_does_not_go_on_with_who_takes_no_part_any_more(void **unused)
{
    struct mentorship_event ended = {.type = MENTORSHIP_AFTER_PERSON_ROLE_ENDED, .id = {"bo"}};
    struct mentorship_case c = completed();

    (void)unused;
    assert_true(c.row.has_undo);
    mentorship_evolve(&c.row, &ended);
    assert_ptr_equal(say_as(&c, MENTORSHIP_UNDO, ROLE_ME, ada), mentorship_nothing_to_undo.code);
}

static void every_event_begins_with_whose_it_is(void **unused)
{
    static const char *const names[] = {"referral", "participant", "mentor"};

    (void)unused;
    for (size_t e = 0; e < mentorship_contract.event_count; e++)
        for (size_t f = 0; f < 3; f++)
            assert_string_equal(mentorship_contract.events[e]->fields[f].name, names[f]);
}

/* What the matcher said between a raise and that the rest is in the vault is struck in the journal, so no row keeps it. */
static void what_was_made_of_a_place_goes_with_whatever_permits_it_to_be_struck(void **unused)
{
    static const enum mentorship_event_type permits[] = {MENTORSHIP_AFTER_PERSON_PROTECTION_CHANGED,
                                                         MENTORSHIP_AFTER_PERSON_HIDDEN,
                                                         MENTORSHIP_AFTER_PERSON_ERASED};

    (void)unused;
    for (size_t i = 0; i < sizeof permits / sizeof permits[0]; i++) {
        struct mentorship row = {.state = MENTORSHIP_STATE_PROPOSED};
        struct mentorship_event listed = {.type = MENTORSHIP_ALTERNATIVES_LISTED},
                                other = {.type = permits[i]};

        listed.mentorship_alternatives_listed.alternatives.count = 2;
        mentorship_evolve(&row, &listed);
        assert_true(row.has_alternatives);
        mentorship_evolve(&row, &other);
        assert_false(row.has_alternatives);
    }
}

static const char *hide(struct mentorship_case *c, struct id who)
{
    struct mentorship_input in = input(MENTORSHIP_ON_PERSON_HIDDEN, c);

    in.head.id = who;
    return run(c, &in);
}

static void a_mentor_who_is_not_cleared_hears_that_somebody_takes_over(void **unused)
{
    (void)unused;
    for (enum mentorship_state state = MENTORSHIP_STATE_PROPOSED; state < (int)STATES; state++) {
        const bool knows_of_them = mentorship_holds_place(state);
        struct mentorship_case c = given(state), cleared = c;

        cleared.mentor.cleared = true;
        assert_null(hide(&cleared, c.row.participant));
        assert_int_equal(out.count, 0);
        assert_null(hide(&c, c.row.mentor)); /* the participant deals with them as before */
        assert_int_equal(out.count, 0);
        assert_null(hide(&c, c.row.participant));
        assert_int_equal(out.count, knows_of_them);
        if (!knows_of_them) continue;
        assert_int_equal(out.at[0].type, MENTORSHIP_RELIEVED);
        assert_true(id_equal(out.at[0].mentorship_relieved.mentor, c.row.mentor));
    }
}

static void and_what_somebody_can_take_back_stays_so(void **unused)
{
    struct mentorship_case c = completed();

    (void)unused;
    mentorship_evolve(&c.row, &(struct mentorship_event){.type = MENTORSHIP_RELIEVED});
    assert_true(c.row.has_undo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mentor_who_is_not_cleared_hears_that_somebody_takes_over),
        cmocka_unit_test(and_what_somebody_can_take_back_stays_so),
        cmocka_unit_test(what_was_made_of_a_place_goes_with_whatever_permits_it_to_be_struck),
        cmocka_unit_test(every_input_in_every_state),
        cmocka_unit_test(a_clubs_coordinator_acts_for_its_own_mentors_only),
        cmocka_unit_test(and_for_those_for_whom_it_is_responsible),
        cmocka_unit_test(every_step_has_its_roles_listed),
        cmocka_unit_test(every_role_for_every_step),
        cmocka_unit_test(what_belongs_to_another_programme_is_not_there),
        cmocka_unit_test(who_is_not_cleared_does_nothing_with_who_is_protected),
        cmocka_unit_test(nor_with_a_mentor_who_is),
        cmocka_unit_test(who_has_nothing_to_do_with_it_does_not_hear_how_it_stands),
        cmocka_unit_test(a_stale_version_is_a_conflict),
        cmocka_unit_test(a_proposal_has_its_reasons_not_to_be),
        cmocka_unit_test(a_cleared_mentor_may_have_somebody_who_is_protected),
        cmocka_unit_test(only_a_coordinator_asks_again_who_said_no),
        cmocka_unit_test(whatever_ended_for_neither_of_the_two_keeps_nobody_apart),
        cmocka_unit_test(a_suggestion_keeps_its_reasons_and_replaces_the_one_before),
        cmocka_unit_test(what_gives_way_to_a_better_one_says_by_how_much),
        cmocka_unit_test(others_are_listed_anew_beside_a_suggestion_alone),
        cmocka_unit_test(no_others_are_listed_beside_who_is_protected_since),
        cmocka_unit_test(a_proposal_names_the_mentors_organisation),
        cmocka_unit_test(a_proposal_names_the_agency_whose_counsellors_see_it),
        cmocka_unit_test(by_hand_a_suggestion_gives_way_and_what_was_proposed_by_hand_stays),
        cmocka_unit_test(what_the_matcher_saw_must_still_be_so),
        cmocka_unit_test(a_place_can_go_from_one_suggestion_to_another),
        cmocka_unit_test(a_conflict_of_interest_rules_a_mentor_out_for_everybody),
        cmocka_unit_test(the_fullest_suggestion_fits_into_an_event),
        cmocka_unit_test(an_offer_needs_a_place_and_a_mentor_who_is_there),
        cmocka_unit_test(nothing_new_begins_with_whom_the_use_is_restricted),
        cmocka_unit_test(fifty_offers_for_one_place),
        cmocka_unit_test(the_mentor_is_reminded_once_and_then_it_expires),
        cmocka_unit_test(an_offers_time_stands_still_while_the_mentor_waits_for_an_answer),
        cmocka_unit_test(a_second_question_does_not_begin_the_waiting_anew),
        cmocka_unit_test(an_answer_at_once_leaves_the_time_as_it_was),
        cmocka_unit_test(who_asked_late_has_until_the_end_of_the_day_of_the_answer),
        cmocka_unit_test(a_question_about_what_goes_on_moves_no_time),
        cmocka_unit_test(nobody_is_reminded_of_what_is_too_late),
        cmocka_unit_test(unsigned_or_unmet_it_expires_after_fourteen_days_with_a_reminder),
        cmocka_unit_test(it_is_agreed_when_both_have_signed_in_either_order),
        cmocka_unit_test(a_yes_supersedes_every_other_in_the_same_decision),
        cmocka_unit_test(nobody_gets_two_mentors),
        cmocka_unit_test(they_meet_until_the_target_is_reached_and_nobody_is_reminded),
        cmocka_unit_test(a_pause_that_is_over_is_told_once_and_ends_by_resuming),
        cmocka_unit_test(a_day_is_one_of_the_programmes),
        cmocka_unit_test(a_pause_does_not_outlast_the_programme),
        cmocka_unit_test(a_pause_of_before_ends_when_it_did),
        cmocka_unit_test(they_meet_between_the_first_time_and_today),
        cmocka_unit_test(they_do_not_meet_before_the_mentor_was_asked),
        cmocka_unit_test(a_meeting_that_both_tell_of_is_one),
        cmocka_unit_test(one_of_unknown_length_is_as_long_as_the_other_says),
        cmocka_unit_test(a_meeting_that_three_tell_of_is_one),
        cmocka_unit_test(a_meeting_that_was_confirmed_by_mistake_is_the_others_alone),
        cmocka_unit_test(who_tells_of_a_day_twice_means_it),
        cmocka_unit_test(the_meetings_of_a_day_have_its_minutes),
        cmocka_unit_test(a_meeting_is_corrected_to_what_its_day_has_room_for),
        cmocka_unit_test(who_told_of_a_meeting_corrects_and_strikes_it),
        cmocka_unit_test(what_several_told_of_stays_and_each_ones_word_is_their_own),
        cmocka_unit_test(a_meeting_that_by_its_correction_is_the_others_is_one),
        cmocka_unit_test(the_word_of_who_confirmed_goes_along),
        cmocka_unit_test(the_first_of_unknown_length_is_as_long_as_the_other_that_it_is),
        cmocka_unit_test(the_first_meeting_is_corrected_and_it_began_then),
        cmocka_unit_test(both_say_that_it_is_done),
        cmocka_unit_test(the_coordinator_says_it_for_who_does_not_after_some_days),
        cmocka_unit_test(a_meeting_that_was_written_down_for_somebody_says_so),
        cmocka_unit_test(what_becomes_of_a_meeting_by_the_word_of_somebody_says_so),
        cmocka_unit_test(what_a_mentor_or_participant_says_is_written_down_for_them),
        cmocka_unit_test(meetings_stand_on_themselves_and_push_no_yes_out),
        cmocka_unit_test(of_what_is_said_again_and_again_the_oldest_gives_way),
        cmocka_unit_test(what_was_recorded_before_meetings_kept_it_is_folded_as_it_was),
        cmocka_unit_test(who_writes_down_for_whom),
        cmocka_unit_test(neither_of_the_two_speaks_for_the_other_in_another_part),
        cmocka_unit_test(a_counsellor_writes_down_for_participants_of_their_agency_only),
        cmocka_unit_test(what_nobody_was_asked_about_is_the_coordinators_alone),
        cmocka_unit_test(a_token_without_a_person_takes_nothing_back),
        cmocka_unit_test(a_coordinator_who_may_not_hears_how_they_may),
        cmocka_unit_test(a_clubs_coordinator_writes_down_for_its_own_mentors_only),
        cmocka_unit_test(nobody_said_anything_before_the_programme_began),
        cmocka_unit_test(a_record_keeps_the_last_that_were_written_down),
        cmocka_unit_test(the_last_step_can_be_taken_back),
        cmocka_unit_test(nothing_is_taken_back_late_or_when_something_has_followed),
        cmocka_unit_test(a_yes_that_ended_others_stays),
        cmocka_unit_test(a_no_is_taken_back_as_long_as_nobody_else_is_asked),
        cmocka_unit_test(a_question_that_comes_late_leaves_the_way_back),
        cmocka_unit_test(a_conflict_of_interest_that_was_stated_stays),
        cmocka_unit_test(whose_mentorship_stands_again_seeks_as_before),
        cmocka_unit_test(what_completed_a_referral_is_taken_back_where_nobody_closed_it),
        cmocka_unit_test(what_is_over_stands_again_only_where_the_two_still_can),
        cmocka_unit_test(what_nobody_said_is_not_taken_back),
        cmocka_unit_test(that_an_agency_was_asked_by_mistake_ends_nothing),
        cmocka_unit_test(nobody_is_asked_or_says_yes_for_who_wants_no_mentor),
        cmocka_unit_test(a_mentor_to_whom_something_speaks_against_by_now_cannot_say_yes),
        cmocka_unit_test(who_may_do_a_step_may_take_it_back),
        cmocka_unit_test(what_was_written_down_is_taken_back_by_who_wrote_it_or_whose_word_it_was),
        cmocka_unit_test(who_left_a_placement_may_be_a_mentor_and_who_took_over_may_not),
        cmocka_unit_test(a_placement_that_goes_on_after_all_is_supervised),
        cmocka_unit_test(a_role_that_ended_is_only_of_those_whose_it_was),
        cmocka_unit_test(what_was_completed_does_not_go_on_with_who_takes_no_part_any_more),
        cmocka_unit_test(every_event_begins_with_whose_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
