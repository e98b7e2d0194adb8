/* That what is known of somebody is kept and not used: asked, answered, in force, and at an end. */
#include "registry.h"

#include "core/life.h"
#include "person/person.h"
#include "person/restriction.h"

static const struct id ada = {"ada"}, referral = {"referral"}, agency = {"agency"};

static struct person_events out;

/* Ada, a participant whom an agency has referred. */
static struct person_case given(void)
{
    struct person_case c = {.programme = {.id = work, .state = PROGRAMME_STATE_OPEN}};

    c.row = (struct person){.id = ada,
                            .version = 3,
                            .programme = work,
                            .state = PERSON_STATE_ACTIVE,
                            .has_referral = true,
                            .referral = referral,
                            .has_agency = true,
                            .agency = agency,
                            .has_sealed = true,
                            .roles = {1, {{.part = PERSON_PART_PARTICIPANT, .from = {20000}}}}};
    return c;
}

static const struct actor herself = {ROLE_PT, {"ada"}, {{0}}}, admin = {ROLE_PA, {"admin"}, {{0}}},
                          coordinator = {ROLE_CO, {"coordinator"}, {{0}}},
                          mentor = {ROLE_ME, {"mentor"}, {{0}}}, clock = {.role = ROLE_TM};

static struct person_input input(const struct person_case *c, enum person_input_type type,
                                 struct actor actor)
{
    struct person_input in = {.type = type, .head = head_of(actor.role, ada, c->row.version)};

    in.head.actor = actor;
    return in;
}

static const char *run(struct person_case *c, const struct person_input *in)
{
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!person_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        person_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

static const char *say(struct person_case *c, enum person_input_type type, struct actor actor)
{
    const struct person_input in = input(c, type, actor);

    return run(c, &in);
}

static const char *restrict_for(struct person_case *c, enum person_ground ground)
{
    struct person_input in = input(c, PERSON_RESTRICT, admin);

    in.person_restrict.ground = ground;
    return run(c, &in);
}

static const char *ask_for(struct person_case *c, enum person_ground ground)
{
    struct person_input in = input(c, PERSON_ASK_RESTRICTION, herself);

    in.person_ask_restriction.ground = ground;
    return run(c, &in);
}

static struct person_case given_restricted(void)
{
    struct person_case c = given();

    assert_null(restrict_for(&c, PERSON_GROUND_ACCURACY));
    return c;
}

static const char *wait_until(struct person_case *c, enum person_input_type type, int64_t ms)
{
    struct person_input in = input(c, type, clock);

    in.head.version = VERSION_ANY;
    in.head.at.ms = ms;
    return run(c, &in);
}

/* Asking, and the answer. */

static void who_asks_has_an_answer_within_a_month(void **unused)
{
    struct person_case c = given();
    unsigned command;

    (void)unused;
    assert_null(ask_for(&c, PERSON_GROUND_OBJECTION));
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.restriction_asked, PERSON_GROUND_OBJECTION);
    assert_int_equal(c.row.restriction_asked_at.ms, now.ms);
    assert_int_equal(c.row.restriction_due.ms, end_of(30)); /* 22 December */
    assert_false(person_is_restricted(&c.row) || c.row.has_restriction_told);
    assert_ptr_equal(ask_for(&c, PERSON_GROUND_ACCURACY), person_restriction_asked_already.code);

    assert_int_equal(person_due(&c.row, &command).ms, end_of(23));
    assert_int_equal(command, PERSON_REMIND_RESTRICTION);
    assert_ptr_equal(wait_until(&c, PERSON_REMIND_RESTRICTION, end_of(23) - 1),
                     person_nothing_to_remind.code);
    assert_null(wait_until(&c, PERSON_REMIND_RESTRICTION, end_of(23)));
    assert_int_equal(out.at[0].person_restriction_reminded.due.ms, end_of(30));
    assert_int_equal(person_due(&c.row, &command).ms, 0); /* once */
}

static void the_answer_leaves_nothing_of_the_question(void **unused)
{
    static const enum person_input_type answers[] = {PERSON_REFUSE_RESTRICTION,
                                                     PERSON_WITHDRAW_RESTRICTION, PERSON_RESTRICT};

    (void)unused;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct person_case c = given();
        const bool is_own = answers[i] == PERSON_WITHDRAW_RESTRICTION;

        assert_null(ask_for(&c, PERSON_GROUND_UNLAWFUL));
        assert_null(say(&c, answers[i], is_own ? herself : admin));
        assert_int_equal(out.count, 1);
        assert_false(c.row.has_restriction_asked || c.row.has_restriction_asked_at ||
                     c.row.has_restriction_due || c.row.has_restriction_remind);
        assert_int_equal(person_is_restricted(&c.row), answers[i] == PERSON_RESTRICT);
    }
}

static void what_was_not_asked_is_neither_refused_nor_taken_back(void **unused)
{
    struct person_case c = given();

    (void)unused;
    assert_ptr_equal(say(&c, PERSON_REFUSE_RESTRICTION, admin), person_restriction_not_asked.code);
    assert_ptr_equal(say(&c, PERSON_WITHDRAW_RESTRICTION, herself),
                     person_restriction_not_asked.code);
    assert_ptr_equal(say(&c, PERSON_LIFT_RESTRICTION, admin), person_not_restricted.code);
    assert_ptr_equal(say(&c, PERSON_ASK_RESTRICTION, coordinator), person_not_oneself.code);
    assert_ptr_equal(say(&c, PERSON_RESTRICT, coordinator), life_forbidden.code);
}

static void a_coordinator_writes_it_down_for_them(void **unused)
{
    struct person_case c = given();
    struct person_input in = input(&c, PERSON_ASK_RESTRICTION, coordinator);

    (void)unused;
    in.head.has_behalf = true;
    in.head.behalf = (struct behalf){
        .of = VOICE_PARTICIPANT, .told = TOLD_HOW_LETTER, .has_on = true, .on = {20777}};
    assert_null(run(&c, &in));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[1].person_recorded_for.said, PERSON_SAID_ASK_RESTRICTION);
    assert_true(c.row.has_restriction_told && !c.row.has_erasure_told);
    assert_int_equal(c.row.restriction_told, TOLD_HOW_LETTER);
    assert_true(c.row.restriction_asked_at.ms < now.ms); /* the month counts from then */

    c = given();
    c.programme.from.day = 20778;
    assert_ptr_equal(run(&c, &in), person_before_programme.code);
}

/* While it holds. */

static void it_holds_from_when_the_admin_says_so(void **unused)
{
    struct person_case c = given();
    const struct person_restricted *said = &out.at[0].person_restricted;

    (void)unused;
    assert_null(restrict_for(&c, PERSON_GROUND_LEGAL_CLAIMS));
    assert_int_equal(out.count, 1);
    assert_true(said->has_referral && id_equal(said->referral, referral));
    assert_int_equal(said->ground, PERSON_GROUND_LEGAL_CLAIMS);
    assert_int_equal(c.row.restricted_since.ms, now.ms);
    assert_int_equal(c.row.restriction_ground, PERSON_GROUND_LEGAL_CLAIMS);
    assert_ptr_equal(restrict_for(&c, PERSON_GROUND_ACCURACY), person_restricted_already.code);
    assert_ptr_equal(ask_for(&c, PERSON_GROUND_ACCURACY), person_restricted_already.code);
}

/* What is left of reading: article 18(2). */
static const struct {
    struct actor actor;
    enum person_purpose purpose;
    bool is_left;
} readings[] = {
    {{ROLE_PT, {"ada"}, {{0}}}, PERSON_PURPOSE_OWN, true},
    {{ROLE_SYS, {{0}}, {{0}}}, PERSON_PURPOSE_OWN, true},
    {{ROLE_PA, {"admin"}, {{0}}},
     PERSON_PURPOSE_OWN,
     false}, /* they say it themself, or the operator hands it out */
    {{ROLE_SYS, {{0}}, {{0}}}, PERSON_PURPOSE_DELIVERY, true},
    {{ROLE_PA, {"admin"}, {{0}}}, PERSON_PURPOSE_LEGAL_CLAIMS, true},
    {{ROLE_CO, {"coordinator"}, {{0}}}, PERSON_PURPOSE_LEGAL_CLAIMS, true},
    {{ROLE_CO, {"coordinator"}, {{0}}}, PERSON_PURPOSE_PROTECT_ANOTHER, true},
    {{ROLE_PA, {"admin"}, {{0}}}, PERSON_PURPOSE_COORDINATION, false},
    {{ROLE_CO, {"coordinator"}, {{0}}}, PERSON_PURPOSE_COORDINATION, false},
    {{ROLE_ME, {"mentor"}, {{0}}}, PERSON_PURPOSE_GUIDANCE, false},
    {{ROLE_CN, {"counsellor"}, {"agency"}}, PERSON_PURPOSE_CASEWORK, false},
};

static const char *read_as(struct person_case *c, enum person_input_type type, size_t i)
{
    struct person_input in = input(c, type, readings[i].actor);

    if (type == PERSON_READ) in.person_read.purpose = readings[i].purpose;
    if (type == PERSON_READ_NAME) in.person_read_name.purpose = readings[i].purpose;
    c->is_between = true;
    c->links_count = 1;
    c->links[0] = (struct link){.participant = ada,
                                .has_other = true,
                                .other = mentor.id,
                                .kind = LINK_KIND_MENTORSHIP,
                                .state = LINK_STATE_RUNNING};
    return run(c, &in);
}

static void nobody_reads_but_for_what_the_law_leaves(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        for (int is_name = 0; is_name < 2; is_name++) {
            const enum person_input_type type = is_name ? PERSON_READ_NAME : PERSON_READ;
            struct person_case before = given(), held = given_restricted();
            const char *code = read_as(&held, type, i);

            assert_null(read_as(&before, type, i));
            if (code != (readings[i].is_left ? NULL : person_restricted_now.code))
                fail_msg("row %zu: %s", i, code == NULL ? "read" : code);
        }
    }
}

static void to_protect_another_is_to_protect_whom_they_had_to_do_with(void **unused)
{
    const struct actor ours = {ROLE_SYS, {{0}}, {{0}}};
    struct person_case c = given_restricted();
    struct person_input in = input(&c, PERSON_READ, coordinator);

    (void)unused;
    in.person_read.purpose = PERSON_PURPOSE_PROTECT_ANOTHER;
    in.person_read.has_another = true;
    in.person_read.another = somebody;
    assert_ptr_equal(run(&c, &in), person_no_such_other.code);
    c.is_between = true;
    assert_null(run(&c, &in));
    c.is_between = false;
    in.head.actor = ours;
    assert_null(run(&c, &in));
}

static void only_coordinators_read_for_claims_and_to_protect_another(void **unused)
{
    struct person_case c = given();
    struct person_input in = input(&c, PERSON_READ, (struct actor){ROLE_CN, somebody, agency});

    (void)unused;
    in.person_read.purpose = PERSON_PURPOSE_LEGAL_CLAIMS;
    assert_ptr_equal(run(&c, &in), person_wrong_purpose.code);
    in.person_read.purpose = PERSON_PURPOSE_PROTECT_ANOTHER;
    assert_ptr_equal(run(&c, &in), person_wrong_purpose.code);
}

static void they_begin_as_nothing_new_and_what_is_wrong_is_corrected(void **unused)
{
    struct person_case c = given_restricted();
    struct person_input in = input(&c, PERSON_GRANT_ROLE, admin);

    (void)unused;
    in.person_grant_role.part = PERSON_PART_MENTOR;
    assert_ptr_equal(run(&c, &in), person_restricted_now.code);
    assert_null(say(&c, PERSON_CHANGE, admin));
    assert_null(say(&c, PERSON_CHANGE_CONTACT, herself));
}

/* It may be needed for the very claims. */
static void nobody_is_forgotten_meanwhile(void **unused)
{
    struct person_case c = given_restricted();
    unsigned command;

    (void)unused;
    c.row.has_kept_until = true;
    c.row.kept_until = now;
    assert_int_equal(person_due(&c.row, &command).ms, 0);
    assert_ptr_equal(say(&c, PERSON_ANNOUNCE_FORGETTING, clock), person_nothing_to_announce.code);
    assert_ptr_equal(say(&c, PERSON_FORGET, clock), person_still_kept.code);
    c.row.has_thin_at = true;
    c.row.thin_at = now;
    assert_int_equal(person_due(&c.row, &command).ms, 0);
    assert_ptr_equal(say(&c, PERSON_THIN, clock), person_nothing_to_thin.code);
    assert_null(say(&c, PERSON_WITHDRAW_RESTRICTION, herself));
    person_due(&c.row, &command);
    assert_int_equal(command, PERSON_ANNOUNCE_FORGETTING);
    c.row.has_kept_announced_at = c.row.has_thinned_at = true;
    assert_int_equal(person_due(&c.row, &command).ms, now.ms);
    assert_int_equal(command, PERSON_FORGET);
    assert_null(say(&c, PERSON_FORGET, clock));
}

/* The end. */

static void they_are_told_seven_days_before_it_ends(void **unused)
{
    struct person_case c = given_restricted();
    unsigned command;

    (void)unused;
    assert_null(say(&c, PERSON_LIFT_RESTRICTION, admin));
    assert_int_equal(out.at[0].type, PERSON_RESTRICTION_ENDING);
    assert_int_equal(out.at[0].person_restriction_ending.due.ms, end_of(7));
    assert_true(person_is_restricted(&c.row));
    assert_ptr_equal(say(&c, PERSON_LIFT_RESTRICTION, admin), person_lifted_already.code);
    assert_int_equal(person_due(&c.row, &command).ms, end_of(7));
    assert_int_equal(command, PERSON_END_RESTRICTION);
    assert_ptr_equal(wait_until(&c, PERSON_END_RESTRICTION, end_of(7) - 1),
                     person_restriction_goes_on.code);
    assert_null(wait_until(&c, PERSON_END_RESTRICTION, end_of(7)));
    assert_false(out.at[0].person_restriction_lifted.own_wish);
    assert_true(id_equal(out.at[0].person_restriction_lifted.referral, referral));
    assert_false(person_is_restricted(&c.row) || c.row.has_restriction_ground ||
                 c.row.has_restriction_until);
    assert_int_equal(person_due(&c.row, &command).ms, 0);
}

static void it_goes_on_where_they_object_and_that_is_heard(void **unused)
{
    struct person_case c = given_restricted();
    struct person_input in;
    unsigned command;

    (void)unused;
    assert_null(say(&c, PERSON_LIFT_RESTRICTION, admin));
    assert_null(ask_for(&c, PERSON_GROUND_OBJECTION));
    in = input(&c, PERSON_RESTRICT, admin);
    in.head.at.ms += DAY_MS;
    in.person_restrict.ground = PERSON_GROUND_OBJECTION;
    assert_null(run(&c, &in));
    assert_false(c.row.has_restriction_until || c.row.has_restriction_asked);
    assert_int_equal(c.row.restricted_since.ms, now.ms); /* all the time */
    assert_int_equal(c.row.restriction_ground, PERSON_GROUND_OBJECTION);
    assert_int_equal(person_due(&c.row, &command).ms, 0);
}

static void they_end_it_themselves_at_once(void **unused)
{
    struct person_case c = given_restricted();

    (void)unused;
    assert_null(say(&c, PERSON_LIFT_RESTRICTION, admin));
    assert_null(ask_for(&c, PERSON_GROUND_OBJECTION));
    assert_null(say(&c, PERSON_WITHDRAW_RESTRICTION, herself));
    assert_int_equal(out.count, 2); /* the question, and what holds */
    assert_true(out.at[1].person_restriction_lifted.own_wish);
    assert_false(person_is_restricted(&c.row) || c.row.has_restriction_asked);
}

static void nothing_of_it_is_left_of_who_is_erased(void **unused)
{
    struct person_case c = given_restricted();

    (void)unused;
    assert_null(say(&c, PERSON_ERASE, admin));
    assert_false(person_is_restricted(&c.row) || c.row.has_restriction_ground);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_asks_has_an_answer_within_a_month),
        cmocka_unit_test(the_answer_leaves_nothing_of_the_question),
        cmocka_unit_test(what_was_not_asked_is_neither_refused_nor_taken_back),
        cmocka_unit_test(a_coordinator_writes_it_down_for_them),
        cmocka_unit_test(it_holds_from_when_the_admin_says_so),
        cmocka_unit_test(nobody_reads_but_for_what_the_law_leaves),
        cmocka_unit_test(to_protect_another_is_to_protect_whom_they_had_to_do_with),
        cmocka_unit_test(only_coordinators_read_for_claims_and_to_protect_another),
        cmocka_unit_test(they_begin_as_nothing_new_and_what_is_wrong_is_corrected),
        cmocka_unit_test(nobody_is_forgotten_meanwhile),
        cmocka_unit_test(they_are_told_seven_days_before_it_ends),
        cmocka_unit_test(it_goes_on_where_they_object_and_that_is_heard),
        cmocka_unit_test(they_end_it_themselves_at_once),
        cmocka_unit_test(nothing_of_it_is_left_of_who_is_erased),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
