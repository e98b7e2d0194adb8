/* Why this mentor and no other, why nobody: as codes and numbers, to be worded by whoever shows it.
 *
 * Margins are of all open proposals together. As long as these are the best there could be, they are
 * those of the residual graph (matching.h); else those of paths that change as many others as the
 * programme lets one proposal change (matching/chain.h).
 */
#pragma once

#include "contract/mentee.h"
#include "plan.h"

/* mentor_of, by index: who is proposed to whom. All that does not depend on the one participant. */
struct reasons {
    const struct plan *plan;
    const uint32_t *mentor_of;
    bool is_best; /* nothing could be better */
    struct mentorship_loss behind;
};

void reasons_open(struct reasons *reasons, const struct plan *plan, const uint32_t *mentor_of);

/* Of the participant at this position, who has a mentor: all of the body but what was seen, what it
 * displaces and how many were moved. */
void reasons_for(const struct reasons *reasons, uint32_t position, struct mentorship_suggest *body);

/* Of the same, only who else could be proposed. */
void reasons_alternatives(const struct reasons *reasons, uint32_t position,
                          struct mentorship_alternatives *alternatives);

/* Of one who has none. */
void reasons_against(const struct reasons *reasons, uint32_t position, struct mentee_why *why);
