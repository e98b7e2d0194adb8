/* What a match goes by: rows and a programme's rules, as matching/score.h wants them.
 *
 * Where a programme says nothing its weights are those of score_rules_default, the objective that of
 * matching_objective_default, and the rest what stands below.
 */
#pragma once

#include "contract/matching_rules.h"
#include "contract/mentee.h"
#include "contract/mentor.h"
#include "contract/municipality.h"
#include "matching/matching.h"
#include "matching/score.h"

enum {
    PROFILE_CHANGES_MOST = 2,  /* other open proposals that one new proposal may change */
    PROFILE_OVERDUE_DAYS = 90, /* who has had no offer by then is counted as overdue */
    PROFILE_REPLACE_DAYS = 1, /* so long a suggestion stands before a much better one replaces it */
    PROFILE_REPLACE_POINTS = 20, /* more than that one's: a language in common */
};

struct profile_rules {
    struct score_rules score;
    struct matching_objective objective;
    int64_t least_points; /* a pair that has fewer is no candidate */
    uint32_t changes_most, overdue_days, replace_days, replace_points;
};

void profile_rules_of(const struct matching_rules *rules, struct profile_rules *to);

/* Occupation codes that have no digits to compare (JobTech's) get numbers of their own here, so that
 * two are the same when the codes are. Those past PROFILE_CODES_MAX different ones are like nothing
 * of their own scheme. */
enum { PROFILE_CODES_MAX = 4096 };
struct profile_codes {
    uint32_t count;
    char (*at)[sizeof((struct occupation *)0)->code];
};
void profile_codes_drop(struct profile_codes *codes);

/* place: where the person's municipality lies, or NULL where that is not known. */
void profile_mentee(const struct mentee *row, const struct municipality *place, struct instant now,
                    struct profile_codes *codes, struct score_person *to);
void profile_mentor(const struct mentor *row, const struct municipality *place,
                    struct profile_codes *codes, struct score_person *to);
