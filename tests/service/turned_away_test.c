/* Programs that are turned away: folded together, told at once and then once a minute, never lost by being told. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "service/turned_away.h"

enum { MINUTE = TURNED_AWAY_EACH_MS };

static struct turned_away *away;
static struct audit_turn_away told;
static unsigned which;

static int begin(void **unused)
{
    (void)unused;
    away = turned_away_create();
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    turned_away_destroy(away);
    return 0;
}

/* How often which program asked for what, as it is told then; it has been told. */
static void expect(int64_t steady_ms, const char *program, const char *what, int64_t times)
{
    assert_true(turned_away_next(away, steady_ms, &told, &which));
    assert_string_equal(told.program, program);
    assert_string_equal(told.what, what);
    assert_int_equal(told.times, times);
    turned_away_told(away, which, &told, true, steady_ms);
}

static void expect_nothing(int64_t steady_ms)
{
    assert_false(turned_away_next(away, steady_ms, &told, &which));
}

static void a_storm_is_told_once_a_minute(void **unused)
{
    (void)unused;
    expect_nothing(1);
    turned_away_note(away, "pages", "audit.note", 1000, 1);
    expect(1, "pages", "audit.note", 1);
    assert_true(told.first.ms == 1000 && told.last.ms == 1000);
    for (int i = 0; i < 100000; i++)
        turned_away_note(away, "pages.2", "audit.note", 2000 + i, 2);
    expect_nothing(MINUTE);
    expect(1 + MINUTE, "pages", "audit.note", 100000);
    assert_true(told.first.ms == 2000 && told.last.ms == 101999);
    expect_nothing(3 * MINUTE); /* nothing has come since */
    turned_away_note(away, "pages", "audit.note", 3000, 3 * MINUTE);
    expect(3 * MINUTE, "pages", "audit.note", 1);
}

static void each_program_is_told_of_by_itself(void **unused)
{
    (void)unused;
    turned_away_note(away, "pages", "audit.note", 1000, 1);
    turned_away_note(away, "gateway", "person.erase", 1000, 1);
    expect(1, "pages", "audit.note", 1);
    expect(1, "gateway", "person.erase", 1);
    expect_nothing(1);
}

static void what_could_not_be_told_is_told_again_with_what_came_meanwhile(void **unused)
{
    (void)unused;
    turned_away_note(away, "pages", "audit.note", 1000, 1);
    assert_true(turned_away_next(away, 1, &told, &which));
    turned_away_told(away, which, &told, false, 1);
    expect_nothing(2);
    turned_away_note(away, "pages", "audit.note", 1500, 2);
    assert_true(turned_away_next(away, 1 + TURNED_AWAY_AGAIN_MS, &told, &which));
    assert_int_equal(told.times, 2);
    turned_away_note(away, "pages", "audit.note", 1600, 3); /* while it is on its way */
    turned_away_told(away, which, &told, true, 1 + TURNED_AWAY_AGAIN_MS);
    expect(1 + TURNED_AWAY_AGAIN_MS + MINUTE, "pages", "audit.note", 1);
}

/* What somebody writes there is theirs; several things are none of them. */
static void what_is_no_name_is_not_kept(void **unused)
{
    static const char *const what[] = {
        "", "Person.read", "person read", "\033[2J",
        "0123456789012345678901234567890123456789012345678901234567890"
        "12345"};

    (void)unused;
    for (size_t i = 0; i < sizeof what / sizeof what[0]; i++) {
        turned_away_note(away, "pages", what[i], 1000, 1);
        expect((int64_t)i * MINUTE + 1, "pages", "*", 1);
    }
    turned_away_note(away, "gateway", "person.erase", 1000, 1);
    turned_away_note(away, "gateway", "audit.note", 1000, 1);
    turned_away_note(away, "gateway", "audit.note", 1000, 1);
    expect(1, "gateway", "*", 3);
}

static void more_programs_than_there_is_room_for_are_one(void **unused)
{
    char name[16];

    (void)unused;
    for (int i = 0; i < 3 * TURNED_AWAY_MAX; i++) {
        snprintf(name, sizeof name, "program-%d", i);
        turned_away_note(away, name, "audit.note", 1000, 1);
    }
    for (int i = 0; i < TURNED_AWAY_MAX; i++) {
        snprintf(name, sizeof name, "program-%d", i);
        expect(1, name, "audit.note", 1);
    }
    expect(1, "*", "audit.note", 2 * TURNED_AWAY_MAX);
    expect_nothing(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_storm_is_told_once_a_minute, begin, end),
        cmocka_unit_test_setup_teardown(each_program_is_told_of_by_itself, begin, end),
        cmocka_unit_test_setup_teardown(
            what_could_not_be_told_is_told_again_with_what_came_meanwhile, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_name_is_not_kept, begin, end),
        cmocka_unit_test_setup_teardown(more_programs_than_there_is_room_for_are_one, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
