/* Saying what a route names. */
#include "front/flight.h"
#include "front/trace.h"
#include "gateway.h"
#include "routes.h"

void call_say(struct call *call, const struct route *route, int64_t version,
              void (*answered)(void *call, const struct reply *reply))
{
    struct gateway *gateway = call->gateway;
    struct flight *flight = &call->flight;

    call->route = route;
    flight->id = call->id;
    flight->has_trace = trace_read(http_header(call->request, "traceparent"), &flight->trace);
    flight->answered = answered;
    flight->cookie = call;
    flight_say(flight, &gateway->door.front, route->upstream, route->command, gateway->value,
               version);
}
