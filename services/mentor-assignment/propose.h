/* Whom to propose next, as a plan shows it.
 *
 * Where the best there could be has all that is proposed already in it, the rest of it is proposed.
 * Otherwise who has a suggestion keeps it, unless somebody who has none gets one by the cheapest
 * path that changes at most rules.changes_most others; many at once are matched together first,
 * among the places that nothing is proposed for. Offers, and what comes after them, never change.
 */
#pragma once

#include "contract/mentee.h"
#include "contract/mentorship.h"
#include "plan.h"

enum {
    PROPOSE_FEW = 8,        /* more without a suggestion than that are matched together */
    PROPOSE_PATHS_MAX = 64, /* paths looked for in one go; the others the next time */
    PROPOSE_REASONS_MAX = 64,
    PROPOSE_REASONS_LARGE = 4, /* explained in one go, of a large plan */
};

/* Why somebody has none, to be said of the mentee as it was seen. */
struct unproposed {
    struct id referral;
    int64_t version;
    struct mentee_explain body;
};

/* To be said in this order, so that no mentor is spoken for more often than there are places. */
struct proposals {
    size_t count, unproposed_count;
    struct mentorship_suggest *suggested; /* malloc'ed */
    struct unproposed *unproposed;        /* malloc'ed */
};

void propose_next(struct plan *plan, struct proposals *to);
void proposals_drop(struct proposals *proposals);
