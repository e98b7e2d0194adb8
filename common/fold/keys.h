/* Whose key seals what is theirs: the part of the vault that is a fold. The keys themselves lie in
 * its ring; here stand their ids, and who was erased. By the thread whose transaction it is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"

struct error;
struct txn;

/* Absent, alive, or erased. Written as it lies in memory: no gaps. */
struct owner_key {
    struct id key;
    uint16_t ring; /* the number of the ring that had it when it was first named */
    bool is_there, is_erased;
};
bool key_get(struct txn *txn, struct id owner, struct owner_key *key, struct error *err);
bool key_put(struct txn *txn, struct id owner, const struct owner_key *key, struct error *err);

/* The ring that has them; zero: none was named yet. number: how many have been; one that is named again, as keys are lost
 * that it had, is another. */
struct named_ring {
    struct id id;
    uint16_t number;
};
bool key_ring_get(struct txn *txn, struct named_ring *ring, struct error *err);
/* One is named, before any key of the same batch. */
bool key_ring_put(struct txn *txn, struct id id, struct error *err);

/* Every owner's, in order of their ids, until visit returns false. */
typedef bool key_visit(void *cookie, struct id owner, const struct owner_key *key);
bool key_scan(struct txn *txn, key_visit *visit, void *cookie, struct error *err);
