#define _GNU_SOURCE /* memmem */
/* A service that changes: what it did not subscribe to at first is filled in later, once, and in its
 * own journal; also what it once had, and what was being filled in when it changed again. The service
 * is a toy that keeps mentor-assignment's view of programmes: this same program, given a word with a
 * letter for each of the view's subscriptions that it has. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
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

enum { PROGRAMMES = 300, CHANGES = 100, OFFER_DAYS = 9 };

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

/* A minute for the toy goes by when there is a file of that name. */
int64_t __real_clock_steady_ms(void);
int64_t __wrap_clock_steady_ms(void);

int64_t __wrap_clock_steady_ms(void)
{
    return __real_clock_steady_ms() + (access("a-minute-later", F_OK) == 0 ? 61000 : 0);
}

/* Which of matching_rules' subscriptions each of the toy's is. */
static unsigned meant[8];
static bool is_slow;

static bool find_meant(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    const struct matching_rules_input *input = in;

    (void)txn;
    return ids_add(found, input->head.id, err);
}

static void evolve_meant(void *row, const void *event)
{
    const struct timespec while_ = {.tv_nsec = 5000000};
    struct matching_rules_event said = *(const struct matching_rules_event *)event;

    said.type = meant[said.type];
    if (is_slow && said.type == MATCHING_RULES_AFTER_PROGRAMME_CHANGED) nanosleep(&while_, NULL);
    matching_rules_evolve(row, &said);
}

/* c, h, x: created, changed, closed; n: created, but narrow; s: it takes its time with a change. */
static int be_toy(char **argv)
{
    static const char letters[] = "chx";
    static struct subscription subscriptions[3];
    size_t count = 0;

    for (unsigned i = 0; letters[i] != '\0'; i++) {
        if (strchr(argv[0], letters[i]) == NULL) continue;
        meant[count] = i;
        subscriptions[count++] = matching_rules_contract.subscriptions[i];
    }
    is_slow = strchr(argv[0], 's') != NULL;
    contract = matching_rules_contract;
    contract.subscriptions = subscriptions;
    contract.subscription_count = count;
    if (strchr(argv[0], 'n') != NULL) {
        contract.subscriptions = narrow();
        contract.subscription_count = 1;
    }
    toy_aggregate = matching_rules_aggregate;
    toy_aggregate.contract = &contract;
    toy_aggregate.find = find_meant;
    toy_aggregate.evolve = evolve_meant;
    return service_main(&toy, 1, argv);
}

static void start_toy(const char *letters)
{
    service = talk_start(TALK_SELF, letters, NULL);
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

static void change_programme(struct id programme)
{
    const struct bus_command command = talk_change(programme, 1, OFFER_DAYS);

    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
}

static bool read_rules(struct id programme, struct matching_rules *row)
{
    struct bus_query query = {.record = "matching_rules", .has_key = true, .key = programme};
    const struct reply *reply = talk_ask(&query);
    struct error err;

    return reply->is_page && reply->page.count == 1 &&
           unpack(&matching_rules_descriptor, reply->rows[0].at, reply->rows[0].size, row, &err);
}

static bool is_closed(struct id programme)
{
    struct matching_rules row;

    return read_rules(programme, &row) && row.is_closed;
}

static bool is_changed(struct id programme)
{
    struct matching_rules row;

    return read_rules(programme, &row) && row.rules.offer_days == OFFER_DAYS;
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

static struct id programmes[PROGRAMMES];
static int closed; /* how many */

static void what_is_subscribed_to_later_is_filled_in_once(void **unused)
{
    (void)unused;
    for (int i = 0; i < PROGRAMMES; i++) {
        programmes[i] = create(i);
        if (i % 3 == 0) close_programme(programmes[i]);
    }
    start_toy("c");
    talk_dial("toy");
    wait_until(is_known, programmes[PROGRAMMES - 1]);
    assert_false(is_closed(programmes[0]));
    stop(service, SIGTERM);

    start_toy("chx");
    wait_until(is_closed, programmes[0]);
    stop(service, SIGKILL); /* most likely in the middle of it */
    start_toy("chx");
    wait_until(is_closed, programmes[0]);
    wait_until(is_closed, programmes[PROGRAMMES - 3]);
    talk_dial("registry");
    close_programme(programmes[1]); /* and then goes on with everything */
    talk_dial("toy");
    wait_until(is_closed, programmes[1]);
    closed = PROGRAMMES / 3 + 1;
    assert_int_equal(count_rows("programme.closed"), closed);
    assert_int_equal(count_rows("programme.created"), PROGRAMMES);
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
    *last = create(++more);
    talk_dial("toy");
    wait_until(is_known, *last);
}

static void what_was_given_up_for_a_while_is_filled_in_from_there_once(void **unused)
{
    struct id last;

    (void)unused;
    start_anew_with("c");
    talk_dial("registry");
    for (int i = 2; i < 20; i += 3, closed++)
        close_programme(programmes[i]);
    take_up_to_now(&last);
    assert_false(is_closed(programmes[2]));
    start_anew_with("chx");
    wait_until(is_closed, programmes[2]);
    wait_until(is_closed, programmes[17]);
    take_up_to_now(&last);
    assert_int_equal(count_rows("programme.closed"), closed);
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
        if (i > 1) change_programme(programmes[i]);
    for (size_t i = 0; i < 2; i++) {
        stop(service, SIGTERM);
        talk_remove("toy");
        start_toy("c");
        take_up_to_now(&last);
        start_anew_with("sch");
        wait_until(is_changed, programmes[4]);
        stop(service, SIGKILL);
        start_toy(next[i]);
        wait_until(is_closed, programmes[0]);
        wait_until(is_closed, programmes[PROGRAMMES - 3]);
        start_anew_with("chx");
        wait_until(is_changed, programmes[3 * CHANGES - 2]);
        take_up_to_now(&last);
        assert_int_equal(count_rows("programme.changed"), CHANGES - 1);
        assert_int_equal(count_rows("programme.closed"), closed);
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
    talk_remove("toy");
    talk_dial("registry");
    for (int i = 0; i < 2 * PAIRS; i++) {
        snprintf(slug, sizeof slug, "pair-%d", i);
        creations[i] = talk_create(slug);
        made[i] = talk_say(&creations[i], PATIENCE_MS)->accepted.aggregate;
        commands[i] = i % 2 == 0 ? talk_change(made[i], 1, OFFER_DAYS) : talk_close(made[i], 1);
    }
    assert_int_equal(talk_say_all(commands, 2 * PAIRS), 2 * PAIRS);
    closed += PAIRS;
    start_toy("sh");
    talk_dial("toy");
    wait_until(is_changed, made[0]);
    stop(service, SIGKILL);
    talk_dial("registry");
    close_programme(programmes[20]); /* what comes behind it is not to be filled in */
    closed++;
    talk_dial("toy");
    start_toy("chx");
    wait_until(is_changed, made[2 * PAIRS - 2]);
    take_up_to_now(&last);
    assert_int_equal(count_rows("programme.changed"), CHANGES - 1 + PAIRS);
    assert_int_equal(count_rows("programme.closed"), closed);
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
    wait_until(is_closed, programmes[0]);
    head = head_of_toy();
    talk_dial("registry");
    create(100000);
    talk_dial("toy");
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
    start_toy("n");
    talk_dial("toy");
    wait_until(stands_still, programme);
    assert_false(is_known(programme));
    assert_int_equal(waitpid(service, NULL, WNOHANG), 0); /* and it is still there for others */
    stop(service, SIGTERM);
    start_toy("chx");
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
        cmocka_unit_test(what_was_given_up_for_a_while_is_filled_in_from_there_once),
        cmocka_unit_test(filling_in_that_another_version_interrupts_goes_on_once),
        cmocka_unit_test(what_stands_within_a_batch_is_filled_in_up_to_there),
        cmocka_unit_test(what_it_does_not_understand_stops_it_there_and_nothing_is_skipped),
        cmocka_unit_test(a_position_that_nothing_else_goes_with_is_written_after_a_minute),
    };

    if (argc > 1) return be_toy(argv + 1);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
