/* A disk that fails, and an error in the middle of a batch: what was answered is there afterwards, and what is
 * not there was not answered. The service is a toy of two of mentor-assignment's aggregates, in this same program,
 * given the word "toy". */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/random.h"
#include "contract/programme.h"
#include "core/error.h"
#include "core/pack.h"
#include "disk.h"
#include "fold/aggregate.h"
#include "matching_rules/matching_rules.h"
#include "municipality/municipality.h"
#include "service/service.h"
#include "service/talk.h"

enum { ROUNDS = 5 };

/* The toy. */

static struct aggregate places, rules;
static const struct aggregate *const aggregates[] = {&places, &rules, NULL};
static const struct service toy = {.name = "toy", .fold_id = "toy", .aggregates = aggregates};

/* A file of that name is there once. */
static bool is_wanted(const char *name)
{
    return unlink(name) == 0;
}

/* The disk fails from the moment on that it is decided. */
static bool decide(const void *c, const void *in, void *out, struct error *err)
{
    if (is_wanted("break-journal")) disk_fail("toy/journal");
    if (is_wanted("break-state")) disk_fail("toy/state");
    return municipality_aggregate.decide(c, in, out, err);
}

/* An error, and no fault: once. */
static bool find(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    const struct matching_rules_input *input = in;

    if (input->type == MATCHING_RULES_ON_PROGRAMME_CREATED &&
        strncmp(input->programme_created.slug, "faulty", 6) == 0 && is_wanted("fault"))
        return error_set(err, ERROR_BROKEN, "toy", "It cannot be found out.");
    return matching_rules_aggregate.find(txn, in, found, err);
}

static int be_toy(char **argv)
{
    places = municipality_aggregate;
    places.decide = decide;
    rules = matching_rules_aggregate;
    rules.find = find;
    return service_main(&toy, 1, argv);
}

/* Around it. */

static pid_t registry, service;
static int made;

static void want(const char *name)
{
    const int fd = open(name, O_WRONLY | O_CREAT, 0600);

    assert_true(fd >= 0);
    close(fd);
}

static void start_toy(void)
{
    service = talk_start(TALK_SELF, "toy", NULL);
    talk_dial("toy");
}

static struct bus_command next_creation(void)
{
    struct municipality_locate body = {.easting = 1, .northing = 1};
    struct bus_command command = {.type = "municipality.locate",
                                  .role = ACTOR_ROLE_SYS,
                                  .print = {.size = 16},
                                  .id = random_id(clock_now_ms()),
                                  .has_programme = true,
                                  .programme = {{1}},
                                  .has_country = true};
    size_t size = sizeof command.body.at;
    struct error err;

    snprintf(body.code, sizeof body.code, "%04d", 1000 + made++);
    assert_true(pack(&municipality_locate_descriptor, &body, command.body.at, &size, &err));
    command.body.size = (uint32_t)size;
    return command;
}

static void wait_for_death(void)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    int status;

    while (waitpid(service, &status, WNOHANG) == 0)
        assert_true(clock_steady_ms() < until_ms);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static int64_t count(const char *record, struct id key)
{
    struct bus_query query = {.has_key = true, .key = key};
    const struct reply *reply;

    snprintf(query.record, sizeof query.record, "%s", record);
    reply = talk_ask(&query);
    assert_true(reply->is_page);
    return reply->page.count;
}

static void create_one(void)
{
    const struct bus_command command = next_creation();

    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
}

static void a_journal_that_cannot_be_written_answers_nothing(void **unused)
{
    const struct bus_command command = next_creation();
    const struct reply *reply;

    (void)unused;
    create_one();
    want("break-journal");
    assert_false(talk_say(&command, LOST_MS)->is_accepted);
    wait_for_death();
    start_toy();
    reply = talk_say(&command, PATIENCE_MS);
    assert_true(reply->is_accepted);
    assert_int_equal(count("municipality", reply->accepted.aggregate), 1);
}

static void a_state_that_cannot_be_written_loses_nothing(void **unused)
{
    const struct bus_command command = next_creation();
    struct bus_accepted accepted;

    (void)unused;
    want("break-state");
    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted); /* the journal has it */
    wait_for_death();
    start_toy();
    accepted = talk_say(&command, PATIENCE_MS)->accepted;
    assert_int_equal(count("municipality", accepted.aggregate), 1);
}

static struct id programme_in_registry(void)
{
    char slug[32];
    struct bus_command command;
    const struct reply *reply;

    snprintf(slug, sizeof slug, "faulty-%d", made++);
    command = talk_create(slug);
    talk_dial("registry");
    reply = talk_say(&command, PATIENCE_MS);
    assert_true(reply->is_accepted);
    return reply->accepted.aggregate;
}

/* A command and an event that ends the service come while it stands still, so most likely into one batch;
 * whichever way it goes, what is answered is kept. */
static void what_was_accepted_in_a_batch_that_is_given_up_is_not_answered(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        const struct bus_command command = next_creation();
        struct reply first;
        struct id id;
        int64_t kept;

        create_one();
        want("fault");
        kill(service, SIGSTOP);
        programme_in_registry();
        talk_dial("toy");
        first = *talk_say(&command, LOST_MS); /* nobody answers; it lies there */
        assert_false(first.is_accepted);
        kill(service, SIGCONT);
        first = *talk_say(&command, LOST_MS);
        id = first.accepted.aggregate;
        wait_for_death();
        start_toy();
        kept = first.is_accepted ? count("municipality", id) : 1;
        assert_int_equal(kept, 1);
        assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
    }
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    registry = talk_start(REGISTRY, NULL, NULL);
    start_toy();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    kill(service, SIGKILL);
    waitpid(service, NULL, 0);
    kill(registry, SIGKILL);
    waitpid(registry, NULL, 0);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_journal_that_cannot_be_written_answers_nothing),
        cmocka_unit_test(a_state_that_cannot_be_written_loses_nothing),
        cmocka_unit_test(what_was_accepted_in_a_batch_that_is_given_up_is_not_answered),
    };

    if (argc > 1) return be_toy(argv);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
