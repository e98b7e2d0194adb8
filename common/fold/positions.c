#include "fold/positions.h"

#include <stdio.h>
#include <string.h>

#include "contract/journal.h"
#include "store/state.h"

static struct bytes meta_key(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

bool state_put_position(struct txn *txn, const struct journal_position *position, struct error *err)
{
    char key[160];

    snprintf(key, sizeof key, "from %s", position->service);
    return txn_put(txn, STATE_META, meta_key(key), (struct bytes){position, sizeof *position}, err);
}

/* The types that are consumed of a journal: names, each with its NUL. */
bool state_put_types(struct txn *txn, const struct journal_wanted *wanted, struct error *err)
{
    char names[sizeof wanted->types.at];
    char key[160];
    size_t used = 0;

    for (uint32_t i = 0; i < wanted->types.count; i++) {
        const size_t size = strlen(wanted->types.at[i]) + 1;

        memcpy(names + used, wanted->types.at[i], size);
        used += size;
    }
    snprintf(key, sizeof key, "types %s", wanted->service);
    return txn_put(txn, STATE_META, meta_key(key), (struct bytes){names, used}, err);
}

bool state_types(struct txn *txn, const char *service, struct bytes *names, struct error *err)
{
    char key[160];

    snprintf(key, sizeof key, "types %s", service);
    return txn_get(txn, STATE_META, meta_key(key), names, err);
}

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

bool state_position(struct txn *txn, const char *service, struct journal_position *position,
                    struct error *err)
{
    char key[160];
    struct bytes value;

    memset(position, 0, sizeof *position);
    snprintf(key, sizeof key, "from %s", service);
    if (!txn_get(txn, STATE_META, meta_key(key), &value, err)) return false;
    if (value.size == sizeof *position) memcpy(position, value.at, sizeof *position);
    return true;
}
