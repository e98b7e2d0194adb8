/* Keys, from one that is taken ahead of use to one that is destroyed; and sealing with them. A
 * thread of its own lets the ring grow, so that nobody waits for its flush. */
#include "vault/vault.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/thread.h"
#include "core/error.h"
#include "vault/ring.h"

enum {
    CACHE_SIZE = 1024, /* 48 KiB with their ids: fits where only 64 KiB may be locked */
    GROWTH = 4096,     /* slots made at a time, in one write and one flush */
    LOW = 4096,        /* fewer free ones than this: make more. 0.14 s of 28,000 persons/s */
    PAUSE_MS = 1000,   /* after the disk said no */
};

METRICS_GAUGE(free_keys, "fadder_vault_free_keys", "Keys that are made and that nobody has.")
METRICS_SECONDS(growth_time, "fadder_vault_growth_seconds", "Making and flushing 4096 keys.")

/* What a slot is to us. */
enum slot_state {
    SLOT_TORN, /* on disk it is not whole, and nobody has claimed it */
    SLOT_FREE,
    SLOT_DEAD,
    SLOT_USED,
    SLOT_DAMAGED, /* an event names it, but it cannot be read */
};
_Static_assert((int)SLOT_TORN == RING_TORN && (int)SLOT_FREE == RING_LIVE &&
                   (int)SLOT_DEAD == RING_DEAD,
               "a scan's states are ours, before anything is claimed");

/* A key that has been unwrapped. Slots are taken one after the other, so that one place for each
 * number modulo the size keeps the newest, which is what is sealed under. */
struct cached {
    struct id id; /* of slot 0: empty */
    uint8_t key[CRYPTO_KEY_SIZE];
};

struct vault {
    struct ring *ring;
    struct cached *cache; /* in locked memory */
    pthread_mutex_t lock; /* for all of the following, the cache, and slots being destroyed */
    uint8_t *states;      /* enum slot_state, by number */
    size_t end, room;     /* of states */
    size_t free;          /* how many are free */
    size_t cursor;        /* none before it is */
    bool is_started, is_ending;
    struct thread *maker; /* NULL: who takes one makes more */
    pthread_cond_t wanted, made;
    bool is_wanted;
    unsigned long attempts; /* at making keys */
    int64_t pause_until_ms; /* no attempt before this moment of the steady clock */
    struct error trouble;   /* what came of the last one; kind ERROR_NONE: keys */
};

static bool unknown(struct error *err)
{
    return error_set(err, ERROR_BROKEN, "vault.key_unknown", "the ring does not have this key");
}

static bool damaged(struct error *err)
{
    return error_set(err, ERROR_BROKEN, "vault.key_damaged", "the key's slot cannot be read");
}

static void set_free(struct vault *vault, size_t free_now)
{
    vault->free = free_now;
    metrics_set(&free_keys, (int64_t)free_now);
}

/* Take over slots that the ring has and we do not know yet, all of them free. */
static void extend(struct vault *vault, size_t end)
{
    if (end > vault->room) {
        vault->room = end + end / 4 + GROWTH;
        vault->states = realloc(vault->states, vault->room);
        if (vault->states == NULL) bug("out of memory");
    }
    memset(vault->states + vault->end, SLOT_FREE, end - vault->end);
    set_free(vault, vault->free + end - vault->end);
    vault->end = end;
}

static bool scan(struct vault *vault, struct error *err)
{
    size_t free_now = 0;

    extend(vault, ring_end(vault->ring));
    if (!ring_scan(vault->ring, vault->states, err)) return false;
    vault->states[0] = SLOT_DEAD;
    for (size_t i = 0; i < vault->end; i++)
        free_now += vault->states[i] == SLOT_FREE;
    set_free(vault, free_now);
    return true;
}

struct vault *vault_open(struct files *files, const char *directory, bool may_make,
                         struct error *err)
{
    struct vault *vault = calloc(1, sizeof *vault);

    if (vault == NULL) bug("out of memory");
    vault->cache = crypto_locked_create(CACHE_SIZE * sizeof *vault->cache);
    pthread_mutex_init(&vault->lock, NULL);
    pthread_cond_init(&vault->wanted, NULL);
    pthread_cond_init(&vault->made, NULL);
    vault->ring = ring_open(files, directory, may_make, err);
    if (vault->ring != NULL && scan(vault, err)) return vault;
    vault_close(vault);
    return NULL;
}

bool vault_is_lost(const struct error *err)
{
    static const char *const codes[] = {"vault.ring_missing",   "vault.master_missing",
                                        "vault.master_damaged", "vault.master_wrong",
                                        "vault.ring_damaged",   "vault.ring_other"};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(err->code, codes[i]) == 0) return true;
    return false;
}

static bool put_aside(struct files *files, const char *directory, const char *name,
                      struct error *err)
{
    char from[FILES_PATH_MAX], to[FILES_PATH_MAX];

    snprintf(from, sizeof from, "%s/%s", directory, name);
    if (!files_is_there(files, from)) return true;
    for (int i = 1;; i++) {
        snprintf(to, sizeof to, "%s/%s.lost.%d", directory, name, i);
        if (!files_is_there(files, to)) break;
    }
    return (files_rename(files, from, to) && files_flush_around(files, from)) ||
           error_set(err, ERROR_BROKEN, "vault.disk", "%s: %s", from, strerror(errno));
}

bool vault_put_aside(struct files *files, const char *directory, struct error *err)
{
    return put_aside(files, directory, "ring", err) &&
           put_aside(files, directory, "master.key", err) &&
           put_aside(files, directory, "master.next", err);
}

struct id vault_ring(const struct vault *vault)
{
    return ring_id(vault->ring);
}

static void end_maker(struct vault *vault)
{
    pthread_mutex_lock(&vault->lock);
    vault->is_ending = true;
    pthread_cond_signal(&vault->wanted);
    pthread_mutex_unlock(&vault->lock);
    thread_join(vault->maker);
}

void vault_close(struct vault *vault)
{
    if (vault == NULL) return;
    if (vault->maker != NULL) end_maker(vault);
    pthread_cond_destroy(&vault->made);
    pthread_cond_destroy(&vault->wanted);
    pthread_mutex_destroy(&vault->lock);
    ring_close(vault->ring);
    crypto_locked_destroy(vault->cache);
    free(vault->states);
    free(vault);
}

/* Whether the id leads to a slot at all. */
static bool is_numbered(const struct vault *vault, struct id key)
{
    return ring_number(key) > 0 && ring_number(key) < vault->end;
}

static bool claim(struct vault *vault, struct id key, struct error *err)
{
    uint8_t *state = &vault->states[ring_number(key)];
    struct ring_slot slot;

    if (*state == SLOT_TORN) *state = SLOT_DAMAGED;
    if (*state == SLOT_DAMAGED) return damaged(err);
    if (!ring_read(vault->ring, ring_number(key), &slot, err)) return false;
    if (!id_equal(slot.id, key)) return unknown(err);
    if (*state == SLOT_FREE) {
        *state = SLOT_USED;
        set_free(vault, vault->free - 1);
    }
    return true;
}

bool vault_claim(struct vault *vault, struct id key, struct error *err)
{
    bool is_claimed;

    if (vault->is_started) bug("vault_claim after vault_start");
    pthread_mutex_lock(&vault->lock);
    is_claimed = is_numbered(vault, key) ? claim(vault, key, err) : unknown(err);
    pthread_mutex_unlock(&vault->lock);
    return is_claimed;
}

static bool grow(struct vault *vault, struct error *err)
{
    int64_t began_ns = clock_steady_ns();

    if (!ring_grow(vault->ring, GROWTH, err)) return false;
    metrics_observe(&growth_time, clock_steady_ns() - began_ns);
    return true;
}

/* The maker's turn; the lock is held, but for the work itself. */
static void make_keys(struct vault *vault)
{
    struct error err = {.kind = ERROR_NONE};
    bool is_made;

    pthread_mutex_unlock(&vault->lock);
    is_made = grow(vault, &err);
    pthread_mutex_lock(&vault->lock);
    vault->is_wanted = false;
    vault->attempts++;
    vault->trouble = err;
    if (is_made) {
        extend(vault, ring_end(vault->ring));
    } else {
        vault->pause_until_ms = clock_steady_ms() + PAUSE_MS;
        log_failure(LOG_WARNING, "vault_cannot_grow", &err);
    }
    pthread_cond_broadcast(&vault->made);
}

static void *maker(void *cookie)
{
    struct vault *vault = cookie;

    pthread_mutex_lock(&vault->lock);
    while (!vault->is_ending) {
        if (vault->is_wanted)
            make_keys(vault);
        else
            thread_wait(&vault->wanted, &vault->lock);
    }
    pthread_mutex_unlock(&vault->lock);
    return NULL;
}

static void ask_for_keys(struct vault *vault)
{
    vault->is_wanted = true;
    if (vault->maker == NULL)
        make_keys(vault);
    else
        pthread_cond_signal(&vault->wanted);
}

static bool renew(struct vault *vault, size_t number, struct error *err)
{
    if (!ring_renew(vault->ring, (uint32_t)number, err)) return false;
    vault->states[number] = SLOT_FREE;
    set_free(vault, vault->free + 1);
    return true;
}

static bool renew_torn(struct vault *vault, struct error *err)
{
    bool is_any = false;

    for (size_t i = 1; i < vault->end; i++) {
        if (vault->states[i] != SLOT_TORN) continue;
        if (!renew(vault, i, err)) return false;
        is_any = true;
    }
    return !is_any || ring_flush(vault->ring, err);
}

bool vault_start(struct vault *vault, enum vault_growth growth, struct error *err)
{
    if (vault->is_started) bug("vault_start twice");
    if (!renew_torn(vault, err)) return false;
    while (vault->free < LOW) {
        if (!grow(vault, err)) return false;
        extend(vault, ring_end(vault->ring));
    }
    if (growth == VAULT_GROWS_ASIDE && (vault->maker = thread_start(maker, vault)) == NULL)
        bug("vault: no thread to be had");
    vault->is_started = true;
    return true;
}

static struct cached *cached(const struct vault *vault, struct id key)
{
    return &vault->cache[ring_number(key) % CACHE_SIZE];
}

static void forget(const struct vault *vault, struct id key)
{
    if (id_equal(cached(vault, key)->id, key))
        crypto_wipe(cached(vault, key), sizeof(struct cached));
}

/* Read a slot into the cache. */
static bool unwrap(const struct vault *vault, uint32_t number, struct id *id, struct error *err)
{
    struct cached *to = &vault->cache[number % CACHE_SIZE];
    struct ring_slot slot;

    if (!ring_read(vault->ring, number, &slot, err)) return false;
    crypto_wipe(to, sizeof *to);
    if (slot.state != RING_LIVE || !ring_unwrap(vault->ring, &slot, to->key)) return damaged(err);
    *id = to->id = slot.id;
    return true;
}

/* With nothing free: have keys made, or say why there are none. */
static bool await_keys(struct vault *vault, struct error *err)
{
    unsigned long before = vault->attempts;

    if (clock_steady_ms() >= vault->pause_until_ms) {
        ask_for_keys(vault);
        while (vault->attempts == before)
            thread_wait(&vault->made, &vault->lock);
    }
    if (vault->trouble.kind == ERROR_NONE) return true;
    *err = vault->trouble;
    return false;
}

static size_t next_free(struct vault *vault)
{
    uint8_t *at = memchr(vault->states + vault->cursor, SLOT_FREE, vault->end - vault->cursor);

    if (at == NULL) bug("vault: %zu are free and none is found", vault->free);
    vault->cursor = (size_t)(at - vault->states);
    return vault->cursor;
}

static bool take(struct vault *vault, struct id *key, struct error *err)
{
    size_t number;

    while (vault->free == 0)
        if (!await_keys(vault, err)) return false;
    number = next_free(vault);
    vault->states[number] = SLOT_USED;
    set_free(vault, vault->free - 1);
    if (vault->free < LOW && !vault->is_wanted && clock_steady_ms() >= vault->pause_until_ms)
        ask_for_keys(vault);
    if (unwrap(vault, (uint32_t)number, key, err)) return true;
    vault->states[number] = SLOT_DAMAGED; /* nobody gets it until somebody has looked at the disk */
    return false;
}

bool vault_take(struct vault *vault, struct id *key, struct error *err)
{
    bool is_taken;

    if (!vault->is_started) bug("vault_take before vault_start");
    pthread_mutex_lock(&vault->lock);
    is_taken = take(vault, key, err);
    pthread_mutex_unlock(&vault->lock);
    return is_taken;
}

void vault_return(struct vault *vault, struct id key)
{
    uint32_t number = ring_number(key);

    pthread_mutex_lock(&vault->lock);
    if (!is_numbered(vault, key) || vault->states[number] != SLOT_USED)
        bug("vault_return: slot %u was not taken", (unsigned)number);
    vault->states[number] = SLOT_FREE;
    set_free(vault, vault->free + 1);
    if (number < vault->cursor) vault->cursor = number;
    pthread_mutex_unlock(&vault->lock);
}

static bool dead(struct error *err)
{
    return error_set(err, ERROR_NOT_FOUND, "vault.key_dead", "the key was destroyed");
}

/* In a ring that was made in place of a lost one, a slot may be another's than the key's. */
static bool is_own_slot(const struct vault *vault, struct id key, struct error *err)
{
    struct ring_slot slot;

    return ring_read(vault->ring, ring_number(key), &slot, err) &&
           (id_equal(slot.id, key) || unknown(err));
}

/* The key itself, into the caller's own memory, which the caller wipes. */
static bool look_up(struct vault *vault, struct id key, uint8_t to[CRYPTO_KEY_SIZE],
                    struct error *err)
{
    uint32_t number = ring_number(key);
    struct id found;

    if (!is_numbered(vault, key)) return unknown(err);
    if (vault->states[number] == SLOT_FREE) /* the next who takes would share it */
        return error_set(err, ERROR_BROKEN, "vault.key_free",
                         "nobody has taken or claimed the key");
    if (vault->states[number] == SLOT_DEAD) return is_own_slot(vault, key, err) && dead(err);
    if (!id_equal(cached(vault, key)->id, key)) {
        if (!unwrap(vault, number, &found, err)) return false;
        if (!id_equal(found, key)) return unknown(err);
    }
    memcpy(to, cached(vault, key)->key, CRYPTO_KEY_SIZE);
    return true;
}

static bool copy_key(struct vault *vault, struct id key, uint8_t to[CRYPTO_KEY_SIZE],
                     struct error *err)
{
    bool is_copied;

    pthread_mutex_lock(&vault->lock);
    is_copied = look_up(vault, key, to, err);
    pthread_mutex_unlock(&vault->lock);
    return is_copied;
}

/* What a blob is bound to. The name is last, so that the three cannot run into each other. */
struct binding {
    uint8_t bytes[16 + 16 + VAULT_NAME_MAX];
    size_t size;
};

static void bind_to(struct binding *binding, struct id owner, struct id event,
                    const char *descriptor)
{
    size_t size = strlen(descriptor);

    if (size > VAULT_NAME_MAX) bug("vault: the name %s is too long", descriptor);
    memcpy(binding->bytes, owner.bytes, 16);
    memcpy(binding->bytes + 16, event.bytes, 16);
    memcpy(binding->bytes + 32, descriptor, size);
    binding->size = 32 + size;
}

bool vault_seal(struct vault *vault, struct id key, struct id owner, struct id event,
                const char *descriptor, const void *plain, size_t size, void *blob,
                size_t *blob_size, uint8_t hash[VAULT_HASH_SIZE], struct error *err)
{
    uint8_t secret[CRYPTO_KEY_SIZE], *nonce = blob;
    struct binding binding;

    bind_to(&binding, owner, event, descriptor);
    if (*blob_size < VAULT_OVERHEAD || *blob_size - VAULT_OVERHEAD < size)
        return error_set(err, ERROR_BROKEN, "vault.no_room", "a blob of %zu bytes has no room",
                         size + VAULT_OVERHEAD);
    if (!copy_key(vault, key, secret, err)) return false;
    random_bytes(nonce, CRYPTO_NONCE_SIZE);
    crypto_seal(secret, nonce, binding.bytes, binding.size, plain, size, nonce + CRYPTO_NONCE_SIZE);
    crypto_wipe(secret, sizeof secret);
    *blob_size = size + VAULT_OVERHEAD;
    crypto_hash_of(blob, *blob_size, hash);
    return true;
}

static bool is_what_was_sealed(const void *blob, size_t size, const uint8_t hash[VAULT_HASH_SIZE])
{
    uint8_t found[VAULT_HASH_SIZE];

    crypto_hash_of(blob, size, found);
    return size >= VAULT_OVERHEAD && crypto_equal(found, hash, sizeof found);
}

bool vault_unseal(struct vault *vault, struct id key, struct id owner, struct id event,
                  const char *descriptor, const void *blob, size_t size,
                  const uint8_t hash[VAULT_HASH_SIZE], void *plain, size_t *plain_size,
                  struct error *err)
{
    const uint8_t *nonce = blob;
    uint8_t secret[CRYPTO_KEY_SIZE];
    struct binding binding;
    bool is_open;

    bind_to(&binding, owner, event, descriptor);
    if (!copy_key(vault, key, secret, err)) return false;
    is_open = is_what_was_sealed(blob, size, hash) ||
              error_set(err, ERROR_BROKEN, "vault.blob_damaged", "the blob is not what was sealed");
    if (is_open && *plain_size < size - VAULT_OVERHEAD)
        is_open = error_set(err, ERROR_BROKEN, "vault.no_room", "%zu bytes of plain text",
                            size - VAULT_OVERHEAD);
    if (is_open && !crypto_unseal(secret, nonce, binding.bytes, binding.size,
                                  nonce + CRYPTO_NONCE_SIZE, size - CRYPTO_NONCE_SIZE, plain))
        is_open = error_set(err, ERROR_BROKEN, "vault.blob_elsewhere",
                            "the blob was sealed for something else");
    crypto_wipe(secret, sizeof secret);
    if (is_open) *plain_size = size - VAULT_OVERHEAD;
    return is_open;
}

/* The prefix keeps it apart from whatever else may once be made with such a key. */
bool vault_alias(struct vault *vault, struct id key, const char *text, struct id *alias,
                 struct error *err)
{
    static const char what[] = "alias:";
    uint8_t secret[CRYPTO_KEY_SIZE];
    char said[sizeof what + VAULT_ALIASED_MAX];
    const size_t size = strlen(text);

    _Static_assert(CRYPTO_FINGERPRINT_SIZE == sizeof *alias, "a fingerprint is as large as an id");
    if (size > VAULT_ALIASED_MAX) bug("vault: a text of %zu bytes is too long", size);
    if (!copy_key(vault, key, secret, err)) return false;
    memcpy(said, what, sizeof what);
    memcpy(said + sizeof what, text, size);
    crypto_fingerprint(secret, sizeof secret, said, sizeof what + size, alias->bytes);
    crypto_wipe(secret, sizeof secret);
    crypto_wipe(said, sizeof said);
    return true;
}

/* A slot that is whole must be this key's; of a torn one the caller knows better than we. */
static bool destroy(struct vault *vault, struct id key, struct error *err)
{
    uint8_t *state = &vault->states[ring_number(key)];
    struct ring_slot slot;

    if (!ring_read(vault->ring, ring_number(key), &slot, err)) return false;
    if (slot.state != RING_TORN && !id_equal(slot.id, key)) return unknown(err);
    if (*state == SLOT_FREE) set_free(vault, vault->free - 1);
    *state = SLOT_DEAD;
    forget(vault, key);
    return ring_destroy(vault->ring, key, err);
}

bool vault_erase(struct vault *vault, struct id key, struct error *err)
{
    bool is_destroyed;

    pthread_mutex_lock(&vault->lock);
    is_destroyed = is_numbered(vault, key) ? destroy(vault, key, err) : unknown(err);
    pthread_mutex_unlock(&vault->lock);
    return is_destroyed && ring_flush(vault->ring, err);
}

static bool has(const struct vault *vault, struct id key, struct error *err)
{
    if (!is_numbered(vault, key)) return unknown(err);
    if (vault->states[ring_number(key)] == SLOT_DAMAGED) return damaged(err);
    return is_own_slot(vault, key, err);
}

bool vault_has(struct vault *vault, struct id key, struct error *err)
{
    bool is_there;

    pthread_mutex_lock(&vault->lock);
    is_there = has(vault, key, err);
    pthread_mutex_unlock(&vault->lock);
    return is_there;
}

bool vault_is_dead(struct vault *vault, struct id key)
{
    struct ring_slot slot;
    struct error err;
    bool is_dead;

    pthread_mutex_lock(&vault->lock);
    is_dead = is_numbered(vault, key) && vault->states[ring_number(key)] == SLOT_DEAD &&
              ring_read(vault->ring, ring_number(key), &slot, &err) && id_equal(slot.id, key);
    pthread_mutex_unlock(&vault->lock);
    return is_dead;
}

bool vault_rotate(struct vault *vault, struct error *err)
{
    bool is_rotated;

    pthread_mutex_lock(&vault->lock);
    while (vault->is_wanted && vault->maker != NULL) /* it grows beside the lock */
        thread_wait(&vault->made, &vault->lock);
    is_rotated = ring_rotate(vault->ring, err);
    pthread_mutex_unlock(&vault->lock);
    return is_rotated;
}

struct vault_counts vault_count(struct vault *vault)
{
    struct vault_counts counts = {0};

    pthread_mutex_lock(&vault->lock);
    counts.slots = vault->end - 1;
    counts.free = vault->free;
    for (size_t i = 1; i < vault->end; i++) {
        counts.dead += vault->states[i] == SLOT_DEAD;
        counts.damaged += vault->states[i] == SLOT_TORN || vault->states[i] == SLOT_DAMAGED;
    }
    pthread_mutex_unlock(&vault->lock);
    return counts;
}
