/* What deciding about a municipality may read; and the aggregate as a whole. */
#include "municipality/municipality.h"

#include "fold/aggregate.h"
#include "store/table.h"

bool municipality_load(struct txn *txn, struct id id, const struct municipality_input *in,
                       struct municipality_case *c, struct error *err)
{
    (void)in;
    memset(c, 0, sizeof *c);
    return table_get(txn, &municipalities, id, &c->row, err);
}

AGGREGATE_FIND(municipality)
AGGREGATE_DECIDE(municipality)
AGGREGATE_EVOLVE(municipality)

const struct aggregate municipality_aggregate = {
    .contract = &municipality_contract,
    .life = &municipality_life,
    .table = &municipalities,
    .case_size = sizeof(struct municipality_case),
    .find = municipality_find_,
    .load = municipality_load_,
    .decide = municipality_decide_,
    .evolve = municipality_evolve_,
};
