/* Where organisations are kept. */
#include "organisation/organisation.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_state = {ORGANISATIONS_BY_STATE, {"programme", "state"}, NULL};

const struct table organisations = {ORGANISATIONS, &organisation_descriptor, {&by_state}};
