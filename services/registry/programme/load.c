/* What deciding about a programme may read; and the aggregate as a whole. */
#include "programme/programme.h"

#include "fold/aggregate.h"
#include "person/person.h"
#include "referral/referral.h"
#include "store/table.h"

static bool load_released(struct txn *txn, struct programme_case *c, struct error *err)
{
    const uint32_t most = sizeof((struct programme_persons *)0)->at / sizeof c->released.at[0];

    if (!person_find_released(txn, c->row.id, c->row.has_applied_to ? &c->row.applied_to : NULL,
                              most + 1, &c->released, err))
        return false;
    c->has_more = c->released.count > most;
    if (c->has_more) c->released.count = most;
    return true;
}

static bool load_cleared(struct txn *txn, struct id programme, struct programme_case *c,
                         struct error *err)
{
    return person_is_any_cleared(txn, programme, &c->is_any_cleared, err) &&
           person_first_guarded(txn, programme, &c->guarded, &c->is_any_guarded, err);
}

static bool is_about_clearance(enum programme_input_type type)
{
    return type == PROGRAMME_LOOK_FOR_CLEARED ||
           (!programme_is_command(type) && type != PROGRAMME_ON_RECIPIENT_LOST &&
            type != PROGRAMME_ON_RECIPIENT_FOUND);
}

bool programme_load(struct txn *txn, struct id id, const struct programme_input *in,
                    struct programme_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == PROGRAMME_CREATE &&
        (!programme_is_slug_taken(txn, in->programme_create.slug, &c->is_slug_taken, err) ||
         !programme_is_any(txn, &c->is_any, err)))
        return false;
    if (in->type == PROGRAMME_CHANGE &&
        !referral_find_first(txn, id, &c->has_referred, &c->referred_at, err))
        return false;
    return table_get(txn, &programmes, id, &c->row, err) &&
           (!is_about_clearance(in->type) || load_cleared(txn, id, c, err)) &&
           (in->type != PROGRAMME_APPLY_DAYS || load_released(txn, c, err));
}

AGGREGATE_FIND(programme)
AGGREGATE_DECIDE(programme)
AGGREGATE_EVOLVE(programme)
AGGREGATE_CONCEAL(programme)
AGGREGATE_DUE(programme)
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
    .due = programme_due_,
    .open = programme_open_,
};
