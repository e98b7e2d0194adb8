/* Where consents are kept: a row for each person who was asked. */
#include "consent/consent.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table consents = {CONSENTS, &consent_descriptor, {NULL}};

bool consent_find(struct txn *txn, const struct consent_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    switch (in->type) {
    case CONSENT_ON_PERSON: return ids_add(found, in->head.id, err);
    }
    bug("consent_find: input type %u", in->type);
}

bool consent_is_given(struct txn *txn, struct id person, bool *is_given, struct error *err)
{
    struct consent row;

    if (!table_get(txn, &consents, person, &row, err)) return false;
    *is_given = row.wishes;
    return true;
}

AGGREGATE_FIND(consent)
AGGREGATE_EVOLVE(consent)

const struct aggregate consent_aggregate = {
    .contract = &consent_contract,
    .table = &consents,
    .find = consent_find_,
    .evolve = consent_evolve_,
};
