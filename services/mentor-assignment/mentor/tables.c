/* Where mentors are kept: a row for each, and a way to those whom offers can be made to. */
#include "mentor/mentor.h"

#include "fold/aggregate.h"
#include "mentorship/mentorship.h"
#include "store/table.h"
#include "tables.h"

static bool is_available(const void *row)
{
    const struct mentor *mentor = row;

    return mentor->state == MENTOR_STATE_ACTIVE && mentor->capacity > 0 && !mentor->restricted;
}

static const struct index by_state = {MENTORS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_organisation = {MENTORS_BY_ORGANISATION, {"organisation"}, NULL};
static const struct index available = {MENTORS_AVAILABLE, {"programme"}, is_available};

static bool is_protected(const void *row)
{
    const struct mentor *mentor = row;

    return mentor->has_protection && mentor->protection != PROTECTION_NONE;
}

/* Whether somebody is, without the row: asked of every row of many lists. */
static const struct index protected = {MENTORS_PROTECTED, {"id"}, is_protected};

const struct table mentors = {
    MENTORS, &mentor_descriptor, {&by_state, &by_organisation, &available, &protected}};

bool mentor_guards_of(struct txn *txn, struct id mentor, struct guarded *guarded, struct error *err)
{
    struct id whose;
    bool is;

    if (!index_next(txn, &protected, &mentor, sizeof mentor, NULL, &whose, &is, err)) return false;
    guarded_add(guarded, is, mentor);
    return true;
}

static bool find_known(struct txn *txn, struct id person, struct ids *found, struct error *err)
{
    struct mentor row;

    if (!table_get(txn, &mentors, person, &row, err)) return false;
    return row.state == MENTOR_STATE_NONE || ids_add(found, person, err);
}

bool mentor_find(struct txn *txn, const struct mentor_input *in, struct ids *found,
                 struct error *err)
{
    switch (in->type) {
    case MENTOR_ON_PERSON_ROLE_GRANTED:
        if (in->person_role_granted.part != PERSON_PART_MENTOR) return true;
        return ids_add(found, in->head.id, err);
    case MENTOR_ON_PERSON_CLEARANCE_CONFIRMED:
        if (in->person_clearance_confirmed.part != PERSON_PART_MENTOR) return true;
        return find_known(txn, in->head.id, found, err);
    case MENTOR_ON_PERSON_ROLE_ENDED:
        if (in->person_role_ended.part != PERSON_PART_MENTOR) return true;
        return find_known(txn, in->head.id, found, err);
    case MENTOR_ON_PERSON_PROTECTION_CHANGED:
    case MENTOR_ON_PERSON_CONSENT_GIVEN:
    case MENTOR_ON_PERSON_CONSENT_WITHDRAWN:
    case MENTOR_ON_PERSON_RESTRICTED:
    case MENTOR_ON_PERSON_RESTRICTION_LIFTED:
    case MENTOR_ON_PERSON_HIDDEN:
    case MENTOR_ON_PERSON_THINNED:
    case MENTOR_ON_PERSON_SHOWN:
    case MENTOR_ON_PERSON_ERASED: return find_known(txn, in->head.id, found, err);
    case MENTOR_COMMAND: break; /* these say whom they are about */
    }
    bug("mentor_find: input type %u", in->type);
}

bool mentor_find_available(struct txn *txn, struct id programme, const struct id *after,
                           struct ids *found, struct error *err)
{
    const struct mentor like = {.programme = programme};

    return index_find(txn, &mentors, &available, &like, 1, after, IDS_MAX, found, err);
}

bool mentor_find_of(struct txn *txn, struct id organisation, const struct id *after,
                    struct ids *found, struct error *err)
{
    const struct mentor like = {.has_organisation = true, .organisation = organisation};

    return index_find(txn, &mentors, &by_organisation, &like, 1, after, IDS_MAX, found, err);
}

bool mentor_is_of(struct txn *txn, struct id mentor, struct id organisation, bool *is,
                  struct error *err)
{
    struct mentor row;

    if (!table_get(txn, &mentors, mentor, &row, err)) return false;
    *is = row.has_organisation && id_equal(row.organisation, organisation);
    return true;
}

bool mentor_whom(struct txn *txn, struct id organisation, struct whom *whom, struct error *err)
{
    struct ids found = {.count = IDS_MAX};
    struct id after;

    for (const struct id *behind = NULL; found.count == IDS_MAX && !whom->is_all; behind = &after) {
        found.count = 0;
        if (!mentor_find_of(txn, organisation, behind, &found, err)) return false;
        for (uint32_t i = 0; i < found.count; i++)
            whom_add(whom, found.at[i]);
        if (found.count > 0) after = found.at[found.count - 1];
    }
    return true;
}
