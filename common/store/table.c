/* Rows packed by their descriptor; index keys made of fields so that bytes sort as values do, kept
 * in step whenever a row is saved. */
#include "store/table.h"

#include <stdlib.h>
#include <string.h>

#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/instant.h"
#include "core/pack.h"
#include "store/number.h"
#include "store/state.h"
#include "store/store.h"

enum { ROW_MAX = 16384 }; /* bytes packed */

struct key {
    size_t size;
    uint8_t at[INDEX_KEY_MAX + sizeof(struct id)];
};

struct row_key {
    uint8_t table;
    struct id id;
};

_Static_assert(sizeof(struct row_key) == 17, "a row's key has no padding");

static struct bytes bytes_of(const struct key *key)
{
    return (struct bytes){key->at, key->size};
}

/* Rows. */

bool table_get(struct txn *txn, const struct table *table, struct id key, void *row,
               struct error *err)
{
    const struct row_key where = {table->number, key};
    struct bytes found;

    if (!txn_get(txn, STATE_ROWS, (struct bytes){&where, sizeof where}, &found, err)) return false;
    if (found.at != NULL) return unpack(table->row, found.at, found.size, row, err);
    memset(row, 0, table->row->size);
    return true;
}

static bool put_row(struct txn *txn, const struct table *table, struct id key, const void *row,
                    struct error *err)
{
    const struct row_key where = {table->number, key};
    const struct bytes at = {&where, sizeof where};
    char packed[ROW_MAX];
    size_t size = sizeof packed;

    if (row == NULL) return txn_drop(txn, STATE_ROWS, at, err);
    return pack(table->row, row, packed, &size, err) &&
           txn_put(txn, STATE_ROWS, at, (struct bytes){packed, size}, err);
}

/* Keys of an index: its number, each field so that bytes sort as values do, then the row's id. */

static void add_bytes(struct key *key, const void *bytes, size_t size)
{
    if (key->size + size > INDEX_KEY_MAX) bug("an index key is too long");
    memcpy(key->at + key->size, bytes, size);
    key->size += size;
}

static void add_number(struct key *key, int64_t number)
{
    const uint64_t sortable = (uint64_t)number ^ (UINT64_C(1) << 63);
    uint8_t bytes[8];

    number_write(bytes, sortable);
    add_bytes(key, bytes, sizeof bytes);
}

static void add_field(struct key *key, const struct field *field, const void *at)
{
    switch (field->type) {
    case FIELD_ID: add_bytes(key, at, sizeof(struct id)); return;
    case FIELD_TEXT: add_bytes(key, at, strlen(at) + 1); return;
    case FIELD_WORD: add_bytes(key, &(uint8_t){(uint8_t) * (const unsigned *)at}, 1); return;
    case FIELD_INSTANT: add_number(key, ((const struct instant *)at)->ms); return;
    case FIELD_DATE: add_number(key, ((const struct date *)at)->day); return;
    case FIELD_INT: add_number(key, *(const int64_t *)at); return;
    case FIELD_BOOL: add_bytes(key, &(uint8_t){*(const bool *)at}, 1); return;
    case FIELD_BYTES:
        add_bytes(key, (const char *)at + field->first, *(const uint32_t *)at);
        return;
    case FIELD_PARTIAL_DATE:
    case FIELD_OBJECT:
    case FIELD_LIST: break;
    }
    bug("an index on %s, which has no order", field->name);
}

static const struct field *field_of(const struct descriptor *row, const char *name)
{
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->fields[i].name, name) == 0) return &row->fields[i];
    bug("an index on %s, which %s has not", name, row->name);
}

/* False when the row is not in the index: it does not hold, or one of the fields is absent. */
static bool index_key(const struct table *table, const struct index *index, const void *row,
                      size_t count, struct key *key)
{
    key->size = 0;
    add_bytes(key, &index->number, 1);
    for (size_t i = 0; i < count && index->fields[i] != NULL; i++) {
        const struct field *field = field_of(table->row, index->fields[i]);

        if (field->present != NO_FLAG && !*((const bool *)((const char *)row + field->present)))
            return false;
        add_field(key, field, (const char *)row + field->offset);
    }
    return true;
}

static bool has_key(const struct table *table, const struct index *index, struct id id,
                    const void *row, bool is_there, struct key *key)
{
    if (!is_there || (index->holds != NULL && !index->holds(row))) return false;
    if (!index_key(table, index, row, INDEX_FIELDS_MAX, key)) return false;
    memcpy(key->at + key->size, &id, sizeof id);
    key->size += sizeof id;
    return true;
}

/* A field of each object in a list: "roles.organisation". */

struct many {
    const struct field *list, *of; /* NULL: the index is an ordinary one */
};

static struct many many_of(const struct table *table, const struct index *index)
{
    const char *dot = strchr(index->fields[0], '.');
    char name[64];
    struct many many = {NULL, NULL};

    if (dot == NULL) return many;
    if ((size_t)(dot - index->fields[0]) >= sizeof name) bug("an index on %s", index->fields[0]);
    memcpy(name, index->fields[0], (size_t)(dot - index->fields[0]));
    name[dot - index->fields[0]] = '\0';
    many.list = field_of(table->row, name);
    many.of = field_of(many.list->item->object, dot + 1);
    return many;
}

/* False: that one has not the field. */
static bool many_key(const struct many *many, const struct index *index, struct id id,
                     const void *row, uint32_t place, struct key *key)
{
    const char *object = (const char *)row + many->list->offset + many->list->first +
                         (size_t)place * many->list->stride;

    if (many->of->present != NO_FLAG && !*(const bool *)(object + many->of->present)) return false;
    key->size = 0;
    add_bytes(key, &index->number, 1);
    add_field(key, many->of, object + many->of->offset);
    add_bytes(key, &id, sizeof id);
    return true;
}

static uint32_t count_of(const struct many *many, const struct index *index, const void *row)
{
    if (index->holds != NULL && !index->holds(row)) return 0;
    return *(const uint32_t *)(const void *)((const char *)row + many->list->offset);
}

static bool change_many(struct txn *txn, const struct many *many, const struct index *index,
                        struct id id, const void *row, bool is_put, struct error *err)
{
    struct key key;

    for (uint32_t i = 0; row != NULL && i < count_of(many, index, row); i++) {
        if (!many_key(many, index, id, row, i, &key)) continue;
        if (!(is_put ? txn_put(txn, STATE_INDEXES, bytes_of(&key), (struct bytes){"", 0}, err)
                     : txn_drop(txn, STATE_INDEXES, bytes_of(&key), err)))
            return false;
    }
    return true;
}

/* As it mostly is. */
static bool is_same_list(const struct many *many, const struct index *index, const void *was,
                         const void *row)
{
    const uint32_t count = was == NULL || row == NULL ? 0 : count_of(many, index, row);

    return was != NULL && row != NULL && count == count_of(many, index, was) &&
           memcmp((const char *)was + many->list->offset, (const char *)row + many->list->offset,
                  many->list->first + (size_t)count * many->list->stride) == 0;
}

static bool keep_many(struct txn *txn, const struct many *many, const struct index *index,
                      struct id id, const void *was, const void *row, struct error *err)
{
    return is_same_list(many, index, was, row) ||
           (change_many(txn, many, index, id, was, false, err) &&
            change_many(txn, many, index, id, row, true, err));
}

static bool keep_index(struct txn *txn, const struct table *table, const struct index *index,
                       struct id id, const void *was, bool was_there, const void *row,
                       struct error *err)
{
    const struct many many = many_of(table, index);
    struct key before, after;
    bool had, has;

    if (many.list != NULL)
        return keep_many(txn, &many, index, id, was_there ? was : NULL, row, err);
    had = has_key(table, index, id, was, was_there, &before);
    has = has_key(table, index, id, row, row != NULL, &after);
    if (had && has && before.size == after.size && memcmp(before.at, after.at, after.size) == 0)
        return true;
    if (had && !txn_drop(txn, STATE_INDEXES, bytes_of(&before), err)) return false;
    return !has || txn_put(txn, STATE_INDEXES, bytes_of(&after), (struct bytes){"", 0}, err);
}

static bool is_zero(const void *at, size_t size)
{
    const char *bytes = at;

    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

bool table_save(struct txn *txn, const struct table *table, struct id key, const void *was,
                const void *row, struct error *err)
{
    const bool was_there = !is_zero(was, table->row->size);

    for (size_t i = 0; table->indexes[i] != NULL; i++) {
        if (i == INDEXES_MAX) bug("more than %d indexes", INDEXES_MAX);
        if (!keep_index(txn, table, table->indexes[i], key, was, was_there, row, err)) return false;
    }
    return put_row(txn, table, key, row, err);
}

/* Looking up. */

struct search {
    struct ids *found;
    uint32_t most;
    const struct id *after;
    int64_t number, number_most;
};

static struct id id_of(struct bytes key)
{
    struct id id;

    memcpy(&id, (const char *)key.at + key.size - sizeof id, sizeof id);
    return id;
}

static bool collect(void *cookie, struct bytes key, struct bytes value)
{
    struct search *search = cookie;
    const struct id id = id_of(key);

    (void)value;
    if (search->after != NULL && id_equal(id, *search->after)) return true;
    if (search->found->count >= search->most) return false;
    search->found->at[search->found->count++] = id;
    return true;
}

static bool count_one(void *cookie, struct bytes key, struct bytes value)
{
    struct search *search = cookie;

    (void)key;
    (void)value;
    return ++search->number < search->number_most;
}

bool index_find(struct txn *txn, const struct table *table, const struct index *index,
                const void *like, size_t count, const struct id *after, uint32_t most,
                struct ids *found, struct error *err)
{
    struct search search = {.found = found, .most = most < IDS_MAX ? most : IDS_MAX};
    struct key prefix, from;

    if (after == NULL && found->has_after) after = &found->after;
    search.after = after;

    if (!index_key(table, index, like, count, &prefix)) return true;
    from = prefix;
    if (after != NULL) {
        memcpy(from.at + from.size, after, sizeof *after);
        from.size += sizeof *after;
    }
    return txn_scan(txn, STATE_INDEXES, bytes_of(&prefix), bytes_of(&from), collect, &search, err);
}

struct next {
    size_t behind; /* the prefix */
    struct id id;
    bool has;
};

static bool take_next(void *cookie, struct bytes key, struct bytes value)
{
    struct next *next = cookie;

    (void)value;
    if (key.size < next->behind + sizeof next->id) bug("an index key is too short");
    memcpy(&next->id, (const char *)key.at + next->behind, sizeof next->id);
    next->has = true;
    return false;
}

/* False: there is no greater one. */
static bool increase(struct id *id)
{
    size_t i = sizeof id->bytes;

    while (i > 0 && ++id->bytes[--i] == 0)
        if (i == 0) return false;
    return true;
}

bool index_next(struct txn *txn, const struct index *index, const void *first, size_t size,
                const struct id *after, struct id *next, bool *has, struct error *err)
{
    struct key prefix = {.size = 0}, from;
    struct next found = {.has = false};
    struct id least = after == NULL ? (struct id){{0}} : *after;

    *has = false;
    if (after != NULL && !increase(&least)) return true;
    add_bytes(&prefix, &index->number, 1);
    add_bytes(&prefix, first, size);
    found.behind = prefix.size;
    from = prefix;
    add_bytes(&from, &least, sizeof least);
    if (!txn_scan(txn, STATE_INDEXES, bytes_of(&prefix), bytes_of(&from), take_next, &found, err))
        return false;
    *has = found.has;
    *next = found.id;
    return true;
}

bool index_count(struct txn *txn, const struct table *table, const struct index *index,
                 const void *like, size_t count, int64_t most, int64_t *number, struct error *err)
{
    struct search search = {.number_most = most};
    struct key prefix;

    *number = 0;
    if (most == 0 || !index_key(table, index, like, count, &prefix)) return true;
    if (!txn_scan(txn, STATE_INDEXES, bytes_of(&prefix), bytes_of(&prefix), count_one, &search,
                  err))
        return false;
    *number = search.number;
    return true;
}

struct rows {
    const struct table *table;
    const struct id *after;
    table_visit *visit;
    void *cookie;
    struct error *err;
    void *row; /* malloc'ed */
    bool is_ok;
};

static bool visit_row(void *cookie, struct bytes key, struct bytes value)
{
    struct rows *rows = cookie;
    const struct id id = id_of(key);

    if (rows->after != NULL && id_equal(id, *rows->after)) return true;
    rows->is_ok = unpack(rows->table->row, value.at, value.size, rows->row, rows->err);
    return rows->is_ok && rows->visit(rows->cookie, id, rows->row);
}

bool table_scan(struct txn *txn, const struct table *table, const struct id *after,
                table_visit *visit, void *cookie, struct error *err)
{
    struct rows rows = {table, after, visit, cookie, err, malloc(table->row->size), true};
    const struct row_key from = {table->number, after != NULL ? *after : (struct id){{0}}};
    bool is_ok;

    if (rows.row == NULL) bug("out of memory");
    is_ok = txn_scan(txn, STATE_ROWS, (struct bytes){&table->number, 1},
                     (struct bytes){&from, sizeof from}, visit_row, &rows, err) &&
            rows.is_ok;
    free(rows.row);
    return is_ok;
}
