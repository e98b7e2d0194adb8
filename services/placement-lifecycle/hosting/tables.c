/* Where it is kept which organisations there are: a row for each. */
#include "hosting/hosting.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table hostings = {HOSTINGS, &hosting_descriptor, {NULL}};

bool hosting_find(struct txn *txn, const struct hosting_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    return ids_add(found, in->head.id, err);
}

AGGREGATE_FIND(hosting)
AGGREGATE_EVOLVE(hosting)

const struct aggregate hosting_aggregate = {
    .contract = &hosting_contract,
    .table = &hostings,
    .find = hosting_find_,
    .evolve = hosting_evolve_,
};
