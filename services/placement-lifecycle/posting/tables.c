/* Where postings are kept: a row for each. */
#include "posting/posting.h"

#include "fold/aggregate.h"
#include "placement/placement.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_state = {POSTINGS_BY_STATE, {"programme", "state"}, NULL};

const struct table postings = {POSTINGS, &posting_descriptor, {&by_state}};

bool posting_find(struct txn *txn, const struct posting_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    if (in->type == POSTING_CREATE) return true; /* always another one */
    /* Every event of a placement begins with whose it is and where: one stands for all. */
    return ids_add(found, in->placement_planned.posting, err);
}

bool posting_load(struct txn *txn, struct id id, const struct posting_input *in,
                  struct posting_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == POSTING_CREATE)
        return table_get(txn, &all_placement_rules, in->head.programme, &c->rules, err);
    return table_get(txn, &postings, id, &c->row, err) &&
           placement_count_seats(txn, id, &c->taken, err);
}

AGGREGATE_FIND(posting)
AGGREGATE_DECIDE(posting)
AGGREGATE_EVOLVE(posting)
AGGREGATE_DUE(posting)

const struct aggregate posting_aggregate = {
    .contract = &posting_contract,
    .table = &postings,
    .case_size = sizeof(struct posting_case),
    .find = posting_find_,
    .load = posting_load_,
    .decide = posting_decide_,
    .evolve = posting_evolve_,
    .due = posting_due_,
};
