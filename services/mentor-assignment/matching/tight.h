/* The tight residual graph of an optimum, inside the library: all optima differ by its cycles.
 *
 * Its vertices are numbers: participants, mentors, S. Prices stay as they are, so what is tight is
 * so for good; only which of the tight edges are pairs changes, here alone until tight_close. From a
 * participant the edges that are no pairs lead on, from a mentor the pairs.
 */
#pragma once

#include "matching/graph.h"

struct tight_edge {
    uint32_t reverse; /* the same edge, among those of its other end */
    unsigned to : 30, is_pair : 1, was_pair : 1;
};

struct tight {
    struct matching *m;
    uint32_t mentors, hub; /* the first mentor's number, that of S */
    uint32_t *first;       /* of a person's edges; one more than there are persons */
    struct tight_edge *edges;
    uint32_t *load;     /* partners, those included that cannot change */
    uint32_t *near_hub; /* who may have a tight arc to or from S, whatever the load */
    uint32_t near_hub_count;
    bool *gone; /* participants that are not part of it any more */
};

/* A participant's edges come by falling score, then by the mentors' ranks. */
void tight_open(struct tight *t, struct matching *m);
/* Makes and unmakes the pairs. */
void tight_close(struct tight *t);

void tight_flip(struct tight *t, uint32_t edge);

/* Strongly connected parts: *part by vertex. Who is in another part is on no common cycle. */
void tight_parts(const struct tight *t, uint32_t *part);

static inline enum side_name tight_side(const struct tight *t, uint32_t vertex)
{
    return vertex < t->mentors ? PARTICIPANT : MENTOR;
}

static inline uint32_t tight_index(const struct tight *t, uint32_t vertex)
{
    return vertex < t->mentors ? vertex : vertex - t->mentors;
}

static inline bool tight_at_ceiling(const struct tight *t, uint32_t vertex)
{
    const struct side *side = &t->m->side[tight_side(t, vertex)];
    const uint32_t index = tight_index(t, vertex);

    return t->load[vertex] < side->person[index].capacity &&
           side->node[index].price == (t->load[vertex] == 0 ? -side->bonus : 0);
}

static inline bool tight_at_floor(const struct tight *t, uint32_t vertex)
{
    const struct side *side = &t->m->side[tight_side(t, vertex)];

    return t->load[vertex] > 0 &&
           side->node[tight_index(t, vertex)].price == (t->load[vertex] == 1 ? -side->bonus : 0);
}
