/* What is sealed and no row points to any more: something else was sealed in its place, or it was withdrawn. It would
 * open under a key that lives on, so it is deleted, and what the file still holds of it is overwritten. The journal has
 * its hash only and stays as it is.
 *
 * All that was let go since the last time goes at once, and next comes after a pause that is long beside the work. An
 * end that comes between loses nothing: the start looks at what the rows point to.
 *
 * By the writer's thread, and part of it; the sweep before it begins.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct blob_key;
struct error;
struct running;
struct txn;
struct writer;

struct superseded {
    size_t count, room;
    struct blob_key *keys; /* malloc'ed; let go by batches that are on disk */
    bool is_at_work;       /* the file is being gone through */
    int64_t began_ms, next_ms;
};

/* Delete what no row of this state points to: whatever an end, a restore or an earlier version has left. */
bool superseded_sweep(struct running *running, struct txn *txn, struct error *err);

/* Listen to the writer's fold; and forget what was heard. */
void superseded_watch(struct writer *writer);
void superseded_forget(struct writer *writer);

/* Between batches: a little of it. */
bool superseded_turn(struct writer *writer, struct error *err);
