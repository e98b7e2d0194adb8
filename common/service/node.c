/* Everything around the aggregates of one service: its place on disk, opened in an order in which each step
 * can rely on the one before; and the end, as the start backwards. */
#include "service/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/random.h"
#include "base/settings.h"
#include "bus/bus.h"
#include "core/error.h"
#include "fold/fold.h"
#include "fold/keys.h"
#include "fold/kinds.h"
#include "fold/trust.h"
#include "journal/blobs.h"
#include "journal/journal.h"
#include "service/damage.h"
#include "service/forgetting.h"
#include "service/mailboxes.h"
#include "service/meters.h"
#include "service/running.h"
#include "service/superseded.h"
#include "service/timekeeper.h"
#include "service/trial.h"
#include "service/turned_away.h"
#include "service/unopened.h"
#include "store/store.h"
#include "vault/vault.h"

/* Directories and files. */

/* Copies of the state, and scratch, of verifications that were killed: nobody reads them any more, or
 * has them open and keeps them. */
struct tidying {
    struct files *files;
    const char *service;
};

static bool tidy_one(void *cookie, const char *name)
{
    static const char *const parts[] = {"/data.mdb", "/lock.mdb", ""};
    const struct tidying *tidying = cookie;
    char path[FILES_PATH_MAX];

    if (strncmp(name, "copy.", 5) != 0 && strncmp(name, "verify.", 7) != 0) return true;
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s%s", tidying->service, name, parts[i]);
        files_remove(tidying->files, path);
    }
    return true;
}

static void tidy_up(const struct running *running)
{
    struct tidying tidying = {running->files, running->service->name};

    files_each(running->files, running->service->name, tidy_one, &tidying);
}

/* What prints of commands are keyed with: made once, beside the other keys. It has its name only when
 * it is on disk as a whole. */
static bool make_print_key(struct running *running, const char *name, struct error *err)
{
    if (journal_head(running->journal).batch > 1)
        log_warning("print_key_lost", "file=%s text=%s", name,
                    "It is made anew: commands from before that are said again are refused.");
    random_bytes(running->print_key, PRINT_KEY_SIZE);
    return files_write(running->files, name, running->print_key, PRINT_KEY_SIZE, true) ||
           error_set(err, ERROR_BROKEN, "keys", "%s: %s", name, strerror(errno));
}

/* One without bytes is as good as none: its maker died, and nothing is keyed with it. */
static bool read_print_key(struct running *running, struct error *err)
{
    size_t size = PRINT_KEY_SIZE;
    char name[96];

    snprintf(name, sizeof name, "keys/print.%s", running->service->name);
    if (!files_read(running->files, name, running->print_key, &size) || size == 0)
        return make_print_key(running, name, err);
    return size == PRINT_KEY_SIZE ||
           error_set(err, ERROR_BROKEN, "keys",
                     "%s is damaged: bring it back. Lost for good? Remove it: another is made, and "
                     "commands from before that are said again are refused.",
                     name);
}

/* The vault. */

static bool keeps_secrets(const struct service *service)
{
    for (size_t i = 0; service->aggregates[i] != NULL; i++)
        if (service->aggregates[i]->conceal != NULL) return true;
    return false;
}

struct claiming {
    struct running *running;
    uint16_t ring; /* the number of the last that was named */
    /* of those who are not erased; and of them those that the ring should have: that are not in it, or cannot be read */
    int64_t lost, older, damaged;
};

/* Keys are flushed before anybody has them, and are destroyed only when an erasure is journaled: one of this very ring that
 * is not there, or not whole, is in another copy of it. */
static void note_missing(struct claiming *claiming, const struct owner_key *key,
                         const struct error *why)
{
    claiming->lost++;
    if (key->ring != claiming->ring) return;
    claiming->older += strcmp(why->code, "vault.key_unknown") == 0;
    claiming->damaged += strcmp(why->code, "vault.key_damaged") == 0;
}

static bool is_one_missing(const struct claiming *claiming)
{
    return claiming->older > 0 || claiming->damaged > 0;
}

static bool claim(void *cookie, struct id owner, const struct owner_key *key)
{
    struct claiming *claiming = cookie;
    char text[ID_TEXT_SIZE];
    struct error err;

    if (vault_claim(claiming->running->vault, key->key, &err)) return true;
    if (key->is_erased) return true; /* it was to be destroyed */
    note_missing(claiming, key, &err);
    if (is_one_missing(claiming) && !claiming->running->goes_without_keys) return true;
    id_write(owner, text);
    log_error("key_lost", "owner=%s code=%s text=%s", text, err.code, err.text);
    return true;
}

static bool refuse_ring(const struct claiming *claiming, struct error *err)
{
    if (claiming->older > 0)
        return error_set(err, ERROR_BROKEN, "vault.ring_older",
                         "keys/ring is older than the journal: %lld keys that it names are not in "
                         "it. Bring back the newest, and the keys/master.key that it was with. "
                         "Lost for good? See --without-keys.",
                         (long long)claiming->older);
    return error_set(err, ERROR_BROKEN, "vault.ring_damaged",
                     "keys/ring is damaged: %lld keys that the journal names cannot be read in it. "
                     "Bring back the newest that is whole, and the keys/master.key that it was "
                     "with. Lost for good? See --without-keys.",
                     (long long)claiming->damaged);
}

static bool claim_all(struct running *running, struct txn *txn, struct error *err)
{
    struct claiming claiming = {.running = running};
    struct named_ring ring;

    if (!key_ring_get(txn, &ring, err)) return false;
    claiming.ring = ring.number;
    if (!key_scan(txn, claim, &claiming, err)) return false;
    metrics_set(&running->meters->keys_lost, claiming.lost);
    running->lacks_keys = is_one_missing(&claiming);
    return !running->lacks_keys || running->goes_without_keys || refuse_ring(&claiming, err);
}

static bool see_one(void *cookie, struct id owner, const struct owner_key *key)
{
    (void)owner;
    (void)key;
    *(bool *)cookie = true;
    return false;
}

/* A journal's first batch does, also before anybody has a key. */
static bool names_one(const struct named_ring *ring)
{
    return !id_equal(ring->id, (struct id){{0}});
}

static bool is_own_ring(const struct running *running, const struct named_ring *ring,
                        struct error *err)
{
    return !names_one(ring) || id_equal(ring->id, vault_ring(running->vault)) ||
           error_set(err, ERROR_BROKEN, "vault.ring_other",
                     "keys/ring is another's than the journal names: bring back its own, and "
                     "keys/master.key. Lost for good? See --without-keys.");
}

/* What is sealed has to be where anybody has a key; of a version before it is in the journal itself. */
static bool open_blobs(struct running *running, bool is_named, struct error *err)
{
    char name[96], path[FILES_PATH_MAX];
    bool is_inside;

    snprintf(name, sizeof name, "%s/sealed", running->service->name);
    files_path(running->files, name, path);
    if (!journal_has_blobs(running->journal, &is_inside, err)) return false;
    if (is_named && !is_inside && !files_is_there(running->files, name))
        return error_set(err, ERROR_BROKEN, "vault.sealed_missing",
                         "%s is not there, and the journal names keys: bring it back from the "
                         "backup",
                         name);
    running->blobs = blobs_open(path, running->journal, err);
    return running->blobs != NULL && blobs_adopt(running->blobs, running->journal, err);
}

/* Keys are made where none were named, nor a ring: in place of those that are named, they would be no use. */
static bool open_vault(struct running *running, struct txn *txn, bool is_named, struct error *err)
{
    struct named_ring ring;

    if (!key_ring_get(txn, &ring, err)) return false;
    running->vault = vault_open(running->files, "keys", !is_named && !names_one(&ring), err);
    return running->vault != NULL && is_own_ring(running, &ring, err);
}

/* The operator knows that they are lost: others are made, which the journal names from its next batch on. What
 * was sealed before stays sealed. */
static bool go_without(struct running *running, struct error *err)
{
    if (!running->goes_without_keys || !vault_is_lost(err)) return false;
    log_failure(LOG_WARNING, "goes_without_keys", err);
    vault_close(running->vault);
    running->vault = NULL;
    return vault_put_aside(running->files, "keys", err) &&
           (running->vault = vault_open(running->files, "keys", true, err)) != NULL;
}

static bool open_ledger(struct running *running, struct error *err)
{
    running->forgetting =
        forgetting_open(running->files, running->service->name, running->kinds, err);
    return running->forgetting != NULL;
}

static bool start_vault(struct running *running, struct error *err)
{
    bool is_named = false, is_ok;
    struct txn *txn;

    if (!keeps_secrets(running->service)) return true;
    if ((txn = txn_begin_read(running->state, err)) == NULL) return false;
    is_ok = key_scan(txn, see_one, &is_named, err) && open_blobs(running, is_named, err) &&
            superseded_sweep(running, txn, err) &&
            (open_vault(running, txn, is_named, err) || go_without(running, err)) &&
            claim_all(running, txn, err) && open_ledger(running, err);
    txn_abort(txn);
    return is_ok && vault_start(running->vault, running->growth, err);
}

/* The whole. */

struct running *node_create(const struct service *service, struct files *files,
                            enum vault_growth growth)
{
    struct running *running = calloc(1, sizeof *running);

    if (running == NULL) bug("out of memory");
    running->service = service;
    running->files = files;
    running->growth = growth;
    running->lock = -1;
    running->kinds = kinds_create(service->aggregates);
    running->reader_bell = bell_create();
    running->lookup_bell = bell_create();
    running->worker_bell = bell_create();
    running->meters = meters_create(running);
    running->unopened = unopened_create(&running->meters->sealed_unopened);
    running->mailboxes = mailboxes_create(running);
    running->turned_away = turned_away_create();
    return running;
}

static void destroy(struct running *running)
{
    kinds_destroy(running->kinds);
    mailboxes_destroy(running->mailboxes);
    unopened_destroy(running->unopened);
    turned_away_destroy(running->turned_away);
    meters_destroy(running->meters);
    bell_destroy(running->reader_bell);
    bell_destroy(running->lookup_bell);
    bell_destroy(running->worker_bell);
    free(running);
}

static bool open_state(struct running *running, struct error *err)
{
    const struct service *service = running->service;
    struct fold *fold = fold_create(running->kinds, service->name);

    if (trial_has_died(running->trial)) trust_doubt(running->files, service->name);
    running->state =
        trust_open(running->files, service->name, service->fold_id, running->journal, fold, err);
    fold_destroy(fold);
    return running->state != NULL;
}

static bool make_directories(struct running *running, struct error *err)
{
    const char *const names[] = {"run", "keys", running->service->name};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!files_own(running->files, names[i], err)) return false;
    return true;
}

static bool open_journal(struct running *running, struct error *err)
{
    char name[96], path[FILES_PATH_MAX];

    snprintf(name, sizeof name, "%s/journal", running->service->name);
    files_path(running->files, name, path);
    running->journal = journal_open(path, running->service->name, clock_now_ms(), err);
    return running->journal != NULL;
}

bool node_open(struct running *running, struct error *err)
{
    const char *name = running->service->name;
    struct files *files = running->files;
    struct position head;
    char root[FILES_PATH_MAX];

    if (!settings_networks(setting_of("FADDER_WEBHOOK_ALLOW"), &running->admitted, err) ||
        !make_directories(running, err))
        return false;
    if (!files_lock(files, name, name, &running->lock, err) ||
        (running->trial = trial_open(files, name, err)) == NULL)
        return false;
    running->damage = damage_watch(files, name, true);
    tidy_up(running);
    if (!open_journal(running, err) || !read_print_key(running, err)) return false;
    running->timekeeper =
        timekeeper_open(files, name, &running->meters->clock_jump, journal_at_ms(running->journal),
                        journal_was_restored(running->journal), err);
    if (running->timekeeper == NULL) return false;
    if (!open_state(running, err) || !start_vault(running, err)) return false;
    head = journal_head(running->journal);
    running->epoch = head.epoch;
    atomic_store(&running->head, head.batch);
    atomic_store(&running->folded, head.batch);
    files_path(files, ".", root);
    return (running->bus = bus_open(root, err)) != NULL && bus_own(running->bus, name, err);
}

/* What is open, backwards. is_clean: it has run and ended, so its state may be believed. */
static void close_all(struct running *running, bool is_clean)
{
    const struct service *service = running->service;
    struct error err;

    trial_close(running->trial);
    timekeeper_close(running->timekeeper);
    bus_close(running->bus);
    blobs_close(running->blobs);
    forgetting_close(running->forgetting);
    journal_close(running->journal);
    vault_close(running->vault);
    if (!is_clean)
        store_close(running->state);
    else if (!trust_close(running->files, service->name, service->fold_id, running->state, &err))
        log_failure(LOG_WARNING, "not_clean", &err);
    damage_forget(running->damage);
    files_unlock(running->lock);
}

void node_close(struct running *running, bool is_clean)
{
    close_all(running, is_clean);
    destroy(running);
}
