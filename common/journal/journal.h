/* A service's journal: the truth, from which all else is folded.
 *
 * It is a chain of batches, one for each commit, and each is on disk when journal_commit returns.
 * A batch is made by one thread, in a struct batch; anybody may read from a snapshot of the store.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"
#include "journal/batch.h"
#include "store/store.h"

struct error;
struct journal;

/* Where a journal stands, or how far it was followed: after that batch. */
struct position {
    struct id epoch;
    uint64_t batch;
    uint8_t hash[HASH_SIZE];
};

/* The maps of its store, for those who open one that is not theirs; ends with NULL. */
extern const char *const journal_maps[];

/* A file of this name in a journal's directory tells that it was restored from a backup: when it is
 * opened, a new epoch begins. */
extern const char journal_restored[];

/* Open the journal of a service in directory; a new one begins an epoch with an empty batch, a restored
 * one at the time that it ended. Its hashes are checked from the last batch; a chain that does not hold is ERROR_BROKEN. */
struct journal *journal_open(const char *directory, const char *service, int64_t now_ms,
                             struct error *err);
/* Only to read one that its service may be writing: for short transactions. */
struct journal *journal_open_guest(const char *directory, struct error *err);
void journal_close(struct journal *journal);
struct position journal_head(const struct journal *journal);
int64_t journal_at_ms(const struct journal *journal);     /* of the last batch */
bool journal_was_restored(const struct journal *journal); /* before this opening */
bool journal_has_room(const struct journal *journal);
size_t journal_used(const struct journal *journal); /* bytes */
/* Forget readers that died: now and then. */
void journal_tidy(struct journal *journal);
/* Whether an earlier version kept anything sealed in it, in map JOURNAL_SEALED. */
enum { JOURNAL_SEALED = 2 };
bool journal_has_blobs(struct journal *journal, bool *has, struct error *err);
/* To take that away, until txn_commit or txn_abort: by who has opened the journal, before anything is committed. */
struct txn *journal_begin_move(struct journal *journal, struct error *err);

/* Begin the next batch: its `at` is the larger of now and that of the batch before. */
void journal_begin(const struct journal *journal, struct batch *batch, int64_t now_ms);

/* Make it last, and with it what it strikes. On false nobody knows whether it did: answer nothing, and end the process. */
bool journal_commit(struct journal *journal, struct batch *batch, struct error *err);

/* The number of the next event. */
uint64_t journal_next(const struct journal *journal);
/* As store_scrub. */
bool journal_scrub(struct journal *journal, struct scrub *scrub, size_t pages, struct error *err);

/* A snapshot, until txn_abort: by any thread. */
struct txn *journal_begin_read(struct journal *journal, struct error *err);
/* The batch with that number, pointing into the transaction; header.at is NULL when there is none. */
bool journal_batch(struct txn *txn, uint64_t number, struct batch_view *view, struct error *err);
/* The row of an event by number, checked against its CRC. */
bool journal_row(struct txn *txn, uint64_t number, struct bytes *row, struct error *err);
/* Where one stands after that batch. */
bool journal_place(struct txn *txn, uint64_t number, bool *is_there, struct position *place,
                   struct error *err);
/* How the row of an event was struck last, as the header says that did; *is_struck is false when it was not here. */
bool journal_struck(struct txn *txn, uint64_t number, bool *is_struck,
                    struct journal_strike *strike, struct error *err);
/* Where it ends, as the transaction sees it. */
bool journal_end(struct txn *txn, struct position *end, struct error *err);
/* Where one that stood at that batch of that epoch, which is not in this journal, parted from it: after
 * the last batch that both have. *is_known is false where this journal cannot tell: it never had the
 * epoch, or two go on in the same. */
bool journal_fork(struct txn *txn, struct id epoch, uint64_t batch, bool *is_known,
                  struct position *fork, struct error *err);
