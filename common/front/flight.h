/* Commands under way: said to a service, and not answered yet. The same command twice, as who says it names it, is one
 * command with one answer for both; but for readings, each of which is written down. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/bus.h"
#include "core/id.h"
#include "front/who.h"

struct command;
struct front;
struct reply;
struct upstream;

struct flight {
    /* Said by whoever begins it. */
    struct id command;      /* its name: flight_name, or a random one */
    struct bus_print print; /* of what it says: another with the same name is a mistake */
    struct who who;
    struct id id; /* what it is about, unless it is a creation */
    bool has_trace;
    struct id trace;
    void (*answered)(void *cookie, const struct reply *reply);
    void *cookie;

    bool is_joined; /* another with that name was under way: this is answered with it */

    /* This file's own. */
    struct front *front;
    struct upstream *upstream;
    bool is_reading;
    struct flight *before, *after; /* of front->flying */
    struct flight *duplicate;      /* the same once more, waiting for the same answer */
};

/* Make the command's name out of who asks and what they call it: the same request again, the same name.
 * scope: a partner's, token's or session's id, and whatever else tells one request from another. */
void flight_name(struct flight *flight, const void *scope, size_t size);
/* Of a command that is never said again. */
void flight_name_anew(struct flight *flight, const struct front *front);

/* Say it with this body to its service; answered hears what came of it, at once where it cannot be said. version: that it
 * was made against, VERSION_ANY: any. The body may go when this returns. */
void flight_say(struct flight *flight, struct front *front, struct upstream *upstream,
                const struct command *command, const void *body, int64_t version);
