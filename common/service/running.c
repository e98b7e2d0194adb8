#include "service/running.h"

#include <string.h>

#include "base/bell.h"
#include "contract/common.h"
#include "core/error.h"
#include "journal/blobs.h"
#include "service/unopened.h"
#include "vault/vault.h"

void running_end(struct running *running)
{
    atomic_store(&running->is_ending, true);
    bell_ring(running->reader_bell);
    bell_ring(running->lookup_bell);
    bell_ring(running->worker_bell);
}

/* In another ring its place may be anybody's, or nobody's. */
static bool is_of_lost(const struct error *err)
{
    return strcmp(err->code, "vault.key_unknown") == 0 ||
           strcmp(err->code, "vault.key_free") == 0 || strcmp(err->code, "vault.key_damaged") == 0;
}

bool running_has_lost(const struct running *running, struct id key)
{
    struct error why;

    return !vault_has(running->vault, key, &why) && is_of_lost(&why);
}

bool running_without_key(struct error *err)
{
    if (is_of_lost(err))
        error_set(err, ERROR_REFUSED, "key_lost",
                  "The key for this is lost, and what was sealed with it. A person can be erased, "
                  "and registered anew; a partner or an endpoint can be given another secret, and "
                  "the contact of an organisation or a programme be said again.");
    return false;
}

/* What was erased is gone, and a disk that has no time may have some later: neither is damage. */
bool running_not_opened(struct running *running, const struct sealed *sealed, struct error *err)
{
    running_without_key(err);
    if (err->kind != ERROR_BROKEN) return false;
    unopened_note(running->unopened, sealed->owner, sealed->event, err->code);
    return error_set(err, ERROR_BROKEN, "not_opened",
                     "What is sealed here is missing or damaged: it has to be brought back.");
}

/* It is not there: after an erasure the key is not there either. */
static bool say_missing(struct running *running, const struct sealed *sealed, struct error *err)
{
    if (vault_is_dead(running->vault, sealed->key))
        return error_set(err, ERROR_NOT_FOUND, "erased", "What was sealed is no longer there.");
    return vault_has(running->vault, sealed->key, err) &&
           error_set(err, ERROR_BROKEN, "vault.blob_missing", "there is no such blob");
}

bool running_try_unseal(struct running *running, const struct sealed *sealed,
                        const char *descriptor_name, void *plain, size_t *size, struct error *err)
{
    uint8_t blob[BLOB_MAX];
    size_t blob_size;

    if (running->vault == NULL)
        return error_set(err, ERROR_NOT_FOUND, "no_vault", "This service keeps nothing sealed.");
    return blobs_read(running->blobs, sealed->owner, sealed->event, blob, &blob_size, err) &&
           (blob_size > 0 || say_missing(running, sealed, err)) &&
           vault_unseal(running->vault, sealed->key, sealed->owner, sealed->event, descriptor_name,
                        blob, blob_size, sealed->hash.at, plain, size, err);
}

bool running_unseal(struct running *running, const struct sealed *sealed,
                    const char *descriptor_name, void *plain, size_t *size, struct error *err)
{
    return running_try_unseal(running, sealed, descriptor_name, plain, size, err) ||
           running_not_opened(running, sealed, err);
}
