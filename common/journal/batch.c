/* A batch gathers rows and blobs in memory, and is written as one value: hash, header, hashes of
 * its rows. */
#include "journal/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "core/error.h"
#include "core/pack.h"

enum { VALUE_HEAD = HASH_SIZE + 4 };

_Static_assert(BATCH_PACKED_MAX < 1000 * 1024, "with what goes around it, it is below 1 MiB");
_Static_assert(sizeof((struct journal_strikes *)0)->at ==
                   BATCH_STRIKES * sizeof(struct journal_strike),
               "the header names each row that is struck");
_Static_assert(BATCH_VALUE_MAX == VALUE_HEAD + BATCH_HEADER_MAX + BATCH_EVENTS * HASH_SIZE,
               "the largest batch fits its value");

/* In the making. */

struct batch *batch_create(void)
{
    struct batch *batch = calloc(1, sizeof *batch);

    if (batch == NULL) bug("out of memory");
    batch->bytes = malloc((size_t)BATCH_EVENTS * EVENT_STRUCK_MAX);
    if (batch->bytes == NULL) bug("out of memory");
    return batch;
}

void batch_drop_blobs(struct batch *batch)
{
    for (size_t i = 0; i < batch->blob_count; i++)
        free(batch->blobs[i].at);
    batch->blob_count = 0;
}

void batch_destroy(struct batch *batch)
{
    if (batch == NULL) return;
    batch_drop_blobs(batch);
    free(batch->bytes);
    free(batch);
}

void batch_clear(struct batch *batch)
{
    struct journal_header *header = &batch->header;

    batch_drop_blobs(batch);
    batch->used = 0;
    header->events = 0;
    header->has_before = header->has_subscribed = header->has_ring = false;
    header->has_parted = false;
    header->has_released = header->has_retold = false;
    header->has_struck = header->has_all_struck = false;
    header->released.count = header->retold.count = 0;
    header->struck.count = header->all_struck.count = 0;
    header->subscribed.count = header->parted.count = 0;
    header->positions.count = header->fired.count = 0;
    header->commands.count = header->quarantined.count = 0;
}

bool batch_is_empty(const struct batch *batch)
{
    const struct journal_header *header = &batch->header;

    return header->events == 0 && header->commands.count == 0 && header->fired.count == 0 &&
           header->quarantined.count == 0 && !header->has_retold && !header->has_struck &&
           !header->has_all_struck;
}

bool batch_is_full(const struct batch *batch)
{
    return batch->header.events >= BATCH_SOFT_EVENTS || batch->used >= BATCH_SOFT_BYTES ||
           batch->header.commands.count >= BATCH_SOFT_EVENTS ||
           batch->header.fired.count >= BATCH_SOFT_EVENTS;
}

static void add_row(struct batch *batch, const uint8_t *at, size_t size)
{
    const size_t i = (size_t)batch->header.events;

    if (i == BATCH_EVENTS) bug("a batch of more than %d events", BATCH_EVENTS);
    if (batch->used + size > BATCH_BYTES) bug("a batch of more than %d bytes", BATCH_BYTES);
    batch->rows[i].at = batch->used;
    batch->rows[i].size = size;
    if (at != batch->bytes + batch->used) memcpy(batch->bytes + batch->used, at, size);
    row_hash((struct bytes){at, size}, batch->rows[i].hash);
    batch->used += size;
    batch->header.events++;
}

bool batch_add(struct batch *batch, const struct journal_event *envelope, const void *body,
               size_t size, struct error *err)
{
    uint8_t *row = batch->bytes + batch->used;
    size_t row_size;

    if (batch->header.events == BATCH_EVENTS) bug("a batch of more than %d events", BATCH_EVENTS);
    if (!row_write(envelope, body, size, row, &row_size, err)) return false;
    add_row(batch, row, row_size);
    return true;
}

bool batch_add_row(struct batch *batch, struct bytes row)
{
    if (row.size > EVENT_STRUCK_MAX) return false;
    add_row(batch, row.at, row.size);
    return true;
}

void batch_add_strike(struct batch *batch, const struct journal_strike *strike, struct bytes row)
{
    struct journal_strikes *strikes = &batch->header.struck;
    const uint32_t i = strikes->count++;

    if (i == BATCH_STRIKES) bug("a batch that strikes more than %d rows", BATCH_STRIKES);
    if (row.size > EVENT_STRUCK_MAX) bug("a struck row of %zu bytes", row.size);
    batch->header.has_struck = true;
    strikes->at[i] = *strike;
    strikes->at[i].hash.size = HASH_SIZE;
    row_hash(row, strikes->at[i].hash.at);
    batch->struck[i].size = row.size;
    memcpy(batch->struck[i].at, row.at, row.size);
}

void batch_add_blob(struct batch *batch, struct id owner, struct id event, const void *at,
                    size_t size)
{
    const size_t i = batch->blob_count++;

    if (i == BATCH_BLOBS) bug("a batch of more than %d blobs", BATCH_BLOBS);
    batch->blobs[i].owner = owner;
    batch->blobs[i].event = event;
    batch->blobs[i].size = size;
    if ((batch->blobs[i].at = malloc(size)) == NULL) bug("out of memory");
    memcpy(batch->blobs[i].at, at, size);
}

/* Made. */

void batch_hash(const uint8_t previous[HASH_SIZE], struct bytes header, const uint8_t *row_hashes,
                size_t count, uint8_t hash[HASH_SIZE])
{
    struct crypto_hash hasher;
    uint8_t of_header[HASH_SIZE];

    crypto_hash_of(header.at, header.size, of_header);
    crypto_hash_begin(&hasher);
    crypto_hash_add(&hasher, previous, HASH_SIZE);
    crypto_hash_add(&hasher, of_header, HASH_SIZE);
    crypto_hash_add(&hasher, row_hashes, count * HASH_SIZE);
    crypto_hash_end(&hasher, hash);
}

bool batch_write(const struct batch *batch, uint8_t value[BATCH_VALUE_MAX], size_t *value_size,
                 uint8_t hash[HASH_SIZE], struct error *err)
{
    const size_t count = (size_t)batch->header.events;
    uint8_t *header = value + VALUE_HEAD, *hashes;
    size_t size = BATCH_HEADER_MAX;

    if (!pack(&journal_header_descriptor, &batch->header, header, &size, err)) return false;
    hashes = header + size;
    for (size_t i = 0; i < count; i++)
        memcpy(hashes + i * HASH_SIZE, batch->rows[i].hash, HASH_SIZE);
    batch_hash(batch->header.previous.at, (struct bytes){header, size}, hashes, count, hash);
    memcpy(value, hash, HASH_SIZE);
    for (int i = 0; i < 4; i++)
        value[HASH_SIZE + i] = (uint8_t)(size >> (8 * i));
    *value_size = VALUE_HEAD + size + count * HASH_SIZE;
    return true;
}

static size_t read_size(const uint8_t *at)
{
    size_t size = 0;

    for (int i = 0; i < 4; i++)
        size |= (size_t)at[i] << (8 * i);
    return size;
}

/* A value, at the front of so many bytes; *used: its size. */
static bool read_value(const uint8_t *at, size_t room, struct batch_view *view, size_t *used)
{
    struct glimpse number, first, events;
    size_t size;

    if (room < VALUE_HEAD || (size = read_size(at + HASH_SIZE)) > room - VALUE_HEAD) return false;
    view->hash = at;
    view->header = (struct bytes){at + VALUE_HEAD, size};
    view->hashes = at + VALUE_HEAD + size;
    if (!unpack_glimpse(view->header.at, size, "number", &number) || number.at != NULL ||
        !unpack_glimpse(view->header.at, size, "first", &first) || first.at != NULL ||
        !unpack_glimpse(view->header.at, size, "events", &events) || events.at != NULL)
        return false;
    if (events.number < 0 || events.number > BATCH_EVENTS) return false;
    view->number = (uint64_t)number.number;
    view->first = (uint64_t)first.number;
    view->events = (uint32_t)events.number;
    *used = VALUE_HEAD + size + (size_t)view->events * HASH_SIZE;
    return *used <= room;
}

bool batch_read(struct bytes value, struct batch_view *view)
{
    size_t used;

    return read_value(value.at, value.size, view, &used) && used == value.size;
}

/* Travelling. */

static void add(uint8_t *to, size_t *size, const void *at, size_t more)
{
    memcpy(to + *size, at, more);
    *size += more;
}

/* What a view points at lies behind one another. */
void batch_pack(const struct batch_view *view, uint8_t to[BATCH_PACKED_MAX], size_t *size)
{
    *size = 0;
    add(to, size, view->hash, VALUE_HEAD + view->header.size + (size_t)view->events * HASH_SIZE);
}

bool batch_pack_row(uint32_t place, struct bytes row, uint8_t to[BATCH_PACKED_MAX], size_t *size)
{
    const uint8_t head[4] = {(uint8_t)place, (uint8_t)(place >> 8), (uint8_t)row.size,
                             (uint8_t)(row.size >> 8)};

    if (*size + sizeof head + row.size > BATCH_PACKED_MAX) return false;
    add(to, size, head, sizeof head);
    add(to, size, row.at, row.size);
    return true;
}

bool batch_unpack(struct bytes packed, struct batch_view *view, struct bytes *rows)
{
    size_t used;

    if (!read_value(packed.at, packed.size, view, &used)) return false;
    *rows = (struct bytes){(const uint8_t *)packed.at + used, packed.size - used};
    return true;
}

bool batch_unpack_row(struct bytes *rows, uint32_t *place, struct bytes *row, bool *is_end)
{
    const uint8_t *at = rows->at;
    size_t size;

    *is_end = rows->size == 0;
    if (*is_end || rows->size < 4) return *is_end;
    *place = (uint32_t)(at[0] | at[1] << 8);
    size = (size_t)(at[2] | at[3] << 8);
    if (size > rows->size - 4) return false;
    *row = (struct bytes){at + 4, size};
    *rows = (struct bytes){at + 4 + size, rows->size - 4 - size};
    return true;
}
