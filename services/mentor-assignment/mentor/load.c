/* What deciding about a mentor may read; and the aggregate as a whole. */
#include "mentor/mentor.h"

#include "consent/consent.h"
#include "fold/aggregate.h"
#include "mentorship/mentorship.h"
#include "store/table.h"

bool mentor_load(struct txn *txn, struct id id, const struct mentor_input *in,
                 struct mentor_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (!table_get(txn, &mentors, id, &c->row, err)) return false;
    return in->type != MENTOR_SET_CAPACITY || mentorship_count_taken(txn, id, &c->taken, err);
}

static bool mentor_guards(struct txn *txn, const void *row, struct guarded *guarded,
                          struct error *err)
{
    (void)txn;
    (void)err;
    mentor_guard(row, guarded);
    return true;
}

bool mentor_complete(struct txn *txn, void *row, struct instant at, struct error *err)
{
    struct mentor *mentor = row;

    (void)at;
    if (!consent_is_given(txn, mentor->id, &mentor->wishes_consented, err)) return false;
    mentor->has_wishes_consented = mentor->wishes_consented;
    return true;
}

AGGREGATE_FIND(mentor)
AGGREGATE_DECIDE(mentor)
AGGREGATE_EVOLVE(mentor)

const struct aggregate mentor_aggregate = {
    .contract = &mentor_contract,
    .life = &mentor_life,
    .table = &mentors,
    .case_size = sizeof(struct mentor_case),
    .find = mentor_find_,
    .load = mentor_load_,
    .decide = mentor_decide_,
    .evolve = mentor_evolve_,
    .guards = mentor_guards,
    .complete = mentor_complete,
};
