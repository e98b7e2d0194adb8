/* What deciding about a posting may read; and the aggregate as a whole. */
#include "posting/posting.h"

#include "fold/aggregate.h"
#include "placement/placement.h"
#include "store/table.h"

bool posting_load(struct txn *txn, struct id id, const struct posting_input *in,
                  struct posting_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == POSTING_CREATE)
        return table_get(txn, &all_placement_rules, in->head.programme, &c->rules, err);
    return table_get(txn, &postings, id, &c->row, err) &&
           placement_count_seats(txn, id, &c->taken, err);
}

/* A participant sees where they will be, from the agreement on. */
static bool posting_knows(struct txn *txn, const struct posting *row, const struct knowing *who,
                          bool *is_known, struct error *err)
{
    return placement_is_agreed(txn, who->person, row->id, is_known, err);
}

AGGREGATE_FIND(posting)
AGGREGATE_DECIDE(posting)
AGGREGATE_EVOLVE(posting)
AGGREGATE_DUE(posting)
AGGREGATE_KNOWS(posting)

const struct aggregate posting_aggregate = {
    .contract = &posting_contract,
    .life = &posting_life,
    .table = &postings,
    .case_size = sizeof(struct posting_case),
    .find = posting_find_,
    .load = posting_load_,
    .decide = posting_decide_,
    .evolve = posting_evolve_,
    .due = posting_due_,
    .knows = posting_knows_,
};
