/* Whom to propose next, as a plan shows it.
 *
 * Where the best there could be has all that is proposed already in it, the rest of it is proposed.
 * Otherwise who has a suggestion keeps it, unless somebody who has none gets one by the cheapest
 * path that changes at most rules.changes_most others; many at once are matched together first,
 * among the places that nothing is proposed for. Who has had a suggestion for some time, upon which
 * nobody acted, gets a much better one (rules.replace_days, replace_points) along such a path, if all
 * whom it moves have had theirs as long. Offers, and what comes after them, never change.
 */
#pragma once

#include "contract/mentee.h"
#include "contract/mentorship.h"
#include "plan.h"

enum {
    PROPOSE_FEW = 8,        /* more without a suggestion than that are matched together */
    PROPOSE_PATHS_MAX = 64, /* paths looked for in one go; the others the next time */
    PROPOSE_BETTER_MAX = 8, /* mentors of one participant's tried for a much better one */
    PROPOSE_REASONS_MAX = 64,
    PROPOSE_REASONS_LARGE = 4, /* explained in one go, of a large plan */
};

/* Why somebody has none, to be said of the mentee as it was seen. */
struct unproposed {
    struct id referral;
    int64_t version;
    struct mentee_explain body;
};

/* Who else could be proposed, to be said of the suggestion as it was seen. */
struct listed {
    struct id mentorship;
    int64_t version;
    struct mentorship_list_alternatives body;
};

/* To be said in this order, so that no mentor is spoken for more often than there are places. */
struct proposals {
    size_t count, unproposed_count, listed_count;
    struct mentorship_suggest *suggested; /* malloc'ed */
    struct unproposed *unproposed;        /* malloc'ed */
    struct listed *listed;                /* malloc'ed */
};

void propose_next(struct plan *plan, struct proposals *to);
void proposals_drop(struct proposals *proposals);
