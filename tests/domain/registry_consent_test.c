/* What somebody consents to, and no more. */
#include "registry.h"

#include "core/life.h"
#include "core/patch.h"
#include "person/consent.h"
#include "person/person.h"
#include "referral/referral.h"

static const struct id ada = {"ada"};
static const struct actor herself = {ROLE_PT, {"ada"}, {{0}}}, admin = {ROLE_PA, {"admin"}, {{0}}},
                          coordinator = {ROLE_CO, {"coordinator"}, {{0}}};

static struct person_events out;

static struct person_case given(void)
{
    struct person_case c = {.programme = {.id = work, .state = PROGRAMME_STATE_OPEN}};

    c.row = (struct person){.id = ada,
                            .version = 3,
                            .programme = work,
                            .state = PERSON_STATE_ACTIVE,
                            .has_sealed = true,
                            .roles = {1, {{.part = PERSON_PART_PARTICIPANT, .from = {20000}}}}};
    return c;
}

static struct person_input input(const struct person_case *c, enum person_input_type type,
                                 enum person_consent_purpose purpose, struct actor actor)
{
    struct person_input in = {.type = type, .head = head_of(actor.role, ada, c->row.version)};

    in.head.actor = actor;
    if (type == PERSON_WITHDRAW_CONSENT) in.person_withdraw_consent.purpose = purpose;
    if (type == PERSON_GIVE_CONSENT) {
        in.person_give_consent.purpose = purpose;
        strcpy(in.person_give_consent.words, "2026-11");
    }
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

static const char *say(struct person_case *c, enum person_input_type type,
                       enum person_consent_purpose purpose)
{
    const struct person_input in = input(c, type, purpose, herself);

    return run(c, &in);
}

static void what_was_said_stands_with_when_by_whom_and_which_words(void **unused)
{
    struct person_case c = given();
    const struct person_consent *said;

    (void)unused;
    assert_null(person_consent_to(&c.row, PERSON_CONSENT_PURPOSE_GOALS));
    assert_null(say(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_GOALS));
    said = person_consent_to(&c.row, PERSON_CONSENT_PURPOSE_GOALS);
    assert_true(said->is_given && said->has_words && !said->has_told);
    assert_string_equal(said->words, "2026-11");
    assert_int_equal(said->at.ms, now.ms);
    assert_true(id_equal(said->by, ada));
    assert_ptr_equal(say(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_GOALS),
                     person_consent_given_already.code);
}

static bool is_goals_withheld(const struct person_case *c, enum person_input_type type,
                              enum person_purpose purpose, struct id reader)
{
    struct person_input in = {.type = type, .head = {.actor = {ROLE_CO, reader, {{0}}}}};
    const uint64_t withheld = (in.person_read.purpose = purpose, person_withholds(c, &in));

    for (size_t i = 0; i < person_known_descriptor.count; i++)
        assert_int_equal(withheld >> i & 1,
                         withheld != 0 &&
                             strcmp(person_known_descriptor.fields[i].name, "goals") == 0);
    return withheld != 0;
}

static void what_they_hope_for_is_theirs_alone_until_they_consent(void **unused)
{
    static const struct id co = {"co"};
    struct person_case c = given();

    (void)unused;
    assert_true(is_goals_withheld(&c, PERSON_READ, PERSON_PURPOSE_COORDINATION, co));
    assert_true(is_goals_withheld(&c, PERSON_READ, PERSON_PURPOSE_CASEWORK, co));
    assert_false(is_goals_withheld(&c, PERSON_READ, PERSON_PURPOSE_OWN, co)); /* on their behalf */
    assert_false(is_goals_withheld(&c, PERSON_READ, PERSON_PURPOSE_GUIDANCE, ada));
    assert_false(is_goals_withheld(&c, PERSON_READ_NAME, PERSON_PURPOSE_GUIDANCE, co));
    assert_null(say(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_WISHES));
    assert_true(is_goals_withheld(&c, PERSON_READ, PERSON_PURPOSE_GUIDANCE, co));
    assert_null(say(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_GOALS));
    assert_false(is_goals_withheld(&c, PERSON_READ, PERSON_PURPOSE_GUIDANCE, co));
    assert_null(say(&c, PERSON_WITHDRAW_CONSENT, PERSON_CONSENT_PURPOSE_GOALS));
    assert_true(is_goals_withheld(&c, PERSON_READ, PERSON_PURPOSE_GUIDANCE, co));
}

/* By it mentor-assignment knows whose wishes it strikes. */
static void that_it_is_withdrawn_names_the_referral(void **unused)
{
    struct person_case c = given();

    (void)unused;
    c.row.has_referral = true;
    c.row.referral = (struct id){"referral"};
    assert_null(say(&c, PERSON_WITHDRAW_CONSENT, PERSON_CONSENT_PURPOSE_WISHES));
    assert_true(out.at[0].person_consent_withdrawn.has_referral);
    assert_true(id_equal(out.at[0].person_consent_withdrawn.referral, c.row.referral));
}

static void other_words_are_another_consent(void **unused)
{
    struct person_case c = given();
    struct person_input in = input(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_GOALS, herself);

    (void)unused;
    assert_null(run(&c, &in));
    in.head.version = c.row.version;
    strcpy(in.person_give_consent.words, "2027-01");
    assert_null(run(&c, &in));
    assert_int_equal(c.row.consents.count, 1);
    assert_string_equal(c.row.consents.at[0].words, "2027-01");
}

static void each_purpose_is_one_of_its_own(void **unused)
{
    struct person_case c = given();

    (void)unused;
    for (unsigned round = 0; round < 3; round++) {
        assert_null(say(&c, PERSON_WITHDRAW_CONSENT, PERSON_CONSENT_PURPOSE_WISHES));
        assert_null(say(&c, PERSON_WITHDRAW_CONSENT, PERSON_CONSENT_PURPOSE_GOALS));
        assert_int_equal(c.row.consents.count, 2);
        assert_true(person_has_withdrawn(&c.row, PERSON_CONSENT_PURPOSE_GOALS) &&
                    person_has_withdrawn(&c.row, PERSON_CONSENT_PURPOSE_WISHES));
        assert_null(say(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_GOALS));
        assert_true(person_has_withdrawn(&c.row, PERSON_CONSENT_PURPOSE_WISHES));
        assert_false(person_has_withdrawn(&c.row, PERSON_CONSENT_PURPOSE_GOALS));
        assert_null(say(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_WISHES));
    }
}

static void it_is_withdrawn_by_one_step_also_if_nothing_was_said_here(void **unused)
{
    struct person_case c = given();

    (void)unused;
    assert_null(say(&c, PERSON_WITHDRAW_CONSENT, PERSON_CONSENT_PURPOSE_WISHES));
    assert_int_equal(out.count, 1);
    assert_ptr_equal(say(&c, PERSON_WITHDRAW_CONSENT, PERSON_CONSENT_PURPOSE_WISHES),
                     person_consent_withdrawn_already.code);
}

static void nobody_says_it_for_others_but_as_their_word(void **unused)
{
    static const enum person_input_type types[] = {PERSON_GIVE_CONSENT, PERSON_WITHDRAW_CONSENT};

    (void)unused;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct person_case c = given();
        struct person_input in = input(&c, types[i], PERSON_CONSENT_PURPOSE_WISHES, coordinator);

        assert_ptr_equal(run(&c, &in), person_not_oneself.code);
        in.head.has_behalf = true;
        in.head.behalf = (struct behalf){
            .of = VOICE_PARTICIPANT, .told = TOLD_HOW_TELEPHONE, .has_on = true, .on = {20770}};
        assert_null(run(&c, &in));
        assert_int_equal(out.at[1].type, PERSON_RECORDED_FOR);
        assert_true(id_equal(c.row.consents.at[0].by, coordinator.id));
        assert_int_equal(c.row.consents.at[0].told, TOLD_HOW_TELEPHONE);
        assert_true(c.row.consents.at[0].at.ms < now.ms); /* as they said it */
    }
}

/* What they hoped for goes from what is sealed, and nothing else does. */
static void with_the_consent_their_goals_go(void **unused)
{
    struct person_case c = given();
    const struct person_input goals = input(&c, PERSON_WITHDRAW_CONSENT,
                                            PERSON_CONSENT_PURPOSE_GOALS, herself),
                              wishes = input(&c, PERSON_WITHDRAW_CONSENT,
                                             PERSON_CONSENT_PURPOSE_WISHES, herself);
    struct person_details details = {.given_name = "Ada",
                                     .has_goals = true,
                                     .goals = "To work",
                                     .has_agency = true,
                                     .agency = {.given_name = "Ada", .has_goals = true}};
    struct concealed what = {0};

    (void)unused;
    person_conceal(&c, &wishes, &what);
    assert_null(what.descriptor);
    person_conceal(&c, &goals, &what);
    assert_ptr_equal(what.descriptor, &person_details_descriptor);
    what.change(NULL, NULL, &details, &details);
    assert_false(details.has_goals || details.agency.has_goals); /* as the agency says them too */
    assert_string_equal(details.goals, "");
    assert_string_equal(details.given_name, "Ada");

    assert_null(run(&c, &goals));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.at[1].type, PERSON_CHANGED);
    assert_memory_equal(&c.row.sealed.event, &sealing, sizeof sealing);
    c = given();
    c.row.has_sealed = false;
    assert_null(run(&c, &goals));
    assert_int_equal(out.count, 1);
}

enum { GOALS = 6 }; /* the place of that field among the details */

static void no_goals_are_taken_until_they_consent_anew(void **unused)
{
    struct person_case c = given();
    struct person_input in;

    (void)unused;
    assert_null(say(&c, PERSON_WITHDRAW_CONSENT, PERSON_CONSENT_PURPOSE_GOALS));
    in = input(&c, PERSON_CHANGE, PERSON_CONSENT_PURPOSE_GOALS, admin);
    in.person_change.has_details = true;
    in.head.sealed.holds = 1 << GOALS;
    assert_ptr_equal(run(&c, &in), person_no_consent.code);
    in.head.sealed.holds = ~(1 << GOALS);
    assert_null(run(&c, &in));
    assert_null(say(&c, PERSON_GIVE_CONSENT, PERSON_CONSENT_PURPOSE_GOALS));
    in.head.sealed.holds = 1 << GOALS;
    in.head.version = c.row.version;
    assert_null(run(&c, &in));
}

static void whatever_an_agencys_system_says_again(void **unused)
{
    struct referral_case c = {.row = {.state = REFERRAL_STATE_RECEIVED, .person = ada}};
    struct referral_input in = {.type = REFERRAL_RECEIVE};
    const struct person_details *details;
    struct concealed what = {0};

    (void)unused;
    strcpy(in.referral_receive.person.given_name, "Ada");
    in.referral_receive.person.has_goals = true;
    strcpy(in.referral_receive.person.goals, "To work");
    referral_conceal(&c, &in, &what);
    details = what.value;
    assert_true(details->has_goals && details->agency.has_goals);
    c.has_no_goals = true;
    referral_conceal(&c, &in, &what);
    details = what.value;
    assert_false(details->has_goals || details->agency.has_goals);
    assert_false(is_in(details, sizeof *details, "To work"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_stands_with_when_by_whom_and_which_words),
        cmocka_unit_test(what_they_hope_for_is_theirs_alone_until_they_consent),
        cmocka_unit_test(that_it_is_withdrawn_names_the_referral),
        cmocka_unit_test(other_words_are_another_consent),
        cmocka_unit_test(each_purpose_is_one_of_its_own),
        cmocka_unit_test(it_is_withdrawn_by_one_step_also_if_nothing_was_said_here),
        cmocka_unit_test(nobody_says_it_for_others_but_as_their_word),
        cmocka_unit_test(with_the_consent_their_goals_go),
        cmocka_unit_test(no_goals_are_taken_until_they_consent_anew),
        cmocka_unit_test(whatever_an_agencys_system_says_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
