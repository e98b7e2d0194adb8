/* Where matters are kept: a row for each, and a way to those about a person. */
#include "matter/matter.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_person = {MATTERS_BY_PERSON, {"person"}, NULL};

const struct table matters = {MATTERS, &matter_descriptor, {&by_person}};

bool matter_find(struct txn *txn, const struct matter_input *in, struct ids *found,
                 struct error *err)
{
    (void)txn;
    switch (in->type) {
    case MATTER_ON_REFERRAL: return ids_add(found, in->head.id, err);
    case MATTER_ON_PERSON_HIDDEN:
        return !in->person_hidden.has_referral || ids_add(found, in->person_hidden.referral, err);
    case MATTER_ON_PERSON_THINNED: return true; /* of nothing that is kept here, but the journal */
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

bool matter_find_about(struct txn *txn, struct id person, struct ids *found, struct error *err)
{
    const struct matter like = {.has_person = true, .person = person};

    return index_find(txn, &matters, &by_person, &like, 1, NULL, MATTERS_OF_ONE, found, err);
}

AGGREGATE_FIND(matter)
AGGREGATE_EVOLVE(matter)

const struct aggregate matter_aggregate = {
    .contract = &matter_contract,
    .table = &matters,
    .find = matter_find_,
    .evolve = matter_evolve_,
};
