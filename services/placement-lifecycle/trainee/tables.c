/* Where trainees are kept: a row for each, and a way to all of a person's. */
#include "trainee/trainee.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_state = {TRAINEES_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_person = {TRAINEES_BY_PERSON, {"person"}, NULL};
static const struct index by_agency = {TRAINEES_BY_AGENCY, {"agency"}, NULL};

static const struct index by_responsible = {TRAINEES_BY_RESPONSIBLE, {"responsible"}, NULL};

static bool is_protected(const void *row)
{
    return ((const struct trainee *)row)->protection != PROTECTION_NONE;
}

/* Who it is, without the row: asked of every row of many lists. */
static const struct index protected = {TRAINEES_PROTECTED, {"id", "person"}, is_protected};

const struct table trainees = {TRAINEES,
                               &trainee_descriptor,
                               {&by_state, &by_person, &by_agency, &by_responsible, &protected}};

static bool find_known(struct txn *txn, struct id referral, struct ids *found, struct error *err)
{
    struct trainee row;

    if (!table_get(txn, &trainees, referral, &row, err)) return false;
    return row.state == TRAINEE_STATE_NONE || ids_add(found, referral, err);
}

static bool find_wanting(struct txn *txn, const struct trainee_input *in,
                         const struct referral_wants *wants, struct ids *found, struct error *err)
{
    if (trainee_is_wanted(wants)) return ids_add(found, in->head.id, err);
    return in->type == TRAINEE_ON_REFERRAL_ACCEPTED || find_known(txn, in->head.id, found, err);
}

bool trainee_find(struct txn *txn, const struct trainee_input *in, struct ids *found,
                  struct error *err)
{
    const struct trainee like = {.person = in->head.id};

    if (in->type == TRAINEE_ON_REFERRAL_ACCEPTED)
        return find_wanting(txn, in, &in->referral_accepted.wants, found, err);
    if (in->type == TRAINEE_ON_REFERRAL_UPDATED)
        return find_wanting(txn, in, &in->referral_updated.wants_anew, found, err);
    switch (in->type) {
    case TRAINEE_ON_PERSON:
        return index_find(txn, &trainees, &by_person, &like, 1, NULL, IDS_MAX, found, err);
    case TRAINEE_ON_REFERRAL: return find_known(txn, in->head.id, found, err);
    }
    bug("trainee_find: input type %u", in->type);
}

bool trainee_guards(struct txn *txn, struct id referral, struct guarded *guarded, struct error *err)
{
    struct id whose;
    bool is;

    if (!index_next(txn, &protected, &referral, sizeof referral, NULL, &whose, &is, err))
        return false;
    guarded_add(guarded, is, whose);
    return true;
}

bool trainee_find_wards(struct txn *txn, struct id organisation, const struct id *after,
                        struct id *next, bool *has, struct error *err)
{
    return index_next(txn, &by_responsible, &organisation, sizeof organisation, after, next, has,
                      err);
}

static bool trainee_knows(struct txn *txn, const struct trainee *row, const struct knowing *who,
                          bool *is_known, struct error *err)
{
    (void)txn;
    (void)err;
    *is_known = row->has_responsible && id_equal(row->responsible, who->organisation);
    return true;
}

/* Who looks after them tells where they are. */
static bool trainee_guards_(struct txn *txn, const void *row, struct guarded *guarded,
                            struct error *err)
{
    const struct trainee *trainee = row;

    (void)txn;
    (void)err;
    guarded_add(guarded, is_protected(trainee), trainee->person);
    return true;
}

static bool trainee_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                         struct error *err)
{
    (void)txn;
    (void)err;
    whom_add_by(whom, &by_responsible, who->organisation);
    return true;
}

AGGREGATE_FIND(trainee)
AGGREGATE_EVOLVE(trainee)
AGGREGATE_KNOWS(trainee)

const struct aggregate trainee_aggregate = {
    .contract = &trainee_contract,
    .table = &trainees,
    .find = trainee_find_,
    .evolve = trainee_evolve_,
    .knows = trainee_knows_,
    .whom = trainee_whom,
    .guards = trainee_guards_,
};
