/* Whose key seals what is theirs: the part of the vault that is a fold. The keys themselves lie in
 * its ring; here stand their ids, and who was erased. By the thread whose transaction it is. */
#pragma once

#include <stdbool.h>

#include "core/id.h"

struct error;
struct txn;

/* Absent, alive, or erased. */
struct owner_key {
    struct id key;
    bool is_there, is_erased;
};
bool key_get(struct txn *txn, struct id owner, struct owner_key *key, struct error *err);
bool key_put(struct txn *txn, struct id owner, const struct owner_key *key, struct error *err);

/* The ring that has them; zero: none was named yet. */
bool key_ring_get(struct txn *txn, struct id *ring, struct error *err);
bool key_ring_put(struct txn *txn, struct id ring, struct error *err);

/* Every owner's, in order of their ids, until visit returns false. */
typedef bool key_visit(void *cookie, struct id owner, const struct owner_key *key);
bool key_scan(struct txn *txn, key_visit *visit, void *cookie, struct error *err);
