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

/* None is made of who is erased. */
static bool find_known(struct txn *txn, struct id person, struct ids *found, struct error *err)
{
    struct party row;

    return table_get(txn, &parties, person, &row, err) &&
           (!id_equal(row.id, person) || ids_add(found, person, err));
}

bool party_find(struct txn *txn, const struct party_input *in, struct ids *found, struct error *err)
{
    switch (in->type) {
    case PARTY_ON_PERSON_ROLE_GRANTED:
        return find_part(in->person_role_granted.part, in->head.id, found, err);
    case PARTY_ON_PERSON_ROLE_ENDED:
        return find_part(in->person_role_ended.part, in->head.id, found, err);
    case PARTY_ON_PERSON_ERASED: return find_known(txn, in->head.id, found, err);
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
