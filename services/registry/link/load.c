/* What deciding about a link may read; and the aggregate as a whole. */
#include "link/link.h"

#include "fold/aggregate.h"
#include "store/table.h"

bool link_load(struct txn *txn, struct id id, const struct link_input *in, struct link_case *c,
               struct error *err)
{
    (void)in;
    memset(c, 0, sizeof *c);
    return table_get(txn, &links, id, &c->row, err) &&
           table_get(txn, &programmes, c->row.programme, &c->programme, err);
}

AGGREGATE_FIND(link)
AGGREGATE_DECIDE(link)
AGGREGATE_EVOLVE(link)

const struct aggregate link_aggregate = {
    .contract = &link_contract,
    .table = &links,
    .case_size = sizeof(struct link_case),
    .find = link_find_,
    .load = link_load_,
    .decide = link_decide_,
    .evolve = link_evolve_,
};
