#include "journal/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/crypto.h"
#include "base/random.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"

enum { MAP_BATCHES, MAP_EVENTS, MAP_SEALED };

const char journal_restored[] = "restored";

static const char *const maps[] = {"batches", "events", "sealed", NULL};

static const size_t journal_size_max = (size_t)64 << 30; /* bytes; sparse until written */

enum {
    HEADER_MAX = 256 * 1024,
    VALUE_HEAD = HASH_SIZE + 4,
    VALUE_MAX = VALUE_HEAD + HEADER_MAX + BATCH_EVENTS * HASH_SIZE,
    ROW_HEAD = 6, /* CRC, size of the envelope */
};

struct journal {
    struct store *store;
    char service[33];
    struct position head;
    int64_t at_ms;
    uint64_t next_event;
    uint8_t *value; /* of a batch, while it is put together */
};

/* Keys: numbers with the high byte first, so that they sort. */

static void write_number(uint8_t at[8], uint64_t number)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(number >> (56 - 8 * i));
}

static uint64_t read_number(const uint8_t at[8])
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | at[i];
    return number;
}

struct blob_key {
    struct id owner, event;
};

/* Batches in the making. */

struct batch *batch_create(void)
{
    struct batch *batch = calloc(1, sizeof *batch);

    if (batch == NULL) bug("out of memory");
    batch->bytes = malloc((size_t)BATCH_EVENTS * EVENT_ROW_MAX);
    if (batch->bytes == NULL) bug("out of memory");
    return batch;
}

static void drop_blobs(struct batch *batch)
{
    for (size_t i = 0; i < batch->blob_count; i++)
        free(batch->blobs[i].at);
    batch->blob_count = 0;
}

void batch_destroy(struct batch *batch)
{
    if (batch == NULL) return;
    drop_blobs(batch);
    free(batch->bytes);
    free(batch);
}

void batch_begin(struct batch *batch, const struct journal *journal, int64_t now_ms)
{
    struct journal_header *header = &batch->header;

    drop_blobs(batch);
    batch->used = 0;
    header->format = 1;
    text_copy(header->service, sizeof header->service, journal->service);
    header->epoch = journal->head.epoch;
    header->number = (int64_t)journal->head.batch + 1;
    header->previous.size = HASH_SIZE;
    memcpy(header->previous.at, journal->head.hash, HASH_SIZE);
    header->at.ms = now_ms > journal->at_ms ? now_ms : journal->at_ms;
    header->first = (int64_t)journal->next_event;
    header->events = 0;
    header->has_before = header->has_subscribed = false;
    header->has_released = header->has_retold = false;
    header->released.count = header->retold.count = 0;
    header->subscribed.count = 0;
    header->positions.count = header->fired.count = 0;
    header->commands.count = header->quarantined.count = 0;
}

bool batch_is_empty(const struct batch *batch)
{
    const struct journal_header *header = &batch->header;

    return header->events == 0 && header->commands.count == 0 && header->fired.count == 0 &&
           header->quarantined.count == 0 && !header->has_retold;
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
    size_t head = EVENT_ROW_MAX - ROW_HEAD;
    uint32_t crc;

    if (batch->header.events == BATCH_EVENTS) bug("a batch of more than %d events", BATCH_EVENTS);
    if (!pack(&journal_event_descriptor, envelope, row + ROW_HEAD, &head, err)) return false;
    if (ROW_HEAD + head + size > EVENT_ROW_MAX)
        return error_set(err, ERROR_INVALID, "too_large", "That is more than one event can hold.");
    memcpy(row + ROW_HEAD + head, body, size);
    row[4] = (uint8_t)head;
    row[5] = (uint8_t)(head >> 8);
    crc = crc32c(0, row + 4, 2 + head + size);
    for (int i = 0; i < 4; i++)
        row[i] = (uint8_t)(crc >> (8 * i));
    add_row(batch, row, ROW_HEAD + head + size);
    return true;
}

bool batch_add_row(struct batch *batch, struct bytes row)
{
    if (row.size > EVENT_ROW_MAX) return false;
    add_row(batch, row.at, row.size);
    return true;
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

/* Hashes. */

void row_hash(struct bytes row, uint8_t hash[HASH_SIZE])
{
    crypto_hash_of(row.at, row.size, hash);
}

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

/* Committing. A batch's value is its hash, the size of its header (4 bytes, low first), the header,
 * and the hashes of its rows. */

static bool put_batch(struct txn *txn, struct journal *journal, const struct batch *batch,
                      uint8_t hash[HASH_SIZE], struct error *err)
{
    const size_t count = (size_t)batch->header.events;
    uint8_t key[8], *value = journal->value, *header = value + VALUE_HEAD, *hashes;
    size_t size = HEADER_MAX;

    if (!pack(&journal_header_descriptor, &batch->header, header, &size, err)) return false;
    hashes = header + size;
    for (size_t i = 0; i < count; i++)
        memcpy(hashes + i * HASH_SIZE, batch->rows[i].hash, HASH_SIZE);
    batch_hash(journal->head.hash, (struct bytes){header, size}, hashes, count, hash);
    memcpy(value, hash, HASH_SIZE);
    for (int i = 0; i < 4; i++)
        value[HASH_SIZE + i] = (uint8_t)(size >> (8 * i));
    write_number(key, (uint64_t)batch->header.number);
    return txn_append(txn, MAP_BATCHES, (struct bytes){key, sizeof key},
                      (struct bytes){value, VALUE_HEAD + size + count * HASH_SIZE}, err);
}

static bool put_rows(struct txn *txn, const struct batch *batch, struct error *err)
{
    for (int64_t i = 0; i < batch->header.events; i++) {
        uint8_t key[8];

        write_number(key, (uint64_t)(batch->header.first + i));
        if (!txn_append(txn, MAP_EVENTS, (struct bytes){key, sizeof key},
                        (struct bytes){batch->bytes + batch->rows[i].at, batch->rows[i].size}, err))
            return false;
    }
    return true;
}

static bool put_blobs(struct txn *txn, const struct batch *batch, struct error *err)
{
    for (size_t i = 0; i < batch->blob_count; i++) {
        const struct blob_key key = {batch->blobs[i].owner, batch->blobs[i].event};

        if (!txn_put(txn, MAP_SEALED, (struct bytes){&key, sizeof key},
                     (struct bytes){batch->blobs[i].at, batch->blobs[i].size}, err))
            return false;
    }
    return true;
}

bool journal_commit(struct journal *journal, struct batch *batch, struct error *err)
{
    uint8_t hash[HASH_SIZE];
    struct txn *txn = txn_begin_write(journal->store, err);

    if (txn == NULL) return false;
    if (!put_batch(txn, journal, batch, hash, err) || !put_rows(txn, batch, err) ||
        !put_blobs(txn, batch, err)) {
        txn_abort(txn);
        return false;
    }
    if (!txn_commit(txn, err)) return false;
    journal->head.batch = (uint64_t)batch->header.number;
    journal->at_ms = batch->header.at.ms;
    journal->next_event += (uint64_t)batch->header.events;
    memcpy(journal->head.hash, hash, HASH_SIZE);
    drop_blobs(batch);
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
    if (!journal_batch(txn, read_number(key.at), &view, err)) return false;
    if (!unpack(&journal_header_descriptor, view.header.at, view.header.size, header, err))
        return false;
    if (strcmp(header->service, journal->service) != 0)
        return error_set(err, ERROR_BROKEN, "journal", "this is the journal of %s",
                         header->service);
    for (uint32_t i = 0; i < view.events; i++) {
        if (!journal_row(txn, view.first + i, &row, err)) return false;
        row_hash(row, hash);
        if (memcmp(hash, view.hashes + (size_t)i * HASH_SIZE, HASH_SIZE) != 0)
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
    batch_begin(batch, journal, now_ms);
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
static bool take_over(struct journal *journal, const char *directory, int64_t now_ms,
                      struct error *err)
{
    char marker[256];

    snprintf(marker, sizeof marker, "%s/%s", directory, journal_restored);
    if (access(marker, F_OK) != 0) return true;
    if (!begin_epoch(journal, now_ms, err)) return false;
    return unlink(marker) == 0 ||
           error_set(err, ERROR_BROKEN, "journal", "%s: %s", marker, strerror(errno));
}

struct journal *journal_open(const char *directory, const char *service, int64_t now_ms,
                             struct error *err)
{
    struct journal *journal = calloc(1, sizeof *journal);
    struct txn *txn = NULL;

    if (journal == NULL || (journal->value = malloc(VALUE_MAX)) == NULL) bug("out of memory");
    text_copy(journal->service, sizeof journal->service, service);
    journal->next_event = 1;
    journal->store = store_open(directory, journal_size_max, maps, STORE_SYNCED, err);
    if (journal->store == NULL) goto failed;
    if ((txn = txn_begin_read(journal->store, err)) == NULL) goto failed;
    if (!check_last(journal, txn, err)) goto failed;
    txn_abort(txn);
    txn = NULL;
    if (journal->head.batch == 0 && !begin_epoch(journal, now_ms, err)) goto failed;
    if (!take_over(journal, directory, now_ms, err)) goto failed;
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

struct store *journal_store(struct journal *journal)
{
    return journal->store;
}

struct position journal_head(const struct journal *journal)
{
    return journal->head;
}

bool journal_has_room(const struct journal *journal)
{
    return store_has_room(journal->store);
}

/* Reading. */

static bool read_value(struct bytes value, struct batch_view *view)
{
    const uint8_t *at = value.at;
    struct glimpse first, events;
    size_t size = 0;

    if (value.size <= VALUE_HEAD) return false;
    for (int i = 0; i < 4; i++)
        size |= (size_t)at[HASH_SIZE + i] << (8 * i);
    if (size > value.size - VALUE_HEAD) return false;
    view->hash = at;
    view->header = (struct bytes){at + VALUE_HEAD, size};
    view->hashes = at + VALUE_HEAD + size;
    if (!unpack_glimpse(view->header.at, size, "first", &first)) return false;
    if (!unpack_glimpse(view->header.at, size, "events", &events)) return false;
    view->first = (uint64_t)first.number;
    view->events = (uint32_t)events.number;
    return value.size == VALUE_HEAD + size + (size_t)view->events * HASH_SIZE;
}

bool journal_batch(struct txn *txn, uint64_t number, struct batch_view *view, struct error *err)
{
    uint8_t key[8];
    struct bytes value;

    write_number(key, number);
    memset(view, 0, sizeof *view);
    if (!txn_get(txn, MAP_BATCHES, (struct bytes){key, sizeof key}, &value, err)) return false;
    if (value.at == NULL) return true;
    if (!read_value(value, view))
        return error_set(err, ERROR_BROKEN, "journal", "batch %llu is damaged",
                         (unsigned long long)number);
    view->number = number;
    return true;
}

static bool crc_holds(struct bytes row)
{
    const uint8_t *at = row.at;

    return row.size > ROW_HEAD && row.size <= EVENT_ROW_MAX &&
           crc32c(0, at + 4, row.size - 4) == ((uint32_t)at[0] | (uint32_t)at[1] << 8 |
                                               (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
}

bool journal_row(struct txn *txn, uint64_t number, struct bytes *row, struct error *err)
{
    uint8_t key[8];

    write_number(key, number);
    if (!txn_get(txn, MAP_EVENTS, (struct bytes){key, sizeof key}, row, err)) return false;
    return (row->at != NULL && crc_holds(*row)) ||
           error_set(err, ERROR_BROKEN, "journal", "event %llu is missing or damaged",
                     (unsigned long long)number);
}

bool journal_blob(struct txn *txn, struct id owner, struct id event, struct bytes *blob,
                  struct error *err)
{
    const struct blob_key key = {owner, event};

    return txn_get(txn, MAP_SEALED, (struct bytes){&key, sizeof key}, blob, err);
}

struct doomed {
    size_t count;
    struct blob_key keys[64];
};

static bool collect_blob(void *cookie, struct bytes key, struct bytes value)
{
    struct doomed *doomed = cookie;

    (void)value;
    memcpy(&doomed->keys[doomed->count++], key.at, sizeof doomed->keys[0]);
    return doomed->count < 64;
}

static bool drop_some(struct journal *journal, struct id owner, size_t *count, struct error *err)
{
    struct doomed doomed = {0};
    struct txn *txn = txn_begin_write(journal->store, err);
    const struct bytes prefix = {&owner, sizeof owner};

    *count = 0;
    if (txn == NULL) return false;
    if (!txn_scan(txn, MAP_SEALED, prefix, prefix, collect_blob, &doomed, err)) goto failed;
    for (size_t i = 0; i < doomed.count; i++)
        if (!txn_drop(txn, MAP_SEALED, (struct bytes){&doomed.keys[i], sizeof doomed.keys[i]}, err))
            goto failed;
    *count = doomed.count;
    return txn_commit(txn, err);

failed:
    txn_abort(txn);
    return false;
}

bool journal_drop_blobs(struct journal *journal, struct id owner, size_t *count, struct error *err)
{
    size_t some = 1;

    for (*count = 0; some > 0; *count += some)
        if (!drop_some(journal, owner, &some, err)) return false;
    return true;
}

/* Rows. */

bool row_read(struct bytes row, struct journal_event *envelope, struct bytes *body,
              struct error *err)
{
    const uint8_t *at = row.at;
    size_t head;

    if (!crc_holds(row)) return error_set(err, ERROR_BROKEN, "row", "an event's row is damaged");
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

bool row_type(struct bytes row, struct bytes *type, struct bytes *service)
{
    const uint8_t *at = row.at;
    const size_t head = row.size > ROW_HEAD ? (size_t)at[4] | (size_t)at[5] << 8 : 0;
    const struct bytes envelope = {at + ROW_HEAD, head};

    return head > 0 && ROW_HEAD + head <= row.size && glimpse_text(envelope, "type", type) &&
           glimpse_text(envelope, "service", service);
}
