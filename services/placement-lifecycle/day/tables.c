/* Where the lines of day books are kept: a row for each, and a way to all of a placement's. */
#include "day/day.h"

#include "fold/aggregate.h"
#include "placement/placement.h"
#include "store/table.h"
#include "tables.h"
#include "trainee/trainee.h"

static bool counts(const void *row)
{
    const enum day_state state = ((const struct day *)row)->state;

    return state != DAY_STATE_CORRECTED && state != DAY_STATE_STRUCK;
}

static const struct index by_day = {DAYS_BY_DAY, {"placement", "on"}, counts};
static const struct index by_supervisor = {DAYS_BY_SUPERVISOR, {"supervisor"}, NULL};
static const struct index by_placement = {DAYS_BY_PLACEMENT, {"programme", "placement"}, NULL};
static const struct index by_agency = {DAYS_BY_AGENCY, {"agency"}, NULL};
static const struct index by_host = {DAYS_BY_HOST, {"host"}, NULL};
static const struct index by_participant = {DAYS_BY_PARTICIPANT, {"participant"}, NULL};
static const struct index by_programme = {DAYS_BY_PROGRAMME, {"programme"}, NULL};

const struct table days = {
    DAYS,
    &day_descriptor,
    {&by_placement, &by_agency, &by_host, &by_participant, &by_supervisor, &by_day, &by_programme}};

static bool find_all(struct txn *txn, const struct head *head, struct ids *found, struct error *err)
{
    const struct day like = {.programme = head->programme, .placement = head->id};

    return index_find(txn, &days, &by_placement, &like, 2, found->has_after ? &found->after : NULL,
                      IDS_MAX, found, err);
}

/* Of a participant; of anybody else none. */
static bool find_ones(struct txn *txn, const struct head *head, struct ids *found,
                      struct error *err)
{
    const struct day like = {.participant = head->id};

    return index_find(txn, &days, &by_participant, &like, 1,
                      found->has_after ? &found->after : NULL, IDS_MAX, found, err);
}

bool day_find_on(struct txn *txn, struct id placement, struct date on, struct ids *found,
                 struct error *err)
{
    const struct day like = {.placement = placement, .on = on};

    return index_find(txn, &days, &by_day, &like, 2, NULL, DAY_LINES_MAX, found, err);
}

bool day_is_any(struct txn *txn, struct id placement, struct date from, struct date until,
                bool *is_any, struct error *err)
{
    int64_t number = 0;

    for (; from.day <= until.day && number == 0; from.day++) {
        const struct day like = {.placement = placement, .on = from};

        if (!index_count(txn, &days, &by_day, &like, 2, 1, &number, err)) return false;
    }
    *is_any = number > 0;
    return true;
}

bool day_find(struct txn *txn, const struct day_input *in, struct ids *found, struct error *err)
{
    const struct placement_day_logged *said = &in->placement_day_logged;

    switch (in->type) {
    case DAY_ON_PLACEMENT_DAY_LOGGED:
        return ids_add(found, said->day, err) &&
               (!said->has_corrects || ids_add(found, said->corrects, err));
    case DAY_ON_PLACEMENT_DAY_AGREED: return ids_add(found, in->placement_day_agreed.day, err);
    case DAY_ON_PLACEMENT_DAY_DISPUTED: return ids_add(found, in->placement_day_disputed.day, err);
    case DAY_ON_PLACEMENT_DAY_STRUCK: return ids_add(found, in->placement_day_struck.day, err);
    case DAY_ON_PLACEMENT_SUPERVISOR_LEFT:
    case DAY_ON_PLACEMENT_SUPERVISOR_REPLACED: return find_all(txn, &in->head, found, err);
    case DAY_ON_PERSON_THINNED:
    case DAY_ON_PERSON_ERASED: return find_ones(txn, &in->head, found, err);
    }
    bug("day_find: input type %u", in->type);
}

static bool day_guards(struct txn *txn, const void *row, struct guarded *guarded, struct error *err)
{
    const struct day *day = row;

    guarded->sake = day->participant;
    return placement_guards_of(txn, day->placement, guarded, err);
}

static bool day_knows(struct txn *txn, const struct day *row, const struct knowing *who,
                      bool *is_known, struct error *err)
{
    *is_known = id_equal(row->host, who->organisation);
    return *is_known || placement_is_wards(txn, row->placement, who->organisation, is_known, err);
}

static void add_days(const struct placement *row, struct whom *whom)
{
    whom_add_by_both(whom, &by_placement, row->programme, row->id);
}

static bool day_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                     struct error *err)
{
    whom_add_by(whom, &by_host, who->organisation);
    return placement_whom_wards(txn, who, add_days, whom, err);
}

AGGREGATE_FIND(day)
AGGREGATE_EVOLVE(day)
AGGREGATE_KNOWS(day)

const struct aggregate day_aggregate = {
    .contract = &day_contract,
    .table = &days,
    .find = day_find_,
    .evolve = day_evolve_,
    .knows = day_knows_,
    .whom = day_whom,
    .guards = day_guards,
};
