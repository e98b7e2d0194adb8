/* Where tenants are kept: a row for each. */
#include "tenant/tenant.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table tenants = {TENANTS, &tenant_descriptor, {NULL}};

bool tenant_find(struct txn *txn, const struct tenant_input *in, struct ids *found,
                 struct error *err)
{
    (void)txn;
    switch (in->type) {
    case TENANT_ON_PROGRAMME: return ids_add(found, in->head.id, err);
    case TENANT_ON_ORGANISATION_CLOSED: return ids_add(found, in->head.programme, err);
    case TENANT_ON_ORGANISATION_UNDONE:
        return in->organisation_undone.kind != ORGANISATION_KIND_ASSOCIATION ||
               ids_add(found, in->head.programme, err);
    case TENANT_ON_ORGANISATION_CREATED:
        return in->organisation_created.kind != ORGANISATION_KIND_ASSOCIATION ||
               ids_add(found, in->head.programme, err);
    }
    bug("tenant_find: input type %u", in->type);
}

AGGREGATE_FIND(tenant)
AGGREGATE_EVOLVE(tenant)

const struct aggregate tenant_aggregate = {
    .contract = &tenant_contract,
    .table = &tenants,
    .find = tenant_find_,
    .evolve = tenant_evolve_,
};
