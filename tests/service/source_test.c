#define _GNU_SOURCE /* memmem */
/* A service that changes: what it did not subscribe to at first is filled in later, once, and in its
 * own journal; also what it once had, and what was being filled in when it changed again. The service
 * is the toy of view.h: this same program, given its word. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "contract/bus.h"
#include "service/talk.h"
#include "service/view.h"

enum { PROGRAMMES = 300, CHANGES = 100 };

/* A minute for the toy goes by when there is a file of that name. */
int64_t __real_clock_steady_ms(void);
int64_t __wrap_clock_steady_ms(void);

int64_t __wrap_clock_steady_ms(void)
{
    return __real_clock_steady_ms() + (access("a-minute-later", F_OK) == 0 ? 61000 : 0);
}

static pid_t registry, service;

static void start_toy(const char *letters)
{
    service = talk_start(TALK_SELF, letters, NULL);
}

static void stop(pid_t pid, int number)
{
    SEND_SIGNAL(pid, number);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static struct id programmes[PROGRAMMES];
static int closed; /* how many */

static void what_is_subscribed_to_later_is_filled_in_once(void **unused)
{
    (void)unused;
    for (int i = 0; i < PROGRAMMES; i++) {
        programmes[i] = view_create(i);
        if (i % 3 == 0) view_close(programmes[i]);
    }
    start_toy("c");
    talk_dial(VIEW_TOY);
    view_wait(view_is_known, programmes[PROGRAMMES - 1]);
    assert_false(view_is_closed(programmes[0]));
    stop(service, SIGTERM);

    start_toy("chx");
    view_wait(view_is_closed, programmes[0]);
    stop(service, SIGKILL); /* most likely in the middle of it */
    start_toy("chx");
    view_wait(view_is_closed, programmes[0]);
    view_wait(view_is_closed, programmes[PROGRAMMES - 3]);
    talk_dial("registry");
    view_close(programmes[1]); /* and then goes on with everything */
    talk_dial(VIEW_TOY);
    view_wait(view_is_closed, programmes[1]);
    closed = PROGRAMMES / 3 + 1;
    assert_int_equal(view_count("programme.closed"), closed);
    assert_int_equal(view_count("programme.created"), PROGRAMMES);
}

static void start_anew_with(const char *letters)
{
    stop(service, SIGTERM);
    start_toy(letters);
}

static void take_up_to_now(struct id *last)
{
    static int more = PROGRAMMES;

    talk_dial("registry");
    *last = view_create(++more);
    talk_dial(VIEW_TOY);
    view_wait(view_is_known, *last);
}

static void what_was_given_up_for_a_while_is_filled_in_from_there_once(void **unused)
{
    struct id last;

    (void)unused;
    start_anew_with("c");
    talk_dial("registry");
    for (int i = 2; i < 20; i += 3, closed++)
        view_close(programmes[i]);
    take_up_to_now(&last);
    assert_false(view_is_closed(programmes[2]));
    start_anew_with("chx");
    view_wait(view_is_closed, programmes[2]);
    view_wait(view_is_closed, programmes[17]);
    take_up_to_now(&last);
    assert_int_equal(view_count("programme.closed"), closed);
}

/* Two changes in a row: neither what was being filled in nor what came with the next is lost, and none
 * comes twice; also not when the next gives up what was being filled in. */
static void filling_in_that_another_version_interrupts_goes_on_once(void **unused)
{
    static const char *const next[] = {"chx", "cx"};
    struct id last;

    (void)unused;
    talk_dial("registry");
    for (int i = 1; i < 3 * CHANGES; i += 3)
        if (i > 1) view_change(programmes[i]);
    for (size_t i = 0; i < 2; i++) {
        stop(service, SIGTERM);
        talk_remove(VIEW_TOY);
        start_toy("c");
        take_up_to_now(&last);
        start_anew_with("sch");
        view_wait(view_is_changed, programmes[4]);
        stop(service, SIGKILL);
        start_toy(next[i]);
        view_wait(view_is_closed, programmes[0]);
        view_wait(view_is_closed, programmes[PROGRAMMES - 3]);
        start_anew_with("chx");
        view_wait(view_is_changed, programmes[3 * CHANGES - 2]);
        take_up_to_now(&last);
        assert_int_equal(view_count("programme.changed"), CHANGES - 1);
        assert_int_equal(view_count("programme.closed"), closed);
    }
}

/* The registry's batch has changes and ends by turns; the toy, which is slow, ends in the middle of it. */
static void what_stands_within_a_batch_is_filled_in_up_to_there(void **unused)
{
    enum { PAIRS = 48 };
    static struct bus_command commands[2 * PAIRS], creations[2 * PAIRS];
    static struct id made[2 * PAIRS];
    char slug[32];
    struct id last;

    (void)unused;
    stop(service, SIGTERM);
    talk_remove(VIEW_TOY);
    talk_dial("registry");
    for (int i = 0; i < 2 * PAIRS; i++) {
        snprintf(slug, sizeof slug, "pair-%d", i);
        creations[i] = talk_create(slug);
        made[i] = talk_say(&creations[i], PATIENCE_MS)->accepted.aggregate;
        commands[i] =
            i % 2 == 0 ? talk_change(made[i], 1, VIEW_OFFER_DAYS) : talk_close(made[i], 1);
    }
    assert_int_equal(talk_say_all(commands, 2 * PAIRS), 2 * PAIRS);
    closed += PAIRS;
    start_toy("sh");
    talk_dial(VIEW_TOY);
    view_wait(view_is_changed, made[0]);
    stop(service, SIGKILL);
    talk_dial("registry");
    view_close(programmes[20]); /* what comes behind it is not to be filled in */
    closed++;
    talk_dial(VIEW_TOY);
    start_toy("chx");
    view_wait(view_is_changed, made[2 * PAIRS - 2]);
    take_up_to_now(&last);
    assert_int_equal(view_count("programme.changed"), CHANGES - 1 + PAIRS);
    assert_int_equal(view_count("programme.closed"), closed);
}

static uint64_t head_of_toy(void)
{
    struct bus_query query = {.record = "matching_rules", .limit = 1};
    const struct reply *reply = talk_ask(&query);

    assert_true(reply->is_page);
    return (uint64_t)reply->page.batch;
}

/* What comes and is not subscribed to needs no commit of its own; after a minute it gets one, so that not all
 * of it has to be passed over again. */
static void a_position_that_nothing_else_goes_with_is_written_after_a_minute(void **unused)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    uint64_t head;
    int fd;

    (void)unused;
    start_anew_with("x");
    view_wait(view_is_closed, programmes[0]);
    head = head_of_toy();
    talk_dial("registry");
    view_create(100000);
    talk_dial(VIEW_TOY);
    assert_true((fd = open("a-minute-later", O_WRONLY | O_CREAT, 0600)) >= 0);
    close(fd);
    while (head_of_toy() == head)
        assert_true(clock_steady_ms() < until_ms + 61000);
    assert_int_equal(unlink("a-minute-later"), 0);
}

static bool says(const struct reply *reply, const char *line)
{
    return memmem(reply->rows[0].at, reply->rows[0].size, line, strlen(line)) != NULL;
}

/* It knows of a batch that it has not taken, and hears no more. */
static bool stands_still(struct id unused)
{
    struct bus_query query = {.record = "runtime.status"};
    const struct reply *reply = talk_ask(&query);

    (void)unused;
    return reply->is_page &&
           says(reply, "fadder_lag_batches{from=\"registry\",to=\"" VIEW_TOY "\"} 1\n") &&
           says(reply, "fadder_following{from=\"registry\",to=\"" VIEW_TOY "\"} 0\n");
}

static void what_it_does_not_understand_stops_it_there_and_nothing_is_skipped(void **unused)
{
    struct id programme;

    (void)unused;
    stop(service, SIGTERM);
    talk_dial("registry");
    programme = view_create(PROGRAMMES);
    start_toy("n");
    talk_dial(VIEW_TOY);
    view_wait(stands_still, programme);
    assert_false(view_is_known(programme));
    assert_int_equal(waitpid(service, NULL, WNOHANG), 0); /* and it is still there for others */
    stop(service, SIGTERM);
    start_toy("chx");
    view_wait(view_is_known, programme);
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    registry = talk_start(REGISTRY, NULL, NULL);
    talk_dial("registry");
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    stop(service, SIGKILL);
    stop(registry, SIGKILL);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_subscribed_to_later_is_filled_in_once),
        cmocka_unit_test(what_was_given_up_for_a_while_is_filled_in_from_there_once),
        cmocka_unit_test(filling_in_that_another_version_interrupts_goes_on_once),
        cmocka_unit_test(what_stands_within_a_batch_is_filled_in_up_to_there),
        cmocka_unit_test(what_it_does_not_understand_stops_it_there_and_nothing_is_skipped),
        cmocka_unit_test(a_position_that_nothing_else_goes_with_is_written_after_a_minute),
    };

    if (argc > 1) return view_main(argv + 1);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
