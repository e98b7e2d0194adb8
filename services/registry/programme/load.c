/* What deciding about a programme may read; and the aggregate as a whole. */
#include "programme/programme.h"

#include "fold/aggregate.h"
#include "referral/referral.h"
#include "store/table.h"

bool programme_load(struct txn *txn, struct id id, const struct programme_input *in,
                    struct programme_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == PROGRAMME_CREATE &&
        !programme_is_slug_taken(txn, in->programme_create.slug, &c->is_slug_taken, err))
        return false;
    if (in->type == PROGRAMME_CHANGE &&
        !referral_find_first(txn, id, &c->has_referred, &c->referred_at, err))
        return false;
    return table_get(txn, &programmes, id, &c->row, err);
}

AGGREGATE_FIND(programme)
AGGREGATE_DECIDE(programme)
AGGREGATE_EVOLVE(programme)
AGGREGATE_CONCEAL(programme)
AGGREGATE_OPEN(programme)

const struct aggregate programme_aggregate = {
    .contract = &programme_contract,
    .life = &programme_life,
    .table = &programmes,
    .case_size = sizeof(struct programme_case),
    .find = programme_find_,
    .load = programme_load_,
    .may = programme_may_,
    .conceal = programme_conceal_,
    .decide = programme_decide_,
    .evolve = programme_evolve_,
    .open = programme_open_,
};
