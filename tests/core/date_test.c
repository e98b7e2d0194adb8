/* Dates and instants, against the C library's own and at the edges. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "test.h"

#include "core/date.h"
#include "core/instant.h"

/* Against the C library's calendar: every 997th day of ten thousand years. */
static void every_day_is_written_as_the_calendar_has_it(void **unused)
{
    (void)unused;
    for (int64_t day = -719162; day <= 2932896; day += 997) {
        const time_t seconds = day * 24 * 60 * 60;
        char expected[32], text[DATE_TEXT_SIZE];
        struct date back = {0};
        struct tm tm;

        gmtime_r(&seconds, &tm);
        snprintf(expected, sizeof expected, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
                 tm.tm_mday);
        date_write((struct date){day}, text);
        assert_string_equal(text, expected);
        assert_true(date_read(text, 10, &back));
        assert_int_equal(back.day, day);
    }
}

static void the_ends_of_the_calendar_are_there(void **unused)
{
    char text[DATE_TEXT_SIZE];

    (void)unused;
    date_write((struct date){-719162}, text);
    assert_string_equal(text, "0001-01-01");
    date_write((struct date){2932896}, text);
    assert_string_equal(text, "9999-12-31");
    date_write((struct date){0}, text);
    assert_string_equal(text, "1970-01-01");
}

static void what_is_no_date_is_not_read(void **unused)
{
    static const char *const bad[] = {
        "",           "2026-11-2",  "2026-11-222", "2026-11-22 ", "2026/11/22", "20261122",
        "2026-13-01", "2026-00-01", "2026-01-00",  "2026-01-32",  "2026-02-29", "1900-02-29",
        "2100-02-29", "0000-01-01", "-026-01-01",  "2026-1a-01",  "2026-04-31", "+026-01-01",
    };
    struct date date = {42};

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (date_read(bad[i], (uint32_t)strlen(bad[i]), &date)) fail_msg("%s", bad[i]);
    assert_int_equal(date.day, 42);
    assert_true(date_read("2000-02-29", 10, &date));
    assert_true(date_read("2024-02-29", 10, &date));
}

static const struct {
    const char *text;
    int64_t ms;
} instants[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"2026-11-22T10:00:00Z", 1795341600000},
    {"2026-11-22t10:00:00z", 1795341600000},
    {"2026-11-22T11:30:00+01:30", 1795341600000},
    {"2026-11-22T00:00:00-10:00", 1795341600000},
    {"2026-11-22T10:00:00-00:00", 1795341600000},
    {"2026-11-22T10:00:00.5Z", 1795341600500},
    {"2026-11-22T10:00:00.025Z", 1795341600025},
    {"2026-11-22T10:00:00.0259999999999Z", 1795341600025},
    {"1969-12-31T23:59:59.999Z", -1},
    {"0001-01-01T00:00:00Z", -62135596800000},
    {"9999-12-31T23:59:59.999Z", 253402300799999},
};

/* Every day, month and year that there is, as its text; and between these are none. */
static void of_a_day_only_the_month_or_the_year_may_be_known(void **unused)
{
    static const uint32_t says[] = {4, 7, 10};
    char day[DATE_TEXT_SIZE], text[DATE_TEXT_SIZE];

    (void)unused;
    for (int64_t at = -719162; at <= 2932896; at += 331)
        for (size_t i = 0; i < 3; i++) {
            struct partial_date date = {0, 0};

            date_write((struct date){at}, day);
            assert_true(partial_date_read(day, says[i], &date));
            assert_true(date.first <= at && at <= date.last);
            partial_date_write(date, text);
            assert_int_equal(strlen(text), says[i]);
            assert_memory_equal(text, day, says[i]);
            date_write((struct date){date.last}, text);
            assert_memory_equal(text, day, says[i]);
            if (date.last == 2932896) continue;
            date_write((struct date){date.last + 1}, text);
            assert_memory_not_equal(text, day, says[i]);
        }
}

static void what_is_neither_day_nor_month_nor_year_is_not_taken(void **unused)
{
    static const char *const bad[] = {"",        "198",     "1987-",   "1987-5",     "1987-13",
                                      "1987-00", "0000",    "0000-01", "1987-05-",   "1987/05",
                                      "1987-0a", "19870",   "198705",  "1987-02-29", "1987-05-1",
                                      "+987",    "1987 05", "1987.05", "1987-05-17 "};
    static const struct partial_date none[] = {{1, 0},
                                               {0, 1},
                                               {0, 29},
                                               {0, 31},
                                               {1, 31},
                                               {0, 363},
                                               {0, 365},
                                               {31, 395},
                                               {INT64_MIN, 0},
                                               {0, INT64_MAX},
                                               {-719163, -719163},
                                               {INT64_MAX, INT64_MAX},
                                               {2932897, 2932897},
                                               {2932896, INT64_MIN}};
    struct partial_date date = {42, 42};

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (partial_date_read(bad[i], (uint32_t)strlen(bad[i]), &date)) fail_msg("%s", bad[i]);
    assert_int_equal(date.first, 42);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (partial_date_is(none[i])) fail_msg("%zu", i);
    assert_true(partial_date_is((struct partial_date){0, 0}));
    assert_true(partial_date_is((struct partial_date){0, 30}));
    assert_true(partial_date_is((struct partial_date){0, 364}));
}

static void instants_are_read_as_rfc_3339_has_them(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        struct instant instant;

        if (!instant_read(instants[i].text, (uint32_t)strlen(instants[i].text), &instant))
            fail_msg("%s", instants[i].text);
        assert_int_equal(instant.ms, instants[i].ms);
    }
}

static void instants_are_written_in_one_way(void **unused)
{
    char text[INSTANT_TEXT_SIZE];

    (void)unused;
    instant_write((struct instant){1795341600025}, text);
    assert_string_equal(text, "2026-11-22T10:00:00.025Z");
    instant_write((struct instant){-1}, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    instant_write((struct instant){253402300799999}, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

static void what_is_no_instant_is_not_read(void **unused)
{
    static const char *const bad[] = {
        "",
        "2026-11-22",
        "2026-11-22T10:00:00",
        "2026-11-22 10:00:00Z",
        "2026-11-22T10:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2016-12-31T23:59:60Z",
        "2026-11-22T10:00:00.Z",
        "2026-11-22T10:00:00,5Z",
        "2026-11-22T10:00:00.5",
        "2026-11-22T10:00:00+0100",
        "2026-11-22T10:00:00+01",
        "2026-11-22T10:00:00+24:00",
        "2026-11-22T10:00:00+01:60",
        "2026-11-22T10:00:00ZZ",
        "2026-02-30T10:00:00Z",
        "2026-11-22T1a:00:00Z",
    };
    struct instant instant = {42};

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (instant_read(bad[i], (uint32_t)strlen(bad[i]), &instant)) fail_msg("%s", bad[i]);
    assert_int_equal(instant.ms, 42);
}

static void an_instant_falls_on_a_day(void **unused)
{
    (void)unused;
    assert_int_equal(instant_date((struct instant){0}).day, 0);
    assert_int_equal(instant_date((struct instant){86399999}).day, 0);
    assert_int_equal(instant_date((struct instant){86400000}).day, 1);
    assert_int_equal(instant_date((struct instant){-1}).day, -1);
    assert_int_equal(instant_date((struct instant){-86400000}).day, -1);
    assert_int_equal(instant_date((struct instant){-86400001}).day, -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_is_written_as_the_calendar_has_it),
        cmocka_unit_test(the_ends_of_the_calendar_are_there),
        cmocka_unit_test(what_is_no_date_is_not_read),
        cmocka_unit_test(of_a_day_only_the_month_or_the_year_may_be_known),
        cmocka_unit_test(what_is_neither_day_nor_month_nor_year_is_not_taken),
        cmocka_unit_test(instants_are_read_as_rfc_3339_has_them),
        cmocka_unit_test(instants_are_written_in_one_way),
        cmocka_unit_test(what_is_no_instant_is_not_read),
        cmocka_unit_test(an_instant_falls_on_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
