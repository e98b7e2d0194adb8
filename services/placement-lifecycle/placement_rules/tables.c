/* Where the programmes' rules are kept: a row for each. */
#include "placement_rules/placement_rules.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table all_placement_rules = {PLACEMENT_RULES, &placement_rules_descriptor, {NULL}};

bool placement_rules_find(struct txn *txn, const struct placement_rules_input *in,
                          struct ids *found, struct error *err)
{
    (void)txn;
    return ids_add(found, in->head.id, err);
}

AGGREGATE_FIND(placement_rules)
AGGREGATE_EVOLVE(placement_rules)

const struct aggregate placement_rules_aggregate = {
    .contract = &placement_rules_contract,
    .table = &all_placement_rules,
    .find = placement_rules_find_,
    .evolve = placement_rules_evolve_,
};
