#include "turns.h"

void turns_add(struct turns *turns, struct turn *turn)
{
    turn->before = turns->last;
    turn->after = NULL;
    *(turns->last != NULL ? &turns->last->after : &turns->first) = turn;
    turns->last = turn;
    turns->count++;
}

void turns_drop(struct turns *turns, struct turn *turn)
{
    *(turn->before != NULL ? &turn->before->after : &turns->first) = turn->after;
    *(turn->after != NULL ? &turn->after->before : &turns->last) = turn->before;
    turns->count--;
}

struct turn *turns_next(const struct turns *turns, int64_t now_ms)
{
    struct turn *next = turns->first;

    for (struct turn *turn = turns->first; turn != NULL; turn = turn->after)
        if (share_of(turn->share, now_ms) < share_of(next->share, now_ms)) next = turn;
    return next;
}
