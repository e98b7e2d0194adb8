/* Days where programmes are, compared with what the machine's own table of time zones (tzdata) says. */
#include "core/zone.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

static struct date day(const char *text)
{
    struct date date;

    assert_true(date_read(text, DATE_TEXT_SIZE - 1, &date));
    return date;
}

static struct instant at(const char *text)
{
    struct instant instant;

    assert_true(instant_read(text, (uint32_t)strlen(text), &instant));
    return instant;
}

static void a_day_begins_at_midnight_there(void **unused)
{
    static const struct {
        const char *instant, *date;
    } rows[] = {
        {"2026-01-15T22:59:59.999Z", "2026-01-15"}, {"2026-01-15T23:00:00Z", "2026-01-16"},
        {"2026-07-15T21:59:59.999Z", "2026-07-15"}, {"2026-07-15T22:00:00Z", "2026-07-16"},
        {"2026-03-28T23:00:00Z", "2026-03-29"}, /* the day on which summer time begins */
        {"2026-03-29T22:00:00Z", "2026-03-30"},     {"2026-10-24T22:00:00Z", "2026-10-25"},
        {"2026-10-25T22:59:59.999Z", "2026-10-25"}, /* the day that has 25 hours */
        {"2026-10-25T23:00:00Z", "2026-10-26"},     {"2026-12-31T23:00:00Z", "2027-01-01"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(zone_date(COUNTRY_SE, at(rows[i].instant)).day, day(rows[i].date).day);
    assert_int_equal(zone_begin(COUNTRY_NO, day("2026-03-29")).ms, at("2026-03-28T23:00:00Z").ms);
    assert_int_equal(zone_begin(COUNTRY_NO, day("2026-03-30")).ms, at("2026-03-29T22:00:00Z").ms);
    assert_int_equal(zone_begin(COUNTRY_NO, day("2026-10-26")).ms, at("2026-10-25T23:00:00Z").ms);
}

static void zone_agrees(enum country country, const char *name)
{
    setenv("TZ", name, 1);
    tzset();
    for (int64_t ms = at("1996-01-01T00:00:00Z").ms; ms < at("2037-12-31T00:00:00Z").ms;
         ms += 11 * HOUR_MS + 59 * 60 * 1000) {
        const time_t seconds = (time_t)(ms / 1000);
        struct tm there;

        assert_non_null(localtime_r(&seconds, &there));
        assert_int_equal(zone_date(country, (struct instant){ms}).day,
                         date_of(there.tm_year + 1900, there.tm_mon + 1, there.tm_mday).day);
    }
}

static void it_is_what_tzdata_says(void **unused)
{
    (void)unused;
    zone_agrees(COUNTRY_SE, "Europe/Stockholm");
    zone_agrees(COUNTRY_NO, "Europe/Oslo");
}

static void a_day_begins_when_it_is_that_day(void **unused)
{
    (void)unused;
    for (int64_t n = day("1996-01-01").day; n < day("2100-01-01").day; n++) {
        const struct instant begin = zone_begin(COUNTRY_SE, (struct date){n});

        assert_int_equal(zone_date(COUNTRY_SE, begin).day, n);
        assert_int_equal(zone_date(COUNTRY_SE, (struct instant){begin.ms - 1}).day, n - 1);
    }
}

static void the_next_morning_is_at_seven_there(void **unused)
{
    static const struct {
        const char *from, *morning;
    } rows[] = {
        {"2026-11-30T04:00:00Z", "2026-11-30T06:00:00Z"},
        {"2026-11-30T06:00:00Z", "2026-11-30T06:00:00Z"},
        {"2026-11-30T06:00:01Z", "2026-12-01T06:00:00Z"},
        {"2026-11-30T23:30:00Z", "2026-12-01T06:00:00Z"}, /* of what is the next day there */
        {"2026-03-28T23:30:00Z", "2026-03-29T05:00:00Z"}, /* summer begins that night */
        {"2026-10-24T22:30:00Z", "2026-10-25T06:00:00Z"}, /* and ends */
        {"2026-07-01T12:00:00Z", "2026-07-02T05:00:00Z"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(zone_next_morning(COUNTRY_NO, at(rows[i].from)).ms,
                         at(rows[i].morning).ms);
    assert_true(zone_next_morning(COUNTRY_SE, (struct instant){INSTANT_LAST}).ms <= INSTANT_LAST);
}

static void years_go_by(void **unused)
{
    (void)unused;
    assert_int_equal(date_add_years(day("2010-11-28"), 16).day, day("2026-11-28").day);
    assert_int_equal(date_add_years(day("2024-02-29"), 1).day, day("2025-02-28").day);
    assert_int_equal(date_add_years(day("2024-02-29"), 4).day, day("2028-02-29").day);
    assert_int_equal(date_add_years(day("9999-12-31"), 10).day, day("9999-12-31").day);
    assert_int_equal(date_add_years(day("0005-01-01"), -10).day, day("0001-01-01").day);
    assert_int_equal(date_year(day("2026-12-31")), 2026);
}

static void months_go_by(void **unused)
{
    (void)unused;
    assert_int_equal(date_add_months(day("2026-11-29"), 1).day, day("2026-12-29").day);
    assert_int_equal(date_add_months(day("2026-12-01"), 1).day, day("2027-01-01").day);
    assert_int_equal(date_add_months(day("2027-01-31"), 1).day, day("2027-02-28").day);
    assert_int_equal(date_add_months(day("2028-01-30"), 1).day, day("2028-02-29").day);
    assert_int_equal(date_add_months(day("2026-03-31"), -4).day, day("2025-11-30").day);
    assert_int_equal(date_add_months(day("9999-12-02"), 1).day, day("9999-12-31").day);
    assert_int_equal(date_add_months(day("0001-01-31"), -1).day, day("0001-01-01").day);
}

static void days_go_no_further_than_the_calendar(void **unused)
{
    (void)unused;
    assert_int_equal(instant_add_days(at("9999-12-31T00:00:00Z"), 1).ms, INSTANT_LAST);
    assert_int_equal(instant_add_days(at("2026-01-01T00:00:00Z"), INT64_MAX).ms, INSTANT_LAST);
    assert_int_equal(instant_add_days(at("2026-01-01T00:00:00Z"), INT64_MIN).ms, INSTANT_FIRST);
    assert_int_equal(instant_add_days(at("9999-12-30T00:00:00Z"), 1).ms,
                     at("9999-12-31T00:00:00Z").ms);
}

static void clocks_show_the_hour_that_it_is_there(void **unused)
{
    static const struct {
        const char *at;
        int64_t minutes;
    } clocks[] = {
        {"2026-11-29T22:59:59.999Z", 23 * 60 + 59}, {"2026-03-29T00:59:00.000Z", 1 * 60 + 59},
        {"2026-03-29T01:00:00.000Z", 3 * 60}, /* summer begins */
        {"2026-03-29T21:59:00.000Z", 23 * 60 + 59}, {"2026-10-25T00:30:00.000Z", 2 * 60 + 30},
        {"2026-10-25T01:30:00.000Z", 2 * 60 + 30}, /* once more */
        {"2026-10-25T22:59:00.000Z", 23 * 60 + 59},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        struct instant at;

        assert_true(instant_read(clocks[i].at, (uint32_t)strlen(clocks[i].at), &at));
        assert_int_equal(zone_minutes(COUNTRY_SE, at), clocks[i].minutes);
        assert_int_equal(zone_minutes(COUNTRY_NO, at), clocks[i].minutes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_begins_at_midnight_there),
        cmocka_unit_test(it_is_what_tzdata_says),
        cmocka_unit_test(a_day_begins_when_it_is_that_day),
        cmocka_unit_test(clocks_show_the_hour_that_it_is_there),
        cmocka_unit_test(the_next_morning_is_at_seven_there),
        cmocka_unit_test(years_go_by),
        cmocka_unit_test(months_go_by),
        cmocka_unit_test(days_go_no_further_than_the_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
