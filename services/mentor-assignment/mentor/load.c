/* What deciding about a mentor may read; and the aggregate as a whole. */
#include "mentor/mentor.h"

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
};
