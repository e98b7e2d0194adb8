/* From what is proposed already, whether or not it is the best there is, to somebody more: the
 * cheapest path that changes few of the others.
 *
 * A matching says which pairs are possible, what they score and how many places there are; the
 * caller says who has whom just now. Here everybody has one mentor at the most. Looks, and changes
 * nothing; memory and threads as in matching.h.
 */
#pragma once

#include "matching/matching.h"

#define CHAIN_NOBODY UINT32_MAX

struct chain_state {
    const struct matching *matching;
    const uint32_t
        *mentor_of; /* by participant: a mentor with whom there is an edge, or CHAIN_NOBODY */
};

/* What is wanted for a participant who has nobody now. */
struct chain_wish {
    uint32_t participant;
    uint32_t only;   /* this mentor and no other; CHAIN_NOBODY: any */
    uint32_t banned; /* any but this one; CHAIN_NOBODY: any */
    uint32_t
        others; /* how many besides may get another mentor or go without; MATCHING_OTHERS_MAX */
};

/* The best of all ways, told as one step follows from the other; move->loss is what there is now
 * minus what there would be. Of equal ways one that concerns fewer. False: there is none.
 * Every participant on the way is another, and the way is the best exactly, as long as no more than
 * CHAIN_STEPS_MAX steps have to be tried, which takes a state that is far from the best there is; then
 * it is the best that was found. */
enum { CHAIN_STEPS_MAX = 1 << 18 };
bool chain_search(const struct chain_state *state, const struct chain_wish *wish,
                  struct matching_move *move);

/* Whether what one comes to is better than what the other does: less lost, by the matching's own
 * objective. Term by term, the first that differs. */
bool chain_is_better(const struct matching *matching, const struct matching_value *loss,
                     const struct matching_value *than);
