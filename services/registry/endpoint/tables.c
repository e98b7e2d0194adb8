/* Where endpoints are kept: a row for each, and a way from their partner. */
#include "endpoint/endpoint.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_partner = {ENDPOINTS_BY_PARTNER, {"partner"}, NULL};

const struct table endpoints = {ENDPOINTS, &endpoint_descriptor, {&by_partner}};
