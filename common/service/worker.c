/* The worker's thread: reads snapshots, and comes back through the service's own front door. */
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "service/running.h"
#include "service/threads.h"
#include "service/timekeeper.h"
#include "store/store.h"

enum { SAID_MAX = 64, ANSWER_MS = 10000, FOLD_MS = 1000, HEARD_MS = 5000 };

struct said {
    worker_done *done;
    void *cookie;
    bool is_answered;
    struct bus_accepted accepted;
    struct error error; /* when it was refused */
};

struct worker {
    struct running *running;
    struct peer *peer;
    size_t count, answered;
    struct said said[SAID_MAX];
    struct bus_command command; /* being put together */
};

bool worker_wait(struct worker *worker, int64_t timeout_ms)
{
    struct bell *const bell = worker_bell(worker);
    bool ready;

    if (atomic_load(&worker->running->is_ending)) return false;
    bus_wait(NULL, 0, &bell, 1, timeout_ms, &ready);
    if (ready) bell_hush(bell);
    return !atomic_load(&worker->running->is_ending);
}

struct txn *worker_read(struct worker *worker, struct error *err)
{
    return txn_begin_read(worker->running->state, err);
}

struct bus *worker_bus(struct worker *worker)
{
    return worker->running->bus;
}

struct files *worker_files(struct worker *worker)
{
    return worker->running->files;
}

struct bell *worker_bell(const struct worker *worker)
{
    return worker->running->worker_bell;
}

int64_t worker_now(struct worker *worker)
{
    return timekeeper_now(worker->running->timekeeper);
}

bool worker_has_heard(const struct worker *worker)
{
    const int64_t heard_ms = atomic_load(&worker->running->heard);

    return heard_ms != 0 && clock_steady_ms() - heard_ms < HEARD_MS;
}

static void on_answer(void *cookie, const struct reply *reply)
{
    struct said *said = cookie;

    said->is_answered = true;
    if (reply->is_accepted)
        said->accepted = reply->accepted;
    else
        said->error = reply->error;
    if (!reply->is_accepted && said->error.code == reply->error.code_text)
        said->error.code = said->error.code_text;
}

void worker_say(struct worker *worker, const struct descriptor *descriptor, const void *body,
                const struct about *about, worker_done *done, void *cookie)
{
    struct bus_command *command = &worker->command;
    const struct id none = {{0}};
    struct said *said = &worker->said[worker->count++];

    if (worker->count > SAID_MAX) bug("worker_say: more than %d at once", SAID_MAX);
    peer_own_command(command, random_id(clock_now_ms()), descriptor, body);
    command->version = about->version;
    command->has_aggregate = !id_equal(about->aggregate, none);
    command->aggregate = about->aggregate;
    command->has_programme = command->has_country = !id_equal(about->programme, none);
    command->programme = about->programme;
    command->country = about->country;
    said->done = done;
    said->cookie = cookie;
    said->is_answered = false;
    said->error.kind = ERROR_NONE;
    if (!peer_command(worker->peer, command, clock_steady_ms(), ANSWER_MS, on_answer, said,
                      &said->error))
        said->is_answered = true;
}

static bool are_all_answered(const struct worker *worker)
{
    for (size_t i = 0; i < worker->count; i++)
        if (!worker->said[i].is_answered) return false;
    return true;
}

/* What was accepted is in the journal, and a moment later in the state: a worker reads its own
 * writes. The bell goes on ringing, as there is more in the state than it has looked at. */
static void wait_for_state(const struct worker *worker)
{
    struct bell *const bell = worker->running->worker_bell;
    uint64_t last = 0;
    bool ready, is_any = false;

    for (size_t i = 0; i < worker->count; i++)
        if (worker->said[i].error.kind == ERROR_NONE &&
            (uint64_t)worker->said[i].accepted.batch > last)
            last = (uint64_t)worker->said[i].accepted.batch;
    while (atomic_load(&worker->running->folded) < last &&
           !atomic_load(&worker->running->is_ending)) {
        bus_wait(NULL, 0, &bell, 1, FOLD_MS, &ready);
        if (ready) bell_hush(bell);
        is_any |= ready;
    }
    if (is_any) bell_ring(bell);
}

bool worker_commit(struct worker *worker)
{
    struct socket *sockets[PEER_DOORS];
    bool ready[PEER_DOORS];

    peer_sockets(worker->peer, sockets);
    while (!are_all_answered(worker)) {
        if (atomic_load(&worker->running->is_ending)) break;
        peer_flush(worker->peer);
        bus_wait(sockets, PEER_DOORS, NULL, 0, 100, ready);
        peer_turn(worker->peer, clock_steady_ms());
    }
    if (!are_all_answered(worker)) return false;
    wait_for_state(worker);
    for (size_t i = 0; i < worker->count; i++) {
        struct said *said = &worker->said[i];
        const bool is_accepted = said->error.kind == ERROR_NONE;

        if (said->done != NULL)
            said->done(said->cookie, is_accepted ? &said->accepted : NULL,
                       is_accepted ? NULL : &said->error);
    }
    worker->count = 0;
    return true;
}

void *worker_run(void *cookie)
{
    struct running *running = cookie;
    struct worker *worker = calloc(1, sizeof *worker);
    struct error err;

    if (worker == NULL) bug("out of memory");
    log_as(running->service->name);
    worker->running = running;
    worker->peer = peer_open_within(running->bus, running->service->name, &err);
    if (worker->peer == NULL) bug("worker: %s", err.text);
    running->service->work(worker);
    worker->count = 0; /* answers that still come find nobody to tell */
    peer_close(worker->peer);
    free(worker);
    return NULL;
}
