/* Deadlines: a row's next one stands in the map under when it is due, so the first is the next. */
#include "fold/deadlines.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "store/number.h"
#include "store/state.h"
#include "store/store.h"

enum { MORE = 0x80 }; /* in the aggregate's byte: goes on telling an event */

struct deadline_key {
    uint8_t due[8], aggregate;
    struct id id;
};

static struct deadline_key key_of(const struct deadline *deadline)
{
    struct deadline_key key = {.id = deadline->id};

    number_write(key.due, (uint64_t)deadline->due_ms);
    key.aggregate = (uint8_t)(deadline->aggregate | (deadline->is_more ? MORE : 0));
    return key;
}

bool deadline_put(struct txn *txn, const struct deadline *deadline, struct error *err)
{
    const struct deadline_key key = key_of(deadline);
    uint8_t since[8];
    struct bytes value = {since, sizeof since};

    number_write(since, deadline->since);
    if (deadline->is_more) value = (struct bytes){&deadline->after, sizeof deadline->after};
    return txn_put(txn, STATE_DEADLINES, (struct bytes){&key, sizeof key}, value, err);
}

bool deadline_drop(struct txn *txn, const struct deadline *deadline, struct error *err)
{
    const struct deadline_key key = key_of(deadline);

    return txn_drop(txn, STATE_DEADLINES, (struct bytes){&key, sizeof key}, err);
}

static bool take_first(void *cookie, struct bytes bytes, struct bytes value)
{
    struct deadline *deadline = cookie;
    struct deadline_key key;

    memcpy(&key, bytes.at, sizeof key);
    deadline->is_there = true;
    deadline->is_more = (key.aggregate & MORE) != 0;
    if (deadline->is_more)
        memcpy(&deadline->after, value.at, sizeof deadline->after);
    else
        deadline->since = number_read(value.at);
    deadline->aggregate = key.aggregate & (MORE - 1);
    deadline->id = key.id;
    deadline->due_ms = (int64_t)number_read(key.due);
    return false;
}

bool deadline_next(struct txn *txn, int64_t until_ms, struct deadline *deadline, struct error *err)
{
    *deadline = (struct deadline){0};
    if (!txn_scan(txn, STATE_DEADLINES, (struct bytes){"", 0}, (struct bytes){"", 0}, take_first,
                  deadline, err))
        return false;
    if (deadline->is_there && deadline->due_ms > until_ms) deadline->is_there = false;
    return true;
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
