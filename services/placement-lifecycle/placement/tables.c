/* Where placements are kept: a row for each, the seats that they take, and ways to the open ones
 * from everybody they are about. */
#include "placement/placement.h"

#include "fold/aggregate.h"
#include "mentoring/mentoring.h"
#include "store/table.h"
#include "tables.h"

static bool is_open(const void *row)
{
    return placement_is_open(((const struct placement *)row)->state);
}

static bool is_supervised(const void *row)
{
    return placement_is_supervised(((const struct placement *)row)->state);
}

static const struct index by_state = {PLACEMENTS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_referral = {PLACEMENTS_BY_REFERRAL, {"programme", "referral"}, NULL};
static const struct index by_posting = {PLACEMENTS_BY_POSTING, {"posting"}, NULL};
static const struct index seats = {PLACEMENTS_SEATS, {"posting"}, is_open};
static const struct index open_by_participant = {
    PLACEMENTS_OPEN_BY_PARTICIPANT, {"participant"}, is_open};
static const struct index open_by_referral = {PLACEMENTS_OPEN_BY_REFERRAL, {"referral"}, is_open};
static const struct index open_by_supervisor = {
    PLACEMENTS_OPEN_BY_SUPERVISOR, {"supervisor"}, is_supervised};
static const struct index by_agency = {PLACEMENTS_BY_AGENCY, {"agency"}, NULL};
static const struct index by_host = {PLACEMENTS_BY_HOST, {"host"}, NULL};
static const struct index by_supervisor = {PLACEMENTS_BY_SUPERVISOR, {"supervisor"}, NULL};
static const struct index by_participant = {PLACEMENTS_BY_PARTICIPANT, {"participant"}, NULL};
static const struct index its_referral = {PLACEMENTS_REFERRAL, {"id", "referral"}, NULL};
static const struct index its_supervisor = {PLACEMENTS_SUPERVISOR, {"id", "supervisor"}, NULL};

const struct table placements = {
    PLACEMENTS,
    &placement_descriptor,
    {&by_state, &by_referral, &by_posting, &seats, &open_by_participant, &open_by_referral,
     &open_by_supervisor, &by_agency, &by_host, &by_supervisor, &by_participant, &its_referral,
     &its_supervisor},
};

bool placement_guards_of(struct txn *txn, struct id placement, struct guarded *guarded,
                         struct error *err)
{
    struct id referral, supervisor;
    bool has, is_supervised_now;

    return index_next(txn, &its_referral, &placement, sizeof placement, NULL, &referral, &has,
                      err) &&
           (!has || trainee_guards(txn, referral, guarded, err)) &&
           index_next(txn, &its_supervisor, &placement, sizeof placement, NULL, &supervisor,
                      &is_supervised_now, err) &&
           (!is_supervised_now || supervisor_guards_of(txn, supervisor, guarded, err));
}

static bool find(struct txn *txn, const struct index *index, const struct placement *like,
                 struct ids *found, struct error *err)
{
    return index_find(txn, &placements, index, like, 1, NULL, IDS_MAX, found, err);
}

static bool find_part(struct txn *txn, struct id person, enum person_part part, struct ids *found,
                      struct error *err)
{
    const struct placement like = {
        .participant = person, .has_supervisor = true, .supervisor = person};

    if (part == PERSON_PART_SUPERVISOR) return find(txn, &open_by_supervisor, &like, found, err);
    if (part != PERSON_PART_PARTICIPANT) return true;
    return find(txn, &open_by_participant, &like, found, err);
}

bool placement_find(struct txn *txn, const struct placement_input *in, struct ids *found,
                    struct error *err)
{
    const struct placement like = {.referral = in->head.id};

    if (in->type == PLACEMENT_PLAN) return true; /* always another one */
    switch (in->type) {
    case PLACEMENT_COMMAND: break; /* these say which one they are about */
    case PLACEMENT_ON_PERSON_ROLE_ENDED:
        return find_part(txn, in->head.id, in->person_role_ended.part, found, err);
    case PLACEMENT_ON_PERSON_HIDDEN: return placement_find_supervised(txn, in->head.id, found, err);
    case PLACEMENT_ON_PERSON_ERASED:
        return find_part(txn, in->head.id, PERSON_PART_PARTICIPANT, found, err) &&
               find_part(txn, in->head.id, PERSON_PART_SUPERVISOR, found, err);
    case PLACEMENT_ON_REFERRAL: return find(txn, &open_by_referral, &like, found, err);
    }
    bug("placement_find: input type %u", in->type);
}

bool placement_count_seats(struct txn *txn, struct id posting, int64_t *taken, struct error *err)
{
    const struct placement like = {.posting = posting};

    return index_count(txn, &placements, &seats, &like, 1, INT64_MAX, taken, err);
}

bool placement_is_any_open(struct txn *txn, struct id participant, bool *is_any, struct error *err)
{
    const struct placement like = {.participant = participant};
    int64_t open;

    if (!index_count(txn, &placements, &open_by_participant, &like, 1, 1, &open, err)) return false;
    *is_any = open > 0;
    return true;
}

static bool is_agreed_at(const struct placement *row, struct id posting)
{
    return id_equal(row->posting, posting) && row->agreement &&
           row->state != PLACEMENT_STATE_CANCELLED && row->state != PLACEMENT_STATE_NO_SHOW;
}

bool placement_find_of(struct txn *txn, struct id participant, struct ids *found, struct error *err)
{
    const struct placement like = {.participant = participant};

    return index_find(txn, &placements, &by_participant, &like, 1, NULL, IDS_MAX, found, err);
}

bool placement_find_supervised(struct txn *txn, struct id participant, struct ids *found,
                               struct error *err)
{
    struct placement row;
    struct ids all = {0};

    if (!placement_find_of(txn, participant, &all, err)) return false;
    for (uint32_t i = 0; i < all.count; i++)
        if (!table_get(txn, &placements, all.at[i], &row, err) ||
            (is_supervised(&row) && !ids_add(found, all.at[i], err)))
            return false;
    return true;
}

/* Who may have kept what a participant shows who is protected is not told by it where they are. */
static bool is_agreed_for(struct txn *txn, const struct placement *row, const struct knowing *who,
                          bool *is, struct error *err)
{
    struct guarded guarded = {.sake = row->participant};

    if (!placement_guards_of(txn, row->id, &guarded, err)) return false;
    *is = near_row(&who->near, &guarded);
    return true;
}

bool placement_is_agreed(struct txn *txn, const struct knowing *who, struct id posting,
                         bool *is_agreed, struct error *err)
{
    struct placement row;
    struct ids found = {0};

    *is_agreed = false;
    if (!placement_find_of(txn, who->person, &found, err)) return false;
    for (uint32_t i = 0; i < found.count && !*is_agreed; i++) {
        if (!table_get(txn, &placements, found.at[i], &row, err)) return false;
        if (is_agreed_at(&row, posting) && !is_agreed_for(txn, &row, who, is_agreed, err))
            return false;
    }
    return true;
}

bool placement_is_known_to(struct txn *txn, const struct trainee *trainee, struct id organisation,
                           bool *is_known, struct error *err)
{
    struct placement row = {.programme = trainee->programme, .referral = trainee->id};
    struct ids found = {0};

    *is_known = trainee->has_responsible && id_equal(trainee->responsible, organisation);
    if (!index_find(txn, &placements, &by_referral, &row, 2, NULL, IDS_MAX, &found, err))
        return false;
    for (uint32_t i = 0; i < found.count && !*is_known; i++) {
        if (!table_get(txn, &placements, found.at[i], &row, err)) return false;
        *is_known = id_equal(row.host, organisation);
    }
    return true;
}

/* Nothing came of one that was called off. */
static bool takes_place(const struct placement *row)
{
    return row->state != PLACEMENT_STATE_CANCELLED && row->state != PLACEMENT_STATE_NO_SHOW;
}

static bool is_wards(struct txn *txn, const struct placement *row, const struct knowing *who,
                     bool *is, struct error *err)
{
    struct guarded guarded = {.sake = row->participant};
    struct trainee trainee;

    if (!table_get(txn, &trainees, row->referral, &trainee, err) ||
        !placement_guards_of(txn, row->id, &guarded, err))
        return false;
    *is = takes_place(row) && trainee.has_responsible &&
          id_equal(trainee.responsible, who->organisation) && near_row(&who->near, &guarded);
    return true;
}

static bool has_ward(struct txn *txn, const struct index *index, struct id of,
                     const struct knowing *who, bool *has, struct error *err)
{
    struct placement row;
    struct id id, *after = NULL;
    bool is_there;

    *has = false;
    for (; !*has; after = &id) {
        if (!index_next(txn, index, &of, sizeof of, after, &id, &is_there, err)) return false;
        if (!is_there) return true;
        if (!table_get(txn, &placements, id, &row, err) || !is_wards(txn, &row, who, has, err))
            return false;
    }
    return true;
}

bool placement_has_ward_at(struct txn *txn, struct id posting, const struct knowing *who, bool *has,
                           struct error *err)
{
    return has_ward(txn, &by_posting, posting, who, has, err);
}

bool placement_has_ward_under(struct txn *txn, struct id supervisor, const struct knowing *who,
                              bool *has, struct error *err)
{
    return has_ward(txn, &by_supervisor, supervisor, who, has, err);
}

bool placement_whom_wards(struct txn *txn, const struct knowing *who,
                          void (*visit)(const struct placement *row, struct whom *whom),
                          struct whom *whom, struct error *err)
{
    struct placement row = {0};
    struct id ward, *after = NULL;
    bool has = true;

    for (; !whom->is_all; after = &ward) {
        struct ids found = {0};

        if (!trainee_find_wards(txn, who->organisation, after, &ward, &has, err)) return false;
        if (!has) return true;
        row.programme = who->programme;
        row.referral = ward;
        if (!index_find(txn, &placements, &by_referral, &row, 2, NULL, IDS_MAX, &found, err))
            return false;
        for (uint32_t i = 0; i < found.count; i++) {
            if (!table_get(txn, &placements, found.at[i], &row, err)) return false;
            visit(&row, whom);
        }
    }
    return true;
}

bool placement_is_wards(struct txn *txn, struct id placement, struct id organisation, bool *is,
                        struct error *err)
{
    struct placement row;
    struct trainee trainee;

    if (!table_get(txn, &placements, placement, &row, err) ||
        !table_get(txn, &trainees, row.referral, &trainee, err))
        return false;
    *is = trainee.has_responsible && id_equal(trainee.responsible, organisation);
    return true;
}

bool placement_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                    struct error *err)
{
    struct id ward, *after = NULL;
    bool has = true;

    whom_add_by(whom, &by_host, who->organisation);
    for (; !whom->is_all; after = &ward) {
        if (!trainee_find_wards(txn, who->organisation, after, &ward, &has, err)) return false;
        if (!has) return true;
        whom_add_by_both(whom, &by_referral, who->programme, ward);
    }
    return true;
}
