/* The reader's thread: whoever follows the journal or asks for records is served here, from
 * snapshots, and never waits for the writer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/bus.h"
#include "bus/follow.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "fold/fold.h"
#include "journal/journal.h"
#include "service/query.h"
#include "service/running.h"
#include "service/threads.h"

enum {
    FOLLOWERS_MAX = 32,
    SEND_BYTES = 256 * 1024, /* in one message to a follower, and about as much again of the last */
    SEND_BATCHES = 300,
    HEAD_MS = 1000,    /* between heartbeats */
    PENDING_MAX = 256, /* queries that wait for a batch */
    PENDING_MS = 2000,
    BATCH_FRAMES = 3,
    BATCH_MAX =
        256 * 1024 + FOREIGN_ROWS * (HASH_SIZE + EVENT_ROW_MAX + 4), /* bytes of the largest */
    READER_BYTES = SEND_BYTES + BATCH_MAX,
};

struct following {
    char peer[PEER_NAME_MAX + 1];
    uint64_t next; /* batch to send */
    int64_t credit;
    struct bus_types types;
    bool wants_all, is_there;
};

struct pending {
    char peer[PEER_NAME_MAX + 1];
    struct bus_query query;
    int64_t until_ms;
};

struct reading {
    struct running *running;
    struct socket *socket;
    struct following followings[FOLLOWERS_MAX];
    struct pending *pending[PENDING_MAX]; /* queries that wait for the state */
    size_t pending_count;
    int64_t now_ms, headed_ms;
    size_t used;
    uint8_t *bytes; /* what is being sent */
    struct query_answer *answer;
    struct bus_query query; /* being read */
    struct bus_pull pull;
};

/* Sending. */

static bool send_value(struct reading *reader, const char *peer, char letter,
                       const struct descriptor *descriptor, const void *value)
{
    char packed[2048] = {letter};
    size_t size = sizeof packed - 1;
    struct error err;

    if (!pack(descriptor, value, packed + 1, &size, &err)) bug("reader: %s", err.text);
    return socket_send(reader->socket, peer, &(struct frame){packed, size + 1}, 1);
}

static bool send_head(struct reading *reader, const char *peer, uint64_t batch)
{
    const struct bus_head head = {
        .epoch = reader->running->epoch, .first = 1, .batch = (int64_t)batch};

    return send_value(reader, peer, 'H', &bus_head_descriptor, &head);
}

static void send_diverged(struct reading *reader, const char *peer, const char *code,
                          const char *text)
{
    struct bus_diverged diverged;

    text_copy(diverged.code, sizeof diverged.code, code);
    text_copy(diverged.text, sizeof diverged.text, text);
    log_error("follower_diverged", "peer=%s code=%s", peer, code);
    send_value(reader, peer, 'D', &bus_diverged_descriptor, &diverged);
}

/* Following. */

static struct following *following_of(struct reading *reader, const char *peer)
{
    struct following *unused = NULL;

    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct following *following = &reader->followings[i];

        if (following->is_there && strcmp(following->peer, peer) == 0) return following;
        if (!following->is_there) unused = following;
    }
    if (unused == NULL) return NULL;
    memset(unused, 0, sizeof *unused);
    text_copy(unused->peer, sizeof unused->peer, peer);
    return unused;
}

static bool wants(const struct following *following, struct bytes row, const char *service)
{
    struct bytes type, of;

    if (following->wants_all) return true;
    if (!row_type(row, &type, &of)) return false;
    if (of.size != strlen(service) || memcmp(of.at, service, of.size) != 0) return false;
    for (uint32_t i = 0; i < following->types.count; i++) {
        const char *name = following->types.at[i];

        if (strlen(name) == type.size && memcmp(name, type.at, type.size) == 0) return true;
    }
    return false;
}

static void add_bytes(struct reading *reader, const void *at, size_t size)
{
    memcpy(reader->bytes + reader->used, at, size);
    reader->used += size;
}

static void add_row(struct reading *reader, uint32_t index, struct bytes row)
{
    const uint8_t head[4] = {(uint8_t)index, (uint8_t)(index >> 8), (uint8_t)row.size,
                             (uint8_t)(row.size >> 8)};

    add_bytes(reader, head, sizeof head);
    add_bytes(reader, row.at, row.size);
}

/* The frame that was begun at `from`. */
static struct frame frame_from(const struct reading *reader, size_t from)
{
    return (struct frame){reader->bytes + from, reader->used - from};
}

static bool add_batch(struct reading *reader, struct txn *txn, const struct following *following,
                      const struct batch_view *view, struct frame frames[BATCH_FRAMES],
                      struct error *err)
{
    size_t from = reader->used;

    add_bytes(reader, "B", 1);
    add_bytes(reader, view->header.at, view->header.size);
    frames[0] = frame_from(reader, from);
    from = reader->used;
    add_bytes(reader, "S", 1);
    add_bytes(reader, view->hashes, (size_t)view->events * HASH_SIZE);
    frames[1] = frame_from(reader, from);
    from = reader->used;
    add_bytes(reader, "E", 1);
    for (uint32_t i = 0; i < view->events; i++) {
        struct bytes row;

        if (!journal_row(txn, view->first + i, &row, err)) return false;
        if (wants(following, row, reader->running->service->name)) add_row(reader, i, row);
    }
    frames[2] = frame_from(reader, from);
    return true;
}

/* As many batches as one message may take: copied out, then the snapshot ends, then they are sent.
 * False when there was nothing to send, or nobody. */
static bool send_batches(struct reading *reader, struct following *following)
{
    struct frame frames[BATCH_FRAMES * SEND_BATCHES];
    size_t count = 0;
    uint64_t next = following->next;
    struct error err = {0};
    struct txn *txn;

    if (following->credit <= 0 || next > atomic_load(&reader->running->head)) return false;
    if ((txn = txn_begin_read(journal_store(reader->running->journal), &err)) == NULL) goto failed;
    reader->used = 0;
    while (count < SEND_BATCHES && reader->used < SEND_BYTES &&
           (int64_t)reader->used < following->credit) {
        struct batch_view view;

        if (!journal_batch(txn, next, &view, &err)) goto failed;
        if (view.header.at == NULL) break;
        if (!add_batch(reader, txn, following, &view, frames + BATCH_FRAMES * count, &err))
            goto failed;
        count++;
        next++;
    }
    txn_abort(txn);
    if (count == 0) return false;
    if (!socket_send(reader->socket, following->peer, frames, BATCH_FRAMES * count)) {
        following->is_there = false; /* it asks again when it is back */
        return false;
    }
    following->next = next;
    following->credit -= (int64_t)reader->used;
    return true;

failed:
    txn_abort(txn);
    following->is_there = false;
    log_failure(LOG_ERROR, "follow", &err);
    return false;
}

static void serve_followers(struct reading *reader)
{
    for (size_t i = 0; i < FOLLOWERS_MAX; i++)
        while (reader->followings[i].is_there && send_batches(reader, &reader->followings[i]))
            ;
}

/* Whether a follower's position is one of ours. */
static bool knows(struct reading *reader, const struct bus_pull *pull, const char **code,
                  const char **text)
{
    struct txn *txn;
    struct batch_view view;
    struct glimpse epoch;
    struct error err;
    bool is_known = false;

    if (pull->batch == 0) return true;
    *code = "unknown_position";
    *text = "That batch is not in this journal: was it restored from a backup?";
    if ((txn = txn_begin_read(journal_store(reader->running->journal), &err)) == NULL) return false;
    if (journal_batch(txn, (uint64_t)pull->batch, &view, &err) && view.header.at != NULL) {
        *code = "other_hash";
        *text = "That batch is another one here: the journals have come apart.";
        is_known = memcmp(view.hash, pull->hash.at, HASH_SIZE) == 0 &&
                   unpack_glimpse(view.header.at, view.header.size, "epoch", &epoch) &&
                   epoch.size == sizeof pull->epoch &&
                   memcmp(epoch.at, &pull->epoch, sizeof pull->epoch) == 0;
    }
    txn_abort(txn);
    return is_known;
}

static void on_pull(struct reading *reader, const char *peer, const struct bus_pull *pull)
{
    struct following *following = following_of(reader, peer);
    const char *code, *text;

    if (following == NULL) {
        log_warning("too_many_followers", "peer=%s", peer);
        return;
    }
    following->is_there = false;
    if (!knows(reader, pull, &code, &text)) {
        send_diverged(reader, peer, code, text);
        return;
    }
    following->next = (uint64_t)pull->batch + 1;
    following->credit = pull->credit < INT32_MAX ? pull->credit : INT32_MAX;
    following->types = pull->types;
    following->wants_all = pull->types.count == 1 && strcmp(pull->types.at[0], "*") == 0;
    following->is_there = send_head(reader, peer, atomic_load(&reader->running->head));
}

static void on_credit(struct reading *reader, const char *peer, const struct bus_credit *credit)
{
    struct following *following = following_of(reader, peer);

    if (following == NULL || !following->is_there) return;
    following->credit += credit->bytes < SEND_BYTES * 8 ? credit->bytes : SEND_BYTES * 8;
}

static void heartbeat(struct reading *reader)
{
    if (reader->now_ms - reader->headed_ms < HEAD_MS) return;
    reader->headed_ms = reader->now_ms;
    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct following *following = &reader->followings[i];

        if (following->is_there)
            following->is_there =
                send_head(reader, following->peer, atomic_load(&reader->running->head));
    }
}

/* Queries. */

static void answer(struct reading *reader, const char *peer, const struct bus_query *query)
{
    query_run(reader->running, peer, query, reader->answer);
    socket_send(reader->socket, peer, reader->answer->frames, reader->answer->count);
    query_wipe(reader->answer);
}

static void on_query(struct reading *reader, const char *peer, struct frame frame)
{
    struct bus_query *query = &reader->query;
    struct pending *pending;
    struct error err;

    if (!unpack(&bus_query_descriptor, (const char *)frame.at + 1, frame.size - 1, query, &err)) {
        log_warning("odd_query", "peer=%s", peer);
        return;
    }
    if ((uint64_t)query->at_least <= atomic_load(&reader->running->folded) ||
        reader->pending_count == PENDING_MAX) {
        answer(reader, peer, query);
        return;
    }
    if ((pending = malloc(sizeof *pending)) == NULL) bug("out of memory");
    text_copy(pending->peer, sizeof pending->peer, peer);
    pending->query = *query;
    pending->until_ms = reader->now_ms + PENDING_MS;
    reader->pending[reader->pending_count++] = pending;
}

static void try_pending(struct reading *reader)
{
    const uint64_t folded = atomic_load(&reader->running->folded);
    size_t left = 0;

    for (size_t i = 0; i < reader->pending_count; i++) {
        struct pending *pending = reader->pending[i];

        if ((uint64_t)pending->query.at_least > folded && reader->now_ms < pending->until_ms) {
            reader->pending[left++] = pending;
            continue;
        }
        answer(reader, pending->peer, &pending->query);
        free(pending);
    }
    reader->pending_count = left;
}

static void on_copy(struct reading *reader, const char *peer, const struct bus_copy *copy)
{
    struct error err;
    uint64_t batch = 0;

    if (query_copy_state(reader->running, copy->id, &batch, &err))
        send_head(reader, peer, batch);
    else
        send_diverged(reader, peer, "copy_failed", err.text);
}

static void on_frame(struct reading *reader, const char *peer, struct frame frame)
{
    struct bus_credit credit;
    struct bus_copy copy;
    struct error err;
    const char *body = (const char *)frame.at + 1;

    switch (frame.size == 0 ? '\0' : *(const char *)frame.at) {
    case 'Q': on_query(reader, peer, frame); return;
    case 'L':
        if (!unpack(&bus_pull_descriptor, body, frame.size - 1, &reader->pull, &err)) break;
        on_pull(reader, peer, &reader->pull);
        return;
    case 'K':
        if (!unpack(&bus_credit_descriptor, body, frame.size - 1, &credit, &err)) break;
        on_credit(reader, peer, &credit);
        return;
    case 'Y':
        if (!bus_peer_is(peer, "operator")) break;
        if (!unpack(&bus_copy_descriptor, body, frame.size - 1, &copy, &err)) break;
        on_copy(reader, peer, &copy);
        return;
    default: break;
    }
    log_warning("odd_message", "peer=%s size=%zu", peer, frame.size);
}

static void on_message(struct reading *reader, struct message *message)
{
    for (size_t i = 0; i < message_count(message); i++)
        on_frame(reader, message_peer(message), message_frame(message, i));
    message_destroy(message);
}

void *reader_run(void *cookie)
{
    struct reading *reader = calloc(1, sizeof *reader);
    struct running *running = cookie;
    struct message *message;
    char endpoint[128];
    struct error err;
    const int bell = bell_fd(running->reader_bell);
    bool ready[2];

    if (reader == NULL) bug("out of memory");
    reader->running = running;
    reader->answer = query_answer_create();
    reader->bytes = malloc(READER_BYTES);
    if (reader->bytes == NULL) bug("out of memory");
    service_endpoint(running->service->name, "reads", endpoint);
    if ((reader->socket = bus_serve(running->bus, endpoint, &err)) == NULL) bug("%s", err.text);

    while (!atomic_load(&running->is_ending)) {
        bus_wait(&reader->socket, 1, &bell, 1, HEAD_MS, ready);
        reader->now_ms = clock_steady_ms();
        if (ready[1]) bell_hush(running->reader_bell);
        while ((message = socket_receive(reader->socket)) != NULL)
            on_message(reader, message);
        try_pending(reader);
        serve_followers(reader);
        heartbeat(reader);
    }
    for (size_t i = 0; i < reader->pending_count; i++)
        free(reader->pending[i]);
    socket_close(reader->socket);
    query_answer_destroy(reader->answer);
    free(reader->bytes);
    free(reader);
    return NULL;
}
