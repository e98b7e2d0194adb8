#include "fold/keys.h"

#include <string.h>

#include "store/state.h"
#include "store/store.h"

bool key_get(struct txn *txn, struct id owner, struct owner_key *key, struct error *err)
{
    struct bytes value;

    if (!txn_get(txn, STATE_KEYS, (struct bytes){&owner, sizeof owner}, &value, err)) return false;
    memset(key, 0, sizeof *key);
    if (value.size == sizeof *key) memcpy(key, value.at, sizeof *key);
    return true;
}

bool key_put(struct txn *txn, struct id owner, const struct owner_key *key, struct error *err)
{
    return txn_put(txn, STATE_KEYS, (struct bytes){&owner, sizeof owner},
                   (struct bytes){key, sizeof *key}, err);
}

_Static_assert(sizeof(struct owner_key) == 20 && sizeof(struct named_ring) == 18, "no gaps");

static const struct bytes ring_key = {"ring", 4};

bool key_ring_get(struct txn *txn, struct named_ring *ring, struct error *err)
{
    struct bytes value;

    if (!txn_get(txn, STATE_META, ring_key, &value, err)) return false;
    memset(ring, 0, sizeof *ring);
    if (value.size == sizeof *ring) memcpy(ring, value.at, sizeof *ring);
    return true;
}

bool key_ring_put(struct txn *txn, struct id id, struct error *err)
{
    struct named_ring ring;

    if (!key_ring_get(txn, &ring, err)) return false;
    ring.id = id;
    ring.number++;
    return txn_put(txn, STATE_META, ring_key, (struct bytes){&ring, sizeof ring}, err);
}

struct key_scanning {
    key_visit *visit;
    void *cookie;
};

static bool visit_key(void *cookie, struct bytes bytes, struct bytes value)
{
    const struct key_scanning *scanning = cookie;
    struct owner_key key;
    struct id owner;

    memcpy(&owner, bytes.at, sizeof owner);
    memcpy(&key, value.at, sizeof key);
    return scanning->visit(scanning->cookie, owner, &key);
}

bool key_scan(struct txn *txn, key_visit *visit, void *cookie, struct error *err)
{
    struct key_scanning scanning = {visit, cookie};

    return txn_scan(txn, STATE_KEYS, (struct bytes){"", 0}, (struct bytes){"", 0}, visit_key,
                    &scanning, err);
}
