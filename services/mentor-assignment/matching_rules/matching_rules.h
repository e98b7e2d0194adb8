/* A programme's rules, as assigning mentors needs them. A view; its id is the programme's. */
#pragma once

#include "contract/matching_rules.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void matching_rules_evolve(struct matching_rules *row, const struct matching_rules_event *event);
bool matching_rules_find(struct txn *txn, const struct matching_rules_input *in, struct ids *found,
                         struct error *err);

extern const struct table all_matching_rules;
extern const struct aggregate matching_rules_aggregate;
