#define _GNU_SOURCE /* memmem */
/* A service that was restored from a backup alone, and goes on otherwise: whoever took more of it than there is now
 * stops, also where that shows only in what it took long ago, and goes on from where its operator says; what is there
 * now then comes once. The service is the registry, the follower the toy of view.h. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/random.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "core/pack.h"
#include "service/talk.h"
#include "service/view.h"

enum {
    PROGRAMMES = 12,
    EARLY = 4, /* closed before the backup, and so for good */
    FEW = 3,
    MANY = 20, /* so that what was lost is outgrown */
};

static pid_t registry, toy;
static struct id programmes[PROGRAMMES];
static int made;

static void stop(pid_t *pid, int number)
{
    if (*pid == 0) return;
    SEND_SIGNAL(*pid, number);
    assert_int_equal(waitpid(*pid, NULL, 0), *pid);
    *pid = 0;
}

static void start_toy(const char *letters)
{
    stop(&toy, SIGTERM);
    toy = talk_start(TALK_SELF, letters, NULL);
    talk_dial(VIEW_TOY);
}

static void start_registry(void)
{
    registry = talk_start(REGISTRY, NULL, NULL);
    talk_dial("registry");
}

static void run(const char *command)
{
    assert_int_equal(system(command), 0);
}

static struct id make(void)
{
    talk_dial("registry");
    return view_create(++made);
}

/* Everything that there is by now. */
static void take_up_to_now(void)
{
    const struct id last = make();

    talk_dial(VIEW_TOY);
    view_wait(view_is_known, last);
}

static bool is_stopped(struct id unused)
{
    static const char line[] = "fadder_follow_stopped{from=\"registry\",to=\"" VIEW_TOY "\"";
    struct bus_query query = {.record = "runtime.status"};
    const struct reply *reply = talk_ask(&query);

    (void)unused;
    return reply->is_page &&
           memmem(reply->rows[0].at, reply->rows[0].size, line, sizeof line - 1) != NULL;
}

static void wait_until_stopped(void)
{
    talk_dial(VIEW_TOY);
    view_wait(is_stopped, programmes[0]);
}

static struct bus_command resumption(enum bus_resumption from)
{
    const struct bus_follow_anew body = {.service = "registry", .from = from};
    struct bus_command command = {.type = "runtime.follow_anew",
                                  .role = ACTOR_ROLE_SYS,
                                  .print = {.size = 16},
                                  .id = random_id(clock_now_ms()),
                                  .version = -1};
    size_t size = sizeof command.body.at;
    struct error err;

    assert_true(pack(&bus_follow_anew_descriptor, &body, command.body.at, &size, &err));
    command.body.size = (uint32_t)size;
    return command;
}

static void resume(enum bus_resumption from)
{
    const struct bus_command command = resumption(from);

    talk_dial(VIEW_TOY);
    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
}

/* There are programmes, and a backup of them, after which the rest is closed. Those of the toy's words have taken
 * all of it before the backup is all that there is. */
static void lose(const char *first, const char *then)
{
    for (int i = 0; i < PROGRAMMES; i++)
        programmes[i] = make();
    for (int i = 0; i < EARLY; i++)
        view_close(programmes[i]);
    stop(&registry, SIGTERM);
    run("cp -a registry backup");
    start_registry();
    for (int i = EARLY; i < PROGRAMMES; i++)
        view_close(programmes[i]);
    start_toy(first);
    take_up_to_now();
    if (then != NULL) start_toy(then);
    take_up_to_now();
    stop(&toy, SIGTERM);
    stop(&registry, SIGTERM);
    run("rm -r registry && mv backup registry && touch registry/journal/restored");
    start_registry();
}

/* Where it goes on, the rest is closed again, and more than was lost is made. */
static void outgrow(void)
{
    talk_dial("registry");
    for (int i = EARLY; i < PROGRAMMES; i++)
        view_close(programmes[i]);
    for (int i = 0; i < MANY; i++)
        make();
}

static void what_is_filled_in_stops_where_the_rest_has_parted(void **unused)
{
    (void)unused;
    lose("c", NULL);
    outgrow();
    start_toy("chx");
    wait_until_stopped();
    assert_true(view_count("programme.closed") <= EARLY);
    resume(BUS_RESUMPTION_FORK);
    take_up_to_now();
    assert_int_equal(view_count("programme.closed"), PROGRAMMES);
    assert_int_equal(view_count("programme.created"), made);
}

static void a_journal_that_ends_before_the_rest_has_a_way_out_as_well(void **unused)
{
    (void)unused;
    lose("c", NULL);
    for (int i = EARLY; i < EARLY + FEW; i++)
        view_close(programmes[i]);
    start_toy("chx");
    wait_until_stopped();
    resume(BUS_RESUMPTION_FORK);
    take_up_to_now();
    assert_int_equal(view_count("programme.closed"), EARLY + FEW);
    assert_int_equal(view_count("programme.created"), made);
}

static void from_the_end_what_is_filled_in_is_so_up_to_there(void **unused)
{
    (void)unused;
    lose("c", NULL);
    outgrow();
    start_toy("chx");
    wait_until_stopped();
    resume(BUS_RESUMPTION_END);
    take_up_to_now();
    assert_int_equal(view_count("programme.closed"), PROGRAMMES);
    assert_int_equal(view_count("programme.created"), made - MANY);
}

static void from_the_start_everything_is_taken_again(void **unused)
{
    (void)unused;
    lose("c", NULL);
    outgrow();
    start_toy("chx");
    wait_until_stopped();
    resume(BUS_RESUMPTION_START);
    take_up_to_now();
    assert_int_equal(view_count("programme.closed"), PROGRAMMES);
    assert_int_equal(view_count("programme.created"), made + PROGRAMMES);
}

/* It had gone further than the fork in what is lost: when it is wanted again, it comes from the fork on. */
static void what_was_left_beyond_the_fork_is_left_at_the_fork(void **unused)
{
    (void)unused;
    lose("cx", "c");
    outgrow();
    start_toy("c");
    wait_until_stopped();
    resume(BUS_RESUMPTION_END);
    take_up_to_now();
    assert_int_equal(view_count("programme.closed"), PROGRAMMES); /* also those that were lost */
    stop(&toy, SIGTERM);
    talk_remove(VIEW_TOY "/state"); /* it has to be in the journal */
    start_toy("cx");
    take_up_to_now();
    assert_int_equal(view_count("programme.closed"), 2 * PROGRAMMES - EARLY);
}

static void of_two_that_say_so_at_once_one_is_refused(void **unused)
{
    struct bus_command commands[2];

    (void)unused;
    lose("c", NULL);
    outgrow();
    start_toy("c");
    wait_until_stopped();
    commands[0] = resumption(BUS_RESUMPTION_FORK);
    commands[1] = resumption(BUS_RESUMPTION_END);
    assert_int_equal(talk_say_all(commands, 2), 1);
    take_up_to_now();
    assert_int_equal(view_count("programme.created"), made);
}

static int begin(void **unused)
{
    (void)unused;
    made = 0;
    start_registry();
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    stop(&toy, SIGKILL);
    stop(&registry, SIGKILL);
    talk_remove(VIEW_TOY);
    talk_remove("registry");
    talk_remove("backup");
    return 0;
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    talk_end();
    return 0;
}

#define FROM_THE_BEGINNING(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        FROM_THE_BEGINNING(what_is_filled_in_stops_where_the_rest_has_parted),
        FROM_THE_BEGINNING(a_journal_that_ends_before_the_rest_has_a_way_out_as_well),
        FROM_THE_BEGINNING(from_the_end_what_is_filled_in_is_so_up_to_there),
        FROM_THE_BEGINNING(from_the_start_everything_is_taken_again),
        FROM_THE_BEGINNING(what_was_left_beyond_the_fork_is_left_at_the_fork),
        FROM_THE_BEGINNING(of_two_that_say_so_at_once_one_is_refused),
    };

    if (argc > 1) return view_main(argv + 1);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
