/* Where clearances are kept: a row for each coordinator, and a way to those of a programme who are cleared. */
#include "clearance/clearance.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static bool is_cleared(const void *row)
{
    return ((const struct clearance *)row)->has_cleared;
}

static const struct index of_programme = {CLEARANCES_OF_PROGRAMME, {"programme"}, is_cleared};

const struct table clearances = {CLEARANCES, &clearance_descriptor, {&of_programme}};

static bool find_coordinator(enum person_part part, const struct clearance_input *in,
                             struct ids *found, struct error *err)
{
    return part != PERSON_PART_COORDINATOR || ids_add(found, in->head.id, err);
}

/* Of who never coordinated there is no row, and none is made. */
static bool find_row(struct txn *txn, struct id id, struct ids *found, struct error *err)
{
    struct clearance row;

    return table_get(txn, &clearances, id, &row, err) &&
           (!id_equal(row.id, id) || ids_add(found, id, err));
}

bool clearance_find(struct txn *txn, const struct clearance_input *in, struct ids *found,
                    struct error *err)
{
    switch (in->type) {
    case CLEARANCE_ON_PERSON_ROLE_GRANTED:
        return find_coordinator(in->person_role_granted.part, in, found, err);
    case CLEARANCE_ON_PERSON_CLEARANCE_CONFIRMED:
        return find_coordinator(in->person_clearance_confirmed.part, in, found, err);
    case CLEARANCE_ON_PERSON_ROLE_ENDED:
        return find_coordinator(in->person_role_ended.part, in, found, err);
    case CLEARANCE_ON_PERSON_ERASED: return find_row(txn, in->head.id, found, err);
    }
    bug("clearance_find: input type %u", in->type);
}

bool clearance_find_all(struct txn *txn, struct id programme, const struct id *after,
                        struct ids *found, struct error *err)
{
    const struct clearance like = {.programme = programme};

    return index_find(txn, &clearances, &of_programme, &like, 1, after, IDS_MAX, found, err);
}

AGGREGATE_FIND(clearance)
AGGREGATE_EVOLVE(clearance)

const struct aggregate clearance_aggregate = {
    .contract = &clearance_contract,
    .table = &clearances,
    .find = clearance_find_,
    .evolve = clearance_evolve_,
};
