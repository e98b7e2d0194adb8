/* The clock that is believed, when it jumps at a bad moment: while it is looked at, and between two looks. */
#include "test.h"

#include <unistd.h>

#include "base/boot.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/metrics.h"
#include "service/talk.h"
#include "service/timekeeper.h"

static const int64_t day_ms = 86400000, start_ms = 1700000000000;

static int64_t shift_ms; /* of the clock */
static struct files *files;
static int64_t passed_ms;
static struct metrics_metric jumped;
static int readings_left = -1; /* until it jumps by a year; -1: it does not */

int64_t __wrap_clock_now_ms(void);
int64_t __wrap_boot_ms(void);

int64_t __wrap_clock_now_ms(void)
{
    if (readings_left == 0) shift_ms = 365 * day_ms;
    if (readings_left >= 0) readings_left--;
    return start_ms + passed_ms + shift_ms;
}

int64_t __wrap_boot_ms(void)
{
    return passed_ms;
}

static struct timekeeper *open_at(int64_t at_ms)
{
    struct error err;
    struct timekeeper *timekeeper = timekeeper_open(files, ".", &jumped, at_ms, false, &err);

    shift_ms = 0;
    readings_left = -1;
    assert_non_null(timekeeper);
    return timekeeper;
}

static void what_is_believed_is_what_was_looked_at(void **unused)
{
    struct timekeeper *timekeeper = open_at(start_ms);
    int64_t now_ms;

    (void)unused;
    passed_ms += 1000;
    readings_left = 1; /* right after the first */
    assert_true(timekeeper_look(timekeeper, start_ms, &now_ms));
    assert_int_equal(now_ms, start_ms + passed_ms);
    assert_false(timekeeper_look(timekeeper, now_ms, &now_ms));
    assert_int_equal(now_ms, start_ms + passed_ms); /* where the journal stands */
    timekeeper_close(timekeeper);
}

static void between_two_looks_a_clock_that_jumped_is_not_believed_either(void **unused)
{
    struct timekeeper *timekeeper = open_at(start_ms);
    int64_t now_ms;

    (void)unused;
    assert_true(timekeeper_look(timekeeper, start_ms, &now_ms));
    shift_ms = 365 * day_ms;
    passed_ms += 700;
    assert_int_equal(timekeeper_now(timekeeper), start_ms + passed_ms);
    shift_ms = -365 * day_ms;
    assert_int_equal(timekeeper_now(timekeeper), start_ms + passed_ms);
    shift_ms = 60000; /* set right by a minute */
    assert_int_equal(timekeeper_now(timekeeper), start_ms + passed_ms + 60000);
    timekeeper_close(timekeeper);
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    talk_begin();
    return (files = files_open(".", &err)) == NULL;
}

static int tear_down(void **unused)
{
    (void)unused;
    files_close(files);
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_believed_is_what_was_looked_at),
        cmocka_unit_test(between_two_looks_a_clock_that_jumped_is_not_believed_either),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
