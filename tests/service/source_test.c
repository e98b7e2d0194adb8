#define _GNU_SOURCE /* memmem */
/* A service that grows: what it did not subscribe to at first is filled in later, once, and in its
 * own journal. The service is a toy that keeps mentor-assignment's view of programmes: this same
 * program, given the word of how many of the view's subscriptions it has. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/follow.h"
#include "contract/programme.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "journal/journal.h"
#include "matching_rules/matching_rules.h"
#include "service/service.h"
#include "service/talk.h"
#include "store/table.h"

enum { PROGRAMMES = 300 };

static struct contract contract; /* matching_rules', with as many subscriptions as the test wants */
static struct aggregate toy_aggregate;
static const struct aggregate *const aggregates[] = {&toy_aggregate, NULL};
static const struct service toy = {.name = "toy", .fold_id = "toy", .aggregates = aggregates};

static pid_t registry, service;

/* As an older version would know programme.created: with slugs of three characters at the most. */
static const struct subscription *narrow(void)
{
    static struct field fields[64];
    static struct descriptor created;
    static struct subscription subscription;

    created = programme_created_descriptor;
    memcpy(fields, created.fields, created.count * sizeof fields[0]);
    for (size_t i = 0; i < created.count; i++)
        if (strcmp(fields[i].name, "slug") == 0) fields[i].max = 3;
    created.fields = fields;
    subscription = (struct subscription){&created, "registry"};
    return &subscription;
}

/* The first of the subscriptions are created, changed and closed; 0: created, but narrow. */
static int be_toy(char **argv)
{
    const size_t subscriptions = strtoul(argv[0], NULL, 10);

    contract = matching_rules_contract;
    contract.subscription_count = subscriptions == 0 ? 1 : subscriptions;
    if (subscriptions == 0) contract.subscriptions = narrow();
    toy_aggregate = matching_rules_aggregate;
    toy_aggregate.contract = &contract;
    return service_main(&toy, 1, argv);
}

static void start_toy(const char *subscriptions)
{
    service = talk_start(TALK_SELF, subscriptions, NULL);
}

static void stop(pid_t pid, int number)
{
    kill(pid, number);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static struct id create(int n)
{
    char slug[32];
    struct bus_command command;

    snprintf(slug, sizeof slug, "programme-%d", n);
    command = talk_create(slug);
    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
    return talk_say(&command, PATIENCE_MS)->accepted.aggregate;
}

static void close_programme(struct id programme)
{
    const struct bus_command command = talk_close(programme, 1);

    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
}

static bool is_closed(struct id programme)
{
    struct bus_query query = {.record = "matching_rules", .has_key = true, .key = programme};
    const struct reply *reply = talk_ask(&query);
    struct matching_rules row;
    struct error err;

    return reply->is_page && reply->page.count == 1 &&
           unpack(&matching_rules_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err) &&
           row.is_closed;
}

static bool is_known(struct id programme)
{
    struct bus_query query = {.record = "matching_rules", .has_key = true, .key = programme};
    const struct reply *reply = talk_ask(&query);

    return reply->is_page && reply->page.count == 1;
}

static void wait_until(bool (*claim)(struct id), struct id programme)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (!claim(programme))
        if (clock_steady_ms() > until_ms) fail_msg("it did not happen in time");
}

/* How often the toy's journal has an event of that type, up to its head. */
static int count_rows(const char *type)
{
    static const char *const all[] = {"*", NULL};
    static struct foreign foreign;
    const struct journal_position from = {.within = 0};
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct error err;
    struct follower *follower = follower_create(talk_bus(), "tester", "toy", all, &from, &err);
    struct bytes name, of;
    uint64_t head = 0;
    int count = 0;

    while (!follower_head(follower, clock_steady_ms(), &head) ||
           (uint64_t)follower_position(follower)->batch < head) {
        struct socket *socket = follower_socket(follower);
        bool ready;

        assert_true(clock_steady_ms() < until_ms);
        follower_turn(follower, clock_steady_ms());
        while (follower_next(follower, &foreign)) {
            for (uint32_t i = 0; i < foreign.count; i++)
                count += row_type(foreign.rows[i].row, &name, &of) && name.size == strlen(type) &&
                         memcmp(name.at, type, name.size) == 0;
            follower_consumed(follower, &foreign, UINT32_MAX);
        }
        bus_wait(&socket, 1, NULL, 0, 20, &ready);
    }
    follower_destroy(follower);
    return count;
}

static void what_is_subscribed_to_later_is_filled_in_once(void **unused)
{
    static struct id programmes[PROGRAMMES];

    (void)unused;
    for (int i = 0; i < PROGRAMMES; i++) {
        programmes[i] = create(i);
        if (i % 3 == 0) close_programme(programmes[i]);
    }
    start_toy("1");
    talk_dial("toy");
    wait_until(is_known, programmes[PROGRAMMES - 1]);
    assert_false(is_closed(programmes[0]));
    stop(service, SIGTERM);

    start_toy("3");
    wait_until(is_closed, programmes[0]);
    stop(service, SIGKILL); /* most likely in the middle of it */
    start_toy("3");
    wait_until(is_closed, programmes[0]);
    wait_until(is_closed, programmes[PROGRAMMES - 3]);
    talk_dial("registry");
    close_programme(programmes[1]); /* and then goes on with everything */
    talk_dial("toy");
    wait_until(is_closed, programmes[1]);
    assert_int_equal(count_rows("programme.closed"), PROGRAMMES / 3 + 1);
    assert_int_equal(count_rows("programme.created"), PROGRAMMES);
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
    return reply->is_page && says(reply, "fadder_lag_batches{from=\"registry\",to=\"toy\"} 1\n") &&
           says(reply, "fadder_following{from=\"registry\",to=\"toy\"} 0\n");
}

static void what_it_does_not_understand_stops_it_there_and_nothing_is_skipped(void **unused)
{
    struct id programme;

    (void)unused;
    stop(service, SIGTERM);
    talk_dial("registry");
    programme = create(PROGRAMMES);
    start_toy("0");
    talk_dial("toy");
    wait_until(stands_still, programme);
    assert_false(is_known(programme));
    assert_int_equal(waitpid(service, NULL, WNOHANG), 0); /* and it is still there for others */
    stop(service, SIGTERM);
    start_toy("3");
    wait_until(is_known, programme);
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
        cmocka_unit_test(what_it_does_not_understand_stops_it_there_and_nothing_is_skipped),
    };

    if (argc > 1) return be_toy(argv + 1);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
