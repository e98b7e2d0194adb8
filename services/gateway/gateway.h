/* The gateway: HTTP on one side, the services on the other, one thread between.
 *
 * A call is one HTTP request on its way. It is served by a function that its route names, which
 * finds out who asks (credentials.h), says something to a service (flight.h) and answers
 * (answer.h): each step either goes on at once or is called back from the loop. Everything that is
 * needed only within a function lies in struct gateway, made once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/input.h"
#include "http/http.h"
#include "limit.h"
#include "origin.h"
#include "out.h"
#include "services/list.h"

struct call;
struct credential;
struct credentials;
struct deliveries;
struct lists;
struct probe;
struct refusals;
struct route;
struct routes;
struct visitors;

/* A service that we ask. */
struct upstream {
    const char *name;
    struct peer *peer;
    bool is_away; /* it let a request's time run out, and has not answered since */
};

struct gateway {
    struct files *files; /* FADDER_HOME */
    struct http *http;
    struct routes *routes;
    struct credentials *partners, *tokens;
    struct visitors *visitors;
    struct deliveries *deliveries;
    struct lists *lists;
    struct refusals *refusals;
    size_t upstream_count;
    struct upstream upstreams[SERVICES_COUNT];
    struct call *flying;  /* those whose command is under way */
    size_t unread;        /* refused webhooks whose partner is looked up (hooks.c) */
    int64_t now_ms;       /* since 1970, of this turn */
    int64_t steady_ms;    /* of a clock that never goes back, of this turn */
    int64_t partner_rate; /* hooks a second from one partner */
    int64_t token_rate;   /* requests a second with one token; 0: any number */
    int64_t token_reads;  /* that one token has under way at once; 0: any number */
    struct reach_networks proxies;
    enum origin_header proxy_header;
    int64_t answer_ms; /* how long a service may take for an answer */
    /* Room for one value, one request and one answer, within a function. */
    void *value; /* as large as the largest that a route names */
    struct bus_command command;
    struct bus_query query;
    struct http_arguments arguments;
    struct out out;
};

/* Who asks, as it goes into the envelope. */
struct who {
    enum actor_role role;
    bool has_actor, has_organisation, is_cleared;
    struct id credential; /* of the token or partner */
    struct id actor, organisation, programme;
    enum country country;
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
    struct who who;
    struct limit limit; /* as it was after this request */
    uint32_t strangers; /* a webhook's fields that we do not know */

    /* While who asks is looked up. */
    void (*go)(struct call *call, struct credential *credential, const struct error *err);
    struct call *next;               /* of those that wait for the same */
    void (*then)(struct call *call); /* auth.c: once it is known */
    struct credential *reads; /* the token that it reads with, until it is answered; or NULL */

    /* While a command is under way. */
    struct id command;
    struct bus_print print;
    void (*answered)(struct call *call, const struct reply *reply);
    struct call *before, *after;   /* of gateway->flying */
    struct call *duplicate;        /* the same command once more, waiting for the same answer */
    char secret[SECRET_TEXT_SIZE]; /* made for it (made.h) */
    bool is_made;                  /* secret says something */
    bool is_joined;                /* it is such a duplicate */
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

/* Find out who asks by the bearer token, then go(call) with call->who filled in; or
 * answer 401, 429 or 503. */
void auth_serve(struct call *call, void (*go)(struct call *call));
/* Whether what a call shows may be looked up; else it is answered 429. */
bool auth_may_try(struct call *call);

/* The service of that name; it lives as long as the gateway. */
struct upstream *gateway_upstream(struct gateway *gateway, const char *name);
/* Clear gateway->query, for this record, and let us see all (role SYS). */
void gateway_query(struct gateway *gateway, const char *record);
/* The same, but only what they may see. */
void gateway_query_as(struct gateway *gateway, const char *record, const struct who *who);
/* A service has answered, or let the time run out: said once in the log when that changes. */
void gateway_heard(struct upstream *upstream, const struct reply *reply);
