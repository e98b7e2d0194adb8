/* What is sealed opens only as it was sealed; keys survive a crash at any step, and die for good. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crc32c.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/random.h"
#include "core/error.h"
#include "vault/vault.h"

enum { SLOT = 64, AHEAD = 4096, BLOB = 256 };

static const char plain[] = "Aisha Exempel, +46 70 174 06 05, Storgatan 1";
static const struct id owner = {"owner"}, event = {"event"};

/* The disk, which fails or takes the process with it when told to: the linker is told to call these
 * for every step that changes something. */
enum trouble { TROUBLE_NONE, TROUBLE_KILL, TROUBLE_FAIL };
static enum trouble trouble;
static atomic_int steps_left;
static atomic_bool is_full;          /* every write fails, until it is false again */
static atomic_llong clock_stands_ms; /* unless 0 */

ssize_t __real_pwrite(int file, const void *bytes, size_t size, off_t at);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t at);
int __real_fdatasync(int file);
int __wrap_fdatasync(int file);
int __real_fsync(int file);
int __wrap_fsync(int file);
int __real_renameat(int from_directory, const char *from, int to_directory, const char *to);
int __wrap_renameat(int from_directory, const char *from, int to_directory, const char *to);
int64_t __real_clock_steady_ms(void);
int64_t __wrap_clock_steady_ms(void);
void __real_crypto_wipe(void *memory, size_t size);
void __wrap_crypto_wipe(void *memory, size_t size);
/* By this thread: how many keys (32 bytes), and keys kept with their ids (48). */
static _Thread_local int wiped[2];

static bool is_this_step(void)
{
    return trouble != TROUBLE_NONE && atomic_fetch_sub(&steps_left, 1) == 0;
}

static int hit(void)
{
    if (trouble == TROUBLE_KILL) kill(getpid(), SIGKILL);
    errno = EIO;
    return -1;
}

ssize_t __wrap_pwrite(int file, const void *bytes, size_t size, off_t at)
{
    if (is_full) {
        errno = ENOSPC;
        return -1;
    }
    if (!is_this_step()) return __real_pwrite(file, bytes, size, at);
    /* Part of it gets there: not whole slots, and not all slots. */
    if (__real_pwrite(file, bytes, size * 2 / 3 + 5, at) < 0) return -1;
    return hit();
}

int __wrap_fdatasync(int file)
{
    return is_this_step() ? hit() : __real_fdatasync(file);
}

int __wrap_fsync(int file)
{
    return is_this_step() ? hit() : __real_fsync(file);
}

int __wrap_renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    return is_this_step() ? hit() : __real_renameat(from_directory, from, to_directory, to);
}

int64_t __wrap_clock_steady_ms(void)
{
    const int64_t stands_ms = clock_stands_ms;

    return stands_ms != 0 ? stands_ms : __real_clock_steady_ms();
}

void __wrap_crypto_wipe(void *memory, size_t size)
{
    const uint8_t *bytes = memory;

    if (size == 32 && bytes[31] != 0) wiped[0]++;
    if (size == 48 && memcmp(bytes, "\0\0", 3) == 0 && bytes[47] != 0) wiped[1]++;
    __real_crypto_wipe(memory, size);
}

/* A directory of each test's own. */
static char home[64], directory[80], ring_path[96], master_path[96];

static struct files *files;

static int set_up(void **state)
{
    (void)state;
    snprintf(home, sizeof home, "/tmp/vault_test.XXXXXX");
    if (mkdtemp(home) == NULL) return -1;
    snprintf(directory, sizeof directory, "%s/keys", home);
    snprintf(ring_path, sizeof ring_path, "%s/ring", directory);
    snprintf(master_path, sizeof master_path, "%s/master.key", directory);
    trouble = TROUBLE_NONE;
    is_full = false;
    clock_stands_ms = 0;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"ring",
                                        ".ring.part",
                                        "master.key",
                                        ".master.key.part",
                                        "other",
                                        "ring.lost.1",
                                        "ring.lost.2",
                                        "master.key.lost.1",
                                        "master.key.lost.2",
                                        "master.next",
                                        ".master.next.part"};
    char path[128];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    rmdir(directory);
    return rmdir(home);
}

static struct vault *open_vault(void)
{
    struct error err;
    struct vault *vault = vault_open(files, directory, true, &err);

    if (vault == NULL) fail_msg("%s: %s", err.code, err.text);
    return vault;
}

static void start_vault(struct vault *vault)
{
    struct error err;

    if (!vault_start(vault, VAULT_GROWS_ASIDE, &err)) fail_msg("%s: %s", err.code, err.text);
}

static struct vault *started_vault(void)
{
    struct vault *vault = open_vault();

    start_vault(vault);
    return vault;
}

static struct id take(struct vault *vault)
{
    struct error err;
    struct id key;

    if (!vault_take(vault, &key, &err)) fail_msg("%s: %s", err.code, err.text);
    return key;
}

static uint32_t number_of(struct id key)
{
    return (uint32_t)key.bytes[0] << 24 | (uint32_t)key.bytes[1] << 16 |
           (uint32_t)key.bytes[2] << 8 | key.bytes[3];
}

struct sealed {
    struct id key;
    uint8_t blob[BLOB], hash[VAULT_HASH_SIZE];
    size_t size;
};

static bool try_seal(struct vault *vault, struct id key, struct sealed *sealed, struct error *err)
{
    sealed->key = key;
    sealed->size = sizeof sealed->blob;
    return vault_seal(vault, key, owner, event, "person_details", plain, sizeof plain, sealed->blob,
                      &sealed->size, sealed->hash, err);
}

static struct sealed seal(struct vault *vault, struct id key)
{
    struct sealed sealed;
    struct error err;

    if (!try_seal(vault, key, &sealed, &err)) fail_msg("%s: %s", err.code, err.text);
    return sealed;
}

/* NULL when it opens to what was sealed, else the error's code; then no plain text is left. */
static const char *unseal_as(struct vault *vault, const struct sealed *sealed, struct id whose,
                             struct id which, const char *descriptor)
{
    char opened[BLOB];
    size_t size = sizeof opened;
    struct error err;

    memset(opened, 0xaa, sizeof opened);
    if (vault_unseal(vault, sealed->key, whose, which, descriptor, sealed->blob, sealed->size,
                     sealed->hash, opened, &size, &err)) {
        assert_int_equal(size, sizeof plain);
        assert_memory_equal(opened, plain, size);
        return NULL;
    }
    for (size_t i = 0; i < sizeof opened; i++)
        assert_true(opened[i] == 0 || opened[i] == (char)0xaa);
    assert_int_equal(size, sizeof opened);
    return err.code;
}

static const char *unseal(struct vault *vault, const struct sealed *sealed)
{
    return unseal_as(vault, sealed, owner, event, "person_details");
}

static const char *claim(struct vault *vault, struct id key)
{
    struct error err;

    return vault_claim(vault, key, &err) ? NULL : err.code;
}

static const char *erase(struct vault *vault, struct id key)
{
    struct error err;

    return vault_erase(vault, key, &err) ? NULL : err.code;
}

static const char *open_code(void)
{
    struct error err;
    struct vault *vault = vault_open(files, directory, true, &err);

    vault_close(vault);
    return vault == NULL ? err.code : NULL;
}

#define assert_done(code) assert_null(code)
#define assert_code(code, expected)         \
    do {                                    \
        const char *is_ = code;             \
        assert_non_null(is_);               \
        assert_string_equal(is_, expected); \
    } while (0)

static size_t read_file(const char *path, uint8_t *bytes, size_t size)
{
    int file = open(path, O_RDONLY);
    ssize_t got;

    assert_true(file >= 0);
    got = read(file, bytes, size);
    assert_true(got >= 0);
    close(file);
    return (size_t)got;
}

static void write_file(const char *path, const void *bytes, size_t size, off_t at)
{
    int file = open(path, O_WRONLY | O_CREAT, 0600);

    assert_true(file >= 0);
    assert_int_equal(__real_pwrite(file, bytes, size, at), size);
    close(file);
}

static void damage_slot(struct id key, size_t at)
{
    uint8_t byte;
    int file = open(ring_path, O_RDWR);
    off_t place = (off_t)number_of(key) * SLOT + (off_t)at;

    assert_true(file >= 0);
    assert_int_equal(pread(file, &byte, 1, place), 1);
    byte ^= 0x40;
    assert_int_equal(__real_pwrite(file, &byte, 1, place), 1);
    close(file);
}

/* Sealing */

static void what_was_sealed_opens_again(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));
    uint8_t hash[32];

    (void)state;
    assert_int_equal(sealed.size, sizeof plain + VAULT_OVERHEAD);
    crypto_hash_of(sealed.blob, sealed.size, hash);
    assert_memory_equal(sealed.hash, hash, sizeof hash);
    assert_done(unseal(vault, &sealed));
    vault_close(vault);
}

static void the_same_sealed_twice_is_not_the_same(void **state)
{
    struct vault *vault = started_vault();
    struct id key = take(vault);
    struct sealed one = seal(vault, key), two = seal(vault, key);

    (void)state;
    assert_memory_not_equal(one.blob, two.blob, 24);
    assert_memory_not_equal(one.blob + 24, two.blob + 24, one.size - 24);
    vault_close(vault);
}

static void a_blob_is_bound_to_owner_event_and_descriptor(void **state)
{
    static const struct id other = {"other"};
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));

    (void)state;
    assert_code(unseal_as(vault, &sealed, other, event, "person_details"), "vault.blob_elsewhere");
    assert_code(unseal_as(vault, &sealed, owner, other, "person_details"), "vault.blob_elsewhere");
    assert_code(unseal_as(vault, &sealed, event, owner, "person_details"), "vault.blob_elsewhere");
    assert_code(unseal_as(vault, &sealed, owner, event, "person_detail"), "vault.blob_elsewhere");
    assert_code(unseal_as(vault, &sealed, owner, event, ""), "vault.blob_elsewhere");
    sealed.key = take(vault);
    assert_code(unseal(vault, &sealed), "vault.blob_elsewhere");
    vault_close(vault);
}

static void a_damaged_blob_is_told_from_one_sealed_for_another(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));

    (void)state;
    for (size_t i = 0; i < sealed.size; i++) {
        sealed.blob[i] ^= 1;
        assert_code(unseal(vault, &sealed), "vault.blob_damaged");
        sealed.blob[i] ^= 1;
    }
    sealed.hash[31] ^= 1;
    assert_code(unseal(vault, &sealed), "vault.blob_damaged");
    sealed.hash[31] ^= 1;
    while (sealed.size-- > 0)
        assert_code(unseal(vault, &sealed), "vault.blob_damaged");
    vault_close(vault);
}

/* Whoever can write a blob and its hash still cannot make one that opens. */
static void a_short_blob_with_a_hash_that_fits_is_refused(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));

    (void)state;
    for (size_t size = 0; size < sealed.size; size++) {
        struct sealed less = sealed;

        less.size = size;
        crypto_hash_of(less.blob, size, less.hash);
        assert_code(unseal(vault, &less),
                    size < VAULT_OVERHEAD ? "vault.blob_damaged" : "vault.blob_elsewhere");
    }
    vault_close(vault);
}

static void nothing_can_be_sealed_too(void **state)
{
    struct vault *vault = started_vault();
    uint8_t blob[VAULT_OVERHEAD], hash[32], opened[1];
    size_t size = sizeof blob, opened_size = 0;
    struct id key = take(vault);
    struct error err;

    (void)state;
    assert_true(vault_seal(vault, key, owner, event, "x", "", 0, blob, &size, hash, &err));
    assert_int_equal(size, VAULT_OVERHEAD);
    assert_true(
        vault_unseal(vault, key, owner, event, "x", blob, size, hash, opened, &opened_size, &err));
    assert_int_equal(opened_size, 0);
    vault_close(vault);
}

static void what_has_no_room_is_refused_both_ways(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));
    uint8_t small[sizeof plain + VAULT_OVERHEAD - 1] = {0}, hash[32];
    struct error err;

    (void)state;
    for (size_t size = 0; size <= sizeof small; size++) {
        size_t room = size;

        assert_false(vault_seal(vault, sealed.key, owner, event, "person_details", plain,
                                sizeof plain, small, &room, hash, &err));
        assert_string_equal(err.code, "vault.no_room");
        assert_int_equal(room, size);
    }
    for (size_t size = 0; size < sizeof plain; size++) {
        size_t room = size;

        assert_false(vault_unseal(vault, sealed.key, owner, event, "person_details", sealed.blob,
                                  sealed.size, sealed.hash, small, &room, &err));
        assert_string_equal(err.code, "vault.no_room");
        assert_int_equal(room, size);
    }
    for (size_t i = 0; i < sizeof small; i++)
        assert_int_equal(small[i], 0);
    vault_close(vault);
}

static void what_was_sealed_opens_after_a_restart(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        sealed[i] = seal(vault, take(vault));
    vault_close(vault);
    vault = open_vault();
    for (int i = 0; i < 3; i++)
        assert_done(claim(vault, sealed[i].key));
    start_vault(vault);
    for (int i = 0; i < 3; i++)
        assert_done(unseal(vault, &sealed[i]));
    vault_close(vault);
}

/* 1,024 keys are kept unwrapped; all others are read again. */
static void more_keys_than_are_kept_in_memory_all_open(void **state)
{
    struct vault *vault = started_vault();
    static struct sealed sealed[3000];

    (void)state;
    for (int i = 0; i < 3000; i++)
        sealed[i] = seal(vault, take(vault));
    for (int i = 0; i < 3000; i++)
        assert_done(unseal(vault, &sealed[i * 1777 % 3000]));
    vault_close(vault);
}

/* One byte in 256 is zero in a key that is wiped: over 20 keys a few may not be noticed. */
static void a_key_that_was_used_is_wiped_off_the_stack(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed[20];
    int sealing, opening, refusing;

    (void)state;
    wiped[0] = 0;
    for (int i = 0; i < 20; i++)
        sealed[i] = seal(vault, take(vault));
    sealing = wiped[0];
    for (int i = 0; i < 20; i++)
        assert_done(unseal(vault, &sealed[i]));
    opening = wiped[0] - sealing;
    for (int i = 0; i < 20; i++)
        assert_code(unseal_as(vault, &sealed[i], event, event, "x"), "vault.blob_elsewhere");
    refusing = wiped[0] - sealing - opening;
    assert_in_range(sealing, 15, 20);
    assert_in_range(opening, 15, 20);
    assert_in_range(refusing, 15, 20);
    vault_close(vault);
}

/* Keys */

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

static void assert_all_differ(struct id *keys, size_t count)
{
    qsort(keys, count, sizeof *keys, by_bytes);
    for (size_t i = 1; i < count; i++)
        assert_false(id_equal(keys[i - 1], keys[i]));
}

static void no_key_is_given_twice_and_the_ring_grows(void **state)
{
    struct vault *vault = started_vault();
    size_t before = vault_count(vault).slots;
    static struct id keys[3 * AHEAD];

    (void)state;
    for (size_t i = 0; i < 3 * AHEAD; i++)
        keys[i] = take(vault);
    assert_all_differ(keys, 3 * AHEAD);
    assert_true(vault_count(vault).slots > before);
    assert_true(vault_count(vault).slots < before + 5 * AHEAD);
    vault_close(vault);
}

static void a_key_that_was_given_back_is_given_again(void **state)
{
    struct vault *vault = started_vault();
    struct id one = take(vault), two = take(vault), three = take(vault);
    size_t before = vault_count(vault).free;

    (void)state;
    vault_return(vault, two);
    assert_int_equal(vault_count(vault).free, before + 1);
    assert_true(id_equal(take(vault), two));
    assert_true(number_of(take(vault)) > number_of(three));
    (void)one;
    vault_close(vault);
}

static void a_key_that_was_never_named_is_free_after_a_restart(void **state)
{
    struct vault *vault = started_vault();
    struct id named = take(vault), unnamed = take(vault), later = take(vault);

    (void)state;
    vault_close(vault);
    vault = open_vault();
    assert_done(claim(vault, later));
    assert_done(claim(vault, named));
    assert_done(claim(vault, named));
    start_vault(vault);
    assert_true(id_equal(take(vault), unnamed));
    assert_true(number_of(take(vault)) > number_of(later));
    vault_close(vault);
}

static void keys_that_the_ring_never_had_are_unknown(void **state)
{
    static const struct id nowhere = {{0, 0xff, 0xff, 0xff}}, zero = {{0}};
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));
    struct id forged = sealed.key;

    (void)state;
    vault_close(vault);
    forged.bytes[15] ^= 1;
    vault = open_vault();
    assert_code(claim(vault, nowhere), "vault.key_unknown");
    assert_code(claim(vault, zero), "vault.key_unknown");
    assert_code(claim(vault, forged), "vault.key_unknown");
    assert_done(claim(vault, sealed.key));
    start_vault(vault);
    assert_done(unseal(vault, &sealed));
    sealed.key = forged;
    assert_code(unseal(vault, &sealed), "vault.key_unknown");
    assert_code(erase(vault, forged), "vault.key_unknown");
    assert_code(erase(vault, zero), "vault.key_unknown");
    sealed.key = nowhere;
    assert_code(unseal(vault, &sealed), "vault.key_unknown");
    assert_false(vault_is_dead(vault, nowhere));
    vault_close(vault);
}

/* Two persons with one key would both be lost when the first is erased. */
static void a_key_that_nobody_took_seals_and_opens_nothing(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault)), other;
    struct error err;

    (void)state;
    vault_return(vault, sealed.key);
    assert_code(unseal(vault, &sealed), "vault.key_free");
    assert_false(try_seal(vault, sealed.key, &other, &err));
    assert_string_equal(err.code, "vault.key_free");
    vault_close(vault);
}

/* Erasure */

static void a_key_that_was_erased_opens_nothing_any_more(void **state)
{
    struct vault *vault = started_vault();
    struct sealed gone = seal(vault, take(vault)), kept = seal(vault, take(vault)), none;
    struct error err;

    (void)state;
    assert_false(vault_is_dead(vault, gone.key));
    assert_done(erase(vault, gone.key));
    assert_done(erase(vault, gone.key));
    assert_true(vault_is_dead(vault, gone.key));
    assert_false(vault_is_dead(vault, kept.key));
    assert_code(unseal(vault, &gone), "vault.key_dead");
    assert_false(try_seal(vault, gone.key, &none, &err));
    assert_string_equal(err.code, "vault.key_dead");
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_done(unseal(vault, &kept));
    assert_int_equal(vault_count(vault).dead, 1);
    vault_close(vault);
}

static void a_dead_key_stays_dead_and_is_never_used_again(void **state)
{
    struct vault *vault = started_vault();
    struct sealed gone = seal(vault, take(vault));

    (void)state;
    assert_done(erase(vault, gone.key));
    vault_close(vault);
    vault = open_vault();
    assert_true(vault_is_dead(vault, gone.key));
    assert_done(claim(vault, gone.key));
    start_vault(vault);
    assert_true(vault_is_dead(vault, gone.key));
    assert_code(unseal(vault, &gone), "vault.key_dead");
    assert_done(erase(vault, gone.key));
    assert_true(number_of(take(vault)) > number_of(gone.key));
    vault_close(vault);
}

/* Also one that the crash left unclaimed: the next start must not give it out. */
static void a_dead_key_that_nobody_claims_is_not_given_out(void **state)
{
    struct vault *vault = started_vault();
    struct id key = take(vault);

    (void)state;
    assert_done(erase(vault, key));
    vault_close(vault);
    vault = started_vault();
    assert_true(number_of(take(vault)) > number_of(key));
    vault_close(vault);
}

static void nothing_of_an_erased_key_is_left_in_its_slot(void **state)
{
    struct vault *vault = started_vault();
    struct id key = take(vault);
    uint8_t before[2 * SLOT], after[2 * SLOT];
    size_t at = (size_t)number_of(key) * SLOT, same = 0;

    (void)state;
    assert_int_equal(at, SLOT);
    read_file(ring_path, before, sizeof before);
    assert_done(erase(vault, key));
    read_file(ring_path, after, sizeof after);
    assert_memory_equal(before, after, SLOT);
    assert_memory_equal(before + at + 1, after + at + 1, 11);
    for (size_t i = 12; i < 60; i++)
        same += before[at + i] == after[at + i];
    assert_in_range(same, 0, 6);
    vault_close(vault);
}

static void an_erased_key_is_wiped_from_memory_too(void **state)
{
    struct vault *vault = started_vault();
    struct id keys[20];

    (void)state;
    for (int i = 0; i < 20; i++)
        keys[i] = take(vault);
    wiped[1] = 0;
    for (int i = 0; i < 20; i++)
        assert_done(erase(vault, keys[i]));
    assert_in_range(wiped[1], 15, 20);
    vault_close(vault);
}

static void an_erasure_that_fails_can_be_said_again(void **state)
{
    (void)state;
    for (int step = 0; step < 2; step++) { /* the write, the flush */
        struct vault *vault = started_vault();
        struct sealed gone = seal(vault, take(vault));

        trouble = TROUBLE_FAIL;
        steps_left = step;
        assert_code(erase(vault, gone.key), "vault.disk");
        trouble = TROUBLE_NONE;
        assert_code(unseal(vault, &gone), "vault.key_dead");
        assert_done(erase(vault, gone.key));
        assert_true(vault_is_dead(vault, gone.key));
        vault_close(vault);
        vault = open_vault();
        assert_true(vault_is_dead(vault, gone.key));
        vault_close(vault);
    }
}

/* Files */

static void the_files_are_for_the_owner_alone(void **state)
{
    struct stat is;

    (void)state;
    vault_close(started_vault());
    assert_int_equal(stat(directory, &is), 0);
    assert_int_equal(is.st_mode & 07777, 0700);
    assert_int_equal(stat(ring_path, &is), 0);
    assert_int_equal(is.st_mode & 07777, 0600);
    assert_int_equal(stat(master_path, &is), 0);
    assert_int_equal(is.st_mode & 07777, 0600);
    assert_int_equal(is.st_size, 45);
    assert_int_equal(rmdir(directory), -1);
    assert_int_equal(unlink(ring_path), 0);
    assert_int_equal(unlink(master_path), 0);
    assert_int_equal(rmdir(directory), 0); /* there was nothing else */
    assert_int_equal(mkdir(directory, 0700), 0);
}

static void files_that_others_may_read_are_refused(void **state)
{
    const struct {
        const char *path;
        mode_t bad, good;
    } rows[] = {{directory, 0750, 0700},
                {directory, 0701, 0700},
                {master_path, 0640, 0600},
                {master_path, 0604, 0600},
                {ring_path, 0660, 0600}};

    (void)state;
    vault_close(started_vault());
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(chmod(rows[i].path, rows[i].bad), 0);
        assert_code(open_code(), "vault.exposed");
        assert_int_equal(chmod(rows[i].path, rows[i].good), 0);
    }
    assert_done(open_code());
}

static void a_ring_without_its_master_gets_no_new_one(void **state)
{
    char other[128];

    (void)state;
    vault_close(started_vault());
    snprintf(other, sizeof other, "%s/other", directory);
    assert_int_equal(rename(master_path, other), 0);
    assert_code(open_code(), "vault.master_missing");
    assert_int_equal(access(master_path, F_OK), -1);
    assert_int_equal(rename(other, master_path), 0);
    assert_done(open_code());
}

static void none_is_made_where_events_name_keys(void **state)
{
    struct error err;

    (void)state;
    vault_close(started_vault());
    assert_int_equal(unlink(ring_path), 0);
    assert_null(vault_open(files, directory, false, &err));
    assert_string_equal(err.code, "vault.ring_missing");
    assert_int_equal(access(ring_path, F_OK), -1);
    assert_int_equal(unlink(master_path), 0);
    assert_null(vault_open(files, directory, false, &err));
    assert_string_equal(err.code, "vault.ring_missing");
    assert_int_equal(access(master_path, F_OK), -1);
    assert_done(open_code());
}

static const char *has(struct vault *vault, struct id key)
{
    struct error err;

    return vault_has(vault, key, &err) ? NULL : err.code;
}

/* Whatever stands in its place there: nothing yet, another's key, or what is left of one. */
static void a_key_of_a_ring_that_was_put_aside_is_unknown_to_the_next(void **state)
{
    struct vault *vault = started_vault();
    const struct id key = take(vault);
    struct sealed sealed = seal(vault, key), other;
    struct error err;

    (void)state;
    assert_done(has(vault, key));
    vault_close(vault);
    for (int i = 0; i < 2; i++) /* and again, beside what was put aside before */
        assert_true(vault_put_aside(files, directory, &err) && open_code() == NULL);
    assert_int_equal(access(ring_path, F_OK), 0);

    vault = open_vault();
    assert_code(claim(vault, key), "vault.key_unknown");
    start_vault(vault);
    assert_code(has(vault, key), "vault.key_unknown");
    assert_int_not_equal(unseal(vault, &sealed) == NULL, true);
    other = seal(vault, take(vault));
    assert_memory_equal(other.key.bytes, key.bytes, 4); /* the same place */
    assert_code(has(vault, key), "vault.key_unknown");
    assert_code(unseal(vault, &sealed), "vault.key_unknown");
    assert_done(erase(vault, other.key));
    assert_code(has(vault, key), "vault.key_unknown");
    assert_code(unseal(vault, &sealed), "vault.key_unknown"); /* lost, and not erased */
    assert_code(unseal(vault, &other), "vault.key_dead");
    assert_done(has(vault, other.key));
    vault_close(vault);
}

static void another_rings_master_is_refused(void **state)
{
    (void)state;
    vault_close(started_vault());
    write_file(master_path, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 45, 0);
    assert_code(open_code(), "vault.master_wrong");
}

static void a_master_that_is_not_32_bytes_in_base64_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "AAAA\n",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        "AAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=AAAAAAAAAAAAAAAAAAAAA"};

    (void)state;
    vault_close(started_vault());
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(truncate(master_path, 0), 0);
        write_file(master_path, texts[i], strlen(texts[i]), 0);
        assert_code(open_code(), "vault.master_damaged");
    }
}

static void a_ring_whose_first_slot_is_torn_is_refused(void **state)
{
    static const struct id first = {{0}};

    (void)state;
    vault_close(started_vault());
    damage_slot(first, 20);
    assert_code(open_code(), "vault.ring_damaged");
    damage_slot(first, 20);
    assert_done(open_code());
}

/* A first slot whose last byte is zero, as one in 256 is: read past the end it looks whole. */
static void write_first_slot_ending_in_zero(void)
{
    uint8_t slot[SLOT] = {'M'}, master[32], nonce[24] = {0}, text[64];
    static const uint8_t zeros[32];
    size_t size = read_file(master_path, text, sizeof text), master_size = sizeof master;
    uint32_t crc = 1;

    assert_true(crypto_base64_decode((char *)text, size - 1, master, &master_size));
    while ((crc & 0xff) != 0) {
        random_bytes(nonce + 5, 11);
        memcpy(slot + 1, nonce + 5, 11);
        crypto_seal(master, nonce, nonce, 16, zeros, sizeof zeros, slot + 12);
        crc = crc32c(0, slot, 60);
    }
    for (int i = 0; i < 4; i++)
        slot[60 + i] = (uint8_t)(crc >> (24 - 8 * i));
    write_file(ring_path, slot, sizeof slot, 0);
}

static void a_ring_that_ends_within_its_first_slot_is_refused(void **state)
{
    (void)state;
    vault_close(started_vault());
    write_first_slot_ending_in_zero();
    assert_done(open_code());
    for (int size = SLOT - 1; size >= 0; size--) {
        assert_int_equal(truncate(ring_path, size), 0);
        assert_code(open_code(), "vault.ring_damaged");
    }
}

static void two_do_not_open_the_same_keys(void **state)
{
    struct vault *vault = started_vault();

    (void)state;
    assert_code(open_code(), "vault.in_use");
    vault_close(vault);
    assert_done(open_code());
}

static void a_directory_that_cannot_be_made_is_an_error(void **state)
{
    struct error err;

    (void)state;
    assert_null(vault_open(files, "/nowhere/at/all", true, &err));
    assert_string_equal(err.code, "vault.disk");
}

static bool holds(const uint8_t *bytes, size_t size, const void *what, size_t what_size)
{
    for (size_t i = 0; i + what_size <= size; i++)
        if (memcmp(bytes + i, what, what_size) == 0) return true;
    return false;
}

static void no_file_and_no_blob_holds_plain_text_or_the_master(void **state)
{
    static uint8_t bytes[2 * AHEAD * SLOT + SLOT];
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));
    uint8_t master[32];
    size_t size, master_size = sizeof master;

    (void)state;
    for (size_t i = 0; i + 4 <= sizeof plain; i++)
        assert_false(holds(sealed.blob, sealed.size, plain + i, 4));
    size = read_file(master_path, bytes, sizeof bytes);
    assert_true(crypto_base64_decode((char *)bytes, size - 1, master, &master_size));
    assert_false(holds(bytes, size, plain, 4));
    size = read_file(ring_path, bytes, sizeof bytes);
    assert_true(size >= AHEAD * SLOT);
    assert_false(holds(bytes, size, plain, 8));
    assert_false(holds(bytes, size, master, 8));
    vault_close(vault);
}

/* Damage */

static void every_byte_of_a_slot_is_guarded(void **state)
{
    struct vault *vault = started_vault();
    struct sealed sealed = seal(vault, take(vault));

    (void)state;
    vault_close(vault);
    for (size_t at = 0; at < SLOT; at++) {
        damage_slot(sealed.key, at);
        vault = open_vault();
        assert_int_equal(vault_count(vault).damaged, 1);
        assert_code(claim(vault, sealed.key), "vault.key_damaged");
        assert_code(claim(vault, sealed.key), "vault.key_damaged");
        assert_code(unseal(vault, &sealed), "vault.key_damaged");
        vault_close(vault);
        damage_slot(sealed.key, at);
    }
    vault = open_vault();
    assert_done(claim(vault, sealed.key));
    assert_done(unseal(vault, &sealed));
    vault_close(vault);
}

static void a_torn_slot_that_nobody_claims_is_written_anew(void **state)
{
    struct vault *vault = started_vault();
    struct id torn = take(vault), next;

    (void)state;
    vault_close(vault);
    damage_slot(torn, 40);
    vault = open_vault();
    assert_int_equal(vault_count(vault).damaged, 1);
    start_vault(vault);
    assert_int_equal(vault_count(vault).damaged, 0);
    next = take(vault);
    assert_int_equal(number_of(next), number_of(torn));
    assert_false(id_equal(next, torn));
    vault_close(vault);
    assert_done(open_code());
}

static void a_torn_slot_that_is_claimed_is_kept_and_can_be_erased(void **state)
{
    struct vault *vault = started_vault();
    struct sealed torn = seal(vault, take(vault));
    uint8_t before[3 * SLOT], after[3 * SLOT];

    (void)state;
    vault_close(vault);
    damage_slot(torn.key, 5); /* its id, too, cannot be read any more */
    read_file(ring_path, before, sizeof before);
    vault = open_vault();
    assert_code(claim(vault, torn.key), "vault.key_damaged");
    start_vault(vault);
    assert_true(number_of(take(vault)) > number_of(torn.key));
    assert_code(unseal(vault, &torn), "vault.key_damaged");
    read_file(ring_path, after, sizeof after);
    assert_memory_equal(before, after, sizeof before);
    assert_done(erase(vault, torn.key));
    vault_close(vault);
    vault = open_vault();
    assert_true(vault_is_dead(vault, torn.key));
    assert_done(claim(vault, torn.key));
    vault_close(vault);
}

static void a_slot_damaged_while_open_is_not_given_out(void **state)
{
    struct vault *vault = started_vault();
    struct id first = take(vault), second = first, key;
    struct error err;

    (void)state;
    second.bytes[3]++;
    damage_slot(second, 40);
    assert_false(vault_take(vault, &key, &err));
    assert_string_equal(err.code, "vault.key_damaged");
    assert_int_equal(number_of(take(vault)), number_of(first) + 2);
    vault_close(vault);
}

static void a_ring_that_ends_within_a_slot_grows_over_it(void **state)
{
    static struct id keys[2 * AHEAD];
    struct vault *vault = started_vault();
    size_t slots = vault_count(vault).slots;

    (void)state;
    vault_close(vault);
    write_file(ring_path, "half a slot", 11, (off_t)(slots + 1) * SLOT);
    vault = started_vault();
    for (size_t i = 0; i < 2 * AHEAD; i++)
        keys[i] = take(vault);
    vault_close(vault);
    vault = open_vault();
    for (size_t i = 0; i < 2 * AHEAD; i++)
        assert_done(claim(vault, keys[i]));
    assert_int_equal(vault_count(vault).damaged, 0);
    vault_close(vault);
}

/* A full disk */

static void a_start_without_room_is_an_error_and_the_next_one_works(void **state)
{
    struct vault *vault = open_vault();
    struct error err;

    (void)state;
    is_full = true;
    assert_false(vault_start(vault, VAULT_GROWS_ASIDE, &err));
    assert_string_equal(err.code, "vault.disk");
    assert_int_equal(err.kind, ERROR_BUSY);
    is_full = false;
    start_vault(vault);
    take(vault);
    vault_close(vault);
}

/* Every step of making the files, and the first keys, is looked after. */
static void a_first_start_that_fails_at_any_step_can_be_tried_again(void **state)
{
    struct error err;
    bool is_started = false;
    int step;

    (void)state;
    for (step = 0; !is_started; step++) {
        struct vault *vault;

        trouble = TROUBLE_FAIL;
        steps_left = step;
        vault = vault_open(files, directory, true, &err);
        is_started = vault != NULL && vault_start(vault, VAULT_GROWS_ASIDE, &err);
        trouble = TROUBLE_NONE;
        if (!is_started) assert_string_equal(err.code, "vault.disk");
        vault_close(vault);
        vault = started_vault();
        seal(vault, take(vault));
        vault_close(vault);
        tear_down(state);
        set_up(state);
    }
    assert_int_equal(step - 1,
                     1 + 4 + 4 + 2); /* flush; write, flush, rename, flush, twice; write, flush */
}

/* Another master. */

enum { ROTATED = 3 };

struct rotated {
    struct id keys[ROTATED];
    struct sealed sealed[ROTATED];
};

static struct rotated seal_some(struct vault *vault)
{
    struct rotated some;

    for (int i = 0; i < ROTATED; i++) {
        some.keys[i] = take(vault);
        some.sealed[i] = seal(vault, some.keys[i]);
    }
    assert_done(erase(vault, some.keys[0]));
    return some;
}

static void assert_open(struct vault *vault, const struct rotated *some)
{
    assert_code(unseal(vault, &some->sealed[0]), "vault.key_dead");
    for (int i = 1; i < ROTATED; i++)
        assert_done(unseal(vault, &some->sealed[i]));
}

static void assert_opens_anew(const struct rotated *some)
{
    struct vault *vault = open_vault();

    for (int i = 0; i < ROTATED; i++)
        assert_done(claim(vault, some->keys[i]));
    start_vault(vault);
    assert_open(vault, some);
    seal(vault, take(vault));
    vault_close(vault);
}

static void read_master(char text[64])
{
    FILE *file = fopen(master_path, "r");

    memset(text, 0, 64);
    assert_true(fread(text, 1, 63, file) > 0);
    fclose(file);
}

static bool has_next(void)
{
    char path[128];

    snprintf(path, sizeof path, "%s/master.next", directory);
    return access(path, F_OK) == 0;
}

static bool rotate(struct vault *vault)
{
    struct error err;

    return vault_rotate(vault, &err);
}

static void another_master_wraps_every_key_and_the_old_one_opens_nothing(void **state)
{
    struct vault *vault = started_vault();
    struct rotated some = seal_some(vault);
    struct id ring = vault_ring(vault);
    char before[64], after[64];
    struct sealed sealed;
    FILE *file;

    (void)state;
    read_master(before);
    for (int i = 0; i < 2; i++) { /* and another */
        assert_true(rotate(vault));
        assert_open(vault, &some);
    }
    sealed = seal(vault, take(vault));
    assert_done(unseal(vault, &sealed));
    assert_true(id_equal(vault_ring(vault), ring)); /* the same ring, as the journal names it */
    vault_close(vault);
    read_master(after);
    assert_string_not_equal(before, after);
    assert_false(has_next());
    assert_opens_anew(&some);
    file = fopen(master_path, "w");
    assert_int_equal(fputs(before, file) >= 0, 1);
    fclose(file);
    assert_code(open_code(), "vault.master_wrong");
}

static void a_change_of_masters_that_is_killed_at_any_step_goes_on(void **state)
{
    int status = W_EXITCODE(1, 0), step;

    for (step = 0; !WIFEXITED(status) || WEXITSTATUS(status) != 0; step++) {
        struct vault *vault = started_vault();
        struct rotated some = seal_some(vault);
        char before[64], after[64];
        pid_t child;

        vault_close(vault);
        read_master(before);
        child = fork();
        if (child == 0) {
            vault = open_vault();
            trouble = TROUBLE_KILL;
            steps_left = step;
            _exit(rotate(vault) ? 0 : 2);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_opens_anew(&some);
        assert_false(has_next());
        read_master(after);
        /* until the next one is there the old one is */
        assert_int_equal(strcmp(before, after) != 0, step > 2);
        tear_down(state);
        set_up(state);
    }
    assert_int_equal(step - 1, 4 + 4 + 2 + 2);
}

static void a_change_of_masters_that_fails_at_any_step_can_be_tried_again(void **state)
{
    bool is_done = false;

    for (int step = 0; !is_done; step++) {
        struct vault *vault = started_vault();
        struct rotated some = seal_some(vault);

        trouble = TROUBLE_FAIL;
        steps_left = step;
        is_done = rotate(vault);
        trouble = TROUBLE_NONE;
        assert_open(vault, &some);
        seal(vault, take(vault));
        assert_true(rotate(vault));
        assert_open(vault, &some);
        vault_close(vault);
        assert_false(has_next());
        assert_opens_anew(&some);
        tear_down(state);
        set_up(state);
    }
}

static void a_torn_slot_that_cannot_be_written_or_flushed_stops_the_start(void **state)
{
    struct vault *vault = started_vault();
    struct id torn = take(vault);
    struct error err;

    (void)state;
    vault_close(vault);
    damage_slot(torn, 40);
    for (int step = 0; step < 2; step++) {
        vault = open_vault();
        trouble = TROUBLE_FAIL;
        steps_left = step;
        assert_false(vault_start(vault, VAULT_GROWS_ASIDE, &err));
        assert_string_equal(err.code, "vault.disk");
        trouble = TROUBLE_NONE;
        vault_close(vault);
    }
    vault_close(started_vault());
}

static void a_start_makes_keys_ahead(void **state)
{
    static struct id keys[AHEAD / 2];
    struct vault *vault = started_vault();
    size_t slots;

    (void)state;
    is_full = true; /* so that none are made meanwhile */
    for (size_t i = 0; i < AHEAD / 2; i++)
        keys[i] = take(vault);
    vault_close(vault);
    is_full = false;
    vault = open_vault();
    slots = vault_count(vault).slots;
    for (size_t i = 0; i < AHEAD / 2; i++)
        assert_done(claim(vault, keys[i]));
    assert_int_equal(vault_count(vault).free, slots - AHEAD / 2);
    start_vault(vault);
    assert_true(vault_count(vault).free >= AHEAD);
    vault_close(vault);
}

static void keys_are_made_before_they_run_out(void **state)
{
    struct vault *vault = started_vault();
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    const struct timespec moment = {.tv_nsec = 1000000};
    struct vault_counts counts = vault_count(vault);
    size_t slots = counts.slots;

    (void)state;
    while (counts.free >= AHEAD) {
        take(vault);
        counts = vault_count(vault);
    }
    while (vault_count(vault).slots == slots) {
        assert_true(clock_steady_ms() < until_ms);
        nanosleep(&moment, NULL);
    }
    assert_true(vault_count(vault).free >= AHEAD);
    vault_close(vault);
}

static void with_no_room_keys_run_out_and_come_back(void **state)
{
    struct vault *vault = started_vault();
    size_t taken = 0;
    struct error err;
    struct id key;

    (void)state;
    is_full = true;
    clock_stands_ms = clock_steady_ms();
    while (vault_take(vault, &key, &err))
        taken++;
    assert_true(taken >= AHEAD && taken <= 2 * AHEAD);
    assert_string_equal(err.code, "vault.disk");
    assert_int_equal(err.kind, ERROR_BUSY);
    is_full = false;
    assert_false(vault_take(vault, &key, &err)); /* not before the pause is over */
    clock_stands_ms += 2000;
    seal(vault, take(vault));
    vault_close(vault);
}

/* A kill at any step. The child tells each key before (taken) and after what it does with it. */
struct report {
    char what; /* s: sealed, e: about to erase, E: erased */
    struct sealed sealed;
};

static void tell(int to, char what, const struct sealed *sealed)
{
    struct report report = {.what = what, .sealed = *sealed};

    if (write(to, &report, sizeof report) != sizeof report) _exit(9);
}

static struct sealed seal_or_exit(struct vault *vault)
{
    struct sealed sealed;
    struct error err;
    struct id key;

    if (!vault_take(vault, &key, &err) || !try_seal(vault, key, &sealed, &err)) _exit(10);
    return sealed;
}

static void live(int to)
{
    struct error err;
    struct vault *vault = vault_open(files, directory, true, &err);
    struct sealed one, two;
    struct id key;

    if (vault == NULL || !vault_start(vault, VAULT_GROWS_ASIDE, &err)) _exit(11);
    one = seal_or_exit(vault);
    tell(to, 's', &one);
    two = seal_or_exit(vault);
    tell(to, 's', &two);
    tell(to, 'e', &one);
    if (!vault_erase(vault, one.key, &err)) _exit(12);
    tell(to, 'E', &one);
    for (int i = 0; i < 2 * AHEAD; i++) /* through a growth, which a thread does */
        if (!vault_take(vault, &key, &err)) _exit(13);
    one = seal_or_exit(vault);
    tell(to, 's', &one);
    vault_close(vault);
}

/* Whether it was killed at that step; else it has fewer steps. */
static bool live_until(int step, struct report *reports, size_t *count)
{
    int pipes[2], status;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        close(pipes[0]);
        trouble = TROUBLE_KILL;
        steps_left = step;
        live(pipes[1]);
        _exit(0);
    }
    close(pipes[1]);
    for (*count = 0; read(pipes[0], &reports[*count], sizeof *reports) == sizeof *reports;)
        ++*count;
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) assert_int_equal(WEXITSTATUS(status), 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* What the last report says of a key counts. */
static char fate_of(const struct report *reports, size_t count, struct id key)
{
    char what = 0;

    for (size_t i = 0; i < count; i++)
        if (id_equal(reports[i].sealed.key, key)) what = reports[i].what;
    return what;
}

static void assert_as_reported(struct vault *vault, const struct report *reports, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct sealed *sealed = &reports[i].sealed;

        switch (fate_of(reports, count, sealed->key)) {
        case 's': assert_done(unseal(vault, sealed)); break;
        case 'e':
            assert_done(erase(vault, sealed->key)); /* begun: it is said again */
            /* fall through */
        default: assert_code(unseal(vault, sealed), "vault.key_dead");
        }
    }
}

static void killed_at_any_step_the_ring_is_whole_again(void **state)
{
    static struct id keys[2 * AHEAD];
    struct report reports[8];
    size_t count, after_all;
    int step = 0;

    for (;; step++) {
        bool was_killed = live_until(step, reports, &count);
        struct vault *vault = open_vault();

        for (size_t i = 0; i < count; i++) {
            const char *code = claim(vault, reports[i].sealed.key);

            if (fate_of(reports, count, reports[i].sealed.key) != 'e') assert_done(code);
        }
        start_vault(vault);
        assert_as_reported(vault, reports, count);
        for (size_t i = 0; i < 2 * AHEAD; i++) {
            keys[i] = take(vault);
            for (size_t k = 0; k < count; k++)
                assert_false(id_equal(keys[i], reports[k].sealed.key));
        }
        assert_all_differ(keys, 2 * AHEAD);
        assert_int_equal(vault_count(vault).damaged, 0);
        vault_close(vault);
        after_all = count;
        tear_down(state);
        set_up(state);
        if (!was_killed) break;
    }
    assert_in_range(step, 12, 40); /* master 3, ring 3, growth 2 + 2 or more, erasure 2 */
    assert_int_equal(after_all, 5);
}

/* Threads */

enum { THREADS = 3, EACH = 3000 };
static struct id taken[THREADS][EACH];
static atomic_int failures;

struct worker {
    struct vault *vault;
    struct id *keys;
};

/* No assertions here: cmocka's belong to the main thread. */
static void *take_and_seal(void *cookie)
{
    const struct worker *worker = cookie;
    struct sealed sealed;
    struct error err;
    char opened[BLOB];

    for (int i = 0; i < EACH; i++) {
        size_t size = sizeof opened;

        if (!vault_take(worker->vault, &worker->keys[i], &err) ||
            !try_seal(worker->vault, worker->keys[i], &sealed, &err) ||
            !vault_unseal(worker->vault, sealed.key, owner, event, "person_details", sealed.blob,
                          sealed.size, sealed.hash, opened, &size, &err) ||
            memcmp(opened, plain, sizeof plain) != 0)
            failures++;
        if (i % 500 == 0 && !vault_erase(worker->vault, worker->keys[i], &err)) failures++;
    }
    return NULL;
}

static void threads_take_seal_open_and_erase_at_once(void **state)
{
    struct vault *vault = started_vault();
    struct worker workers[THREADS];
    pthread_t threads[THREADS];

    (void)state;
    for (int t = 0; t < THREADS; t++) {
        workers[t] = (struct worker){vault, taken[t]};
        assert_int_equal(pthread_create(&threads[t], NULL, take_and_seal, &workers[t]), 0);
    }
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_join(threads[t], NULL), 0);
    assert_int_equal(failures, 0);
    assert_int_equal(vault_count(vault).dead, THREADS * (EACH / 500));
    assert_all_differ(&taken[0][0], (size_t)THREADS * EACH);
    vault_close(vault);
}

static int start(void **state)
{
    struct error err;

    (void)state;
    crypto_start();
    return (files = files_open("/", &err)) == NULL; /* names are whole paths here */
}

static int stop(void **state)
{
    (void)state;
    files_close(files);
    return 0;
}

/* Prints. */

static struct id alias_of(struct vault *vault, struct id key, const char *text)
{
    struct id alias;
    struct error err;

    assert_true(vault_alias(vault, key, text, &alias, &err));
    return alias;
}

static void a_print_is_the_same_for_as_long_as_its_key_lasts_and_of_no_other(void **state)
{
    struct vault *vault = started_vault();
    const struct id key = take(vault), other = take(vault);
    const struct id alias = alias_of(vault, key, "AF-1");
    struct id ignored;
    struct error err;

    (void)state;
    assert_true(id_equal(alias_of(vault, key, "AF-1"), alias));
    assert_false(id_equal(alias_of(vault, key, "AF-2"), alias));
    assert_false(id_equal(alias_of(vault, key, ""), alias));
    assert_false(id_equal(alias_of(vault, other, "AF-1"), alias));
    assert_true(rotate(vault));
    assert_true(id_equal(alias_of(vault, key, "AF-1"), alias));
    assert_true(vault_erase(vault, key, &err));
    assert_false(vault_alias(vault, key, "AF-1", &ignored, &err));
    assert_string_equal(err.code, "vault.key_dead");
    vault_close(vault);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_sealed_opens_again),
        TEST(the_same_sealed_twice_is_not_the_same),
        TEST(a_blob_is_bound_to_owner_event_and_descriptor),
        TEST(a_print_is_the_same_for_as_long_as_its_key_lasts_and_of_no_other),
        TEST(a_damaged_blob_is_told_from_one_sealed_for_another),
        TEST(a_short_blob_with_a_hash_that_fits_is_refused),
        TEST(nothing_can_be_sealed_too),
        TEST(what_has_no_room_is_refused_both_ways),
        TEST(what_was_sealed_opens_after_a_restart),
        TEST(more_keys_than_are_kept_in_memory_all_open),
        TEST(a_key_that_was_used_is_wiped_off_the_stack),
        TEST(no_key_is_given_twice_and_the_ring_grows),
        TEST(a_key_that_was_given_back_is_given_again),
        TEST(a_key_that_was_never_named_is_free_after_a_restart),
        TEST(keys_that_the_ring_never_had_are_unknown),
        TEST(a_key_that_nobody_took_seals_and_opens_nothing),
        TEST(a_key_that_was_erased_opens_nothing_any_more),
        TEST(a_dead_key_stays_dead_and_is_never_used_again),
        TEST(a_dead_key_that_nobody_claims_is_not_given_out),
        TEST(nothing_of_an_erased_key_is_left_in_its_slot),
        TEST(an_erased_key_is_wiped_from_memory_too),
        TEST(an_erasure_that_fails_can_be_said_again),
        TEST(the_files_are_for_the_owner_alone),
        TEST(files_that_others_may_read_are_refused),
        TEST(a_ring_without_its_master_gets_no_new_one),
        TEST(none_is_made_where_events_name_keys),
        TEST(a_key_of_a_ring_that_was_put_aside_is_unknown_to_the_next),
        TEST(another_rings_master_is_refused),
        TEST(a_master_that_is_not_32_bytes_in_base64_is_refused),
        TEST(a_ring_whose_first_slot_is_torn_is_refused),
        TEST(a_ring_that_ends_within_its_first_slot_is_refused),
        TEST(two_do_not_open_the_same_keys),
        TEST(a_directory_that_cannot_be_made_is_an_error),
        TEST(no_file_and_no_blob_holds_plain_text_or_the_master),
        TEST(every_byte_of_a_slot_is_guarded),
        TEST(a_torn_slot_that_nobody_claims_is_written_anew),
        TEST(a_torn_slot_that_is_claimed_is_kept_and_can_be_erased),
        TEST(a_slot_damaged_while_open_is_not_given_out),
        TEST(a_ring_that_ends_within_a_slot_grows_over_it),
        TEST(a_start_without_room_is_an_error_and_the_next_one_works),
        TEST(a_first_start_that_fails_at_any_step_can_be_tried_again),
        TEST(another_master_wraps_every_key_and_the_old_one_opens_nothing),
        TEST(a_change_of_masters_that_is_killed_at_any_step_goes_on),
        TEST(a_change_of_masters_that_fails_at_any_step_can_be_tried_again),
        TEST(a_torn_slot_that_cannot_be_written_or_flushed_stops_the_start),
        TEST(a_start_makes_keys_ahead),
        TEST(keys_are_made_before_they_run_out),
        TEST(with_no_room_keys_run_out_and_come_back),
        TEST(killed_at_any_step_the_ring_is_whole_again),
        TEST(threads_take_seal_open_and_erase_at_once),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
