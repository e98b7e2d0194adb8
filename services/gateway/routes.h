/* What may be asked for: the routes of every contract, and a few of the gateway's own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct call;
struct command;
struct contract;
struct descriptor;
struct gateway;
struct id;
struct record;

struct route {
    const char *method; /* of its text "POST /v1/referrals/{id}/accept": the first word, */
    const char *before; /* what stands before {id}, or all the path, */
    const char *behind; /* and what stands behind; NULL: it names no {id} */
    size_t method_size, before_size;
    void (*serve)(struct call *call);
    const struct contract *contract; /* NULL: the gateway's own */
    const struct command *command;
    const struct record *record;
    struct upstream *upstream; /* who is asked */
};

/* Which function serves what: routes of the gateway's own, commands and records. */
struct own_route {
    const char *route; /* "GET /healthz" */
    void (*serve)(struct call *call);
};
struct serving {
    const struct own_route *own; /* ends with a NULL route */
    void (*command)(struct call *call);
    void (*record)(struct call *call);
};
extern const struct serving gateway_serving; /* serving.c */

/* serving is kept. Also finds the services that own contracts, for gateway->front.upstreams, and says in *value_size how large
 * the largest value is that goes in or out. */
struct routes *routes_create(const struct serving *serving, struct gateway *gateway,
                             size_t *value_size);
void routes_destroy(struct routes *routes);

/* The route for a request (GET serves HEAD too); *id is what stands for {id}, *has_id whether that
 * is a UUID. Valid until routes_destroy. NULL: none; allow then lists the methods that the path has,
 * or is "". */
enum { ROUTES_ALLOW_SIZE = 32 };
const struct route *routes_find(const struct routes *routes, const char *method, const char *path,
                                struct id *id, bool *has_id, char allow[ROUTES_ALLOW_SIZE]);

/* The command that a webhook of that type says, or NULL. Valid until routes_destroy. */
const struct route *routes_hook(const struct routes *routes, const char *type);
