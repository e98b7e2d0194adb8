/* What deciding about a placement may read; and the aggregate as a whole. */
#include "placement/placement.h"

#include "fold/aggregate.h"
#include "mentoring/mentoring.h"
#include "store/table.h"

static bool load_plan(struct txn *txn, const struct placement_plan *ask, struct placement_case *c,
                      struct error *err)
{
    return table_get(txn, &trainees, ask->referral, &c->trainee, err) &&
           placement_is_any_open(txn, c->trainee.person, &c->has_placement, err) &&
           table_get(txn, &postings, ask->posting, &c->posting, err) &&
           table_get(txn, &all_placement_rules, c->trainee.programme, &c->rules, err) &&
           placement_count_seats(txn, ask->posting, &c->taken, err);
}

static bool load_requirement(struct txn *txn, const struct placement_meet_requirement *ask,
                             struct placement_case *c, struct error *err)
{
    if (!table_get(txn, &trainees, c->row.referral, &c->trainee, err)) return false;
    if (ask->kind != PLACEMENT_REQUIREMENT_SUPERVISOR || !ask->has_supervisor) return true;
    return table_get(txn, &supervisors, ask->supervisor, &c->supervisor, err) &&
           mentoring_is_between(txn, ask->supervisor, c->row.participant, &c->is_mentor, err);
}

static bool load_row(struct txn *txn, struct id id, const struct placement_input *in,
                     struct placement_case *c, struct error *err)
{
    const struct placement_log_day *line = &in->placement_log_day;

    if (!table_get(txn, &placements, id, &c->row, err)) return false;
    if (in->type == PLACEMENT_MEET_REQUIREMENT)
        return load_requirement(txn, &in->placement_meet_requirement, c, err);
    if (in->type == PLACEMENT_LOG_DAY && line->has_corrects)
        return table_get(txn, &days, line->corrects, &c->day, err);
    if (in->type == PLACEMENT_AGREE_DAY)
        return table_get(txn, &days, in->placement_agree_day.day, &c->day, err);
    if (in->type == PLACEMENT_DISPUTE_DAY)
        return table_get(txn, &days, in->placement_dispute_day.day, &c->day, err);
    return true;
}

bool placement_load(struct txn *txn, struct id id, const struct placement_input *in,
                    struct placement_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == PLACEMENT_PLAN) return load_plan(txn, &in->placement_plan, c, err);
    return load_row(txn, id, in, c, err);
}

AGGREGATE_FIND(placement)
AGGREGATE_DECIDE(placement)
AGGREGATE_EVOLVE(placement)
AGGREGATE_DUE(placement)

const struct aggregate placement_aggregate = {
    .contract = &placement_contract,
    .table = &placements,
    .case_size = sizeof(struct placement_case),
    .find = placement_find_,
    .load = placement_load_,
    .decide = placement_decide_,
    .evolve = placement_evolve_,
    .due = placement_due_,
};
