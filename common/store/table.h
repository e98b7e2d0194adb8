/* Rows and indexes: typed memory on top of store.h. A row is a record from schemas/.
 *
 * All tables of a service share one database, all indexes another; the number of a table or index
 * is the first byte of its keys, so what belongs together lies together. An index is data: the
 * runtime keeps it in step with the rows whenever one is saved.
 *
 * By the thread whose transaction it is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct descriptor;
struct error;
struct txn;

enum { INDEXES_MAX = 16, INDEX_FIELDS_MAX = 4, INDEX_KEY_MAX = 480 };

/* An index leads from some of a row's fields to the ids of the rows that have them, in order of id.
 * Ids, words, numbers, instants and dates sort by value; a text must be the last field and is
 * compared whole. `roles.organisation`, alone, is that field of each object in the list: a row is found by any
 * of them. `holds` narrows it to some of the rows (NULL: all). */
struct index {
    uint8_t number;                           /* unique in the service, from 1 */
    const char *fields[INDEX_FIELDS_MAX + 1]; /* names in the row, ends with NULL */
    bool (*holds)(const void *row);
};

struct table {
    uint8_t number; /* unique in the service, from 1 */
    const struct descriptor *row;
    const struct index *indexes[INDEXES_MAX + 1]; /* ends with NULL */
};

/* Fill row from the table, or with zeroes when there is no row under key. */
bool table_get(struct txn *txn, const struct table *table, struct id key, void *row,
               struct error *err);

/* Replace was by row, under row's key, and keep the indexes. was is all zero when there was none.
 * A NULL row drops it. */
bool table_save(struct txn *txn, const struct table *table, struct id key, const void *was,
                const void *row, struct error *err);

/* Find by the index: `like` is a row of which only the first `count` indexed fields need be set.
 * Ids are added to found until it holds `most` (at most IDS_MAX); there may be more. After an id:
 * only those behind it (NULL: behind found->after if it has one, else from the first). */
bool index_find(struct txn *txn, const struct table *table, const struct index *index,
                const void *like, size_t count, const struct id *after, uint32_t most,
                struct ids *found, struct error *err);

/* Of the keys whose fields begin with these bytes, the least id behind them that is greater than after (NULL: than none):
 * of a field that is one, or else the row's. So another table's index may lead to rows in order of their ids. *has: there
 * is one. */
bool index_next(struct txn *txn, const struct index *index, const void *first, size_t size,
                const struct id *after, struct id *next, bool *has, struct error *err);

/* How many there are, counting to `most` at the most. */
bool index_count(struct txn *txn, const struct table *table, const struct index *index,
                 const void *like, size_t count, int64_t most, int64_t *number, struct error *err);

/* Rows in order of id, behind `after` (NULL: from the first), until visit returns false. */
typedef bool table_visit(void *cookie, struct id id, const void *row);
bool table_scan(struct txn *txn, const struct table *table, const struct id *after,
                table_visit *visit, void *cookie, struct error *err);
