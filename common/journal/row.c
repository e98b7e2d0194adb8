/* A row put together and taken apart, by its envelope's own descriptor. */
#include "journal/row.h"

#include <string.h>

#include "base/crc32c.h"
#include "base/crypto.h"
#include "contract/journal.h"
#include "core/error.h"
#include "core/pack.h"

enum { ROW_HEAD = 6 }; /* CRC, size of the envelope */

bool row_write(const struct journal_event *envelope, const void *body, size_t size,
               uint8_t row[EVENT_STRUCK_MAX], size_t *row_size, struct error *err)
{
    const size_t most = envelope->has_was ? EVENT_STRUCK_MAX : EVENT_ROW_MAX;
    size_t head = most - ROW_HEAD;
    uint32_t crc;

    if (!pack(&journal_event_descriptor, envelope, row + ROW_HEAD, &head, err)) return false;
    if (ROW_HEAD + head + size > most)
        return error_set(err, ERROR_INVALID, "too_large", "That is more than one event can hold.");
    memcpy(row + ROW_HEAD + head, body, size);
    row[4] = (uint8_t)head;
    row[5] = (uint8_t)(head >> 8);
    crc = crc32c(0, row + 4, 2 + head + size);
    for (int i = 0; i < 4; i++)
        row[i] = (uint8_t)(crc >> (8 * i));
    *row_size = ROW_HEAD + head + size;
    return true;
}

void row_hash(struct bytes row, uint8_t hash[HASH_SIZE])
{
    crypto_hash_of(row.at, row.size, hash);
}

bool row_is_whole(struct bytes row)
{
    const uint8_t *at = row.at;

    return row.size > ROW_HEAD && row.size <= EVENT_STRUCK_MAX &&
           crc32c(0, at + 4, row.size - 4) == ((uint32_t)at[0] | (uint32_t)at[1] << 8 |
                                               (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
}

bool row_read(struct bytes row, struct journal_event *envelope, struct bytes *body,
              struct error *err)
{
    const uint8_t *at = row.at;
    size_t head;

    if (!row_is_whole(row)) return error_set(err, ERROR_BROKEN, "row", "an event's row is damaged");
    head = (size_t)at[4] | (size_t)at[5] << 8;
    if (ROW_HEAD + head > row.size)
        return error_set(err, ERROR_BROKEN, "row", "an event's row ends too soon");
    *body = (struct bytes){at + ROW_HEAD + head, row.size - ROW_HEAD - head};
    return unpack(&journal_event_descriptor, at + ROW_HEAD, head, envelope, err);
}

static bool glimpse_text(struct bytes map, const char *name, struct bytes *text)
{
    struct glimpse glimpse;

    if (!unpack_glimpse(map.at, map.size, name, &glimpse) || glimpse.at == NULL) return false;
    *text = (struct bytes){glimpse.at, glimpse.size};
    return true;
}

/* Its envelope, as it is packed; of none: without bytes. */
static struct bytes envelope_of(struct bytes row)
{
    const uint8_t *at = row.at;
    const size_t head = row.size > ROW_HEAD ? (size_t)at[4] | (size_t)at[5] << 8 : 0;

    return (struct bytes){at + ROW_HEAD, ROW_HEAD + head <= row.size ? head : 0};
}

bool row_type(struct bytes row, struct bytes *type, struct bytes *service)
{
    const struct bytes envelope = envelope_of(row);

    return envelope.size > 0 && glimpse_text(envelope, "type", type) &&
           glimpse_text(envelope, "service", service);
}

bool row_is_struck(struct bytes row, uint8_t was[HASH_SIZE])
{
    const struct bytes envelope = envelope_of(row);
    struct bytes hash;

    if (envelope.size == 0 || !glimpse_text(envelope, "was", &hash) || hash.size != HASH_SIZE)
        return false;
    memcpy(was, hash.at, HASH_SIZE);
    return true;
}

bool row_stands_for(struct bytes row, const uint8_t hash[HASH_SIZE])
{
    uint8_t own[HASH_SIZE];

    row_hash(row, own);
    return memcmp(own, hash, HASH_SIZE) == 0 ||
           (row_is_struck(row, own) && memcmp(own, hash, HASH_SIZE) == 0);
}
