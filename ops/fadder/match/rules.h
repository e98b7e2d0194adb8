/* A programme's rules for `fadder match`, from a JSON file. */
#pragma once

#include "matching/score.h"

struct error;

struct match_rules {
    struct score_rules score;
    int32_t least_score;   /* pairs that score less are no candidates */
    uint32_t overdue_days; /* of the fairness report */
};

/* As they are without a file. */
extern const struct match_rules match_rules_default;

/* Words of the factors and of the hard rules, as the file and the explanation's codes have them. */
extern const char *const match_factor_words[SCORE_FACTORS + 1];
extern const char *const match_rule_words[SCORE_RULES + 1];

bool match_rules_load(const char *path, struct match_rules *rules, struct error *err);
