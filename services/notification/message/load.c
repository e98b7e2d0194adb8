/* What deciding about a message may read; and the aggregate as a whole. */
#include "message/message.h"

#include "fold/aggregate.h"
#include "store/table.h"

bool message_load(struct txn *txn, struct id id, const struct message_input *in,
                  struct message_case *c, struct error *err)
{
    const struct id *mentor = message_mentor(in), *referral = message_referral(in);

    memset(c, 0, sizeof *c);
    if (mentor != NULL && (!table_get(txn, &affiliations, *mentor, &c->affiliation, err) ||
                           !table_get(txn, &tenants, in->head.programme, &c->tenant, err)))
        return false;
    if (referral != NULL && !table_get(txn, &matters, *referral, &c->matter, err)) return false;
    if (message_is_of_mentorship(in->type)) return table_get(txn, &requests, id, &c->request, err);
    if (!message_tells_partner(in->type) || referral == NULL) return true;
    return outlet_find_active(txn, c->matter.partner, &c->outlets, err);
}

AGGREGATE_FIND(message)
AGGREGATE_DECIDE(message)
AGGREGATE_EVOLVE(message)

const struct aggregate message_aggregate = {
    .contract = &message_contract,
    .table = &messages,
    .case_size = sizeof(struct message_case),
    .find = message_find_,
    .load = message_load_,
    .decide = message_decide_,
    .evolve = message_evolve_,
};
