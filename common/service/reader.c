/* The reader's thread: whoever follows the journal or asks for records is served here, from
 * snapshots, and never waits for the writer. Followers first, then what is short (credentials, single
 * records); lists bit by bit in between. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/bus.h"
#include "bus/follow.h"
#include "bus/peer.h"
#include "bus/refusal.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "fold/fold.h"
#include "journal/journal.h"
#include "service/query.h"
#include "service/queue.h"
#include "service/running.h"
#include "service/threads.h"

enum {
    FOLLOWERS_MAX = 32,
    SEND_BYTES = 256 * 1024, /* in one message to a follower, and about as much again of the last */
    SEND_BATCHES = 300,
    HEAD_MS = 1000,      /* between heartbeats */
    MESSAGES_EACH = 256, /* taken before followers are looked after again */
    LIST_NS = 2000000,   /* a list may take so long before others get their turn */
    BATCH_FRAMES = 3,
    BATCH_MAX =
        256 * 1024 + FOREIGN_ROWS * (HASH_SIZE + EVENT_ROW_MAX + 4), /* bytes of the largest */
    READER_BYTES = 1 + sizeof(struct id) + SEND_BYTES + BATCH_MAX,
};

struct following {
    char peer[PEER_NAME_MAX + 1];
    uint64_t next; /* batch to send */
    int64_t credit;
    struct id session;
    struct bus_types types;
    bool wants_all, is_there;
};

struct reading {
    struct running *running;
    struct socket *socket;
    struct following followings[FOLLOWERS_MAX];
    struct queue *queue;       /* queries that wait */
    const struct queued *list; /* the one of them that is being answered, bit by bit; NULL: none */
    struct query_answer *list_answer;
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

static void send_diverged(struct reading *reader, const char *peer,
                          const struct bus_diverged *diverged)
{
    log_error("follower_diverged", "peer=%s code=%s", peer, diverged->code);
    send_value(reader, peer, 'D', &bus_diverged_descriptor, diverged);
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
    struct frame frames[1 + BATCH_FRAMES * SEND_BATCHES];
    size_t count = 0;
    uint64_t next = following->next;
    struct error err = {0};
    struct txn *txn;

    if (following->credit <= 0 || next > atomic_load(&reader->running->head)) return false;
    if ((txn = journal_begin_read(reader->running->journal, &err)) == NULL) goto failed;
    reader->used = 0;
    add_bytes(reader, "T", 1);
    add_bytes(reader, &following->session, sizeof following->session);
    frames[0] = frame_from(reader, 0);
    while (count < SEND_BATCHES && reader->used < SEND_BYTES &&
           (int64_t)reader->used < following->credit) {
        struct batch_view view;

        if (!journal_batch(txn, next, &view, &err)) goto failed;
        if (view.header.at == NULL) break;
        if (!add_batch(reader, txn, following, &view, frames + 1 + BATCH_FRAMES * count, &err))
            goto failed;
        count++;
        next++;
    }
    txn_abort(txn);
    if (count == 0) return false;
    if (!socket_send(reader->socket, following->peer, frames, 1 + BATCH_FRAMES * count)) {
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

static struct bus_place place_on_bus(const struct position *position)
{
    struct bus_place place = {.epoch = position->epoch, .batch = (int64_t)position->batch};

    place.hash.size = HASH_SIZE;
    memcpy(place.hash.at, position->hash, HASH_SIZE);
    return place;
}

static bool say_diverged(struct bus_diverged *diverged, const char *code, const char *text)
{
    text_copy(diverged->code, sizeof diverged->code, code);
    text_copy(diverged->text, sizeof diverged->text, text);
    return true;
}

/* Why a follower's place is none of ours; *is_known: it is. */
static bool look_up(struct txn *txn, const struct bus_place *place, bool *is_known,
                    struct bus_diverged *diverged, struct error *err)
{
    struct position at = {.batch = 0}, next;
    bool is_there = true, has_next = false;

    *is_known = false;
    if (place->batch > 0 && !journal_place(txn, (uint64_t)place->batch, &is_there, &at, err))
        return false;
    if (!is_there)
        return say_diverged(diverged, "unknown_position",
                            "That batch is not in this journal: was it restored from a backup?");
    if (place->batch > 0 &&
        (memcmp(at.hash, place->hash.at, HASH_SIZE) != 0 || !id_equal(at.epoch, place->epoch)))
        return say_diverged(diverged, "other_hash",
                            "That batch is another one here: the journals have come apart.");
    if (place->has_part && !journal_place(txn, (uint64_t)place->batch + 1, &has_next, &next, err))
        return false;
    *is_known = !place->has_part || (has_next && memcmp(next.hash, place->part.at, HASH_SIZE) == 0);
    if (*is_known) return true;
    diverged->has_fork = true;
    diverged->fork = place_on_bus(&at);
    return say_diverged(diverged, "other_batch",
                        "A batch that was taken in part is another one here: the journals have "
                        "come apart.");
}

/* Where one could go on. */
static bool add_places(struct txn *txn, const struct bus_place *place,
                       struct bus_diverged *diverged, struct error *err)
{
    struct position fork, end;

    if (!diverged->has_fork) {
        if (!journal_fork(txn, place->epoch, (uint64_t)place->batch, &diverged->has_fork, &fork,
                          err))
            return false;
        diverged->fork = place_on_bus(&fork);
    }
    if (!journal_end(txn, &end, err)) return false;
    diverged->has_end = true;
    diverged->end = place_on_bus(&end);
    return true;
}

/* Whether both of a pull's places are in the journal; otherwise what to say of the one that is not. */
static bool look_up_both(struct txn *txn, const struct bus_pull *pull, bool *is_known,
                         struct bus_diverged *diverged, struct error *err)
{
    const struct bus_place *place = pull->has_until ? &pull->until : &pull->from;

    if (!look_up(txn, place, is_known, diverged, err)) return false;
    diverged->has_until = diverged->until = pull->has_until && !*is_known;
    if (*is_known && pull->has_until) {
        place = &pull->from;
        if (!look_up(txn, place, is_known, diverged, err)) return false;
    }
    return *is_known || add_places(txn, place, diverged, err);
}

static bool is_welcome(struct reading *reader, const char *peer, const struct bus_pull *pull)
{
    struct bus_diverged diverged = {.session = pull->session};
    bool is_known = false, is_ok;
    struct error err = {0};
    struct txn *txn;

    txn = journal_begin_read(reader->running->journal, &err);
    is_ok = txn != NULL && look_up_both(txn, pull, &is_known, &diverged, &err);
    txn_abort(txn);
    if (!is_ok) log_failure(LOG_ERROR, "follow", &err); /* it asks again */
    if (is_ok && !is_known) send_diverged(reader, peer, &diverged);
    return is_ok && is_known;
}

static void on_pull(struct reading *reader, const char *peer, const struct bus_pull *pull)
{
    const struct bus_full full = {pull->session};
    struct following *following = following_of(reader, peer);

    if (following == NULL) {
        log_warning("too_many_followers", "peer=%s", peer);
        send_value(reader, peer, 'Z', &bus_full_descriptor, &full);
        return;
    }
    following->is_there = false;
    if (!is_welcome(reader, peer, pull)) return;
    following->session = pull->session;
    following->next = (uint64_t)pull->from.batch + 1;
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

static void send_answer(struct reading *reader, const char *peer, struct query_answer *answer)
{
    socket_send(reader->socket, peer, answer->frames, answer->count);
    query_wipe(answer);
}

static void answer_at_once(struct reading *reader, const char *peer, const struct bus_query *query)
{
    query_run(reader->running, peer, query, INT64_MAX, reader->answer);
    send_answer(reader, peer, reader->answer);
}

static void refuse_query(struct reading *reader, const char *peer, struct id query,
                         const struct error *err)
{
    uint8_t refusal[REFUSAL_MAX];
    const struct frame frame = {refusal, refusal_write(query, err, refusal)};

    socket_send(reader->socket, peer, &frame, 1);
}

static void on_query(struct reading *reader, const char *peer, struct frame frame)
{
    struct bus_query *query = &reader->query;
    struct error err;

    if (!unpack(&bus_query_descriptor, (const char *)frame.at + 1, frame.size - 1, query, &err)) {
        log_warning("odd_query", "peer=%s", peer);
        return;
    }
    if (queue_is_short(query) &&
        (uint64_t)query->at_least <= atomic_load(&reader->running->folded)) {
        answer_at_once(reader, peer, query);
        return;
    }
    if (!queue_add(reader->queue, peer, query, reader->now_ms, &err))
        refuse_query(reader, peer, query->id, &err);
}

static const struct queued *next_query(struct reading *reader, bool is_short)
{
    return queue_next(reader->queue, is_short, reader->now_ms,
                      atomic_load(&reader->running->folded));
}

static void answer_short(struct reading *reader)
{
    const struct queued *queued;

    while ((queued = next_query(reader, true)) != NULL) {
        answer_at_once(reader, queued->peer, &queued->query);
        queue_drop(reader->queue, queued);
    }
}

static void end_list(struct reading *reader)
{
    query_wipe(reader->list_answer);
    queue_drop(reader->queue, reader->list);
    reader->list = NULL;
}

/* Before the queue is looked through, which drops whoever has given up. */
static void give_up_list(struct reading *reader)
{
    if (reader->list != NULL && reader->now_ms >= reader->list->until_ms) end_list(reader);
}

/* A bit of one list; then others have their turn. */
static void go_on_with_list(struct reading *reader)
{
    const struct queued *list = reader->list;

    if (list == NULL) list = reader->list = next_query(reader, false);
    if (list == NULL) return;
    if (!query_run(reader->running, list->peer, &list->query, clock_steady_ns() + LIST_NS,
                   reader->list_answer))
        return;
    send_answer(reader, list->peer, reader->list_answer);
    end_list(reader);
}

static void on_copy(struct reading *reader, const char *peer, const struct bus_copy *copy)
{
    struct bus_diverged failed = {.code = "copy_failed"};
    struct error err;
    uint64_t batch = 0;

    if (query_copy_state(reader->running, copy->id, &batch, &err)) {
        send_head(reader, peer, batch);
        return;
    }
    text_copy(failed.text, sizeof failed.text, err.text);
    send_diverged(reader, peer, &failed);
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

static void take_messages(struct reading *reader)
{
    struct message *message;

    for (int i = 0; i < MESSAGES_EACH && (message = socket_receive(reader->socket)) != NULL; i++)
        on_message(reader, message);
}

static struct reading *create(struct running *running)
{
    struct reading *reader = calloc(1, sizeof *reader);
    char endpoint[128];
    struct error err;

    if (reader == NULL || (reader->bytes = malloc(READER_BYTES)) == NULL) bug("out of memory");
    reader->running = running;
    reader->answer = query_answer_create();
    reader->list_answer = query_answer_create();
    reader->queue = queue_create();
    service_endpoint(running->service->name, "reads", endpoint);
    if ((reader->socket = bus_serve(running->bus, endpoint, &err)) == NULL) bug("%s", err.text);
    return reader;
}

static void destroy(struct reading *reader)
{
    queue_destroy(reader->queue);
    socket_close(reader->socket);
    query_answer_destroy(reader->answer);
    query_answer_destroy(reader->list_answer);
    free(reader->bytes);
    free(reader);
}

void *reader_run(void *cookie)
{
    struct running *running = cookie;
    struct reading *reader = create(running);
    const int bell = bell_fd(running->reader_bell);
    bool ready[2];

    log_as(running->service->name);
    while (!atomic_load(&running->is_ending)) {
        const bool has_work = reader->list != NULL || next_query(reader, false) != NULL;

        bus_wait(&reader->socket, 1, &bell, 1, has_work ? 0 : HEAD_MS, ready);
        reader->now_ms = clock_steady_ms();
        give_up_list(reader);
        if (ready[1]) bell_hush(running->reader_bell);
        serve_followers(reader);
        take_messages(reader);
        answer_short(reader);
        go_on_with_list(reader);
        serve_followers(reader);
        heartbeat(reader);
    }
    destroy(reader);
    return NULL;
}
