#include "front/limit.h"

enum { SECOND_NS = 1000000000 };

bool limit_take(struct limit *limit, int64_t rate, int64_t now_ns)
{
    const int64_t passed = limit->at_ns == 0 ? SECOND_NS : now_ns - limit->at_ns;

    limit->spare_ns = passed > SECOND_NS - limit->spare_ns ? SECOND_NS : limit->spare_ns + passed;
    limit->at_ns = now_ns;
    if (limit->spare_ns * rate < SECOND_NS) return false;
    limit->spare_ns -= SECOND_NS / rate;
    return true;
}

bool limit_has(const struct limit *limit, int64_t rate, int64_t now_ns)
{
    struct limit tried = *limit;

    return limit_take(&tried, rate, now_ns);
}

int64_t limit_left(const struct limit *limit, int64_t rate)
{
    return limit->spare_ns * rate / SECOND_NS;
}
