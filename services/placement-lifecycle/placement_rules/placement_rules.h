/* A programme's rules, as placements need them. A view; its id is the programme's. */
#pragma once

#include "contract/placement_rules.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void placement_rules_evolve(struct placement_rules *row, const struct placement_rules_event *event);
bool placement_rules_find(struct txn *txn, const struct placement_rules_input *in,
                          struct ids *found, struct error *err);

extern const struct table all_placement_rules;
extern const struct aggregate placement_rules_aggregate;
