/* A keyed fingerprint, by what two programs have in common. */
#include "bus/mark.h"

#include <string.h>

#include "base/crypto.h"
#include "bus/key.h"
#include "core/error.h"

_Static_assert((int)MARK_KEY_SIZE == (int)CRYPTO_KEY_SIZE &&
                   (int)MARK_SIZE == (int)CRYPTO_FINGERPRINT_SIZE,
               "one size of keys, one of prints");

bool mark_key(struct files *files, const char *self, const char *other, uint8_t key[MARK_KEY_SIZE],
              struct error *err)
{
    struct bus_key own;
    uint8_t public[BUS_KEY_SIZE];
    bool is_good;

    if (!bus_key_own(files, self, &own, err)) return false;
    is_good = bus_key_of(files, other, public);
    if (!is_good) error_set(err, ERROR_BUSY, "no_key", "%s has no key on the bus yet.", other);
    if (is_good && !(is_good = crypto_shared_key(own.secret, public, key)))
        error_set(err, ERROR_BROKEN, "bus_key", "The key of %s is nobody's.", other);
    crypto_wipe(&own, sizeof own);
    return is_good;
}

/* What it is for is a part of what is marked, with its end: no mark is good for something else. */
void mark_write(const uint8_t key[MARK_KEY_SIZE], const char *purpose, const void *bytes,
                size_t size, uint8_t mark[MARK_SIZE])
{
    uint8_t own[CRYPTO_FINGERPRINT_SIZE];

    crypto_fingerprint(key, MARK_KEY_SIZE, purpose, strlen(purpose) + 1, own);
    crypto_fingerprint(own, sizeof own, bytes, size, mark);
    crypto_wipe(own, sizeof own);
}
