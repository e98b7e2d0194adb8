/* Where that is kept: a row for each. */
#include "progress/progress.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table progresses = {PROGRESSES, &progress_descriptor, {NULL}};

bool progress_find(struct txn *txn, const struct progress_input *in, struct ids *found,
                   struct error *err)
{
    (void)txn;
    return ids_add(found, in->head.id, err);
}

AGGREGATE_FIND(progress)
AGGREGATE_EVOLVE(progress)

const struct aggregate progress_aggregate = {
    .contract = &progress_contract,
    .table = &progresses,
    .find = progress_find_,
    .evolve = progress_evolve_,
};
