/* The vault's files: the master key and the ring of slots that it wraps (format: vault.h).
 *
 * Knows nothing of who uses a slot. ring_grow is for one thread at a time; reading and destroying
 * may go on meanwhile, but a slot is destroyed and read by one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "core/id.h"

struct error;
struct files;
struct ring;

/* Slot numbers begin with 1. */
enum ring_state { RING_TORN, RING_LIVE, RING_DEAD };

/* What stands in a slot. Of a torn one only the state is known; key is of a live one. */
struct ring_slot {
    enum ring_state state;
    struct id id;
    uint8_t wrapped[CRYPTO_KEY_SIZE + CRYPTO_TAG_SIZE];
};

/* Opens and locks the directory; may_make and codes as vault_open. */
struct ring *ring_open(struct files *files, const char *directory, bool may_make,
                       struct error *err);
void ring_close(struct ring *ring);

/* Which ring this is: in slot 0, for good. */
struct id ring_id(const struct ring *ring);

/* One more than the last slot's number. */
uint32_t ring_end(const struct ring *ring);

/* The number in a key's id. It may lead nowhere. */
uint32_t ring_number(struct id key);

/* The states of slots 1 and on, one byte each (enum ring_state), into states[1] and on. */
bool ring_scan(const struct ring *ring, uint8_t *states, struct error *err);

bool ring_read(const struct ring *ring, uint32_t number, struct ring_slot *slot, struct error *err);

/* A live slot's key. False: the slot is not what this master wrapped. */
bool ring_unwrap(const struct ring *ring, const struct ring_slot *slot,
                 uint8_t key[CRYPTO_KEY_SIZE]);

/* Append count slots with new keys and flush them: on true they are there whatever happens. */
bool ring_grow(struct ring *ring, uint32_t count, struct error *err);

/* Write one slot anew: with another key and id; or dead, with this id and random bytes for a key.
 * Certain only after ring_flush. */
bool ring_renew(const struct ring *ring, uint32_t number, struct error *err);
bool ring_destroy(const struct ring *ring, struct id key, struct error *err);
bool ring_flush(const struct ring *ring, struct error *err);

/* Wrap every key by a new master key, and destroy the old one. Nothing else may go on meanwhile. What is interrupted, by
 * a crash or a disk, goes on at the next ring_open or ring_rotate. */
bool ring_rotate(struct ring *ring, struct error *err);
