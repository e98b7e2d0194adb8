/* Where affiliations are kept: a row for each who was a mentor. */
#include "affiliation/affiliation.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table affiliations = {AFFILIATIONS, &affiliation_descriptor, {NULL}};

static bool find_mentor(enum person_part part, const struct affiliation_input *in,
                        struct ids *found, struct error *err)
{
    return part != PERSON_PART_MENTOR || ids_add(found, in->head.id, err);
}

/* Of others there is no row, and none is made of one who is erased. */
static bool find_row(struct txn *txn, struct id id, struct ids *found, struct error *err)
{
    struct affiliation row;

    return table_get(txn, &affiliations, id, &row, err) &&
           (!row.has_organisation || ids_add(found, id, err));
}

/* Also of who is of no club: coordinators hear of every mentor. */
static bool find_known(struct txn *txn, struct id id, struct ids *found, struct error *err)
{
    const struct id none = {{0}};
    struct affiliation row;

    return table_get(txn, &affiliations, id, &row, err) &&
           (id_equal(row.id, none) || ids_add(found, id, err));
}

bool affiliation_find(struct txn *txn, const struct affiliation_input *in, struct ids *found,
                      struct error *err)
{
    switch (in->type) {
    case AFFILIATION_ON_PERSON_ROLE_GRANTED:
        return find_mentor(in->person_role_granted.part, in, found, err);
    case AFFILIATION_ON_PERSON_ROLE_ENDED:
        return find_mentor(in->person_role_ended.part, in, found, err);
    case AFFILIATION_ON_PERSON_PROTECTION_CHANGED: return true; /* heard, so that rows are struck */
    case AFFILIATION_ON_PERSON_RESTRICTED:
    case AFFILIATION_ON_PERSON_RESTRICTION_LIFTED: return find_known(txn, in->head.id, found, err);
    case AFFILIATION_ON_PERSON_ERASED: return find_row(txn, in->head.id, found, err);
    }
    bug("affiliation_find: input type %u", in->type);
}

AGGREGATE_FIND(affiliation)
AGGREGATE_EVOLVE(affiliation)

const struct aggregate affiliation_aggregate = {
    .contract = &affiliation_contract,
    .table = &affiliations,
    .find = affiliation_find_,
    .evolve = affiliation_evolve_,
};
