/* Memory that lasts: LMDB environments, and the only door to them.
 *
 * A store is open in one process, changed by one thread, one transaction at a time; readers never
 * wait for the writer. Maps are known by their place in the list that the store was opened with.
 * What txn_get and the scans point at lies inside the map: it is read-only, and it is gone when the
 * transaction ends or writes again. Copy what must outlive that.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct store; /* an open environment */
struct txn;   /* a transaction in progress */

struct bytes {
    const void *at;
    size_t size;
};

enum { MAPS_MAX = 16 };

/* The code of every error that LMDB or the disk are the cause of. */
extern const char store_trouble[];

enum store_mode {
    STORE_SYNCED, /* a commit is on disk when txn_commit returns */
    STORE_VIEW,   /* commits reach the disk some time, or at store_sync: for what can be rebuilt */
    STORE_READ,   /* read-only, of a copy that nobody writes */
    STORE_GUEST,  /* read-only, of one that its owner may be writing: for short transactions */
};

/* Open the store in directory with these named maps (a list that ends with NULL), making directory
 * and maps where they are not there, 0700 and 0600. maps stays the caller's and must outlive the
 * store, which until it is opened again never grows past size_max bytes, or twice its file where that
 * is more: one that is full has room after a new start. */
struct store *store_open(const char *directory, size_t size_max, const char *const *maps,
                         enum store_mode mode, struct error *err);
void store_close(struct store *store);

/* Flush what a view has committed. */
bool store_sync(struct store *store, struct error *err);

/* Write a compact copy of what is committed into an existing empty directory. */
bool store_copy(struct store *store, const char *directory, struct error *err);

/* Whether the file is as long as what is in use. One that is not was cut off, or ends in a page that
 * was taken and given back within one transaction and never written: doubt, and no proof. */
bool store_is_whole(struct store *store);

/* Bytes in use of size_max; and whether there is room for ordinary work: a store that is nearly
 * full says `busy` long before LMDB says MDB_MAP_FULL. In use is all up to the last page that ever was:
 * pages that are free in between are not counted, so it is said too early rather than too late. */
size_t store_used(struct store *store);
bool store_has_room(struct store *store);

/* Forget the readers of processes that died while they read (a verify that was killed): until then
 * no page that they might see is used again. Returns how many. At open, and once in a while. */
unsigned store_forget_dead(struct store *store);

/* LMDB keeps the bytes of what was deleted: in pages that it will use again, and in those in use between what they
 * hold. Overwrite them all, in steps of so many pages, from the first to the last, the file's end included. What a
 * reader still sees is left, and is_held says so: go through it again. By the writer's thread, while nothing is begun. */
struct scrub {
    uint64_t page; /* to begin with: 0, and nothing is held */
    bool is_done, is_held;
};
bool store_scrub(struct store *store, struct scrub *scrub, size_t pages, struct error *err);

/* Begin, then commit or abort. After either the txn is gone, whatever commit returned: a commit
 * that failed may have happened or not. Aborting NULL does nothing, so `done: txn_abort(txn);` is
 * safe on every path. */
struct txn *txn_begin_write(struct store *store, struct error *err);
struct txn *txn_begin_read(struct store *store, struct error *err);
bool txn_commit(struct txn *txn, struct error *err);
void txn_abort(struct txn *txn);

/* Read, write and remove single keys of a map. txn_get of an absent key succeeds and yields
 * {NULL, 0}: absence is an answer, not an error. txn_append is txn_put of a key behind all others. */
bool txn_get(struct txn *txn, unsigned map, struct bytes key, struct bytes *value,
             struct error *err);
bool txn_put(struct txn *txn, unsigned map, struct bytes key, struct bytes value,
             struct error *err);
bool txn_append(struct txn *txn, unsigned map, struct bytes key, struct bytes value,
                struct error *err);
bool txn_drop(struct txn *txn, unsigned map, struct bytes key, struct error *err);

/* txn_put of a key that is there, of whose value nothing stays in the page that it stood in. */
bool txn_replace(struct txn *txn, unsigned map, struct bytes key, struct bytes value,
                 struct error *err);

/* The last key of a map, or {NULL, 0}. */
bool txn_last(struct txn *txn, unsigned map, struct bytes *key, struct bytes *value,
              struct error *err);

/* Call visit for each pair from `from` on (the key itself included) whose key begins with prefix,
 * in key order, until it returns false. visit must not write. */
typedef bool txn_visit(void *cookie, struct bytes key, struct bytes value);
bool txn_scan(struct txn *txn, unsigned map, struct bytes prefix, struct bytes from,
              txn_visit *visit, void *cookie, struct error *err);
