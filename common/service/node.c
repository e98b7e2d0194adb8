/* Everything around the aggregates of one service: its place on disk, opened in an order in which each step
 * can rely on the one before; and the end, as the start backwards. */
#include "service/node.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/program.h"
#include "base/random.h"
#include "bus/bus.h"
#include "core/error.h"
#include "fold/fold.h"
#include "fold/keys.h"
#include "fold/kinds.h"
#include "fold/trust.h"
#include "journal/blobs.h"
#include "journal/journal.h"
#include "service/damage.h"
#include "service/meters.h"
#include "service/running.h"
#include "service/timekeeper.h"
#include "service/trial.h"
#include "store/store.h"
#include "vault/vault.h"

/* Directories and files. */

/* Copies of the state, and scratch, of verifications that were killed: nobody reads them any more, or
 * has them open and keeps them. */
static void tidy_up(const char *name)
{
    DIR *directory = opendir(name);
    char folder[512], path[600];

    if (directory == NULL) return;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (strncmp(entry->d_name, "copy.", 5) != 0 && strncmp(entry->d_name, "verify.", 7) != 0)
            continue;
        snprintf(folder, sizeof folder, "%s/%s", name, entry->d_name);
        snprintf(path, sizeof path, "%s/data.mdb", folder);
        unlink(path);
        snprintf(path, sizeof path, "%s/lock.mdb", folder);
        unlink(path);
        rmdir(folder);
    }
    closedir(directory);
}

/* What prints of commands are keyed with: made once, beside the other keys. It has its name only when
 * it is on disk as a whole. */
static bool make_print_key(const char *path, uint8_t key[PRINT_KEY_SIZE], struct error *err)
{
    char part[112];
    int fd;
    bool is_ok;

    snprintf(part, sizeof part, "%s.part", path);
    random_bytes(key, PRINT_KEY_SIZE);
    fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    is_ok = fd >= 0 && write(fd, key, PRINT_KEY_SIZE) == PRINT_KEY_SIZE && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return (is_ok && rename(part, path) == 0) ||
           error_set(err, ERROR_BROKEN, "keys", "%s: %s", path, strerror(errno));
}

static bool read_print_key(const char *name, uint8_t key[PRINT_KEY_SIZE], struct error *err)
{
    char path[96];
    ssize_t size;
    int fd;

    snprintf(path, sizeof path, "keys/print.%s", name);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) return make_print_key(path, key, err);
    size = read(fd, key, PRINT_KEY_SIZE);
    close(fd);
    if (size == PRINT_KEY_SIZE) return true;
    if (size == 0)
        return make_print_key(path, key, err); /* its maker died: nothing is keyed with it */
    return error_set(err, ERROR_BROKEN, "keys", "%s is damaged", path);
}

/* The vault. */

static bool keeps_secrets(const struct service *service)
{
    for (size_t i = 0; service->aggregates[i] != NULL; i++)
        if (service->aggregates[i]->conceal != NULL) return true;
    return false;
}

static bool claim(void *cookie, struct id owner, const struct owner_key *key)
{
    struct running *running = cookie;
    struct error err;

    if (!vault_claim(running->vault, key->key, &err)) {
        char text[ID_TEXT_SIZE];

        id_write(owner, text);
        log_error("key_lost", "owner=%s code=%s text=%s", text, err.code, err.text);
    }
    return true;
}

static bool see_one(void *cookie, struct id owner, const struct owner_key *key)
{
    (void)owner;
    (void)key;
    *(bool *)cookie = true;
    return false;
}

static bool is_own_ring(const struct running *running, struct txn *txn, struct error *err)
{
    struct id ring;

    if (!key_ring_get(txn, &ring, err)) return false;
    return id_equal(ring, (struct id){{0}}) || id_equal(ring, vault_ring(running->vault)) ||
           error_set(err, ERROR_BROKEN, "vault.ring_other",
                     "The ring in keys is another's than the journal names: bring back its own.");
}

static bool open_blobs(struct running *running, struct error *err)
{
    char path[96];

    snprintf(path, sizeof path, "%s/sealed", running->service->name);
    running->blobs = blobs_open(path, journal_head(running->journal).batch, err);
    return running->blobs != NULL && journal_move_blobs(running->journal, running->blobs, err);
}

/* Keys are made where nobody has had any: in place of those that are named, they would be no use. */
static bool start_vault(struct running *running, struct error *err)
{
    bool is_named = false, is_ok;
    struct txn *txn;

    if (!keeps_secrets(running->service)) return true;
    if (!open_blobs(running, err)) return false;
    if ((txn = txn_begin_read(running->state, err)) == NULL) return false;
    is_ok = key_scan(txn, see_one, &is_named, err) &&
            (running->vault = vault_open("keys", !is_named, err)) != NULL &&
            is_own_ring(running, txn, err) && key_scan(txn, claim, running, err);
    txn_abort(txn);
    return is_ok && vault_start(running->vault, running->growth, err);
}

/* The whole. */

struct running *node_create(const struct service *service, enum vault_growth growth)
{
    struct running *running = calloc(1, sizeof *running);

    if (running == NULL) bug("out of memory");
    running->service = service;
    running->growth = growth;
    running->lock = -1;
    running->kinds = kinds_create(service->aggregates);
    running->reader_bell = bell_create();
    running->worker_bell = bell_create();
    running->meters = meters_create(running);
    return running;
}

static void destroy(struct running *running)
{
    kinds_destroy(running->kinds);
    meters_destroy(running->meters);
    bell_destroy(running->reader_bell);
    bell_destroy(running->worker_bell);
    free(running);
}

static bool open_state(struct running *running, struct error *err)
{
    const struct service *service = running->service;
    struct fold *fold = fold_create(running->kinds, service->name);

    if (trial_has_died(running->trial)) trust_doubt(service->name);
    running->state = trust_open(service->name, service->fold_id, running->journal, fold, err);
    fold_destroy(fold);
    return running->state != NULL;
}

bool node_open(struct running *running, struct error *err)
{
    const char *name = running->service->name;
    struct position head;
    char path[96];

    if (!program_make_directory("run", err) || !program_make_directory("keys", err) ||
        !program_make_directory(name, err))
        return false;
    if (!program_lock(name, name, &running->lock, err) ||
        (running->trial = trial_open(name, err)) == NULL)
        return false;
    running->damage = damage_watch(name, true);
    tidy_up(name);
    if (!read_print_key(name, running->print_key, err)) return false;
    snprintf(path, sizeof path, "%s/journal", name);
    if ((running->journal = journal_open(path, name, clock_now_ms(), err)) == NULL) return false;
    running->timekeeper =
        timekeeper_open(name, &running->meters->clock_jump, journal_at_ms(running->journal),
                        journal_was_restored(running->journal), err);
    if (running->timekeeper == NULL) return false;
    if (!open_state(running, err) || !start_vault(running, err)) return false;
    head = journal_head(running->journal);
    running->epoch = head.epoch;
    atomic_store(&running->head, head.batch);
    atomic_store(&running->folded, head.batch);
    return (running->bus = bus_open(err)) != NULL;
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
    journal_close(running->journal);
    vault_close(running->vault);
    if (!is_clean)
        store_close(running->state);
    else if (!trust_close(service->name, service->fold_id, running->state, &err))
        log_failure(LOG_WARNING, "not_clean", &err);
    damage_forget(running->damage);
    if (running->lock >= 0) close(running->lock);
}

void node_close(struct running *running, bool is_clean)
{
    close_all(running, is_clean);
    destroy(running);
}
