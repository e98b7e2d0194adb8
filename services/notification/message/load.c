/* What deciding about a message may read; and the aggregate as a whole. */
#include "message/message.h"

#include "fold/aggregate.h"
#include "store/table.h"

/* Who looks after somebody who was referred. */
static bool load_matters(struct txn *txn, struct id person, struct message_case *c,
                         struct error *err)
{
    struct ids found = {0};

    if (!matter_find_about(txn, person, &found, err)) return false;
    for (uint32_t i = 0; i < found.count; i++)
        if (!table_get(txn, &matters, found.at[i], &c->matters[c->matters_count++], err))
            return false;
    return true;
}

bool message_load(struct txn *txn, struct id id, const struct message_input *in,
                  struct message_case *c, struct error *err)
{
    const struct id *mentor = message_mentor(in), *referral = message_referral(in),
                    *person = message_person(in);

    memset(c, 0, sizeof *c);
    if (!table_get(txn, &tenants, in->head.programme, &c->tenant, err)) return false;
    if (mentor != NULL && !table_get(txn, &affiliations, *mentor, &c->affiliation, err))
        return false;
    if (person != NULL && !load_matters(txn, *person, c, err)) return false;
    if (referral != NULL && !table_get(txn, &matters, *referral, &c->matter, err)) return false;
    if (message_is_of_mentorship(in->type)) return table_get(txn, &requests, id, &c->request, err);
    return !message_tells_partner(in->type) || referral == NULL ||
           outlet_find_active(txn, c->matter.partner, &c->outlets, err);
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
