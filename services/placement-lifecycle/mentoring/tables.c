/* Where mentorings are kept: a row for each mentorship that a mentor said yes to. */
#include "mentoring/mentoring.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static bool is_current(const void *row)
{
    return ((const struct mentoring *)row)->state == MENTORING_STATE_CURRENT;
}

static const struct index current = {MENTORINGS_CURRENT, {"participant", "mentor"}, is_current};

const struct table mentorings = {MENTORINGS, &mentoring_descriptor, {&current}};

bool mentoring_find(struct txn *txn, const struct mentoring_input *in, struct ids *found,
                    struct error *err)
{
    struct mentoring row;

    if (in->type == MENTORING_ON_MENTORSHIP_ACCEPTED) return ids_add(found, in->head.id, err);
    if (!table_get(txn, &mentorings, in->head.id, &row, err)) return false;
    return row.state == MENTORING_STATE_NONE || ids_add(found, in->head.id, err);
}

bool mentoring_is_between(struct txn *txn, struct id mentor, struct id participant, bool *is_so,
                          struct error *err)
{
    const struct mentoring like = {.participant = participant, .mentor = mentor};
    int64_t number;

    if (!index_count(txn, &mentorings, &current, &like, 2, 1, &number, err)) return false;
    *is_so = number > 0;
    return true;
}

AGGREGATE_FIND(mentoring)
AGGREGATE_EVOLVE(mentoring)

const struct aggregate mentoring_aggregate = {
    .contract = &mentoring_contract,
    .table = &mentorings,
    .find = mentoring_find_,
    .evolve = mentoring_evolve_,
};
