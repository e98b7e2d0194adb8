/* How often somebody may come: a token bucket that holds as many requests as are let in within a
 * second, and fills up as time passes. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { LIMIT_RATE_MAX = 1000000 };

struct limit {
    int64_t spare_ns; /* how much time the bucket holds; a request takes 1 s / rate of it */
    int64_t at_ns;    /* when that was so; 0: nobody has come yet */
};

/* Let one in, or not; rate: requests a second, from 1 to LIMIT_RATE_MAX. now_ns: of a clock that
 * never goes back. One that is refused may come again within a second. */
bool limit_take(struct limit *limit, int64_t rate, int64_t now_ns);
/* Whether one would be let in now; nothing is taken. */
bool limit_has(const struct limit *limit, int64_t rate, int64_t now_ns);
/* How many more would be let in at once. */
int64_t limit_left(const struct limit *limit, int64_t rate);
