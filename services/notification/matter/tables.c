/* Where matters are kept: a row for each. */
#include "matter/matter.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

const struct table matters = {MATTERS, &matter_descriptor, {NULL}};

bool matter_find(struct txn *txn, const struct matter_input *in, struct ids *found,
                 struct error *err)
{
    (void)txn;
    switch (in->type) {
    case MATTER_ON_REFERRAL: return ids_add(found, in->head.id, err);
    case MATTER_ON_PERSON_HIDDEN:
        return !in->person_hidden.has_referral || ids_add(found, in->person_hidden.referral, err);
    case MATTER_ON_PERSON_SHOWN:
        return !in->person_shown.has_referral || ids_add(found, in->person_shown.referral, err);
    case MATTER_ON_PERSON_ERASED:
        return !in->person_erased.has_referral || ids_add(found, in->person_erased.referral, err);
    case MATTER_ON_PERSON_RESTRICTED:
        return !in->person_restricted.has_referral ||
               ids_add(found, in->person_restricted.referral, err);
    case MATTER_ON_PERSON_RESTRICTION_LIFTED:
        return !in->person_restriction_lifted.has_referral ||
               ids_add(found, in->person_restriction_lifted.referral, err);
    }
    bug("matter_find: input type %u", in->type);
}

AGGREGATE_FIND(matter)
AGGREGATE_EVOLVE(matter)

const struct aggregate matter_aggregate = {
    .contract = &matter_contract,
    .table = &matters,
    .find = matter_find_,
    .evolve = matter_evolve_,
};
