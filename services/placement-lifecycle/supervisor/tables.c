/* Where supervisors are kept: a row for each. */
#include "supervisor/supervisor.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_organisation = {SUPERVISORS_BY_ORGANISATION, {"organisation"}, NULL};
static const struct index by_programme = {SUPERVISORS_BY_PROGRAMME, {"programme"}, NULL};

static bool is_protected(const void *row)
{
    const struct supervisor *supervisor = row;

    return supervisor->has_protection && supervisor->protection != PROTECTION_NONE;
}

/* Whether somebody is, without the row: asked of every row of many lists. */
static const struct index protected = {SUPERVISORS_PROTECTED, {"id"}, is_protected};

const struct table supervisors = {
    SUPERVISORS, &supervisor_descriptor, {&by_organisation, &by_programme, &protected}};

void supervisor_whom_of(struct id organisation, struct whom *whom)
{
    whom_add_by(whom, &by_organisation, organisation);
}

bool supervisor_guards_of(struct txn *txn, struct id supervisor, struct guarded *guarded,
                          struct error *err)
{
    struct id whose;
    bool is;

    if (!index_next(txn, &protected, &supervisor, sizeof supervisor, NULL, &whose, &is, err))
        return false;
    guarded_add(guarded, is, supervisor);
    return true;
}

static bool find_known(struct txn *txn, struct id person, struct ids *found, struct error *err)
{
    struct supervisor row;

    if (!table_get(txn, &supervisors, person, &row, err)) return false;
    return row.state == SUPERVISOR_STATE_NONE || ids_add(found, person, err);
}

bool supervisor_find(struct txn *txn, const struct supervisor_input *in, struct ids *found,
                     struct error *err)
{
    switch (in->type) {
    case SUPERVISOR_ON_PERSON_ROLE_GRANTED:
        if (in->person_role_granted.part != PERSON_PART_SUPERVISOR) return true;
        return ids_add(found, in->head.id, err);
    case SUPERVISOR_ON_PERSON_CLEARANCE_CONFIRMED:
        if (in->person_clearance_confirmed.part != PERSON_PART_SUPERVISOR) return true;
        return find_known(txn, in->head.id, found, err);
    case SUPERVISOR_ON_PERSON_ROLE_ENDED:
        if (in->person_role_ended.part != PERSON_PART_SUPERVISOR) return true;
        return find_known(txn, in->head.id, found, err);
    case SUPERVISOR_ON_PERSON_PROTECTION_CHANGED:
    case SUPERVISOR_ON_PERSON_RESTRICTED:
    case SUPERVISOR_ON_PERSON_RESTRICTION_LIFTED:
    case SUPERVISOR_ON_PERSON_ERASED: return find_known(txn, in->head.id, found, err);
    }
    bug("supervisor_find: input type %u", in->type);
}
