/* The thread that looks up: who shows a token or signs as a partner, and single records. It has a door of its own, and
 * does nothing that takes long: so neither a sign-in nor a command waits for who reads lists or follows. */
#include <stdlib.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "bus/refusal.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "service/meters.h"
#include "service/query.h"
#include "service/queue.h"
#include "service/running.h"
#include "service/threads.h"

enum {
    IDLE_MS = 1000,
    MESSAGES_EACH = 256, /* taken before those that wait for a batch are looked after again */
};

struct lookups {
    struct running *running;
    struct socket *socket;
    struct queue *queue; /* those that wait for a batch */
    struct query_answer *answer;
    struct bus_query query; /* being read */
};

static void answer_at_once(struct lookups *lookups, const char *peer, const struct bus_query *query)
{
    query_run(lookups->running, peer, query, INT64_MAX, lookups->answer);
    socket_send(lookups->socket, peer, lookups->answer->frames, lookups->answer->count);
    query_wipe(lookups->answer);
}

static void refuse_query(struct lookups *lookups, const char *peer, const struct error *err)
{
    uint8_t refusal[REFUSAL_MAX];
    const struct frame frame = {refusal, refusal_write(lookups->query.id, err, refusal)};

    socket_send(lookups->socket, peer, &frame, 1);
}

static void on_query(struct lookups *lookups, const char *peer)
{
    const struct bus_query *query = &lookups->query;
    struct error err;

    if (!peer_is_lookup(query))
        error_set(&err, ERROR_INVALID, "not_here", "Lists are not asked for at this door.");
    else if ((uint64_t)query->at_least <= atomic_load(&lookups->running->folded)) {
        answer_at_once(lookups, peer, query);
        return;
    } else if (queue_add(lookups->queue, peer, query, clock_steady_ms(), &err))
        return;
    refuse_query(lookups, peer, &err);
}

static void on_frame(struct lookups *lookups, const char *peer, struct frame frame)
{
    struct error err;

    if (frame.size > 0 && *(const char *)frame.at == 'Q' &&
        unpack(&bus_query_descriptor, (const char *)frame.at + 1, frame.size - 1, &lookups->query,
               &err))
        on_query(lookups, peer);
    else
        log_warning("odd_lookup", "peer=%.*s size=%zu", bus_peer_shown(peer), peer, frame.size);
}

static void take_messages(struct lookups *lookups)
{
    struct message *message;

    for (int n = 0; n < MESSAGES_EACH && (message = socket_receive(lookups->socket)) != NULL; n++) {
        for (size_t i = 0; i < message_count(message); i++)
            on_frame(lookups, message_peer(message), message_frame(message, i));
        message_destroy(message);
    }
}

static void answer_waiting(struct lookups *lookups)
{
    const struct queued *queued;

    while ((queued = queue_next(lookups->queue, true, clock_steady_ms(),
                                atomic_load(&lookups->running->folded))) != NULL) {
        answer_at_once(lookups, queued->peer, &queued->query);
        queue_drop(lookups->queue, queued);
    }
}

struct lookups *lookups_open(struct running *running)
{
    struct lookups *lookups = calloc(1, sizeof *lookups);
    const char *name = running->service->name;
    char endpoint[128];
    struct error err;

    if (lookups == NULL) bug("out of memory");
    lookups->running = running;
    lookups->answer = query_answer_create();
    lookups->queue = queue_create(&running->meters->given_up);
    service_endpoint(name, "lookups", endpoint);
    if ((lookups->socket = bus_serve(running->bus, name, endpoint, &err)) == NULL)
        bug("%s", err.text);
    return lookups;
}

void lookups_close(struct lookups *lookups)
{
    queue_destroy(lookups->queue);
    socket_close(lookups->socket);
    query_answer_destroy(lookups->answer);
    free(lookups);
}

void lookups_turn(struct lookups *lookups)
{
    take_messages(lookups);
    answer_waiting(lookups);
}

void lookups_wait(struct lookups *lookups)
{
    struct bell *const bell = lookups->running->lookup_bell;
    bool ready[2];

    bus_wait(&lookups->socket, 1, &bell, 1, IDLE_MS, ready);
    if (ready[1]) bell_hush(bell);
}

void *lookups_run(void *cookie)
{
    struct running *running = cookie;
    struct lookups *lookups = lookups_open(running);

    log_as(running->service->name);
    while (!atomic_load(&running->is_ending)) {
        lookups_wait(lookups);
        lookups_turn(lookups);
    }
    lookups_close(lookups);
    return NULL;
}
