/* Where the lines of day books are kept: a row for each, and a way to all of a placement's. */
#include "day/day.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_placement = {DAYS_BY_PLACEMENT, {"programme", "placement"}, NULL};
static const struct index by_agency = {DAYS_BY_AGENCY, {"agency"}, NULL};
static const struct index by_host = {DAYS_BY_HOST, {"host"}, NULL};
static const struct index by_participant = {DAYS_BY_PARTICIPANT, {"participant"}, NULL};

const struct table days = {
    DAYS, &day_descriptor, {&by_placement, &by_agency, &by_host, &by_participant}};

bool day_find(struct txn *txn, const struct day_input *in, struct ids *found, struct error *err)
{
    const struct placement_day_logged *said = &in->placement_day_logged;

    (void)txn;
    switch (in->type) {
    case DAY_ON_PLACEMENT_DAY_LOGGED:
        return ids_add(found, said->day, err) &&
               (!said->has_corrects || ids_add(found, said->corrects, err));
    case DAY_ON_PLACEMENT_DAY_AGREED: return ids_add(found, in->placement_day_agreed.day, err);
    case DAY_ON_PLACEMENT_DAY_DISPUTED: return ids_add(found, in->placement_day_disputed.day, err);
    }
    bug("day_find: input type %u", in->type);
}

AGGREGATE_FIND(day)
AGGREGATE_EVOLVE(day)

const struct aggregate day_aggregate = {
    .contract = &day_contract,
    .table = &days,
    .find = day_find_,
    .evolve = day_evolve_,
};
