/* Which function serves what: the one place that knows them all. */
#include "gateway.h"
#include "routes.h"

/* {id} of a hook is its partner. */
static const struct own_route own[] = {
    {"POST /v1/hooks/{id}", hooks_serve},
    {"GET /v1/partners/{id}/log", partner_log_serve},
    {"GET /v1/persons/{id}/export", export_serve},
    {"GET /v1/persons/{id}/erasure", erasure_serve},
    {"GET /healthz", health_serve},
    {"GET /readyz", ready_serve},
    {"GET /metrics", metrics_serve},
    {"GET /openapi.json", openapi_serve},
    {"GET /asyncapi.json", asyncapi_serve},
    {NULL, NULL},
};

const struct serving gateway_serving = {
    .own = own, .command = commands_serve, .record = records_serve};
