/* A disk that fails, and an error in the middle of a batch: what was answered is there afterwards, and what is
 * not there was not answered. The service is a toy of two of mentor-assignment's aggregates, in this same program,
 * given the word "mentor-assignment". */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/random.h"
#include "bus/bus.h"
#include "codes/codes.h"
#include "contract/programme.h"
#include "core/error.h"
#include "core/pack.h"
#include "disk.h"
#include "fold/aggregate.h"
#include "matching_rules/matching_rules.h"
#include "municipality/municipality.h"
#include "service/service.h"
#include "service/talk.h"

/* The toy. */

static struct aggregate places, rules;
static const struct aggregate *const aggregates[] = {&places, &rules, NULL};
static const struct service toy = {
    .name = "mentor-assignment", .fold_id = "toy", .aggregates = aggregates};

/* A file of that name is there once. */
static bool is_wanted(const char *name)
{
    return unlink(name) == 0;
}

/* The disk fails from the moment on that it is decided. */
static bool decide(const void *c, const void *in, void *out, struct error *err)
{
    if (is_wanted("slow")) usleep(500000);
    if (access("busy", F_OK) == 0) usleep(1000);
    if (is_wanted("break-journal")) disk_fail("mentor-assignment/journal");
    if (is_wanted("break-state")) disk_fail("mentor-assignment/state");
    return municipality_aggregate.decide(c, in, out, err);
}

/* An error, and no fault: once, or for as long as the file is there. */
static bool find(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    const struct matching_rules_input *input = in;
    const char *slug =
        input->type == MATCHING_RULES_ON_PROGRAMME_CREATED ? input->programme_created.slug : "";

    if ((strncmp(slug, "faulty", 6) == 0 && is_wanted("fault")) ||
        (strncmp(slug, "stubborn", 8) == 0 && access("stubborn", F_OK) == 0))
        return error_set(err, ERROR_BROKEN, "mentor-assignment", "It cannot be found out.");
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
static struct peer *to_registry;
static struct socket *load;
static int made;

static void want(const char *name)
{
    const int fd = open(name, O_WRONLY | O_CREAT, 0600);

    assert_true(fd >= 0);
    close(fd);
}

static void start_toy(void)
{
    service = talk_start(TALK_SELF, "mentor-assignment", NULL);
    talk_dial("mentor-assignment");
}

/* The next one that there is in Sweden. */
static void next_code(char code[5])
{
    do
        snprintf(code, 5, "%04u", (unsigned)made++ % 2600u);
    while (codes_municipality(COUNTRY_SE, code, 4) == NULL);
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

    next_code(body.code);
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

/* Said, and not waited for. */
static void ignore(void *cookie, const struct reply *reply)
{
    (void)cookie;
    (void)reply;
}

static void say_and_go_on(struct peer *to, const struct bus_command *command)
{
    struct error err;

    assert_true(peer_command(to, command, clock_steady_ms(), PATIENCE_MS, ignore, NULL, &err));
    peer_flush(to);
}

static void make_programme(const char *kind)
{
    char slug[32];
    struct bus_command command;
    struct socket *sockets[PEER_DOORS];
    bool ready[PEER_DOORS];

    snprintf(slug, sizeof slug, "%s-%d", kind, made++);
    command = talk_create(slug);
    say_and_go_on(to_registry, &command);
    peer_sockets(to_registry, sockets);
    while (peer_waiting(to_registry) > 0) {
        bus_wait(sockets, PEER_DOORS, NULL, 0, 20, ready);
        peer_turn(to_registry, clock_steady_ms());
    }
}

/* While one command is decided, which takes its time, an event comes that ends the service, and another
 * command: the next batch has both. */
static void what_was_accepted_in_a_batch_that_is_given_up_is_not_answered(void **unused)
{
    const struct bus_command slow = next_creation(), command = next_creation();
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct reply first;
    struct id id;

    (void)unused;
    want("fault");
    want("slow");
    say_and_go_on(talk_peer(), &slow);
    while (access("slow", F_OK) == 0) {
        assert_true(clock_steady_ms() < until_ms);
        usleep(1000);
    }
    make_programme("faulty");
    first = *talk_say(&command, LOST_MS);
    id = first.accepted.aggregate;
    wait_for_death();
    start_toy();
    if (first.is_accepted) assert_int_equal(count("municipality", id), 1);
    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
}

static bool is_set_aside(void)
{
    struct bus_query query = {.record = "runtime.quarantine", .limit = 100};
    const struct reply *reply = talk_ask_within(&query, LOST_MS);

    return reply->is_page && reply->page.count == 1;
}

/* As many commands as there is room for, by a socket of their own. Whether any has been answered since. */
static bool add_load(void)
{
    char packed[1024] = {'C'};
    struct message *answer;
    struct error err;
    bool has_room = true, is_answered = false;

    for (; (answer = socket_receive(load)) != NULL; is_answered = true)
        message_destroy(answer);
    for (int i = 0; has_room && i < 300; i++) {
        const struct bus_command command = next_creation();
        size_t size = sizeof packed - 1;

        assert_true(pack(&bus_command_descriptor, &command, packed + 1, &size, &err));
        has_room = socket_send(load, NULL, &(struct frame){packed, size + 1}, 1);
    }
    return is_answered;
}

/* Started while nobody tells it of events; they come when it has commands without end. */
static void start_under_load(void)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    SEND_SIGNAL(registry, SIGSTOP);
    start_toy();
    add_load(); /* what comes of those before the end */
    while (!add_load()) {
        assert_true(clock_steady_ms() < until_ms);
        usleep(1000);
    }
    SEND_SIGNAL(registry, SIGCONT);
}

/* An event that ends the service has to be tried alone, and then is set aside: also while commands never
 * cease to come. */
static void a_suspect_has_its_turn_under_load(void **unused)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    int deaths = 0;

    (void)unused;
    want("stubborn");
    want("busy"); /* each takes a while */
    make_programme("stubborn");
    while (!is_set_aside()) {
        assert_true(clock_steady_ms() < until_ms);
        add_load();
        if (waitpid(service, NULL, WNOHANG) != service) continue;
        deaths++;
        start_under_load();
    }
    assert_int_equal(deaths, 2);
    assert_int_equal(unlink("stubborn"), 0);
    assert_int_equal(unlink("busy"), 0);
}

static int set_up(void **unused)
{
    char endpoint[128];
    struct error err;

    (void)unused;
    talk_begin();
    registry = talk_start(REGISTRY, NULL, NULL);
    to_registry = peer_open(talk_bus(), "registry", "operator.second", &err);
    start_toy();
    service_endpoint("mentor-assignment", "commands", endpoint);
    load = bus_dial(talk_bus(), "mentor-assignment", endpoint, "operator.load", &err);
    return to_registry == NULL || load == NULL;
}

static int tear_down(void **unused)
{
    (void)unused;
    SEND_SIGNAL(service, SIGKILL);
    waitpid(service, NULL, 0);
    peer_close(to_registry);
    socket_close(load);
    SEND_SIGNAL(registry, SIGKILL);
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
        cmocka_unit_test(a_suspect_has_its_turn_under_load),
    };

    if (argc > 1) return be_toy(argv);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
