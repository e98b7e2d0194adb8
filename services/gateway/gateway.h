/* The gateway: HTTP on one side, the services on the other, one thread between.
 *
 * A call is one HTTP request on its way. It is served by a function that its route names, which
 * finds out who asks (front/credentials.h), says something to a service (front/flight.h) and answers
 * (answer.h): each step either goes on at once or is called back from the loop. Everything that is
 * needed only within a function lies in struct gateway, made once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "core/error.h"
#include "core/input.h"
#include "front/credentials.h"
#include "front/door.h"
#include "front/flight.h"
#include "front/front.h"
#include "front/limit.h"
#include "front/out.h"
#include "http/http.h"

struct call;
struct deliveries;
struct lists;
struct probe;
struct refusals;
struct route;
struct routes;

struct gateway {
    struct door door;
    struct routes *routes;
    struct credentials *partners, *tokens;
    struct deliveries *deliveries;
    struct lists *lists;
    struct refusals *refusals;
    size_t unread;        /* refused webhooks whose partner is looked up (hooks.c) */
    int64_t partner_rate; /* hooks a second from one partner */
    int64_t token_rate;   /* requests a second with one token; 0: any number */
    int64_t token_reads;  /* that one token has under way at once; 0: any number */
    /* Room for one value, one request and one answer, within a function. */
    void *value; /* as large as the largest that a route names */
    struct http_arguments arguments;
    struct out out;
};

/* One HTTP request on its way; lies in the request's scratch. */
struct call {
    struct gateway *gateway;
    struct http_request *request;
    const struct route *route;
    struct id id; /* from the path */
    bool has_id;
    int64_t began_ns;
    uint8_t address[REACH_ADDRESS_SIZE]; /* whom it comes from, as origin.h has it */
    struct flight flight;                /* who asks, and the command under way */
    struct limit limit;                  /* as it was after this request */
    uint32_t strangers;                  /* a webhook's fields that we do not know */

    /* While who asks is looked up. */
    struct credential_wait wait;
    void (*then)(struct call *call); /* auth.c: once it is known */
    struct credential *reads; /* the token that it reads with, until it is answered; or NULL */

    char secret[SECRET_TEXT_SIZE]; /* made for it (made.h) */
    bool is_made;                  /* secret says something */
    bool is_hook;                  /* the body that faults point into is a webhook's */
    bool is_delivery;              /* it goes into its partner's log */
    bool is_signed;                /* by the partner whose call it is */
    bool has_limit;                /* limit says something */

    struct probe *probe; /* health.c */
};

/* What a route is served by. */
void hooks_serve(struct call *call);
void commands_serve(struct call *call);
void records_serve(struct call *call);
void partner_log_serve(struct call *call);
void export_serve(struct call *call);
void erasure_serve(struct call *call);
void health_serve(struct call *call);
void ready_serve(struct call *call);
void metrics_serve(struct call *call);
void openapi_serve(struct call *call);
void asyncapi_serve(struct call *call);

/* A request that http refused before it was whole, to a webhook's address: for the log. */
void hooks_refused(struct call *call, const char *code);

/* Say gateway->value as a route's command, about call->id unless it is a creation; answered hears what came of it. The
 * caller's are flight.command, flight.print and flight.who. */
void call_say(struct call *call, const struct route *route, int64_t version,
              void (*answered)(void *call, const struct reply *reply));

/* Find out who asks by the bearer token, then go(call) with call->flight.who filled in; or
 * answer 401, 429 or 503. */
void auth_serve(struct call *call, void (*go)(struct call *call));
/* Whether what a call shows may be looked up; else it is answered 429. */
bool auth_may_try(struct call *call);
