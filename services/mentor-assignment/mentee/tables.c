/* Where mentees are kept: a row for each, and ways to those who seek, to all of a person's and of who is responsible. */
#include "mentee/mentee.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static bool is_seeking(const void *row)
{
    return mentee_is_seeking(row);
}

static const struct index by_state = {MENTEES_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_person = {MENTEES_BY_PERSON, {"person"}, NULL};
static const struct index seeking = {MENTEES_SEEKING, {"programme"}, is_seeking};
static const struct index by_responsible = {MENTEES_BY_RESPONSIBLE, {"responsible"}, NULL};

static bool is_protected(const void *row)
{
    return ((const struct mentee *)row)->protection != PROTECTION_NONE;
}

/* Who it is, without the row: asked of every row of many lists. */
static const struct index protected = {MENTEES_PROTECTED, {"id", "person"}, is_protected};

const struct table mentees = {
    MENTEES, &mentee_descriptor, {&by_state, &by_person, &seeking, &by_responsible, &protected}};

void mentee_whom_wards(struct id organisation, struct whom *whom)
{
    whom_add_by(whom, &by_responsible, organisation);
}

bool mentee_find_wards(struct txn *txn, struct id organisation, const struct id *after,
                       struct id *next, bool *has, struct error *err)
{
    return index_next(txn, &by_responsible, &organisation, sizeof organisation, after, next, has,
                      err);
}

static bool find_known(struct txn *txn, struct id referral, struct ids *found, struct error *err)
{
    struct mentee row;

    if (!table_get(txn, &mentees, referral, &row, err)) return false;
    return row.state == MENTEE_STATE_NONE || ids_add(found, referral, err);
}

static bool find_wanting(struct txn *txn, const struct mentee_input *in,
                         const struct referral_wants *wants, struct ids *found, struct error *err)
{
    if (mentee_is_wanted(wants)) return ids_add(found, in->head.id, err);
    return in->type == MENTEE_ON_REFERRAL_ACCEPTED || find_known(txn, in->head.id, found, err);
}

static bool find_person(struct txn *txn, struct id person, struct ids *found, struct error *err)
{
    const struct mentee like = {.person = person};

    return index_find(txn, &mentees, &by_person, &like, 1, NULL, IDS_MAX, found, err);
}

bool mentee_find(struct txn *txn, const struct mentee_input *in, struct ids *found,
                 struct error *err)
{
    if (in->type == MENTEE_ON_REFERRAL_ACCEPTED)
        return find_wanting(txn, in, &in->referral_accepted.wants, found, err);
    if (in->type == MENTEE_ON_REFERRAL_UPDATED)
        return find_wanting(txn, in, &in->referral_updated.wants_anew, found, err);
    switch (in->type) {
    case MENTEE_COMMAND: break; /* these say whom they are about */
    case MENTEE_ON_REFERRAL: return find_known(txn, in->head.id, found, err);
    case MENTEE_ON_PERSON: return find_person(txn, in->head.id, found, err);
    case MENTEE_ON_MENTORSHIP: return find_known(txn, in->mentorship_whose.referral, found, err);
    }
    bug("mentee_find: input type %u", in->type);
}

bool mentee_guards(struct txn *txn, struct id referral, struct guarded *guarded, struct error *err)
{
    struct id whose;
    bool is;

    if (!index_next(txn, &protected, &referral, sizeof referral, NULL, &whose, &is, err))
        return false;
    guarded_add(guarded, is, whose);
    return true;
}

bool mentee_find_seeking(struct txn *txn, struct id programme, const struct id *after,
                         uint32_t most, struct ids *found, struct error *err)
{
    const struct mentee like = {.programme = programme};

    return index_find(txn, &mentees, &seeking, &like, 1, after, most, found, err);
}
