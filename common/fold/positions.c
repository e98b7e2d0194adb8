/* Keys of the map `meta`: "from registry", "types registry", "left registry person.erased". */
#include "fold/positions.h"

#include <stdio.h>
#include <string.h>

#include "contract/journal.h"
#include "core/text.h"
#include "store/state.h"

static struct bytes meta_key(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

/* Where the state stands. */

bool state_put_stands(struct txn *txn, const struct position *position, struct error *err)
{
    return txn_put(txn, STATE_META, meta_key("stands"), (struct bytes){position, sizeof *position},
                   err);
}

bool state_stands(struct txn *txn, struct position *position, struct error *err)
{
    struct bytes value;

    memset(position, 0, sizeof *position);
    if (!txn_get(txn, STATE_META, meta_key("stands"), &value, err)) return false;
    if (value.size == sizeof *position) memcpy(position, value.at, sizeof *position);
    return true;
}

/* Positions in other journals. */

enum { KEY_SIZE = 160 };

static bool get_position(struct txn *txn, const char *key, struct journal_position *position,
                         struct error *err)
{
    struct bytes value;

    memset(position, 0, sizeof *position);
    if (!txn_get(txn, STATE_META, meta_key(key), &value, err)) return false;
    if (value.size == sizeof *position) memcpy(position, value.at, sizeof *position);
    return true;
}

bool state_position(struct txn *txn, const char *service, struct journal_position *position,
                    struct error *err)
{
    char key[KEY_SIZE];

    snprintf(key, sizeof key, "from %s", service);
    return get_position(txn, key, position, err);
}

bool position_is_before(const struct journal_position *a, const struct journal_position *b)
{
    return a->batch != b->batch ? a->batch < b->batch : a->within < b->within;
}

struct further {
    const struct journal_position *than;
    bool is_there;
    char key[KEY_SIZE];
};

static bool find_further(void *cookie, struct bytes key, struct bytes value)
{
    struct further *further = cookie;
    struct journal_position left;

    if (value.size != sizeof left || key.size >= sizeof further->key) return true;
    memcpy(&left, value.at, sizeof left);
    if (!position_is_before(further->than, &left)) return true;
    memcpy(further->key, key.at, key.size);
    further->key[key.size] = '\0';
    further->is_there = true;
    return false;
}

bool state_take_back(struct txn *txn, const struct journal_position *position, struct error *err)
{
    struct further further = {.than = position};
    char prefix[KEY_SIZE];

    snprintf(prefix, sizeof prefix, "left %s ", position->service);
    do {
        further.is_there = false;
        if (!txn_scan(txn, STATE_META, meta_key(prefix), meta_key(prefix), find_further, &further,
                      err))
            return false;
        if (further.is_there && !txn_put(txn, STATE_META, meta_key(further.key),
                                         (struct bytes){position, sizeof *position}, err))
            return false;
    } while (further.is_there);
    return true;
}

bool state_put_position(struct txn *txn, const struct journal_position *position, struct error *err)
{
    char key[KEY_SIZE];

    snprintf(key, sizeof key, "from %s", position->service);
    return txn_put(txn, STATE_META, meta_key(key), (struct bytes){position, sizeof *position}, err);
}

/* Which types: names, each with its NUL; under the service's name, and under that of its filling in. */

void state_fill_name(const char *service, char name[FILL_NAME_SIZE])
{
    static const char prefix[] = "fill-";

    text_copy(name, FILL_NAME_SIZE, prefix);
    text_copy(name + sizeof prefix - 1, FILL_NAME_SIZE - sizeof prefix + 1, service);
}

static bool get_types(struct txn *txn, const char *name, struct journal_types *types,
                      struct error *err)
{
    char key[KEY_SIZE];
    struct bytes names;

    types->count = 0;
    snprintf(key, sizeof key, "types %s", name);
    if (!txn_get(txn, STATE_META, meta_key(key), &names, err)) return false;
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.at + at) + 1)
        text_copy(types->at[types->count++], sizeof types->at[0], (const char *)names.at + at);
    return true;
}

static bool put_types(struct txn *txn, const char *name, const struct journal_types *types,
                      struct error *err)
{
    char names[sizeof types->at], key[KEY_SIZE];
    size_t used = 0;

    for (uint32_t i = 0; i < types->count; i++) {
        const size_t size = strlen(types->at[i]) + 1;

        memcpy(names + used, types->at[i], size);
        used += size;
    }
    snprintf(key, sizeof key, "types %s", name);
    return txn_put(txn, STATE_META, meta_key(key), (struct bytes){names, used}, err);
}

bool state_wanted(struct txn *txn, const char *service, struct journal_wanted *wanted,
                  struct error *err)
{
    char fill[FILL_NAME_SIZE];

    state_fill_name(service, fill);
    text_copy(wanted->service, sizeof wanted->service, service);
    wanted->has_filling = true;
    return get_types(txn, service, &wanted->types, err) &&
           get_types(txn, fill, &wanted->filling, err);
}

bool types_have(const struct journal_types *types, const char *type)
{
    for (uint32_t i = 0; i < types->count; i++)
        if (strcmp(types->at[i], type) == 0) return true;
    return false;
}

static void left_key(const char *service, const char *type, char key[KEY_SIZE])
{
    snprintf(key, KEY_SIZE, "left %s %s", service, type);
}

bool state_left(struct txn *txn, const char *service, const char *type,
                struct journal_position *position, struct error *err)
{
    char key[KEY_SIZE];

    left_key(service, type, key);
    return get_position(txn, key, position, err);
}

static bool is_wanted(const struct journal_wanted *wanted, const char *type)
{
    return types_have(&wanted->types, type) ||
           (wanted->has_filling && types_have(&wanted->filling, type));
}

/* Of types that were consumed under that name: those that are wanted no longer. */
static bool leave(struct txn *txn, const char *name, const struct journal_types *types,
                  const struct journal_wanted *wanted, struct error *err)
{
    struct journal_position position;
    char key[KEY_SIZE];

    if (!state_position(txn, name, &position, err)) return false;
    text_copy(position.service, sizeof position.service, wanted->service);
    for (uint32_t i = 0; i < types->count; i++) {
        if (is_wanted(wanted, types->at[i])) continue;
        left_key(wanted->service, types->at[i], key);
        if (!txn_put(txn, STATE_META, meta_key(key), (struct bytes){&position, sizeof position},
                     err))
            return false;
    }
    return true;
}

static bool forget_left(struct txn *txn, const char *service, const struct journal_types *types,
                        struct error *err)
{
    char key[KEY_SIZE];

    for (uint32_t i = 0; i < types->count; i++) {
        left_key(service, types->at[i], key);
        if (!txn_drop(txn, STATE_META, meta_key(key), err)) return false;
    }
    return true;
}

bool state_put_wanted(struct txn *txn, const struct journal_wanted *wanted, struct error *err)
{
    static const struct journal_types none = {0};
    const struct journal_types *filling = wanted->has_filling ? &wanted->filling : &none;
    struct journal_wanted before;
    char fill[FILL_NAME_SIZE];

    state_fill_name(wanted->service, fill);
    return state_wanted(txn, wanted->service, &before, err) &&
           leave(txn, wanted->service, &before.types, wanted, err) &&
           leave(txn, fill, &before.filling, wanted, err) &&
           forget_left(txn, wanted->service, &wanted->types, err) &&
           forget_left(txn, wanted->service, filling, err) &&
           put_types(txn, wanted->service, &wanted->types, err) &&
           put_types(txn, fill, filling, err);
}
