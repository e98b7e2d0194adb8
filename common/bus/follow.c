/* The follower's side of the pull protocol: ask, check what comes against the chain, hand it out in
 * order, ask again for what is missing. */
#include "bus/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/id.h"
#include "core/pack.h"
#include "core/text.h"
#include "journal/journal.h"

enum {
    CREDIT = 1 << 20,  /* bytes under way at once */
    MESSAGES_MAX = 64, /* that wait to be consumed; more stay in the socket */
    SILENT_MS = 1500,  /* heads come every second: after this long ask again */
    STUCK_MS = 500,    /* the head is ahead of us and nothing comes */
    AGAIN_MS = 200,
    SESSION_FRAMES = 1, /* T, at the front of a message */
    BATCH_FRAMES = 3,   /* B, S, E */
};

struct follower {
    char service[33];
    struct socket *socket;
    struct bus_pull pull;
    struct journal_position position;
    struct message *messages[MESSAGES_MAX]; /* a ring */
    size_t first, count, frame;             /* the next frame of the first message */
    int64_t heard_ms, progress_ms, asked_ms, now_ms;
    uint64_t head;
    uint64_t freed;     /* bytes consumed since the last credit */
    bool is_full_there; /* and that was said */
    bool is_stopped;
    struct bus_diverged trouble; /* why */
};

static void send_letter(struct follower *follower, char letter, const struct descriptor *descriptor,
                        const void *value)
{
    char packed[4096] = {letter};
    size_t size = sizeof packed - 1;
    struct error err;

    if (!pack(descriptor, value, packed + 1, &size, &err)) bug("follow: %s", err.text);
    socket_send(follower->socket, NULL, &(struct frame){packed, size + 1}, 1);
}

static void drop_messages(struct follower *follower)
{
    for (; follower->count > 0; follower->count--) {
        message_destroy(follower->messages[follower->first]);
        follower->first = (follower->first + 1) % MESSAGES_MAX;
    }
    follower->frame = SESSION_FRAMES;
}

static struct bus_place place_of(const struct journal_position *position)
{
    struct bus_place place = {.epoch = position->epoch,
                              .batch = position->batch,
                              .hash = position->hash,
                              .has_part = position->has_part,
                              .part = position->part};

    place.hash.size = HASH_SIZE;
    return place;
}

/* Ask for what is behind the position; whatever was under way is passed over: it has another session,
 * as has what was sent to an earlier one of this name, who may have wanted other types. */
static void ask(struct follower *follower)
{
    drop_messages(follower);
    follower->pull.session = random_key_id();
    follower->pull.from = place_of(&follower->position);
    follower->pull.credit = CREDIT;
    follower->freed = 0;
    follower->asked_ms = follower->progress_ms = follower->now_ms;
    send_letter(follower, 'L', &bus_pull_descriptor, &follower->pull);
}

/* What is still under way of an earlier question makes no new one. */
static void ask_again(struct follower *follower)
{
    drop_messages(follower);
    if (follower->now_ms - follower->asked_ms > AGAIN_MS) ask(follower);
}

struct follower *follower_create(struct bus *bus, const char *own_name, const char *service,
                                 const char *const *types, const struct journal_position *from,
                                 const struct journal_position *until, struct error *err)
{
    struct follower *follower = calloc(1, sizeof *follower);
    char endpoint[128];

    if (follower == NULL) bug("out of memory");
    service_endpoint(service, "reads", endpoint);
    if ((follower->socket = bus_dial(bus, endpoint, own_name, err)) == NULL) {
        free(follower);
        return NULL;
    }
    text_copy(follower->service, sizeof follower->service, service);
    follower->position = *from;
    text_copy(follower->position.service, sizeof follower->position.service, service);
    follower->position.hash.size = HASH_SIZE;
    follower->pull.has_until = until != NULL;
    if (until != NULL) follower->pull.until = place_of(until);
    for (size_t i = 0; types[i] != NULL; i++) {
        if (i == TYPES_MAX) bug("follow: more than %d types", TYPES_MAX);
        text_copy(follower->pull.types.at[follower->pull.types.count++],
                  sizeof follower->pull.types.at[0], types[i]);
    }
    return follower;
}

void follower_destroy(struct follower *follower)
{
    if (follower == NULL) return;
    drop_messages(follower);
    socket_close(follower->socket);
    free(follower);
}

struct socket *follower_socket(struct follower *follower)
{
    return follower->socket;
}

const char *follower_service(const struct follower *follower)
{
    return follower->service;
}

static char letter_of(struct frame frame)
{
    return frame.size == 0 ? '\0' : *(const char *)frame.at;
}

static bool is_of_session(const struct follower *follower, struct id session)
{
    return follower->asked_ms != 0 && id_equal(session, follower->pull.session);
}

static void hear_head(struct follower *follower, struct frame frame)
{
    struct bus_head head;
    struct error err;

    if (!unpack(&bus_head_descriptor, (const char *)frame.at + 1, frame.size - 1, &head, &err))
        return;
    follower->head = (uint64_t)head.batch;
    follower->is_full_there = false;
}

static void stop(struct follower *follower, const struct bus_diverged *why)
{
    if (!follower->is_stopped)
        log_error("follows_no_more", "from=%s batch=%lld code=%s why=%s", follower->service,
                  (long long)follower->position.batch, why->code, why->text);
    follower->trouble = *why;
    follower->is_stopped = true;
}

void follower_stop(struct follower *follower, const char *code, const char *why)
{
    struct bus_diverged trouble = {.has_fork = false};

    text_copy(trouble.code, sizeof trouble.code, code);
    text_copy(trouble.text, sizeof trouble.text, why);
    stop(follower, &trouble);
}

static void hear_diverged(struct follower *follower, struct frame frame)
{
    struct bus_diverged diverged;
    struct error err;

    if (unpack(&bus_diverged_descriptor, (const char *)frame.at + 1, frame.size - 1, &diverged,
               &err) &&
        is_of_session(follower, diverged.session))
        stop(follower, &diverged);
}

static void hear_full(struct follower *follower, struct frame frame)
{
    struct bus_full full;
    struct error err;

    if (!unpack(&bus_full_descriptor, (const char *)frame.at + 1, frame.size - 1, &full, &err) ||
        !is_of_session(follower, full.session) || follower->is_full_there)
        return;
    log_warning("not_served", "from=%s why=it serves too many already", follower->service);
    follower->is_full_there = true;
}

static bool is_wanted(const struct follower *follower, struct frame frame)
{
    struct id session;

    if (frame.size != 1 + sizeof session) return false;
    memcpy(&session, (const char *)frame.at + 1, sizeof session);
    return is_of_session(follower, session);
}

static void hear(struct follower *follower, struct message *message)
{
    const struct frame first =
        message_count(message) > 0 ? message_frame(message, 0) : (struct frame){NULL, 0};

    switch (letter_of(first)) {
    case 'T':
        if (!is_wanted(follower, first)) break;
        follower->heard_ms = follower->now_ms;
        follower->messages[(follower->first + follower->count++) % MESSAGES_MAX] = message;
        return;
    case 'H':
        follower->heard_ms = follower->now_ms;
        hear_head(follower, first);
        break;
    case 'D': hear_diverged(follower, first); break;
    case 'Z': hear_full(follower, first); break;
    default: log_warning("follow_odd", "from=%s letter=%d", follower->service, letter_of(first));
    }
    message_destroy(message);
}

void follower_turn(struct follower *follower, int64_t now_ms)
{
    struct message *message;

    follower->now_ms = now_ms;
    while (follower->count < MESSAGES_MAX && (message = socket_receive(follower->socket)) != NULL)
        hear(follower, message);
    if (follower->is_stopped) return;
    if (follower->asked_ms == 0 ||
        (now_ms - follower->heard_ms > SILENT_MS && now_ms - follower->asked_ms > SILENT_MS) ||
        (follower->count == 0 && follower->head > (uint64_t)follower->position.batch &&
         now_ms - follower->progress_ms > STUCK_MS && now_ms - follower->asked_ms > STUCK_MS))
        ask(follower);
}

/* The rows of an E frame; false when it is not what it should be. */
static bool read_rows(struct frame frame, struct foreign *foreign)
{
    const uint8_t *at = (const uint8_t *)frame.at + 1,
                  *end = (const uint8_t *)frame.at + frame.size;
    uint8_t hash[HASH_SIZE];
    uint32_t least = 0; /* rows come in order, each once */

    foreign->count = 0;
    while (end - at >= 4 && foreign->count < FOREIGN_ROWS) {
        const uint32_t index = (uint32_t)(at[0] | at[1] << 8);
        const size_t size = (size_t)(at[2] | at[3] << 8);
        const struct bytes row = {at + 4, size};

        if ((size_t)(end - at) < 4 + size || index < least || index >= foreign->events)
            return false;
        row_hash(row, hash);
        if (memcmp(hash, foreign->hashes + (size_t)index * HASH_SIZE, HASH_SIZE) != 0) return false;
        foreign->rows[foreign->count].index = index;
        foreign->rows[foreign->count++].row = row;
        least = index + 1;
        at += 4 + size;
    }
    return at == end;
}

static bool glimpse_bytes(struct bytes header, const char *name, void *to, size_t size)
{
    struct glimpse glimpse;

    if (!unpack_glimpse(header.at, header.size, name, &glimpse) || glimpse.at == NULL ||
        glimpse.size != size)
        return false;
    memcpy(to, glimpse.at, size);
    return true;
}

static int64_t glimpse_number(struct bytes header, const char *name)
{
    struct glimpse glimpse;

    return unpack_glimpse(header.at, header.size, name, &glimpse) && glimpse.at == NULL
               ? glimpse.number
               : -1;
}

/* Whether three frames are a batch that holds together. */
static bool read_batch(const struct follower *follower, struct frame b, struct frame s,
                       struct frame e, struct foreign *foreign, uint8_t previous[HASH_SIZE])
{
    struct journal_position *after = &foreign->after;
    const struct bytes header = {(const char *)b.at + 1, b.size - 1};
    int64_t events;

    if (letter_of(b) != 'B' || letter_of(s) != 'S' || letter_of(e) != 'E') return false;
    if ((s.size - 1) % HASH_SIZE != 0 || s.size / HASH_SIZE > FOREIGN_ROWS) return false;
    events = glimpse_number(header, "events");
    if (events < 0 || (size_t)events != (s.size - 1) / HASH_SIZE) return false;
    *after = follower->position;
    after->within = 0;
    after->has_part = false;
    after->batch = glimpse_number(header, "number");
    after->hash.size = HASH_SIZE;
    if (!glimpse_bytes(header, "epoch", &after->epoch, sizeof after->epoch)) return false;
    if (!glimpse_bytes(header, "previous", previous, HASH_SIZE)) return false;
    foreign->header = header;
    foreign->events = (uint32_t)events;
    foreign->hashes = (const uint8_t *)s.at + 1;
    batch_hash(previous, header, foreign->hashes, foreign->events, after->hash.at);
    return read_rows(e, foreign);
}

static void next_frames(struct follower *follower)
{
    struct message *message = follower->messages[follower->first];

    for (size_t i = 0; i < BATCH_FRAMES; i++)
        follower->freed += message_frame(message, follower->frame + i).size;
    follower->frame += BATCH_FRAMES;
    if (follower->frame + BATCH_FRAMES <= message_count(message)) return;
    message_destroy(message);
    follower->first = (follower->first + 1) % MESSAGES_MAX;
    follower->count--;
    follower->frame = SESSION_FRAMES;
}

static void give_credit(struct follower *follower)
{
    const struct bus_credit credit = {(int64_t)follower->freed, follower->position.batch};

    if (follower->freed < CREDIT / 4) return;
    send_letter(follower, 'K', &bus_credit_descriptor, &credit);
    follower->freed = 0;
}

static bool is_hash(const struct hash *hash, const uint8_t expected[HASH_SIZE])
{
    return memcmp(hash->at, expected, HASH_SIZE) == 0;
}

/* Whether the batch is what comes behind the position: of what was consumed in part, the rest. */
static bool is_next(const struct follower *follower, const struct foreign *foreign,
                    const uint8_t previous[HASH_SIZE])
{
    const struct journal_position *at = &follower->position;

    return foreign->after.batch == at->batch + 1 &&
           (at->batch == 0 || is_hash(&at->hash, previous)) &&
           (!at->has_part || is_hash(&at->part, foreign->after.hash.at));
}

/* Whether what is filled in comes to the place where the rest stands. */
static bool is_on_the_way(const struct follower *follower, const struct foreign *foreign)
{
    const struct bus_place *until = &follower->pull.until;

    if (!follower->pull.has_until) return true;
    if (foreign->after.batch == until->batch) return is_hash(&until->hash, foreign->after.hash.at);
    return foreign->after.batch != until->batch + 1 || !until->has_part ||
           is_hash(&until->part, foreign->after.hash.at);
}

bool follower_next(struct follower *follower, struct foreign *foreign)
{
    uint8_t previous[HASH_SIZE];

    while (follower->count > 0 && !follower->is_stopped) {
        struct message *message = follower->messages[follower->first];
        const size_t frame = follower->frame;

        if (frame + BATCH_FRAMES > message_count(message) ||
            !read_batch(follower, message_frame(message, frame), message_frame(message, frame + 1),
                        message_frame(message, frame + 2), foreign, previous)) {
            log_warning("follow_damaged", "from=%s batch=%lld", follower->service,
                        (long long)follower->position.batch);
            ask_again(follower);
            return false;
        }
        if (foreign->after.batch <= follower->position.batch) { /* had it: asked twice */
            next_frames(follower);
            continue;
        }
        if (is_next(follower, foreign, previous) && is_on_the_way(follower, foreign)) return true;
        ask_again(follower); /* a gap, or not the chain that we know: the producer will say */
        return false;
    }
    return false;
}

void follower_consumed(struct follower *follower, const struct foreign *foreign, uint32_t within)
{
    if (within != UINT32_MAX) {
        follower->position.within = (int64_t)within;
        follower->position.has_part = true;
        follower->position.part = foreign->after.hash;
        return;
    }
    follower->position = foreign->after;
    follower->progress_ms = follower->now_ms;
    next_frames(follower);
    give_credit(follower);
}

const struct journal_position *follower_position(const struct follower *follower)
{
    return &follower->position;
}

void follower_acknowledge(struct follower *follower)
{
    const struct bus_credit credit = {(int64_t)follower->freed, follower->position.batch};

    send_letter(follower, 'K', &bus_credit_descriptor, &credit);
    follower->freed = 0;
}

bool follower_head(const struct follower *follower, int64_t now_ms, uint64_t *batch)
{
    *batch = follower->head;
    return now_ms - follower->heard_ms < 3000 && follower->heard_ms != 0;
}

const struct bus_diverged *follower_trouble(const struct follower *follower)
{
    return follower->is_stopped ? &follower->trouble : NULL;
}
