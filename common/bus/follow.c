/* The follower's side of the pull protocol: ask, check what comes against the chain, hand it out in
 * order, ask again for what is missing. By what way letters come and go is nothing to it. */
#include "bus/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/id.h"
#include "core/pack.h"
#include "core/text.h"
#include "journal/journal.h"

enum {
    LETTER_MAX = 8192,
    TYPE_MAX = 2 + 64, /* its letters are of one byte each, behind their number */
    PLACES_MAX = 512,  /* what goes with the types */
    CREDIT = 1 << 20,  /* bytes under way at once */
    BATCHES_MAX = 64,  /* that wait to be consumed */
    SILENT_MS = 1500,  /* heads come every second: after this long ask again */
    STUCK_MS = 500,    /* the head is ahead of us and nothing comes */
    AGAIN_MS = 200,
};

_Static_assert(PLACES_MAX + TYPES_MAX * TYPE_MAX <= LETTER_MAX, "a pull of all types is a letter");

struct follower {
    char service[33];
    follower_send *send;
    void *cookie;
    struct bus_pull pull;
    struct journal_position position;
    struct bytes batches[BATCHES_MAX]; /* packed, malloc'ed; a ring */
    size_t first, count;
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
    char packed[LETTER_MAX] = {letter};
    size_t size = sizeof packed - 1;
    struct error err;

    if (!pack(descriptor, value, packed + 1, &size, &err)) bug("follow: %s", err.text);
    follower->send(follower->cookie, (struct bytes){packed, size + 1});
}

static void drop_first(struct follower *follower)
{
    free((void *)(size_t)follower->batches[follower->first].at);
    follower->first = (follower->first + 1) % BATCHES_MAX;
    follower->count--;
}

static void drop_batches(struct follower *follower)
{
    while (follower->count > 0)
        drop_first(follower);
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
    drop_batches(follower);
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
    drop_batches(follower);
    if (follower->now_ms - follower->asked_ms > AGAIN_MS) ask(follower);
}

struct follower *follower_create(const char *service, const char *const *types,
                                 const struct journal_position *from,
                                 const struct journal_position *until, follower_send *send,
                                 void *cookie)
{
    struct follower *follower = calloc(1, sizeof *follower);

    if (follower == NULL) bug("out of memory");
    follower->send = send;
    follower->cookie = cookie;
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
    drop_batches(follower);
    free(follower);
}

const char *follower_service(const struct follower *follower)
{
    return follower->service;
}

static bool is_of_session(const struct follower *follower, struct id session)
{
    return follower->asked_ms != 0 && id_equal(session, follower->pull.session);
}

static void hear_head(struct follower *follower, struct bytes letter)
{
    struct bus_head head;
    struct error err;

    if (!unpack(&bus_head_descriptor, (const char *)letter.at + 1, letter.size - 1, &head, &err))
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

static void hear_diverged(struct follower *follower, struct bytes letter)
{
    struct bus_diverged diverged;
    struct error err;

    if (unpack(&bus_diverged_descriptor, (const char *)letter.at + 1, letter.size - 1, &diverged,
               &err) &&
        is_of_session(follower, diverged.session))
        stop(follower, &diverged);
}

static void hear_full(struct follower *follower, struct bytes letter)
{
    struct bus_full full;
    struct error err;

    if (!unpack(&bus_full_descriptor, (const char *)letter.at + 1, letter.size - 1, &full, &err) ||
        !is_of_session(follower, full.session) || follower->is_full_there)
        return;
    log_warning("not_served", "from=%s why=it serves too many already", follower->service);
    follower->is_full_there = true;
}

/* A batch of this session is kept until it is consumed. */
static void hear_batch(struct follower *follower, struct bytes letter)
{
    const size_t head = 1 + sizeof(struct id);
    struct id session;
    uint8_t *packed;

    if (letter.size <= head || follower->count == BATCHES_MAX) return;
    memcpy(&session, (const char *)letter.at + 1, sizeof session);
    if (!is_of_session(follower, session)) return;
    if ((packed = malloc(letter.size - head)) == NULL) bug("out of memory");
    memcpy(packed, (const char *)letter.at + head, letter.size - head);
    follower->batches[(follower->first + follower->count++) % BATCHES_MAX] =
        (struct bytes){packed, letter.size - head};
    follower->heard_ms = follower->now_ms;
}

bool follower_has_room(const struct follower *follower)
{
    return follower->count < BATCHES_MAX;
}

void follower_hear(struct follower *follower, struct bytes letter, int64_t now_ms)
{
    const char what = letter.size == 0 ? '\0' : *(const char *)letter.at;

    follower->now_ms = now_ms;
    switch (what) {
    case 'B': hear_batch(follower, letter); break;
    case 'H':
        follower->heard_ms = now_ms;
        hear_head(follower, letter);
        break;
    case 'D': hear_diverged(follower, letter); break;
    case 'Z': hear_full(follower, letter); break;
    default: log_warning("follow_odd", "from=%s letter=%d", follower->service, what);
    }
}

void follower_turn(struct follower *follower, int64_t now_ms)
{
    follower->now_ms = now_ms;
    if (follower->is_stopped) return;
    if (follower->asked_ms == 0 ||
        (now_ms - follower->heard_ms > SILENT_MS && now_ms - follower->asked_ms > SILENT_MS) ||
        (follower->count == 0 && follower->head > (uint64_t)follower->position.batch &&
         now_ms - follower->progress_ms > STUCK_MS && now_ms - follower->asked_ms > STUCK_MS))
        ask(follower);
}

/* In order, each once, and as the hashes say; of a row that its journal has struck, what stood there before. */
static bool read_rows(struct bytes rows, struct foreign *foreign)
{
    uint32_t least = 0, place;
    struct bytes row;
    bool is_end;

    for (foreign->count = 0; batch_unpack_row(&rows, &place, &row, &is_end);) {
        if (is_end) return true;
        if (place < least || place >= foreign->events) return false;
        if (!row_stands_for(row, foreign->hashes + (size_t)place * HASH_SIZE)) return false;
        foreign->rows[foreign->count].index = place;
        foreign->rows[foreign->count++].row = row;
        least = place + 1;
    }
    return false;
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

/* Whether it is a batch that holds together. */
static bool read_batch(const struct follower *follower, struct bytes packed,
                       struct foreign *foreign, uint8_t previous[HASH_SIZE])
{
    struct journal_position *after = &foreign->after;
    struct batch_view view;
    struct bytes rows;

    if (!batch_unpack(packed, &view, &rows)) return false;
    *after = follower->position;
    after->within = 0;
    after->has_part = false;
    memset(&after->part, 0, sizeof after->part);
    after->batch = (int64_t)view.number;
    after->hash.size = HASH_SIZE;
    if (!glimpse_bytes(view.header, "epoch", &after->epoch, sizeof after->epoch)) return false;
    if (!glimpse_bytes(view.header, "previous", previous, HASH_SIZE)) return false;
    foreign->header = view.header;
    foreign->events = view.events;
    foreign->hashes = view.hashes;
    batch_hash(previous, view.header, view.hashes, view.events, after->hash.at);
    return memcmp(view.hash, after->hash.at, HASH_SIZE) == 0 && read_rows(rows, foreign);
}

static void free_first(struct follower *follower)
{
    follower->freed += follower->batches[follower->first].size;
    drop_first(follower);
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
        if (!read_batch(follower, follower->batches[follower->first], foreign, previous)) {
            log_warning("follow_damaged", "from=%s batch=%lld", follower->service,
                        (long long)follower->position.batch);
            ask_again(follower);
            return false;
        }
        if (foreign->after.batch <= follower->position.batch) { /* had it: asked twice */
            free_first(follower);
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
    free_first(follower);
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
