/* The vault: seals personal data and secrets, each under a key of its owner's own, and destroys keys:
 * what was sealed under one that is destroyed is erased, wherever it lies (crypto-shredding).
 *
 * The keys directory (0700) holds two files (0600), while the master is changed a third (master.next), and none is part of a backup of the data:
 *   master.key   32 random bytes in base64: wraps the keys, never leaves this file
 *   ring         slots of 64 bytes, each on its own within a sector. Slot 0 tells that the ring and
 *                the master belong together, and by its id which ring it is; every other holds one key, made and flushed before
 *                anybody can take it:
 *     state 1 | random 11 | XChaCha20-Poly1305(key) 48 | CRC32C of all before it 4 (big-endian)
 *
 * A key's id is its slot's number (4 bytes, big-endian), a zero and the 11 random bytes: it leads to
 * the slot without a search, and cannot be guessed. The key is wrapped with the id as associated
 * data and, filled up with zeros, as nonce: an id is random and wrapped once.
 *
 * Which keys are in use, the journal knows: a key is in use if an event names it. So at the start
 * vault_claim is told every id that the journal names, then vault_start lets taking begin; what a
 * crash took but never journaled is free again.
 *
 * vault_open, vault_claim, vault_start and vault_close belong to one thread; the rest is for any
 * thread. Keys are in locked memory, 1,024 of them at most; while one is used a copy is on the
 * stack, and wiped. What is overwritten in the file may live on in the depths of a flash disk: there
 * the master key's destruction is what counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct error;
struct files;
struct vault;

enum {
    VAULT_HASH_SIZE = 32,
    VAULT_OVERHEAD = 24 + 16, /* a blob is so much longer than what it seals: nonce, tag */
    VAULT_NAME_MAX = 128,     /* of a descriptor's name */
    VAULT_ALIASED_MAX = 256,  /* bytes of a text that a print is made of */
};

/* Open the keys in a directory; make it, master and ring when none are there and may_make says that no
 * event names a key yet. NULL and a code:
 * vault.ring_missing     events name keys, and no ring is there: it must be brought back
 * vault.master_missing   a ring without its master: it must be brought back, a new one is no use
 * vault.master_damaged   not 32 bytes in base64
 * vault.master_wrong     the master of another ring
 * vault.ring_damaged     slot 0 cannot be read, so nobody can say
 * vault.exposed          others than the owner may read the directory or a file
 * vault.in_use           another process has the ring open
 * vault.disk             the system says no
 * The first five name the file that has to be brought back. */
struct vault *vault_open(struct files *files, const char *directory, bool may_make,
                         struct error *err);
/* Whether an error of vault_open says that the keys are lost unless they are brought back; and put aside what
 * is left of them, under names with .lost and a number, so that others can be made. False: the disk. */
bool vault_is_lost(const struct error *err);
bool vault_put_aside(struct files *files, const char *directory, struct error *err);
/* Which ring it is: its journal says so, as another's keys would pass for destroyed ones. */
struct id vault_ring(const struct vault *vault);
/* Wipes what it knew. Keys that were taken and that no event names will be free again. */
void vault_close(struct vault *vault);

/* An event names this key: it is not to be given to anybody else. Dead keys are fine: see
 * vault_is_dead. Before vault_start; the same id any number of times. False and a code, and no harm
 * done, so that the caller may go on to the next:
 * vault.key_unknown   this ring never had it
 * vault.key_damaged   its slot cannot be read: what is sealed under it is lost (its slot is kept) */
bool vault_claim(struct vault *vault, struct id key, struct error *err);

/* All that is in use has been claimed: write torn slots that are not anew, make keys ahead, begin. More
 * keys are made by a thread of the vault's own, or by whoever takes one when there are few. */
enum vault_growth { VAULT_GROWS_ASIDE, VAULT_GROWS_AT_ONCE };
bool vault_start(struct vault *vault, enum vault_growth growth, struct error *err);

/* A key that nobody has: it is taken at once, in memory. Keys are made ahead; with none left it waits
 * for that. vault.disk (kind ERROR_BUSY) when keys cannot be
 * made; the next call tries again, after a second. */
bool vault_take(struct vault *vault, struct id *key, struct error *err);

/* Give back a key that was taken and that certainly no event names (the command was refused). */
void vault_return(struct vault *vault, struct id key);

/* Seal size bytes of plain for owner, event and descriptor (by its name) under a key in use. The blob
 * is nonce || ciphertext || tag, size + VAULT_OVERHEAD bytes; *blob_size is the room there is, then
 * what was used; hash is BLAKE2b-256 of the blob. The caller wipes plain. Codes: as vault_unseal,
 * and vault.no_room. */
bool vault_seal(struct vault *vault, struct id key, struct id owner, struct id event,
                const char *descriptor, const void *plain, size_t size, void *blob,
                size_t *blob_size, uint8_t hash[VAULT_HASH_SIZE], struct error *err);

/* What vault_seal sealed; hash is what the event says of the blob. *plain_size is the room there is,
 * then what was used. On false no byte of plain text is left in plain, and a code:
 * vault.key_dead       the key was destroyed (kind ERROR_NOT_FOUND)
 * vault.key_free       nobody has taken or claimed it
 * vault.key_unknown, vault.key_damaged   as vault_claim
 * vault.blob_damaged   the blob is not what the event has the hash of
 * vault.blob_elsewhere the blob is whole, but sealed for another owner, event or descriptor, or
 *                      under another key
 * vault.no_room        plain is too small */
bool vault_unseal(struct vault *vault, struct id key, struct id owner, struct id event,
                  const char *descriptor, const void *blob, size_t size,
                  const uint8_t hash[VAULT_HASH_SIZE], void *plain, size_t *plain_size,
                  struct error *err);

/* A print of a text that nobody makes, or tries texts against, without the owner's key: the same for the same text for as
 * long as the key lasts. Codes: as vault_unseal. */
bool vault_alias(struct vault *vault, struct id key, const char *text, struct id *alias,
                 struct error *err);

/* Destroy a key for good: its bytes are overwritten with random ones, the slot is marked dead and
 * flushed. Its id stays and is never used again. Again and again is the same; after a false, or a
 * crash, say it again. Also heals a damaged slot that was claimed. May run while others seal. */
bool vault_erase(struct vault *vault, struct id key, struct error *err);

/* Whether this ring has the key, or had it until it was destroyed; false: vault.key_unknown, vault.key_damaged. */
bool vault_has(struct vault *vault, struct id key, struct error *err);

/* Whether the key was destroyed. */
bool vault_is_dead(struct vault *vault, struct id key);

/* Another master key: every key is wrapped anew, none is changed, and what is sealed stays as it is; the old master is
 * overwritten, so that the rings it wrapped (in older backups) open no more but with a master that was kept. All who seal
 * wait meanwhile: 0.2 s for 100,000 keys. Not beside vault_erase. What is interrupted goes on at the next opening.
 * vault.disk, vault.key_damaged: nothing is lost, and the old master may still be the one. */
bool vault_rotate(struct vault *vault, struct error *err);

/* For metrics and tests: how many slots there are, and how many of them nobody has. */
struct vault_counts {
    size_t slots, free, dead, damaged;
};
struct vault_counts vault_count(struct vault *vault);
