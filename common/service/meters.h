/* What a node counts of itself: metrics that are its own, so that several in one process are told apart. Counting is
 * for any thread.
 */
#pragma once

#include "base/metrics.h"

struct meters {
    struct metrics_metric commits, commit_time, batch_size, journal_bytes, sealed_bytes,
        state_bytes, head_batch;
    struct metrics_metric events, foreign_events, deadlines, deadlines_idle;
    struct metrics_metric accepted, on_behalf, repeated, refused, not_admitted, given_up,
        quarantined, aside;
    struct metrics_metric struck, to_strike;
    struct metrics_metric clock_jump;
    struct metrics_metric disk_free, disk_min, shortage, keys_lost, sealed_unopened;
};

/* owner: the node; they live until meters_destroy. */
struct meters *meters_create(const void *owner);
void meters_destroy(struct meters *meters);
