/* The fairness report: offers per mentor and club, waiting by municipality, what a place is worth. */
#pragma once

#include "match/match.h"
#include "match/solve.h"
#include "words/words.h"

enum { FAIR_LEAST = 5 }; /* people; smaller groups are not shown by themselves */

/* Texts are "" where nothing is given. */
struct fair_participant {
    const char *municipality;
    uint32_t days;  /* waited so far, or until the first offer */
    bool has_offer; /* or a proposal, where proposals are counted */
};

struct fair_mentor {
    const char *id, *club;
    bool has_left; /* what they were asked counts for the club, and nothing else of them */
    uint32_t offers, free_places;
    struct matching_value gain; /* of one more place */
};

struct fair_page {
    struct fair_participant *participants;
    struct fair_mentor *mentors;
    uint32_t participant_count, mentor_count;
    uint32_t answers, answers_told; /* of mentors; of these, written down for them by others */
    uint32_t overdue_days;
    bool counts_offers; /* or proposals, where nothing has been offered yet */
};

void match_fair_write(const struct fair_page *page, enum language language,
                      struct match_file *file);

/* Of a case that is solved: everybody who has somebody counts as asked. */
void match_fair_write_case(const struct match_case *c, enum language language,
                           struct match_file *file);
