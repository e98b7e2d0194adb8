/* What deciding about a partner may read; and the aggregate as a whole. */
#include "partner/partner.h"

#include "fold/aggregate.h"
#include "referral/referral.h"
#include "store/table.h"

static bool load_for_create(struct txn *txn, const struct partner_input *in, struct partner_case *c,
                            struct error *err)
{
    const struct partner_create *ask = &in->partner_create;

    if (!table_get(txn, &programmes, in->head.programme, &c->programme, err)) return false;
    return !ask->has_organisation ||
           table_get(txn, &organisations, ask->organisation, &c->organisation, err);
}

static bool makes_secret(enum partner_input_type type)
{
    return type == PARTNER_CREATE || type == PARTNER_ROTATE_SECRET;
}

bool partner_load(struct txn *txn, struct id id, const struct partner_input *in,
                  struct partner_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (!table_get(txn, &partners, id, &c->row, err)) return false;
    if (in->type == PARTNER_UNDO)
        return table_get(txn, &programmes, c->row.programme, &c->programme, err);
    if (in->type == PARTNER_CREATE && !load_for_create(txn, in, c, err)) return false;
    if (makes_secret(in->type) &&
        !origin_load(txn, &in->head.actor, in->head.credential, &c->origin, err))
        return false;
    return in->type != PARTNER_ROTATE_SECRET || referral_guards_partner(txn, id, &c->guarded, err);
}

AGGREGATE_DECIDE(partner)
AGGREGATE_EVOLVE(partner)
AGGREGATE_CONCEAL(partner)

const struct aggregate partner_aggregate = {
    .contract = &partner_contract,
    .life = &partner_life,
    .table = &partners,
    .case_size = sizeof(struct partner_case),
    .load = partner_load_,
    .may = partner_may_,
    .conceal = partner_conceal_,
    .decide = partner_decide_,
    .evolve = partner_evolve_,
};
