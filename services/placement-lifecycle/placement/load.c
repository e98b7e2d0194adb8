/* What deciding about a placement may read; and the aggregate as a whole. */
#include "placement/placement.h"

#include "fold/aggregate.h"
#include "mentoring/mentoring.h"
#include "store/table.h"

static bool load_plan(struct txn *txn, const struct placement_input *in, struct placement_case *c,
                      struct error *err)
{
    const struct placement_plan *ask = &in->placement_plan;

    return table_get(txn, &trainees, ask->referral, &c->trainee, err) &&
           placement_is_any_open(txn, c->trainee.person, &c->has_placement, err) &&
           placement_is_known_to(txn, &c->trainee, in->head.actor.organisation, &c->is_known,
                                 err) &&
           table_get(txn, &postings, ask->posting, &c->posting, err) &&
           table_get(txn, &all_placement_rules, c->trainee.programme, &c->rules, err) &&
           placement_count_seats(txn, ask->posting, &c->taken, err);
}

static bool load_supervisor(struct txn *txn, struct id supervisor, struct placement_case *c,
                            struct error *err)
{
    return table_get(txn, &supervisors, supervisor, &c->supervisor, err) &&
           mentoring_is_between(txn, supervisor, c->row.participant, &c->is_mentor, err);
}

static bool load_requirement(struct txn *txn, const struct placement_input *in,
                             struct placement_case *c, struct error *err)
{
    const struct placement_meet_requirement *ask = &in->placement_meet_requirement;

    if (ask->kind == PLACEMENT_REQUIREMENT_AGREEMENT)
        return table_get(txn, &parties, in->head.actor.id, &c->approves, err);
    return ask->kind != PLACEMENT_REQUIREMENT_SUPERVISOR || !ask->has_supervisor ||
           load_supervisor(txn, ask->supervisor, c, err);
}

static bool load_lines(struct txn *txn, const struct placement_log_day *ask,
                       struct placement_case *c, struct error *err)
{
    struct ids found = {0};

    if (!day_find_on(txn, c->row.id, ask->on, &found, err)) return false;
    for (; c->lines_count < found.count; c->lines_count++)
        if (!table_get(txn, &days, found.at[c->lines_count], &c->lines[c->lines_count], err))
            return false;
    return !ask->has_corrects || table_get(txn, &days, ask->corrects, &c->day, err);
}

/* Said afterwards: what was written of the days since counts. */
static bool load_behind(struct txn *txn, bool has_on, struct date on, struct placement_case *c,
                        struct error *err)
{
    const struct date from = {on.day >= c->row.started_on.day ? on.day + 1 : c->row.started_on.day};

    return !has_on || day_is_any(txn, c->row.id, from, c->row.until, &c->has_lines_behind, err);
}

/* What may have followed from a step that gave the seat back. */
static bool load_seat(struct txn *txn, struct placement_case *c, struct error *err)
{
    return table_get(txn, &postings, c->row.posting, &c->posting, err) &&
           placement_count_seats(txn, c->row.posting, &c->taken, err) &&
           placement_is_any_open(txn, c->row.participant, &c->has_placement, err) &&
           load_supervisor(txn, c->row.supervisor, c, err);
}

/* Ids are in the order in which they were made. */
static bool is_later(struct id one, struct id other)
{
    return memcmp(one.bytes, other.bytes, sizeof one.bytes) > 0;
}

/* Who has to do with two placements of somebody hears once that they are hidden now: by the last of them. */
static bool load_told(struct txn *txn, struct placement_case *c, struct error *err)
{
    struct ids found = {0};
    struct placement later;

    if (!placement_find_supervised(txn, c->row.participant, &found, err)) return false;
    for (uint32_t i = 0; i < found.count; i++) {
        if (!is_later(found.at[i], c->row.id)) continue;
        if (!table_get(txn, &placements, found.at[i], &later, err)) return false;
        c->is_host_told |= id_equal(later.host, c->row.host);
        c->is_supervisor_told |=
            later.has_supervisor && id_equal(later.supervisor, c->row.supervisor);
    }
    return true;
}

static bool load_named(struct txn *txn, const struct placement_input *in, struct placement_case *c,
                       struct error *err)
{
    if (in->type == PLACEMENT_MEET_REQUIREMENT) return load_requirement(txn, in, c, err);
    if (in->type == PLACEMENT_REPLACE_SUPERVISOR)
        return load_supervisor(txn, in->placement_replace_supervisor.supervisor, c, err);
    if (in->type == PLACEMENT_CHANGE_PERIOD)
        return table_get(txn, &postings, c->row.posting, &c->posting, err);
    if (in->type == PLACEMENT_END)
        return load_behind(txn, in->placement_end.has_on, in->placement_end.on, c, err);
    if (in->type == PLACEMENT_INTERRUPT)
        return load_behind(txn, in->placement_interrupt.has_on, in->placement_interrupt.on, c, err);
    if (in->type == PLACEMENT_UNDO) return load_seat(txn, c, err);
    if (in->type == PLACEMENT_LOG_DAY) return load_lines(txn, &in->placement_log_day, c, err);
    if (in->type == PLACEMENT_STRIKE_DAY)
        return table_get(txn, &days, in->placement_strike_day.day, &c->day, err);
    if (in->type == PLACEMENT_AGREE_DAY)
        return table_get(txn, &days, in->placement_agree_day.day, &c->day, err);
    if (in->type == PLACEMENT_DISPUTE_DAY)
        return table_get(txn, &days, in->placement_dispute_day.day, &c->day, err);
    if (in->type == PLACEMENT_ON_PERSON_HIDDEN) return load_told(txn, c, err);
    return true;
}

static bool load_row(struct txn *txn, struct id id, const struct placement_input *in,
                     struct placement_case *c, struct error *err)
{
    return table_get(txn, &placements, id, &c->row, err) &&
           table_get(txn, &all_placement_rules, c->row.programme, &c->rules, err) &&
           table_get(txn, &trainees, c->row.referral, &c->trainee, err) &&
           (!c->row.has_supervisor ||
            table_get(txn, &supervisors, c->row.supervisor, &c->of_now, err)) &&
           load_named(txn, in, c, err);
}

bool placement_load(struct txn *txn, struct id id, const struct placement_input *in,
                    struct placement_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == PLACEMENT_PLAN) return load_plan(txn, in, c, err);
    return load_row(txn, id, in, c, err);
}

static bool placement_guards(struct txn *txn, const void *row, struct guarded *guarded,
                             struct error *err)
{
    const struct placement *placement = row;

    guarded->sake = placement->participant;
    return trainee_guards(txn, placement->referral, guarded, err) &&
           (!placement->has_supervisor ||
            supervisor_guards_of(txn, placement->supervisor, guarded, err));
}

/* The host's, and those of whom an organisation is responsible for. */
static bool placement_knows(struct txn *txn, const struct placement *row, const struct knowing *who,
                            bool *is_known, struct error *err)
{
    *is_known = id_equal(row->host, who->organisation);
    return *is_known || placement_is_wards(txn, row->id, who->organisation, is_known, err);
}

AGGREGATE_FIND(placement)
AGGREGATE_KNOWS(placement)
AGGREGATE_DECIDE(placement)
AGGREGATE_EVOLVE(placement)
AGGREGATE_DUE(placement)

const struct aggregate placement_aggregate = {
    .contract = &placement_contract,
    .life = &placement_life,
    .table = &placements,
    .case_size = sizeof(struct placement_case),
    .find = placement_find_,
    .load = placement_load_,
    .decide = placement_decide_,
    .evolve = placement_evolve_,
    .due = placement_due_,
    .guards = placement_guards,
    .knows = placement_knows_,
    .whom = placement_whom,
};
