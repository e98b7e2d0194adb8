/* Answers by command, and a list for each batch, so that what is 30 days old is found and forgotten
 * a few batches at a time. */
#include "fold/answers.h"

#include <string.h>

#include "core/error.h"
#include "store/number.h"
#include "store/state.h"
#include "store/store.h"

/* One entry for each command ('A', id), and one for each batch ('B', number) that lists its commands,
 * so that they can be forgotten together. */

struct answer_key {
    uint8_t kind;
    struct id id;
};

struct batch_key {
    uint8_t kind, number[8];
};

enum {
    EXPIRE_AT_ONCE = 4, /* batches forgotten with each new one: twice what comes */
    COMMANDS_MAX =
        sizeof(((struct journal_header *)0)->commands.at) / sizeof(struct journal_command),
    LIST_MAX = sizeof(int64_t) + COMMANDS_MAX * sizeof(struct id), /* bytes */
};

bool answer_get(struct txn *txn, struct id command, bool *is_there, struct answer *answer,
                struct error *err)
{
    const struct answer_key key = {'A', command};
    struct bytes value;

    if (!txn_get(txn, STATE_ANSWERS, (struct bytes){&key, sizeof key}, &value, err)) return false;
    *is_there = value.at != NULL;
    memset(answer, 0, sizeof *answer);
    if (value.size > sizeof *answer) bug("an answer of %zu bytes", value.size);
    if (value.at != NULL) memcpy(answer, value.at, value.size);
    return true;
}

bool answer_put(struct txn *txn, const struct journal_command *command, uint64_t batch,
                struct error *err)
{
    const struct answer_key key = {'A', command->id};
    struct answer answer = {.aggregate = command->aggregate,
                            .version = command->version,
                            .batch = batch,
                            .size = command->answer.size};
    const size_t size = offsetof(struct answer, at) + command->answer.size;

    memcpy(answer.print, command->print.at, sizeof answer.print);
    memcpy(answer.at, command->answer.at, command->answer.size);
    return txn_put(txn, STATE_ANSWERS, (struct bytes){&key, sizeof key},
                   (struct bytes){&answer, size}, err);
}

static struct batch_key key_of(uint64_t number)
{
    struct batch_key key = {.kind = 'B'};

    number_write(key.number, number);
    return key;
}

/* The batch's list: when, then the ids. */
static bool put_list(struct txn *txn, const struct journal_header *header, struct error *err)
{
    const struct batch_key key = key_of((uint64_t)header->number);
    const size_t count = header->commands.count;
    struct {
        int64_t at_ms;
        struct id ids[COMMANDS_MAX];
    } list;

    if (count == 0) return true;
    list.at_ms = header->at.ms;
    for (size_t i = 0; i < count; i++)
        list.ids[i] = header->commands.at[i].id;
    return txn_put(txn, STATE_ANSWERS, (struct bytes){&key, sizeof key},
                   (struct bytes){&list, sizeof list.at_ms + count * sizeof list.ids[0]}, err);
}

struct oldest {
    int64_t before_ms;
    size_t count;
    struct batch_key keys[EXPIRE_AT_ONCE];
};

static bool collect(void *cookie, struct bytes key, struct bytes value)
{
    struct oldest *oldest = cookie;
    int64_t at_ms;

    memcpy(&at_ms, value.at, sizeof at_ms);
    if (at_ms >= oldest->before_ms || oldest->count == EXPIRE_AT_ONCE) return false;
    memcpy(&oldest->keys[oldest->count++], key.at, sizeof oldest->keys[0]);
    return true;
}

static bool forget(struct txn *txn, const struct batch_key *key, struct error *err)
{
    uint8_t copy[LIST_MAX];
    struct bytes list;

    if (!txn_get(txn, STATE_ANSWERS, (struct bytes){key, sizeof *key}, &list, err)) return false;
    if (list.size > sizeof copy) bug("a batch's list of %zu bytes", list.size);
    memcpy(copy, list.at, list.size);
    for (size_t at = sizeof(int64_t); at < list.size; at += sizeof(struct id)) {
        struct answer_key answer = {.kind = 'A'};

        memcpy(&answer.id, copy + at, sizeof answer.id);
        if (!txn_drop(txn, STATE_ANSWERS, (struct bytes){&answer, sizeof answer}, err))
            return false;
    }
    return txn_drop(txn, STATE_ANSWERS, (struct bytes){key, sizeof *key}, err);
}

bool answer_expire(struct txn *txn, const struct journal_header *header, struct error *err)
{
    const int64_t day_ms = 24 * 60 * 60 * 1000;
    struct oldest oldest = {.before_ms = header->at.ms - ANSWER_DAYS * day_ms};

    if (!put_list(txn, header, err)) return false;
    if (!txn_scan(txn, STATE_ANSWERS, (struct bytes){"B", 1}, (struct bytes){"B", 1}, collect,
                  &oldest, err))
        return false;
    for (size_t i = 0; i < oldest.count; i++)
        if (!forget(txn, &oldest.keys[i], err)) return false;
    return true;
}
