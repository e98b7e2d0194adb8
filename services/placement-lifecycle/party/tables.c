/* Where it is kept for whom people stand: a row for each who may stand for a host. */
#include "party/party.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table parties = {PARTIES, &party_descriptor, {NULL}};

static bool find_part(enum person_part part, struct id person, struct ids *found, struct error *err)
{
    const bool stands = part == PERSON_PART_SIGNATORY || part == PERSON_PART_SUPERVISOR ||
                        part == PERSON_PART_COORDINATOR;

    return !stands || ids_add(found, person, err);
}

bool party_find(struct txn *txn, const struct party_input *in, struct ids *found, struct error *err)
{
    (void)txn;
    switch (in->type) {
    case PARTY_ON_PERSON_ROLE_GRANTED:
        return find_part(in->person_role_granted.part, in->head.id, found, err);
    case PARTY_ON_PERSON_ROLE_ENDED:
        return find_part(in->person_role_ended.part, in->head.id, found, err);
    case PARTY_ON_PERSON_ERASED: return ids_add(found, in->head.id, err); /* makes no row */
    }
    bug("party_find: input type %u", in->type);
}

AGGREGATE_FIND(party)
AGGREGATE_EVOLVE(party)

const struct aggregate party_aggregate = {
    .contract = &party_contract,
    .table = &parties,
    .find = party_find_,
    .evolve = party_evolve_,
};
