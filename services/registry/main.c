/* The registry's program. */
#include "audit/audit.h"
#include "endpoint/endpoint.h"
#include "fold_id.h"
#include "link/link.h"
#include "organisation/organisation.h"
#include "partner/partner.h"
#include "person/person.h"
#include "programme/programme.h"
#include "question/question.h"
#include "reading/reading.h"
#include "referral/referral.h"
#include "service/service.h"
#include "session/session.h"
#include "token/token.h"

static const struct aggregate *const aggregates[] = {
    &programme_aggregate,
    &organisation_aggregate,
    &partner_aggregate,
    &endpoint_aggregate,
    &token_aggregate,
    &session_aggregate,
    &person_aggregate,
    &link_aggregate,
    &referral_aggregate,
    &question_aggregate,
    &reading_aggregate,
    &audit_aggregate,
    NULL,
};

/* Addresses are read at the moment of sending, and kept nowhere. Whom a door has refused it alone knows. Who signs in,
 * the pages find out, and who has the operator's link, by which a programme and its first admin come to be. */
static const struct admission admissions[] = {
    {"audit.note", "gateway", false},
    {"audit.note", "pages", false},
    {"audit.turn_away", "mentor-assignment", false},
    {"audit.turn_away", "placement-lifecycle", false},
    {"audit.turn_away", "notification", false},
    {"person.read", "notification", false},
    {"organisation.read", "notification", false},
    {"programme.read", "notification", false},
    {"session", "notification", true},
    {"person", "notification", false},
    {"organisation", "notification", false},
    {"referral", "notification", false}, /* whether who it is about is under protection */
    {"endpoint", "notification", true},
    {"session.request", "pages", false},
    {"session.enter", "pages", false},
    {"session.visit", "pages", false},
    {"programme.create", "pages", false},
    {"organisation.create", "pages", false},
    {"person.register", "pages", false},
    {"token.create", "pages", false},
    {NULL, NULL, false},
};

static const struct service registry = {
    .name = "registry",
    .fold_id = FOLD_ID,
    .aggregates = aggregates,
    .admissions = admissions,
};

int main(int argc, char **argv)
{
    return service_main(&registry, argc, argv);
}
