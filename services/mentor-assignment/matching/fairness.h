/* Whether the matching is fair: counts and waiting times by group. Pure, whole numbers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One person: its group (club, municipality, mentor), a number from 0. */
struct fairness_waiting {
    uint32_t group;
    uint32_t days;  /* waited so far, or until the first offer */
    bool has_offer; /* or a proposal, where nothing is offered yet */
};

struct fairness_group {
    uint32_t people;
    uint32_t p50_days, p90_days; /* the least number that so many hundredths do not exceed */
    uint32_t overdue;            /* people without an offer after the number of days asked for */
    uint32_t overdue_permille;   /* of people; 0 when there are none */
};

/* Waiting by group, in groups[0 … group_count), and of everybody in groups[group_count]: room for
 * one more. Rows of other groups count for everybody only. The rows are put into another order. */
void fairness_waiting_by_group(struct fairness_waiting *rows, size_t count, uint32_t limit_days,
                               struct fairness_group *groups, uint32_t group_count);

/* Groups of fewer than `least` people would tell of the few: their rows are put into one group more,
 * number group_count, with the smallest of the others while that is still too small. So what is not
 * shown cannot be told from what is. is_joined says of each group whether it went there; returns how
 * many did. */
uint32_t fairness_join_small(struct fairness_waiting *rows, size_t count, uint32_t least,
                             uint32_t group_count, bool *is_joined);
