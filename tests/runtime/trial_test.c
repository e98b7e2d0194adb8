/* An input that kills the service: tried alone, set aside after the second time, and nothing else is
 * lost. The service is a toy with the programme's contract and a decider that can be made to die. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "contract/programme.h"
#include "core/pack.h"
#include "runtime/aggregate.h"
#include "runtime/bus.h"
#include "runtime/clock.h"
#include "runtime/crypto.h"
#include "runtime/peer.h"
#include "runtime/random.h"
#include "runtime/service.h"
#include "runtime/table.h"

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

static char home[] = "/tmp/fadder-XXXXXX";
static pid_t service;
static struct bus *bus;
static struct peer *peer;
static struct reply answer;
static bool is_answered;

static void start(void)
{
    char name[] = "toy", *argv[] = {name, NULL};

    if ((service = fork()) != 0) return;
    setenv("FADDER_HOME", home, 1);
    setenv("FADDER_LOG", "error", 1);
    setenv("FADDER_DISK_MIN", "0", 1);
    _exit(service_main(&toy, 1, argv));
}

static void on_answer(void *cookie, const struct reply *reply)
{
    (void)cookie;
    answer = *reply;
    is_answered = true;
}

static struct bus_command command_for(const char *slug)
{
    static struct programme_create body;
    struct bus_command command = {.role = ACTOR_ROLE_SYS, .print = {.size = 16}};
    size_t size = sizeof command.body.at;
    struct error err;

    memset(&body, 0, sizeof body);
    strcpy(body.slug, slug);
    strcpy(body.name, "Toy");
    body.countries.count = body.languages.count = 1;
    command.id = random_id(clock_now_ms());
    strcpy(command.type, "programme.create");
    assert_true(pack(&programme_create_descriptor, &body, command.body.at, &size, &err));
    command.body.size = (uint32_t)size;
    return command;
}

/* Ask until it is answered; a service that has died is started again. How often it died. */
static int ask(const struct bus_command *command, int *signal_number)
{
    struct socket *sockets[2];
    bool ready[2];
    struct error err;
    int deaths = 0, status;

    peer_sockets(peer, sockets);
    for (int i = 0; i < 20; i++) {
        is_answered = false;
        assert_true(peer_command(peer, command, clock_steady_ms(), 500, on_answer, NULL, &err));
        while (!is_answered) {
            peer_flush(peer);
            bus_wait(sockets, 2, NULL, 0, 20, ready);
            peer_turn(peer, clock_steady_ms());
        }
        if (answer.is_accepted || answer.error.kind != ERROR_BUSY) break;
        if (waitpid(service, &status, WNOHANG) != service) continue;
        *signal_number = WTERMSIG(status);
        deaths++;
        start();
    }
    return deaths;
}

static void it_is_set_aside_after_the_second_time(void **unused)
{
    const struct bus_command good = command_for("good"), deadly = command_for("deadly");
    int number;

    (void)unused;
    assert_int_equal(ask(&good, &number), 0);
    assert_true(answer.is_accepted);
    assert_int_equal(ask(&deadly, &number), 2);
    assert_int_equal(number, SIGABRT);
    assert_string_equal(answer.error.code, "quarantined");
    assert_int_equal(ask(&good, &number), 0);
    assert_true(answer.is_accepted);
}

static void sigkill_proves_nothing(void **unused)
{
    const struct bus_command killed = command_for("killed");
    int number = 0;

    (void)unused;
    assert_true(ask(&killed, &number) > 3);
    assert_int_equal(number, SIGKILL);
    assert_string_equal(answer.error.code, "away");
}

static int remove_one(const char *path, const struct stat *unused, int flag, struct FTW *ftw)
{
    (void)unused;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    if (mkdtemp(home) == NULL || chdir(home) != 0) return -1;
    start(); /* before anything of the bus is open here */
    crypto_start();
    bus = bus_open(&err);
    peer = peer_open(bus, "toy", "operator.test", &err);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    kill(service, SIGKILL);
    waitpid(service, NULL, 0);
    peer_close(peer);
    bus_close(bus);
    return nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_set_aside_after_the_second_time),
        cmocka_unit_test(sigkill_proves_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
