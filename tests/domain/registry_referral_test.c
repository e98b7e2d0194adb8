/* The life of a referral: what every input leads to in every state, who may, and some stories. */
#include <stdlib.h>

#include "matrix.h"
#include "registry.h"

#include "core/life.h"
#include "person/person.h"
#include "referral/referral.h"

#define STATES   (REFERRAL_STATE_ENTERED_IN_ERROR + 1u)
#define COMMANDS (REFERRAL_EXPIRE + 1u)

static const struct id ours = {"ours"}, theirs = {"theirs"}, agency = {"agency"},
                       partner = {"partner"}, ada = {"ada"}, mentorship = {"mentorship"},
                       placement = {"placement"}, second = {"second"}, club = {"club"},
                       association = {"association"};

static struct referral_events out;

static struct link link_of(struct id id, enum link_kind kind, enum link_state state)
{
    return (struct link){.id = id,
                         .version = 1,
                         .programme = work,
                         .kind = kind,
                         .state = state,
                         .referral = ours,
                         .participant = ada};
}

/* Ada, whom an agency has referred for a mentor; with one, where that goes without saying. */
static struct referral_case given(enum referral_state state)
{
    struct referral_case c = {
        .programme = {.id = work,
                      .state = PROGRAMME_STATE_OPEN,
                      .slug = "integration-works",
                      .rules = {.info_days = 84}},
        .partner = {.id = partner,
                    .programme = work,
                    .state = PARTNER_STATE_ACTIVE,
                    .has_organisation = true,
                    .organisation = agency},
        .other = {.id = theirs,
                  .version = 1,
                  .programme = work,
                  .has_external_id = true,
                  .external_id = "AF-1",
                  .state = REFERRAL_STATE_RECEIVED},
        .association = association,
        .organisation = {.id = club,
                         .programme = work,
                         .kind = ORGANISATION_KIND_CLUB,
                         .state = ORGANISATION_STATE_OPEN},
    };

    if (state == REFERRAL_STATE_NONE) return c;
    c.row = (struct referral){
        .id = ours,
        .version = 4,
        .programme = work,
        .state = state,
        .has_external_id = true,
        .external_id = "AF-1",
        .sequence = 7,
        .partner = partner,
        .has_organisation = true,
        .organisation = agency,
        .person = ada,
        .has_municipality = true,
        .municipality = "0180",
        .languages = {1, {"so"}},
        .occupations = {1, {{OCCUPATION_SCHEME_SSYK, "7233"}}},
        .wants = {1, {REFERRAL_WANT_MENTOR}},
        .waiting_since = {now.ms - 30 * DAY_MS},
    };
    if (state == REFERRAL_STATE_ACCEPTED) {
        c.row.was_accepted = c.row.has_undo = true;
        c.row.undo = (struct referral_way_back){.by = somebody, .until = now};
    }
    if (state == REFERRAL_STATE_NEEDS_INFO) {
        c.row.has_due = true;
        c.row.due = now;
        c.row.has_remind = true;
        c.row.remind = now;
        c.row.has_asks = c.row.has_missing = true;
        c.row.asks = c.row.missing =
            (struct referral_asks){2, {REFERRAL_INFO_OTHER, REFERRAL_INFO_CONSENT}};
        c.row.has_undo = c.row.has_before = true;
        c.row.undo = (struct referral_way_back){
            .step = REFERRAL_DECIDED_ASK_INFO, .by = somebody, .until = now};
    }
    if (state == REFERRAL_STATE_MATCHED || state == REFERRAL_STATE_IN_PROGRESS ||
        state == REFERRAL_STATE_ON_HOLD) {
        c.links_count = 1;
        c.links[0] =
            link_of(mentorship, LINK_KIND_MENTORSHIP,
                    state == REFERRAL_STATE_MATCHED ? LINK_STATE_AGREED : LINK_STATE_RUNNING);
    }
    return c;
}

static const unsigned who[COMMANDS] = {
    [REFERRAL_RECEIVE] = ROLE_AG,
    [REFERRAL_ASK_INFO] = ROLE_CO,
    [REFERRAL_GIVE_INFO] = ROLE_AG | ROLE_CN,
    [REFERRAL_ACCEPT] = ROLE_CO,
    [REFERRAL_UNDO] = ROLE_CO,
    [REFERRAL_HAND_OVER] = ROLE_CO | ROLE_PA,
    [REFERRAL_REJECT] = ROLE_CO,
    [REFERRAL_WAITLIST] = ROLE_CO | ROLE_SYS,
    [REFERRAL_COMPLETE] = ROLE_CN | ROLE_CO,
    [REFERRAL_HOLD] = ROLE_CN | ROLE_CO,
    [REFERRAL_RESUME] = ROLE_CN | ROLE_CO,
    [REFERRAL_FAIL] = ROLE_CN | ROLE_CO,
    [REFERRAL_CANCEL] = ROLE_AG | ROLE_CN | ROLE_CO,
    [REFERRAL_REOPEN] = ROLE_CO,
    [REFERRAL_CHANGE_PROTECTION] = ROLE_AG | ROLE_CN | ROLE_PA,
    [REFERRAL_LINK_DUPLICATE] = ROLE_CO | ROLE_SYS,
    [REFERRAL_ENTER_IN_ERROR] = ROLE_CO | ROLE_PA,
    [REFERRAL_REMIND] = ROLE_TM,
    [REFERRAL_EXPIRE] = ROLE_TM,
};

/* Whoever it is, it is their own. */
static struct actor actor_of(enum role role)
{
    if (role == ROLE_AG) return (struct actor){role, partner, agency};
    if (role == ROLE_CN) return (struct actor){role, somebody, agency};
    return (struct actor){role, somebody, {{0}}};
}

static void set_body(struct referral_input *in)
{
    if (in->type == REFERRAL_RECEIVE) {
        in->referral_receive =
            (struct referral_receive){.external_id = "AF-1",
                                      .sequence = 8,
                                      .programme = "integration-works",
                                      .person = {.given_name = "Known",
                                                 .has_family_name = true,
                                                 .family_name = "Invented",
                                                 .has_email = true,
                                                 .email = "known.invented@example.org",
                                                 .language = LANGUAGE_NB},
                                      .has_municipality = true,
                                      .municipality = "0980",
                                      .languages = {1, {"so"}},
                                      .occupations = {1, {{OCCUPATION_SCHEME_SSYK, "7233"}}},
                                      .target_group = REFERRAL_TARGET_GROUP_NEWCOMER,
                                      .wants = {1, {REFERRAL_WANT_MENTOR}}};
        in->head.id = (struct id){{0}};
        in->head.version = 0; /* a webhook has not seen ours */
    }
    if (in->type == REFERRAL_ASK_INFO)
        in->referral_ask_info.asks = (struct referral_asks){1, {REFERRAL_INFO_LANGUAGES}};
    if (in->type == REFERRAL_HAND_OVER) in->referral_hand_over.to = club;
    if (in->type == REFERRAL_REOPEN) in->referral_reopen.reason = REFERRAL_RETURN_WISH;
    if (in->type == REFERRAL_CHANGE_PROTECTION)
        in->referral_change_protection.protection = PROTECTION_MARKED;
    if (in->type == REFERRAL_LINK_DUPLICATE) in->referral_link_duplicate.of = theirs;
    if (in->type == REFERRAL_REJECT || in->type == REFERRAL_HOLD || in->type == REFERRAL_FAIL ||
        in->type == REFERRAL_CANCEL || in->type == REFERRAL_ENTER_IN_ERROR)
        in->referral_reject.reason = REFERRAL_REASON_MOVED_AWAY; /* all of them begin with it */
    if (in->type == REFERRAL_ON_PERSON_PROTECTION_CHANGED)
        in->person_protection_changed.protection = PROTECTION_CONFIDENTIAL;
}

/* A well-formed input of each type, by the first who may. */
static struct referral_input input(enum referral_input_type type, const struct referral_case *c)
{
    const bool is_command = type < COMMANDS;
    const enum role role = is_command ? (enum role)(who[type] & -who[type]) : ROLE_SYS;
    struct referral_input in = {.type = type, .head = head_of(role, c->row.id, c->row.version)};

    in.head.actor = actor_of(role);
    set_body(&in);
    if (type >= REFERRAL_ON_PERSON_PROTECTION_CHANGED && type <= REFERRAL_ON_PERSON_ERASED)
        in.head.id = ada;
    else if (type >= REFERRAL_ON_PLACEMENT_PLANNED && type != REFERRAL_ON_MENTORSHIP_UNDONE)
        in.head.id = placement;
    else if (!is_command)
        in.head.id = mentorship;
    return in;
}

/* Decide, and evolve by what was decided: the code of the refusal, or NULL. */
static const char *run(struct referral_case *c, const struct referral_input *in)
{
    const struct id id = c->row.state == REFERRAL_STATE_NONE ? fresh : ours;
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!referral_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        assert_true(err.text[0] != '\0');
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        assert_memory_equal(&out.at[i].id, &id, 16);
        referral_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

static const char *say(struct referral_case *c, enum referral_input_type type)
{
    const struct referral_input in = input(type, c);

    return run(c, &in);
}

/* clang-format off */
enum { NON, REC, NEE, ACC, REJ, WAI, MAT, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR, NO = -1 };

#define SAME { NON, REC, NEE, ACC, REJ, WAI, MAT, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR }

/* A partner's word on what is closed is refused by a guard, and has a test of its own. */
static const int lives[REFERRAL_INPUTS][STATES] = {
    /*                                         NON  REC  NEE  ACC  REJ  WAI  MAT  INP  HOL  COM  FAI  CAN  EXP  DUP  ERR */
    [REFERRAL_RECEIVE]                     = { REC, REC, NEE, ACC, REJ, WAI, MAT, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ASK_INFO]                    = { NO,  NEE, NO,  NO,  NO,  NEE, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_GIVE_INFO]                   = { NO,  NO,  REC, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_ACCEPT]                      = { NO,  ACC, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_UNDO]                        = { NO,  NO,  REC, REC, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_HAND_OVER]                   = { NO,  REC, NEE, ACC, NO,  WAI, MAT, INP, HOL, NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_REJECT]                      = { NO,  REJ, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_WAITLIST]                    = { NO,  NO,  NO,  WAI, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_COMPLETE]                    = { NO,  NO,  NO,  NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_HOLD]                        = { NO,  NO,  NO,  NO,  NO,  NO,  NO,  HOL, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_RESUME]                      = { NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  INP, NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_FAIL]                        = { NO,  NO,  NO,  NO,  NO,  NO,  NO,  FAI, NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_CANCEL]                      = { NO,  CAN, CAN, CAN, NO,  CAN, CAN, CAN, CAN, NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_REOPEN]                      = { NO,  NO,  NO,  NO,  REC, NO,  NO,  NO,  NO,  REC, REC, REC, REC, REC, REC },
    [REFERRAL_CHANGE_PROTECTION]           = { NO,  REC, NEE, ACC, REJ, WAI, MAT, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_LINK_DUPLICATE]              = { NO,  DUP, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_ENTER_IN_ERROR]              = { NO,  ERR, ERR, ERR, ERR, ERR, ERR, ERR, ERR, ERR, ERR, ERR, ERR, ERR, NO  },
    [REFERRAL_REMIND]                      = { NO,  NO,  NEE, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_EXPIRE]                      = { NO,  NO,  EXP, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [REFERRAL_ON_PERSON_PROTECTION_CHANGED] = SAME,
    [REFERRAL_ON_PERSON_HIDDEN]            = SAME,
    [REFERRAL_ON_PERSON_THINNED]           = SAME,
    [REFERRAL_ON_PERSON_ALIASED]           = SAME,
    [REFERRAL_ON_PERSON_SHOWN]             = SAME,
    [REFERRAL_ON_PERSON_ERASED]            = { NON, CAN, CAN, CAN, REJ, CAN, CAN, CAN, CAN, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_PERSON_ROLE_ENDED]        = { NON, CAN, CAN, CAN, REJ, CAN, CAN, CAN, CAN, COM, FAI, CAN, EXP, DUP, ERR },
    /* wanted, and the only one */
    [REFERRAL_ON_MENTORSHIP_OFFERED]       = SAME,
    [REFERRAL_ON_MENTORSHIP_AGREED]        = { NON, REC, NEE, MAT, REJ, MAT, MAT, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_MENTORSHIP_STARTED]       = { NON, REC, NEE, INP, REJ, INP, INP, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_MENTORSHIP_COMPLETED]     = { NON, REC, NEE, COM, REJ, COM, COM, COM, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_MENTORSHIP_ENDED]         = { NON, REC, NEE, ACC, REJ, WAI, WAI, WAI, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_MENTORSHIP_WITHDRAWN]     = { NON, REC, NEE, ACC, REJ, WAI, WAI, WAI, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_MENTORSHIP_EXPIRED]       = { NON, REC, NEE, ACC, REJ, WAI, WAI, WAI, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_MENTORSHIP_SUPERSEDED]    = { NON, REC, NEE, ACC, REJ, WAI, WAI, WAI, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    /* not wanted, and besides the mentorship */
    [REFERRAL_ON_PLACEMENT_PLANNED]        = { NON, REC, NEE, MAT, REJ, MAT, MAT, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_PLACEMENT_STARTED]        = { NON, REC, NEE, INP, REJ, INP, INP, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_PLACEMENT_COMPLETED]      = { NON, REC, NEE, INP, REJ, INP, INP, INP, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_PLACEMENT_NO_SHOW_REPORTED] = SAME,
    [REFERRAL_ON_PLACEMENT_ENDED]          = SAME,
    [REFERRAL_ON_PLACEMENT_CANCELLED]      = SAME,
    /* of a step that is none of a link's; others see below */
    [REFERRAL_ON_MENTORSHIP_UNDONE]        = { NON, REC, NEE, ACC, REJ, WAI, WAI, WAI, HOL, COM, FAI, CAN, EXP, DUP, ERR },
    [REFERRAL_ON_PLACEMENT_UNDONE]         = SAME,
};
/* clang-format on */

static const char *expected(unsigned type, unsigned state)
{
    if (lives[type][state] == NO) return life_not_now.code;
    if (type == REFERRAL_RECEIVE && state != NON && !referral_is_open(state))
        return referral_closed.code;
    return NULL;
}

static void every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < REFERRAL_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct referral_case c = given(state);
            const char *code = say(&c, type);
            const int next = lives[type][state];

            matrix_code(&referral_contract, type, referral_state_words[state], code,
                        expected(type, state));
            matrix_state(&referral_contract, type, referral_state_words[state],
                         referral_state_words[c.row.state],
                         referral_state_words[next == NO ? (int)state : next]);
        }
    }
}

static void every_role_for_every_command_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < COMMANDS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
                struct referral_case c = given(state);
                struct referral_input in = input(type, &c);
                const char *code;

                in.head.actor = actor_of(role);
                code = run(&c, &in);
                matrix_role_code(&referral_contract, type, referral_state_words[state], role, code,
                                 (who[type] & role) == 0 ? life_forbidden.code
                                                         : expected(type, state));
            }
        }
    }
}

/* But hands them over, and hides them better; a system says what it knows. */
static void who_is_not_cleared_does_nothing_with_who_is_protected(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < COMMANDS; type++) {
        for (unsigned state = NON + 1; state < STATES; state++) {
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
                struct referral_case c = given(state);
                struct referral_input in = input(type, &c);
                const bool is_near = role == ROLE_AG || role == ROLE_TM || role == ROLE_SYS ||
                                     type == REFERRAL_HAND_OVER ||
                                     type == REFERRAL_CHANGE_PROTECTION;
                const char *code;

                if ((who[type] & role) == 0 || lives[type][state] == NO) continue;
                c.row.protection = PROTECTION_MARKED;
                in.head.actor = actor_of(role);
                in.head.is_cleared = false;
                code = run(&c, &in);
                if ((code == life_guarded.code) == is_near)
                    fail_msg("input %u in state %u, role %x: %s", type, state, role, code);
            }
        }
    }
}

static void what_happened_elsewhere_is_told_by_rules_not_roles(void **unused)
{
    (void)unused;
    for (unsigned type = COMMANDS; type < REFERRAL_INPUTS; type++) {
        struct referral_case c = given(REFERRAL_STATE_MATCHED);
        struct referral_input in = input(type, &c);

        in.head.version = VERSION_ANY;
        in.head.programme = elsewhere;
        assert_null(run(&c, &in));
    }
}

static const char *say_as(enum referral_input_type type, unsigned state, struct actor actor,
                          struct id programme)
{
    struct referral_case c = given(state);
    struct referral_input in = input(type, &c);

    in.head.actor = actor;
    in.head.programme = programme;
    return run(&c, &in);
}

static const char *undo_by(struct referral_case *c, struct id by, int64_t after_ms)
{
    struct referral_input in = input(REFERRAL_UNDO, c);

    in.head.actor.id = by;
    in.head.at.ms += after_ms;
    return run(c, &in);
}

static void who_accepted_by_mistake_takes_it_back_within_an_hour(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED), late, others, handed;
    struct referral_input in;

    (void)unused;
    assert_null(say(&c, REFERRAL_ACCEPT));
    late = others = handed = c;
    assert_null(undo_by(&c, somebody, DAY_MS / 24));
    assert_int_equal(out.at[0].type, REFERRAL_UNDONE);
    assert_int_equal(out.at[0].referral_undone.step, REFERRAL_DECIDED_ACCEPT);
    assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);
    assert_false(c.row.was_accepted || c.row.has_responsible || c.row.has_undo);
    assert_ptr_equal(undo_by(&c, somebody, 0), life_not_now.code); /* not twice */
    assert_null(say(&c, REFERRAL_ACCEPT));                         /* it is to be decided about */
    assert_int_equal(c.row.state, REFERRAL_STATE_ACCEPTED);

    assert_ptr_equal(undo_by(&late, somebody, DAY_MS / 24 + 1), referral_undo_too_late.code);
    assert_ptr_equal(undo_by(&others, (struct id){"other"}, 0), referral_undo_anothers.code);
    in = input(REFERRAL_HAND_OVER, &handed);
    assert_null(run(&handed, &in));
    assert_ptr_equal(undo_by(&handed, somebody, 0), referral_nothing_to_undo.code);
}

static void who_was_responsible_before_is_again(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);

    (void)unused;
    c.row.has_responsible = true;
    c.row.responsible = club;
    assert_null(say(&c, REFERRAL_ACCEPT));
    assert_null(undo_by(&c, somebody, 0));
    assert_memory_equal(&out.at[0].referral_undone.responsible, &club, 16);
    assert_memory_equal(&c.row.responsible, &club, 16);
}

/* A mentor who was asked knows of somebody; what the matcher only thought of, nobody does. */
static void what_followed_from_the_acceptance_keeps_it(void **unused)
{
    static const struct {
        enum referral_event_type type;
        bool follows;
    } rows[] = {
        {REFERRAL_AFTER_MENTORSHIP_OFFERED, true},
        {REFERRAL_AFTER_MENTORSHIP_AGREED, true},
        {REFERRAL_AFTER_PLACEMENT_PLANNED, true},
        {REFERRAL_AFTER_PLACEMENT_CANCELLED, true},
        {REFERRAL_AFTER_MENTORSHIP_SUPERSEDED, false},
        {REFERRAL_AFTER_MENTORSHIP_WITHDRAWN, false},
        {REFERRAL_AFTER_PERSON_PROTECTION_CHANGED, false},
        {REFERRAL_AFTER_PERSON_HIDDEN, false},
        {REFERRAL_AFTER_PERSON_THINNED, false},
        {REFERRAL_AFTER_PERSON_ROLE_ENDED, true},
        {REFERRAL_AFTER_PERSON_ERASED, true},
        {REFERRAL_PROTECTION_CHANGED, false},
        {REFERRAL_HANDED_OVER, true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct referral_case c = given(REFERRAL_STATE_ACCEPTED);
        const struct referral_event event = {.type = rows[i].type, .id = ours};

        referral_evolve(&c.row, &event);
        if (c.row.has_undo == rows[i].follows) fail_msg("event %u", rows[i].type);
    }
}

/* It had been asked for something before, and been in progress; or nothing of that. */
static struct referral_case never_asked(enum referral_state state)
{
    struct referral_case c = given(state);

    c.row.was_accepted = state == REFERRAL_STATE_WAITLISTED;
    if (!c.row.was_accepted) return c;
    c.row.has_had_begun = c.row.had_begun = c.row.has_responsible = true;
    c.row.responsible = club;
    c.row.has_asks = c.row.has_missing = c.row.has_asked_by = c.row.has_asked_at = true;
    c.row.asks = (struct referral_asks){2, {REFERRAL_INFO_BIRTH_DATE, REFERRAL_INFO_GOALS}};
    c.row.missing = (struct referral_asks){1, {REFERRAL_INFO_GOALS}};
    c.row.asked_by = ada;
    c.row.asked_at = (struct instant){now.ms - DAY_MS};
    return c;
}

static void who_asked_by_mistake_takes_it_back_within_an_hour(void **unused)
{
    static const enum referral_state states[] = {REFERRAL_STATE_RECEIVED,
                                                 REFERRAL_STATE_WAITLISTED};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct referral_case c = never_asked(states[i]), others;
        struct referral was = c.row;
        unsigned command;

        assert_null(say(&c, REFERRAL_ASK_INFO));
        others = c;
        assert_ptr_equal(undo_by(&others, (struct id){"other"}, 0), referral_undo_anothers.code);
        assert_ptr_equal(undo_by(&others, somebody, DAY_MS / 24 + 1), referral_undo_too_late.code);
        assert_null(undo_by(&c, somebody, DAY_MS / 24));
        assert_int_equal(out.at[0].type, REFERRAL_UNDONE);
        assert_int_equal(out.at[0].referral_undone.step, REFERRAL_DECIDED_ASK_INFO);
        was.version = c.row.version;
        assert_memory_equal(&c.row, &was, sizeof was);
        assert_int_equal(referral_due(&c.row, &command).ms, 0); /* nobody is waited for */
        assert_ptr_equal(undo_by(&c, somebody, 0), life_not_now.code);
    }
}

/* Also with what it was not asked for: nobody has told others what it wants since. */
static void once_the_agency_has_answered_the_question_stays(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED), updated, handed;
    struct referral_input ask = input(REFERRAL_ASK_INFO, &c), in;

    (void)unused;
    ask.referral_ask_info.asks =
        (struct referral_asks){2, {REFERRAL_INFO_OTHER, REFERRAL_INFO_GOALS}};
    assert_null(run(&c, &ask));
    updated = handed = c;
    in = input(REFERRAL_GIVE_INFO, &c);
    in.referral_give_info =
        (struct referral_give_info){.has_given = true, .given = {1, {REFERRAL_INFO_OTHER}}};
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, REFERRAL_STATE_NEEDS_INFO);
    assert_false(c.row.has_before);
    assert_ptr_equal(undo_by(&c, somebody, 0), referral_nothing_to_undo.code);

    in = input(REFERRAL_RECEIVE, &updated);
    in.referral_receive.sequence = updated.row.sequence + 1;
    assert_null(run(&updated, &in));
    assert_int_equal(updated.row.state, REFERRAL_STATE_NEEDS_INFO);
    assert_ptr_equal(undo_by(&updated, somebody, 0), referral_nothing_to_undo.code);
    assert_null(say(&handed, REFERRAL_HAND_OVER));
    assert_ptr_equal(undo_by(&handed, somebody, 0), referral_nothing_to_undo.code);
}

/* As journals of before have it. */
static void what_was_asked_when_nobody_could_take_it_back_has_no_way_back(void **unused)
{
    struct referral_case c = never_asked(REFERRAL_STATE_WAITLISTED);
    const struct referral_event event = {
        .type = REFERRAL_INFO_ASKED, .id = ours, .referral_info_asked.due = now};

    (void)unused;
    referral_evolve(&c.row, &event);
    assert_false(c.row.has_undo || c.row.has_before);
    assert_ptr_equal(undo_by(&c, somebody, 0), referral_nothing_to_undo.code);
}

/* What was accepted again by what it is taken up for, nobody accepted by mistake. */
static void what_is_taken_up_again_is_not_accepted_by_mistake(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_CANCELLED);

    (void)unused;
    c.row.was_accepted = true;
    assert_null(say(&c, REFERRAL_REOPEN));
    assert_int_equal(c.row.state, REFERRAL_STATE_ACCEPTED);
    assert_ptr_equal(undo_by(&c, somebody, 0), referral_nothing_to_undo.code);
}

static void agencies_act_on_what_they_referred_and_nobody_in_another_programme(void **unused)
{
    const struct actor other_partner = {ROLE_AG, {"other"}, agency};
    const struct actor other_agency = {ROLE_CN, somebody, {"other"}};
    const struct actor no_agency = {ROLE_CN, somebody, {{0}}};
    struct referral_case unnamed = given(REFERRAL_STATE_RECEIVED);
    struct referral_input in = input(REFERRAL_CANCEL, &unnamed);

    (void)unused;
    assert_ptr_equal(say_as(REFERRAL_CANCEL, REC, other_partner, work), life_forbidden.code);
    assert_ptr_equal(say_as(REFERRAL_CANCEL, REC, other_agency, work), life_forbidden.code);
    assert_ptr_equal(say_as(REFERRAL_CANCEL, REC, no_agency, work), life_forbidden.code);
    assert_ptr_equal(say_as(REFERRAL_ACCEPT, REC, actor_of(ROLE_CO), elsewhere), life_unknown.code);
    assert_ptr_equal(say_as(REFERRAL_CANCEL, REC, actor_of(ROLE_AG), elsewhere), life_unknown.code);
    assert_ptr_equal(say_as(REFERRAL_CHANGE_PROTECTION, REC, actor_of(ROLE_PA), elsewhere),
                     life_unknown.code);
    assert_null(say_as(REFERRAL_WAITLIST, ACC, actor_of(ROLE_SYS), (struct id){{0}}));

    unnamed.row.has_organisation = false; /* a partner that is nobody's */
    unnamed.row.organisation = (struct id){{0}};
    in.head.actor = no_agency;
    assert_ptr_equal(run(&unnamed, &in), life_forbidden.code);
}

/* Whoever it is who is a coordinator of one organisation. */
static void only_who_is_responsible_decides_about_a_referral(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < COMMANDS; type++) {
        for (unsigned state = REC; (who[type] & ROLE_CO) != 0 && state < STATES; state++) {
            struct referral_case c = given(state);
            struct referral_input in = input(type, &c);

            if (lives[type][state] == NO) continue;
            in.head.actor = (struct actor){ROLE_CO, somebody, {"another"}};
            assert_ptr_equal(run(&c, &in), life_forbidden.code);
            c.row.has_responsible = true;
            c.row.responsible = (struct id){"another"};
            if (type != REFERRAL_HAND_OVER) assert_null(run(&c, &in));
            c = given(state); /* for whom nobody else is, the association */
            in.head.actor.organisation = association;
            assert_null(run(&c, &in));
        }
    }
}

static void who_accepts_is_responsible_until_another_is(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);
    struct referral_input in = input(REFERRAL_HAND_OVER, &c);

    (void)unused;
    assert_null(say(&c, REFERRAL_ACCEPT)); /* by the programme's */
    assert_memory_equal(&out.at[0].referral_accepted.responsible, &association, 16);
    assert_memory_equal(&c.row.responsible, &association, 16);

    in.head.version = c.row.version;
    in.referral_hand_over.reason = REFERRAL_HANDOVER_DISTANCE;
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 1);
    assert_memory_equal(&out.at[0].referral_handed_over.responsible, &club, 16);
    assert_memory_equal(&out.at[0].referral_handed_over.before, &association, 16);
    assert_int_equal(out.at[0].referral_handed_over.reason, REFERRAL_HANDOVER_DISTANCE);
    assert_int_equal(c.row.state, REFERRAL_STATE_ACCEPTED);
    assert_memory_equal(&c.row.responsible, &club, 16);

    in.head.version = c.row.version;
    in.head.actor.organisation = association; /* who was, is no longer */
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
    in.head.actor.organisation = (struct id){{0}};
    assert_ptr_equal(run(&c, &in), referral_same_responsible.code);
    c.row.protection = PROTECTION_MARKED; /* whose place it would tell */
    in.head.is_cleared = true;
    assert_ptr_equal(run(&c, &in), referral_same_responsible.code);
    in.head.is_cleared = false;
    assert_null(run(&c, &in));
    assert_true(id_equal(out.at[0].referral_handed_over.responsible, in.referral_hand_over.to));
    c.row.protection = PROTECTION_NONE;
    in.head.version = c.row.version;

    c = given(REFERRAL_STATE_RECEIVED); /* who decides is whom it was given to */
    in.head.version = c.row.version;
    assert_null(run(&c, &in));
    assert_null(say(&c, REFERRAL_ACCEPT));
    assert_memory_equal(&out.at[0].referral_accepted.responsible, &club, 16);
}

static void it_is_handed_over_to_who_looks_after_people(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_ACCEPTED);
    const struct referral_input in = input(REFERRAL_HAND_OVER, &c);

    (void)unused;
    c.organisation.kind = ORGANISATION_KIND_AGENCY;
    assert_ptr_equal(run(&c, &in), referral_nobody_to_take.code);
    c.organisation.kind = ORGANISATION_KIND_EMPLOYER;
    c.organisation.state = ORGANISATION_STATE_CLOSED;
    assert_ptr_equal(run(&c, &in), referral_nobody_to_take.code);
    c.organisation.state = ORGANISATION_STATE_OPEN;
    c.organisation.programme = elsewhere;
    assert_ptr_equal(run(&c, &in), referral_nobody_to_take.code);
    c.organisation.programme = work;
    assert_null(run(&c, &in));
}

static void a_stale_version_is_a_conflict(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);
    struct referral_input in = input(REFERRAL_ACCEPT, &c);

    (void)unused;
    in.head.version = 3;
    assert_ptr_equal(run(&c, &in), life_conflict.code);
    in.head.version = 4;
    assert_null(run(&c, &in));
}

/* What the partner says. */

static void a_new_referral_makes_a_person_and_waits_from_now(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_NONE);
    const struct referral_received *said = &out.at[0].referral_received;

    (void)unused;
    assert_null(say(&c, REFERRAL_RECEIVE));
    assert_int_equal(out.count, 1);
    assert_memory_equal(&out.at[0].id, &fresh, 16);
    assert_memory_equal(&said->person, &fresh_person, 16);
    assert_memory_equal(&said->partner, &partner, 16);
    assert_memory_equal(&said->organisation, &agency, 16);
    assert_memory_equal(&said->sealed.event, &sealing, 16);
    assert_string_equal(said->external_id, "AF-1");
    assert_string_equal(said->municipality, "0980");
    assert_int_equal(said->language, LANGUAGE_NB);
    assert_int_equal(said->waiting_since.ms, now.ms);
    assert_string_equal(said->languages.at[0], "so");
    assert_string_equal(said->occupations.at[0].code, "7233");
    assert_int_equal(c.row.sequence, 8);
    assert_true(c.row.has_organisation && c.row.has_external_id);

    assert_memory_equal(&out.referral_receive_answer.referral, &fresh, 16);
    assert_int_equal(out.referral_receive_answer.result, REFERRAL_RESULT_ACCEPTED);
    assert_int_equal(out.referral_receive_answer.state, REFERRAL_STATE_RECEIVED);
}

static void an_update_says_all_anew(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_ACCEPTED);
    struct referral_input in = input(REFERRAL_RECEIVE, &c);
    struct referral_receive *ask = &in.referral_receive;
    const struct referral_updated *said = &out.at[0].referral_updated;

    (void)unused;
    ask->languages = (struct spokens){2, {"ti", "en"}};
    ask->occupations = (struct occupations){0};
    ask->target_group = REFERRAL_TARGET_GROUP_YOUNG_ADULT;
    ask->wants = (struct referral_wants){1, {REFERRAL_WANT_PLACEMENT}};
    ask->has_municipality = false;
    c.partner.organisation = (struct id){"merged"};
    assert_null(run(&c, &in));
    assert_memory_equal(&said->partner, &partner, 16);
    assert_true(said->has_organisation);
    assert_memory_equal(&said->organisation, &(struct id){"merged"}, 16);
    assert_string_equal(said->external_id, "AF-1");
    assert_int_equal(said->external_sequence, 8);
    assert_memory_equal(&said->sealed.event, &sealing, 16);
    assert_true(c.row.has_organisation);
    assert_memory_equal(&c.row.organisation, &(struct id){"merged"}, 16);
    assert_string_equal(c.row.languages.at[0], "ti");
    assert_int_equal(c.row.occupations.count, 0);
    assert_int_equal(c.row.target_group, REFERRAL_TARGET_GROUP_YOUNG_ADULT);
    assert_int_equal(c.row.wants.at[0], REFERRAL_WANT_PLACEMENT);
    assert_int_equal(c.row.language, LANGUAGE_NB);
    assert_false(c.row.has_municipality);
    assert_string_equal(c.row.municipality, "");
}

static void a_higher_sequence_updates_what_is_open(void **unused)
{
    (void)unused;
    for (unsigned state = REC; state < STATES; state++) {
        struct referral_case c = given(state);

        if (!referral_is_open(state)) continue;
        assert_null(say(&c, REFERRAL_RECEIVE));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.at[0].type, REFERRAL_UPDATED);
        assert_memory_equal(&out.at[0].referral_updated.person, &ada, 16);
        assert_int_equal(c.row.sequence, 8);
        assert_string_equal(c.row.municipality, "0980");
        assert_int_equal(c.row.waiting_since.ms, now.ms - 30 * DAY_MS); /* keeps its age */
        assert_int_equal(c.row.has_due, state == NEE);
        assert_memory_equal(&out.referral_receive_answer.referral, &ours, 16);
        assert_int_equal(out.referral_receive_answer.result, REFERRAL_RESULT_UPDATED);
        assert_int_equal(out.referral_receive_answer.state, state);
    }
}

static void a_lower_or_equal_sequence_is_stale_and_changes_nothing(void **unused)
{
    (void)unused;
    for (unsigned state = REC; state < STATES; state++) {
        for (int64_t sequence = 6; sequence <= 7; sequence++) {
            struct referral_case c = given(state);
            struct referral_input in = input(REFERRAL_RECEIVE, &c);

            in.referral_receive.sequence = sequence;
            in.referral_receive.person.protection = PROTECTION_STRICTLY;
            assert_null(run(&c, &in));
            assert_int_equal(out.count, 0);
            assert_memory_equal(&out.referral_receive_answer.referral, &ours, 16);
            assert_int_equal(out.referral_receive_answer.result, REFERRAL_RESULT_STALE);
            assert_int_equal(out.referral_receive_answer.state, state);
        }
    }
}

static void a_partner_refers_to_its_own_programme_while_that_is_open(void **unused)
{
    struct referral_case slug = given(REFERRAL_STATE_NONE), none = slug, closed = slug,
                         disabled = slug, foreign = slug, known = given(REFERRAL_STATE_ACCEPTED);
    struct referral_input in = input(REFERRAL_RECEIVE, &slug);

    (void)unused;
    strcpy(in.referral_receive.programme, "landet-runt");
    assert_ptr_equal(run(&slug, &in), referral_wrong_programme.code);
    assert_string_equal(referral_wrong_programme.field, "programme");
    assert_int_equal(referral_wrong_programme.kind, ERROR_INVALID);
    memset(&none.programme, 0, sizeof none.programme);
    assert_ptr_equal(say(&none, REFERRAL_RECEIVE), referral_wrong_programme.code);
    closed.programme.state = known.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(say(&closed, REFERRAL_RECEIVE), referral_programme_closed.code);
    assert_null(say(&known, REFERRAL_RECEIVE)); /* what is under way goes on */
    disabled.partner.state = PARTNER_STATE_DISABLED;
    assert_ptr_equal(say(&disabled, REFERRAL_RECEIVE), referral_not_a_partner.code);
    foreign.partner.programme = elsewhere;
    assert_ptr_equal(say(&foreign, REFERRAL_RECEIVE), referral_not_a_partner.code);
}

/* Protection. */

static void a_protected_persons_place_is_in_no_event_and_no_row(void **unused)
{
    (void)unused;
    for (unsigned protection = PROTECTION_MARKED; protection <= PROTECTION_STRICTLY; protection++) {
        struct referral_case fresh_one = given(REFERRAL_STATE_NONE);
        struct referral_input in = input(REFERRAL_RECEIVE, &fresh_one);

        in.referral_receive.person.protection = protection;
        assert_null(run(&fresh_one, &in));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.at[0].referral_received.protection, protection);
        assert_false(out.at[0].referral_received.has_municipality);
        assert_false(is_in(&out, sizeof out, "0980"));
        assert_false(is_in(&fresh_one.row, sizeof fresh_one.row, "0980"));
    }
}

static void protection_in_an_update_is_said_and_only_ever_raised(void **unused)
{
    static struct concealed what;
    struct referral_case c = given(REFERRAL_STATE_ACCEPTED);
    struct referral_input in = input(REFERRAL_RECEIVE, &c);

    (void)unused;
    in.referral_receive.person.protection = PROTECTION_CONFIDENTIAL;
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[0].type, REFERRAL_UPDATED);
    assert_int_equal(out.at[1].type, REFERRAL_PROTECTION_CHANGED);
    assert_int_equal(out.at[1].referral_protection_changed.protection, PROTECTION_CONFIDENTIAL);
    assert_memory_equal(&out.at[1].referral_protection_changed.person, &ada, 16);
    assert_int_equal(c.row.protection, PROTECTION_CONFIDENTIAL);
    assert_false(c.row.has_municipality);
    assert_string_equal(c.row.municipality, "");

    in.head.version = c.row.version;
    in.referral_receive.sequence++;
    in.referral_receive.person.protection = PROTECTION_NONE;
    assert_null(run(&c, &in)); /* which lowers nothing: what is said again may be old */
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.protection, PROTECTION_CONFIDENTIAL);
    assert_false(c.row.has_municipality);
    referral_conceal(&c, &in, &what);
    assert_true(((const struct person_details *)what.value)->has_municipality);
}

/* What was not wanted before is looked for from now on, where somebody has accepted them. */
static void an_update_says_what_is_wanted_anew_of_who_is_accepted(void **unused)
{
    static const struct referral_wants both = {2, {REFERRAL_WANT_MENTOR, REFERRAL_WANT_PLACEMENT}},
                                       only_mentor = {1, {REFERRAL_WANT_MENTOR}},
                                       only_placement = {1, {REFERRAL_WANT_PLACEMENT}};
    static const struct {
        enum referral_state state;
        const struct referral_wants *before, *after, *anew; /* NULL: nothing */
    } rows[] = {
        {REFERRAL_STATE_ACCEPTED, &only_placement, &both, &only_mentor},
        {REFERRAL_STATE_WAITLISTED, &only_mentor, &both, &only_placement},
        {REFERRAL_STATE_MATCHED, &only_mentor, &only_placement, &only_placement},
        {REFERRAL_STATE_IN_PROGRESS, &only_placement, &only_mentor, &only_mentor},
        {REFERRAL_STATE_ON_HOLD, &only_placement, &both, &only_mentor},
        {REFERRAL_STATE_ACCEPTED, &both, &both, NULL},
        {REFERRAL_STATE_ACCEPTED, &both, &only_mentor, NULL},
        {REFERRAL_STATE_RECEIVED, &only_mentor, &both, NULL},
        {REFERRAL_STATE_NEEDS_INFO, &only_mentor, &both, NULL},
    };
    const struct referral_updated *said = &out.at[0].referral_updated;

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct referral_case c = given(rows[i].state);
        struct referral_input in = input(REFERRAL_RECEIVE, &c);

        c.row.was_accepted =
            rows[i].state != REFERRAL_STATE_RECEIVED && rows[i].state != REFERRAL_STATE_NEEDS_INFO;
        c.row.wants = *rows[i].before;
        c.row.has_responsible = true;
        c.row.responsible = (struct id){"club"};
        in.referral_receive.wants = *rows[i].after;
        assert_null(run(&c, &in));
        assert_int_equal(said->has_wants_anew, rows[i].anew != NULL);
        assert_int_equal(said->has_responsible, rows[i].anew != NULL);
        if (rows[i].anew == NULL) continue;
        assert_int_equal(said->wants_anew.count, rows[i].anew->count);
        assert_int_equal(said->wants_anew.at[0], rows[i].anew->at[0]);
        assert_int_equal(said->held, rows[i].state == REFERRAL_STATE_ON_HOLD);
        assert_true(id_equal(said->responsible, (struct id){"club"}));
    }
}

/* What was accepted and is over comes before the people who decide. */
static void what_is_taken_up_again_is_wanted_anew_when_it_is_accepted(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_CANCELLED);
    struct referral_input in = input(REFERRAL_RECEIVE, &c);

    (void)unused;
    c.row.was_accepted = true;
    c.row.wants = (struct referral_wants){1, {REFERRAL_WANT_PLACEMENT}};
    c.programme.rules.has_agency_reopens = c.programme.rules.agency_reopens = true;
    assert_null(run(&c, &in));
    assert_int_equal(out.at[1].type, REFERRAL_UPDATED);
    assert_false(out.at[1].referral_updated.has_wants_anew);
}

static void an_update_says_whether_the_language_is_what_it_was(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_ACCEPTED);
    struct referral_input in = input(REFERRAL_RECEIVE, &c);

    (void)unused;
    in.referral_receive.person.language = c.row.language;
    assert_null(run(&c, &in));
    assert_true(out.at[0].referral_updated.same_language);
    in.referral_receive.sequence++;
    in.referral_receive.person.language = LANGUAGE_NN;
    assert_null(run(&c, &in));
    assert_false(out.at[0].referral_updated.same_language);
}

static void an_update_says_whether_there_is_a_new_mailbox(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_ACCEPTED);
    struct referral_input in = input(REFERRAL_RECEIVE, &c);

    (void)unused;
    assert_null(run(&c, &in));
    assert_true(out.at[0].referral_updated.has_new_mailbox &&
                out.at[0].referral_updated.new_mailbox);
    in.referral_receive.sequence++;
    in.head.new_mailbox = false;
    assert_null(run(&c, &in));
    assert_true(out.at[0].referral_updated.has_new_mailbox);
    assert_false(out.at[0].referral_updated.new_mailbox);
}

static void changing_protection_is_said_once_whoever_says_it(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS), same = c;
    struct referral_input in = input(REFERRAL_CHANGE_PROTECTION, &same);

    (void)unused;
    assert_null(say(&c, REFERRAL_CHANGE_PROTECTION));
    assert_int_equal(out.count, 1);
    assert_false(c.row.has_municipality);
    in.referral_change_protection.protection = PROTECTION_NONE;
    assert_ptr_equal(run(&same, &in), referral_same_protection.code);

    assert_null(say(&c, REFERRAL_ON_PERSON_PROTECTION_CHANGED)); /* marked to confidential */
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.protection, PROTECTION_CONFIDENTIAL);
    assert_null(say(&c, REFERRAL_ON_PERSON_PROTECTION_CHANGED)); /* so it is already */
    assert_int_equal(out.count, 0);
}

/* To lower it is asked for, on the person. */
static void a_lower_protection_is_asked_for_and_changes_nothing_yet(void **unused)
{
    (void)unused;
    for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
        struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS), again = c, gone = c, late = c;
        struct referral_input in = input(REFERRAL_CHANGE_PROTECTION, &c);

        if ((who[REFERRAL_CHANGE_PROTECTION] & role) == 0) continue;
        in.head.actor = actor_of(role);
        c.row.protection = again.row.protection = gone.row.protection = PROTECTION_STRICTLY;
        assert_null(run(&c, &in));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.at[0].type, REFERRAL_LOWERING_ASKED);
        assert_int_equal(out.at[0].referral_lowering_asked.protection, PROTECTION_MARKED);
        assert_int_equal(c.row.protection, PROTECTION_STRICTLY);
        again.is_lowering_asked = true;
        assert_ptr_equal(run(&again, &in), referral_lowering_asked_already.code);
        gone.row.has_external_id = false;
        assert_ptr_equal(run(&gone, &in), referral_person_erased.code);
        late.hidden = PROTECTION_STRICTLY; /* the person is better hidden than is known here yet */
        assert_null(run(&late, &in));
        assert_int_equal(out.at[0].type, REFERRAL_LOWERING_ASKED);
        if (role == ROLE_AG) continue;
        in.head.version = c.row.version;
        in.head.actor.id = (struct id){{0}};
        assert_ptr_equal(run(&c, &in), referral_nobody_known.code);
    }
}

static void what_is_personal_goes_into_the_vault_and_nowhere_else(void **unused)
{
    static const char *const secrets[] = {"Givenna", "Familyn", "mail@", "+4670", "Streetw"};
    static struct concealed what;
    const struct person_details *details = (const struct person_details *)what.plain;
    struct referral_case known = given(REFERRAL_STATE_RECEIVED), new = given(REFERRAL_STATE_NONE);
    struct referral_input in = input(REFERRAL_RECEIVE, &new);
    struct referral_person *person = &in.referral_receive.person;

    (void)unused;
    memset(what.plain, 'x', sizeof what.plain); /* whatever was there before */
    *person = (struct referral_person){.given_name = "Givenna",
                                       .has_family_name = true,
                                       .family_name = "Familyn",
                                       .has_email = true,
                                       .email = "mail@example.org",
                                       .has_phone = true,
                                       .phone = "+46701740605",
                                       .has_birth_date = true,
                                       .birth_date = {8886, 8886},
                                       .has_address = true,
                                       .address = "Streetway 1"};
    referral_conceal(&known, &in, &what);
    assert_memory_equal(&what.owner, &ada, 16);
    assert_false(details->has_municipality); /* may be told, so it is not hidden */
    assert_string_equal(details->municipality, "");

    person->protection = PROTECTION_MARKED;
    what.word = NULL; /* as the runtime does before each */
    referral_conceal(&new, &in, &what);
    assert_memory_equal(&what.owner, &fresh_person, 16);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_ptr_equal(what.value, details);
    assert_string_equal(details->given_name, "Givenna");
    assert_string_equal(details->family_name, "Familyn");
    assert_true(details->has_family_name);
    assert_true(details->has_email && details->has_phone && details->has_birth_date);
    assert_string_equal(details->email, "mail@example.org");
    assert_string_equal(details->phone, "+46701740605");
    assert_int_equal(details->birth_date.first, 8886);
    assert_true(details->has_address);
    assert_string_equal(details->address, "Streetway 1");
    assert_true(details->has_municipality);
    assert_string_equal(details->municipality, "0980");

    person->has_family_name = false; /* who has one name */
    referral_conceal(&new, &in, &what);
    assert_false(details->has_family_name);

    assert_null(what.word); /* nothing is known of them before */
    assert_true(details->has_agency);
    assert_string_equal(details->agency.phone, "+46701740605");
    assert_string_equal(details->agency.municipality, "0980");
    known.known = (struct sealed){.event = {"before"}};
    referral_conceal(&known, &in, &what);
    assert_string_equal(what.word, "agency");
    assert_memory_equal(&what.sealed, &known.known, sizeof known.known);

    assert_null(run(&new, &in)); /* even if it were still there, nothing would say it */
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        assert_false(is_in(&out, sizeof out, secrets[i]));
        assert_false(is_in(&new.row, sizeof new.row, secrets[i]));
    }
    assert_false(is_in(&out, sizeof out, "0980"));

    what.descriptor = NULL;
    for (unsigned type = 0; type < COMMANDS; type++) {
        in = input(type, &known);
        if (type != REFERRAL_RECEIVE) referral_conceal(&known, &in, &what);
    }
    assert_null(what.descriptor);
}

/* Asking for more. */

static void the_agency_is_reminded_twice_and_then_it_expires(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_WAITLISTED);
    struct referral_input in = input(REFERRAL_ASK_INFO, &c);
    unsigned command;

    (void)unused;
    assert_null(run(&c, &in));
    assert_int_equal(out.at[0].referral_info_asked.asks.at[0], REFERRAL_INFO_LANGUAGES);
    assert_int_equal(c.row.due.ms, end_of(84));

    for (int64_t days_before = 7; days_before > 0; days_before -= 6) {
        const struct instant due = referral_due(&c.row, &command);

        assert_int_equal(due.ms, c.row.due.ms - days_before * DAY_MS);
        assert_int_equal(command, REFERRAL_REMIND);
        in = input(REFERRAL_REMIND, &c);
        in.head.at.ms = due.ms - 1;
        assert_ptr_equal(run(&c, &in), referral_not_due.code);
        in.head.at = due;
        assert_null(run(&c, &in));
        assert_int_equal(out.at[0].type, REFERRAL_REMINDED);
        assert_int_equal(out.at[0].referral_reminded.due.ms, c.row.due.ms);
        assert_int_equal(c.row.state, REFERRAL_STATE_NEEDS_INFO);
    }
    assert_int_equal(referral_due(&c.row, &command).ms, end_of(84));
    assert_int_equal(command, REFERRAL_EXPIRE);
    in = input(REFERRAL_REMIND, &c);
    in.head.at = c.row.due;
    assert_ptr_equal(run(&c, &in), referral_not_due.code); /* there is no third */
    in = input(REFERRAL_EXPIRE, &c);
    in.head.at.ms = c.row.due.ms - 1;
    assert_ptr_equal(run(&c, &in), referral_not_due.code);
    in.head.at.ms++;
    assert_null(run(&c, &in));
    assert_int_equal(referral_due(&c.row, &command).ms, 0);
}

static void after_a_long_outage_nobody_is_reminded_of_what_is_too_late(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);
    struct referral_input in = input(REFERRAL_ASK_INFO, &c);
    unsigned command;

    (void)unused;
    assert_null(run(&c, &in));
    in = input(REFERRAL_REMIND, &c);
    in.head.at.ms = end_of(100);
    assert_null(run(&c, &in));
    assert_true(out.at[0].referral_reminded.missed);
    referral_due(&c.row, &command);
    assert_int_equal(command, REFERRAL_EXPIRE);
    in = input(command, &c);
    in.head.at.ms = end_of(100);
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, REFERRAL_STATE_EXPIRED);
}

/* An outage in which both were due, and an answer still is. */
static void of_two_late_reminders_one_comes(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);
    struct referral_input in = input(REFERRAL_ASK_INFO, &c);
    unsigned command;

    (void)unused;
    assert_null(run(&c, &in));
    in = input(REFERRAL_REMIND, &c);
    in.head.at.ms = end_of(84) - 3600000;
    assert_null(run(&c, &in));
    assert_false(out.at[0].referral_reminded.missed);
    assert_int_equal(referral_due(&c.row, &command).ms, end_of(84));
    assert_int_equal(command, REFERRAL_EXPIRE);
}

static void a_short_time_to_answer_has_only_the_reminders_that_fit(void **unused)
{
    struct referral_case days_3 = given(REFERRAL_STATE_RECEIVED), today = days_3;
    unsigned command;

    (void)unused;
    days_3.programme.rules.info_days = 3;
    assert_null(say(&days_3, REFERRAL_ASK_INFO));
    assert_int_equal(referral_due(&days_3.row, &command).ms, end_of(2));
    today.programme.rules.info_days = 0;
    assert_null(say(&today, REFERRAL_ASK_INFO));
    assert_int_equal(referral_due(&today.row, &command).ms, end_of(0));
    assert_int_equal(command, REFERRAL_EXPIRE);
}

static void who_asks_for_what_and_what_is_missing_stands_on_the_referral(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);
    struct referral_input in = input(REFERRAL_ASK_INFO, &c);

    (void)unused;
    in.referral_ask_info.asks =
        (struct referral_asks){2, {REFERRAL_INFO_CONTACT, REFERRAL_INFO_GOALS}};
    assert_null(run(&c, &in));
    assert_int_equal(c.row.asks.count, 2);
    assert_int_equal(c.row.missing.at[1], REFERRAL_INFO_GOALS);
    assert_memory_equal(&c.row.asked_by, &somebody, 16);
    assert_int_equal(c.row.asked_at.ms, now.ms);
    in = input(REFERRAL_REMIND, &c);
    in.head.at = c.row.remind;
    assert_null(run(&c, &in));
    assert_int_equal(out.at[0].referral_reminded.missing.count, 2);
}

static struct referral_case asked_for(enum referral_info info)
{
    struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);

    c.row.asks = c.row.missing = (struct referral_asks){1, {info}};
    return c;
}

/* Nothing else of it is there. */
static struct referral_input giving(enum referral_info info, const struct referral_case *c)
{
    struct referral_input in = input(REFERRAL_GIVE_INFO, c);
    struct referral_give_info *give = &in.referral_give_info;

    in.head.has_sealed = false;
    in.head.sealed.holds = INT64_MAX; /* what was there is so still, and gives nothing */
    switch (info) {
    case REFERRAL_INFO_CONTACT:
        give->has_person = in.head.has_sealed = give->person.has_phone = true;
        break;
    case REFERRAL_INFO_BIRTH_DATE:
        give->has_person = in.head.has_sealed = give->person.has_birth_date = true;
        break;
    case REFERRAL_INFO_GOALS:
        give->has_person = in.head.has_sealed = give->person.has_goals = true;
        break;
    case REFERRAL_INFO_MUNICIPALITY:
        give->has_municipality = true;
        strcpy(give->municipality, "1301");
        break;
    case REFERRAL_INFO_LANGUAGES:
        give->has_languages = true;
        give->languages = (struct spokens){1, {"ti"}};
        break;
    case REFERRAL_INFO_OCCUPATIONS:
        give->has_occupations = true;
        give->occupations = (struct occupations){1, {{OCCUPATION_SCHEME_SSYK, "7212"}}};
        break;
    case REFERRAL_INFO_CONSENT:
        give->has_consented_on = true;
        give->consented_on = instant_date(now);
        break;
    case REFERRAL_INFO_OTHER:
        give->has_given = true;
        give->given = (struct referral_asks){1, {REFERRAL_INFO_OTHER}};
        break;
    }
    return in;
}

static void each_thing_that_can_be_asked_for_can_be_given(void **unused)
{
    (void)unused;
    for (unsigned info = 0; info <= REFERRAL_INFO_OTHER; info++) {
        for (unsigned other = 0; other <= REFERRAL_INFO_OTHER; other++) {
            struct referral_case c = asked_for(info);
            const struct referral_input in = giving(other, &c);

            if (info == other)
                assert_null(run(&c, &in));
            else
                assert_ptr_equal(run(&c, &in), referral_not_asked_for.code);
            assert_int_equal(c.row.state == REFERRAL_STATE_RECEIVED, info == other);
            assert_int_equal(c.row.has_missing, info != other);
        }
    }
}

static void each_may_be_given_in_another_way(void **unused)
{
    (void)unused;
    for (unsigned info = 0; info <= REFERRAL_INFO_OTHER; info++) {
        struct referral_case c = asked_for(info);
        struct referral_input in = input(REFERRAL_GIVE_INFO, &c);

        in.referral_give_info.has_given = true;
        in.referral_give_info.given = (struct referral_asks){1, {info}};
        assert_null(run(&c, &in));
        assert_int_equal(out.count, 1); /* nothing of it is said anew */
        assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);
    }
}

static void a_list_with_nothing_in_it_gives_nothing(void **unused)
{
    struct referral_case c = asked_for(REFERRAL_INFO_LANGUAGES);
    struct referral_input in = giving(REFERRAL_INFO_LANGUAGES, &c);

    (void)unused;
    in.referral_give_info.languages.count = 0;
    assert_ptr_equal(run(&c, &in), referral_no_languages.code);
    in = giving(REFERRAL_INFO_OCCUPATIONS, &c);
    in.referral_give_info.occupations.count = 0;
    assert_ptr_equal(run(&c, &in), referral_no_occupations.code);
    in = giving(REFERRAL_INFO_CONTACT, &c);
    in.referral_give_info.person.has_phone = false;
    in.referral_give_info.person.removes_phone = true;
    assert_ptr_equal(run(&c, &in), referral_not_asked_for.code);
    assert_int_equal(c.row.state, REFERRAL_STATE_NEEDS_INFO);
    assert_true(c.row.has_missing);
}

static void what_is_given_is_said_and_the_rest_stays_as_it_is(void **unused)
{
    struct referral_case c = asked_for(REFERRAL_INFO_LANGUAGES);
    struct referral_input in = giving(REFERRAL_INFO_LANGUAGES, &c);
    const struct referral_updated *said = &out.at[0].referral_updated;

    (void)unused;
    c.known = (struct sealed){.event = {"before"}, .holds = 7};
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[0].type, REFERRAL_UPDATED);
    assert_memory_equal(&said->sealed, &c.known, sizeof c.known);
    assert_int_equal(said->external_sequence, 7); /* the system has said no more */
    assert_string_equal(said->languages.at[0], "ti");
    assert_string_equal(said->occupations.at[0].code, "7233");
    assert_string_equal(said->municipality, "0180");
    assert_int_equal(said->waiting_since.ms, now.ms - 30 * DAY_MS);
    assert_string_equal(c.row.languages.at[0], "ti");

    c = asked_for(REFERRAL_INFO_CONSENT);
    in = giving(REFERRAL_INFO_CONSENT, &c);
    assert_null(run(&c, &in));
    assert_int_equal(c.row.consented_on.day, instant_date(now).day);
    in = input(REFERRAL_RECEIVE, &c); /* which says nothing of it */
    assert_null(run(&c, &in));
    assert_true(c.row.has_consented_on);

    c = asked_for(REFERRAL_INFO_CONTACT);
    in = giving(REFERRAL_INFO_CONTACT, &c);
    c.row.language = LANGUAGE_NB;
    assert_null(run(&c, &in));
    assert_memory_equal(&said->sealed.event, &sealing, 16);
    assert_int_equal(c.row.language, LANGUAGE_NB); /* of which nothing is said */
    assert_int_equal(c.row.protection, PROTECTION_NONE);
    assert_true(c.row.has_municipality);

    c = asked_for(REFERRAL_INFO_CONTACT);
    in.referral_give_info.person.has_protection = true;
    in.referral_give_info.person.protection = PROTECTION_MARKED;
    in.referral_give_info.person.has_language = true;
    in.referral_give_info.person.language = LANGUAGE_EN;
    assert_null(run(&c, &in));
    assert_int_equal(out.at[1].type, REFERRAL_PROTECTION_CHANGED);
    assert_int_equal(c.row.language, LANGUAGE_EN);
    assert_false(c.row.has_municipality);
}

static void who_gives_half_is_waited_for_until_the_rest_is_there(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);
    struct referral_input in = giving(REFERRAL_INFO_CONSENT, &c);
    const struct referral_info_given *said = &out.at[1].referral_info_given;

    (void)unused;
    assert_null(run(&c, &in));
    assert_int_equal(said->outcome, REFERRAL_ANSWERED_PART);
    assert_int_equal(said->given.count, 1);
    assert_int_equal(said->given.at[0], REFERRAL_INFO_CONSENT);
    assert_int_equal(said->missing.count, 1);
    assert_int_equal(said->missing.at[0], REFERRAL_INFO_OTHER);
    assert_int_equal(c.row.state, REFERRAL_STATE_NEEDS_INFO);
    assert_int_equal(c.row.due.ms, now.ms); /* the clock runs on */
    in.head.version = c.row.version;
    assert_ptr_equal(run(&c, &in), referral_not_asked_for.code); /* once is enough */

    assert_null(say(&c, REFERRAL_GIVE_INFO)); /* nothing named: all that was missing */
    assert_int_equal(out.at[0].referral_info_given.outcome, REFERRAL_ANSWERED_ALL);
    assert_false(out.at[0].referral_info_given.has_missing);
    assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);
    assert_int_equal(c.row.asks.count, 2); /* what was asked for still stands there */
}

/* What is sealed becomes what it was with this: nothing has to be said whole. */
static void what_is_given_of_a_person_changes_what_is_sealed(void **unused)
{
    static struct concealed what;
    const struct person_details_change *change = (const struct person_details_change *)what.plain;
    struct referral_case c = asked_for(REFERRAL_INFO_GOALS);
    struct referral_input in = giving(REFERRAL_INFO_GOALS, &c);
    struct referral_person_change *person = &in.referral_give_info.person;

    (void)unused;
    memset(what.plain, 'x', sizeof what.plain); /* whatever was there before */
    c.known = (struct sealed){.event = {"before"}};
    strcpy(person->goals, "A workshop");
    person->removes_phone = true;
    person->has_birth_date = true;
    person->birth_date = (struct partial_date){8886, 8916};
    referral_conceal(&c, &in, &what);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_ptr_equal(what.patch, &person_details_change_descriptor);
    assert_ptr_equal(what.value, change);
    assert_memory_equal(&what.owner, &ada, 16);
    assert_memory_equal(&what.sealed, &c.known, sizeof c.known);
    assert_true(change->has_goals && change->removes_phone && change->has_birth_date);
    assert_string_equal(change->goals, "A workshop");
    assert_int_equal(change->birth_date.last, 8916);
    assert_false(change->has_phone || change->has_given_name || change->removes_email);
    assert_false(change->has_municipality || change->removes_municipality);
    assert_null(run(&c, &in));
    assert_false(is_in(&out, sizeof out, "A workshop"));
}

static void a_protected_persons_place_is_sealed(void **unused)
{
    static struct concealed what;
    const struct person_details_change *change = (const struct person_details_change *)what.plain;
    struct referral_case c = asked_for(REFERRAL_INFO_MUNICIPALITY);
    struct referral_input in = giving(REFERRAL_INFO_MUNICIPALITY, &c);

    (void)unused;
    referral_conceal(&c, &in, &what);
    assert_null(what.descriptor); /* it may be told, so it is not hidden */
    c.row.protection = PROTECTION_MARKED;
    c.row.has_municipality = false;
    referral_conceal(&c, &in, &what);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    assert_ptr_equal(what.patch, &person_details_change_descriptor);
    assert_true(change->has_municipality);
    assert_string_equal(change->municipality, "1301");
    in.head.has_sealed = true;
    assert_null(run(&c, &in));
    assert_memory_equal(&out.at[0].referral_updated.sealed.event, &sealing, 16);
    assert_false(is_in(&out, sizeof out, "1301"));
    assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);

    c = asked_for(REFERRAL_INFO_MUNICIPALITY); /* who is protected from now on is so in this too */
    in.referral_give_info.has_person = in.referral_give_info.person.has_protection = true;
    in.referral_give_info.person.protection = PROTECTION_STRICTLY;
    memset(&what, 0, sizeof what);
    referral_conceal(&c, &in, &what);
    assert_string_equal(change->municipality, "1301");
}

static void an_update_that_brings_what_was_missing_gives_it(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);
    struct referral_input in = input(REFERRAL_RECEIVE, &c);

    (void)unused;
    c.row.missing = (struct referral_asks){
        3, {REFERRAL_INFO_LANGUAGES, REFERRAL_INFO_BIRTH_DATE, REFERRAL_INFO_CONSENT}};
    in.referral_receive.person.has_birth_date = true;
    in.head.news = 1u << REFERRAL_INFO_BIRTH_DATE; /* its words are sealed */
    assert_null(run(&c, &in));                     /* the languages are those that were doubted */
    assert_int_equal(out.count, 2);
    assert_int_equal(c.row.state, REFERRAL_STATE_NEEDS_INFO);
    assert_int_equal(c.row.missing.count, 2);
    assert_int_equal(out.referral_receive_answer.state, REFERRAL_STATE_NEEDS_INFO);

    in.referral_receive.sequence++;
    in.head.news = 0;
    in.referral_receive.languages = (struct spokens){2, {"so", "ar"}};
    in.referral_receive.has_consented_on = true;
    in.referral_receive.consented_on = instant_date(now);
    assert_null(run(&c, &in));
    assert_int_equal(out.at[1].type, REFERRAL_INFO_GIVEN);
    assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);
    assert_int_equal(out.referral_receive_answer.state, REFERRAL_STATE_RECEIVED);
}

/* Whatever was asked for, and also of who is under protection. */
static void an_update_that_repeats_what_was_said_gives_nothing(void **unused)
{
    (void)unused;
    for (unsigned protection = PROTECTION_NONE; protection <= PROTECTION_STRICTLY; protection++) {
        struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);
        struct referral_input in = input(REFERRAL_RECEIVE, &c);
        struct referral_receive *ask = &in.referral_receive;

        c.row.protection = ask->person.protection = (enum protection)protection;
        c.row.missing = (struct referral_asks){6,
                                               {REFERRAL_INFO_CONTACT, REFERRAL_INFO_BIRTH_DATE,
                                                REFERRAL_INFO_MUNICIPALITY, REFERRAL_INFO_LANGUAGES,
                                                REFERRAL_INFO_OCCUPATIONS, REFERRAL_INFO_GOALS}};
        c.row.languages = ask->languages;
        c.row.occupations = ask->occupations;
        memcpy(c.row.municipality, ask->municipality, sizeof c.row.municipality);
        ask->person.has_phone = ask->person.has_birth_date = ask->person.has_goals = true;
        assert_null(run(&c, &in));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.at[0].type, REFERRAL_UPDATED);
        assert_int_equal(c.row.missing.count, 6);
        assert_int_equal(out.referral_receive_answer.state, REFERRAL_STATE_NEEDS_INFO);
    }
}

/* As the vault takes it: what is new in it stands there otherwise than before. */
static unsigned news_of(const struct referral_case *c, const struct referral_receive *ask,
                        const struct person_details *before, const struct person_details *after)
{
    static struct concealed what;
    struct referral_input in = input(REFERRAL_RECEIVE, c);
    struct person_details whole = *after;

    in.referral_receive = *ask;
    memset(&what, 0, sizeof what);
    referral_conceal(c, &in, &what);
    what.change(c, &in, before, &whole);
    return in.head.news;
}

static bool is_said(enum referral_event_type type)
{
    for (size_t i = 0; i < out.count; i++)
        if (out.at[i].type == type) return true;
    return false;
}

/* Nobody else knows that something waits: who is cleared hears of it, and the agency. */
static void another_mailbox_that_waits_is_told_of_when_it_is_new(void **unused)
{
    (void)unused;
    for (int waits = 0; waits < 2; waits++) {
        for (int is_new = 0; is_new < 2; is_new++) {
            struct referral_case c = given(REFERRAL_STATE_ACCEPTED);
            struct referral_input in = input(REFERRAL_RECEIVE, &c);

            in.head.has_sealed = true;
            in.head.new_mailbox = is_new;
            in.head.sealed.holds = waits ? INT64_MAX : 0;
            assert_null(run(&c, &in));
            assert_int_equal(is_said(REFERRAL_MAILBOX_HELD), waits && is_new);
            assert_int_equal(out.at[0].type, REFERRAL_UPDATED);
            assert_int_equal(out.at[0].referral_updated.new_mailbox, !waits && is_new);
        }
    }
}

static void what_is_new_in_the_vault_is_seen_as_it_is_taken(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);
    const struct referral_receive ask = input(REFERRAL_RECEIVE, &c).referral_receive;
    const struct person_details known = {.given_name = "Ines",
                                         .has_email = true,
                                         .email = "ines@example.org",
                                         .has_birth_date = true,
                                         .birth_date = {8886, 8886}};
    struct person_details said = known;

    (void)unused;
    assert_int_equal(news_of(&c, &ask, &known, &known), 0);
    strcpy(said.email, "other@example.org");
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_CONTACT);
    c.hides_mailbox = true; /* it stays as it was */
    assert_int_equal(news_of(&c, &ask, &known, &said), 0);
    said = known;
    said.has_phone = true;
    strcpy(said.phone, "+46701740605");
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_CONTACT);
    said = known;
    said.has_address = true;
    strcpy(said.address, "Storgatan 1");
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_CONTACT);
    said = known;
    said.birth_date.last = 8916;
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_BIRTH_DATE);
    said = known;
    said.has_goals = true;
    strcpy(said.goals, "A workshop");
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_GOALS);
    said = known;
    said.has_birth_date = false; /* what is said no more gives nothing either */
    assert_int_equal(news_of(&c, &ask, &known, &said), 0);
}

/* What the row told until now was known, too: that it is hidden from now on makes nothing of it new. */
static void what_is_new_of_who_is_protected_is_seen_behind_what_hides_it(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);
    struct referral_receive ask = input(REFERRAL_RECEIVE, &c).referral_receive;
    struct person_details known = {.given_name = "Ines"};
    struct person_details said = {.given_name = "Ines", .has_municipality = true};

    (void)unused;
    ask.person.protection = PROTECTION_MARKED;
    ask.languages = c.row.languages;
    ask.occupations = c.row.occupations;
    strcpy(said.municipality, c.row.municipality);
    assert_int_equal(news_of(&c, &ask, &known, &said), 0);
    strcpy(said.municipality, "1301");
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_MUNICIPALITY);

    c.row.has_place_kept = true; /* on its way into the vault */
    strcpy(c.row.place_kept, "1301");
    strcpy(c.row.municipality, "");
    assert_int_equal(news_of(&c, &ask, &known, &said), 0);
    known.has_municipality = known.has_kept = true;
    strcpy(known.municipality, "0980");
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_MUNICIPALITY);

    said.has_municipality = false;
    known.kept.has_languages = known.kept.has_occupations = true;
    known.kept.languages = ask.languages;
    known.kept.occupations = ask.occupations;
    memset(&c.row.languages, 0, sizeof c.row.languages);
    memset(&c.row.occupations, 0, sizeof c.row.occupations);
    assert_int_equal(news_of(&c, &ask, &known, &said), 0);
    ask.languages = (struct spokens){2, {"so", "ti"}};
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_LANGUAGES);
    ask.languages = known.kept.languages;
    strcpy(ask.occupations.at[0].code, "7231");
    assert_int_equal(news_of(&c, &ask, &known, &said), 1u << REFERRAL_INFO_OCCUPATIONS);
    ask.occupations.count = 0; /* an empty list gives nothing */
    assert_int_equal(news_of(&c, &ask, &known, &said), 0);
}

static void they_agreed_a_year_before_they_were_referred_at_the_earliest(void **unused)
{
    struct referral_case new = given(REFERRAL_STATE_NONE), c = given(REFERRAL_STATE_RECEIVED);
    struct referral_input first = input(REFERRAL_RECEIVE, &new),
                          again = input(REFERRAL_RECEIVE, &c);
    const int64_t day = instant_date(now).day;

    (void)unused;
    first.referral_receive.has_consented_on = true;
    first.referral_receive.consented_on.day = day - 368;
    assert_ptr_equal(run(&new, &first), referral_old_consent.code);
    first.referral_receive.consented_on.day = day - 365;
    assert_null(run(&new, &first));

    c.row.waiting_since = instant_add_days(now, -100);
    again.referral_receive.has_consented_on = true;
    again.referral_receive.consented_on.day = day - 468;
    assert_ptr_equal(run(&c, &again), referral_old_consent.code);
    c.row.has_consented_on = true; /* from before this was looked at */
    c.row.consented_on.day = day - 468;
    assert_null(run(&c, &again));
    again.referral_receive.sequence++;
    again.referral_receive.consented_on.day = day - 460;
    assert_null(run(&c, &again));
}

static void what_was_given_ends_the_clock(void **unused)
{
    static const enum referral_input_type ends[] = {REFERRAL_GIVE_INFO, REFERRAL_CANCEL,
                                                    REFERRAL_ENTER_IN_ERROR};
    unsigned command;

    (void)unused;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);

        assert_null(say(&c, ends[i]));
        assert_int_equal(referral_due(&c.row, &command).ms, 0);
    }
}

/* What comes of it. */

static void accepting_says_all_that_a_match_goes_by(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);
    const struct referral_accepted *said = &out.at[0].referral_accepted;

    (void)unused;
    assert_null(say(&c, REFERRAL_ACCEPT));
    assert_int_equal(out.count, 1);
    assert_memory_equal(&said->person, &ada, 16);
    assert_memory_equal(&said->partner, &partner, 16);
    assert_memory_equal(&said->organisation, &agency, 16);
    assert_string_equal(said->municipality, "0180");
    assert_string_equal(said->languages.at[0], "so");
    assert_string_equal(said->occupations.at[0].code, "7233");
    assert_int_equal(said->wants.count, 1);
    assert_int_equal(said->waiting_since.ms, now.ms - 30 * DAY_MS);
}

/* It was waitlisted, asked about, and meanwhile a mentor agreed and they met. */
static void accepting_catches_up_with_what_has_come_of_it_meanwhile(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);

    (void)unused;
    c.links_count = 1;
    c.links[0] = link_of(mentorship, LINK_KIND_MENTORSHIP, LINK_STATE_RUNNING);
    assert_null(say(&c, REFERRAL_ACCEPT));
    assert_int_equal(out.count, 3);
    assert_int_equal(out.at[0].type, REFERRAL_ACCEPTED);
    assert_int_equal(out.at[1].type, REFERRAL_MATCHED);
    assert_int_equal(out.at[2].type, REFERRAL_STARTED);
}

static void the_queue_is_by_age_and_age_is_kept(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS);

    (void)unused;
    assert_null(say(&c, REFERRAL_ON_MENTORSHIP_ENDED));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].type, REFERRAL_WAITLISTED);
    assert_int_equal(out.at[0].referral_waitlisted.waiting_since.ms, now.ms - 30 * DAY_MS);
    assert_int_equal(c.row.waiting_since.ms, now.ms - 30 * DAY_MS);
}

static void one_link_of_two_that_ends_leaves_the_other(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS);

    (void)unused;
    c.links_count = 2;
    c.links[1] = link_of(second, LINK_KIND_MENTORSHIP, LINK_STATE_AGREED);
    assert_null(say(&c, REFERRAL_ON_MENTORSHIP_ENDED));
    assert_int_equal(out.count, 0);
    assert_int_equal(c.row.state, REFERRAL_STATE_IN_PROGRESS);
}

/* The link's own row may have heard of it before the referral, or not yet. */
static void it_matters_not_which_row_hears_first(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS), d = c;

    (void)unused;
    c.links[0].state = LINK_STATE_COMPLETED;
    assert_null(say(&c, REFERRAL_ON_MENTORSHIP_COMPLETED));
    assert_null(say(&d, REFERRAL_ON_MENTORSHIP_COMPLETED));
    assert_int_equal(c.row.state, REFERRAL_STATE_COMPLETED);
    assert_int_equal(d.row.state, REFERRAL_STATE_COMPLETED);

    c = d = given(REFERRAL_STATE_MATCHED);
    c.links_count = 0;
    assert_null(say(&c, REFERRAL_ON_MENTORSHIP_WITHDRAWN));
    assert_null(say(&d, REFERRAL_ON_MENTORSHIP_WITHDRAWN));
    assert_int_equal(c.row.state, REFERRAL_STATE_WAITLISTED);
    assert_int_equal(d.row.state, REFERRAL_STATE_WAITLISTED);
}

static struct referral_case wants_both(void)
{
    struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS);

    c.row.wants = (struct referral_wants){2, {REFERRAL_WANT_MENTOR, REFERRAL_WANT_PLACEMENT}};
    return c;
}

static void it_is_completed_when_every_kind_that_it_wants_is(void **unused)
{
    struct referral_case c = wants_both();

    (void)unused;
    assert_null(say(&c, REFERRAL_ON_MENTORSHIP_COMPLETED));
    assert_int_equal(out.count, 0); /* waits for the placement */
    c.links[0].state = LINK_STATE_COMPLETED;
    assert_null(say(&c, REFERRAL_ON_PLACEMENT_PLANNED));
    assert_int_equal(out.count, 0);
    c.links[c.links_count++] = link_of(placement, LINK_KIND_PLACEMENT, LINK_STATE_RUNNING);
    assert_null(say(&c, REFERRAL_ON_PLACEMENT_COMPLETED));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].type, REFERRAL_COMPLETED);
}

static const char *taken_back(struct referral_case *c, enum mentorship_restored state)
{
    struct referral_input in = input(REFERRAL_ON_MENTORSHIP_UNDONE, c);

    in.head.id = mentorship;
    in.mentorship_undone.state = state;
    return run(c, &in);
}

static const char *placement_taken_back(struct referral_case *c, enum placement_restored state)
{
    struct referral_input in = input(REFERRAL_ON_PLACEMENT_UNDONE, c);

    in.placement_undone.has_state = true;
    in.placement_undone.state = state;
    return run(c, &in);
}

/* In progress, with the mentorship that it came to be so by. */
static struct referral_case begun(void)
{
    struct referral_case c = given(REFERRAL_STATE_MATCHED);

    assert_null(say(&c, REFERRAL_ON_MENTORSHIP_STARTED));
    assert_true(id_equal(c.row.begun_by, mentorship));
    c.links[0].state = LINK_STATE_RUNNING;
    return c;
}

/* What a step came to for the referral comes undone with it, whichever row hears first. */
static void a_step_that_is_taken_back_settles_it_anew(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct referral_case c = begun();

        if (i == 0) c.links[0].state = LINK_STATE_AGREED;        /* the link has heard of it */
        assert_null(taken_back(&c, MENTORSHIP_RESTORED_AGREED)); /* they have not met */
        assert_int_equal(c.row.state, REFERRAL_STATE_MATCHED);
        c.links[0].state = LINK_STATE_RUNNING;
        assert_null(say(&c, REFERRAL_ON_MENTORSHIP_STARTED));
        assert_null(say(&c, REFERRAL_ON_MENTORSHIP_ENDED));
        assert_int_equal(c.row.state, REFERRAL_STATE_WAITLISTED);
        if (i == 0) c.links[0].state = LINK_STATE_RUNNING;
        assert_null(taken_back(&c, MENTORSHIP_RESTORED_ACTIVE)); /* nor has it ended */
        assert_int_equal(out.at[0].type, REFERRAL_MATCHED);
        assert_int_equal(out.at[1].type, REFERRAL_STARTED);
        assert_int_equal(c.row.state, REFERRAL_STATE_IN_PROGRESS);
    }
}

/* Another had begun, and is over: what is taken back of what has not begun changes nothing. */
static void what_had_begun_before_stays_begun(void **unused)
{
    struct referral_case c = begun(), d;

    (void)unused;
    c.links[0] = link_of(second, LINK_KIND_MENTORSHIP, LINK_STATE_AGREED);
    d = c;
    assert_null(taken_back(&c, MENTORSHIP_RESTORED_OFFERED)); /* of a withdrawal */
    assert_int_equal(out.count, 0);
    c.row.begun_by = somebody;
    assert_null(taken_back(&c, MENTORSHIP_RESTORED_AGREED)); /* of a second beginning */
    assert_int_equal(out.count, 0);

    d.links[0] = link_of(placement, LINK_KIND_PLACEMENT, LINK_STATE_AGREED);
    assert_null(say(&d, REFERRAL_ON_PLACEMENT_CANCELLED));
    assert_int_equal(d.row.state, REFERRAL_STATE_WAITLISTED);
    assert_null(placement_taken_back(&d, PLACEMENT_RESTORED_READY));
    assert_int_equal(d.row.state, REFERRAL_STATE_IN_PROGRESS); /* as it was */
}

/* Two had begun, and neither has: whichever is taken back first. */
static void two_beginnings_that_are_taken_back_are_none(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct referral_case c = begun();

        c.links[c.links_count++] = link_of(placement, LINK_KIND_PLACEMENT, LINK_STATE_RUNNING);
        assert_null(i == 0 ? taken_back(&c, MENTORSHIP_RESTORED_AGREED)
                           : placement_taken_back(&c, PLACEMENT_RESTORED_READY));
        assert_int_equal(c.row.state, REFERRAL_STATE_IN_PROGRESS);
        c.links[i].state = LINK_STATE_AGREED;
        assert_null(i == 0 ? placement_taken_back(&c, PLACEMENT_RESTORED_READY)
                           : taken_back(&c, MENTORSHIP_RESTORED_AGREED));
        assert_int_equal(c.row.state, REFERRAL_STATE_MATCHED);
    }
}

static void a_beginning_that_is_taken_back_on_hold_is_none_when_it_goes_on(void **unused)
{
    struct referral_case c = begun();

    (void)unused;
    assert_null(say(&c, REFERRAL_HOLD));
    assert_null(taken_back(&c, MENTORSHIP_RESTORED_AGREED));
    assert_int_equal(c.row.state, REFERRAL_STATE_ON_HOLD);
    c.links[0].state = LINK_STATE_AGREED;
    assert_null(say(&c, REFERRAL_RESUME));
    assert_int_equal(c.row.state, REFERRAL_STATE_MATCHED);
}

static void what_followed_from_a_step_goes_on_when_that_is_taken_back(void **unused)
{
    for (int i = 0; i < 2; i++) {
        struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS), d, e;

        (void)unused;
        assert_null(say(&c, REFERRAL_ON_MENTORSHIP_COMPLETED));
        assert_true(c.row.settled);
        c.links[0].state = i == 0 ? LINK_STATE_RUNNING : LINK_STATE_COMPLETED;
        d = c;
        assert_null(taken_back(&c, MENTORSHIP_RESTORED_ON_HOLD));
        assert_int_equal(out.at[0].type, REFERRAL_REOPENED);
        assert_int_equal(out.at[0].referral_reopened.reason, REFERRAL_RETURN_TAKEN_BACK);
        assert_true(out.at[0].referral_reopened.goes_on);
        assert_false(out.at[0].referral_reopened.anew);
        assert_int_equal(out.at[1].type, REFERRAL_ACCEPTED);
        assert_int_equal(c.row.state, REFERRAL_STATE_IN_PROGRESS);
        assert_false(c.row.settled);

        e = d;
        e.row.has_external_id = false; /* they were erased meanwhile */
        assert_null(taken_back(&e, MENTORSHIP_RESTORED_ON_HOLD));
        assert_int_equal(e.row.state, REFERRAL_STATE_COMPLETED);
        d.row.settled = false; /* somebody has closed it */
        assert_null(taken_back(&d, MENTORSHIP_RESTORED_ON_HOLD));
        assert_int_equal(d.row.state, REFERRAL_STATE_COMPLETED);
    }
}

static void a_kind_that_ended_without_a_successor_waits_for_the_coordinator(void **unused)
{
    struct referral_case c = wants_both();

    (void)unused;
    c.links[0].state = LINK_STATE_COMPLETED;
    c.links[c.links_count++] = link_of(placement, LINK_KIND_PLACEMENT, LINK_STATE_RUNNING);
    assert_null(say(&c, REFERRAL_ON_PLACEMENT_ENDED));
    assert_int_equal(out.count, 0);
    assert_int_equal(c.row.state, REFERRAL_STATE_IN_PROGRESS);
    c.links_count = 1;
    assert_null(say(&c, REFERRAL_COMPLETE));
    assert_int_equal(c.row.state, REFERRAL_STATE_COMPLETED);
}

static void an_update_that_wants_no_more_than_is_done_completes_it(void **unused)
{
    struct referral_case c = wants_both();
    struct referral_input in = input(REFERRAL_RECEIVE, &c); /* wants a mentor only */

    (void)unused;
    c.links[0].state = LINK_STATE_COMPLETED;
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[1].type, REFERRAL_COMPLETED);
    assert_int_equal(out.referral_receive_answer.state, REFERRAL_STATE_COMPLETED);
}

static void what_happened_while_it_rested_follows_when_it_goes_on(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_ON_HOLD), ended = c;

    (void)unused;
    c.links[0].state = LINK_STATE_COMPLETED;
    assert_null(say(&c, REFERRAL_RESUME));
    assert_int_equal(out.at[0].type, REFERRAL_RESUMED);
    assert_int_equal(c.row.state, REFERRAL_STATE_COMPLETED);
    ended.links_count = 0;
    assert_null(say(&ended, REFERRAL_RESUME));
    assert_int_equal(ended.row.state, REFERRAL_STATE_WAITLISTED);
}

static void every_no_says_why(void **unused)
{
    static const struct {
        enum referral_input_type input;
        enum referral_state from;
    } steps[] = {{REFERRAL_REJECT, REFERRAL_STATE_RECEIVED},
                 {REFERRAL_HOLD, REFERRAL_STATE_IN_PROGRESS},
                 {REFERRAL_FAIL, REFERRAL_STATE_IN_PROGRESS},
                 {REFERRAL_CANCEL, REFERRAL_STATE_MATCHED},
                 {REFERRAL_ENTER_IN_ERROR, REFERRAL_STATE_COMPLETED}};

    (void)unused;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct referral_case c = given(steps[i].from);

        assert_null(say(&c, steps[i].input));
        assert_true(c.row.has_reason);
        assert_int_equal(c.row.reason, REFERRAL_REASON_MOVED_AWAY);
        if (steps[i].input != REFERRAL_HOLD) continue;
        assert_null(say(&c, REFERRAL_RESUME));
        assert_false(c.row.has_reason); /* it is over */
        assert_int_equal(c.row.reason, 0);
    }
}

/* Taking up again. */

static void what_was_closed_keeps_its_age_when_it_is_taken_up_again(void **unused)
{
    (void)unused;
    for (unsigned state = REC; state < STATES; state++) {
        struct referral_case c = given(state);

        if (referral_is_open(state)) continue;
        c.row.has_reason = true;
        c.row.reason = REFERRAL_REASON_MOVED_AWAY;
        assert_null(say(&c, REFERRAL_REOPEN));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.at[0].type, REFERRAL_REOPENED);
        assert_memory_equal(&out.at[0].referral_reopened.person, &ada, 16);
        assert_memory_equal(&out.at[0].referral_reopened.partner, &partner, 16);
        assert_int_equal(out.at[0].referral_reopened.reason, REFERRAL_RETURN_WISH);
        assert_int_equal(out.at[0].referral_reopened.waiting_since.ms, now.ms - 30 * DAY_MS);
        assert_false(out.at[0].referral_reopened.goes_on);
        assert_int_equal(out.at[0].referral_reopened.was, state);
        assert_int_equal(c.row.waiting_since.ms, now.ms - 30 * DAY_MS);
        assert_false(c.row.has_reason); /* it is over */
    }
}

static void who_had_been_accepted_and_was_called_off_is_accepted_again(void **unused)
{
    static const enum referral_input_type ends[] = {REFERRAL_CANCEL, REFERRAL_FAIL,
                                                    REFERRAL_ENTER_IN_ERROR};

    (void)unused;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct referral_case c = given(REFERRAL_STATE_RECEIVED);

        assert_null(say(&c, REFERRAL_ACCEPT));
        c.row.state = REFERRAL_STATE_IN_PROGRESS;
        assert_null(say(&c, ends[i]));
        assert_null(say(&c, REFERRAL_REOPEN));
        assert_int_equal(out.count, 2);
        assert_true(out.at[0].referral_reopened.goes_on);
        assert_int_equal(out.at[1].type, REFERRAL_ACCEPTED);
        assert_int_equal(out.at[1].referral_accepted.waiting_since.ms, now.ms - 30 * DAY_MS);
        assert_int_equal(c.row.state, REFERRAL_STATE_ACCEPTED);
    }
}

static void a_decision_that_was_open_when_it_was_closed_is_open_again(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);

    (void)unused;
    assert_null(say(&c, REFERRAL_ACCEPT));
    assert_null(say(&c, REFERRAL_WAITLIST));
    assert_null(say(&c, REFERRAL_ASK_INFO));
    assert_null(say(&c, REFERRAL_CANCEL));
    assert_null(say(&c, REFERRAL_REOPEN));
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);

    assert_null(say(&c, REFERRAL_ACCEPT));
    assert_null(say(&c, REFERRAL_CANCEL));
    assert_null(say(&c, REFERRAL_REOPEN));
    assert_int_equal(c.row.state, REFERRAL_STATE_ACCEPTED);
}

/* The mentor was done; the placement failed, and with it the whole. */
static void what_had_been_done_still_counts_when_it_goes_on(void **unused)
{
    struct referral_case c = wants_both();

    (void)unused;
    c.row.was_accepted = true;
    c.links[0].state = LINK_STATE_COMPLETED;
    assert_null(say(&c, REFERRAL_FAIL));
    assert_null(say(&c, REFERRAL_REOPEN));
    assert_int_equal(out.count, 4); /* reopened, accepted, matched, started */
    assert_int_equal(c.row.state, REFERRAL_STATE_IN_PROGRESS);
}

/* A coordinator had said that it was done, though a mentorship ran, or the placement had not come. */
static void what_was_completed_by_hand_too_early_goes_on_where_it_was(void **unused)
{
    struct referral_case running = given(REFERRAL_STATE_IN_PROGRESS), half = wants_both();

    (void)unused;
    running.row.was_accepted = half.row.was_accepted = true;
    half.links[0].state = LINK_STATE_COMPLETED;
    assert_null(say(&running, REFERRAL_COMPLETE));
    assert_null(say(&running, REFERRAL_REOPEN));
    assert_false(out.at[0].referral_reopened.anew);
    assert_int_equal(running.row.state, REFERRAL_STATE_IN_PROGRESS);
    assert_null(say(&half, REFERRAL_COMPLETE));
    assert_null(say(&half, REFERRAL_REOPEN));
    assert_false(out.at[0].referral_reopened.anew);
    assert_int_equal(half.row.state, REFERRAL_STATE_IN_PROGRESS);
}

static void what_was_completed_whole_and_is_taken_up_again_begins_anew(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_COMPLETED);

    (void)unused;
    c.row.was_accepted = true;
    c.links[c.links_count++] = link_of(mentorship, LINK_KIND_MENTORSHIP, LINK_STATE_COMPLETED);
    assert_null(say(&c, REFERRAL_REOPEN));
    assert_int_equal(out.count, 2); /* it is not completed again at once */
    assert_true(out.at[0].referral_reopened.anew);
    assert_int_equal(c.row.state, REFERRAL_STATE_ACCEPTED);
}

/* The error was in saying that it was one. */
static void what_was_completed_and_called_an_error_is_completed_again(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_COMPLETED);

    (void)unused;
    c.row.was_accepted = true;
    c.links[c.links_count++] = link_of(mentorship, LINK_KIND_MENTORSHIP, LINK_STATE_COMPLETED);
    assert_null(say(&c, REFERRAL_ENTER_IN_ERROR));
    assert_null(say(&c, REFERRAL_REOPEN));
    assert_false(out.at[0].referral_reopened.anew);
    assert_int_equal(c.row.state, REFERRAL_STATE_COMPLETED);
}

static void who_is_taken_up_again_is_nobodys_duplicate(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_RECEIVED);

    (void)unused;
    assert_null(say(&c, REFERRAL_LINK_DUPLICATE));
    assert_true(c.row.has_duplicate_of);
    assert_null(say(&c, REFERRAL_REOPEN));
    assert_false(c.row.has_duplicate_of);
    assert_memory_equal(&c.row.duplicate_of, &(struct id){{0}}, 16);
    assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);
}

static void an_agency_that_wants_more_of_what_was_completed_keeps_what_was_done(void **unused)
{
    struct referral_case same = given(REFERRAL_STATE_COMPLETED), more = same;
    struct referral_input in = input(REFERRAL_RECEIVE, &more);

    (void)unused;
    same.programme.rules.has_agency_reopens = same.programme.rules.agency_reopens = true;
    more.programme.rules = same.programme.rules;
    same.links[same.links_count++] = more.links[more.links_count++] =
        link_of(mentorship, LINK_KIND_MENTORSHIP, LINK_STATE_COMPLETED);
    assert_null(say(&same, REFERRAL_RECEIVE));
    assert_true(out.at[0].referral_reopened.anew);
    in.referral_receive.wants =
        (struct referral_wants){2, {REFERRAL_WANT_MENTOR, REFERRAL_WANT_PLACEMENT}};
    assert_null(run(&more, &in));
    assert_false(out.at[0].referral_reopened.anew);
}

static void nobody_is_taken_up_again_who_is_erased_or_whose_programme_is_closed(void **unused)
{
    struct referral_case erased = given(REFERRAL_STATE_CANCELLED), closed = erased;

    (void)unused;
    erased.row.has_external_id = false;
    for (unsigned state = REC; state < STATES; state++) {
        erased.row.state = state;
        if (!referral_is_open(state))
            assert_ptr_equal(say(&erased, REFERRAL_REOPEN), referral_person_erased.code);
    }
    closed.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(say(&closed, REFERRAL_REOPEN), referral_programme_closed.code);
}

static void no_goals_are_given_without_consent(void **unused)
{
    enum { GOALS = 6 }; /* the place of that field among the details */
    struct referral_case c = given(REFERRAL_STATE_NEEDS_INFO);
    struct referral_input in = input(REFERRAL_GIVE_INFO, &c);

    (void)unused;
    c.has_no_goals = true;
    in.head.sealed.holds = 1 << GOALS;
    assert_ptr_equal(run(&c, &in), referral_no_consent.code);
    in.head.sealed.holds = ~(1 << GOALS);
    assert_null(run(&c, &in));
}

static void nothing_begins_with_whom_the_use_is_restricted(void **unused)
{
    struct referral_case received = given(REFERRAL_STATE_RECEIVED),
                         closed = given(REFERRAL_STATE_CANCELLED);

    (void)unused;
    received.is_restricted = closed.is_restricted = true;
    assert_ptr_equal(say(&received, REFERRAL_ACCEPT), referral_restricted.code);
    assert_ptr_equal(say(&closed, REFERRAL_REOPEN), referral_restricted.code);
    assert_null(say(&received, REFERRAL_REJECT));
}

static struct referral_case agency_may_reopen(enum referral_state state)
{
    struct referral_case c = given(state);

    c.programme.rules.has_agency_reopens = c.programme.rules.agency_reopens = true;
    return c;
}

static void the_agency_takes_up_again_what_it_says_more_of_where_the_programme_allows_it(
    void **unused)
{
    (void)unused;
    for (unsigned state = REC; state < STATES; state++) {
        struct referral_case c = agency_may_reopen(state);

        if (referral_is_open(state)) continue;
        c.row.was_accepted = true;
        if (state == DUP || state == ERR) { /* a coordinator's word of the record itself */
            assert_ptr_equal(say(&c, REFERRAL_RECEIVE), referral_closed.code);
            continue;
        }
        assert_null(say(&c, REFERRAL_RECEIVE));
        assert_int_equal(out.count, 2); /* people decide about it, whatever it had come to */
        assert_int_equal(out.at[0].type, REFERRAL_REOPENED);
        assert_int_equal(out.at[0].referral_reopened.reason, REFERRAL_RETURN_SAID_AGAIN);
        assert_int_equal(out.at[1].type, REFERRAL_UPDATED);
        assert_int_equal(c.row.state, REFERRAL_STATE_RECEIVED);
        assert_int_equal(c.row.waiting_since.ms, now.ms - 30 * DAY_MS);
        assert_string_equal(c.row.municipality, "0980");
        assert_int_equal(out.referral_receive_answer.result, REFERRAL_RESULT_UPDATED);
        assert_int_equal(out.referral_receive_answer.state, REFERRAL_STATE_RECEIVED);
    }
}

static void the_agency_takes_up_nothing_that_is_stale_or_of_a_closed_programme(void **unused)
{
    struct referral_case stale = agency_may_reopen(REFERRAL_STATE_EXPIRED), closed = stale,
                         no = stale;
    struct referral_input in = input(REFERRAL_RECEIVE, &stale);

    (void)unused;
    in.referral_receive.sequence = 7;
    assert_null(run(&stale, &in));
    assert_int_equal(out.referral_receive_answer.result, REFERRAL_RESULT_STALE);
    assert_int_equal(stale.row.state, REFERRAL_STATE_EXPIRED);
    closed.programme.state = PROGRAMME_STATE_CLOSED;
    assert_ptr_equal(say(&closed, REFERRAL_RECEIVE), referral_closed.code);
    no.programme.rules.agency_reopens = false;
    assert_ptr_equal(say(&no, REFERRAL_RECEIVE), referral_closed.code);
}

/* Duplicates. */

static void a_rule_links_the_same_external_id_and_a_person_whatever_is_alike(void **unused)
{
    struct referral_case alike = given(REFERRAL_STATE_RECEIVED), exact = alike, by_hand = alike;
    struct referral_input in = input(REFERRAL_LINK_DUPLICATE, &alike);

    (void)unused;
    in.head.actor = actor_of(ROLE_SYS);
    assert_null(run(&exact, &in));
    strcpy(alike.other.external_id, "AF-2");
    strcpy(by_hand.other.external_id, "AF-2");
    assert_ptr_equal(run(&alike, &in), referral_only_alike.code);
    assert_null(say(&by_hand, REFERRAL_LINK_DUPLICATE));
    assert_memory_equal(&by_hand.row.duplicate_of, &theirs, 16);
}

static void a_duplicate_is_of_another_that_goes_on(void **unused)
{
    struct referral_case own = given(REFERRAL_STATE_RECEIVED), none = own, foreign = own,
                         chain = own, error = own;
    struct referral_input in = input(REFERRAL_LINK_DUPLICATE, &own);

    (void)unused;
    memset(&none.other, 0, sizeof none.other);
    assert_ptr_equal(run(&none, &in), referral_no_such_referral.code);
    foreign.other.programme = elsewhere;
    assert_ptr_equal(run(&foreign, &in), referral_no_such_referral.code);
    chain.other.state = REFERRAL_STATE_DUPLICATE;
    assert_ptr_equal(run(&chain, &in), referral_own_duplicate.code);
    error.other.state = REFERRAL_STATE_ENTERED_IN_ERROR;
    assert_ptr_equal(run(&error, &in), referral_own_duplicate.code);
    own.other = own.row;
    in.referral_link_duplicate.of = ours;
    assert_ptr_equal(run(&own, &in), referral_own_duplicate.code);
}

/* It is one person: nobody sees of one referral what the other hides. */
static void a_duplicate_is_hidden_as_well_as_the_one_that_goes_on(void **unused)
{
    struct referral_case lower = given(REFERRAL_STATE_RECEIVED), higher = lower, same = lower;

    (void)unused;
    lower.other.protection = same.other.protection = same.row.protection = PROTECTION_CONFIDENTIAL;
    higher.row.protection = PROTECTION_MARKED;
    assert_null(say(&lower, REFERRAL_LINK_DUPLICATE));
    assert_int_equal(lower.row.protection, PROTECTION_CONFIDENTIAL);
    assert_int_equal(lower.row.state, REFERRAL_STATE_DUPLICATE);
    assert_null(say(&same, REFERRAL_LINK_DUPLICATE));
    assert_int_equal(out.count, 1);
    assert_ptr_equal(say(&higher, REFERRAL_LINK_DUPLICATE), referral_hidden_less.code);
}

static void whose_part_has_ended_is_not_looked_for_any_more(void **unused)
{
    struct referral_case c = given(REFERRAL_STATE_WAITLISTED), d = c;
    struct referral_input in = input(REFERRAL_ON_PERSON_ROLE_ENDED, &d);

    (void)unused;
    assert_null(say(&c, REFERRAL_ON_PERSON_ROLE_ENDED));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].referral_cancelled.reason, REFERRAL_REASON_ROLE_ENDED);
    assert_int_equal(c.row.state, REFERRAL_STATE_CANCELLED);
    assert_true(c.row.has_external_id); /* it may be taken up again */

    in.person_role_ended.reason = PERSON_END_REASON_ERASED; /* as the next event says */
    assert_null(run(&d, &in));
    assert_int_equal(out.count, 0);
}

/* Erasing. */

static void an_erased_persons_referral_is_called_off_and_keeps_only_what_is_counted(void **unused)
{
    const struct referral_event erased = {.type = REFERRAL_AFTER_PERSON_ERASED, .id = ada};
    struct referral_case c = given(REFERRAL_STATE_IN_PROGRESS);

    (void)unused;
    assert_null(say(&c, REFERRAL_ON_PERSON_ERASED));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].referral_cancelled.reason, REFERRAL_REASON_ERASED);
    assert_memory_equal(&out.at[0].referral_cancelled.person, &ada, 16);

    referral_evolve(&c.row, &erased);
    assert_false(c.row.has_external_id);
    assert_false(c.row.has_municipality);
    assert_int_equal(c.row.languages.count, 0);
    assert_int_equal(c.row.occupations.count, 0);
    assert_false(is_in(&c.row, sizeof c.row, "AF-1"));
    assert_false(is_in(&c.row, sizeof c.row, "0180"));
    assert_int_equal(c.row.state, REFERRAL_STATE_CANCELLED);
    assert_int_equal(c.row.wants.count, 1);
    assert_int_equal(c.row.waiting_since.ms, now.ms - 30 * DAY_MS);
}

static void from_the_webhook_to_completed_the_events_are_these(void **unused)
{
    static const struct {
        enum referral_input_type input;
        enum referral_event_type event;
    } day[] = {{REFERRAL_RECEIVE, REFERRAL_RECEIVED},
               {REFERRAL_ASK_INFO, REFERRAL_INFO_ASKED},
               {REFERRAL_GIVE_INFO, REFERRAL_INFO_GIVEN},
               {REFERRAL_ACCEPT, REFERRAL_ACCEPTED},
               {REFERRAL_WAITLIST, REFERRAL_WAITLISTED},
               {REFERRAL_ON_MENTORSHIP_AGREED, REFERRAL_MATCHED},
               {REFERRAL_ON_MENTORSHIP_STARTED, REFERRAL_STARTED},
               {REFERRAL_HOLD, REFERRAL_HELD},
               {REFERRAL_RESUME, REFERRAL_RESUMED},
               {REFERRAL_ON_MENTORSHIP_COMPLETED, REFERRAL_COMPLETED}};
    struct referral_case c = given(REFERRAL_STATE_NONE);

    (void)unused;
    for (size_t i = 0; i < sizeof day / sizeof day[0]; i++) {
        assert_null(say(&c, day[i].input));
        assert_int_equal(out.count, 1);
        assert_int_equal(out.at[0].type, day[i].event);
        if (i == 0) { /* as the runtime does with a row that is new */
            c.row.id = ours;
            c.row.programme = work;
        }
        if (day[i].input == REFERRAL_ON_MENTORSHIP_AGREED)
            c.links[c.links_count++] = link_of(mentorship, LINK_KIND_MENTORSHIP, LINK_STATE_AGREED);
        if (day[i].input == REFERRAL_ON_MENTORSHIP_STARTED) c.links[0].state = LINK_STATE_RUNNING;
    }
    assert_int_equal(c.row.version, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_in_every_state),
        cmocka_unit_test(every_role_for_every_command_in_every_state),
        cmocka_unit_test(what_happened_elsewhere_is_told_by_rules_not_roles),
        cmocka_unit_test(who_accepted_by_mistake_takes_it_back_within_an_hour),
        cmocka_unit_test(who_was_responsible_before_is_again),
        cmocka_unit_test(what_followed_from_the_acceptance_keeps_it),
        cmocka_unit_test(what_is_taken_up_again_is_not_accepted_by_mistake),
        cmocka_unit_test(who_asked_by_mistake_takes_it_back_within_an_hour),
        cmocka_unit_test(once_the_agency_has_answered_the_question_stays),
        cmocka_unit_test(what_was_asked_when_nobody_could_take_it_back_has_no_way_back),
        cmocka_unit_test(agencies_act_on_what_they_referred_and_nobody_in_another_programme),
        cmocka_unit_test(only_who_is_responsible_decides_about_a_referral),
        cmocka_unit_test(who_accepts_is_responsible_until_another_is),
        cmocka_unit_test(it_is_handed_over_to_who_looks_after_people),
        cmocka_unit_test(who_is_not_cleared_does_nothing_with_who_is_protected),
        cmocka_unit_test(a_stale_version_is_a_conflict),
        cmocka_unit_test(a_new_referral_makes_a_person_and_waits_from_now),
        cmocka_unit_test(an_update_says_all_anew),
        cmocka_unit_test(a_higher_sequence_updates_what_is_open),
        cmocka_unit_test(a_lower_or_equal_sequence_is_stale_and_changes_nothing),
        cmocka_unit_test(a_partner_refers_to_its_own_programme_while_that_is_open),
        cmocka_unit_test(a_protected_persons_place_is_in_no_event_and_no_row),
        cmocka_unit_test(protection_in_an_update_is_said_and_only_ever_raised),
        cmocka_unit_test(an_update_says_what_is_wanted_anew_of_who_is_accepted),
        cmocka_unit_test(what_is_taken_up_again_is_wanted_anew_when_it_is_accepted),
        cmocka_unit_test(an_update_says_whether_the_language_is_what_it_was),
        cmocka_unit_test(an_update_says_whether_there_is_a_new_mailbox),
        cmocka_unit_test(changing_protection_is_said_once_whoever_says_it),
        cmocka_unit_test(a_lower_protection_is_asked_for_and_changes_nothing_yet),
        cmocka_unit_test(what_is_personal_goes_into_the_vault_and_nowhere_else),
        cmocka_unit_test(the_agency_is_reminded_twice_and_then_it_expires),
        cmocka_unit_test(after_a_long_outage_nobody_is_reminded_of_what_is_too_late),
        cmocka_unit_test(of_two_late_reminders_one_comes),
        cmocka_unit_test(a_short_time_to_answer_has_only_the_reminders_that_fit),
        cmocka_unit_test(who_asks_for_what_and_what_is_missing_stands_on_the_referral),
        cmocka_unit_test(each_thing_that_can_be_asked_for_can_be_given),
        cmocka_unit_test(each_may_be_given_in_another_way),
        cmocka_unit_test(a_list_with_nothing_in_it_gives_nothing),
        cmocka_unit_test(what_is_given_is_said_and_the_rest_stays_as_it_is),
        cmocka_unit_test(who_gives_half_is_waited_for_until_the_rest_is_there),
        cmocka_unit_test(what_is_given_of_a_person_changes_what_is_sealed),
        cmocka_unit_test(a_protected_persons_place_is_sealed),
        cmocka_unit_test(an_update_that_brings_what_was_missing_gives_it),
        cmocka_unit_test(an_update_that_repeats_what_was_said_gives_nothing),
        cmocka_unit_test(another_mailbox_that_waits_is_told_of_when_it_is_new),
        cmocka_unit_test(what_is_new_in_the_vault_is_seen_as_it_is_taken),
        cmocka_unit_test(what_is_new_of_who_is_protected_is_seen_behind_what_hides_it),
        cmocka_unit_test(they_agreed_a_year_before_they_were_referred_at_the_earliest),
        cmocka_unit_test(what_was_given_ends_the_clock),
        cmocka_unit_test(accepting_says_all_that_a_match_goes_by),
        cmocka_unit_test(accepting_catches_up_with_what_has_come_of_it_meanwhile),
        cmocka_unit_test(the_queue_is_by_age_and_age_is_kept),
        cmocka_unit_test(one_link_of_two_that_ends_leaves_the_other),
        cmocka_unit_test(it_matters_not_which_row_hears_first),
        cmocka_unit_test(it_is_completed_when_every_kind_that_it_wants_is),
        cmocka_unit_test(a_step_that_is_taken_back_settles_it_anew),
        cmocka_unit_test(what_had_begun_before_stays_begun),
        cmocka_unit_test(two_beginnings_that_are_taken_back_are_none),
        cmocka_unit_test(a_beginning_that_is_taken_back_on_hold_is_none_when_it_goes_on),
        cmocka_unit_test(what_followed_from_a_step_goes_on_when_that_is_taken_back),
        cmocka_unit_test(a_kind_that_ended_without_a_successor_waits_for_the_coordinator),
        cmocka_unit_test(an_update_that_wants_no_more_than_is_done_completes_it),
        cmocka_unit_test(what_happened_while_it_rested_follows_when_it_goes_on),
        cmocka_unit_test(every_no_says_why),
        cmocka_unit_test(what_was_closed_keeps_its_age_when_it_is_taken_up_again),
        cmocka_unit_test(who_had_been_accepted_and_was_called_off_is_accepted_again),
        cmocka_unit_test(a_decision_that_was_open_when_it_was_closed_is_open_again),
        cmocka_unit_test(what_had_been_done_still_counts_when_it_goes_on),
        cmocka_unit_test(what_was_completed_by_hand_too_early_goes_on_where_it_was),
        cmocka_unit_test(what_was_completed_whole_and_is_taken_up_again_begins_anew),
        cmocka_unit_test(what_was_completed_and_called_an_error_is_completed_again),
        cmocka_unit_test(who_is_taken_up_again_is_nobodys_duplicate),
        cmocka_unit_test(an_agency_that_wants_more_of_what_was_completed_keeps_what_was_done),
        cmocka_unit_test(nobody_is_taken_up_again_who_is_erased_or_whose_programme_is_closed),
        cmocka_unit_test(no_goals_are_given_without_consent),
        cmocka_unit_test(nothing_begins_with_whom_the_use_is_restricted),
        cmocka_unit_test(
            the_agency_takes_up_again_what_it_says_more_of_where_the_programme_allows_it),
        cmocka_unit_test(the_agency_takes_up_nothing_that_is_stale_or_of_a_closed_programme),
        cmocka_unit_test(a_rule_links_the_same_external_id_and_a_person_whatever_is_alike),
        cmocka_unit_test(a_duplicate_is_of_another_that_goes_on),
        cmocka_unit_test(a_duplicate_is_hidden_as_well_as_the_one_that_goes_on),
        cmocka_unit_test(whose_part_has_ended_is_not_looked_for_any_more),
        cmocka_unit_test(an_erased_persons_referral_is_called_off_and_keeps_only_what_is_counted),
        cmocka_unit_test(from_the_webhook_to_completed_the_events_are_these),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
