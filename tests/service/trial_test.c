#define _GNU_SOURCE /* memmem */
/* An input that kills the service: tried alone, set aside after the second time, and nothing else is
 * lost. The service is a toy with the programme's contract and a decider that can be made to die; it is
 * this same program, given the word "toy". */
#include <limits.h>
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
#include "service/service.h"
#include "service/talk.h"
#include "store/table.h"

/* The toy. */

struct programme_case {
    struct programme row;
};

static const struct table toys = {.number = 1, .row = &programme_descriptor};

static bool programme_load(struct txn *txn, struct id id, const struct programme_input *in,
                           struct programme_case *c, struct error *err)
{
    (void)in;
    return table_get(txn, &toys, id, &c->row, err);
}

/* Until the stack is used up. */
static int descend(int depth)
{
    volatile char page[4096];

    page[depth % (int)sizeof page] = (char)depth;
    return depth == INT_MAX ? 0 : descend(depth + 1) + page[depth % (int)sizeof page];
}

/* The first three times, the worker dies meanwhile. */
static void wait_for_the_worker(void)
{
    FILE *file = fopen("tries", "a");
    long tries;

    fputc('.', file);
    tries = ftell(file);
    fclose(file);
    if (tries > 3) return;
    fclose(fopen("strike", "w"));
    for (int i = 0; i < 6000; i++) /* it ends with the process, at once */
        usleep(10000);
}

static void work(struct worker *worker)
{
    while (worker_wait(worker, 10))
        if (remove("strike") == 0) abort();
}

static bool programme_decide(const struct programme_case *c, const struct programme_input *in,
                             struct programme_events *out, struct error *err)
{
    if (in->type == PROGRAMME_CLOSE) {
        if (c->row.state == PROGRAMME_STATE_CLOSED)
            return error_set(err, ERROR_INVALID, "closed", "It is closed.");
        if (access("mended", F_OK) != 0) abort();
        programme_emit(out, PROGRAMME_CLOSED, in->head.id);
    }
    if (in->type != PROGRAMME_CREATE) return true;
    if (strcmp(in->programme_create.slug, "deadly") == 0 && access("mended", F_OK) != 0) abort();
    if (strcmp(in->programme_create.slug, "deep") == 0) descend(0);
    if (strcmp(in->programme_create.slug, "innocent") == 0) wait_for_the_worker();
    if (strcmp(in->programme_create.slug, "killed") == 0) raise(SIGKILL);
    programme_emit(out, PROGRAMME_CREATED, in->head.ids[0])->programme_created.countries.count = 1;
    out->at[0].programme_created.languages.count = 1;
    memcpy(out->at[0].programme_created.slug, in->programme_create.slug, 49);
    strcpy(out->at[0].programme_created.name, "Toy");
    return true;
}

static void programme_evolve(struct programme *row, const struct programme_event *event)
{
    row->state = PROGRAMME_STATE_CLOSED;
    if (event->type == PROGRAMME_CLOSED) return;
    row->state = PROGRAMME_STATE_OPEN;
    memcpy(row->slug, event->programme_created.slug, 49);
    strcpy(row->name, "Toy");
    row->countries = event->programme_created.countries;
    row->languages = event->programme_created.languages;
}

/* "due": from the first moment on; "twice": and when that has been done, again, long ago too. */
static struct instant toy_due(const void *at, unsigned *command)
{
    const struct programme *row = at;

    *command = PROGRAMME_CLOSE;
    if (strcmp(row->slug, "twice") == 0)
        return (struct instant){row->state == PROGRAMME_STATE_OPEN ? 1 : 2};
    return (struct instant){row->state == PROGRAMME_STATE_OPEN && strcmp(row->slug, "due") == 0};
}

AGGREGATE_DECIDE(programme)
AGGREGATE_EVOLVE(programme)

static const struct aggregate toy_aggregate = {
    .contract = &programme_contract,
    .table = &toys,
    .case_size = sizeof(struct programme_case),
    .load = programme_load_,
    .decide = programme_decide_,
    .evolve = programme_evolve_,
    .due = toy_due,
};
static const struct aggregate *const aggregates[] = {&toy_aggregate, NULL};
static const struct service toy = {
    .name = "toy", .fold_id = "toy", .aggregates = aggregates, .work = work};

/* Around it. */

static pid_t service;
static const struct reply *answer;

static void start(void)
{
    service = talk_start(TALK_SELF, "toy", NULL);
}

/* A service that has died is started again; by which signal it died, or 0. */
static int keep_alive(void)
{
    int status;

    if (waitpid(service, &status, WNOHANG) != service) return 0;
    start();
    return WTERMSIG(status);
}

/* Ask until it is answered, or that many have died of it. How often it died. */
static int ask_until(const struct bus_command *command, int deaths_max, int *signal_number)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    int deaths = 0, number;

    while (deaths < deaths_max && clock_steady_ms() < until_ms) {
        answer = talk_say(command, LOST_MS);
        if (answer->is_accepted || answer->error.kind != ERROR_BUSY) break;
        if ((number = keep_alive()) == 0) continue;
        *signal_number = number;
        deaths++;
    }
    return deaths;
}

static int ask(const struct bus_command *command, int *signal_number)
{
    return ask_until(command, INT_MAX, signal_number);
}

/* Tell that an input is to be tried again. */
static bool release(struct id input)
{
    const struct bus_command command = talk_release(input);
    int number;

    ask(&command, &number);
    return answer->is_accepted;
}

/* How many inputs are set aside, and the first of them; -1: no answer. */
static int look(struct journal_set_aside *first)
{
    struct bus_query query = {.record = "runtime.quarantine", .role = ACTOR_ROLE_SYS, .limit = 10};
    const struct reply *reply = talk_ask_within(&query, LOST_MS);
    struct error err;

    if (!reply->is_page) return -1;
    if (reply->page.count > 0)
        assert_true(unpack(&journal_set_aside_descriptor, reply->rows[0].at, reply->rows[0].size,
                           first, &err));
    return (int)reply->page.count;
}

/* Until that many are set aside: it is answered as such before the state has it. The first of them. */
static struct journal_set_aside wait_set_aside(int count)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct journal_set_aside first = {.batch = 0};

    while (look(&first) != count) {
        keep_alive();
        if (clock_steady_ms() > until_ms) fail_msg("not %d set aside in time", count);
    }
    return first;
}

static void mend(bool is_mended)
{
    if (is_mended)
        fclose(fopen("mended", "w"));
    else
        remove("mended");
}

static void it_is_set_aside_after_the_second_time(void **unused)
{
    const struct bus_command good = talk_create("good"), deadly = talk_create("deadly");
    int number;

    (void)unused;
    assert_int_equal(ask(&good, &number), 0);
    assert_true(answer->is_accepted);
    assert_int_equal(ask(&deadly, &number), 2);
    assert_int_equal(number, SIGABRT);
    assert_string_equal(answer->error.code, "quarantined");
    assert_int_equal(ask(&good, &number), 0);
    assert_true(answer->is_accepted);
    assert_true(release(deadly.id));
}

#ifndef __SANITIZE_ADDRESS__ /* which ends the process in its own way */
static void one_that_uses_up_the_stack_is_set_aside_too(void **unused)
{
    const struct bus_command deep = talk_create("deep");
    int number;

    (void)unused;
    assert_int_equal(ask(&deep, &number), 2);
    assert_int_equal(number, SIGSEGV);
    assert_string_equal(answer->error.code, "quarantined");
    assert_true(release(deep.id));
}
#endif

static void what_another_thread_dies_of_is_not_blamed_on_it(void **unused)
{
    const struct bus_command innocent = talk_create("innocent");
    int number;

    (void)unused;
    assert_int_equal(ask(&innocent, &number), 3);
    assert_int_equal(number, SIGABRT);
    assert_true(answer->is_accepted);
}

static void it_stays_set_aside_until_it_is_released(void **unused)
{
    const struct bus_command deadly = talk_create("deadly");
    int number;

    (void)unused;
    assert_int_equal(ask(&deadly, &number), 2);
    assert_int_equal(ask(&deadly, &number), 0); /* not tried */
    assert_string_equal(answer->error.code, "quarantined");
    assert_true(release(wait_set_aside(1).id));
    wait_set_aside(0);
    assert_int_equal(ask(&deadly, &number), 2); /* tried again */
    mend(true);
    assert_true(id_equal(wait_set_aside(1).id, deadly.id));
    assert_true(release(deadly.id));
    assert_int_equal(ask(&deadly, &number), 0);
    assert_true(answer->is_accepted);
    assert_false(release(deadly.id));
    assert_string_equal(answer->error.code, "not_found");
    mend(false);
}

static bool is_closed(struct id programme)
{
    struct bus_query query = {.record = "programme",
                              .role = ACTOR_ROLE_SYS,
                              .has_key = true,
                              .key = programme,
                              .limit = 1};
    const struct reply *reply = talk_ask(&query);
    struct programme row;
    struct error err;

    assert_true(reply->is_page && reply->page.count == 1);
    assert_true(unpack(&programme_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err));
    return row.state == PROGRAMME_STATE_CLOSED;
}

static void a_deadline_that_kills_waits_as_well(void **unused)
{
    const struct bus_command due = talk_create("due"), good = talk_create("good-2");
    struct journal_set_aside entry;
    struct id programme;
    int64_t until_ms;
    int number, found;

    (void)unused;
    found = ask(&due, &number); /* the first death may come before this answer has left, or after */
    assert_true(answer->is_accepted);
    programme = answer->accepted.aggregate;
    found += ask(&good, &number);
    assert_true(answer->is_accepted);
    assert_true(found <= 2);
    entry = wait_set_aside(1);
    assert_true(entry.has_fired);
    assert_string_equal(entry.what, "programme");
    assert_false(is_closed(programme));
    mend(true);
    assert_true(release(entry.id));
    until_ms = clock_steady_ms() + PATIENCE_MS;
    while (!is_closed(programme))
        assert_true(clock_steady_ms() < until_ms);
    wait_set_aside(0);
    mend(false);
}

static long fired_so_far(void)
{
    static const char name[] = "\nfadder_deadlines_total ";
    struct bus_query query = {.record = "runtime.status"};
    const struct reply *reply = talk_ask(&query);
    const char *at = memmem(reply->rows[0].at, reply->rows[0].size, name, strlen(name));

    assert_non_null(at);
    return strtol(at + strlen(name), NULL, 10);
}

/* By the time it is released somebody has done what it was for. */
static void a_deadline_that_is_no_longer_due_does_not_fire(void **unused)
{
    const struct bus_command due = talk_create("due");
    struct bus_command close;
    struct journal_set_aside entry;
    int number;
    long before;

    (void)unused;
    ask(&due, &number);
    assert_true(answer->is_accepted);
    close = talk_close(answer->accepted.aggregate, VERSION_ANY);
    entry = wait_set_aside(1);
    mend(true);
    assert_int_equal(ask(&close, &number), 0);
    assert_true(answer->is_accepted);
    before = fired_so_far();
    assert_true(release(entry.id));
    wait_set_aside(0);
    ask(&due, &number); /* the same again: the turn in which it came is over */
    assert_int_equal(fired_so_far(), before);
    mend(false);
}

/* The second is refused: it is gone from the state, and from the one that is folded anew. */
static void a_deadline_that_another_put_waits_for_the_next_batch(void **unused)
{
    const struct bus_command twice = talk_create("twice"), good = talk_create("good-3");
    int64_t until_ms;
    struct id programme;
    int number, status;

    (void)unused;
    mend(true);
    assert_int_equal(ask(&twice, &number), 0);
    programme = answer->accepted.aggregate;
    until_ms = clock_steady_ms() + PATIENCE_MS;
    while (!is_closed(programme))
        assert_true(clock_steady_ms() < until_ms);
    assert_int_equal(ask(&good, &number), 0); /* in a batch behind the second */
    status = -1;
    assert_true(waitpid(talk_start(TALK_SELF, "toy", "--verify"), &status, 0) > 0);
    assert_int_equal(status, 0);
    mend(false);
}

static void sigkill_proves_nothing(void **unused)
{
    const struct bus_command killed = talk_create("killed");
    int number = 0;

    (void)unused;
    assert_int_equal(ask_until(&killed, 5, &number), 5);
    assert_int_equal(number, SIGKILL);
    assert_string_equal(answer->error.code, "away");
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    start();
    talk_dial("toy");
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    SEND_SIGNAL(service, SIGKILL);
    waitpid(service, NULL, 0);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_set_aside_after_the_second_time),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(one_that_uses_up_the_stack_is_set_aside_too),
#endif
        cmocka_unit_test(what_another_thread_dies_of_is_not_blamed_on_it),
        cmocka_unit_test(it_stays_set_aside_until_it_is_released),
        cmocka_unit_test(a_deadline_that_kills_waits_as_well),
        cmocka_unit_test(a_deadline_that_is_no_longer_due_does_not_fire),
        cmocka_unit_test(a_deadline_that_another_put_waits_for_the_next_batch),
        cmocka_unit_test(sigkill_proves_nothing),
    };

    if (argc > 1) return service_main(&toy, argc - 1, argv + 1);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
