/* The reader's thread: whoever follows the journal or asks for records is served here, from
 * snapshots, and never waits for the writer. Followers first, then what is short (how the service is); lists
 * bit by bit in between, by whose turn it is. What is looked up has a thread of its own (lookup.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "bus/refusal.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "fold/fold.h"
#include "service/feed.h"
#include "service/meters.h"
#include "service/permission.h"
#include "service/query.h"
#include "service/queue.h"
#include "service/running.h"
#include "service/threads.h"
#include "service/turned_away.h"

enum {
    FOLLOWERS_MAX = 32,
    HEAD_MS = 1000,      /* between heartbeats */
    MESSAGES_EACH = 256, /* taken before followers are looked after again */
    LIST_NS = 1000000,   /* a list may take so long before others get their turn */
};

struct following {
    char peer[PEER_NAME_MAX + 1]; /* "": nobody */
    struct feed *feed;
};

struct reading {
    struct running *running;
    struct socket *socket;
    struct following followings[FOLLOWERS_MAX];
    struct queue *queue; /* queries that wait, and lists that are being answered */
    int64_t now_ms, headed_ms;
    uint8_t *letter; /* that is being sent */
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
    log_error("follower_diverged", "peer=%.*s code=%s", bus_peer_shown(peer), peer, diverged->code);
    send_value(reader, peer, 'D', &bus_diverged_descriptor, diverged);
}

/* Following. */

static struct following *following_of(struct reading *reader, const char *peer)
{
    struct following *unused = NULL;

    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct following *following = &reader->followings[i];

        if (strcmp(following->peer, peer) == 0) return following;
        if (!feed_is_begun(following->feed)) unused = following;
    }
    if (unused != NULL) text_copy(unused->peer, sizeof unused->peer, peer);
    return unused;
}

/* False when there was nothing to send, or nobody. */
static bool send_next(struct reading *reader, struct following *following)
{
    struct error err;
    size_t size;

    if (!feed_has_next(following->feed, atomic_load(&reader->running->head))) return false;
    if (!feed_next(following->feed, reader->letter, &size, &err)) {
        log_failure(LOG_ERROR, "follow", &err);
        feed_end(following->feed);
        return false;
    }
    if (size == 0) return false;
    if (socket_send(reader->socket, following->peer, &(struct frame){reader->letter, size}, 1))
        return true;
    feed_end(following->feed); /* it asks again when it is back */
    return false;
}

static void serve_followers(struct reading *reader)
{
    for (size_t i = 0; i < FOLLOWERS_MAX; i++)
        while (send_next(reader, &reader->followings[i]))
            ;
}

/* One of the types stands for several. */
static const char *what_of(const struct bus_pull *pull)
{
    return pull->types.count == 1 ? pull->types.at[0] : "*";
}

static void refuse_pull(struct reading *reader, const char *peer, const struct bus_pull *pull,
                        const struct error *err)
{
    struct bus_diverged diverged = {.session = pull->session};

    turned_away(reader->running, peer, what_of(pull));
    text_copy(diverged.code, sizeof diverged.code, err->code);
    text_copy(diverged.text, sizeof diverged.text, err->text);
    send_diverged(reader, peer, &diverged);
}

static void on_pull(struct reading *reader, const char *peer, const struct bus_pull *pull)
{
    const struct bus_full full = {pull->session};
    struct following *following;
    struct bus_diverged diverged;
    struct error err;
    bool is_welcome;

    if (!permission_to_follow(reader->running->service, peer, pull, &err)) {
        refuse_pull(reader, peer, pull, &err);
        return;
    }
    if ((following = following_of(reader, peer)) == NULL) {
        log_warning("too_many_followers", "peer=%.*s", bus_peer_shown(peer), peer);
        send_value(reader, peer, 'Z', &bus_full_descriptor, &full);
        return;
    }
    if (!feed_begin(following->feed, pull, &is_welcome, &diverged, &err))
        log_failure(LOG_ERROR, "follow", &err); /* it asks again */
    else if (!is_welcome)
        send_diverged(reader, peer, &diverged);
    else if (!send_head(reader, peer, atomic_load(&reader->running->head)))
        feed_end(following->feed);
}

static void on_credit(struct reading *reader, const char *peer, const struct bus_credit *credit)
{
    for (size_t i = 0; i < FOLLOWERS_MAX; i++)
        if (strcmp(reader->followings[i].peer, peer) == 0)
            feed_credit(reader->followings[i].feed, credit->bytes);
}

static void heartbeat(struct reading *reader)
{
    if (reader->now_ms - reader->headed_ms < HEAD_MS) return;
    reader->headed_ms = reader->now_ms;
    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct following *following = &reader->followings[i];

        if (feed_is_begun(following->feed) &&
            !send_head(reader, following->peer, atomic_load(&reader->running->head)))
            feed_end(following->feed);
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
        log_warning("odd_query", "peer=%.*s", bus_peer_shown(peer), peer);
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

static struct queued *next_query(struct reading *reader, bool is_short)
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

/* A bit of one list; then others have their turn. */
static void go_on_with_lists(struct reading *reader)
{
    const int64_t began_ns = clock_steady_ns();
    struct queued *list = next_query(reader, false);
    struct query_answer *answer;
    bool is_whole;

    if (list == NULL) return;
    answer = queue_begin(reader->queue, list);
    is_whole = query_run(reader->running, list->peer, &list->query, began_ns + LIST_NS, answer);
    if (is_whole) send_answer(reader, list->peer, answer);
    queue_took(list, clock_steady_ns() - began_ns, reader->now_ms);
    if (is_whole) queue_drop(reader->queue, list);
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
    log_warning("odd_message", "peer=%.*s size=%zu", bus_peer_shown(peer), peer, frame.size);
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

struct reading *reader_open(struct running *running)
{
    struct reading *reader = calloc(1, sizeof *reader);
    char endpoint[128];
    struct error err;

    if (reader == NULL || (reader->letter = malloc(FEED_LETTER_MAX)) == NULL) bug("out of memory");
    reader->running = running;
    for (size_t i = 0; i < FOLLOWERS_MAX; i++)
        reader->followings[i].feed = feed_create(running->journal, running->service->name);
    reader->answer = query_answer_create();
    reader->queue = queue_create(&running->meters->given_up);
    service_endpoint(running->service->name, "reads", endpoint);
    if ((reader->socket = bus_serve(running->bus, running->service->name, endpoint, &err)) == NULL)
        bug("%s", err.text);
    return reader;
}

void reader_close(struct reading *reader)
{
    queue_destroy(reader->queue);
    socket_close(reader->socket);
    query_answer_destroy(reader->answer);
    for (size_t i = 0; i < FOLLOWERS_MAX; i++)
        feed_destroy(reader->followings[i].feed);
    free(reader->letter);
    free(reader);
}

void reader_turn(struct reading *reader)
{
    reader->now_ms = clock_steady_ms();
    serve_followers(reader);
    take_messages(reader);
    answer_short(reader);
    go_on_with_lists(reader);
    serve_followers(reader);
    heartbeat(reader);
}

void reader_wait(struct reading *reader)
{
    struct bell *const bell = reader->running->reader_bell;
    const bool has_work = next_query(reader, false) != NULL;
    bool ready[2];

    bus_wait(&reader->socket, 1, &bell, 1, has_work ? 0 : HEAD_MS, ready);
    if (ready[1]) bell_hush(bell);
}

void *reader_run(void *cookie)
{
    struct running *running = cookie;
    struct reading *reader = reader_open(running);

    log_as(running->service->name);
    while (!atomic_load(&running->is_ending)) {
        reader_wait(reader);
        reader_turn(reader);
    }
    reader_close(reader);
    return NULL;
}
