/* Commands under way: said to a service, and not answered yet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct route;

/* Make the command's id out of who asks and what they call it: the same request again, the same id.
 * scope: a partner's or token's id, and whatever else tells one request from another. */
void flight_name(struct call *call, const void *scope, size_t size);

/* Say the route's command with gateway->value as its body, about call->id unless it is a creation;
 * call->answered hears what came of it (the caller's are command, print, who and answered). What
 * cannot be said is answered at once. version: that it was made against, -1: any. */
void flight_say(struct call *call, const struct route *route, int64_t version);
