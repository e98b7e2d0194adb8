/* The tight residual arcs of an optimum, inside the library: all optima differ along them. */
#pragma once

#include "matching/trail.h"

struct tight {
    const struct matching *m;
    int64_t least[2];      /* price of a side: who scores less than it allows has no tight arc */
    struct spot *near_hub; /* who may have a tight arc to or from S, whatever its load */
    uint32_t near_hub_count;
    const bool *gone; /* participants that are not part of it any more; NULL: none */
};

void tight_open(struct tight *t, const struct matching *m);
void tight_close(struct tight *t);

static inline bool tight_is(const struct tight *t, enum side_name side, uint32_t index,
                            struct arc arc)
{
    const struct node *a = t->m->side[side].node, *b = t->m->side[!side].node;

    return a[index].price + b[arc.to].price == arc_weight(t->m, arc);
}

/* No arc from here on can be tight: the arcs that are no pairs score less and less. */
static inline bool tight_ends(const struct tight *t, enum side_name side, uint32_t index,
                              struct arc arc)
{
    return t->m->side[side].node[index].price + t->least[!side] > arc_weight(t->m, arc);
}

static inline bool tight_at_ceiling(const struct side *side, uint32_t index)
{
    return side->node[index].price == price_ceiling(side, index);
}

static inline bool tight_at_floor(const struct side *side, uint32_t index)
{
    return side->person[index].load > 0 && side->node[index].price == price_floor(side, index);
}

static inline uint32_t tight_number(const struct tight *t, struct spot s)
{
    const uint32_t participants = t->m->side[PARTICIPANT].count;

    if (s.kind == HUB) return participants + t->m->side[MENTOR].count;
    return s.kind == MENTOR ? participants + s.index : s.index;
}

/* Strongly connected parts: *part by tight_number. Who is in another part is on no common cycle. */
void tight_parts(const struct tight *t, uint32_t *part);
