/* An event as it stands in a journal: a row of bytes, the same in every journal that holds it.
 *
 * Format: a CRC-32C of what follows (4 bytes, low first), the size of the envelope (2 bytes, low
 * first), the envelope (schemas/runtime/journal.json, msgpack), the body (by its own descriptor).
 *
 * A row may have been struck: then it is the same event without some of what it told, and its envelope says
 * what hash the row had that stood there before. Whether that was permitted its journal knows.
 *
 * Pure: any thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

struct error;
struct journal_event;

enum {
    EVENT_ROW_MAX = 1940, /* bytes: larger values cost whole pages of LMDB */
    ENVELOPE_MAX = 336,   /* of them at most what is not the body */
    HASH_SIZE = 32,
    EVENT_STRUCK_MAX = EVENT_ROW_MAX + 4 + 2 + HASH_SIZE, /* of a struck one: with `was` */
};

/* envelope and body (packed, size bytes) as a row of *row_size bytes. ERROR_INVALID `too_large`: it
 * would be more than EVENT_ROW_MAX, or EVENT_STRUCK_MAX where the envelope says that it was struck. */
bool row_write(const struct journal_event *envelope, const void *body, size_t size,
               uint8_t row[EVENT_STRUCK_MAX], size_t *row_size, struct error *err);

/* Whether it has the size of a row, and its CRC holds. */
bool row_is_whole(struct bytes row);

/* Whether it was struck: what hash the row had that stood there before. */
bool row_is_struck(struct bytes row, uint8_t was[HASH_SIZE]);
/* Whether that is its hash, or of what stood there before it was struck. */
bool row_stands_for(struct bytes row, const uint8_t hash[HASH_SIZE]);

/* Take a row apart; body points into it. row_type is the quick way to type and service: false when
 * the row is not one of ours. */
bool row_read(struct bytes row, struct journal_event *envelope, struct bytes *body,
              struct error *err);
bool row_type(struct bytes row, struct bytes *type, struct bytes *service);

void row_hash(struct bytes row, uint8_t hash[HASH_SIZE]);
