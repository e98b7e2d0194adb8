/* An objective's terms as weights of one sum, inside the library. */
#pragma once

#include "matching/matching.h"

/* Prices stay within a few times the largest weight; this leaves room for sums of them. */
#define OBJECTIVE_WEIGHT_MAX (INT64_C(1) << 58)

bool objective_has(const struct matching_objective *objective, enum matching_term term);

/* One weight for each term, so that comparing weighted sums is comparing term by term. score_span:
 * how far apart two scores may be, zero among them. Refuses (invalid) an objective that is none or
 * whose weights pass OBJECTIVE_WEIGHT_MAX. */
bool objective_weigh(const struct matching_objective *objective, uint64_t smaller_side,
                     uint64_t score_span, struct matching_value *weight, struct error *err);
