/* The door by which people and systems come in over HTTP: who listens, the services behind, and the loop that turns both until
 * the program is told to end.
 *
 * A program that has one is one for each FADDER_HOME, with a folder of its own there. It is entered, then opened, then run, and
 * closed whatever came of that.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/reach.h"
#include "front/front.h"
#include "front/origin.h"
#include "http/http.h"

struct bus;
struct error;
struct files;
struct visitors;

struct door_kind {
    const char *name;      /* of the program, and of its folder in FADDER_HOME */
    const char *listens;   /* the setting that says where */
    const char *port_file; /* where the port is written that it became, for others to find */
    size_t scratch_size;   /* of a request */
    http_handler *serve;
    /* Within a turn of the loop: when the services have said what there was, before requests are taken; and after that,
     * before what has gathered is sent. NULL: nothing. */
    void (*before)(void *cookie);
    void (*after)(void *cookie, bool is_ending);
    bool (*has_work)(void *cookie); /* the next turn is at once; NULL: never of its own */
};

struct door {
    const struct door_kind *kind;
    void *cookie;
    struct files *files; /* FADDER_HOME */
    struct bus *bus;
    struct front front;
    struct http *http;
    struct visitors *visitors;
    struct reach_networks proxies;
    enum origin_header proxy_header;
    int signals;
};

/* Clear it, and take the place in FADDER_HOME. Before any other thread is started. cookie is what its kind's functions get. */
bool door_enter(struct door *door, const struct door_kind *kind, void *cookie, struct error *err);
/* Ask the services, and listen. */
bool door_open(struct door *door, struct error *err);
/* Until SIGTERM or SIGINT comes, and then until what is under way is answered, ten seconds at most. */
void door_run(struct door *door);
/* First what is under way is answered; then the program frees what is its own; then the rest. Each also of what was never opened. */
void door_close(struct door *door);
void door_leave(struct door *door);

/* Which address a request comes from, as origin.h has it. */
void door_origin(const struct door *door, const struct http_request *request,
                 uint8_t address[REACH_ADDRESS_SIZE]);
