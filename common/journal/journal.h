/* A service's journal: the truth, from which all else is folded.
 *
 * It is a chain of batches, one for each commit, and each is on disk when journal_commit returns.
 * A batch is made by one thread, in a struct batch; anybody may read from a snapshot of the store.
 * Formats: schemas/runtime/journal.json; an event's row is a CRC-32C of what follows (4 bytes, low
 * first), the size of the envelope (2 bytes, low first), the envelope, the body.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/journal.h"
#include "store/store.h"

struct descriptor;
struct error;
struct journal;

enum {
    EVENT_ROW_MAX = 1900,          /* bytes: larger values cost whole pages of LMDB */
    ENVELOPE_MAX = 304,            /* of them at most what is not the body */
    BATCH_SOFT_EVENTS = 192,       /* no further input is taken behind so many, */
    BATCH_SOFT_BYTES = 192 * 1024, /* or behind so many bytes, */
    BATCH_EVENTS = 640,            /* and no input can add so many that these are reached */
    BATCH_BLOBS = 256,
    HASH_SIZE = 32,
    BLOB_MAX = 16384, /* bytes of one sealed blob */
};

/* Where a journal stands, or how far it was followed: after that batch. */
struct position {
    struct id epoch;
    uint64_t batch;
    uint8_t hash[HASH_SIZE];
};

/* A batch in the making. Large: allocate once, with batch_create. */
struct batch {
    struct journal_header header;
    size_t used;
    uint8_t *bytes; /* the rows, one behind the other */
    struct {
        size_t at, size;
        uint8_t hash[HASH_SIZE];
    } rows[BATCH_EVENTS];
    size_t blob_count;
    struct {
        struct id owner, event;
        size_t size;
        uint8_t *at; /* malloc'ed */
    } blobs[BATCH_BLOBS];
};

struct batch *batch_create(void);
void batch_destroy(struct batch *batch);

/* A file of this name in a journal's directory tells that it was restored from a backup: when it is
 * opened, a new epoch begins. */
extern const char journal_restored[];

/* Open the journal of a service in directory; a new one begins an epoch with an empty batch. Its
 * hashes are checked from the last batch; a chain that does not hold is ERROR_BROKEN. */
struct journal *journal_open(const char *directory, const char *service, int64_t now_ms,
                             struct error *err);
void journal_close(struct journal *journal);
struct store *journal_store(struct journal *journal);
struct position journal_head(const struct journal *journal);
bool journal_has_room(const struct journal *journal);

/* Begin a batch: its `at` is the larger of now and that of the batch before. */
void batch_begin(struct batch *batch, const struct journal *journal, int64_t now_ms);

/* Add an event of one's own: envelope and body as structs. ERROR_INVALID `too_large` when its row
 * would be larger than EVENT_ROW_MAX. batch_fits tells beforehand, for a body of that size. */
bool batch_add(struct batch *batch, const struct journal_event *envelope, const void *body,
               size_t size, struct error *err);
bool batch_add_row(struct batch *batch, struct bytes row);
void batch_add_blob(struct batch *batch, struct id owner, struct id event, const void *at,
                    size_t size);
bool batch_is_empty(const struct batch *batch);
bool batch_is_full(const struct batch *batch);

/* Make it last. On false nobody knows whether it did: answer nothing, and end the process. */
bool journal_commit(struct journal *journal, struct batch *batch, struct error *err);

/* A batch as it stands in the store; everything points into the transaction. */
struct batch_view {
    struct bytes header; /* packed */
    const uint8_t *hash;
    const uint8_t *hashes; /* of its rows, HASH_SIZE each */
    uint64_t number, first;
    uint32_t events;
};

/* The batch with that number; header.at is NULL when there is none. */
bool journal_batch(struct txn *txn, uint64_t number, struct batch_view *view, struct error *err);
/* The row of an event by number, checked against its CRC. */
bool journal_row(struct txn *txn, uint64_t number, struct bytes *row, struct error *err);
bool journal_blob(struct txn *txn, struct id owner, struct id event, struct bytes *blob,
                  struct error *err);
/* Delete an erased owner's blobs; how many. */
bool journal_drop_blobs(struct journal *journal, struct id owner, size_t *count, struct error *err);

/* Take an event's row apart. row_type is the quick way to type and service: false when the row is
 * not one of ours. */
bool row_read(struct bytes row, struct journal_event *envelope, struct bytes *body,
              struct error *err);
bool row_type(struct bytes row, struct bytes *type, struct bytes *service);

void row_hash(struct bytes row, uint8_t hash[HASH_SIZE]);
/* Of a batch: previous, its packed header, and the hashes of its rows, one behind the other. */
void batch_hash(const uint8_t previous[HASH_SIZE], struct bytes header, const uint8_t *row_hashes,
                size_t count, uint8_t hash[HASH_SIZE]);
