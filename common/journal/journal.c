/* The chain in LMDB: batches by number, rows by number, and behind each that was struck how; opened only when its last
 * batch's hashes hold.
 * Earlier versions kept sealed blobs here as well. */
#include "journal/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/random.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "store/number.h"

enum { MAP_BATCHES, MAP_EVENTS };

const char journal_restored[] = "restored";

const char *const journal_maps[] = {"batches", "events", "sealed", NULL};

static const size_t journal_size_max = (size_t)64 << 30; /* bytes; sparse until written */

struct journal {
    struct store *store;
    char service[33];
    struct position head;
    int64_t at_ms;
    uint64_t next_event;
    bool was_restored;
    uint8_t *value; /* of a batch, while it is put together */
};

/* Committing. */

static bool put_batch(struct txn *txn, struct journal *journal, const struct batch *batch,
                      uint8_t hash[HASH_SIZE], struct error *err)
{
    uint8_t key[8];
    size_t size;

    if (!batch_write(batch, journal->value, &size, hash, err)) return false;
    number_write(key, (uint64_t)batch->header.number);
    return txn_append(txn, MAP_BATCHES, (struct bytes){key, sizeof key},
                      (struct bytes){journal->value, size}, err);
}

static bool put_rows(struct txn *txn, const struct batch *batch, struct error *err)
{
    for (int64_t i = 0; i < batch->header.events; i++) {
        uint8_t key[8];

        number_write(key, (uint64_t)(batch->header.first + i));
        if (!txn_append(txn, MAP_EVENTS, (struct bytes){key, sizeof key},
                        (struct bytes){batch->bytes + batch->rows[i].at, batch->rows[i].size}, err))
            return false;
    }
    return true;
}

struct struck_key {
    uint8_t number[8], behind; /* the row */
};

_Static_assert(sizeof(struct struck_key) == 9, "a key has no padding");

static bool put_struck(struct txn *txn, const struct batch *batch, struct error *err)
{
    for (uint32_t i = 0; i < batch->header.struck.count; i++) {
        const struct journal_strike *strike = &batch->header.struck.at[i];
        const struct bytes row = {batch->struck[i].at, batch->struck[i].size};
        struct struck_key key = {.behind = 0};
        uint8_t packed[128];
        size_t size = sizeof packed;

        number_write(key.number, (uint64_t)strike->event);
        if (!txn_replace(txn, MAP_EVENTS, (struct bytes){key.number, sizeof key.number}, row,
                         err) ||
            !pack(&journal_strike_descriptor, strike, packed, &size, err) ||
            !txn_put(txn, MAP_EVENTS, (struct bytes){&key, sizeof key},
                     (struct bytes){packed, size}, err))
            return false;
    }
    return true;
}

void journal_begin(const struct journal *journal, struct batch *batch, int64_t now_ms)
{
    struct journal_header *header = &batch->header;

    batch_clear(batch);
    header->format = 1;
    text_copy(header->service, sizeof header->service, journal->service);
    header->epoch = journal->head.epoch;
    header->number = (int64_t)journal->head.batch + 1;
    header->previous.size = HASH_SIZE;
    memcpy(header->previous.at, journal->head.hash, HASH_SIZE);
    header->at.ms = now_ms > journal->at_ms ? now_ms : journal->at_ms;
    header->first = (int64_t)journal->next_event;
}

bool journal_commit(struct journal *journal, struct batch *batch, struct error *err)
{
    uint8_t hash[HASH_SIZE];
    struct txn *txn = txn_begin_write(journal->store, err);

    if (txn == NULL) return false;
    if (!put_batch(txn, journal, batch, hash, err) || !put_rows(txn, batch, err) ||
        !put_struck(txn, batch, err)) {
        txn_abort(txn);
        return false;
    }
    if (!txn_commit(txn, err)) return false;
    journal->head.batch = (uint64_t)batch->header.number;
    journal->at_ms = batch->header.at.ms;
    journal->next_event += (uint64_t)batch->header.events;
    memcpy(journal->head.hash, hash, HASH_SIZE);
    batch_drop_blobs(batch);
    return true;
}

/* Opening. */

static bool read_last(struct journal *journal, struct txn *txn, struct journal_header *header,
                      struct error *err)
{
    struct batch_view view;
    struct bytes key, value, row;
    uint8_t hash[HASH_SIZE];

    if (!txn_last(txn, MAP_BATCHES, &key, &value, err)) return false;
    if (key.at == NULL) return true; /* a new one */
    if (!journal_batch(txn, number_read(key.at), &view, err)) return false;
    if (!unpack(&journal_header_descriptor, view.header.at, view.header.size, header, err))
        return false;
    if (strcmp(header->service, journal->service) != 0)
        return error_set(err, ERROR_BROKEN, "journal", "this is the journal of %s",
                         header->service);
    for (uint32_t i = 0; i < view.events; i++) {
        if (!journal_row(txn, view.first + i, &row, err)) return false;
        if (!row_stands_for(row, view.hashes + (size_t)i * HASH_SIZE))
            return error_set(err, ERROR_BROKEN, "journal", "event %llu does not match its hash",
                             (unsigned long long)(view.first + i));
    }
    batch_hash(header->previous.at, view.header, view.hashes, view.events, hash);
    if (memcmp(hash, view.hash, HASH_SIZE) != 0)
        return error_set(err, ERROR_BROKEN, "journal", "batch %llu does not match its hash",
                         (unsigned long long)view.number);
    journal->head.epoch = header->epoch;
    journal->head.batch = view.number;
    memcpy(journal->head.hash, hash, HASH_SIZE);
    journal->at_ms = header->at.ms;
    journal->next_event = view.first + view.events;
    return true;
}

static bool check_last(struct journal *journal, struct txn *txn, struct error *err)
{
    struct journal_header *header = malloc(sizeof *header);
    bool is_ok;

    if (header == NULL) bug("out of memory");
    is_ok = read_last(journal, txn, header, err);
    free(header);
    return is_ok;
}

/* A new journal's first batch, or one that takes over from where a restored one ended. */
static bool begin_epoch(struct journal *journal, int64_t now_ms, struct error *err)
{
    const struct position was = journal->head;
    struct batch *batch = batch_create();
    bool is_ok;

    random_bytes(&journal->head.epoch, sizeof journal->head.epoch);
    journal_begin(journal, batch, now_ms);
    batch->header.has_before = was.batch > 0;
    batch->header.before.epoch = was.epoch;
    batch->header.before.batch = (int64_t)was.batch;
    batch->header.before.hash.size = HASH_SIZE;
    memcpy(batch->header.before.hash.at, was.hash, HASH_SIZE);
    is_ok = journal_commit(journal, batch, err);
    batch_destroy(batch);
    return is_ok;
}

/* What was restored from a backup may have said more than it knows now: another epoch, so that who
 * heard more finds out. The marker goes once that is on disk; again is harmless. */
static bool take_over(struct journal *journal, const char *directory, struct error *err)
{
    char marker[FILES_PATH_MAX + sizeof journal_restored];

    snprintf(marker, sizeof marker, "%s/%s", directory, journal_restored);
    if (access(marker, F_OK) != 0) return true;
    journal->was_restored = true;
    if (!begin_epoch(journal, journal->at_ms, err)) return false;
    return unlink(marker) == 0 ||
           error_set(err, ERROR_BROKEN, "journal", "%s: %s", marker, strerror(errno));
}

struct journal *journal_open(const char *directory, const char *service, int64_t now_ms,
                             struct error *err)
{
    struct journal *journal = calloc(1, sizeof *journal);
    struct txn *txn = NULL;

    if (journal == NULL || (journal->value = malloc(BATCH_VALUE_MAX)) == NULL) bug("out of memory");
    text_copy(journal->service, sizeof journal->service, service);
    journal->next_event = 1;
    journal->store = store_open(directory, journal_size_max, journal_maps, STORE_SYNCED, err);
    if (journal->store == NULL) goto failed;
    if ((txn = txn_begin_read(journal->store, err)) == NULL) goto failed;
    if (!check_last(journal, txn, err)) goto failed;
    txn_abort(txn);
    txn = NULL;
    if (journal->head.batch == 0 && !begin_epoch(journal, now_ms, err)) goto failed;
    if (!take_over(journal, directory, err)) goto failed;
    return journal;

failed:
    txn_abort(txn);
    journal_close(journal);
    return NULL;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL) return;
    store_close(journal->store);
    free(journal->value);
    free(journal);
}

struct journal *journal_open_guest(const char *directory, struct error *err)
{
    struct journal *journal = calloc(1, sizeof *journal);

    if (journal == NULL) bug("out of memory");
    journal->store = store_open(directory, journal_size_max, journal_maps, STORE_GUEST, err);
    if (journal->store != NULL) return journal;
    journal_close(journal);
    return NULL;
}

struct txn *journal_begin_read(struct journal *journal, struct error *err)
{
    return txn_begin_read(journal->store, err);
}

size_t journal_used(const struct journal *journal)
{
    return store_used(journal->store);
}

void journal_tidy(struct journal *journal)
{
    store_forget_dead(journal->store);
}

bool journal_has_blobs(struct journal *journal, bool *has, struct error *err)
{
    struct txn *txn = txn_begin_read(journal->store, err);
    struct bytes key, value;
    const bool is_ok = txn != NULL && txn_last(txn, JOURNAL_SEALED, &key, &value, err);

    *has = is_ok && key.at != NULL;
    txn_abort(txn);
    return is_ok;
}

struct txn *journal_begin_move(struct journal *journal, struct error *err)
{
    return txn_begin_write(journal->store, err);
}

uint64_t journal_next(const struct journal *journal)
{
    return journal->next_event;
}

bool journal_scrub(struct journal *journal, struct scrub *scrub, size_t pages, struct error *err)
{
    return store_scrub(journal->store, scrub, pages, err);
}

struct position journal_head(const struct journal *journal)
{
    return journal->head;
}

int64_t journal_at_ms(const struct journal *journal)
{
    return journal->at_ms;
}

bool journal_was_restored(const struct journal *journal)
{
    return journal->was_restored;
}

bool journal_has_room(const struct journal *journal)
{
    return store_has_room(journal->store);
}

/* Reading. */

bool journal_batch(struct txn *txn, uint64_t number, struct batch_view *view, struct error *err)
{
    uint8_t key[8];
    struct bytes value;

    number_write(key, number);
    memset(view, 0, sizeof *view);
    if (!txn_get(txn, MAP_BATCHES, (struct bytes){key, sizeof key}, &value, err)) return false;
    if (value.at == NULL) return true;
    if (!batch_read(value, view))
        return error_set(err, ERROR_BROKEN, "journal", "batch %llu is damaged",
                         (unsigned long long)number);
    view->number = number;
    return true;
}

bool journal_place(struct txn *txn, uint64_t number, bool *is_there, struct position *place,
                   struct error *err)
{
    struct batch_view view;
    struct glimpse epoch;

    if (!journal_batch(txn, number, &view, err)) return false;
    *is_there = view.header.at != NULL;
    if (!*is_there) return true;
    if (!unpack_glimpse(view.header.at, view.header.size, "epoch", &epoch) ||
        epoch.size != sizeof place->epoch)
        return error_set(err, ERROR_BROKEN, "journal", "batch %llu is damaged",
                         (unsigned long long)number);
    place->batch = number;
    memcpy(&place->epoch, epoch.at, sizeof place->epoch);
    memcpy(place->hash, view.hash, HASH_SIZE);
    return true;
}

/* Of one that has to be there. */
static bool place_of(struct txn *txn, uint64_t number, struct position *place, struct error *err)
{
    bool is_there;

    if (!journal_place(txn, number, &is_there, place, err)) return false;
    return is_there || error_set(err, ERROR_BROKEN, "journal", "batch %llu is missing",
                                 (unsigned long long)number);
}

/* The first batch of the epoch in which `last` is: epochs lie one behind the other. */
static bool first_of_epoch(struct txn *txn, const struct position *last, uint64_t *first,
                           struct error *err)
{
    uint64_t low = 1, high = last->batch;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        struct position place;

        if (!place_of(txn, middle, &place, err)) return false;
        if (id_equal(place.epoch, last->epoch))
            high = middle;
        else
            low = middle + 1;
    }
    *first = low;
    return true;
}

bool journal_end(struct txn *txn, struct position *end, struct error *err)
{
    struct bytes key, value;

    *end = (struct position){.batch = 0};
    if (!txn_last(txn, MAP_BATCHES, &key, &value, err)) return false;
    return key.at == NULL || place_of(txn, number_read(key.at), end, err);
}

bool journal_fork(struct txn *txn, struct id epoch, uint64_t batch, bool *is_known,
                  struct position *fork, struct error *err)
{
    uint64_t last;
    bool is_earlier = false; /* than the epoch that goes on */

    *is_known = false;
    if (!journal_end(txn, fork, err)) return false;
    for (last = fork->batch; last > 0; last--) {
        if (!place_of(txn, last, fork, err)) return false;
        if (id_equal(fork->epoch, epoch)) {
            *is_known = is_earlier && batch > fork->batch;
            return true;
        }
        if (!first_of_epoch(txn, fork, &last, err)) return false;
        is_earlier = true;
    }
    return true;
}

bool journal_row(struct txn *txn, uint64_t number, struct bytes *row, struct error *err)
{
    uint8_t key[8];

    number_write(key, number);
    if (!txn_get(txn, MAP_EVENTS, (struct bytes){key, sizeof key}, row, err)) return false;
    return (row->at != NULL && row_is_whole(*row)) ||
           error_set(err, ERROR_BROKEN, "journal", "event %llu is missing or damaged",
                     (unsigned long long)number);
}

bool journal_struck(struct txn *txn, uint64_t number, bool *is_struck,
                    struct journal_strike *strike, struct error *err)
{
    struct struck_key key = {.behind = 0};
    struct bytes value;

    number_write(key.number, number);
    if (!txn_get(txn, MAP_EVENTS, (struct bytes){&key, sizeof key}, &value, err)) return false;
    *is_struck = value.at != NULL;
    return !*is_struck || unpack(&journal_strike_descriptor, value.at, value.size, strike, err) ||
           error_set(err, ERROR_BROKEN, "journal", "how event %llu was struck is damaged",
                     (unsigned long long)number);
}
