/* The fold tells what rows let go; the file of what is sealed is gone through as the striker does with journal and
 * state. */
#include "service/superseded.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/error.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "journal/blobs.h"
#include "service/running.h"
#include "service/writer.h"
#include "store/table.h"

enum {
    SCRUB_PAGES = 1024, /* at once */
    PAUSE = 20,         /* times as long as the work took */
};

/* Sweeping. */

struct pointed {
    const struct row_places *places; /* of the table that is looked at */
    size_t count, room;
    struct blob_key *keys; /* malloc'ed */
};

static void add(struct blob_key **keys, size_t *count, size_t *room, const struct sealed *sealed)
{
    if (*count == *room) {
        *room = *room == 0 ? 64 : 2 * *room;
        if ((*keys = realloc(*keys, *room * sizeof **keys)) == NULL) bug("out of memory");
    }
    (*keys)[(*count)++] = (struct blob_key){sealed->owner, sealed->event};
}

static bool add_pointed(void *cookie, struct id id, const void *row)
{
    struct pointed *pointed = cookie;

    (void)id;
    for (size_t i = 0; i < pointed->places->sealed_count; i++) {
        const struct sealed *sealed = kinds_sealed(pointed->places, row, i);

        if (sealed != NULL) add(&pointed->keys, &pointed->count, &pointed->room, sealed);
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct blob_key));
}

static bool find_pointed(const struct kinds *kinds, struct txn *txn, struct pointed *pointed,
                         struct error *err)
{
    for (size_t i = 0; i < kinds->aggregate_count; i++) {
        pointed->places = &kinds->places[i];
        if (pointed->places->sealed_count > 0 &&
            !table_scan(txn, kinds->aggregates[i]->table, NULL, add_pointed, pointed, err))
            return false;
    }
    if (pointed->count > 0) qsort(pointed->keys, pointed->count, sizeof pointed->keys[0], compare);
    return true;
}

static bool is_pointed_to(void *cookie, const struct blob_key *key)
{
    const struct pointed *pointed = cookie;

    return pointed->count > 0 &&
           bsearch(key, pointed->keys, pointed->count, sizeof pointed->keys[0], compare) != NULL;
}

bool superseded_sweep(struct running *running, struct txn *txn, struct error *err)
{
    struct pointed pointed = {.count = 0};
    size_t count = 0;
    const bool is_ok = find_pointed(running->kinds, txn, &pointed, err) &&
                       blobs_keep(running->blobs, is_pointed_to, &pointed, &count, err);

    free(pointed.keys);
    if (is_ok && count > 0) log_info("superseded_dropped", "blobs=%zu", count);
    return is_ok;
}

/* Running. */

static void note(void *cookie, const struct sealed *sealed)
{
    struct superseded *superseded = cookie;

    add(&superseded->keys, &superseded->count, &superseded->room, sealed);
}

void superseded_watch(struct writer *writer)
{
    if (writer->running->blobs != NULL) fold_watch(writer->fold, note, &writer->superseded);
}

void superseded_forget(struct writer *writer)
{
    free(writer->superseded.keys);
    writer->superseded = (struct superseded){.count = 0};
}

static bool begin(struct superseded *superseded, struct blobs *blobs, int64_t now_ms,
                  struct error *err)
{
    if (!blobs_drop_some(blobs, superseded->keys, superseded->count, err)) return false;
    superseded->count = 0;
    superseded->is_at_work = true;
    superseded->began_ms = now_ms;
    return true;
}

/* Whoever reads meanwhile may keep some of it: it stays unclean, and is begun again. */
static void end(struct superseded *superseded)
{
    const int64_t now_ms = clock_steady_ms();

    superseded->is_at_work = false;
    superseded->next_ms = now_ms + PAUSE * (now_ms - superseded->began_ms + 1);
}

bool superseded_turn(struct writer *writer, struct error *err)
{
    struct superseded *superseded = &writer->superseded;
    struct blobs *blobs = writer->running->blobs;
    const int64_t now_ms = clock_steady_ms();
    bool is_done;

    if (blobs == NULL || (superseded->count == 0 && blobs_are_clean(blobs))) return true;
    if (!superseded->is_at_work) {
        if (now_ms < superseded->next_ms) return true;
        if (!begin(superseded, blobs, now_ms, err)) return false;
    }
    if (!blobs_scrub(blobs, SCRUB_PAGES, &is_done, err)) return false;
    if (is_done) end(superseded);
    return true;
}
