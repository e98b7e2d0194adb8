/* A client on the bus for tests: dials a service, says and asks, starts programs and ends them. */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp, setenv */
#include "test.h"

#include "service/talk.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/random.h"
#include "bus/bus.h"
#include "contract/programme.h"
#include "core/error.h"
#include "core/pack.h"

static char home[] = "/tmp/fadder-XXXXXX";
static struct bus *bus;
static struct peer *peer;
static struct reply answer;
static bool is_answered;

const char *talk_begin(void)
{
    if (mkdtemp(home) == NULL || chdir(home) != 0) bug("no directory for the test");
    setenv("FADDER_HOME", home, 1);
    setenv("FADDER_LOG", "error", 1);
    setenv("FADDER_DISK_MIN", "0", 1);
    crypto_start();
    return home;
}

pid_t talk_start(const char *path, const char *first, const char *second)
{
    const pid_t pid = fork();

    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves none that holds its output open */
    execl(path, path, first, second, (char *)NULL);
    _exit(127);
}

struct bus *talk_bus(void)
{
    struct error err;

    if (bus == NULL && (bus = bus_open(".", &err)) == NULL) bug("%s", err.text);
    return bus;
}

void talk_dial_as(const char *service, const char *name)
{
    struct error err;

    peer_close(peer);
    if ((peer = peer_open(talk_bus(), service, name, &err)) == NULL) bug("%s", err.text);
}

void talk_dial(const char *service)
{
    talk_dial_as(service, "operator.test");
}

struct peer *talk_peer(void)
{
    return peer;
}

static int remove_one(const char *path, const struct stat *unused, int flag, struct FTW *ftw)
{
    (void)unused;
    (void)flag;
    (void)ftw;
    return remove(path);
}

void talk_remove(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A test that failed may have left a socket open, which the bus would wait for: then this ends it. */
void talk_end(void)
{
    alarm(20);
    peer_close(peer);
    bus_close(bus);
    alarm(0);
    talk_remove(home);
}

struct bus_command talk_create(const char *slug)
{
    static struct programme_create body;
    struct bus_command command = {.role = ACTOR_ROLE_SYS, .print = {.size = 16}};
    size_t size = sizeof command.body.at;
    struct error err;

    memset(&body, 0, sizeof body);
    snprintf(body.slug, sizeof body.slug, "%s", slug);
    snprintf(body.name, sizeof body.name, "Programme %s", slug);
    body.countries.count = body.languages.count = 1;
    body.from.day = clock_now_ms() / 86400000 + 3000; /* nothing is due soon */
    body.rules.offer_days = body.rules.sign_days = body.rules.info_days = 7;
    command.id = random_id(clock_now_ms());
    strcpy(command.type, "programme.create");
    if (!pack(&programme_create_descriptor, &body, command.body.at, &size, &err))
        bug("%s", err.text);
    command.body.size = (uint32_t)size;
    return command;
}

static struct bus_command about(struct id programme, int64_t version, const char *type,
                                const struct descriptor *descriptor, const void *body)
{
    struct bus_command command = {.role = ACTOR_ROLE_SYS,
                                  .print = {.size = 16},
                                  .id = random_id(clock_now_ms()),
                                  .version = version,
                                  .has_aggregate = true,
                                  .aggregate = programme};
    size_t size = sizeof command.body.at;
    struct error err;

    strcpy(command.type, type);
    if (!pack(descriptor, body, command.body.at, &size, &err)) bug("%s", err.text);
    command.body.size = (uint32_t)size;
    return command;
}

struct bus_command talk_change(struct id programme, int64_t version, int64_t offer_days)
{
    static struct programme_change body;

    memset(&body, 0, sizeof body);
    body.has_rules = body.rules.has_offer_days = true;
    body.rules.offer_days = offer_days;
    return about(programme, version, "programme.change", &programme_change_descriptor, &body);
}

struct bus_command talk_close(struct id programme, int64_t version)
{
    const struct programme_close body = {.reason = PROGRAMME_REASON_FINISHED};

    return about(programme, version, "programme.close", &programme_close_descriptor, &body);
}

struct bus_command talk_release(struct id input)
{
    return (struct bus_command){.type = "runtime.release",
                                .role = ACTOR_ROLE_SYS,
                                .print = {.size = 16},
                                .id = random_id(clock_now_ms()),
                                .version = -1,
                                .has_aggregate = true,
                                .aggregate = input,
                                .body = {.size = 1, .at = {0x80}}}; /* an empty map */
}

static void on_answer(void *cookie, const struct reply *reply)
{
    static uint8_t row[65536], opened[16384];
    static struct frame first;

    (void)cookie;
    answer = *reply;
    answer.rows = &first; /* the others are gone when this returns */
    if (reply->is_page && reply->page.count > 0) {
        first = (struct frame){row, reply->rows[0].size};
        memcpy(row, reply->rows[0].at, reply->rows[0].size);
    }
    if (reply->opened.size > 0) {
        assert_true(reply->opened.size <= sizeof opened);
        memcpy(opened, reply->opened.at, reply->opened.size);
        answer.opened.at = opened;
    }
    is_answered = true;
}

static void go_on(void)
{
    struct socket *sockets[PEER_DOORS];
    bool ready[PEER_DOORS];

    peer_sockets(peer, sockets);
    peer_flush(peer);
    bus_wait(sockets, PEER_DOORS, NULL, 0, 20, ready);
    peer_turn(peer, clock_steady_ms());
}

static const struct reply *wait_for_answer(void)
{
    while (!is_answered)
        go_on();
    return &answer;
}

static size_t answered, accepted; /* of those that are said at once */

static void on_one_of_all(void *cookie, const struct reply *reply)
{
    (void)cookie;
    answered++;
    accepted += reply->is_accepted;
}

size_t talk_say_all(const struct bus_command *commands, size_t count)
{
    struct error err;

    answered = accepted = 0;
    for (size_t i = 0; i < count; i++)
        if (!peer_command(peer, &commands[i], clock_steady_ms(), PATIENCE_MS, on_one_of_all, NULL,
                          &err))
            bug("%s", err.text);
    while (answered < count)
        go_on();
    return accepted;
}

const struct reply *talk_say(const struct bus_command *command, int64_t timeout_ms)
{
    struct error err;

    is_answered = false;
    if (!peer_command(peer, command, clock_steady_ms(), timeout_ms, on_answer, NULL, &err))
        bug("%s", err.text);
    return wait_for_answer();
}

const struct reply *talk_ask_within(struct bus_query *query, int64_t timeout_ms)
{
    struct error err;

    is_answered = false;
    query->role = ACTOR_ROLE_SYS;
    if (query->limit == 0) query->limit = 500;
    if (!peer_query(peer, query, clock_steady_ms(), timeout_ms, on_answer, NULL, &err))
        bug("%s", err.text);
    return wait_for_answer();
}

const struct reply *talk_ask(struct bus_query *query)
{
    return talk_ask_within(query, PATIENCE_MS);
}
