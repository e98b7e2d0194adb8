/* Where the programmes' rules are kept: a row for each. */
#include "matching_rules/matching_rules.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table all_matching_rules = {MATCHING_RULES, &matching_rules_descriptor, {NULL}};

bool matching_rules_find(struct txn *txn, const struct matching_rules_input *in, struct ids *found,
                         struct error *err)
{
    (void)txn;
    return ids_add(found, in->head.id, err);
}

AGGREGATE_FIND(matching_rules)
AGGREGATE_EVOLVE(matching_rules)

const struct aggregate matching_rules_aggregate = {
    .contract = &matching_rules_contract,
    .table = &all_matching_rules,
    .find = matching_rules_find_,
    .evolve = matching_rules_evolve_,
};
