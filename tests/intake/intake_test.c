/* Values as people and systems send them: what becomes of each, or what is said of it. */
#include "intake/intake.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "contract/endpoint.h"
#include "contract/mentee.h"
#include "contract/mentorship.h"
#include "contract/partner.h"
#include "contract/person.h"
#include "contract/programme.h"
#include "contract/referral.h"
#include "contract/token.h"
#include "core/date.h"
#include "core/error.h"
#include "core/json.h"

static struct error err;
static struct intake intake; /* noon of 28 November 2026, in Sweden */

static int begin(void **unused)
{
    static const char noon[] = "2026-11-28T11:00:00Z";

    (void)unused;
    intake.country = COUNTRY_SE;
    assert_true(instant_read(noon, sizeof noon - 1, &intake.now));
    return 0;
}

/* What is said of a value is there to its end: of what has no room the last byte would be one of its middle. */
static void assert_whole(const struct error *said)
{
    for (uint32_t i = 0; i < said->fault_count; i++)
        assert_in_range(strlen(said->faults[i].what), 1, sizeof said->faults[i].what - 2);
}

/* What is wrong with it, or NULL. */
static const char *take(const struct descriptor *descriptor, const char *json, void *value)
{
    if (!json_read(descriptor, json, strlen(json), instant_date(intake.now), value, &err))
        fail_msg("%s: %s %s", err.text, err.faults[0].field, err.faults[0].what);
    if (intake_take(descriptor, value, &intake, &err)) return NULL;
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_true(err.fault_count > 0);
    assert_whole(&err);
    return err.faults[0].what;
}

static struct person_register person;

static const char *take_name(const char *name)
{
    char json[512];

    snprintf(json, sizeof json,
             "{\"details\":{\"given_name\":\"%s\",\"family_name\":\"B\"},\"language\":\"sv\","
             "\"protection\":\"none\"}",
             name);
    return take(&person_register_descriptor, json, &person);
}

static void a_name_has_nothing_invisible(void **unused)
{
    static const char *const rows[][2] = {
        {"Anna", "Anna"},
        {"  Anna  Maria\\u00a0", "Anna  Maria"},
        {"\\u202eannA\\u202c", "annA"},
        {"\\u2067\\u0639\\u0644\\u064a\\u2069", "\u0639\u0644\u064a"},
        {"\\u200e\\u0645\\u06cc\\u200c\\u0631\\u200f",
         "\u0645\u06cc\u200c\u0631"}, /* a joiner inside */
        {"\\ufeffO", "O"},
        {"\\ud835\\udcd0", "\U0001d4d0"},
        {"A\\u0301", "A\u0301"},
    };
    static const char *const blank[] = {
        "   ",     "\\u200b",        "\\u00a0\\u2003", "\\u3164",        "\\u202e",       "\\u2800",
        "\\u00ad", "\\udb40\\udc41", "\\u200d\\u200c", "\\ud834\\udd59", "\\ud82f\\udca0"};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_null(take_name(rows[i][0]));
        assert_string_equal(person.details.given_name, rows[i][1]);
    }
    for (size_t i = 0; i < sizeof blank / sizeof blank[0]; i++) {
        assert_string_equal(take_name(blank[i]), "blank: a name has something to see");
        assert_string_equal(err.faults[0].field, "details.given_name");
    }
    assert_string_equal(take_name("A\\nB"),
                        "a name with a line's end or a control character in it");
    assert_string_equal(take_name("A\\u2028"),
                        "a name with a line's end or a control character in it");
}

/* Behind what stays is zero, as whoever compares whole values relies on. */
static void what_is_taken_out_leaves_nothing(void **unused)
{
    (void)unused;
    assert_null(take_name("AB\\u202e\\u202e\\u202e"));
    for (size_t i = 2; i < sizeof person.details.given_name; i++)
        assert_int_equal(person.details.given_name[i], 0);
}

static struct person_register *with(const char *more)
{
    char json[1024];
    const char *what;

    snprintf(json, sizeof json,
             "{\"details\":{\"given_name\":\"A\",\"family_name\":\"B\"},\"language\":\"sv\","
             "\"protection\":\"none\",%s}",
             more);
    what = take(&person_register_descriptor, json, &person);
    return what == NULL ? &person : NULL;
}

static bool take_details(const char *details)
{
    char json[512];

    snprintf(json, sizeof json,
             "{\"details\":{\"given_name\":\"A\",%s},\"language\":\"sv\",\"protection\":\"none\"}",
             details);
    return take(&person_register_descriptor, json, &person) == NULL;
}

/* Where it is faulty, of a value that was not read from JSON: as the operator's program says it. */
static const char *fault_of(const struct descriptor *descriptor, void *value)
{
    if (intake_take(descriptor, value, &intake, &err)) return "nowhere";
    assert_int_equal(err.fault_count, 1);
    assert_non_null(strstr(err.faults[0].what, "national identity number"));
    assert_whole(&err);
    return err.faults[0].field;
}

static void a_national_identity_number_comes_in_by_no_door(void **unused)
{
    struct partner_create partner = {.name = "The agency's 850314-1239",
                                     .secret.current =
                                         "whsec_1KhS/WIg1CEdA9sdsC/+NkVHIOVpsWtmp7TTXqDEX+Y="};
    struct person_register registered = {.details = {.given_name = "Anna",
                                                     .has_family_name = true,
                                                     .family_name = "\u200b850314 1239"}};
    struct programme_create programme = {
        .slug = "one",
        .name = "One",
        .from = date_of(2026, 11, 1),
        .has_funders = true,
        .funders = {.count = 2, .at = {"The state", "850314-1239"}}};

    (void)unused;
    assert_string_equal(fault_of(&partner_create_descriptor, &partner), "name");
    assert_string_equal(fault_of(&person_register_descriptor, &registered), "details.family_name");
    assert_string_equal(fault_of(&programme_create_descriptor, &programme), "funders[1]");
    strcpy(partner.name, "The agency's AF-850314-1239");
    assert_string_equal(fault_of(&partner_create_descriptor, &partner), "nowhere");
    strcpy(registered.details.family_name, "8503141239"); /* nobody is called a running number */
    assert_string_equal(fault_of(&person_register_descriptor, &registered), "details.family_name");
    strcpy(registered.details.family_name, "8503141238");
    assert_string_equal(fault_of(&person_register_descriptor, &registered), "nowhere");
}

static void who_can_be_reached_is_kept_as_it_is_written_to_and_dialled(void **unused)
{
    (void)unused;
    assert_true(take_details("\"phone\":\"070-174 06 05\","
                             "\"email\":\" Ada@R\\u00e4ksm\\u00f6rg\\u00e5s.se\""));
    assert_string_equal(person.details.email, "Ada@xn--rksmrgs-5wao1o.se");
    assert_string_equal(person.details.phone, "+46701740605");
    for (size_t i = strlen("+46701740605"); i < sizeof person.details.phone; i++)
        assert_int_equal(person.details.phone[i], 0);

    assert_false(take_details("\"phone\":\"22 86 44 00\",\"email\":\"ada@example\""));
    assert_int_equal(err.fault_count, 2);
    assert_string_equal(err.faults[0].field, "details.email");
    assert_non_null(strstr(err.faults[0].what, "has no dot"));
    assert_string_equal(err.faults[1].field, "details.phone");
    assert_non_null(strstr(err.faults[1].what, "country is not known"));

    intake.country = COUNTRY_NO;
    assert_true(take_details("\"phone\":\"22 86 44 00\""));
    assert_string_equal(person.details.phone, "+4722864400");
}

static const char *take_url(const char *url)
{
    static struct endpoint_create endpoint;

    memset(&endpoint, 0, sizeof endpoint);
    snprintf(endpoint.url, sizeof endpoint.url, "%s", url);
    strcpy(endpoint.secret.current, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    if (intake_take(&endpoint_create_descriptor, &endpoint, &intake, &err)) return NULL;
    assert_string_equal(err.faults[0].field, "url");
    assert_whole(&err);
    return err.faults[0].what;
}

static void an_address_in_letters_that_no_name_has_is_refused(void **unused)
{
    (void)unused;
    assert_null(take_url("https://hooks.example.org:8443/xn--a?b"));
    assert_null(take_url("https://xn--rksmrgs-5wao1o.se/"));
    assert_null(take_url("https://HOOKS.XN--RKSMRGS-5WAO1O.SE/"));
    assert_non_null(strstr(take_url("https://xn--a.org/"), "no name in other letters"));
    assert_non_null(strstr(err.faults[0].what, "such as xn--rksmrgs-5wao1o.se"));
    assert_non_null(take_url("https://hooks.XN--.org:8443/"));
}

static void what_is_said_twice_is_there_once(void **unused)
{
    struct mentee_wish wish;

    (void)unused;
    assert_non_null(with("\"languages\":[\"ar\",\"sv\",\"swe\",\"SV\",\"ara\",\"tig\"]"));
    assert_int_equal(person.languages.count, 3);
    assert_string_equal(person.languages.at[0], "ar");
    assert_string_equal(person.languages.at[1], "sv");
    assert_string_equal(person.languages.at[2], "tig");
    assert_string_equal(person.languages.at[3], "");
    assert_non_null(
        with("\"occupations\":[{\"scheme\":\"ssyk\",\"code\":\"7231\"},"
             "{\"scheme\":\"styrk\",\"code\":\"7231\"},{\"scheme\":\"ssyk\",\"code\":\"7231\"}]"));
    assert_int_equal(person.occupations.count, 2);
    assert_null(take(&mentee_wish_descriptor,
                     "{\"wishes\":[\"leisure\",\"leisure\",\"leisure\",\"housing\",\"leisure\"],"
                     "\"availability\":[\"mon_morning\",\"mon_morning\"]}",
                     &wish));
    assert_int_equal(wish.wishes.count, 2);
    assert_int_equal(wish.wishes.at[1], MATCH_WISH_HOUSING);
    assert_int_equal(wish.availability.count, 1);
}

/* So many languages in all, which are so many different ones. */
static bool is_set_read(int different, int count)
{
    char json[1024];
    int size = snprintf(json, sizeof json,
                        "{\"details\":{\"given_name\":\"A\"},\"language\":\"sv\","
                        "\"protection\":\"none\",\"languages\":[");

    for (int i = 0; i < count; i++)
        size += snprintf(json + size, sizeof json - (size_t)size, "%s\"s%c\"", i == 0 ? "" : ",",
                         'a' + i % different);
    snprintf(json + size, sizeof json - (size_t)size, "]}");
    return json_read(&person_register_descriptor, json, strlen(json), instant_date(intake.now),
                     &person, &err);
}

/* What a set may have at most is counted when each is there once. */
static void a_full_set_may_say_something_again(void **unused)
{
    static struct referral_receive referral;
    static const char referred[] =
        "{\"external_id\":\"A\",\"sequence\":1,\"programme\":\"integration-works\",\"person\":{"
        "\"given_name\":\"A\",\"language\":\"sv\",\"protection\":\"none\"},\"languages\":"
        "[\"ar\",\"ar\",\"sv\",\"nb\",\"en\",\"tig\",\"so\",\"uk\",\"de\",\"ar\"],"
        "\"occupations\":[],\"target_group\":\"refugee\","
        "\"wants\":[\"mentor\",\"mentor\",\"placement\",\"mentor\"]}";

    (void)unused;
    assert_null(take(&referral_receive_descriptor, referred, &referral));
    assert_int_equal(referral.wants.count, 2);
    assert_int_equal(referral.wants.at[1], REFERRAL_WANT_PLACEMENT);
    assert_int_equal(referral.languages.count, 8);
    assert_string_equal(referral.languages.at[7], "de");
    assert_true(is_set_read(8, 32));
    assert_false(is_set_read(8, 33)); /* so much is not looked at */
    assert_string_equal(err.faults[0].field, "languages");
    assert_string_equal(err.faults[0].what, "longer than it may be");
    assert_false(is_set_read(9, 9));
    assert_string_equal(err.faults[0].what, "longer than it may be");
}

static void a_municipality_is_one_that_there_is(void **unused)
{
    static const struct {
        enum country country;
        const char *said, *is, *fault;
    } rows[] = {
        {COUNTRY_SE, "0180", "0180", NULL},
        {COUNTRY_SE, "SE-0180", "0180", NULL},
        {COUNTRY_SE, "1860", "1860", NULL},
        {COUNTRY_NO, "1860", "1860", NULL},
        {COUNTRY_SE, "NO-1860", "NO-1860", NULL},
        {COUNTRY_NO, "SE-1860", "SE-1860", NULL},
        {COUNTRY_NO, "0704", "3905", NULL},
        {COUNTRY_SE, "NO-0704", "NO-3905", NULL},
        {COUNTRY_NO, "5012", NULL,
         "no municipality any more, but one of 5055 Heim, 5056 Hitra, 5059 Orkland"},
        {COUNTRY_SE, "9999", NULL, "no municipality of Sweden's (SCB), such as 0180"},
        {COUNTRY_SE, "NO-9999", NULL, "no municipality of Norway's (SSB), such as NO-0301"},
        {COUNTRY_NO, "NO-9999", NULL, "no municipality of Norway's (SSB), such as 0301"},
        {COUNTRY_NO, "SE-0301", NULL,
         "no municipality of Sweden's (SCB), such as SE-0180; Oslo is NO-0301"},
        {COUNTRY_SE, "0301", NULL,
         "no municipality of Sweden's (SCB), such as 0180; Oslo is NO-0301"},
        {COUNTRY_NO, "0180", NULL,
         "no municipality of Norway's (SSB), such as 0301; Stockholm is SE-0180"},
        {COUNTRY_SE, "DK-0101", NULL,
         "no municipality: four digits, such as 0180, or with its country, SE-0180"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[64];

        intake.country = rows[i].country;
        snprintf(json, sizeof json, "\"municipality\":\"%s\"", rows[i].said);
        if (rows[i].is != NULL) {
            assert_non_null(with(json));
            assert_string_equal(person.municipality, rows[i].is);
        } else {
            assert_null(with(json));
            assert_string_equal(err.faults[0].field, "municipality");
            assert_string_equal(err.faults[0].what, rows[i].fault);
        }
    }
}

/* Of none so much is said that its end is left out: neither of what was parted among many, nor of what is called by
 * a long name where it is. */
static void what_is_said_of_each_municipality_is_said_whole(void **unused)
{
    static const char *const forms[] = {"%04d", "SE-%04d", "NO-%04d"};
    static struct person_register value;

    (void)unused;
    assert_non_null(with("\"municipality\":\"0180\""));
    for (int i = 0; i < 2 * 3 * 10000; i++) {
        value = person;
        intake.country = i % 2 == 0 ? COUNTRY_SE : COUNTRY_NO;
        snprintf(value.municipality, sizeof value.municipality, forms[i / 2 % 3], i / 6);
        if (!intake_take(&person_register_descriptor, &value, &intake, &err)) assert_whole(&err);
    }
}

static void languages_and_occupations_exist(void **unused)
{
    static const char *const nobodys[] = {"und", "mul", "zxx", "mis", "UND"};

    (void)unused;
    assert_null(with("\"languages\":[\"sv\",\"xx\"]"));
    assert_string_equal(err.faults[0].field, "languages[1]");
    for (size_t i = 0; i < sizeof nobodys / sizeof nobodys[0]; i++) {
        char json[64];

        snprintf(json, sizeof json, "\"languages\":[\"sv\",\"%s\"]", nobodys[i]);
        assert_null(with(json));
        assert_string_equal(err.faults[0].field, "languages[1]");
        assert_non_null(strstr(err.faults[0].what, "no language that somebody speaks"));
    }
    assert_null(with("\"occupations\":[{\"scheme\":\"ssyk\",\"code\":\"9999\"},"
                     "{\"scheme\":\"jobtech\",\"code\":\"7231\"}]"));
    assert_int_equal(err.fault_count, 2);
    assert_string_equal(err.faults[0].field, "occupations[0]");
    assert_string_equal(err.faults[0].what, "no code of SSYK 2012, such as 7231 or 72");
    assert_string_equal(err.faults[1].what, "no code of JobTech's taxonomy, such as 17Xf_MuM_vg2");
}

static bool read_language(const char *member, const char *language)
{
    char json[256];

    snprintf(json, sizeof json,
             "{\"details\":{\"given_name\":\"A\"},\"language\":\"%s\",\"protection\":\"none\","
             "\"languages\":[\"%s\"]}",
             strcmp(member, "language") == 0 ? language : "sv",
             strcmp(member, "language") == 0 ? "sv" : language);
    return json_read(&person_register_descriptor, json, strlen(json), instant_date(intake.now),
                     &person, &err);
}

static void a_language_is_written_in_any_code_or_told_how(void **unused)
{
    static const struct {
        const char *said;
        enum language is;
    } rows[] = {{"sv", LANGUAGE_SV},  {"swe", LANGUAGE_SV}, {"nb", LANGUAGE_NB},
                {"nob", LANGUAGE_NB}, {"no", LANGUAGE_NB},  {"nor", LANGUAGE_NB},
                {"nn", LANGUAGE_NN},  {"nno", LANGUAGE_NN}, {"en", LANGUAGE_EN},
                {"eng", LANGUAGE_EN}};
    static const char *const others[] = {"sv-SE", "svenska", "s", "sv_SE.UTF-8",
                                         "Svenska spr\u00e5ket"};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!read_language("language", rows[i].said)) fail_msg("%s", rows[i].said);
        assert_int_equal(person.language, rows[i].is);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(read_language("languages", others[i]));
        assert_string_equal(err.faults[0].what,
                            "not a language's code, two or three letters, such as sv");
        assert_false(read_language("language", others[i]));
        assert_string_equal(err.faults[0].what, "none of these: ar, en, nb, nn, so, sv, ti, uk");
    }
}

static bool is_day_taken(const struct descriptor *descriptor, const char *form, const char *day)
{
    static char value[sizeof(struct referral_receive)];
    char json[1024];

    snprintf(json, sizeof json, form, day);
    return take(descriptor, json, value) == NULL;
}

static const char born[] =
    "{\"details\":{\"given_name\":\"A\",\"family_name\":\"B\",\"birth_date\":\"%s\"},"
    "\"language\":\"sv\",\"protection\":\"none\"}";
static const char referred[] =
    "{\"external_id\":\"A-1\",\"sequence\":1,\"programme\":\"iw\",\"person\":{\"given_name\":\"A\","
    "\"family_name\":\"B\",\"language\":\"sv\",\"protection\":\"none\",\"birth_date\":\"%s\"},"
    "\"languages\":[],\"occupations\":[],\"target_group\":\"refugee\",\"wants\":[\"mentor\"]}";
static const char met[] = "{\"minutes\":60,\"on\":\"%s\"}";
static const char held[] = "{\"reason\":\"ill\",\"until\":\"%s\"}";

static void days_lie_within_their_range(void **unused)
{
    static const struct {
        const struct descriptor *descriptor;
        const char *form, *first, *last, *before, *after;
    } rows[] = {
        {&person_register_descriptor, born, "1900-01-01", "2026-11-28", "1899-12-31", "2026-11-29"},
        {&mentorship_log_meeting_descriptor, met, "2000-01-01", "2026-11-28", "1999-12-31",
         "2026-11-29"},
        {&mentorship_hold_descriptor, held, "2000-01-01", "2036-11-28", "1999-12-31", "2036-11-29"},
        {&mentorship_hold_descriptor, held, "2026-11-29", "2026-12-24", "0001-01-01", "9999-12-31"},
        {&referral_receive_descriptor, referred, "1900-01-01", "2026-11-28", "1899-12-31",
         "2026-11-29"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(is_day_taken(rows[i].descriptor, rows[i].form, rows[i].first));
        assert_true(is_day_taken(rows[i].descriptor, rows[i].form, rows[i].last));
        assert_false(is_day_taken(rows[i].descriptor, rows[i].form, rows[i].before));
        assert_false(is_day_taken(rows[i].descriptor, rows[i].form, rows[i].after));
    }
    assert_false(is_day_taken(&mentorship_hold_descriptor, held, "2999-01-01"));
    assert_string_equal(err.faults[0].field, "until");
    assert_string_equal(err.faults[0].what, "not between 2000-01-01 and 2036-11-28");
}

/* Sixteen, on the day. */
static void a_participant_in_norway_is_old_enough(void **unused)
{
    (void)unused;
    intake.country = COUNTRY_NO;
    assert_true(is_day_taken(&referral_receive_descriptor, referred, "2010-11-28"));
    assert_false(is_day_taken(&referral_receive_descriptor, referred, "2010-11-29"));
    assert_string_equal(err.faults[0].field, "person.birth_date");
    assert_string_equal(err.faults[0].what, "not between 1900-01-01 and 2010-11-28");
}

static bool is_registered(const char *part, const char *day)
{
    char form[512];

    snprintf(form, sizeof form, "%.*s%s}", (int)sizeof born - 2, born, part);
    return is_day_taken(&person_register_descriptor, form, day);
}

/* Whoever says that they take part: an agency's system or a coordinator. */
static void who_is_registered_as_a_participant_is_old_enough_too(void **unused)
{
    static const char as[] = ",\"part\":\"participant\"";

    (void)unused;
    intake.country = COUNTRY_NO;
    assert_true(is_registered(as, "2010-11-28"));
    assert_true(is_registered(as, "2010"));
    assert_false(is_registered(as, "2010-11-29"));
    assert_string_equal(err.faults[0].field, "details.birth_date");
    assert_string_equal(err.faults[0].what, "not between 1900-01-01 and 2010-11-28");
    assert_false(is_registered(as, "2011"));
    assert_true(is_registered(",\"part\":\"mentor\"", "2010-11-29"));
    assert_true(is_registered("", "2010-11-29"));
    intake.country = COUNTRY_SE; /* which has no such age for all */
    assert_true(is_registered(as, "2010-11-29"));
}

/* By what is on record; and what was there before is nobody's fault now. */
static void a_birth_that_is_on_record_tells_whether_they_are_old_enough(void **unused)
{
    static struct person_details before, now;
    const struct date young = date_of(2010, 11, 29), old = date_of(2010, 11, 28);

    (void)unused;
    intake.country = COUNTRY_NO;
    memset(&now, 0, sizeof now);
    assert_true(intake_is_of_age(&person_details_descriptor, NULL, &now, &intake));
    now.has_birth_date = true;
    now.birth_date = (struct partial_date){young.day, young.day};
    assert_false(intake_is_of_age(&person_details_descriptor, NULL, &now, &intake));
    memset(&before, 0, sizeof before);
    assert_false(intake_is_of_age(&person_details_descriptor, &before, &now, &intake));
    before = now;
    assert_true(intake_is_of_age(&person_details_descriptor, &before, &now, &intake));
    before.birth_date.first = before.birth_date.last = old.day;
    assert_false(intake_is_of_age(&person_details_descriptor, &before, &now, &intake));
    assert_true(intake_is_of_age(&person_details_descriptor, NULL, &before, &intake));
    intake.country = COUNTRY_SE;
    assert_true(intake_is_of_age(&person_details_descriptor, NULL, &now, &intake));
}

/* Of a month or a year only what is surely wrong is refused: no day of it can be right. */
static void a_birth_may_be_a_month_or_a_year(void **unused)
{
    static const char *const taken[] = {"1900", "1900-01", "1987", "1987-05", "2026", "2026-11"};
    static const char *const refused[] = {"1899", "1899-12", "2027", "2026-12"};
    static const char *const young[] = {"2011", "2010-12"};

    (void)unused;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        assert_true(is_day_taken(&person_register_descriptor, born, taken[i]));
        assert_true(is_day_taken(&referral_receive_descriptor, referred, taken[i]));
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(is_day_taken(&person_register_descriptor, born, refused[i]));
        assert_false(is_day_taken(&referral_receive_descriptor, referred, refused[i]));
        assert_string_equal(err.faults[0].what, "not between 1900-01-01 and 2026-11-28");
    }
    intake.country = COUNTRY_NO;
    assert_true(is_day_taken(&referral_receive_descriptor, referred, "2010"));
    assert_true(is_day_taken(&referral_receive_descriptor, referred, "2010-11"));
    for (size_t i = 0; i < sizeof young / sizeof young[0]; i++) {
        assert_false(is_day_taken(&referral_receive_descriptor, referred, young[i]));
        assert_string_equal(err.faults[0].what, "not between 1900-01-01 and 2010-11-28");
    }
}

/* Today is the programme's: in the last hour of UTC's day it is tomorrow there. */
static void today_is_where_the_programme_is(void **unused)
{
    (void)unused;
    intake.now.ms += 12 * INT64_C(3600000) + 1; /* 23:00 UTC */
    assert_true(is_day_taken(&mentorship_log_meeting_descriptor, met, "2026-11-29"));
    assert_false(is_day_taken(&mentorship_log_meeting_descriptor, met, "2026-11-30"));
}

static void moments_have_ranges_too(void **unused)
{
    static const char expires[] = "{\"role\":\"mentor\",\"expires\":\"%s\","
                                  "\"person\":\"01939d4e-8c00-7abc-8def-0123456789ab\"}";
    struct token_create token;
    char json[512];

    (void)unused;
    snprintf(json, sizeof json, expires, "2036-11-28T22:59:59Z");
    assert_null(take(&token_create_descriptor, json, &token));
    snprintf(json, sizeof json, expires, "2036-11-28T23:00:00Z");
    assert_string_equal(take(&token_create_descriptor, json, &token),
                        "not between 2000-01-01 and 2036-11-28");
}

static const char *take_shared(const char *secret)
{
    static struct partner_create partner;
    char json[256];

    snprintf(json, sizeof json, "{\"name\":\"A\",\"secret\":{\"current\":\"%s\"}}", secret);
    return take(&partner_create_descriptor, json, &partner);
}

static void a_secret_is_not_one_that_can_be_guessed(void **unused)
{
    static const char *const good[] = {
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    };
    static const char *const guessable[] = {
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",             /* nothing but zeros */
        "whsec_cGFzc3dvcmRwYXNzd29yZHBhc3N3b3Jk",             /* passwordpasswordpassword */
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX",             /* one after the other */
        "whsec_AAMGCQwPEhUYGx4hJCcqLTAzNjk8P0JF",             /* in threes */
        "whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", /* aaaa */
    };
    static const char *const wrong[] = {
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwM",            /* not four by four */
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMf==MfKQ",     /* it ends in the middle */
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKR9r8GKR==", /* bits too many */
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==",             /* 22 bytes */
    };

    (void)unused;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_null(take_shared(good[i]));
    for (size_t i = 0; i < sizeof guessable / sizeof guessable[0]; i++) {
        const char *what = take_shared(guessable[i]);

        if (what == NULL || strstr(what, "guessed") == NULL) fail_msg("%s: %s", guessable[i], what);
        assert_string_equal(err.faults[0].field, "secret.current");
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *what = take_shared(wrong[i]);

        if (what == NULL || strstr(what, "base64") == NULL) fail_msg("%s: %s", wrong[i], what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_name_has_nothing_invisible, begin),
        cmocka_unit_test_setup(what_is_taken_out_leaves_nothing, begin),
        cmocka_unit_test_setup(a_national_identity_number_comes_in_by_no_door, begin),
        cmocka_unit_test_setup(who_can_be_reached_is_kept_as_it_is_written_to_and_dialled, begin),
        cmocka_unit_test_setup(an_address_in_letters_that_no_name_has_is_refused, begin),
        cmocka_unit_test_setup(what_is_said_twice_is_there_once, begin),
        cmocka_unit_test_setup(a_full_set_may_say_something_again, begin),
        cmocka_unit_test_setup(a_language_is_written_in_any_code_or_told_how, begin),
        cmocka_unit_test_setup(a_municipality_is_one_that_there_is, begin),
        cmocka_unit_test_setup(what_is_said_of_each_municipality_is_said_whole, begin),
        cmocka_unit_test_setup(languages_and_occupations_exist, begin),
        cmocka_unit_test_setup(days_lie_within_their_range, begin),
        cmocka_unit_test_setup(a_participant_in_norway_is_old_enough, begin),
        cmocka_unit_test_setup(a_birth_that_is_on_record_tells_whether_they_are_old_enough, begin),
        cmocka_unit_test_setup(who_is_registered_as_a_participant_is_old_enough_too, begin),
        cmocka_unit_test_setup(a_birth_may_be_a_month_or_a_year, begin),
        cmocka_unit_test_setup(today_is_where_the_programme_is, begin),
        cmocka_unit_test_setup(moments_have_ranges_too, begin),
        cmocka_unit_test_setup(a_secret_is_not_one_that_can_be_guessed, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
