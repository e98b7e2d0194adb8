/* What may be struck of them, and that all of it has been, is a fold; the key is looked for in the ring itself. */
#include "service/dropped.h"

#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/pack.h"
#include "fold/keys.h"
#include "fold/kinds.h"
#include "fold/strikes.h"
#include "journal/row.h"
#include "service/running.h"
#include "store/store.h"
#include "vault/vault.h"

/* The last of several ends is the end. */
static bool look_at(struct txn *txn, struct id who, struct journal_dropped *dropped,
                    struct error *err)
{
    struct strikes_ended ended;
    bool is_left;

    if (!strikes_left(txn, who, &is_left, &ended, err)) return false;
    dropped->left = dropped->left || is_left;
    if (ended.batch <= (uint64_t)dropped->batch) return true;
    dropped->has_batch = dropped->has_at = true;
    dropped->batch = (int64_t)ended.batch;
    dropped->at.ms = ended.at_ms;
    return true;
}

/* All whom the event names that erased them. */
static bool look_at_all(struct running *running, struct txn *txn, struct bytes row,
                        struct journal_dropped *dropped, struct error *err)
{
    _Alignas(max_align_t) char body[EVENT_ROW_MAX * 8];
    struct journal_event envelope;
    const struct kind *kind;
    struct bytes packed;
    struct id who;

    if (!row_read(row, &envelope, &packed, err)) return false;
    kind = kinds_find(running->kinds, envelope.type, strlen(envelope.type));
    if (kind == NULL || kind->descriptor->size > sizeof body) bug("dropped: %s", envelope.type);
    if (!unpack(kind->descriptor, packed.at, packed.size, body, err)) return false;
    for (size_t i = 0; strikes_whom(kind->descriptor, envelope.aggregate, body, i, &who); i++)
        if (!id_equal(who, (struct id){{0}}) && !look_at(txn, who, dropped, err)) return false;
    return true;
}

static bool look_at_event(struct running *running, struct txn *txn, uint64_t number,
                          struct journal_dropped *dropped, struct error *err)
{
    struct txn *read = journal_begin_read(running->journal, err);
    struct bytes row;
    const bool is_ok = read != NULL && journal_row(read, number, &row, err) &&
                       look_at_all(running, txn, row, dropped, err);

    txn_abort(read);
    return is_ok;
}

/* One that the ring never had is gone as well: the ring was lost. */
static bool is_destroyed(struct vault *vault, struct id key)
{
    struct error err;

    if (vault_is_dead(vault, key)) return true;
    return !vault_has(vault, key, &err) && strcmp(err.code, "vault.key_unknown") == 0;
}

static bool look_at_key(struct running *running, struct txn *txn, struct id who,
                        struct journal_dropped *dropped, struct error *err)
{
    struct owner_key key;

    if (running->vault == NULL) return true;
    if (!key_get(txn, who, &key, err)) return false;
    dropped->has_sealed = key.is_there;
    dropped->sealed = key.is_there && !(key.is_erased && is_destroyed(running->vault, key.key));
    return true;
}

/* That of their erasure; NULL: they were not. */
static const struct permission *final_of(const struct permissions *permissions)
{
    for (size_t i = 0; i < permissions->count; i++)
        if (permissions->at[i].is_final) return &permissions->at[i];
    return NULL;
}

bool dropped_find(struct running *running, struct txn *txn, struct id who, bool *is_there,
                  struct journal_dropped *dropped, struct error *err)
{
    struct permissions permissions;
    const struct permission *final;

    *dropped = (struct journal_dropped){.id = who};
    if (!strikes_permitted(txn, who, &permissions, err)) return false;
    final = final_of(&permissions);
    *is_there = final != NULL;
    if (final == NULL) return true;
    dropped->erased.ms = final->at_ms;
    return look_at_event(running, txn, final->by, dropped, err) &&
           look_at_key(running, txn, who, dropped, err);
}
