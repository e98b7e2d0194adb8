/* Whether a follower's places are in the journal, and one batch after the other of what it wants. */
#include "service/feed.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "journal/journal.h"

enum { CREDIT_MAX = 2 * 1024 * 1024 }; /* bytes, that one letter from it can add */

struct feed {
    struct journal *journal;
    const char *service;
    uint64_t next; /* batch to send */
    int64_t credit;
    struct id session;
    struct bus_types types;
    bool wants_all, is_begun;
};

struct feed *feed_create(struct journal *journal, const char *service)
{
    struct feed *feed = calloc(1, sizeof *feed);

    if (feed == NULL) bug("out of memory");
    feed->journal = journal;
    feed->service = service;
    return feed;
}

void feed_destroy(struct feed *feed)
{
    free(feed);
}

/* Beginning. */

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

bool feed_begin(struct feed *feed, const struct bus_pull *pull, bool *is_welcome,
                struct bus_diverged *diverged, struct error *err)
{
    struct txn *txn = journal_begin_read(feed->journal, err);
    bool is_ok;

    feed->is_begun = *is_welcome = false;
    *diverged = (struct bus_diverged){.session = pull->session};
    is_ok = txn != NULL && look_up_both(txn, pull, is_welcome, diverged, err);
    txn_abort(txn);
    if (!is_ok || !*is_welcome) return is_ok;
    feed->session = pull->session;
    feed->next = (uint64_t)pull->from.batch + 1;
    feed->credit = pull->credit < CREDIT_MAX ? pull->credit : CREDIT_MAX;
    feed->types = pull->types;
    feed->wants_all = pull->types.count == 1 && strcmp(pull->types.at[0], "*") == 0;
    feed->is_begun = true;
    return true;
}

void feed_credit(struct feed *feed, int64_t bytes)
{
    feed->credit += bytes < CREDIT_MAX ? bytes : CREDIT_MAX;
}

void feed_end(struct feed *feed)
{
    feed->is_begun = false;
}

bool feed_is_begun(const struct feed *feed)
{
    return feed->is_begun;
}

/* Going on. */

static bool wants(const struct feed *feed, struct bytes row)
{
    struct bytes type, of;

    if (feed->wants_all) return true;
    if (!row_type(row, &type, &of)) return false;
    if (of.size != strlen(feed->service) || memcmp(of.at, feed->service, of.size) != 0)
        return false;
    for (uint32_t i = 0; i < feed->types.count; i++) {
        const char *name = feed->types.at[i];

        if (strlen(name) == type.size && memcmp(name, type.at, type.size) == 0) return true;
    }
    return false;
}

bool feed_has_next(const struct feed *feed, uint64_t head)
{
    return feed->is_begun && feed->credit > 0 && feed->next <= head;
}

static bool pack_rows(const struct feed *feed, struct txn *txn, const struct batch_view *view,
                      uint8_t *packed, size_t *size, struct error *err)
{
    for (uint32_t i = 0; i < view->events; i++) {
        struct bytes row;

        if (!journal_row(txn, view->first + i, &row, err)) return false;
        if (wants(feed, row) && !batch_pack_row(i, row, packed, size))
            return error_set(err, ERROR_BROKEN, "feed", "batch %llu is too large to travel",
                             (unsigned long long)view->number);
    }
    return true;
}

bool feed_next(struct feed *feed, uint8_t letter[FEED_LETTER_MAX], size_t *size, struct error *err)
{
    const size_t head = 1 + sizeof feed->session;
    struct txn *txn = journal_begin_read(feed->journal, err);
    struct batch_view view = {.number = 0};
    size_t packed = 0;
    bool is_ok = txn != NULL && journal_batch(txn, feed->next, &view, err);

    *size = 0;
    if (is_ok && view.header.at != NULL) {
        batch_pack(&view, letter + head, &packed);
        is_ok = pack_rows(feed, txn, &view, letter + head, &packed, err);
    }
    txn_abort(txn);
    if (!is_ok || packed == 0) return is_ok;
    letter[0] = 'B';
    memcpy(letter + 1, &feed->session, sizeof feed->session);
    feed->next++;
    feed->credit -= (int64_t)packed;
    *size = head + packed;
    return true;
}
