/* What deciding about a mentee may read; and the aggregate as a whole. */
#include "mentee/mentee.h"

#include "fold/aggregate.h"
#include "store/table.h"

bool mentee_load(struct txn *txn, struct id id, const struct mentee_input *in,
                 struct mentee_case *c, struct error *err)
{
    (void)in;
    memset(c, 0, sizeof *c);
    return table_get(txn, &mentees, id, &c->row, err);
}

AGGREGATE_FIND(mentee)
AGGREGATE_DECIDE(mentee)
AGGREGATE_EVOLVE(mentee)

const struct aggregate mentee_aggregate = {
    .contract = &mentee_contract,
    .life = &mentee_life,
    .table = &mentees,
    .case_size = sizeof(struct mentee_case),
    .find = mentee_find_,
    .load = mentee_load_,
    .decide = mentee_decide_,
    .evolve = mentee_evolve_,
};
