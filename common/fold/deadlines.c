/* Deadlines: a row's next one stands in the map under when it is due, so the first is the next. */
#include "fold/deadlines.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "fold/kinds.h"
#include "store/number.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

enum { MORE = 0x80 }; /* in the table's byte: goes on telling an event */

struct deadline_key {
    uint8_t due[8], table;
    struct id id;
};

static uint8_t number_of(const struct aggregate *aggregate)
{
    if (aggregate->table == NULL || aggregate->table->number >= MORE)
        bug("%s: a deadline needs a table with a number below %d", aggregate->contract->name, MORE);
    return aggregate->table->number;
}

static struct deadline_key key_of(const struct kinds *kinds, const struct deadline *deadline)
{
    struct deadline_key key = {.id = deadline->id};

    number_write(key.due, (uint64_t)deadline->due_ms);
    key.table = (uint8_t)(number_of(kinds->aggregates[deadline->aggregate]) |
                          (deadline->is_more ? MORE : 0));
    return key;
}

bool deadline_put(struct txn *txn, const struct kinds *kinds, const struct deadline *deadline,
                  struct error *err)
{
    const struct deadline_key key = key_of(kinds, deadline);
    uint8_t since[8];
    struct bytes value = {since, sizeof since};

    number_write(since, deadline->since);
    if (deadline->is_more) value = (struct bytes){&deadline->after, sizeof deadline->after};
    return txn_put(txn, STATE_DEADLINES, (struct bytes){&key, sizeof key}, value, err);
}

bool deadline_drop(struct txn *txn, const struct kinds *kinds, const struct deadline *deadline,
                   struct error *err)
{
    const struct deadline_key key = key_of(kinds, deadline);

    return txn_drop(txn, STATE_DEADLINES, (struct bytes){&key, sizeof key}, err);
}

struct first {
    struct deadline *deadline;
    uint8_t table;
};

static bool take_first(void *cookie, struct bytes bytes, struct bytes value)
{
    struct first *first = cookie;
    struct deadline *deadline = first->deadline;
    struct deadline_key key;

    memcpy(&key, bytes.at, sizeof key);
    deadline->is_there = true;
    deadline->is_more = (key.table & MORE) != 0;
    if (deadline->is_more)
        memcpy(&deadline->after, value.at, sizeof deadline->after);
    else
        deadline->since = number_read(value.at);
    first->table = key.table & (MORE - 1);
    deadline->id = key.id;
    deadline->due_ms = (int64_t)number_read(key.due);
    return false;
}

static bool place_of(const struct kinds *kinds, uint8_t table, size_t *place, struct error *err)
{
    for (size_t i = 0; i < kinds->aggregate_count; i++) {
        if (kinds->aggregates[i]->table == NULL || kinds->aggregates[i]->table->number != table)
            continue;
        *place = i;
        return true;
    }
    return error_set(err, ERROR_BROKEN, "state", "a deadline of table %u, which is not here",
                     (unsigned)table);
}

bool deadline_next(struct txn *txn, const struct kinds *kinds, int64_t until_ms,
                   struct deadline *deadline, struct error *err)
{
    struct first first = {.deadline = deadline};

    *deadline = (struct deadline){0};
    if (!txn_scan(txn, STATE_DEADLINES, (struct bytes){"", 0}, (struct bytes){"", 0}, take_first,
                  &first, err))
        return false;
    if (!deadline->is_there) return true;
    deadline->is_there = deadline->due_ms <= until_ms;
    return place_of(kinds, first.table, &deadline->aggregate, err);
}

struct id deadline_id(uint64_t number)
{
    struct id id = {{0}};

    number_write(id.bytes + 8, number);
    return id;
}

uint64_t deadline_number(struct id id)
{
    return number_read(id.bytes + 8);
}
