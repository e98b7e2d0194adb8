/* What deciding about a endpoint may read; and the aggregate as a whole. */
#include "endpoint/endpoint.h"

#include "fold/aggregate.h"
#include "referral/referral.h"
#include "store/table.h"

bool endpoint_load(struct txn *txn, struct id id, const struct endpoint_input *in,
                   struct endpoint_case *c, struct error *err)
{
    const struct id partner = in->endpoint_create.partner;

    memset(c, 0, sizeof *c);
    if (in->type == ENDPOINT_CREATE)
        return table_get(txn, &partners, partner, &c->partner, err) &&
               referral_guards_partner(txn, partner, &c->guarded, err) &&
               endpoint_count_active(txn, partner, &c->active, err);
    if (!table_get(txn, &endpoints, id, &c->row, err)) return false;
    if (in->type == ENDPOINT_UNDO)
        return table_get(txn, &partners, c->row.partner, &c->partner, err) &&
               endpoint_count_active(txn, c->row.partner, &c->active, err);
    return in->type != ENDPOINT_ROTATE_SECRET ||
           (referral_guards_partner(txn, c->row.partner, &c->guarded, err) &&
            endpoint_count_active(txn, c->row.partner, &c->active, err));
}

AGGREGATE_FIND(endpoint)
AGGREGATE_DECIDE(endpoint)
AGGREGATE_EVOLVE(endpoint)
AGGREGATE_CONCEAL(endpoint)

const struct aggregate endpoint_aggregate = {
    .contract = &endpoint_contract,
    .life = &endpoint_life,
    .table = &endpoints,
    .case_size = sizeof(struct endpoint_case),
    .find = endpoint_find_,
    .load = endpoint_load_,
    .may = endpoint_may_,
    .conceal = endpoint_conceal_,
    .decide = endpoint_decide_,
    .evolve = endpoint_evolve_,
};
