/* Who waits for the same thing, one at a time: whoever had least of it of late comes first, and of those who had the same
 * who came first. What somebody had is counted when it is over, so who is at it stays at it until somebody comes who had
 * less. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/share.h"

/* In whatever waits. */
struct turn {
    struct share *share; /* of whoever it is for */
    struct turn *before, *after;
};

struct turns {
    size_t count;
    struct turn *first, *last;
};

void turns_add(struct turns *turns, struct turn *turn);
void turns_drop(struct turns *turns, struct turn *turn);
/* NULL: nobody waits. It lives as long as whoever added it keeps it. */
struct turn *turns_next(const struct turns *turns, int64_t now_ms);
