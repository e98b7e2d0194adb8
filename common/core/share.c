#include "core/share.h"

int64_t share_of(struct share *share, int64_t now_ms)
{
    const int64_t halves = (now_ms - share->at_ms) / SHARE_HALF_MS;

    if (halves <= 0) return share->took_ns;
    share->took_ns = halves > 62 ? 0 : share->took_ns >> halves;
    share->at_ms += halves * SHARE_HALF_MS;
    return share->took_ns;
}

void share_add(struct share *share, int64_t took_ns, int64_t now_ms)
{
    share->took_ns = share_of(share, now_ms) + took_ns;
}
