/* An event of another service that kills: set aside with all that comes behind it about the same
 * aggregate, while the rest goes on; and told in order when it is released. The service is a toy that
 * keeps mentor-assignment's view of programmes, and dies of one of them until it is mended; it is this
 * same program, given the word "toy". */
#define _POSIX_C_SOURCE 200809L /* popen */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/random.h"
#include "contract/journal.h"
#include "contract/programme.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "matching_rules/matching_rules.h"
#include "service/service.h"
#include "service/talk.h"

static struct aggregate toy_aggregate;
static const struct aggregate *const aggregates[] = {&toy_aggregate, NULL};
static struct service toy = {
    .name = "mentor-assignment", .fold_id = "toy", .aggregates = aggregates};

static pid_t registry, service;
static int deaths;

static void evolve(void *row, const void *at)
{
    const struct matching_rules_event *event = at;

    if (event->type == MATCHING_RULES_AFTER_PROGRAMME_CREATED &&
        strcmp(event->programme_created.slug, "deadly") == 0 && access("mended", F_OK) != 0)
        abort();
    matching_rules_evolve(row, event);
}

/* An error, and no fault. */
static bool find(struct txn *txn, const void *at, struct ids *found, struct error *err)
{
    const struct matching_rules_input *in = at;

    if (in->type == MATCHING_RULES_ON_PROGRAMME_CREATED &&
        ((strcmp(in->programme_created.slug, "faulty") == 0 && access("found", F_OK) != 0) ||
         strcmp(in->programme_created.slug, "lost") == 0))
        return error_set(err, ERROR_BROKEN, "toy", "It cannot be found out.");
    return matching_rules_aggregate.find(txn, at, found, err);
}

/* "narrow": a version that subscribes to nothing any more. */
static int be_toy(int argc, char **argv)
{
    static struct contract narrow; /* the service's, for as long as it runs */

    toy_aggregate = matching_rules_aggregate;
    if (access("narrow", F_OK) == 0) {
        narrow = *toy_aggregate.contract;
        narrow.subscription_count = 0;
        toy_aggregate.contract = &narrow;
        toy.fold_id = "narrow";
    }
    toy_aggregate.evolve = evolve;
    toy_aggregate.find = find;
    return service_main(&toy, argc, argv);
}

static pid_t start_toy(const char *option)
{
    return talk_start(TALK_SELF, "toy", option);
}

static struct id say(struct bus_command command)
{
    const struct reply *reply;

    talk_dial("registry");
    reply = talk_say(&command, PATIENCE_MS);
    assert_true(reply->is_accepted);
    talk_dial("mentor-assignment");
    return reply->accepted.aggregate;
}

static bool get(struct id programme, struct matching_rules *row)
{
    struct bus_query query = {.record = "matching_rules", .has_key = true, .key = programme};
    const struct reply *reply = talk_ask(&query);
    struct error err;

    return reply->is_page && reply->page.count == 1 &&
           unpack(&matching_rules_descriptor, reply->rows[0].at, reply->rows[0].size, row, &err);
}

/* How many inputs are set aside, and the first of them by id; -1: no answer. */
static int look(struct journal_set_aside *first)
{
    struct bus_query query = {.record = "runtime.quarantine", .role = ACTOR_ROLE_SYS, .limit = 100};
    const struct reply *reply = talk_ask_within(&query, LOST_MS); /* it may be dying just now */
    struct error err;

    if (!reply->is_page) return -1;
    if (reply->page.count > 0)
        assert_true(unpack(&journal_set_aside_descriptor, reply->rows[0].at, reply->rows[0].size,
                           first, &err));
    return (int)reply->page.count;
}

/* A toy that has died is started again. */
static void keep_alive(void)
{
    int status;

    if (waitpid(service, &status, WNOHANG) != service) return;
    assert_true(WTERMSIG(status) == SIGABRT || (WIFEXITED(status) && WEXITSTATUS(status) == 1));
    deaths++;
    service = start_toy(NULL);
}

static void wait_set_aside(int count)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct journal_set_aside first;

    while (look(&first) != count) {
        keep_alive();
        if (clock_steady_ms() > until_ms) fail_msg("not %d set aside in time", count);
    }
}

static bool is_closed(struct id programme)
{
    struct matching_rules row;

    return get(programme, &row) && row.is_closed;
}

static bool is_known(struct id programme)
{
    struct matching_rules row;

    return get(programme, &row);
}

static void wait_until(bool (*claim)(struct id), struct id programme)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (!claim(programme))
        if (clock_steady_ms() > until_ms) fail_msg("it did not happen in time");
}

/* The id of the one that kills: what waits behind it says so. */
static struct id culprit(void)
{
    struct bus_query query = {.record = "runtime.quarantine", .role = ACTOR_ROLE_SYS, .limit = 1};
    struct journal_set_aside entry = {.behind = true};
    struct error err;

    for (int i = 0; entry.behind && i < 10; i++) {
        const struct reply *reply = talk_ask(&query);

        assert_true(reply->is_page && reply->page.count == 1);
        assert_true(unpack(&journal_set_aside_descriptor, reply->rows[0].at, reply->rows[0].size,
                           &entry, &err));
        query.has_after = true;
        query.after = entry.id;
    }
    assert_string_equal(entry.what, "programme.created");
    return entry.id;
}

/* It may die before its answer has left: then it is asked again, and remembers. */
static const struct reply *release(struct id input)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    const struct bus_command command = talk_release(input);
    const struct reply *reply = talk_say(&command, LOST_MS);

    while (!reply->is_accepted && reply->error.kind == ERROR_BUSY && clock_steady_ms() < until_ms) {
        keep_alive();
        reply = talk_say(&command, LOST_MS);
    }
    return reply;
}

/* The operator's program: its exit code, and what it printed. */
static int run(char *printed, size_t size, const char *words)
{
    char line[256];
    FILE *program;
    size_t used;

    snprintf(line, sizeof line, "%s quarantine %s 2>&1", FADDER, words);
    assert_non_null(program = popen(line, "r"));
    used = fread(printed, 1, size - 1, program);
    printed[used] = '\0';
    return WEXITSTATUS(pclose(program));
}

static struct id good, deadly, later;

static void it_and_what_is_behind_it_wait_and_the_rest_goes_on(void **unused)
{
    struct matching_rules row;

    (void)unused;
    good = say(talk_create("good"));
    deadly = say(talk_create("deadly"));
    wait_set_aside(1);
    assert_int_equal(deaths, 2);
    say(talk_close(deadly, 1));
    later = say(talk_create("later"));
    say(talk_close(good, 1));
    wait_set_aside(2);
    wait_until(is_known, later);
    wait_until(is_closed, good);
    assert_false(get(deadly, &row));
    assert_int_equal(deaths, 2);
}

static void what_is_set_aside_is_a_fold_like_all_else(void **unused)
{
    struct matching_rules row;
    int status;

    (void)unused;
    SEND_SIGNAL(service, SIGKILL);
    waitpid(service, NULL, 0);
    talk_remove("mentor-assignment/state");
    service = start_toy(NULL);
    wait_set_aside(2);
    assert_true(get(later, &row));
    assert_false(get(deadly, &row));
    assert_int_equal(waitpid(start_toy("--verify"), &status, 0) > 0 ? WEXITSTATUS(status) : -1, 0);
}

static void the_operator_sees_them(void **unused)
{
    char printed[2048], id[ID_TEXT_SIZE];

    (void)unused;
    assert_int_equal(run(printed, sizeof printed, "show mentor-assignment"), 0);
    id_write(culprit(), id);
    assert_non_null(strstr(printed, id));
    assert_non_null(strstr(printed, "programme.created (event)  about"));
    assert_non_null(strstr(printed, "programme.closed (event, waits behind another)  about"));
    assert_int_equal(run(printed, sizeof printed, "show registry"), 0);
    assert_string_equal(printed, "Nothing is set aside.\n");
    assert_int_equal(run(printed, sizeof printed, "show gateway"), 2);
    id_write(deadly, id);
    assert_int_equal(
        run(printed, sizeof printed, "replay registry 01890000-0000-7000-8000-000000000000"), 1);
    assert_non_null(strstr(printed, "No such input is set aside here."));
    assert_int_equal(run(printed, sizeof printed, "replay registry x"), 2);
}

static void released_too_early_it_is_set_aside_again(void **unused)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct matching_rules row;

    (void)unused;
    deaths = 0;
    assert_true(release(culprit())->is_accepted);
    while (deaths < 2 && clock_steady_ms() < until_ms) {
        keep_alive();
        usleep(10000);
    }
    assert_int_equal(deaths, 2);
    wait_set_aside(2);
    assert_int_equal(deaths, 2);
    assert_false(get(deadly, &row));
}

static void mended_it_is_told_and_then_what_was_behind_it(void **unused)
{
    struct matching_rules row;
    char printed[512], words[80] = "replay mentor-assignment ";
    FILE *file = fopen("mended", "w");
    int status;

    (void)unused;
    assert_non_null(file);
    fclose(file);
    id_write(culprit(), words + strlen(words));
    assert_int_equal(run(printed, sizeof printed, words), 0);
    assert_string_equal(printed, "");
    wait_set_aside(0);
    assert_true(get(deadly, &row));
    assert_int_equal(row.rules.offer_days, 7); /* created, */
    assert_true(row.is_closed);                /* then closed */
    assert_int_equal(row.version, 2);
    assert_string_equal(release(deadly)->error.code, "not_found");
    SEND_SIGNAL(service, SIGKILL);
    waitpid(service, NULL, 0);
    assert_int_equal(waitpid(start_toy("--verify"), &status, 0) > 0 ? WEXITSTATUS(status) : -1, 0);
    talk_remove("mentor-assignment/state");
    service = start_toy(NULL);
    wait_set_aside(0);
    assert_true(get(deadly, &row) && row.is_closed && row.version == 2);
}

static void what_ends_in_an_error_is_set_aside_like_what_kills(void **unused)
{
    struct id faulty;

    (void)unused;
    deaths = 0;
    faulty = say(talk_create("faulty"));
    wait_set_aside(1);
    assert_int_equal(deaths, 2);
    wait_until(is_known, say(talk_create("last")));
    assert_false(is_known(faulty));
    fclose(fopen("found", "w"));
    assert_true(release(culprit())->is_accepted);
    wait_until(is_known, faulty);
}

static void what_is_no_longer_subscribed_to_is_passed_over_when_it_is_released(void **unused)
{
    int status;

    (void)unused;
    say(talk_create("lost"));
    wait_set_aside(1);
    SEND_SIGNAL(service, SIGKILL);
    waitpid(service, NULL, 0);
    fclose(fopen("narrow", "w"));
    service = start_toy(NULL);
    wait_set_aside(1);
    deaths = 0;
    assert_true(release(culprit())->is_accepted);
    wait_set_aside(0);
    assert_int_equal(deaths, 0);
    SEND_SIGNAL(service, SIGKILL);
    waitpid(service, NULL, 0);
    assert_int_equal(waitpid(start_toy("--verify"), &status, 0) > 0 ? WEXITSTATUS(status) : -1, 0);
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    registry = talk_start(REGISTRY, NULL, NULL);
    service = start_toy(NULL);
    talk_dial("mentor-assignment");
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    SEND_SIGNAL(service, SIGKILL);
    SEND_SIGNAL(registry, SIGKILL);
    waitpid(service, NULL, 0);
    waitpid(registry, NULL, 0);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_and_what_is_behind_it_wait_and_the_rest_goes_on),
        cmocka_unit_test(what_is_set_aside_is_a_fold_like_all_else),
        cmocka_unit_test(the_operator_sees_them),
        cmocka_unit_test(released_too_early_it_is_set_aside_again),
        cmocka_unit_test(mended_it_is_told_and_then_what_was_behind_it),
        cmocka_unit_test(what_ends_in_an_error_is_set_aside_like_what_kills),
        cmocka_unit_test(what_is_no_longer_subscribed_to_is_passed_over_when_it_is_released),
    };

    if (argc > 1) return be_toy(argc - 1, argv + 1);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
