/* Queries that wait: for the state to have a batch, or for their turn. Who asks for lists has a few
 * places and no more, so that nobody keeps the others from theirs; whoever has given up is passed over.
 *
 * Lists are answered bit by bit, and each bit is the turn of whoever was read for least of late. So who
 * asks now and then is answered at once, however many read all there is; and those share what is left.
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
struct query_answer;
struct queue;

enum {
    QUEUE_MAX = 1024,      /* queries in all */
    QUEUE_LISTS_MAX = 768, /* that are not short: of those there is always room for some more */
    QUEUE_EACH = 8,        /* of one person, or one partner */
    QUEUE_WAIT_MS = 2000,  /* for a batch: then the answer is of what there is */
    QUEUE_OPEN_MAX = 64,   /* lists that are begun, each with an answer of at most 384 KiB */
};

struct asker;

struct queued {
    char peer[PEER_NAME_MAX + 1];
    struct bus_query query;
    int64_t at_once_ms; /* when the batch is waited for no longer */
    int64_t until_ms;   /* when the asker has given up */
    struct asker *asker;
    struct query_answer *answer; /* NULL: it is not begun */
};

/* given_up: a counter of those that nobody waited for any more. */
struct queue *queue_create(struct metrics_metric *given_up);
void queue_destroy(struct queue *queue);

/* Short ones, which never wait behind lists: lookups (bus/peer.h), or of how a service is. */
bool queue_is_short(const struct bus_query *query);

/* ERROR_BUSY: too many wait; `too_many_queries` when they are the asker's own. */
bool queue_add(struct queue *queue, const char *peer, const struct bus_query *query, int64_t now_ms,
               struct error *err);
/* Whose turn it is of those that can be answered by a state that has the batch `folded`; NULL: nobody's. Short
 * ones in the order in which they came; of the others, as above. It is there until queue_drop, or until it has
 * been given up when this is called again. */
struct queued *queue_next(struct queue *queue, bool is_short, int64_t now_ms, uint64_t folded);
/* A list's answer, which is begun with this. It is there until queue_drop. */
struct query_answer *queue_begin(struct queue *queue, struct queued *queued);
/* Its asker was read for so long just now. */
void queue_took(struct queued *queued, int64_t took_ns, int64_t now_ms);
void queue_drop(struct queue *queue, const struct queued *queued);
