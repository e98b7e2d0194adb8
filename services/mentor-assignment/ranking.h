/* Who could be whose mentor, and what speaks for it: a plain sum of named factors.
 *
 * Pure, in whole numbers, the same for the same input whatever its order. Sex, religion, origin and
 * age are no factors and are not known here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/mentee.h"
#include "contract/mentor.h"
#include "contract/mentorship.h"

struct candidate {
    const struct mentor *mentor;
    int64_t taken; /* of the mentor's places */
};

/* One mentor's score; its parts add up to the total. */
struct ranked {
    const struct candidate *candidate;
    int64_t total;
    struct mentorship_explanation explanation;
};

void ranking_score(const struct mentee *mentee, const struct candidate *candidate,
                   struct instant now, struct ranked *ranked);

/* The best of them, best first, at most `most`: how many. Equal scores: whoever is there for fewer
 * persons, then the smaller id. Whom to leave out is the caller's business. */
size_t ranking_best(const struct mentee *mentee, const struct candidate *candidates, size_t count,
                    struct instant now, struct ranked *best, size_t most);
