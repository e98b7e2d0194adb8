/* Refusals folded together: however many there are, little is said. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "front/refusals.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

static struct refusals *refusals;
static int64_t said, times;

static int begin(void **state)
{
    (void)state;
    refusals = refusals_create();
    said = times = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    refusals_destroy(refusals);
    return 0;
}

static struct refusal_note refused(int who, int about)
{
    struct refusal_note what = {.note = {.kind = AUDIT_KIND_REFUSED,
                                         .what = "person.read",
                                         .code = "forbidden",
                                         .has_about = true,
                                         .has_credential = true},
                                .has_programme = true};

    memcpy(what.note.about.bytes, &about, sizeof about);
    memcpy(what.note.credential.bytes, &who, sizeof who);
    return what;
}

static struct refusal_note stranger(int address)
{
    struct refusal_note what = {.note = {.kind = AUDIT_KIND_SIGN_IN,
                                         .what = "person",
                                         .code = "unauthorized",
                                         .has_address = true}};

    snprintf(what.note.address, sizeof what.note.address, "192.0.2.%d", address);
    return what;
}

static bool add(struct refusal_note what, int64_t at_ms)
{
    what.note.first = what.note.last = (struct instant){at_ms};
    return refusals_add(refusals, &what, at_ms);
}

/* All that is due, as if the registry answered at once. */
static void say(int64_t at_ms)
{
    const struct refusal_note *what;

    while ((what = refusals_next(refusals, at_ms, false)) != NULL) {
        assert_true(what->note.times > 0);
        said++;
        times += what->note.times;
        refusals_said(refusals, what, true, at_ms);
    }
}

static void the_first_is_said_at_once_and_what_follows_after_a_window_that_grows(void **state)
{
    static const int64_t when[] = {0, 1000, 5000, 21000, 85000, 341000, 1365000, 2389000};
    size_t n = 0;

    (void)state;
    for (int64_t at = 0; at <= when[7]; at += 500) {
        const int64_t before = said;

        assert_true(add(refused(1, 1), at));
        say(at);
        if (said == before) continue;
        assert_int_equal(at, when[n++]);
    }
    assert_int_equal(n, 8);
    assert_int_equal(times, when[7] / 500 + 1);
}

static void a_hundred_thousand_refusals_within_a_minute_are_four_notes_and_none_is_lost(
    void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        assert_true(add(refused(1, 1), (int64_t)i * MINUTE_MS / 100000));
        say((int64_t)i * MINUTE_MS / 100000);
    }
    assert_int_equal(said, 4);
    say(2 * MINUTE_MS);
    assert_int_equal(times, 100000);
}

/* Eight are told apart, some more by what they were about, and the rest together. */
static void who_is_refused_a_hundred_thousand_things_is_some_dozens_of_notes(void **state)
{
    const struct refusal_note *what;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        assert_true(add(refused(1, i), (int64_t)i * MINUTE_MS / 100000));
        say((int64_t)i * MINUTE_MS / 100000);
    }
    assert_in_range(said, REFUSALS_EACH + REFUSALS_ABOUT + 1,
                    4 * (REFUSALS_EACH + REFUSALS_ABOUT + 1));
    what = refusals_next(refusals, HOUR_MS, true);
    assert_non_null(what);
    assert_string_equal(what->note.what, "*");
    assert_string_equal(what->note.code, "*");
    assert_false(what->note.has_about);
    times += what->note.times;
    refusals_said(refusals, what, true, HOUR_MS);
    assert_null(refusals_next(refusals, HOUR_MS, true));
    assert_int_equal(times, 100000);

    assert_true(add(refused(2, 1), HOUR_MS)); /* another's is another's */
    what = refusals_next(refusals, HOUR_MS, true);
    assert_non_null(what);
    assert_true(what->note.has_about);
    refusals_said(refusals, what, true, HOUR_MS);
}

/* Whom somebody looked for is seen behind what they were refused besides, to hide that. */
static void eight_decoys_hide_nobody(void **state)
{
    const struct refusal_note *what;
    struct refusal_note whom = refused(1, 1000);
    bool is_seen = false;

    (void)state;
    for (int i = 0; i < REFUSALS_EACH; i++)
        assert_true(add(refused(1, i), i));
    for (int i = 0; i < 3; i++)
        assert_true(add(whom, 10));
    while ((what = refusals_next(refusals, 10, true)) != NULL) {
        const bool is_theirs = what->note.has_about && id_equal(what->note.about, whom.note.about);

        assert_true(what->note.has_about);
        is_seen |= is_theirs && what->note.times == 3;
        refusals_said(refusals, what, true, 10);
    }
    assert_true(is_seen);
}

static void of_addresses_some_are_told_apart_and_the_rest_together(void **state)
{
    const struct refusal_note *what;
    size_t together = 0;

    (void)state;
    for (int i = 0; i < 200; i++)
        assert_true(add(stranger(i), i));
    while ((what = refusals_next(refusals, 200, true)) != NULL) {
        said++;
        times += what->note.times;
        together += strcmp(what->note.address, "*") == 0;
        refusals_said(refusals, what, true, 200);
    }
    assert_int_equal(said, REFUSALS_ADDRESSES + 1);
    assert_int_equal(together, 1);
    assert_int_equal(times, 200);
}

/* The same command with the same words, until it is answered: what comes meanwhile is of the next. */
static void what_could_not_be_said_is_said_again_as_it_was(void **state)
{
    const struct refusal_note *what;
    struct refusal_note first;

    (void)state;
    assert_true(add(refused(1, 1), 0));
    what = refusals_next(refusals, 0, false);
    assert_non_null(what);
    first = *what;
    assert_true(add(refused(1, 1), 10));
    assert_null(refusals_next(refusals, 5000, false)); /* it is under way */
    refusals_said(refusals, what, false, 5000);
    assert_null(refusals_next(refusals, 5000 + REFUSALS_FIRST_MS - 1, false));
    what = refusals_next(refusals, 5000 + REFUSALS_FIRST_MS, false);
    assert_non_null(what);
    assert_memory_equal(what, &first, sizeof first);
    refusals_said(refusals, what, true, 7000);
    what = refusals_next(refusals, 8000, false);
    assert_non_null(what);
    assert_int_equal(what->note.times, 1);
    assert_int_equal(what->note.first.ms, 10);
    assert_false(id_equal(what->command, first.command));
    refusals_said(refusals, what, true, 8000);
}

static void who_has_been_quiet_gives_way_and_never_what_is_not_said_yet(void **state)
{
    (void)state;
    for (int i = 0; i < REFUSALS_MAX; i++)
        assert_true(add(refused(i, 1), i / 2));
    assert_false(add(refused(REFUSALS_MAX, 1), 1000)); /* lost: nothing of it has been said */
    say(1000);
    assert_int_equal(said, REFUSALS_MAX);
    assert_true(add(refused(0, 1), 1500)); /* not said, so it stays */
    assert_true(
        add(refused(REFUSALS_MAX, 1), 1600)); /* in the room of 1, which was quiet longest */
    say(1600);
    assert_int_equal(said, REFUSALS_MAX + 1);
    say(2600);
    assert_int_equal(said, REFUSALS_MAX + 2);
    assert_int_equal(times, REFUSALS_MAX + 2);
}

static void who_was_quiet_for_an_hour_is_new_again(void **state)
{
    (void)state;
    assert_true(add(refused(1, 1), 0));
    say(0);
    assert_true(add(refused(1, 1), 500));
    say(500);
    assert_int_equal(said, 1);
    say(1000);
    assert_int_equal(said, 2);
    say(500 + REFUSALS_KEPT_MS);
    assert_true(add(refused(1, 1), 501 + REFUSALS_KEPT_MS));
    say(501 + REFUSALS_KEPT_MS);
    assert_int_equal(said, 3);
    assert_true(add(refused(1, 1), 502 + REFUSALS_KEPT_MS));
    say(501 + REFUSALS_KEPT_MS + REFUSALS_FIRST_MS);
    assert_int_equal(said, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_first_is_said_at_once_and_what_follows_after_a_window_that_grows, begin, end),
        cmocka_unit_test_setup_teardown(
            a_hundred_thousand_refusals_within_a_minute_are_four_notes_and_none_is_lost, begin,
            end),
        cmocka_unit_test_setup_teardown(
            who_is_refused_a_hundred_thousand_things_is_some_dozens_of_notes, begin, end),
        cmocka_unit_test_setup_teardown(eight_decoys_hide_nobody, begin, end),
        cmocka_unit_test_setup_teardown(of_addresses_some_are_told_apart_and_the_rest_together,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_could_not_be_said_is_said_again_as_it_was, begin, end),
        cmocka_unit_test_setup_teardown(who_has_been_quiet_gives_way_and_never_what_is_not_said_yet,
                                        begin, end),
        cmocka_unit_test_setup_teardown(who_was_quiet_for_an_hour_is_new_again, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
