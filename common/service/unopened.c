#include "service/unopened.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/metrics.h"
#include "core/error.h"

enum { OWNERS_MAX = 1024 }; /* behind them nothing is said: the disk is damaged as a whole */

struct unopened {
    struct metrics_metric *gauge;
    pthread_mutex_t lock; /* for what follows */
    size_t count;
    struct id owners[OWNERS_MAX];
};

struct unopened *unopened_create(struct metrics_metric *gauge)
{
    struct unopened *unopened = calloc(1, sizeof *unopened);

    if (unopened == NULL) bug("out of memory");
    unopened->gauge = gauge;
    pthread_mutex_init(&unopened->lock, NULL);
    return unopened;
}

void unopened_destroy(struct unopened *unopened)
{
    if (unopened == NULL) return;
    pthread_mutex_destroy(&unopened->lock);
    free(unopened);
}

/* Whether it was not known yet. */
static bool add(struct unopened *unopened, struct id owner)
{
    for (size_t i = 0; i < unopened->count; i++)
        if (id_equal(unopened->owners[i], owner)) return false;
    if (unopened->count == OWNERS_MAX) return false;
    unopened->owners[unopened->count++] = owner;
    metrics_set(unopened->gauge, (int64_t)unopened->count);
    return true;
}

void unopened_note(struct unopened *unopened, struct id owner, struct id event, const char *why)
{
    char whose[ID_TEXT_SIZE], what[ID_TEXT_SIZE];
    bool is_new;

    pthread_mutex_lock(&unopened->lock);
    is_new = add(unopened, owner);
    pthread_mutex_unlock(&unopened->lock);
    if (!is_new) return;
    id_write(owner, whose);
    id_write(event, what);
    log_error("not_opened", "owner=%s event=%s code=%s", whose, what, why);
}
