/* Where supervisions are kept: a row for each placement that has or had a supervisor. */
#include "supervision/supervision.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static bool is_current(const void *row)
{
    return ((const struct supervision *)row)->state == SUPERVISION_STATE_CURRENT;
}

static const struct index current = {
    SUPERVISIONS_CURRENT, {"participant", "supervisor"}, is_current};

const struct table supervisions = {SUPERVISIONS, &supervision_descriptor, {&current}};

static bool find_known(struct txn *txn, struct id placement, struct ids *found, struct error *err)
{
    struct supervision row;

    if (!table_get(txn, &supervisions, placement, &row, err)) return false;
    return row.state == SUPERVISION_STATE_NONE || ids_add(found, placement, err);
}

bool supervision_find(struct txn *txn, const struct supervision_input *in, struct ids *found,
                      struct error *err)
{
    if (in->type == SUPERVISION_ON_PLACEMENT_REQUIREMENT_MET)
        return in->placement_requirement_met.kind != PLACEMENT_REQUIREMENT_SUPERVISOR ||
               ids_add(found, in->head.id, err);
    switch (in->type) {
    case SUPERVISION_ON_PLACEMENT: return find_known(txn, in->head.id, found, err);
    }
    bug("supervision_find: input type %u", in->type);
}

bool supervision_is_between(struct txn *txn, struct id supervisor, struct id participant,
                            bool *is_so, struct error *err)
{
    const struct supervision like = {.participant = participant, .supervisor = supervisor};
    int64_t number;

    if (!index_count(txn, &supervisions, &current, &like, 2, 1, &number, err)) return false;
    *is_so = number > 0;
    return true;
}

bool supervision_find_of(struct txn *txn, struct id participant, struct ids *found,
                         struct error *err)
{
    const struct supervision like = {.participant = participant};

    return index_find(txn, &supervisions, &current, &like, 1, NULL, IDS_MAX, found, err);
}

AGGREGATE_FIND(supervision)
AGGREGATE_EVOLVE(supervision)

const struct aggregate supervision_aggregate = {
    .contract = &supervision_contract,
    .table = &supervisions,
    .find = supervision_find_,
    .evolve = supervision_evolve_,
};
