/* What deciding about a delivery may read; and the aggregate as a whole. */
#include "delivery/delivery.h"

#include <string.h>

#include "fold/aggregate.h"
#include "message/message.h"
#include "store/table.h"

bool delivery_load(struct txn *txn, struct id id, const struct delivery_input *in,
                   struct delivery_case *c, struct error *err)
{
    memset(&c->outlet, 0, sizeof c->outlet);
    memset(&c->recipient, 0, sizeof c->recipient);
    if (!table_get(txn, &deliveries, id, &c->row, err)) return false;
    if (in->type == DELIVERY_ON_MESSAGE_QUEUED)
        return table_get(txn, &recipients, c->row.to, &c->recipient, err);
    return in->type != DELIVERY_RETRY || table_get(txn, &outlets, c->row.to, &c->outlet, err);
}

static bool delivery_guards(struct txn *txn, const void *row, struct guarded *guarded,
                            struct error *err)
{
    return message_guards_of(txn, ((const struct delivery *)row)->id, guarded, err);
}

AGGREGATE_FIND(delivery)
AGGREGATE_DECIDE(delivery)
AGGREGATE_EVOLVE(delivery)

const struct aggregate delivery_aggregate = {
    .contract = &delivery_contract,
    .life = &delivery_life,
    .table = &deliveries,
    .case_size = sizeof(struct delivery_case),
    .find = delivery_find_,
    .load = delivery_load_,
    .decide = delivery_decide_,
    .evolve = delivery_evolve_,
    .guards = delivery_guards,
};
