/* What the lists of codes say, for those codes that people get wrong. */
#include "codes/codes.h"

#include "test.h"

#include <string.h>

#include "core/date.h"

static const struct codes_municipality *municipality(enum country country, const char *code)
{
    return codes_municipality(country, code, strlen(code));
}

static struct date day(const char *text)
{
    struct date date;

    assert_true(date_read(text, DATE_TEXT_SIZE - 1, &date));
    return date;
}

static void a_municipality_is_its_country_and_its_code(void **unused)
{
    (void)unused;
    assert_string_equal(municipality(COUNTRY_SE, "1860")->name, "Laxå");
    assert_string_equal(municipality(COUNTRY_NO, "1860")->name, "Vestvågøy");
    assert_string_equal(municipality(COUNTRY_SE, "0114")->name, "Upplands Väsby"); /* the first */
    assert_string_equal(municipality(COUNTRY_SE, "2584")->name, "Kiruna");
    assert_string_equal(municipality(COUNTRY_NO, "0101")->name, "Halden");
    assert_null(municipality(COUNTRY_NO, "0180"));
    assert_null(municipality(COUNTRY_SE, "180"));
    assert_null(municipality(COUNTRY_SE, "01800"));
    assert_null(municipality(COUNTRY_SE, ""));
}

/* Tønsberg, which was joined with Re in 2020 and numbered anew in 2024; Snillfjord, which was shared out. */
static void one_that_ceased_names_what_is_there_now(void **unused)
{
    (void)unused;
    assert_string_equal(municipality(COUNTRY_NO, "0704")->name, "Tønsberg");
    assert_int_equal(municipality(COUNTRY_NO, "0704")->until.day, day("2019-12-31").day);
    assert_string_equal(municipality(COUNTRY_NO, "0704")->successors, "3905 Tønsberg");
    assert_string_equal(municipality(COUNTRY_NO, "5012")->successors,
                        "5055 Heim, 5056 Hitra, 5059 Orkland");
    assert_string_equal(municipality(COUNTRY_NO, "3905")->successors, "");
    assert_int_equal(municipality(COUNTRY_SE, "0180")->until.day, day("9999-12-31").day);
}

static const char *language(const char *code)
{
    return codes_language(code, strlen(code));
}

static void a_language_has_one_code_of_many(void **unused)
{
    static const char *const same[][2] = {
        {"sv", "sv"}, {"swe", "sv"}, {"SV", "sv"},   {"nob", "nb"}, {"nno", "nn"},  {"nor", "no"},
        {"no", "no"}, {"ger", "de"}, {"deu", "de"},  {"fre", "fr"}, {"tig", "tig"}, {"arb", "ar"},
        {"iw", "he"}, {"cmn", "zh"}, {"kmr", "kmr"}, {"aar", "aa"}, {"zza", "zza"}, {"per", "fa"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        assert_string_equal(language(same[i][0]), same[i][1]);
    assert_null(language("xx"));
    assert_null(language("svenska"));
    assert_null(language(""));
    assert_null(language("s"));
}

static void not_every_code_is_of_a_language(void **unused)
{
    (void)unused;
    assert_true(codes_language_is_spoken("sv") && codes_language_is_spoken("tig"));
    for (size_t i = 0; i < 4; i++) {
        const char *code = language(((const char *const[]){"und", "mul", "MIS", "zxx"})[i]);

        assert_non_null(code);
        assert_false(codes_language_is_spoken(code));
    }
}

static void a_language_meets_what_it_is_spoken_of_as(void **unused)
{
    (void)unused;
    assert_true(codes_language_meets("sv", "sv"));
    assert_true(codes_language_meets("no", "nb"));
    assert_true(codes_language_meets("nn", "no"));
    assert_false(codes_language_meets("nb", "nn"));
    assert_true(codes_language_meets("ar", "acm"));
    assert_false(codes_language_meets("apc", "acm"));
    assert_false(codes_language_meets("kmr", "ckb"));
    assert_true(codes_language_meets("ku", "ckb"));
    assert_false(codes_language_meets("sv", "no"));
    assert_string_equal(codes_language_macro("nb"), "no");
    assert_string_equal(codes_language_macro("no"), "no");
    assert_string_equal(codes_language_macro("swe"), "sv");
    assert_null(codes_language_macro("??"));
    assert_true(codes_language_meets("??", "??"));
    assert_false(codes_language_meets("??", "sv"));
}

static void an_occupation_exists_in_its_scheme(void **unused)
{
    (void)unused;
    assert_true(codes_occupation(OCCUPATION_SCHEME_SSYK, "7231"));
    assert_true(codes_occupation(OCCUPATION_SCHEME_SSYK, "72"));
    assert_true(codes_occupation(OCCUPATION_SCHEME_ISCO, "0"));
    assert_false(codes_occupation(OCCUPATION_SCHEME_SSYK, "9999"));
    assert_false(codes_occupation(OCCUPATION_SCHEME_SSYK, "72311"));
    assert_true(codes_occupation(OCCUPATION_SCHEME_STYRK, "7231"));
    assert_true(codes_occupation(OCCUPATION_SCHEME_JOBTECH, "17Xf_MuM_vg2"));
    assert_true(codes_occupation(OCCUPATION_SCHEME_JOBTECH, "abcd_efg_hij"));
    assert_false(codes_occupation(OCCUPATION_SCHEME_JOBTECH, "7231"));
    assert_false(codes_occupation(OCCUPATION_SCHEME_JOBTECH, "17Xf-MuM-vg2"));
}

static void occupations_meet_through_isco(void **unused)
{
    const char *isco[4];

    (void)unused;
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_STYRK, "2223", isco, 4), 1);
    assert_string_equal(isco[0], "2221");
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_SSYK, "0110", isco, 4), 1);
    assert_string_equal(isco[0], "0110");
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_SSYK, "4430", isco, 4), 0);
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_ISCO, "7231", isco, 4), 1);
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_JOBTECH, "17Xf_MuM_vg2", isco, 4), 1);
    assert_string_equal(isco[0], "7213");
    assert_string_equal(codes_jobtech_ssyk("17Xf_MuM_vg2"), "7214");
    assert_null(codes_jobtech_ssyk("abcd_efg_hij"));
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_SSYK, "4119", isco, 4),
                     8); /* the most */
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_STYRK, "9999", isco, 4), 0);
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_SSYK, "0000", isco, 4), 0);
}

/* As many digits as they have, and no more: of four that is an occupation's own. */
static void groups_lie_to_those_that_their_occupations_lie_to(void **unused)
{
    static const struct {
        enum occupation_scheme scheme;
        const char *code, *isco;
    } rows[] = {
        {OCCUPATION_SCHEME_SSYK, "72", "72 "},
        {OCCUPATION_SCHEME_STYRK, "72", "72 "},
        {OCCUPATION_SCHEME_ISCO, "72", "72 "},
        {OCCUPATION_SCHEME_SSYK, "13", "12 13 61 "},
        {OCCUPATION_SCHEME_SSYK, "31", "31 33 35 "},
        {OCCUPATION_SCHEME_STYRK, "13", "13 "},
        {OCCUPATION_SCHEME_STYRK, "222", "222 341 "},
        {OCCUPATION_SCHEME_ISCO, "222", "222 "},
        {OCCUPATION_SCHEME_SSYK, "7", ""},
        {OCCUPATION_SCHEME_ISCO, "7", ""},
        {OCCUPATION_SCHEME_ISCO, "79", ""},
        {OCCUPATION_SCHEME_STYRK, "00", ""},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *isco[CODES_ISCO_MAX];
        char all[64] = "";
        const size_t count =
            codes_occupation_isco(rows[i].scheme, rows[i].code, isco, CODES_ISCO_MAX);

        for (size_t k = 0; k < count; k++) {
            strcat(all, isco[k]);
            strcat(all, " ");
        }
        assert_string_equal(all, rows[i].isco);
    }
}

static void no_more_are_told_than_there_is_room(void **unused)
{
    const char *isco[1] = {NULL};
    const size_t all = codes_occupation_isco(OCCUPATION_SCHEME_SSYK, "1111", NULL, 0);

    (void)unused;
    assert_int_equal(codes_occupation_isco(OCCUPATION_SCHEME_SSYK, "1111", isco, all > 0), all);
}

static void it_is_kept_for_as_long_as_is_said_where_it_is(void **unused)
{
    const struct date today = {20000}, first = {10957}, before = {10956};

    (void)unused;
    for (int country = COUNTRY_SE; country <= COUNTRY_NO; country++) {
        const enum country in = (enum country)country;

        assert_int_equal(codes_retention(in, RETENTION_ACCESS, today), 84);
        assert_int_equal(codes_retention(in, RETENTION_ACCESS, first), 84);
        assert_int_equal(codes_retention(in, RETENTION_ACCESS, before), 0);
        assert_int_equal(codes_retention(in, RETENTION_PARTICIPANT, today), 730);
        assert_int_equal(codes_retention(in, RETENTION_VOLUNTEER, today), 365);
        assert_int_equal(codes_retention(in, RETENTION_DETAILS, today), 210);
        assert_int_equal(codes_retention_notice(in, RETENTION_DETAILS, today), 0);
        assert_int_equal(codes_retention(in, RETENTION_CREDENTIAL, today), 0);
        assert_int_equal(codes_retention_notice(in, RETENTION_PARTICIPANT, today), 28);
        assert_int_equal(codes_retention_notice(in, RETENTION_VOLUNTEER, first), 28);
        assert_int_equal(codes_retention_notice(in, RETENTION_VOLUNTEER, before), 0);
        assert_int_equal(codes_retention_notice(in, RETENTION_ACCESS, today), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_municipality_is_its_country_and_its_code),
        cmocka_unit_test(one_that_ceased_names_what_is_there_now),
        cmocka_unit_test(a_language_has_one_code_of_many),
        cmocka_unit_test(not_every_code_is_of_a_language),
        cmocka_unit_test(a_language_meets_what_it_is_spoken_of_as),
        cmocka_unit_test(an_occupation_exists_in_its_scheme),
        cmocka_unit_test(occupations_meet_through_isco),
        cmocka_unit_test(groups_lie_to_those_that_their_occupations_lie_to),
        cmocka_unit_test(no_more_are_told_than_there_is_room),
        cmocka_unit_test(it_is_kept_for_as_long_as_is_said_where_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
