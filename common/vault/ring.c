/* The ring's file: slots of one size, each with a checksum, keys wrapped by the master key; what is
 * written is flushed before anybody relies on it. */
#include "vault/ring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/files.h"
#include "base/random.h"
#include "core/error.h"

enum {
    SLOT_SIZE = 64,
    RANDOM_AT = 1,
    RANDOM_SIZE = 11,
    WRAPPED_AT = RANDOM_AT + RANDOM_SIZE,
    WRAPPED_SIZE = CRYPTO_KEY_SIZE + CRYPTO_TAG_SIZE,
    CRC_AT = WRAPPED_AT + WRAPPED_SIZE,
    SCAN_SLOTS = 4096,
    RING_PATH_MAX = 256,
};
_Static_assert(CRC_AT + 4 == SLOT_SIZE, "a slot is full");

/* How a slot's state is written. Zeros, which a crash may leave, are none of them. */
enum { MARK_MASTER = 'M', MARK_LIVE = 'L', MARK_DEAD = 'D' };

/* In locked memory, for the sake of the master. */
struct ring {
    struct files *files;
    int lock; /* of the directory; or -1 */
    struct file *file;
    char path[RING_PATH_MAX], master_path[RING_PATH_MAX];
    char next_path[RING_PATH_MAX]; /* of the master key that is to be */
    uint32_t end;
    struct id id;
    uint8_t master[CRYPTO_KEY_SIZE];
};

static const uint8_t nothing[CRYPTO_KEY_SIZE]; /* what slot 0 wraps */

static bool fail(struct error *err, const char *doing)
{
    return error_set(err, ERROR_BROKEN, "vault.disk", "%s: %s", doing, strerror(errno));
}

/* The disk may have room again. */
static bool fail_for_now(struct error *err, const char *doing)
{
    return error_set(err, ERROR_BUSY, "vault.disk", "%s: %s", doing, strerror(errno));
}

static void put_32(uint8_t at[4], uint32_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(number >> (24 - 8 * i));
}

static uint32_t get_32(const uint8_t at[4])
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static struct id id_of(uint32_t number, const uint8_t *random)
{
    struct id id = {{0}};

    put_32(id.bytes, number);
    memcpy(id.bytes + 16 - RANDOM_SIZE, random, RANDOM_SIZE);
    return id;
}

uint32_t ring_number(struct id key)
{
    return get_32(key.bytes);
}

static void nonce_of(struct id id, uint8_t nonce[CRYPTO_NONCE_SIZE])
{
    memset(nonce, 0, CRYPTO_NONCE_SIZE);
    memcpy(nonce, id.bytes, sizeof id.bytes);
}

static void wrap(const uint8_t master[CRYPTO_KEY_SIZE], struct id id,
                 const uint8_t key[CRYPTO_KEY_SIZE], uint8_t wrapped[WRAPPED_SIZE])
{
    uint8_t nonce[CRYPTO_NONCE_SIZE];

    nonce_of(id, nonce);
    crypto_seal(master, nonce, id.bytes, sizeof id.bytes, key, CRYPTO_KEY_SIZE, wrapped);
}

bool ring_unwrap(const struct ring *ring, const struct ring_slot *slot,
                 uint8_t key[CRYPTO_KEY_SIZE])
{
    uint8_t nonce[CRYPTO_NONCE_SIZE];

    nonce_of(slot->id, nonce);
    return crypto_unseal(ring->master, nonce, slot->id.bytes, sizeof slot->id.bytes, slot->wrapped,
                         sizeof slot->wrapped, key);
}

static void finish(uint8_t bytes[SLOT_SIZE], int mark)
{
    bytes[0] = (uint8_t)mark;
    put_32(bytes + CRC_AT, crc32c(0, bytes, CRC_AT));
}

/* A slot as it is written: number's new id and, wrapped under it, key or a new one. */
static void make_slot(const uint8_t master[CRYPTO_KEY_SIZE], uint32_t number, int mark,
                      const uint8_t *key, uint8_t bytes[SLOT_SIZE])
{
    uint8_t fresh[CRYPTO_KEY_SIZE];

    random_bytes(bytes + RANDOM_AT, RANDOM_SIZE);
    random_bytes(fresh, sizeof fresh);
    wrap(master, id_of(number, bytes + RANDOM_AT), key == NULL ? fresh : key, bytes + WRAPPED_AT);
    crypto_wipe(fresh, sizeof fresh);
    finish(bytes, mark);
}

static bool is_whole(const uint8_t bytes[SLOT_SIZE])
{
    return get_32(bytes + CRC_AT) == crc32c(0, bytes, CRC_AT);
}

static enum ring_state state_of(const uint8_t bytes[SLOT_SIZE])
{
    if (!is_whole(bytes)) return RING_TORN;
    return bytes[0] == MARK_LIVE ? RING_LIVE : bytes[0] == MARK_DEAD ? RING_DEAD : RING_TORN;
}

static bool exposed(const char *what, unsigned mode, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "vault.exposed",
                     "%s is open to others than its owner (mode %03o)", what, mode);
}

static bool check_mode(const struct file *file, const char *what, struct error *err)
{
    unsigned mode;

    return !file_is_exposed(file, &mode) || exposed(what, mode, err);
}

static bool open_directory(struct ring *ring, const char *path, struct error *err)
{
    unsigned mode;

    if (!files_make(ring->files, path)) return fail(err, path);
    if (!files_lock(ring->files, path, path, &ring->lock, err))
        return err->kind == ERROR_BUSY ? error_set(err, ERROR_BUSY, "vault.in_use",
                                                   "another process has the keys in %s open", path)
                                       : fail(err, path);
    return !files_is_exposed(ring->files, path, &mode) || exposed(path, mode, err);
}

static bool create_master(const struct ring *ring, const char *path, struct error *err)
{
    uint8_t master[CRYPTO_KEY_SIZE];
    char text[CRYPTO_BASE64_SIZE(CRYPTO_KEY_SIZE)];
    bool is_written;

    random_bytes(master, sizeof master);
    crypto_base64_encode(master, sizeof master, text);
    text[sizeof text - 1] = '\n';
    is_written = files_write(ring->files, path, text, sizeof text, true) || fail(err, path);
    crypto_wipe(master, sizeof master);
    crypto_wipe(text, sizeof text);
    return is_written;
}

static bool decode_master(const char *text, size_t size, uint8_t to[CRYPTO_KEY_SIZE])
{
    uint8_t master[CRYPTO_KEY_SIZE];
    size_t decoded = sizeof master;
    bool is_master;

    if (size > 0 && text[size - 1] == '\n') size--;
    is_master = crypto_base64_decode(text, size, master, &decoded) && decoded == sizeof master;
    if (is_master) memcpy(to, master, sizeof master);
    crypto_wipe(master, sizeof master);
    return is_master;
}

static bool read_master(const struct file *file, const char *path, uint8_t to[CRYPTO_KEY_SIZE],
                        struct error *err)
{
    char text[128];
    const int64_t size = file_read(file, 0, text, sizeof text);
    const bool is_master = size >= 0 && decode_master(text, (size_t)size, to);

    crypto_wipe(text, sizeof text);
    if (size < 0) return fail(err, path);
    return is_master || error_set(err, ERROR_BROKEN, "vault.master_damaged",
                                  "%s is not 32 bytes in base64: bring it back. Lost for good? "
                                  "See --without-keys.",
                                  path);
}

static bool open_master(const struct ring *ring, const char *path, uint8_t to[CRYPTO_KEY_SIZE],
                        struct error *err)
{
    struct file *file = file_open(ring->files, path);
    bool is_read;

    if (file == NULL) return fail(err, path);
    is_read = check_mode(file, path, err) && read_master(file, path, to, err);
    file_close(file);
    return is_read;
}

static bool create_ring(struct ring *ring, struct error *err)
{
    uint8_t bytes[SLOT_SIZE];

    make_slot(ring->master, 0, MARK_MASTER, nothing, bytes);
    return files_write(ring->files, ring->path, bytes, sizeof bytes, true) || fail(err, "ring");
}

static uint64_t place(uint32_t number)
{
    return (uint64_t)number * SLOT_SIZE;
}

/* What lies past the end of the file is torn. */
static bool read_slots(const struct ring *ring, uint32_t number, uint8_t *bytes, uint32_t count,
                       struct error *err)
{
    size_t size = (size_t)count * SLOT_SIZE;
    const int64_t got = file_read(ring->file, place(number), bytes, size);

    if (got < 0) return fail(err, "ring");
    memset(bytes + got, 0, size - (size_t)got);
    return true;
}

/* Slot 0 is of no use but to tell that master and ring belong together, and which ring it is. */
static bool check_master(struct ring *ring, struct error *err)
{
    uint8_t bytes[SLOT_SIZE], key[CRYPTO_KEY_SIZE];
    struct ring_slot slot;

    if (!read_slots(ring, 0, bytes, 1, err)) return false;
    if (!is_whole(bytes) || bytes[0] != MARK_MASTER)
        return error_set(err, ERROR_BROKEN, "vault.ring_damaged",
                         "%s is damaged: bring it back. Lost for good? See --without-keys.",
                         ring->path);
    slot.id = id_of(0, bytes + RANDOM_AT);
    ring->id = slot.id;
    memcpy(slot.wrapped, bytes + WRAPPED_AT, WRAPPED_SIZE);
    return ring_unwrap(ring, &slot, key) ||
           error_set(err, ERROR_BROKEN, "vault.master_wrong",
                     "%s is not the one that %s was made with: bring back the one that is. "
                     "Lost for good? See --without-keys.",
                     ring->master_path, ring->path);
}

static bool open_ring(struct ring *ring, struct error *err)
{
    uint64_t size;

    if ((ring->file = file_open(ring->files, ring->path)) == NULL || !file_size(ring->file, &size))
        return fail(err, "ring");
    if (size < SLOT_SIZE || size / SLOT_SIZE > UINT32_MAX)
        return error_set(err, ERROR_BROKEN, "vault.ring_damaged",
                         "%s is damaged, %llu bytes long: bring it back. Lost for good? See "
                         "--without-keys.",
                         ring->path, (unsigned long long)size);
    ring->end = (uint32_t)(size / SLOT_SIZE); /* growing broke off in what is left over */
    return check_mode(ring->file, "ring", err) && check_master(ring, err);
}

/* Another master key: it is made under another name, then the ring that it wraps takes the place of the one before, as a
 * whole. From that moment on it is the master, and takes the name. */

/* One that cannot be read stays as it is: it is lost already. */
static void rewrap(const struct ring *ring, uint32_t number, uint8_t bytes[SLOT_SIZE],
                   const uint8_t next[CRYPTO_KEY_SIZE])
{
    uint8_t key[CRYPTO_KEY_SIZE];
    struct ring_slot slot = {.id = id_of(number, bytes + RANDOM_AT)};

    if (number > 0 && state_of(bytes) != RING_LIVE) return;
    memcpy(slot.wrapped, bytes + WRAPPED_AT, WRAPPED_SIZE);
    if (!ring_unwrap(ring, &slot, key)) return;
    wrap(next, slot.id, key, bytes + WRAPPED_AT);
    crypto_wipe(key, sizeof key);
    finish(bytes, bytes[0]);
}

static bool replace_ring(struct ring *ring, const uint8_t next[CRYPTO_KEY_SIZE], struct error *err)
{
    uint8_t *bytes = malloc((size_t)ring->end * SLOT_SIZE);
    struct file *file = NULL;
    bool is_ok;

    if (bytes == NULL) bug("out of memory");
    is_ok = read_slots(ring, 0, bytes, ring->end, err);
    for (uint32_t i = 0; is_ok && i < ring->end; i++)
        rewrap(ring, i, bytes + (size_t)i * SLOT_SIZE, next);
    if (is_ok &&
        (!files_write(ring->files, ring->path, bytes, (size_t)ring->end * SLOT_SIZE, true) ||
         (file = file_open(ring->files, ring->path)) == NULL))
        is_ok = fail_for_now(err, ring->path);
    free(bytes);
    if (!is_ok) return false;
    file_close(ring->file);
    ring->file = file;
    memcpy(ring->master, next, CRYPTO_KEY_SIZE);
    return true;
}

/* What it wrapped may lie in old backups, and in the depths of the disk. */
static bool destroy_master(const struct ring *ring, struct error *err)
{
    struct file *file = file_open(ring->files, ring->master_path);
    char text[CRYPTO_BASE64_SIZE(CRYPTO_KEY_SIZE)];
    bool is_destroyed;

    if (file == NULL) return true;
    random_bytes(text, sizeof text);
    is_destroyed = (file_write(file, 0, text, sizeof text) && file_flush(file)) ||
                   fail_for_now(err, ring->master_path);
    file_close(file);
    return is_destroyed;
}

static bool end_rotation(const struct ring *ring, struct error *err)
{
    return destroy_master(ring, err) &&
           (files_rename(ring->files, ring->next_path, ring->master_path) ||
            fail_for_now(err, ring->next_path));
}

bool ring_rotate(struct ring *ring, struct error *err)
{
    uint8_t next[CRYPTO_KEY_SIZE];
    const bool is_ok = (files_is_there(ring->files, ring->next_path) ||
                        create_master(ring, ring->next_path, err)) &&
                       open_master(ring, ring->next_path, next, err) &&
                       replace_ring(ring, next, err) && end_rotation(ring, err);

    crypto_wipe(next, sizeof next);
    return is_ok;
}

/* A rotation was interrupted: the ring is the next one's already, or still of the one before. */
static bool go_on(struct ring *ring, struct error *err)
{
    if (!open_master(ring, ring->next_path, ring->master, err)) return false;
    if (open_ring(ring, err)) return end_rotation(ring, err);
    if (strcmp(err->code, "vault.master_wrong") != 0) return false;
    file_close(ring->file);
    ring->file = NULL;
    return open_master(ring, ring->master_path, ring->master, err) && open_ring(ring, err) &&
           ring_rotate(ring, err);
}

/* The directory may be as new as what will be in it: then it must not be lost either. */
static bool flush_parent(const struct ring *ring, const char *directory, struct error *err)
{
    return files_flush_around(ring->files, directory) || fail(err, "the directory above the keys");
}

static bool open_files(struct ring *ring, const char *directory, bool may_make, struct error *err)
{
    bool has_master, has_ring;

    if (!open_directory(ring, directory, err)) return false;
    has_master = files_is_there(ring->files, ring->master_path);
    has_ring = files_is_there(ring->files, ring->path);
    if (has_ring && files_is_there(ring->files, ring->next_path)) return go_on(ring, err);
    if (has_ring && !has_master)
        return error_set(err, ERROR_BROKEN, "vault.master_missing",
                         "%s is there and %s is not: bring it back. Lost for good? See "
                         "--without-keys.",
                         ring->path, ring->master_path);
    if (!has_ring && !may_make)
        return error_set(err, ERROR_BROKEN, "vault.ring_missing",
                         "The journal names keys, and %s is not there: bring it%s%s back from the "
                         "backup. Lost for good? See --without-keys.",
                         ring->path, has_master ? "" : " and ",
                         has_master ? "" : ring->master_path);
    return (has_ring || flush_parent(ring, directory, err)) &&
           (has_master || create_master(ring, ring->master_path, err)) &&
           open_master(ring, ring->master_path, ring->master, err) &&
           (has_ring || create_ring(ring, err)) && open_ring(ring, err);
}

struct ring *ring_open(struct files *files, const char *directory, bool may_make, struct error *err)
{
    struct ring *ring = crypto_locked_create(sizeof *ring);

    ring->files = files;
    ring->lock = -1;
    if (snprintf(ring->path, RING_PATH_MAX, "%s/ring", directory) >= RING_PATH_MAX ||
        snprintf(ring->master_path, RING_PATH_MAX, "%s/master.key", directory) >= RING_PATH_MAX ||
        snprintf(ring->next_path, RING_PATH_MAX, "%s/master.next", directory) >= RING_PATH_MAX)
        bug("a path too long: %s", directory);
    if (open_files(ring, directory, may_make, err)) return ring;
    ring_close(ring);
    return NULL;
}

void ring_close(struct ring *ring)
{
    if (ring == NULL) return;
    file_close(ring->file);
    files_unlock(ring->lock);
    crypto_locked_destroy(ring);
}

struct id ring_id(const struct ring *ring)
{
    return ring->id;
}

uint32_t ring_end(const struct ring *ring)
{
    return ring->end;
}

bool ring_scan(const struct ring *ring, uint8_t *states, struct error *err)
{
    uint8_t *bytes = malloc(SCAN_SLOTS * SLOT_SIZE);
    bool is_ok = true;

    if (bytes == NULL) bug("out of memory");
    for (uint32_t at = 1, count; is_ok && at < ring->end; at += count) {
        count = ring->end - at < SCAN_SLOTS ? ring->end - at : SCAN_SLOTS;
        is_ok = read_slots(ring, at, bytes, count, err);
        for (uint32_t i = 0; is_ok && i < count; i++)
            states[at + i] = (uint8_t)state_of(bytes + (size_t)i * SLOT_SIZE);
    }
    free(bytes);
    return is_ok;
}

bool ring_read(const struct ring *ring, uint32_t number, struct ring_slot *slot, struct error *err)
{
    uint8_t bytes[SLOT_SIZE];

    if (!read_slots(ring, number, bytes, 1, err)) return false;
    slot->state = state_of(bytes);
    slot->id = id_of(number, bytes + RANDOM_AT);
    memcpy(slot->wrapped, bytes + WRAPPED_AT, WRAPPED_SIZE);
    return true;
}

bool ring_grow(struct ring *ring, uint32_t count, struct error *err)
{
    uint8_t *bytes = malloc((size_t)count * SLOT_SIZE);
    bool is_written;

    if (bytes == NULL) bug("out of memory");
    if (ring->end > UINT32_MAX - count) bug("ring: no numbers are left");
    for (uint32_t i = 0; i < count; i++)
        make_slot(ring->master, ring->end + i, MARK_LIVE, NULL, bytes + (size_t)i * SLOT_SIZE);
    is_written = file_write(ring->file, place(ring->end), bytes, (size_t)count * SLOT_SIZE) &&
                 file_flush(ring->file);
    free(bytes);
    if (!is_written) return fail_for_now(err, "making keys");
    ring->end += count;
    return true;
}

bool ring_renew(const struct ring *ring, uint32_t number, struct error *err)
{
    uint8_t bytes[SLOT_SIZE];

    make_slot(ring->master, number, MARK_LIVE, NULL, bytes);
    return file_write(ring->file, place(number), bytes, sizeof bytes) ||
           fail_for_now(err, "making keys");
}

bool ring_destroy(const struct ring *ring, struct id key, struct error *err)
{
    uint8_t bytes[SLOT_SIZE];

    memcpy(bytes + RANDOM_AT, key.bytes + 16 - RANDOM_SIZE, RANDOM_SIZE);
    random_bytes(bytes + WRAPPED_AT, WRAPPED_SIZE);
    finish(bytes, MARK_DEAD);
    return file_write(ring->file, place(ring_number(key)), bytes, sizeof bytes) ||
           fail_for_now(err, "destroying a key");
}

bool ring_flush(const struct ring *ring, struct error *err)
{
    return file_flush(ring->file) || fail_for_now(err, "flushing the keys");
}
