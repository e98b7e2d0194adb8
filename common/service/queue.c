/* An array in the order in which queries came; few enough wait to look through it. Beside it those who asked,
 * as long as anything of theirs waits, and then until their place is needed. */
#include "service/queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/metrics.h"
#include "bus/peer.h"
#include "core/error.h"
#include "core/share.h"
#include "core/text.h"
#include "service/query.h"

enum { ASKERS_MAX = QUEUE_MAX }; /* so that there is one for each that waits */

/* A person, a partner; or one of our programs, by its bus name. */
struct asker {
    bool is_ours;
    char peer[PEER_NAME_MAX + 1]; /* ours only */
    struct id actor, organisation;
    size_t waiting;
    struct share share; /* of the time that lists are read in; at 0 ms: nobody */
};

struct queue {
    struct metrics_metric *given_up;
    size_t count, open;
    struct queued *at[QUEUE_MAX]; /* in the order in which they came */
    struct query_answer *spare;   /* of a list that has been answered; or NULL */
    struct asker askers[ASKERS_MAX];
};

struct queue *queue_create(struct metrics_metric *given_up)
{
    struct queue *queue = calloc(1, sizeof *queue);

    if (queue == NULL) bug("out of memory");
    queue->given_up = given_up;
    return queue;
}

bool queue_is_short(const struct bus_query *query)
{
    return peer_is_lookup(query) || strncmp(query->record, "runtime.", 8) == 0;
}

/* Askers. */

static bool is_asker(const struct asker *asker, const char *peer, const struct bus_query *query)
{
    const bool is_ours = query->role == ACTOR_ROLE_SYS;

    if (asker->share.at_ms == 0 || asker->is_ours != is_ours) return false;
    return is_ours ? strcmp(asker->peer, peer) == 0
                   : id_equal(asker->actor, query->actor) &&
                         id_equal(asker->organisation, query->organisation);
}

/* The one; or in the place of who came longest ago, of those who wait for nothing. */
static struct asker *asker_of(struct queue *queue, const char *peer, const struct bus_query *query,
                              int64_t now_ms)
{
    struct asker *oldest = NULL;

    for (size_t i = 0; i < ASKERS_MAX; i++) {
        struct asker *asker = &queue->askers[i];

        if (is_asker(asker, peer, query)) return asker;
        if (asker->waiting == 0 && (oldest == NULL || asker->share.at_ms < oldest->share.at_ms))
            oldest = asker;
    }
    if (oldest == NULL) bug("more askers than queries");
    *oldest = (struct asker){.is_ours = query->role == ACTOR_ROLE_SYS,
                             .actor = query->actor,
                             .organisation = query->organisation,
                             .share = {.at_ms = now_ms > 0 ? now_ms : 1}};
    if (oldest->is_ours) text_copy(oldest->peer, sizeof oldest->peer, peer);
    return oldest;
}

void queue_took(struct queued *queued, int64_t took_ns, int64_t now_ms)
{
    share_add(&queued->asker->share, took_ns, now_ms);
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
    queued->answer = NULL;
    queued->asker = asker_of(queue, peer, query, now_ms);
    queued->asker->waiting++;
    queued->at_once_ms = now_ms + QUEUE_WAIT_MS;
    queued->until_ms = query->has_patience ? now_ms + query->patience : INT64_MAX;
    queue->at[queue->count++] = queued;
    return true;
}

/* Answers. */

struct query_answer *queue_begin(struct queue *queue, struct queued *queued)
{
    if (queued->answer != NULL) return queued->answer;
    queued->answer = queue->spare != NULL ? queue->spare : query_answer_create();
    queue->spare = NULL;
    queue->open++;
    return queued->answer;
}

static void end_answer(struct queue *queue, struct queued *queued)
{
    if (queued->answer == NULL) return;
    query_wipe(queued->answer);
    if (queue->spare == NULL)
        queue->spare = queued->answer;
    else
        query_answer_destroy(queued->answer);
    queue->open--;
}

static void drop_at(struct queue *queue, size_t place)
{
    struct queued *queued = queue->at[place];

    end_answer(queue, queued);
    queued->asker->waiting--;
    free(queued);
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

void queue_destroy(struct queue *queue)
{
    if (queue == NULL) return;
    while (queue->count > 0)
        drop_at(queue, queue->count - 1);
    query_answer_destroy(queue->spare);
    free(queue);
}

/* Turns. */

static bool is_ready(const struct queue *queue, const struct queued *queued, int64_t now_ms,
                     uint64_t folded)
{
    if (queued->answer != NULL) return true;
    if (!queue_is_short(&queued->query) && queue->open >= QUEUE_OPEN_MAX) return false;
    return (uint64_t)queued->query.at_least <= folded || now_ms >= queued->at_once_ms;
}

/* Whether it is a's turn although b came first. */
static bool is_sooner(struct queued *a, struct queued *b, int64_t now_ms)
{
    return share_of(&a->asker->share, now_ms) < share_of(&b->asker->share, now_ms);
}

struct queued *queue_next(struct queue *queue, bool is_short, int64_t now_ms, uint64_t folded)
{
    struct queued *next = NULL;

    for (size_t i = 0; i < queue->count;) {
        struct queued *queued = queue->at[i];

        if (now_ms >= queued->until_ms) {
            drop_at(queue, i);
            metrics_count(queue->given_up, 1);
            continue;
        }
        i++;
        if (queue_is_short(&queued->query) != is_short || !is_ready(queue, queued, now_ms, folded))
            continue;
        if (is_short) return queued;
        if (next == NULL || is_sooner(queued, next, now_ms)) next = queued;
    }
    return next;
}
