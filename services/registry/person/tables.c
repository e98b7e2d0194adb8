/* Where persons are kept, and what has to be known of others when something is asked of one. */
#include "person/person.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_organisation = {PERSONS_BY_ORGANISATION, {"organisation"}, NULL};
static const struct index by_agency = {PERSONS_BY_AGENCY, {"agency"}, NULL};
static const struct index by_partner = {PERSONS_BY_PARTNER, {"partner"}, NULL};
static const struct index by_programme = {PERSONS_BY_PROGRAMME, {"programme"}, NULL};
static const struct index taking_part = {PERSONS_TAKING_PART, {"roles.organisation"}, NULL};

static bool is_protected(const void *row)
{
    return ((const struct person *)row)->protection != PROTECTION_NONE;
}

static bool is_released(const void *row)
{
    return ((const struct person *)row)->has_kept_until;
}

static const struct index released = {PERSONS_RELEASED, {"programme"}, is_released};

/* Whose case somebody coordinates who is cleared. */
static bool is_guarded(const void *row)
{
    const struct person *person = row;

    return person->state == PERSON_STATE_ACTIVE && person->has_referral && is_protected(row);
}

static bool is_cleared(const void *row)
{
    const struct person *person = row;
    bool is = false;

    for (uint32_t i = 0; i < person->roles.count; i++)
        is |= person->roles.at[i].part == PERSON_PART_COORDINATOR && person->roles.at[i].cleared;
    return is && person->state == PERSON_STATE_ACTIVE;
}

static const struct index guarded_people = {PERSONS_GUARDED, {"programme"}, is_guarded};
static const struct index cleared_people = {PERSONS_CLEARED, {"programme"}, is_cleared};

/* Whether somebody is, without the row: asked of every row of many lists. */
static const struct index protected = {PERSONS_PROTECTED, {"id"}, is_protected};

const struct table persons = {
    PERSONS,
    &person_descriptor,
    {&by_organisation, &by_agency, &by_partner, &by_programme, &taking_part, &protected, &released,
     &guarded_people, &cleared_people},
};

static bool find_first(struct txn *txn, const struct index *index, struct id programme,
                       struct id *first, bool *has, struct error *err)
{
    return index_next(txn, index, &programme, sizeof programme, NULL, first, has, err);
}

bool person_first_guarded(struct txn *txn, struct id programme, struct id *first, bool *has,
                          struct error *err)
{
    return find_first(txn, &guarded_people, programme, first, has, err);
}

bool person_is_any_cleared(struct txn *txn, struct id programme, bool *is_any, struct error *err)
{
    struct id first;

    return find_first(txn, &cleared_people, programme, &first, is_any, err);
}

bool person_find_released(struct txn *txn, struct id programme, const struct id *after,
                          uint32_t most, struct ids *found, struct error *err)
{
    const struct person like = {.programme = programme};

    return index_find(txn, &persons, &released, &like, 1, after, most, found, err);
}

void person_whom_of(struct id organisation, struct whom *whom)
{
    whom_add_by(whom, &by_organisation, organisation);
    whom_add_by(whom, &taking_part, organisation);
}

bool person_guards(struct txn *txn, struct id person, struct guarded *guarded, struct error *err)
{
    struct id whose;
    bool is;

    if (!index_next(txn, &protected, &person, sizeof person, NULL, &whose, &is, err)) return false;
    guarded_add(guarded, is, person);
    return true;
}

bool person_each_mentor_of(struct txn *txn, struct id organisation,
                           bool (*visit)(struct txn *txn, struct id mentor, struct whom *whom,
                                         struct error *err),
                           struct whom *whom, struct error *err)
{
    struct id id, *after = NULL;
    struct person row;
    bool has = true;

    for (; !whom->is_all; after = &id) {
        if (!index_next(txn, &taking_part, &organisation, sizeof organisation, after, &id, &has,
                        err))
            return false;
        if (!has) return true;
        if (!table_get(txn, &persons, id, &row, err)) return false;
        if (person_takes_part_for(&row, PERSON_PART_MENTOR, organisation) &&
            !visit(txn, id, whom, err))
            return false;
    }
    return true;
}

static bool find_each(const struct programme_persons *these, struct ids *found, struct error *err)
{
    for (uint32_t i = 0; i < these->count; i++)
        if (!ids_add(found, these->at[i], err)) return false;
    return true;
}

/* Whom mails do not reach may be an organisation, or have been erased meanwhile. */
static bool find_recipient(struct txn *txn, struct id id, struct ids *found, struct error *err)
{
    struct person row;

    return table_get(txn, &persons, id, &row, err) &&
           (row.state != PERSON_STATE_ACTIVE || ids_add(found, id, err));
}

bool person_find(struct txn *txn, const struct person_input *in, struct ids *found,
                 struct error *err)
{
    if (in->type == PERSON_REGISTER) return true; /* always somebody new */
    switch (in->type) {
    case PERSON_ON_REFERRAL: return ids_add(found, in->referral_whose.person, err);
    case PERSON_ON_RECIPIENT: return find_recipient(txn, in->head.id, found, err);
    case PERSON_ON_PROGRAMME_DAYS_APPLIED:
        return find_each(&in->programme_days_applied.persons, found, err);
    case PERSON_COMMAND: break; /* these say whom they are about */
    }
    bug("person_find: input type %u", in->type);
}
