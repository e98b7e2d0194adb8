/* Why: a page for people. */
#pragma once

#include "match.h"
#include "match_people.h"
#include "match_rules.h"
#include "match_words.h"

/* All that an explanation looks at; participants and mentors by the numbers of their lists. */
struct match_case {
    const struct matching *matching;
    const struct match_people *participants, *mentors;
    const struct match_rules *rules;
    const uint32_t *turns; /* participants by rank: the longest wait first, then id */
};

/* What score_pair says of two. */
struct score match_score(const struct match_case *c, uint32_t participant, uint32_t mentor);

void match_why_write(const struct match_case *c, enum match_language language,
                     struct match_file *file);

/* The fairness report, at the end of the page. */
void match_fairness_write(const struct match_case *c, enum match_language language,
                          struct match_file *file);
