/* A batch: what one commit of a journal holds, in the making and as it stands.
 *
 * As it stands, a batch is one value: its hash, the size of its header (4 bytes, low first), the header
 * (schemas/runtime/journal.json, msgpack) and the hashes of its rows; the rows themselves stand apart.
 *
 * A batch belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/journal.h"
#include "journal/row.h"

struct error;

enum {
    BATCH_SOFT_EVENTS = 192,       /* no further input is taken behind so many, */
    BATCH_SOFT_BYTES = 192 * 1024, /* or behind so many bytes, */
    BATCH_EVENTS = 640,            /* and no input can add so many that these are reached, */
    BATCH_BYTES = 704 * 1024,      /* or these bytes of rows */
    BATCH_BLOBS = 256,
    BATCH_STRIKES = 32,            /* rows that are struck with one */
    BLOB_MAX = 16384,              /* bytes of one sealed blob */
    BATCH_HEADER_MAX = 256 * 1024, /* bytes */
    BATCH_VALUE_MAX = HASH_SIZE + 4 + BATCH_HEADER_MAX + BATCH_EVENTS * HASH_SIZE,
    BATCH_PACKED_MAX = BATCH_VALUE_MAX + BATCH_EVENTS * 4 + BATCH_BYTES,
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
    struct {
        size_t size;
        uint8_t at[EVENT_STRUCK_MAX];
    } struck[BATCH_STRIKES]; /* what stands in the place of the rows that the header names */
};

struct batch *batch_create(void);
void batch_destroy(struct batch *batch);

/* Nothing is in it any more (journal_begin says whose it is then); and: it holds no blobs any more. */
void batch_clear(struct batch *batch);
void batch_drop_blobs(struct batch *batch);

/* Add an event of one's own: envelope and body as structs. ERROR_INVALID `too_large` when its row
 * would be larger than EVENT_ROW_MAX. */
bool batch_add(struct batch *batch, const struct journal_event *envelope, const void *body,
               size_t size, struct error *err);
bool batch_add_row(struct batch *batch, struct bytes row);
/* An earlier row of this journal is replaced when the batch is committed: what is struck, but for the hash,
 * and what stands there from then on. */
void batch_add_strike(struct batch *batch, const struct journal_strike *strike, struct bytes row);
void batch_add_blob(struct batch *batch, struct id owner, struct id event, const void *at,
                    size_t size);
bool batch_is_empty(const struct batch *batch);
bool batch_is_full(const struct batch *batch);

/* A batch as it stands in the store; everything points into the transaction. */
struct batch_view {
    struct bytes header; /* packed */
    const uint8_t *hash;
    const uint8_t *hashes; /* of its rows, HASH_SIZE each */
    uint64_t number, first;
    uint32_t events;
};

/* What a batch is written as, and its hash; and back, false when value is none. */
bool batch_write(const struct batch *batch, uint8_t value[BATCH_VALUE_MAX], size_t *value_size,
                 uint8_t hash[HASH_SIZE], struct error *err);
bool batch_read(struct bytes value, struct batch_view *view);

/* A batch as it travels, less than 1 MiB: its value, as it stands; then those rows that are wanted, each
 * behind its place in the batch and its size (2 bytes each, low first). batch_pack begins one, *size is how much there is by now. False: there
 * is no room for the row, as in no batch that was made here. */
void batch_pack(const struct batch_view *view, uint8_t to[BATCH_PACKED_MAX], size_t *size);
bool batch_pack_row(uint32_t place, struct bytes row, uint8_t to[BATCH_PACKED_MAX], size_t *size);
/* And back: the view points into packed; then row by row. False when it does not hold together: what hashes
 * and places say is the caller's to look at. *is_end: there is
 * none any more. */
bool batch_unpack(struct bytes packed, struct batch_view *view, struct bytes *rows);
bool batch_unpack_row(struct bytes *rows, uint32_t *place, struct bytes *row, bool *is_end);

/* Of a batch: previous, its packed header, and the hashes of its rows, one behind the other. */
void batch_hash(const uint8_t previous[HASH_SIZE], struct bytes header, const uint8_t *row_hashes,
                size_t count, uint8_t hash[HASH_SIZE]);
