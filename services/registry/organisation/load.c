/* What deciding about a organisation may read; and the aggregate as a whole. */
#include "organisation/organisation.h"

#include "core/near.h"
#include "fold/aggregate.h"
#include "link/link.h"
#include "referral/referral.h"
#include "store/table.h"
#include "tenancy.h"

static bool load_for_create(struct txn *txn, const struct organisation_input *in,
                            struct organisation_case *c, struct error *err)
{
    const struct organisation_create *ask = &in->organisation_create;

    if (!table_get(txn, &programmes, in->head.programme, &c->programme, err)) return false;
    return !ask->has_parent || table_get(txn, &organisations, ask->parent, &c->parent, err);
}

/* The programme has one association that owns it: who came since is that now. */
static bool load_for_undo(struct txn *txn, struct organisation_case *c, struct error *err)
{
    if (!table_get(txn, &programmes, c->row.programme, &c->programme, err)) return false;
    return c->row.kind != ORGANISATION_KIND_ASSOCIATION || !c->row.has_undo ||
           organisation_has_association_since(txn, c->row.programme, c->row.undo.at,
                                              &c->has_successor, err);
}

/* The association is everybody's, as everybody is its; so is what an organisation is a part of. Of others it knows with whom it
 * looks after somebody, and who refers to it. */
static bool load_for_read(struct txn *txn, const struct head *head, struct organisation_case *c,
                          struct error *err)
{
    const struct knowing who = {.organisation = head->actor.organisation,
                                .person = head->actor.id,
                                .programme = head->programme,
                                .at = head->at,
                                .near = near_of(head)};
    struct organisation own;

    if (!is_bound(&head->actor)) return true;
    if (!table_get(txn, &organisations, who.organisation, &own, err)) return false;
    c->is_known = c->row.kind == ORGANISATION_KIND_ASSOCIATION ||
                  own.kind == ORGANISATION_KIND_ASSOCIATION ||
                  (own.has_parent && id_equal(own.parent, c->row.id));
    return (c->is_known ||
            referral_is_between(txn, c->row.id, who.organisation, &c->is_known, err)) &&
           (c->is_known || link_joins(txn, &who, c->row.id, &c->is_known, err));
}

bool organisation_load(struct txn *txn, struct id id, const struct organisation_input *in,
                       struct organisation_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == ORGANISATION_CREATE && !load_for_create(txn, in, c, err)) return false;
    return table_get(txn, &organisations, id, &c->row, err) &&
           (in->type != ORGANISATION_READ || load_for_read(txn, &in->head, c, err)) &&
           (in->type != ORGANISATION_UNDO || load_for_undo(txn, c, err));
}

AGGREGATE_FIND(organisation)
AGGREGATE_DECIDE(organisation)
AGGREGATE_EVOLVE(organisation)
AGGREGATE_CONCEAL(organisation)
AGGREGATE_OPEN(organisation)

const struct aggregate organisation_aggregate = {
    .contract = &organisation_contract,
    .life = &organisation_life,
    .table = &organisations,
    .case_size = sizeof(struct organisation_case),
    .find = organisation_find_,
    .load = organisation_load_,
    .may = organisation_may_,
    .conceal = organisation_conceal_,
    .decide = organisation_decide_,
    .evolve = organisation_evolve_,
    .open = organisation_open_,
};
