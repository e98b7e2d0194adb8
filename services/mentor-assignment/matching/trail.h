/* Cheapest paths through the residual graph of an optimum that change nothing, inside the library:
 * what it would cost to have it otherwise. */
#pragma once

#include "matching/graph.h"

enum { HUB = 2 }; /* next to the sides: S, with one person, 0 */

struct spot {
    uint32_t kind, index; /* a side, or HUB */
};

#define ANY_NUMBER UINT32_MAX

/* From one spot to another without the pair `banned` (participant, mentor; or UINT32_MAX), while at
 * most `others` participants on the way lose a partner. */
struct trail {
    const struct matching *m;
    struct spot from, to;
    uint32_t banned[2], others;
    uint32_t layers, people; /* of states: (person or S, how many others have lost a partner) */
    int64_t *dist;           /* by state */
    uint32_t *parent;        /* by state */
    struct heap heap;
};

void trail_open(struct trail *t, const struct matching *m);
void trail_close(struct trail *t);

/* False: there is no way. *end is the state at `to` then; if `to` is UINT32_MAX everything is
 * searched, and there is no end. */
bool trail_search(struct trail *t, uint32_t *end);

struct spot trail_spot(const struct trail *t, uint32_t state);
uint32_t trail_state(const struct trail *t, struct spot spot, uint32_t layer);
