/* The follower's side of the pull protocol: ask, check what comes against the chain, hand it out in
 * order, ask again for what is missing. */
#include "bus/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "journal/journal.h"

enum {
    CREDIT = 1 << 20,  /* bytes under way at once */
    MESSAGES_MAX = 64, /* that wait to be consumed; more stay in the socket */
    SILENT_MS = 1500,  /* heads come every second: after this long ask again */
    STUCK_MS = 500,    /* the head is ahead of us and nothing comes */
    AGAIN_MS = 200,
    BATCH_FRAMES = 3, /* B, S, E */
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
    uint64_t freed; /* bytes consumed since the last credit */
    char trouble[256];
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
    follower->frame = 0;
}

/* Ask for what is behind the position; whatever was under way is passed over. */
static void ask(struct follower *follower)
{
    drop_messages(follower);
    follower->pull.epoch = follower->position.epoch;
    follower->pull.batch = follower->position.batch;
    follower->pull.hash = follower->position.hash;
    follower->pull.hash.size = HASH_SIZE;
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
                                 struct error *err)
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

static void hear_head(struct follower *follower, struct frame frame)
{
    struct bus_head head;
    struct error err;

    if (!unpack(&bus_head_descriptor, (const char *)frame.at + 1, frame.size - 1, &head, &err))
        return;
    follower->head = (uint64_t)head.batch;
}

void follower_stop(struct follower *follower, const char *why)
{
    if (follower->trouble[0] == '\0')
        log_error("follows_no_more", "from=%s batch=%lld why=%s", follower->service,
                  (long long)follower->position.batch, why);
    text_copy(follower->trouble, sizeof follower->trouble, why);
}

static void hear_diverged(struct follower *follower, struct frame frame)
{
    struct bus_diverged diverged;
    struct error err;

    if (!unpack(&bus_diverged_descriptor, (const char *)frame.at + 1, frame.size - 1, &diverged,
                &err))
        return;
    follower_stop(follower, diverged.text);
}

static void hear(struct follower *follower, struct message *message)
{
    const struct frame first =
        message_count(message) > 0 ? message_frame(message, 0) : (struct frame){NULL, 0};

    follower->heard_ms = follower->now_ms;
    switch (letter_of(first)) {
    case 'B':
        follower->messages[(follower->first + follower->count++) % MESSAGES_MAX] = message;
        return;
    case 'H': hear_head(follower, first); break;
    case 'D': hear_diverged(follower, first); break;
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
    if (follower->trouble[0] != '\0') return;
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

    foreign->count = 0;
    while (end - at >= 4 && foreign->count < FOREIGN_ROWS) {
        const uint32_t index = (uint32_t)(at[0] | at[1] << 8);
        const size_t size = (size_t)(at[2] | at[3] << 8);
        const struct bytes row = {at + 4, size};

        if ((size_t)(end - at) < 4 + size || index >= foreign->events) return false;
        row_hash(row, hash);
        if (memcmp(hash, foreign->hashes + (size_t)index * HASH_SIZE, HASH_SIZE) != 0) return false;
        foreign->rows[foreign->count].index = index;
        foreign->rows[foreign->count++].row = row;
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
    follower->frame = 0;
}

static void give_credit(struct follower *follower)
{
    const struct bus_credit credit = {(int64_t)follower->freed, follower->position.batch};

    if (follower->freed < CREDIT / 4) return;
    send_letter(follower, 'K', &bus_credit_descriptor, &credit);
    follower->freed = 0;
}

bool follower_next(struct follower *follower, struct foreign *foreign)
{
    uint8_t previous[HASH_SIZE];

    while (follower->count > 0 && follower->trouble[0] == '\0') {
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
        if (foreign->after.batch == follower->position.batch + 1 &&
            (follower->position.batch == 0 ||
             memcmp(previous, follower->position.hash.at, HASH_SIZE) == 0))
            return true;
        ask_again(follower); /* a gap, or not the chain that we know: the producer will say */
        return false;
    }
    return false;
}

void follower_consumed(struct follower *follower, const struct foreign *foreign, uint32_t within)
{
    if (within != UINT32_MAX) {
        follower->position.within = (int64_t)within;
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

const char *follower_trouble(const struct follower *follower)
{
    return follower->trouble[0] == '\0' ? NULL : follower->trouble;
}
