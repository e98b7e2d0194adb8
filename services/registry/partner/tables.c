/* Where partners are kept. */
#include "partner/partner.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_state = {PARTNERS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_organisation = {PARTNERS_BY_ORGANISATION, {"organisation"}, NULL};

const struct table partners = {PARTNERS, &partner_descriptor, {&by_state, &by_organisation}};
