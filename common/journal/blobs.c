/* Two maps: the blobs; and one value that names those that came with the last batch that had any, beside another that is
 * there as long as the file may still hold what was deleted. */
#include "journal/blobs.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "journal/journal.h"
#include "store/store.h"

enum { MAP_SEALED, MAP_LATEST };

static const char *const maps[] = {"sealed", "latest", NULL};
static const size_t size_max = (size_t)64 << 30; /* bytes; sparse until written */

struct blobs {
    struct store *store;
    struct scrub pass;
    bool is_clean;       /* nothing was deleted since the file was gone through */
    bool is_passing;     /* it is being gone through, */
    bool is_passed_over; /* and something was deleted behind where that is */
};

/* Of which batch, and which they are. */
struct latest {
    struct id epoch;
    uint64_t batch;
    struct blob_key keys[BATCH_BLOBS];
};

enum { LATEST_HEAD = offsetof(struct latest, keys) };

static const struct bytes latest_key = {"latest", 6}, unclean_key = {"unclean", 7};

static bool read_latest(struct txn *txn, struct latest *latest, size_t *count, struct error *err)
{
    struct bytes value;

    *count = 0;
    if (!txn_get(txn, MAP_LATEST, latest_key, &value, err)) return false;
    if (value.at == NULL) return true;
    if (value.size < LATEST_HEAD || value.size > sizeof *latest)
        return error_set(err, ERROR_BROKEN, "blobs", "what came last is damaged");
    memcpy(latest, value.at, value.size);
    *count = (value.size - LATEST_HEAD) / sizeof latest->keys[0];
    return true;
}

/* Whether the journal has the batch that they came with: of one that was restored another may have its number. */
static bool came_to_be(struct journal *journal, const struct latest *latest, bool *has,
                       struct error *err)
{
    struct txn *txn = journal_begin_read(journal, err);
    struct position place;
    const bool is_ok = txn != NULL && journal_place(txn, latest->batch, has, &place, err);

    if (is_ok && *has) *has = id_equal(place.epoch, latest->epoch);
    txn_abort(txn);
    return is_ok;
}

static bool drop_keys(struct txn *txn, unsigned map, const struct blob_key *keys, size_t count,
                      struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!txn_drop(txn, map, (struct bytes){&keys[i], sizeof keys[i]}, err)) return false;
    return true;
}

/* As drop_keys of what is sealed here: that it has to be overwritten is committed with it. */
static bool delete_keys(struct blobs *blobs, struct txn *txn, const struct blob_key *keys,
                        size_t count, struct error *err)
{
    if (count == 0) return true;
    blobs->is_clean = false;
    blobs->is_passed_over = true;
    return drop_keys(txn, MAP_SEALED, keys, count, err) &&
           txn_put(txn, MAP_LATEST, unclean_key, (struct bytes){"", 1}, err);
}

static bool sweep(struct blobs *blobs, struct journal *journal, struct error *err)
{
    struct txn *txn = txn_begin_write(blobs->store, err);
    struct latest latest;
    bool has = true, is_ok;
    size_t count;

    if (txn == NULL) return false;
    is_ok = read_latest(txn, &latest, &count, err) &&
            (count == 0 || came_to_be(journal, &latest, &has, err)) &&
            (has || delete_keys(blobs, txn, latest.keys, count, err)) &&
            txn_drop(txn, MAP_LATEST, latest_key, err);
    if (is_ok) return txn_commit(txn, err);
    txn_abort(txn);
    return false;
}

static bool read_unclean(struct blobs *blobs, struct error *err)
{
    struct txn *txn = txn_begin_read(blobs->store, err);
    struct bytes value;
    const bool is_ok = txn != NULL && txn_get(txn, MAP_LATEST, unclean_key, &value, err);

    blobs->is_clean = is_ok && value.at == NULL;
    txn_abort(txn);
    return is_ok;
}

struct blobs *blobs_open(const char *directory, struct journal *journal, struct error *err)
{
    struct blobs *blobs = calloc(1, sizeof *blobs);

    if (blobs == NULL) bug("out of memory");
    blobs->store = store_open(directory, size_max, maps, STORE_SYNCED, err);
    if (blobs->store != NULL && read_unclean(blobs, err) && sweep(blobs, journal, err))
        return blobs;
    blobs_close(blobs);
    return NULL;
}

void blobs_close(struct blobs *blobs)
{
    if (blobs == NULL) return;
    store_close(blobs->store);
    free(blobs);
}

static bool put_all(struct txn *txn, const struct batch *batch, struct error *err)
{
    struct latest latest = {.epoch = batch->header.epoch, .batch = (uint64_t)batch->header.number};

    for (size_t i = 0; i < batch->blob_count; i++) {
        struct blob_key *key = &latest.keys[i];

        *key = (struct blob_key){batch->blobs[i].owner, batch->blobs[i].event};
        if (!txn_put(txn, MAP_SEALED, (struct bytes){key, sizeof *key},
                     (struct bytes){batch->blobs[i].at, batch->blobs[i].size}, err))
            return false;
    }
    return txn_put(txn, MAP_LATEST, latest_key,
                   (struct bytes){&latest, LATEST_HEAD + batch->blob_count * sizeof latest.keys[0]},
                   err);
}

/* The latest of before are of a batch that is there: it was committed, or this were not the next. */
bool blobs_write(struct blobs *blobs, const struct batch *batch, struct error *err)
{
    struct txn *txn;

    if (batch->blob_count == 0) return true;
    if ((txn = txn_begin_write(blobs->store, err)) == NULL) return false;
    if (put_all(txn, batch, err)) return txn_commit(txn, err);
    txn_abort(txn);
    return false;
}

bool blobs_read(struct blobs *blobs, struct id owner, struct id event, uint8_t to[BLOB_MAX],
                size_t *size, struct error *err)
{
    const struct blob_key of = {owner, event};
    struct txn *txn = txn_begin_read(blobs->store, err);
    struct bytes blob;
    bool is_ok =
        txn != NULL && txn_get(txn, MAP_SEALED, (struct bytes){&of, sizeof of}, &blob, err);

    if (is_ok && blob.size > BLOB_MAX)
        is_ok = error_set(err, ERROR_BROKEN, "blobs", "a blob of %zu bytes", blob.size);
    if (is_ok) {
        *size = blob.size;
        if (blob.size > 0) memcpy(to, blob.at, blob.size);
    }
    txn_abort(txn);
    return is_ok;
}

/* Some of a map's keys. */

enum { SOME = 64 };

struct some_keys {
    size_t count;
    struct blob_key at[SOME];
};

static bool collect(void *cookie, struct bytes key, struct bytes value)
{
    struct some_keys *some = cookie;

    (void)value;
    if (key.size == sizeof some->at[0]) memcpy(&some->at[some->count++], key.at, key.size);
    return some->count < SOME;
}

struct keeping {
    struct some_keys strangers;
    blobs_is_known *is_known;
    void *cookie;
};

static bool collect_stranger(void *cookie, struct bytes key, struct bytes value)
{
    struct keeping *keeping = cookie;
    struct blob_key of;

    if (key.size != sizeof of) return true;
    memcpy(&of, key.at, sizeof of);
    return keeping->is_known(keeping->cookie, &of) || collect(&keeping->strangers, key, value);
}

/* Of those from that key on. */
static bool keep_some(struct blobs *blobs, struct keeping *keeping, struct blob_key from,
                      struct error *err)
{
    struct some_keys *strangers = &keeping->strangers;
    struct txn *txn = txn_begin_write(blobs->store, err);
    bool is_ok;

    strangers->count = 0;
    if (txn == NULL) return false;
    is_ok = txn_scan(txn, MAP_SEALED, (struct bytes){"", 0}, (struct bytes){&from, sizeof from},
                     collect_stranger, keeping, err) &&
            delete_keys(blobs, txn, strangers->at, strangers->count, err);
    if (is_ok && strangers->count > 0) return txn_commit(txn, err);
    txn_abort(txn);
    return is_ok;
}

bool blobs_keep(struct blobs *blobs, blobs_is_known *is_known, void *cookie, size_t *count,
                struct error *err)
{
    struct keeping keeping = {.is_known = is_known, .cookie = cookie};
    struct blob_key from = {.owner = {{0}}};

    *count = 0;
    do {
        if (!keep_some(blobs, &keeping, from, err)) return false;
        *count += keeping.strangers.count;
        if (keeping.strangers.count > 0) from = keeping.strangers.at[keeping.strangers.count - 1];
    } while (keeping.strangers.count == SOME);
    return true;
}

bool blobs_drop_some(struct blobs *blobs, const struct blob_key *keys, size_t count,
                     struct error *err)
{
    struct txn *txn;

    if (count == 0) return true;
    if ((txn = txn_begin_write(blobs->store, err)) == NULL) return false;
    if (delete_keys(blobs, txn, keys, count, err)) return txn_commit(txn, err);
    txn_abort(txn);
    return false;
}

static bool drop_some(struct blobs *blobs, struct id owner, size_t *count, struct error *err)
{
    const struct bytes prefix = {&owner, sizeof owner};
    struct some_keys some = {.count = 0};
    struct txn *txn = txn_begin_write(blobs->store, err);
    const bool is_ok = txn != NULL &&
                       txn_scan(txn, MAP_SEALED, prefix, prefix, collect, &some, err) &&
                       delete_keys(blobs, txn, some.at, some.count, err);

    *count = some.count;
    if (is_ok && some.count > 0) return txn_commit(txn, err);
    txn_abort(txn);
    return is_ok;
}

bool blobs_drop(struct blobs *blobs, struct id owner, size_t *count, struct error *err)
{
    size_t some = SOME;

    for (*count = 0; some == SOME; *count += some)
        if (!drop_some(blobs, owner, &some, err)) return false;
    return true;
}

struct adopting {
    struct txn *into;
    struct some_keys some;
    struct error *err;
    bool is_ok;
};

static bool adopt_one(void *cookie, struct bytes key, struct bytes value)
{
    struct adopting *adopting = cookie;

    adopting->is_ok = txn_put(adopting->into, MAP_SEALED, key, value, adopting->err);
    return adopting->is_ok && collect(&adopting->some, key, value);
}

/* They are on disk here before they are gone there. */
static bool adopt_some(struct blobs *blobs, struct journal *journal, size_t *count,
                       struct error *err)
{
    const struct bytes all = {"", 0};
    struct adopting adopting = {.err = err, .is_ok = true};
    struct txn *txn = journal_begin_move(journal, err);
    bool is_ok = txn != NULL && (adopting.into = txn_begin_write(blobs->store, err)) != NULL &&
                 txn_scan(txn, JOURNAL_SEALED, all, all, adopt_one, &adopting, err) &&
                 adopting.is_ok;

    *count = adopting.some.count;
    is_ok = is_ok && drop_keys(txn, JOURNAL_SEALED, adopting.some.at, adopting.some.count, err);
    if (!is_ok || *count == 0) {
        txn_abort(adopting.into);
        txn_abort(txn);
        return is_ok;
    }
    if (txn_commit(adopting.into, err)) return txn_commit(txn, err);
    txn_abort(txn);
    return false;
}

bool blobs_adopt(struct blobs *blobs, struct journal *journal, struct error *err)
{
    size_t count = SOME;

    while (count == SOME)
        if (!adopt_some(blobs, journal, &count, err)) return false;
    return true;
}

/* Overwriting. */

bool blobs_are_clean(const struct blobs *blobs)
{
    return blobs->is_clean;
}

static bool say_clean(struct blobs *blobs, struct error *err)
{
    struct txn *txn = txn_begin_write(blobs->store, err);

    if (txn == NULL) return false;
    if (!txn_drop(txn, MAP_LATEST, unclean_key, err)) {
        txn_abort(txn);
        return false;
    }
    return blobs->is_clean = txn_commit(txn, err);
}

static bool end_pass(struct blobs *blobs, struct error *err)
{
    blobs->is_passing = false;
    return blobs->pass.is_held || blobs->is_passed_over || say_clean(blobs, err);
}

bool blobs_scrub(struct blobs *blobs, size_t pages, bool *is_done, struct error *err)
{
    *is_done = blobs->is_clean;
    if (blobs->is_clean) return true;
    if (!blobs->is_passing) blobs->pass = (struct scrub){.page = 0};
    if (!blobs->is_passing) blobs->is_passed_over = false;
    blobs->is_passing = true;
    if (!store_scrub(blobs->store, &blobs->pass, pages, err)) return false;
    *is_done = blobs->pass.is_done;
    return !*is_done || end_pass(blobs, err);
}

size_t blobs_used(const struct blobs *blobs)
{
    return store_used(blobs->store);
}

bool blobs_have_room(const struct blobs *blobs)
{
    return store_has_room(blobs->store);
}

void blobs_tidy(struct blobs *blobs)
{
    store_forget_dead(blobs->store);
}
