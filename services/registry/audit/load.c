/* What deciding about a note may read; and the aggregate as a whole. */
#include "audit/audit.h"

#include "fold/aggregate.h"
#include "store/table.h"

/* Ids are made once, so it matters not as what it was asked for: what has none of these rows concerns nobody that is known
 * here. */
bool audit_load(struct txn *txn, struct id id, const struct audit_input *in, struct audit_case *c,
                struct error *err)
{
    const struct id about = in->type == AUDIT_NOTE ? in->audit_note.about : (struct id){{0}};

    memset(c, 0, sizeof *c);
    return table_get(txn, &audits, id, &c->row, err) &&
           table_get(txn, &persons, about, &c->person, err) &&
           table_get(txn, &referrals, about, &c->referral, err) &&
           table_get(txn, &links, about, &c->link, err);
}

AGGREGATE_FIND(audit)
AGGREGATE_DECIDE(audit)
AGGREGATE_EVOLVE(audit)

const struct aggregate audit_aggregate = {
    .contract = &audit_contract,
    .life = &audit_life,
    .table = &audits,
    .case_size = sizeof(struct audit_case),
    .find = audit_find_,
    .load = audit_load_,
    .decide = audit_decide_,
    .evolve = audit_evolve_,
};
