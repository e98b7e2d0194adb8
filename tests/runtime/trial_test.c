/* An input that kills the service: tried alone, set aside after the second time, and nothing else is
 * lost. The service is a toy with the programme's contract and a decider that can be made to die. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "contract/programme.h"
#include "runtime/aggregate.h"
#include "runtime/service.h"
#include "runtime/table.h"
#include "runtime/talk.h"

const char service_fold_id[] = "toy";

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

static bool programme_decide(const struct programme_case *c, const struct programme_input *in,
                             struct programme_events *out, struct error *err)
{
    (void)c;
    (void)err;
    if (in->type != PROGRAMME_CREATE) return true;
    if (strcmp(in->programme_create.slug, "deadly") == 0) abort();
    if (strcmp(in->programme_create.slug, "killed") == 0) raise(SIGKILL);
    programme_emit(out, PROGRAMME_CREATED, in->head.ids[0])->programme_created.countries.count = 1;
    out->at[0].programme_created.languages.count = 1;
    memcpy(out->at[0].programme_created.slug, in->programme_create.slug, 49);
    strcpy(out->at[0].programme_created.name, "Toy");
    return true;
}

static void programme_evolve(struct programme *row, const struct programme_event *event)
{
    row->state = PROGRAMME_STATE_OPEN;
    strcpy(row->slug, "toy");
    strcpy(row->name, "Toy");
    row->countries = event->programme_created.countries;
    row->languages = event->programme_created.languages;
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
};
static const struct aggregate *const aggregates[] = {&toy_aggregate, NULL};
static const char *const follows[] = {NULL};
static const struct service toy = {.name = "toy", .aggregates = aggregates, .follows = follows};

/* Around it. */

static pid_t service;
static const struct reply *answer;

static void start(void)
{
    char name[] = "toy", *argv[] = {name, NULL};

    if ((service = fork()) == 0) _exit(service_main(&toy, 1, argv));
}

/* Ask until it is answered; a service that has died is started again. How often it died. */
static int ask(const struct bus_command *command, int *signal_number)
{
    int deaths = 0, status;

    for (int i = 0; i < 20; i++) {
        answer = talk_say(command, 500);
        if (answer->is_accepted || answer->error.kind != ERROR_BUSY) break;
        if (waitpid(service, &status, WNOHANG) != service) continue;
        *signal_number = WTERMSIG(status);
        deaths++;
        start();
    }
    return deaths;
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
}

static void sigkill_proves_nothing(void **unused)
{
    const struct bus_command killed = talk_create("killed");
    int number = 0;

    (void)unused;
    assert_true(ask(&killed, &number) > 3);
    assert_int_equal(number, SIGKILL);
    assert_string_equal(answer->error.code, "away");
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    start(); /* before anything of the bus is open here */
    talk_dial("toy");
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    kill(service, SIGKILL);
    waitpid(service, NULL, 0);
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_set_aside_after_the_second_time),
        cmocka_unit_test(sigkill_proves_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
