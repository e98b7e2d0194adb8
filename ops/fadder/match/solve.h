/* From people and rules to the best matching. */
#pragma once

#include "match/people.h"
#include "match/rules.h"
#include "matching/matching.h"

/* Participants and mentors by the numbers of their lists. */
struct match_case {
    const struct match_people *participants, *mentors;
    const struct match_rules *rules;
    bool is_same_people; /* the same id in both lists is the same person */
    struct matching *matching;
    uint32_t *turns; /* participants by rank: the longest wait first, then id */
};

/* What score_pair says of two. */
struct score match_score(const struct match_case *c, uint32_t participant, uint32_t mentor);

/* Fills in the matching and the turns, to be forgotten whatever came of it. False: the numbers do
 * not fit the objective. */
bool match_solve(struct match_case *c, const struct matching_objective *objective,
                 struct error *err);
void match_forget(struct match_case *c);
