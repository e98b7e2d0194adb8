/* Lists of people, as sets. */
#include "hands/hands.h"

enum { PLACES = sizeof((struct hands *)0)->at / sizeof(struct id) };

static bool has(const struct hands *hands, struct id one)
{
    for (uint32_t i = 0; i < hands->count; i++)
        if (id_equal(hands->at[i], one)) return true;
    return false;
}

static void forget(struct origin *origin)
{
    *origin = (struct origin){0};
}

void origin_add(struct origin *origin, struct id one)
{
    if (!origin->is_known || has(&origin->hands, one)) return;
    if (origin->hands.count < PLACES)
        origin->hands.at[origin->hands.count++] = one;
    else
        forget(origin);
}

void origin_join(struct origin *origin, bool is_known, const struct hands *hands)
{
    if (!is_known) forget(origin);
    for (uint32_t i = 0; is_known && i < hands->count; i++)
        origin_add(origin, hands->at[i]);
}

bool hands_meet(const struct hands *one, const struct hands *other)
{
    for (uint32_t i = 0; i < one->count; i++)
        if (has(other, one->at[i])) return true;
    return false;
}
