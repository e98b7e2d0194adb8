/* What deciding about a recipient may read; and the aggregate as a whole. */
#include "recipient/recipient.h"

#include "fold/aggregate.h"
#include "store/table.h"

bool recipient_load(struct txn *txn, struct id id, const struct recipient_input *in,
                    struct recipient_case *c, struct error *err)
{
    (void)in;
    if (!table_get(txn, &recipients, id, &c->row, err)) return false;
    c->row.id = id; /* also of one who is not there yet */
    return true;
}

AGGREGATE_FIND(recipient)
AGGREGATE_DECIDE(recipient)
AGGREGATE_EVOLVE(recipient)

const struct aggregate recipient_aggregate = {
    .contract = &recipient_contract,
    .table = &recipients,
    .case_size = sizeof(struct recipient_case),
    .find = recipient_find_,
    .load = recipient_load_,
    .decide = recipient_decide_,
    .evolve = recipient_evolve_,
};
