/* Queries that wait: for the state to have a batch, or for their turn. Who asks for lists has a few
 * places and no more, so that nobody keeps the others from theirs; whoever has given up is passed over.
 *
 * By the reader's thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bus/bus.h"
#include "contract/bus.h"

struct error;
struct metrics_metric;
struct queue;

enum {
    QUEUE_MAX = 1024,      /* queries in all */
    QUEUE_LISTS_MAX = 768, /* that are not short: of those there is always room for some more */
    QUEUE_EACH = 8,        /* of one person, or one partner */
    QUEUE_WAIT_MS = 2000,  /* for a batch: then the answer is of what there is */
};

struct queued {
    char peer[PEER_NAME_MAX + 1];
    struct bus_query query;
    int64_t at_once_ms; /* when the batch is waited for no longer */
    int64_t until_ms;   /* when the asker has given up */
};

/* given_up: a counter of those that nobody waited for any more. */
struct queue *queue_create(struct metrics_metric *given_up);
void queue_destroy(struct queue *queue);

/* Short ones: of one row, or of ours (credentials, health). */
bool queue_is_short(const struct bus_query *query);

/* ERROR_BUSY: too many wait; `too_many_queries` when they are the asker's own. */
bool queue_add(struct queue *queue, const char *peer, const struct bus_query *query, int64_t now_ms,
               struct error *err);
/* The first that can be answered by a state that has the batch `folded`, short or not; NULL: none. It is
 * there until queue_drop. */
const struct queued *queue_next(struct queue *queue, bool is_short, int64_t now_ms,
                                uint64_t folded);
void queue_drop(struct queue *queue, const struct queued *queued);
