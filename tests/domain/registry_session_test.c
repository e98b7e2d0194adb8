/* Who is signed in, as what, for whom and how long, and when that is over. */
#include "registry.h"

#include <stdio.h>

#include "core/life.h"
#include "matrix.h"
#include "person/acting.h"
#include "session/session.h"

static const struct id ours = {"ours"}, ada = {"ada"}, club = {"club"}, owner = {"owner"},
                       about = {"a mentorship"};
static const struct hash first = {32, "first"}, second = {32, "second"};

enum { MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS, STATES = 4 };

static struct session_events out;

static struct person_role part(enum person_part as, const struct id *organisation)
{
    struct person_role role = {.part = as, .from = {(int32_t)(now.ms / DAY_MS)}};

    role.has_organisation = organisation != NULL;
    if (organisation != NULL) role.organisation = *organisation;
    return role;
}

static void takes_part(struct session_case *c, enum person_part as, const struct id *organisation)
{
    c->person.roles.at[c->person.roles.count++] = part(as, organisation);
}

/* A mentor of a club's. */
static struct session_case given(unsigned state)
{
    struct session_case c = {.programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
                             .person = {.id = ada, .programme = work, .state = PERSON_STATE_ACTIVE},
                             .association = owner};

    takes_part(&c, PERSON_PART_MENTOR, &club);
    if (state == SESSION_STATE_NONE) return c;
    c.row = (struct session){.id = ours,
                             .version = 2,
                             .programme = work,
                             .state = state,
                             .person = ada,
                             .hash = first,
                             .expires = {now.ms + HOUR_MS}};
    if (state == SESSION_STATE_REQUESTED) {
        c.row.has_sealed = true;
        c.row.sealed.event = sealing;
    } else {
        c.row.has_role = c.row.has_bound_to = c.row.has_organisation = c.row.has_opened = true;
        c.row.role = ACTOR_ROLE_MENTOR;
        c.row.bound_to = c.row.organisation = club;
        c.row.opened = now;
    }
    return c;
}

static struct session_input input(const struct session_case *c, enum session_input_type type)
{
    struct session_input in = {.type = type, .head = head_of(ROLE_SYS, c->row.id, c->row.version)};

    if (type == SESSION_REQUEST)
        in.session_request = (struct session_request){.person = ada, .hash = first};
    if (type == SESSION_ENTER)
        in.session_enter = (struct session_enter){.is_right = true, .hash = second};
    if (type == SESSION_VISIT)
        in.session_visit = (struct session_visit){.person = ada,
                                                  .has_role = true,
                                                  .role = ACTOR_ROLE_MENTOR,
                                                  .has_about = true,
                                                  .about = about,
                                                  .hash = second};
    if (type == SESSION_ACT_AS) in.session_act_as.role = ACTOR_ROLE_MENTOR;
    if (type == SESSION_ACT_AS || type == SESSION_CLOSE)
        in.head.actor = (struct actor){.role = ROLE_ME, .id = ada};
    if (type == SESSION_LAPSE) {
        in.head.actor.role = ROLE_TM;
        in.head.at = c->row.expires;
    }
    return in;
}

/* NULL: it was taken, and the row is as it is afterwards. */
static const char *run(struct session_case *c, const struct session_input *in)
{
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!session_decide(c, in, &out, &err)) return err.code;
    for (size_t i = 0; i < out.count; i++)
        session_evolve(&c->row, &out.at[i]);
    return NULL;
}

static const char *say(struct session_case *c, enum session_input_type type)
{
    const struct session_input in = input(c, type);

    return run(c, &in);
}

/* The states that each command leads to; -1: none from there. */
enum { NO = -1, NONE = 0, REQUESTED, OPEN, ENDED };
static const int leads[][STATES] = {
    [SESSION_REQUEST] = {REQUESTED, NO, NO, NO}, [SESSION_ENTER] = {NO, OPEN, NO, NO},
    [SESSION_VISIT] = {OPEN, NO, NO, NO},        [SESSION_ACT_AS] = {NO, NO, OPEN, NO},
    [SESSION_CLOSE] = {NO, NO, ENDED, NO},       [SESSION_LAPSE] = {NO, ENDED, ENDED, NO},
};

static void a_session_is_requested_for_opened_and_ended(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < session_contract.command_count; type++)
        for (unsigned state = 0; state < STATES; state++) {
            struct session_case c = given(state);
            const bool is_creation = type == SESSION_REQUEST || type == SESSION_VISIT;
            const char *code;

            if (is_creation && state != NONE) continue; /* always a new one */
            code = say(&c, (enum session_input_type)type);
            matrix_code(&session_contract, type, session_state_words[state], code,
                        leads[type][state] == NO ? life_not_now.code : NULL);
            if (code == NULL)
                matrix_state(&session_contract, type, session_state_words[state],
                             session_state_words[c.row.state],
                             session_state_words[leads[type][state]]);
        }
}

static void only_the_pages_let_anybody_in(void **unused)
{
    static const enum session_input_type theirs[] = {SESSION_REQUEST, SESSION_ENTER, SESSION_VISIT};

    (void)unused;
    for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++)
        for (unsigned word = 0; word < ACTOR_ROLE_SYS; word++) {
            struct session_case c = given(theirs[i] == SESSION_ENTER ? REQUESTED : NONE);
            struct session_input in = input(&c, theirs[i]);

            in.head.actor = (struct actor){.role = role_bit((enum actor_role)word), .id = ada};
            assert_ptr_equal(run(&c, &in), life_forbidden.code);
        }
}

static void the_digits_are_in_the_vault_until_they_were_typed_in(void **unused)
{
    struct session_case c = given(NONE);
    struct session_input in = input(&c, SESSION_REQUEST);
    struct concealed what = {.descriptor = NULL};

    (void)unused;
    strcpy(in.session_request.code.digits, "204117");
    session_conceal(&c, &in, &what);
    assert_ptr_equal(what.descriptor, &session_code_descriptor);
    assert_true(id_equal(what.owner, ada));
    assert_null(run(&c, &in));
    assert_false(is_in(&out, sizeof out, "204117"));
    assert_true(c.row.has_sealed && id_equal(c.row.sealed.event, sealing));
    assert_int_equal(c.row.expires.ms, now.ms + 15 * MINUTE_MS);

    c.row.version = 1;
    c.row.id = ours;
    c.row.programme = work;
    assert_null(say(&c, SESSION_ENTER));
    assert_false(c.row.has_sealed);
    assert_memory_equal(&c.row.hash, &second,
                        sizeof second); /* what was shown before lets nobody in */
}

static void five_times_another_code_and_it_is_over(void **unused)
{
    struct session_case c = given(REQUESTED);

    (void)unused;
    for (int i = 1; i <= SESSION_MISTAKES; i++) {
        struct session_input in = input(&c, SESSION_ENTER);

        in.session_enter.is_right = false;
        assert_null(run(&c, &in));
        assert_int_equal(c.row.mistakes, i);
        assert_int_equal(c.row.state, i < SESSION_MISTAKES ? REQUESTED : ENDED);
        assert_memory_equal(&c.row.hash, &first, sizeof first);
    }
    assert_int_equal(c.row.end, SESSION_END_GUESSED);
    assert_false(c.row.has_sealed);
    assert_ptr_equal(say(&c, SESSION_ENTER), life_not_now.code); /* also with the right one */
}

static void nobody_is_sent_more_than_five_codes_at_a_time(void **unused)
{
    struct session_case c = given(NONE);

    (void)unused;
    c.requested = SESSION_CODES - 1;
    assert_null(say(&c, SESSION_REQUEST));
    c = given(NONE);
    c.requested = SESSION_CODES;
    assert_ptr_equal(say(&c, SESSION_REQUEST), session_too_often.code);
}

static void who_takes_part_as_nothing_is_let_in_nowhere(void **unused)
{
    static const enum session_input_type ways[] = {SESSION_REQUEST, SESSION_ENTER, SESSION_VISIT};

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        const unsigned state = ways[i] == SESSION_ENTER ? REQUESTED : NONE;
        struct session_case c = given(state);

        c.person.roles.count = 0;
        assert_ptr_equal(say(&c, ways[i]), session_no_person.code);
        c = given(state);
        c.person.roles.at[0].has_until = true;
        c.person.roles.at[0].until.day = (int32_t)(now.ms / DAY_MS) - 1;
        assert_ptr_equal(say(&c, ways[i]), session_no_person.code);
        c = given(state);
        c.person.state = PERSON_STATE_ERASED;
        assert_ptr_equal(say(&c, ways[i]), session_no_person.code);
        c = given(state);
        c.person.programme = elsewhere;
        assert_ptr_equal(say(&c, ways[i]), session_no_person.code);
        c = given(state);
        c.programme.state = PROGRAMME_STATE_CLOSED;
        assert_ptr_equal(say(&c, ways[i]), session_no_programme.code);
    }
}

static void who_sees_much_of_others_signs_in_every_day(void **unused)
{
    static const struct {
        enum person_part part;
        enum actor_role role;
        int64_t hours;
    } rows[] = {
        {PERSON_PART_MENTOR, ACTOR_ROLE_MENTOR, 30 * 24},
        {PERSON_PART_PARTICIPANT, ACTOR_ROLE_PARTICIPANT, 30 * 24},
        {PERSON_PART_SUPERVISOR, ACTOR_ROLE_SUPERVISOR, 30 * 24},
        {PERSON_PART_SIGNATORY, ACTOR_ROLE_HOST, 30 * 24},
        {PERSON_PART_GUARDIAN, ACTOR_ROLE_GUARDIAN, 30 * 24},
        {PERSON_PART_VOLUNTEER_COORDINATOR, ACTOR_ROLE_VOLUNTEER_COORDINATOR, 30 * 24},
        {PERSON_PART_COORDINATOR, ACTOR_ROLE_COORDINATOR, 12},
        {PERSON_PART_COUNSELLOR, ACTOR_ROLE_COUNSELLOR, 12},
        {PERSON_PART_DECISION_MAKER, ACTOR_ROLE_DECISION_MAKER, 12},
        {PERSON_PART_DATA_PROTECTION_OFFICER, ACTOR_ROLE_DATA_PROTECTION_OFFICER, 12},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct session_case c = given(REQUESTED);

        c.person.roles.count = 0;
        takes_part(&c, rows[i].part, &club);
        assert_null(say(&c, SESSION_ENTER));
        assert_int_equal(c.row.role, rows[i].role);
        assert_int_equal(c.row.expires.ms, now.ms + rows[i].hours * HOUR_MS);
        assert_true(id_equal(c.row.bound_to, club) && id_equal(c.row.organisation, club));
    }
}

static void an_associations_coordinator_acts_for_the_whole_programme(void **unused)
{
    struct session_case c = given(REQUESTED);

    (void)unused;
    c.person.roles.at[0] = part(PERSON_PART_COORDINATOR, &owner);
    assert_null(say(&c, SESSION_ENTER));
    assert_false(c.row.has_organisation);
    assert_true(c.row.has_bound_to && id_equal(c.row.bound_to, owner));
}

static void who_takes_part_as_several_goes_on_as_another(void **unused)
{
    struct session_case c = given(REQUESTED);
    struct session_input in;

    (void)unused;
    takes_part(&c, PERSON_PART_COORDINATOR, &owner);
    assert_null(say(&c, SESSION_ENTER));
    assert_int_equal(c.row.role, ACTOR_ROLE_COORDINATOR); /* whom others wait for */
    in = input(&c, SESSION_ACT_AS);
    in.head.actor.role = ROLE_CO;
    in.head.at.ms += 2 * HOUR_MS;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.role, ACTOR_ROLE_MENTOR);
    assert_true(c.row.has_organisation && id_equal(c.row.organisation, club));
    in.session_act_as.role = ACTOR_ROLE_COORDINATOR;
    in.head.actor.role = ROLE_ME;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.expires.ms, now.ms + 12 * HOUR_MS); /* from when they signed in */
    assert_false(c.row.has_organisation);

    for (unsigned role = 0; role <= ACTOR_ROLE_SYS; role++) {
        const bool is_theirs = role == ACTOR_ROLE_MENTOR || role == ACTOR_ROLE_COORDINATOR;

        in.session_act_as.role =
            (enum actor_role)role; /* an admin's rights are given with a token */
        in.head.version = c.row.version;
        assert_ptr_equal(run(&c, &in), is_theirs ? NULL : session_not_their_part.code);
    }
}

static struct session_case coordinating_admin(void)
{
    struct session_case c = given(REQUESTED);

    takes_part(&c, PERSON_PART_COORDINATOR, &owner);
    assert_null(say(&c, SESSION_ENTER));
    c.admin = (struct token){.state = TOKEN_STATE_ACTIVE,
                             .role = ACTOR_ROLE_PROGRAMME_ADMIN,
                             .has_bound_to = true,
                             .bound_to = owner,
                             .has_organisation = true,
                             .organisation = owner,
                             .expires = {now.ms + HOUR_MS}};
    return c;
}

static struct session_input as_admin(const struct session_case *c)
{
    struct session_input in = input(c, SESSION_ACT_AS);

    in.head.actor.role = ROLE_CO;
    in.session_act_as.role = ACTOR_ROLE_PROGRAMME_ADMIN;
    return in;
}

static void a_coordinator_with_an_admins_token_goes_on_as_that(void **unused)
{
    struct session_case c = coordinating_admin();
    struct session_input in = as_admin(&c);
    struct session_roles roles;

    (void)unused;
    assert_int_equal(c.row.role, ACTOR_ROLE_COORDINATOR);
    session_may_act_as(&c, &in.head, &roles);
    assert_int_equal(roles.count, 3); /* a mentor, too */
    assert_int_equal(roles.at[1], ACTOR_ROLE_PROGRAMME_ADMIN);
    assert_null(run(&c, &in));
    assert_int_equal(c.row.role, ACTOR_ROLE_PROGRAMME_ADMIN);
    assert_true(c.row.has_bound_to && id_equal(c.row.bound_to, owner));
    assert_true(c.row.has_organisation &&
                id_equal(c.row.organisation, owner));     /* as the token has it */
    assert_int_equal(c.row.expires.ms, now.ms + HOUR_MS); /* no longer than that */

    c = coordinating_admin();
    c.person.roles.count = 1; /* what they coordinated is over, and they are a mentor only */
    c.person.roles.at[0] = part(PERSON_PART_MENTOR, &club);
    in = as_admin(&c);
    assert_ptr_equal(run(&c, &in), session_not_their_part.code);
}

static void who_is_no_admin_any_more_does_not_go_on_as_one(void **unused)
{
    struct session_case c = coordinating_admin();
    struct session_input in = as_admin(&c), revoked;

    (void)unused;
    assert_null(run(&c, &in));
    revoked = input(&c, SESSION_ON_TOKEN_REVOKED);
    assert_null(run(&c, &revoked)); /* of two */
    assert_int_equal(c.row.state, SESSION_STATE_OPEN);
    c.admin.state = TOKEN_STATE_NONE;
    revoked = input(&c, SESSION_ON_TOKEN_REVOKED);
    assert_null(run(&c, &revoked));
    assert_int_equal(c.row.state, SESSION_STATE_ENDED);
    assert_int_equal(c.row.end, SESSION_END_ROLE_ENDED);

    c = coordinating_admin(); /* who does not act as one stays */
    c.admin.state = TOKEN_STATE_NONE;
    revoked = input(&c, SESSION_ON_TOKEN_REVOKED);
    assert_null(run(&c, &revoked));
    assert_int_equal(c.row.state, SESSION_STATE_OPEN);
}

static void a_link_lets_in_for_what_its_mail_is_about(void **unused)
{
    struct session_case c = given(NONE);
    struct session_input in = input(&c, SESSION_VISIT);

    (void)unused;
    assert_null(run(&c, &in));
    assert_true(c.row.has_about && id_equal(c.row.about, about));
    assert_int_equal(c.row.expires.ms, now.ms + 14 * DAY_MS);
    c.row.id = ours;
    c.row.programme = work;
    assert_ptr_equal(say(&c, SESSION_ACT_AS), session_not_their_part.code);

    c = given(NONE);
    in.session_visit.has_until = true;
    in.session_visit.until.ms = now.ms + DAY_MS;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.expires.ms, now.ms + DAY_MS);
    c = given(NONE);
    in.session_visit.until.ms = now.ms + 99 * DAY_MS;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.expires.ms, now.ms + 30 * DAY_MS);
    c = given(NONE);
    in.session_visit.role = ACTOR_ROLE_COORDINATOR;
    assert_ptr_equal(run(&c, &in), session_not_their_part.code);
}

static void a_visit_without_a_mail_is_as_with_a_code(void **unused)
{
    struct session_case c = given(NONE), by_code = given(REQUESTED);
    struct session_input in = input(&c, SESSION_VISIT);

    (void)unused;
    in.session_visit.has_role = in.session_visit.has_about = false;
    assert_null(run(&c, &in));
    assert_null(say(&by_code, SESSION_ENTER));
    assert_false(c.row.has_about);
    assert_int_equal(c.row.role, by_code.row.role);
    assert_int_equal(c.row.expires.ms, by_code.row.expires.ms);
}

static void who_is_signed_in_ends_theirs_and_nobody_elses(void **unused)
{
    struct session_case c = given(OPEN);
    struct session_input in = input(&c, SESSION_CLOSE);

    (void)unused;
    in.head.actor.id = somebody;
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
    in.head.actor.role = ROLE_CO;
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
    in.head.actor.role = ROLE_PA; /* a device was lost */
    assert_null(run(&c, &in));
    assert_int_equal(c.row.end, SESSION_END_SIGNED_OUT);
    c = given(OPEN);
    in.head.programme = elsewhere;
    assert_ptr_equal(run(&c, &in), life_unknown.code);
}

static void a_session_lapses_when_its_time_is_over(void **unused)
{
    (void)unused;
    for (unsigned state = REQUESTED; state <= OPEN; state++) {
        struct session_case c = given(state);
        struct session_input in = input(&c, SESSION_LAPSE);
        unsigned command;

        assert_int_equal(session_due(&c.row, &command).ms, c.row.expires.ms);
        assert_int_equal(command, SESSION_LAPSE);
        in.head.at.ms--;
        assert_ptr_equal(run(&c, &in), session_not_due.code);
        in.head.at.ms++;
        assert_null(run(&c, &in));
        assert_int_equal(c.row.end, SESSION_END_LAPSED);
        assert_int_equal(session_due(&c.row, &command).ms, 0);
    }
}

/* What a session ends for; or -1. */
static int ends(struct session_case *c, enum session_input_type type, enum person_part part_ended)
{
    struct session_input in = {.type = type, .head = head_of(ROLE_SYS, ada, VERSION_ANY)};

    if (type == SESSION_ON_PERSON_ROLE_ENDED) in.person_role_ended.part = part_ended;
    assert_null(run(c, &in));
    if (out.count == 0) return -1;
    assert_int_equal(c->row.state, ENDED);
    assert_null(run(c, &in)); /* once */
    assert_int_equal(out.count, 0);
    return (int)c->row.end;
}

static void a_session_ends_with_what_it_stands_on(void **unused)
{
    struct session_case c = given(OPEN);

    (void)unused;
    assert_int_equal(ends(&c, SESSION_ON_PERSON_ROLE_ENDED, PERSON_PART_COORDINATOR), -1);
    assert_int_equal(ends(&c, SESSION_ON_PERSON_ROLE_ENDED, PERSON_PART_MENTOR),
                     SESSION_END_ROLE_ENDED);
    for (unsigned state = REQUESTED; state <= OPEN; state++) {
        c = given(state);
        assert_int_equal(ends(&c, SESSION_ON_PERSON_ERASED, PERSON_PART_MENTOR),
                         SESSION_END_ERASED);
    }
    c = given(OPEN);
    assert_int_equal(ends(&c, SESSION_ON_ORGANISATION_CLOSED, PERSON_PART_MENTOR),
                     SESSION_END_ORGANISATION_CLOSED);
    c = given(OPEN);
    assert_int_equal(ends(&c, SESSION_ON_PERSON_ROLE_GRANTED, PERSON_PART_MENTOR), -1);
    c.person.roles.at[0].organisation = owner;
    assert_int_equal(ends(&c, SESSION_ON_PERSON_ROLE_GRANTED, PERSON_PART_MENTOR),
                     SESSION_END_MOVED);
    c = given(OPEN);
    c.person.roles.at[0].has_organisation = false;
    assert_int_equal(ends(&c, SESSION_ON_PERSON_CHANGED, PERSON_PART_MENTOR), SESSION_END_MOVED);
    c = given(REQUESTED);
    c.person.roles.at[0].organisation = owner;
    assert_int_equal(ends(&c, SESSION_ON_PERSON_CHANGED, PERSON_PART_MENTOR), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_requested_for_opened_and_ended),
        cmocka_unit_test(only_the_pages_let_anybody_in),
        cmocka_unit_test(the_digits_are_in_the_vault_until_they_were_typed_in),
        cmocka_unit_test(five_times_another_code_and_it_is_over),
        cmocka_unit_test(nobody_is_sent_more_than_five_codes_at_a_time),
        cmocka_unit_test(who_takes_part_as_nothing_is_let_in_nowhere),
        cmocka_unit_test(who_sees_much_of_others_signs_in_every_day),
        cmocka_unit_test(an_associations_coordinator_acts_for_the_whole_programme),
        cmocka_unit_test(who_takes_part_as_several_goes_on_as_another),
        cmocka_unit_test(a_coordinator_with_an_admins_token_goes_on_as_that),
        cmocka_unit_test(who_is_no_admin_any_more_does_not_go_on_as_one),
        cmocka_unit_test(a_link_lets_in_for_what_its_mail_is_about),
        cmocka_unit_test(a_visit_without_a_mail_is_as_with_a_code),
        cmocka_unit_test(who_is_signed_in_ends_theirs_and_nobody_elses),
        cmocka_unit_test(a_session_lapses_when_its_time_is_over),
        cmocka_unit_test(a_session_ends_with_what_it_stands_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
