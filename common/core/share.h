/* What somebody had of late of what all share, as time: whoever had least of it comes next. It fades, so that a morning's
 * work is not held against them. Pure. */
#pragma once

#include <stdint.h>

enum { SHARE_HALF_MS = 250 }; /* in which it counts half */

struct share {
    int64_t took_ns;
    int64_t at_ms; /* as of when; 0: never */
};

/* now_ms: of a clock that never goes back. */
int64_t share_of(struct share *share, int64_t now_ms);
void share_add(struct share *share, int64_t took_ns, int64_t now_ms);
