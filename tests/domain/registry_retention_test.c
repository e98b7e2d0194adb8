/* Of whom nothing keeps less is known before nothing is, and a programme keeps nobody longer than it says. */
#include "registry.h"

#include "person/person.h"
#include "referral/referral.h"

static const struct id ada = {"ada"}, ours = {"ours"};

static struct person_events out;

/* Ada, whom an agency has referred; her referral is over. */
static struct person_case given(void)
{
    return (struct person_case){
        .programme = {.id = work, .state = PROGRAMME_STATE_OPEN},
        .row = {.id = ada,
                .version = 3,
                .programme = work,
                .state = PERSON_STATE_ACTIVE,
                .has_referral = true,
                .referral = ours,
                .has_referral_over = true,
                .referral_over = true,
                .has_sealed = true,
                .sealed = {.owner = ada, .event = {"said"}, .key = {"adas"}},
                .roles = {1, {{.part = PERSON_PART_PARTICIPANT, .from = {20000}}}}},
    };
}

/* Bo, who was a mentor until now. */
static struct person_case given_mentor(void)
{
    struct person_case c = given();

    c.row.has_referral = c.row.has_referral_over = c.row.referral_over = false;
    c.row.roles.at[0].part = PERSON_PART_MENTOR;
    return c;
}

static struct person_input input(enum person_input_type type, const struct person_case *c,
                                 int64_t at)
{
    struct person_input in = {.type = type, .head = head_of(ROLE_TM, c->row.id, c->row.version)};

    in.head.at.ms = at;
    return in;
}

static const char *say(struct person_case *c, enum person_input_type type, int64_t at)
{
    const struct person_input in = input(type, c, at);
    struct error err = {0};

    memset(&out, 0, sizeof out);
    if (!person_decide(c, &in, &out, &err)) return err.code;
    for (size_t i = 0; i < out.count; i++) {
        person_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

static void release(struct person_case *c)
{
    struct person_input end = input(PERSON_END_ROLE, c, now.ms);
    struct error err = {0};

    end.head.actor.role = ROLE_SYS;
    end.person_end_role.part = c->row.roles.at[0].part;
    memset(&out, 0, sizeof out);
    assert_true(person_decide(c, &end, &out, &err));
    for (size_t i = 0; i < out.count; i++)
        person_evolve(&c->row, &out.at[i]);
    c->row.version++;
    assert_true(c->row.has_kept_until);
}

static int64_t due(const struct person_case *c, unsigned expected)
{
    unsigned command;
    const int64_t ms = person_due(&c->row, &command).ms;

    assert_int_equal(command, expected);
    return ms;
}

/* Clocks are an hour ahead there then. */
static int64_t summer_end_of(int64_t days)
{
    return end_of(days) - DAY_MS / 24;
}

static void a_participant_is_thinned_when_what_it_led_to_has_been_asked_for_the_last_time(
    void **unused)
{
    struct person_case c = given();

    (void)unused;
    assert_ptr_equal(say(&c, PERSON_THIN, now.ms), person_nothing_to_thin.code);
    release(&c);
    assert_int_equal(due(&c, PERSON_THIN), summer_end_of(210));
    assert_ptr_equal(say(&c, PERSON_THIN, summer_end_of(210) - 1), person_nothing_to_thin.code);
    c.row.has_mentor_languages = c.row.has_mentor_occupations = true;
    c.row.has_mentor_municipality = true;
    memcpy(c.row.mentor_municipality, "0180", 5);
    assert_null(say(&c, PERSON_THIN, summer_end_of(210)));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.at[0].type, PERSON_THINNED);
    assert_true(out.at[0].person_thinned.has_referral);
    assert_memory_equal(&out.at[0].person_thinned.referral, &ours, 16);
    assert_memory_equal(&c.row.sealed.event, &sealing, 16);
    assert_int_equal(c.row.thinned_at.ms, summer_end_of(210));
    assert_false(c.row.has_mentor_languages || c.row.has_mentor_occupations);
    assert_true(c.row.has_mentor_municipality); /* where they were is counted */
    assert_string_equal(c.row.mentor_municipality, "0180");
    assert_int_equal(due(&c, PERSON_ANNOUNCE_FORGETTING), summer_end_of(702)); /* once */
    assert_ptr_equal(say(&c, PERSON_THIN, summer_end_of(211)), person_nothing_to_thin.code);
}

/* They may be asked again, and by what they can do. */
static void who_volunteered_is_known_until_the_end(void **unused)
{
    struct person_case c = given_mentor();

    (void)unused;
    release(&c);
    assert_false(c.row.has_thin_at);
    assert_int_equal(due(&c, PERSON_ANNOUNCE_FORGETTING), summer_end_of(337));
    assert_ptr_equal(say(&c, PERSON_THIN, end_of(365) - 1), person_nothing_to_thin.code);
}

static void who_takes_part_again_is_thinned_anew(void **unused)
{
    struct person_case c = given();
    struct person_input grant;
    struct error err = {0};

    (void)unused;
    release(&c);
    assert_null(say(&c, PERSON_THIN, summer_end_of(210)));
    grant = input(PERSON_GRANT_ROLE, &c, now.ms);
    grant.head.actor.role = ROLE_SYS;
    grant.person_grant_role.part = PERSON_PART_PARTICIPANT;
    memset(&out, 0, sizeof out);
    assert_true(person_decide(&c, &grant, &out, &err));
    person_evolve(&c.row, &out.at[0]);
    assert_false(c.row.has_thin_at || c.row.has_thinned_at || c.row.has_kept_since);
    release(&c);
    assert_int_equal(due(&c, PERSON_THIN), summer_end_of(210));
}

/* In journals of before nobody is. */
static void who_was_released_without_a_day_for_it_is_given_one(void **unused)
{
    struct person_case c = given();
    struct person_event released = {.type = PERSON_RELEASED, .id = ada};

    (void)unused;
    released.person_released.until.ms = end_of(730);
    released.person_released.has_announce = true;
    released.person_released.announce.ms = summer_end_of(702);
    person_evolve(&c.row, &released);
    assert_true(due(&c, PERSON_THIN) < now.ms);
    assert_null(say(&c, PERSON_THIN, now.ms));
    assert_int_equal(out.at[0].type, PERSON_RELEASED);
    assert_int_equal(c.row.kept_until.ms, end_of(730));
    assert_int_equal(due(&c, PERSON_THIN), summer_end_of(210));
}

/* What the vault has of her then. */

static const struct person_details known = {
    .given_name = "Ada",
    .has_family_name = true,
    .family_name = "Exempel",
    .has_email = true,
    .email = "ada@example.org",
    .has_phone = true,
    .phone = "+46701234567",
    .has_birth_date = true,
    .has_address = true,
    .address = "Storgatan 1",
    .has_goals = true,
    .goals = "Welding",
    .has_municipality = true,
    .municipality = "2418",
    .has_agency = true,
    .agency = {.given_name = "Ada", .has_phone = true, .phone = "+46701234567"},
    .has_kept = true,
    .kept = {.has_external_id = true,
             .external_id = "AF-1",
             .has_languages = true,
             .languages = {1, {"so"}},
             .has_mentor_municipality = true,
             .mentor_municipality = "0180"}};

static void who_they_are_stays_in_the_vault_and_no_more(void **unused)
{
    static struct concealed what;
    struct person_case c = given();
    struct person_input in;
    struct person_details whole = known;

    (void)unused;
    release(&c);
    in = input(PERSON_THIN, &c, summer_end_of(210) - 1);
    person_conceal(&c, &in, &what);
    assert_null(what.change); /* it is not time yet */
    in = input(PERSON_THIN, &c, summer_end_of(210));
    person_conceal(&c, &in, &what);
    assert_memory_equal(&what.owner, &ada, 16);
    what.change(&c, &in, &known, &whole);

    assert_string_equal(whole.given_name, "Ada");
    assert_string_equal(whole.family_name, "Exempel");
    assert_string_equal(whole.email, "ada@example.org");
    assert_string_equal(whole.municipality, "2418");
    assert_string_equal(whole.kept.external_id, "AF-1");
    assert_string_equal(whole.kept.mentor_municipality, "0180");
    assert_false(whole.has_phone || whole.has_birth_date || whole.has_address || whole.has_goals);
    assert_false(whole.has_agency || whole.kept.has_languages);
    assert_false(is_in(&whole, sizeof whole, "+4670") || is_in(&whole, sizeof whole, "Storgatan"));
}

/* What the agency calls it stays: the referral may be taken up again. */
static void nor_more_in_the_referral(void **unused)
{
    struct referral row = {.id = ours,
                           .has_external_id = true,
                           .external_id = "AF-1",
                           .languages = {1, {"so"}},
                           .occupations = {1, {{OCCUPATION_SCHEME_SSYK, "7212"}}},
                           .has_municipality = true,
                           .municipality = "2418"};
    const struct referral_event event = {.type = REFERRAL_AFTER_PERSON_THINNED};

    (void)unused;
    referral_evolve(&row, &event);
    assert_int_equal(row.languages.count + row.occupations.count, 0);
    assert_true(row.has_external_id && row.has_municipality);
}

/* A programme's own days. */

static void a_programmes_own_days_count_where_they_are_fewer(void **unused)
{
    struct person_case c = given(), mentor = given_mentor(), longer = given();

    (void)unused;
    c.programme.kept_days = (struct kept_days){
        .has_details = true, .details = 30, .has_participant = true, .participant = 100};
    release(&c);
    assert_int_equal(c.row.kept_until.ms, end_of(100));
    assert_int_equal(c.row.thin_at.ms, end_of(30));
    mentor.programme.kept_days = (struct kept_days){.has_volunteer = true, .volunteer = 60};
    release(&mentor);
    assert_int_equal(mentor.row.kept_until.ms, end_of(60));
    longer.programme.kept_days = (struct kept_days){.has_participant = true, .participant = 3000};
    release(&longer);
    assert_int_equal(longer.row.kept_until.ms, end_of(730));
}

/* Who is erased before they would be thinned is not. */
static void nobody_is_thinned_who_is_gone_by_then(void **unused)
{
    struct person_case c = given();

    (void)unused;
    c.programme.kept_days = (struct kept_days){.has_participant = true, .participant = 100};
    release(&c);
    assert_false(c.row.has_thin_at);
    assert_int_equal(due(&c, PERSON_ANNOUNCE_FORGETTING), end_of(72));
}

static void keep(struct person_case *c, int64_t participant, int64_t at)
{
    c->programme.kept_days =
        (struct kept_days){.has_participant = true, .participant = participant};
    assert_null(say(c, PERSON_ON_PROGRAMME_DAYS_APPLIED, at));
}

static void other_days_hold_for_whom_nothing_keeps_already(void **unused)
{
    struct person_case c = given();

    (void)unused;
    release(&c);
    keep(&c, 600, now.ms + 10 * DAY_MS);
    assert_int_equal(out.count, 1);
    assert_int_equal(c.row.kept_until.ms, summer_end_of(600)); /* from when she was released */
    keep(&c, 600, now.ms + 11 * DAY_MS);
    assert_int_equal(out.count, 0);
    keep(&c, 700, now.ms + 11 * DAY_MS); /* it was a mistake */
    assert_int_equal(c.row.kept_until.ms, summer_end_of(700));
}

/* What would be over already is not over tonight: they have to hear of it. */
static void they_have_the_time_of_the_notice(void **unused)
{
    struct person_case c = given();

    (void)unused;
    release(&c);
    keep(&c, 30, now.ms + 50 * DAY_MS);
    assert_int_equal(c.row.kept_until.ms, end_of(50 + 28));
    assert_int_equal(due(&c, PERSON_ANNOUNCE_FORGETTING), end_of(50));
}

static void who_was_told_a_day_is_not_kept_longer(void **unused)
{
    struct person_case c = given();

    (void)unused;
    release(&c);
    keep(&c, 100, now.ms);
    assert_null(say(&c, PERSON_ANNOUNCE_FORGETTING, end_of(72)));
    keep(&c, 200, end_of(73));
    assert_int_equal(out.count, 0);
    keep(&c, 30, end_of(80)); /* nor less long than the notice was */
    assert_int_equal(out.count, 0);
    assert_int_equal(due(&c, PERSON_FORGET), end_of(100));
}

static void who_takes_part_hears_nothing_of_other_days(void **unused)
{
    struct person_case c = given(), erased = {.row = {.state = PERSON_STATE_ERASED}};

    (void)unused;
    keep(&c, 30, now.ms);
    assert_int_equal(out.count, 0);
    keep(&erased, 30, now.ms);
    assert_int_equal(out.count, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_participant_is_thinned_when_what_it_led_to_has_been_asked_for_the_last_time),
        cmocka_unit_test(who_volunteered_is_known_until_the_end),
        cmocka_unit_test(who_takes_part_again_is_thinned_anew),
        cmocka_unit_test(who_was_released_without_a_day_for_it_is_given_one),
        cmocka_unit_test(who_they_are_stays_in_the_vault_and_no_more),
        cmocka_unit_test(nor_more_in_the_referral),
        cmocka_unit_test(a_programmes_own_days_count_where_they_are_fewer),
        cmocka_unit_test(nobody_is_thinned_who_is_gone_by_then),
        cmocka_unit_test(other_days_hold_for_whom_nothing_keeps_already),
        cmocka_unit_test(they_have_the_time_of_the_notice),
        cmocka_unit_test(who_was_told_a_day_is_not_kept_longer),
        cmocka_unit_test(who_takes_part_hears_nothing_of_other_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
