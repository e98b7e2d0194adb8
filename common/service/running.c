#include "service/running.h"

#include "base/bell.h"
#include "contract/common.h"
#include "core/error.h"
#include "journal/journal.h"
#include "store/store.h"
#include "vault/vault.h"

void running_end(struct running *running)
{
    atomic_store(&running->is_ending, true);
    bell_ring(running->reader_bell);
    bell_ring(running->worker_bell);
}

bool running_unseal(struct running *running, const struct sealed *sealed,
                    const char *descriptor_name, void *plain, size_t *size, struct error *err)
{
    struct txn *txn;
    struct bytes blob;
    bool is_ok = false;

    if (running->vault == NULL)
        return error_set(err, ERROR_NOT_FOUND, "no_vault", "This service keeps nothing sealed.");
    if ((txn = txn_begin_read(journal_store(running->journal), err)) == NULL) return false;
    if (!journal_blob(txn, sealed->owner, sealed->event, &blob, err)) goto done;
    if (blob.at == NULL) {
        error_set(err, ERROR_NOT_FOUND, "erased", "What was sealed is no longer there.");
        goto done;
    }
    is_ok = vault_unseal(running->vault, sealed->key, sealed->owner, sealed->event, descriptor_name,
                         blob.at, blob.size, sealed->hash.at, plain, size, err);
done:
    txn_abort(txn);
    return is_ok;
}
