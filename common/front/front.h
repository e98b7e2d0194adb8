/* What programs share that people and systems come to over HTTP: the services behind, asked from one thread that runs a
 * loop. Everything that is needed only within a function lies in struct front, made once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/peer.h"
#include "contract/bus.h"
#include "front/who.h"
#include "services/list.h"

struct flight;

/* A service that is asked. */
struct upstream {
    const char *name;
    struct peer *peer;
    bool is_away; /* it let a request's time run out, and has not answered since */
};

struct front {
    size_t upstream_count;
    struct upstream upstreams[SERVICES_COUNT];
    struct flight *flying; /* commands under way */
    int64_t now_ms;        /* since 1970, of this turn */
    int64_t steady_ms;     /* of a clock that never goes back, of this turn */
    int64_t answer_ms;     /* how long a service may take for an answer */
    /* Room for one request, within a function. */
    struct bus_command command;
    struct bus_query query;
};

/* Clear it, and name the services with a journal. */
void front_begin(struct front *front);
/* They are asked as `name`. False: a door cannot be opened. */
bool front_open(struct front *front, struct bus *bus, const char *name, struct error *err);
/* What is still asked is answered as it ends. */
void front_close(struct front *front);

/* The service of that name; it lives as long as the front. */
struct upstream *front_upstream(struct front *front, const char *name);
/* Clear front->query, for this record, and let us see all (role SYS). */
void front_query(struct front *front, const char *record);
/* The same, but only what they may see. */
void front_query_as(struct front *front, const char *record, const struct who *who);
/* A service has answered, or let the time run out: said once in the log when that changes. */
void front_heard(struct upstream *upstream, const struct reply *reply);

/* For bus_wait: the sockets of all; how many. */
enum { FRONT_SOCKETS_MAX = PEER_DOORS * SERVICES_COUNT };
size_t front_sockets(struct front *front, struct socket *sockets[FRONT_SOCKETS_MAX]);
/* The time is now. */
void front_take_time(struct front *front);
/* Take what services have said: ready is bus_wait's of the sockets; is_tick: also look whose time is over. */
void front_turn(struct front *front, const bool *ready, bool is_tick);
/* Send what has gathered. */
void front_flush(struct front *front);
