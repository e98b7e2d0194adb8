/* Who may see a supervisor; and the aggregate as a whole. */
#include "supervisor/supervisor.h"

#include "fold/aggregate.h"
#include "placement/placement.h"
#include "store/table.h"

static bool supervisor_guards(struct txn *txn, const void *row, struct guarded *guarded,
                              struct error *err)
{
    (void)txn;
    (void)err;
    supervisor_guard(row, guarded);
    return true;
}

/* An organisation sees its own, and by whom those are looked after for whom it is responsible. */
static bool supervisor_knows(struct txn *txn, const struct supervisor *row,
                             const struct knowing *who, bool *is_known, struct error *err)
{
    struct guarded guarded = {0};

    supervisor_guard(row, &guarded);
    *is_known = row->has_organisation && id_equal(row->organisation, who->organisation) &&
                near_row(&who->near, &guarded);
    return *is_known || placement_has_ward_under(txn, row->id, who, is_known, err);
}

static void add_supervisor(const struct placement *row, struct whom *whom)
{
    if (row->has_supervisor) whom_add(whom, row->supervisor);
}

static bool supervisor_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                            struct error *err)
{
    supervisor_whom_of(who->organisation, whom);
    return placement_whom_wards(txn, who, add_supervisor, whom, err);
}

AGGREGATE_FIND(supervisor)
AGGREGATE_EVOLVE(supervisor)
AGGREGATE_KNOWS(supervisor)

const struct aggregate supervisor_aggregate = {
    .contract = &supervisor_contract,
    .table = &supervisors,
    .find = supervisor_find_,
    .evolve = supervisor_evolve_,
    .guards = supervisor_guards,
    .knows = supervisor_knows_,
    .whom = supervisor_whom,
};
