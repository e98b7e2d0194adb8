/* The program of mentor-assignment. */
#include "consent/consent.h"
#include "fold_id.h"
#include "matcher.h"
#include "matching_rules/matching_rules.h"
#include "mentee/mentee.h"
#include "mentor/mentor.h"
#include "mentor_meeting/mentor_meeting.h"
#include "mentorship/mentorship.h"
#include "municipality/municipality.h"
#include "service/service.h"
#include "supervision/supervision.h"

static const struct aggregate *const aggregates[] = {
    &matching_rules_aggregate, &mentor_aggregate,      &mentee_aggregate,
    &municipality_aggregate,   &supervision_aggregate, &mentorship_aggregate,
    &mentor_meeting_aggregate, &consent_aggregate,     NULL,
};

static const struct service mentor_assignment = {
    .name = "mentor-assignment",
    .fold_id = FOLD_ID,
    .aggregates = aggregates,
    .work = matcher_work,
};

int main(int argc, char **argv)
{
    return service_main(&mentor_assignment, argc, argv);
}
