/* Where requests are kept: a row for each. */
#include "request/request.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table requests = {REQUESTS, &request_descriptor, {NULL}};

bool request_find(struct txn *txn, const struct request_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    return ids_add(found, in->head.id, err);
}

AGGREGATE_FIND(request)
AGGREGATE_EVOLVE(request)

const struct aggregate request_aggregate = {
    .contract = &request_contract,
    .table = &requests,
    .find = request_find_,
    .evolve = request_evolve_,
};
