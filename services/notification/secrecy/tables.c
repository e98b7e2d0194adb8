/* Where that is kept: a row for each who came under protection or was erased. */
#include "secrecy/secrecy.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table secrecies = {SECRECIES, &secrecy_descriptor, {NULL}};

bool secrecy_find(struct txn *txn, const struct secrecy_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    return ids_add(found, in->head.id, err);
}

AGGREGATE_FIND(secrecy)
AGGREGATE_EVOLVE(secrecy)

const struct aggregate secrecy_aggregate = {
    .contract = &secrecy_contract,
    .table = &secrecies,
    .find = secrecy_find_,
    .evolve = secrecy_evolve_,
};
