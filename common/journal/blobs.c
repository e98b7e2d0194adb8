/* Two maps: the blobs, and the keys of those that came with the last batch that had any, by its number. */
#include "journal/blobs.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "store/number.h"
#include "store/store.h"

enum { MAP_SEALED, MAP_LATEST };

static const char *const maps[] = {"sealed", "latest", NULL};
static const size_t size_max = (size_t)64 << 30; /* bytes; sparse until written */

struct blobs {
    struct store *store;
};

struct blob_key {
    struct id owner, event;
};

enum { SOME = 64 };

struct some_keys {
    size_t count;
    struct {
        uint8_t at[sizeof(struct blob_key)]; /* keys of either map */
        size_t size;
        struct blob_key of; /* of the latest */
    } keys[SOME];
};

static bool collect(void *cookie, struct bytes key, struct bytes value)
{
    struct some_keys *some = cookie;

    memcpy(some->keys[some->count].at, key.at, key.size);
    if (value.size == sizeof(struct blob_key))
        memcpy(&some->keys[some->count].of, value.at, value.size);
    some->keys[some->count++].size = key.size;
    return some->count < SOME;
}

/* The batch that had the latest is there: they are as the others. Or it did not come to be. */
static bool settle(struct txn *txn, uint64_t head, struct error *err)
{
    const struct bytes all = {"", 0};
    struct some_keys some;

    do {
        some.count = 0;
        if (!txn_scan(txn, MAP_LATEST, all, all, collect, &some, err)) return false;
        for (size_t i = 0; i < some.count; i++) {
            const struct bytes key = {some.keys[i].at, some.keys[i].size};
            const struct bytes blob = {&some.keys[i].of, sizeof some.keys[i].of};

            if (number_read(key.at) > head && !txn_drop(txn, MAP_SEALED, blob, err)) return false;
            if (!txn_drop(txn, MAP_LATEST, key, err)) return false;
        }
    } while (some.count == SOME);
    return true;
}

static bool sweep(struct blobs *blobs, uint64_t head, struct error *err)
{
    struct txn *txn = txn_begin_write(blobs->store, err);

    if (txn == NULL) return false;
    if (settle(txn, head, err)) return txn_commit(txn, err);
    txn_abort(txn);
    return false;
}

struct blobs *blobs_open(const char *directory, uint64_t head, struct error *err)
{
    struct blobs *blobs = calloc(1, sizeof *blobs);

    if (blobs == NULL) bug("out of memory");
    blobs->store = store_open(directory, size_max, maps, STORE_SYNCED, err);
    if (blobs->store != NULL && sweep(blobs, head, err)) return blobs;
    blobs_close(blobs);
    return NULL;
}

void blobs_close(struct blobs *blobs)
{
    if (blobs == NULL) return;
    store_close(blobs->store);
    free(blobs);
}

static bool put(struct txn *txn, const struct batch *batch, size_t i, struct error *err)
{
    const struct blob_key of = {batch->blobs[i].owner, batch->blobs[i].event};
    const struct bytes name = {&of, sizeof of};
    uint8_t key[16];

    number_write(key, (uint64_t)batch->header.number);
    number_write(key + 8, i);
    return txn_put(txn, MAP_SEALED, name, (struct bytes){batch->blobs[i].at, batch->blobs[i].size},
                   err) &&
           txn_put(txn, MAP_LATEST, (struct bytes){key, sizeof key}, name, err);
}

bool blobs_write(struct blobs *blobs, const struct batch *batch, struct error *err)
{
    struct txn *txn;
    bool is_ok;

    if (batch->blob_count == 0) return true;
    if ((txn = txn_begin_write(blobs->store, err)) == NULL) return false;
    is_ok = settle(txn, (uint64_t)batch->header.number - 1, err);
    for (size_t i = 0; is_ok && i < batch->blob_count; i++)
        is_ok = put(txn, batch, i, err);
    if (is_ok) return txn_commit(txn, err);
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

static bool drop_some(struct blobs *blobs, struct id owner, size_t *count, struct error *err)
{
    const struct bytes prefix = {&owner, sizeof owner};
    struct some_keys some = {.count = 0};
    struct txn *txn = txn_begin_write(blobs->store, err);
    bool is_ok = txn != NULL && txn_scan(txn, MAP_SEALED, prefix, prefix, collect, &some, err);

    for (size_t i = 0; is_ok && i < some.count; i++)
        is_ok = txn_drop(txn, MAP_SEALED, (struct bytes){some.keys[i].at, some.keys[i].size}, err);
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
static bool adopt_some(struct blobs *blobs, struct store *journal, unsigned from, size_t *count,
                       struct error *err)
{
    const struct bytes all = {"", 0};
    struct adopting adopting = {.err = err, .is_ok = true};
    struct txn *txn = txn_begin_write(journal, err);
    bool is_ok = txn != NULL && (adopting.into = txn_begin_write(blobs->store, err)) != NULL &&
                 txn_scan(txn, from, all, all, adopt_one, &adopting, err) && adopting.is_ok;

    *count = adopting.some.count;
    for (size_t i = 0; is_ok && i < *count; i++)
        is_ok = txn_drop(txn, from,
                         (struct bytes){adopting.some.keys[i].at, adopting.some.keys[i].size}, err);
    if (!is_ok || *count == 0) {
        txn_abort(adopting.into);
        txn_abort(txn);
        return is_ok;
    }
    if (txn_commit(adopting.into, err)) return txn_commit(txn, err);
    txn_abort(txn);
    return false;
}

bool blobs_adopt(struct blobs *blobs, struct store *journal, unsigned from, struct error *err)
{
    size_t count = SOME;

    while (count == SOME)
        if (!adopt_some(blobs, journal, from, &count, err)) return false;
    return true;
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
