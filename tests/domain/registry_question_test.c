/* The life of a question: what every input leads to in every state, who may, and what nobody else reads. */
#include <stdlib.h>

#include "matrix.h"
#include "registry.h"

#include "core/life.h"
#include "question/question.h"

#define STATES   (QUESTION_STATE_CLOSED + 1u)
#define COMMANDS (QUESTION_FORGET + 1u)

static const struct id ours = {"ours"}, referral = {"referral"}, bo = {"bo"}, ada = {"ada"},
                       club = {"club"};

static struct question_events out;

static struct person mentor_of(struct id organisation)
{
    return (struct person){.id = ada,
                           .programme = work,
                           .state = PERSON_STATE_ACTIVE,
                           .roles = {1,
                                     {{.part = PERSON_PART_MENTOR,
                                       .has_organisation = true,
                                       .organisation = organisation}}}};
}

/* Ada is asked to be there for Bo; where that goes without saying, something was asked and answered. */
static struct question_case given(enum question_state state)
{
    struct question_case c = {
        .participant = {.id = bo, .programme = work, .state = PERSON_STATE_ACTIVE},
        .mentor = mentor_of(club),
        .reader = {.id = somebody, .programme = work, .state = PERSON_STATE_ACTIVE},
    };

    if (state == QUESTION_STATE_NONE) return c;
    c.row = (struct question){.id = ours,
                              .version = 4,
                              .programme = work,
                              .state = state,
                              .referral = referral,
                              .participant = bo,
                              .mentor = ada};
    c.row.has_question = state >= QUESTION_STATE_WAITING;
    c.row.question.event = (struct id){"the question"};
    c.row.has_answer = state >= QUESTION_STATE_ANSWERED;
    c.row.answer.event = (struct id){"the answer"};
    return c;
}

static const unsigned who[COMMANDS] = {
    [QUESTION_ASK] = ROLE_ME,
    [QUESTION_ANSWER] = ROLE_CO,
    [QUESTION_READ] = ROLE_ME | ROLE_CO,
    [QUESTION_FORGET] = ROLE_TM,
};

static struct actor actor_of(enum role role)
{
    return (struct actor){role, role == ROLE_ME ? ada : somebody, {{0}}};
}

static struct question_input input(enum question_input_type type, const struct question_case *c)
{
    const bool is_command = type < COMMANDS;
    const enum role role = is_command ? (enum role)(who[type] & -who[type]) : ROLE_SYS;
    struct question_input in = {.type = type, .head = head_of(role, ours, c->row.version)};

    in.head.actor = actor_of(role);
    if (type == QUESTION_ASK)
        in.question_ask =
            (struct question_ask){MENTORSHIP_TOPIC_TIME, {.words = "Which evenings does Bo have?"}};
    if (type == QUESTION_ANSWER) strcpy(in.question_answer.said.words, "Tuesdays.");
    return in;
}

static const char *run(struct question_case *c, const struct question_input *in)
{
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!question_decide(c, in, &out, &err)) return err.code;
    for (size_t i = 0; i < out.count; i++) {
        assert_memory_equal(&out.at[i].id, &ours, 16);
        question_evolve(&c->row, &out.at[i]);
        c->row.version += out.at[i].type != QUESTION_WAS_READ;
    }
    return NULL;
}

static const char *say(struct question_case *c, enum question_input_type type)
{
    const struct question_input in = input(type, c);

    return run(c, &in);
}

static const char *say_as(enum question_input_type type, enum question_state state,
                          struct actor actor)
{
    struct question_case c = given(state);
    struct question_input in = input(type, &c);

    in.head.actor = actor;
    return run(&c, &in);
}

static void happen(struct question_case *c, enum question_event_type type)
{
    struct question_event event = {.type = type, .id = ours};

    if (type == QUESTION_AFTER_MENTORSHIP_OFFERED)
        event.mentorship_offered =
            (struct mentorship_offered){.referral = referral, .participant = bo, .mentor = ada};
    question_evolve(&c->row, &event);
}

/* clang-format off */
enum { NON, OPE, WAI, ANS, CLO, NO = -1 };

static const int lives[COMMANDS][STATES] = {
    /*                   NON  OPE  WAI  ANS  CLO */
    [QUESTION_ASK]    = { NO,  WAI, NO,  WAI, NO  },
    [QUESTION_ANSWER] = { NO,  NO,  ANS, NO,  NO  },
    [QUESTION_READ]   = { NO,  NO,  WAI, ANS, NO  },
    [QUESTION_FORGET] = { NO,  NO,  NO,  NO,  CLO },
};

static const struct { enum question_event_type event; int to[STATES]; } happens[] = {
    {QUESTION_AFTER_MENTORSHIP_INFO_ASKED, { NON, WAI, WAI, WAI, CLO }},
    {QUESTION_AFTER_MENTORSHIP_UNDONE,     { NON, OPE, WAI, ANS, OPE }},
    {QUESTION_AFTER_MENTORSHIP_DECLINED,   { NON, CLO, CLO, CLO, CLO }},
    {QUESTION_AFTER_MENTORSHIP_EXPIRED,    { NON, CLO, CLO, CLO, CLO }},
    {QUESTION_AFTER_MENTORSHIP_COMPLETED,  { NON, CLO, CLO, CLO, CLO }},
    {QUESTION_AFTER_MENTORSHIP_ENDED,      { NON, CLO, CLO, CLO, CLO }},
    {QUESTION_AFTER_MENTORSHIP_WITHDRAWN,  { NON, CLO, CLO, CLO, CLO }},
    {QUESTION_AFTER_MENTORSHIP_SUPERSEDED, { NON, CLO, CLO, CLO, CLO }},
};
/* clang-format on */

static void every_command_in_every_state_by_every_role(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < COMMANDS; type++) {
        for (unsigned state = OPE; state < STATES; state++) {
            struct question_case c = given(state);
            const int next = lives[type][state];
            const char *expected = next == NO ? life_not_now.code : NULL;

            matrix_code(&question_contract, type, question_state_words[state], say(&c, type),
                        expected);
            assert_int_equal(c.row.state, next == NO ? (int)state : next);
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2)
                matrix_role_code(&question_contract, type, question_state_words[state], role,
                                 say_as(type, state, actor_of(role)),
                                 (who[type] & role) == 0 ? life_forbidden.code : expected);
        }
    }
}

static void what_becomes_of_the_mentorship_opens_and_closes_it(void **unused)
{
    struct question_case c = given(QUESTION_STATE_NONE);

    (void)unused;
    happen(&c, QUESTION_AFTER_MENTORSHIP_OFFERED);
    assert_int_equal(c.row.state, QUESTION_STATE_OPEN);
    assert_memory_equal(&c.row.mentor, &ada, 16);
    assert_memory_equal(&c.row.participant, &bo, 16);
    for (size_t i = 0; i < sizeof happens / sizeof happens[0]; i++)
        for (unsigned state = OPE; state < STATES; state++) {
            c = given(state);
            happen(&c, happens[i].event);
            assert_int_equal(c.row.state, happens[i].to[state]);
            if (c.row.state == QUESTION_STATE_CLOSED) /* and nobody reads it */
                assert_ptr_equal(say(&c, QUESTION_READ), life_not_now.code);
        }
}

/* A mentorship that goes on after all: what waited waits, in the same words. */
static void what_was_asked_is_so_again_where_an_end_is_taken_back(void **unused)
{
    (void)unused;
    for (unsigned state = OPE; state <= ANS; state++) {
        struct question_case c = given(QUESTION_STATE_OPEN);

        if (state != OPE) assert_null(say(&c, QUESTION_ASK));
        if (state == ANS) assert_null(say(&c, QUESTION_ANSWER));
        happen(&c, QUESTION_AFTER_MENTORSHIP_ENDED);
        assert_int_equal(c.row.state, QUESTION_STATE_CLOSED);
        happen(&c, QUESTION_AFTER_MENTORSHIP_UNDONE);
        assert_int_equal(c.row.state, state);
        assert_int_equal(c.row.has_question, state != OPE);
        assert_int_equal(c.row.has_answer, state == ANS);
    }
}

/* In the moment in which it happens, as from mentor-assignment. */
static void hear(struct question_case *c, enum question_input_type type,
                 enum question_event_type event)
{
    struct question_input in = {.type = type, .head = head_of(ROLE_SYS, ours, c->row.version)};

    happen(c, event);
    assert_null(run(c, &in));
}

static const char *forget_after(struct question_case *c, int64_t ms)
{
    struct question_input in = input(QUESTION_FORGET, c);

    in.head.at.ms = now.ms + ms;
    return run(c, &in);
}

static void what_was_said_goes_an_hour_after_it_is_over(void **unused)
{
    enum { HOUR = 3600000 };
    static const struct {
        enum question_input_type heard;
        enum question_event_type event;
    } ends[] = {
        {QUESTION_ON_MENTORSHIP_DECLINED, QUESTION_AFTER_MENTORSHIP_DECLINED},
        {QUESTION_ON_MENTORSHIP_EXPIRED, QUESTION_AFTER_MENTORSHIP_EXPIRED},
        {QUESTION_ON_MENTORSHIP_COMPLETED, QUESTION_AFTER_MENTORSHIP_COMPLETED},
        {QUESTION_ON_MENTORSHIP_ENDED, QUESTION_AFTER_MENTORSHIP_ENDED},
        {QUESTION_ON_MENTORSHIP_WITHDRAWN, QUESTION_AFTER_MENTORSHIP_WITHDRAWN},
        {QUESTION_ON_MENTORSHIP_SUPERSEDED, QUESTION_AFTER_MENTORSHIP_SUPERSEDED},
    };
    unsigned command;

    (void)unused;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct question_case c = given(QUESTION_STATE_ANSWERED);

        assert_int_equal(question_due(&c.row, &command).ms, 0);
        hear(&c, ends[i].heard, ends[i].event);
        assert_int_equal(out.at[0].type, QUESTION_CLOSED);
        assert_int_equal(question_due(&c.row, &command).ms, now.ms + HOUR);
        assert_int_equal(command, QUESTION_FORGET);
        assert_ptr_equal(forget_after(&c, HOUR - 1), question_not_due.code);
        assert_true(c.row.has_question && c.row.has_answer);
        assert_null(forget_after(&c, HOUR));
        assert_int_equal(out.at[0].type, QUESTION_FORGOTTEN);
        assert_memory_equal(&out.at[0].question_forgotten.participant, &bo, 16);
        assert_false(c.row.has_question || c.row.has_answer || c.row.has_kept_until);
        assert_int_equal(question_due(&c.row, &command).ms, 0);
        assert_ptr_equal(forget_after(&c, HOUR), question_not_due.code);
    }
}

static void what_goes_on_after_all_is_kept(void **unused)
{
    struct question_case c = given(QUESTION_STATE_WAITING);
    unsigned command;

    (void)unused;
    hear(&c, QUESTION_ON_MENTORSHIP_ENDED, QUESTION_AFTER_MENTORSHIP_ENDED);
    hear(&c, QUESTION_ON_MENTORSHIP_UNDONE, QUESTION_AFTER_MENTORSHIP_UNDONE);
    assert_true(c.row.has_question && !c.row.has_kept_until);
    assert_int_equal(question_due(&c.row, &command).ms, 0);
    assert_ptr_equal(forget_after(&c, 7200000), life_not_now.code);
}

/* Said again it does not begin anew; and where nothing was said in words, nothing is said of it. */
static void that_it_is_over_is_said_once(void **unused)
{
    struct question_case c = given(QUESTION_STATE_WAITING), open = given(QUESTION_STATE_OPEN);

    (void)unused;
    hear(&c, QUESTION_ON_MENTORSHIP_ENDED, QUESTION_AFTER_MENTORSHIP_ENDED);
    hear(&c, QUESTION_ON_MENTORSHIP_SUPERSEDED, QUESTION_AFTER_MENTORSHIP_SUPERSEDED);
    assert_int_equal(out.count, 0);
    hear(&open, QUESTION_ON_MENTORSHIP_ENDED, QUESTION_AFTER_MENTORSHIP_ENDED);
    assert_int_equal(out.count, 0);
}

/* An earlier version did not say that it was over. */
static void what_was_closed_before_goes_too(void **unused)
{
    struct question_case c = given(QUESTION_STATE_ANSWERED);

    (void)unused;
    c.row.has_asked_at = true;
    c.row.asked_at = (struct instant){now.ms - 3600000};
    happen(&c, QUESTION_AFTER_MENTORSHIP_ENDED);
    assert_null(forget_after(&c, 0));
    assert_false(c.row.has_question || c.row.has_answer);
}

static void what_was_asked_here_is_not_asked_again_by_its_echo(void **unused)
{
    struct question_case c = given(QUESTION_STATE_ANSWERED);
    struct question_event echo = {.type = QUESTION_AFTER_MENTORSHIP_INFO_ASKED, .id = ours};

    (void)unused;
    echo.mentorship_info_asked.has_in_words = echo.mentorship_info_asked.in_words = true;
    question_evolve(&c.row, &echo);
    assert_int_equal(c.row.state, QUESTION_STATE_ANSWERED);
    assert_true(c.row.has_question);
}

static void who_asked_what_and_who_answered_is_said_without_the_words(void **unused)
{
    static struct concealed what;
    struct question_case c = given(QUESTION_STATE_OPEN);
    struct question_input in = input(QUESTION_ASK, &c);

    (void)unused;
    question_conceal(&c, &in, &what);
    assert_memory_equal(&what.owner, &bo, 16); /* who is erased takes it along */
    assert_ptr_equal(what.descriptor, &question_words_descriptor);
    assert_ptr_equal(what.value, &in.question_ask.said);
    assert_null(run(&c, &in));
    assert_int_equal(out.at[0].question_asked.topic, MENTORSHIP_TOPIC_TIME);
    assert_memory_equal(&out.at[0].question_asked.sealed.event, &sealing, 16);
    assert_false(is_in(&out, sizeof out, "evenings"));
    assert_int_equal(c.row.asked_at.ms, now.ms);

    in = input(QUESTION_ANSWER, &c);
    what.descriptor = NULL;
    question_conceal(&c, &in, &what);
    assert_ptr_equal(what.value, &in.question_answer.said);
    assert_null(run(&c, &in));
    assert_memory_equal(&out.at[0].question_answered.by, &somebody, 16);
    assert_false(is_in(&out, sizeof out, "Tuesdays"));
    assert_true(c.row.has_answered_at && c.row.has_answer);

    assert_null(say(&c, QUESTION_ASK)); /* another: the answer to the one before is none to it */
    assert_false(c.row.has_answer || c.row.has_answered_at);
}

/* By whom and what for is said with it: the participant sees that. */
static void a_reading_says_who_reads_and_what_for(void **unused)
{
    struct question_case c = given(QUESTION_STATE_ANSWERED);
    struct question_input in = input(QUESTION_READ, &c);
    const struct question_was_read *said = &out.at[0].question_was_read;

    (void)unused;
    in.head.ids[0] = (struct id){"the reading"};
    in.head.actor = actor_of(ROLE_ME);
    assert_null(run(&c, &in));
    assert_true(said->has_reading && said->has_role && said->has_purpose && said->has_at);
    assert_memory_equal(&said->reading, &in.head.ids[0], 16);
    assert_memory_equal(&said->participant, &bo, 16);
    assert_memory_equal(&said->reader, &ada, 16);
    assert_int_equal(said->role, ACTOR_ROLE_MENTOR);
    assert_int_equal(said->purpose, PERSON_PURPOSE_GUIDANCE);
    assert_int_equal(said->at.ms, now.ms);
    assert_false(said->has_organisation);

    in.head.actor = actor_of(ROLE_CO);
    assert_null(run(&c, &in));
    assert_int_equal(said->role, ACTOR_ROLE_COORDINATOR);
    assert_int_equal(said->purpose, PERSON_PURPOSE_COORDINATION);
    assert_memory_equal(&said->reader, &somebody, 16);
    assert_false(said->has_organisation);

    c.mentor.roles.count = 1;
    c.mentor.roles.at[0].part = PERSON_PART_MENTOR;
    c.mentor.roles.at[0].has_organisation = true;
    c.mentor.roles.at[0].organisation = in.head.actor.organisation = club;
    assert_null(run(&c, &in));
    assert_true(said->has_organisation && id_equal(said->organisation, club));
}

static void a_reading_opens_what_was_asked_for(void **unused)
{
    struct question_case c = given(QUESTION_STATE_ANSWERED);
    struct question_input in = input(QUESTION_READ, &c);
    struct sealed sealed;
    struct id owner;

    (void)unused;
    in.question_read.what = QUESTION_WHAT_ANSWER;
    question_open(&c, &in, &owner, &sealed);
    assert_memory_equal(&owner, &bo, 16);
    assert_memory_equal(&sealed.event, &(struct id){"the answer"}, 16);
    assert_null(run(&c, &in));
    assert_int_equal(out.at[0].question_was_read.what, QUESTION_WHAT_ANSWER);
    in.question_read.what = QUESTION_WHAT_QUESTION;
    question_open(&c, &in, &owner, &sealed);
    assert_memory_equal(&sealed.event, &(struct id){"the question"}, 16);
    c.row.has_question = false; /* a topic only */
    assert_ptr_equal(run(&c, &in), question_no_words.code);
}

static void nobody_elses_mentor_asks_and_no_other_clubs_coordinator_answers(void **unused)
{
    const struct actor other = {ROLE_ME, {"other"}, {{0}}}, own_club = {ROLE_CO, somebody, club},
                       other_club = {ROLE_CO, somebody, {"other"}};
    struct question_case foreign = given(QUESTION_STATE_WAITING);
    struct question_input in = input(QUESTION_READ, &foreign);

    (void)unused;
    assert_ptr_equal(say_as(QUESTION_ASK, QUESTION_STATE_OPEN, other), life_forbidden.code);
    assert_ptr_equal(say_as(QUESTION_READ, QUESTION_STATE_WAITING, other), life_forbidden.code);
    assert_ptr_equal(say_as(QUESTION_ANSWER, QUESTION_STATE_WAITING, other_club),
                     life_forbidden.code);
    assert_null(say_as(QUESTION_ANSWER, QUESTION_STATE_WAITING, own_club));
    in.head.programme = elsewhere;
    assert_ptr_equal(run(&foreign, &in), life_unknown.code);
}

static void of_whom_the_use_is_restricted_nothing_is_asked_answered_or_read(void **unused)
{
    struct question_case open = given(QUESTION_STATE_OPEN), waiting = given(QUESTION_STATE_WAITING);

    (void)unused;
    open.participant.has_restricted_since = waiting.participant.has_restricted_since = true;
    assert_ptr_equal(say(&open, QUESTION_ASK), question_restricted.code);
    assert_ptr_equal(say(&waiting, QUESTION_ANSWER), question_restricted.code);
    assert_ptr_equal(say(&waiting, QUESTION_READ), question_restricted.code);
}

static void of_who_is_protected_only_who_is_cleared_reads(void **unused)
{
    struct question_case c = given(QUESTION_STATE_WAITING);

    (void)unused;
    c.participant.protection = PROTECTION_MARKED;
    assert_ptr_equal(say(&c, QUESTION_READ), question_protected.code);
    c.reader.roles = (struct person_roles){1, {{.part = PERSON_PART_COORDINATOR, .cleared = true}}};
    assert_null(say(&c, QUESTION_READ));
    c.reader.programme = elsewhere;
    assert_ptr_equal(say(&c, QUESTION_READ), question_protected.code);
}

static void about_who_is_erased_nothing_is_said_and_read(void **unused)
{
    struct question_case open = given(QUESTION_STATE_OPEN), waits = given(QUESTION_STATE_WAITING);

    (void)unused;
    open.participant.state = waits.participant.state = PERSON_STATE_ERASED;
    assert_ptr_equal(say(&open, QUESTION_ASK), question_erased.code);
    assert_ptr_equal(say(&waits, QUESTION_ANSWER), question_erased.code);
    assert_ptr_equal(say(&waits, QUESTION_READ), question_no_words.code);
}

static void who_is_not_cleared_asks_and_answers_nothing_about_who_is_protected(void **unused)
{
    static const enum question_input_type types[] = {QUESTION_ASK, QUESTION_ANSWER};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct question_case c = given(i == 0 ? QUESTION_STATE_OPEN : QUESTION_STATE_WAITING);
        struct question_input in = input(types[i], &c);

        for (int is_mentor = 0; is_mentor < 2; is_mentor++) {
            struct question_case d = c;

            if (is_mentor)
                d.mentor.protection = PROTECTION_MARKED;
            else
                d.participant.protection = PROTECTION_MARKED;
            in.head.is_cleared = false;
            assert_ptr_equal(run(&d, &in),
                             is_mentor && in.head.actor.role == ROLE_ME ? NULL : life_guarded.code);
            if (is_mentor) continue;
            in.head.is_cleared = true;
            assert_null(run(&d, &in));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_not_cleared_asks_and_answers_nothing_about_who_is_protected),
        cmocka_unit_test(every_command_in_every_state_by_every_role),
        cmocka_unit_test(what_becomes_of_the_mentorship_opens_and_closes_it),
        cmocka_unit_test(what_was_asked_is_so_again_where_an_end_is_taken_back),
        cmocka_unit_test(what_was_said_goes_an_hour_after_it_is_over),
        cmocka_unit_test(what_goes_on_after_all_is_kept),
        cmocka_unit_test(that_it_is_over_is_said_once),
        cmocka_unit_test(what_was_closed_before_goes_too),
        cmocka_unit_test(what_was_asked_here_is_not_asked_again_by_its_echo),
        cmocka_unit_test(who_asked_what_and_who_answered_is_said_without_the_words),
        cmocka_unit_test(a_reading_says_who_reads_and_what_for),
        cmocka_unit_test(a_reading_opens_what_was_asked_for),
        cmocka_unit_test(nobody_elses_mentor_asks_and_no_other_clubs_coordinator_answers),
        cmocka_unit_test(of_whom_the_use_is_restricted_nothing_is_asked_answered_or_read),
        cmocka_unit_test(of_who_is_protected_only_who_is_cleared_reads),
        cmocka_unit_test(about_who_is_erased_nothing_is_said_and_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
