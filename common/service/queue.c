/* An array in the order in which queries came; few enough wait to look through it. */
#include "service/queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/metrics.h"
#include "core/error.h"
#include "core/text.h"

struct queue {
    struct metrics_metric *given_up;
    size_t count;
    struct queued *at[QUEUE_MAX]; /* in the order in which they came */
};

struct queue *queue_create(struct metrics_metric *given_up)
{
    struct queue *queue = calloc(1, sizeof *queue);

    if (queue == NULL) bug("out of memory");
    queue->given_up = given_up;
    return queue;
}

void queue_destroy(struct queue *queue)
{
    if (queue == NULL) return;
    for (size_t i = 0; i < queue->count; i++)
        free(queue->at[i]);
    free(queue);
}

bool queue_is_short(const struct bus_query *query)
{
    return query->has_key || query->role == ACTOR_ROLE_SYS;
}

static bool is_same_asker(const struct bus_query *a, const struct bus_query *b)
{
    return a->role != ACTOR_ROLE_SYS && b->role != ACTOR_ROLE_SYS && id_equal(a->actor, b->actor) &&
           id_equal(a->organisation, b->organisation);
}

bool queue_add(struct queue *queue, const char *peer, const struct bus_query *query, int64_t now_ms,
               struct error *err)
{
    size_t of_same = 0, lists = 0;
    struct queued *queued;

    for (size_t i = 0; i < queue->count; i++) {
        of_same += is_same_asker(&queue->at[i]->query, query);
        lists += !queue_is_short(&queue->at[i]->query);
    }
    if (of_same >= QUEUE_EACH)
        return error_set(err, ERROR_BUSY, "too_many_queries",
                         "%d questions of yours are being answered: wait for one of them.",
                         QUEUE_EACH);
    if (queue->count == QUEUE_MAX || (lists >= QUEUE_LISTS_MAX && !queue_is_short(query)))
        return error_set(err, ERROR_BUSY, "too_many", "Too much is waiting; ask again later.");
    if ((queued = malloc(sizeof *queued)) == NULL) bug("out of memory");
    text_copy(queued->peer, sizeof queued->peer, peer);
    queued->query = *query;
    queued->at_once_ms = now_ms + QUEUE_WAIT_MS;
    queued->until_ms = query->has_patience ? now_ms + query->patience : INT64_MAX;
    queue->at[queue->count++] = queued;
    return true;
}

static void drop_at(struct queue *queue, size_t place)
{
    free(queue->at[place]);
    queue->count--;
    memmove(&queue->at[place], &queue->at[place + 1], (queue->count - place) * sizeof queue->at[0]);
}

void queue_drop(struct queue *queue, const struct queued *queued)
{
    for (size_t i = 0; i < queue->count; i++) {
        if (queue->at[i] != queued) continue;
        drop_at(queue, i);
        return;
    }
    bug("a query that does not wait");
}

const struct queued *queue_next(struct queue *queue, bool is_short, int64_t now_ms, uint64_t folded)
{
    for (size_t i = 0; i < queue->count;) {
        struct queued *queued = queue->at[i];

        if (now_ms >= queued->until_ms) {
            drop_at(queue, i);
            metrics_count(queue->given_up, 1);
            continue;
        }
        i++;
        if (queue_is_short(&queued->query) != is_short) continue;
        if ((uint64_t)queued->query.at_least <= folded || now_ms >= queued->at_once_ms)
            return queued;
    }
    return NULL;
}
