/* The program of placement-lifecycle. */
#include "day/day.h"
#include "fold_id.h"
#include "hosting/hosting.h"
#include "mentoring/mentoring.h"
#include "party/party.h"
#include "placement/placement.h"
#include "placement_rules/placement_rules.h"
#include "posting/posting.h"
#include "service/service.h"
#include "supervisor/supervisor.h"
#include "trainee/trainee.h"

static const struct aggregate *const aggregates[] = {
    &placement_rules_aggregate,
    &trainee_aggregate,
    &supervisor_aggregate,
    &mentoring_aggregate,
    &hosting_aggregate,
    &party_aggregate,
    &posting_aggregate,
    &placement_aggregate,
    &day_aggregate,
    NULL,
};

static const struct service placement_lifecycle = {
    .name = "placement-lifecycle",
    .fold_id = FOLD_ID,
    .aggregates = aggregates,
};

int main(int argc, char **argv)
{
    return service_main(&placement_lifecycle, argc, argv);
}
