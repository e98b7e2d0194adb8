/* Every life-cycle that there is: of each aggregate of each service that commands are given to. For
 * programs that print or check them; no service knows another's. All of it is constant, and any
 * thread may call. */
#pragma once

#include "core/life.h"

extern const struct life *const lives[]; /* services in the order in which they start; then NULL */

/* The word of a state, static; "" of the one that an aggregate without states is in. */
const char *lives_state(const struct life *life, unsigned state);

/* How many states there are, `none` included; 0: it has none. */
unsigned lives_states(const struct life *life);

/* "accept", "accepted", static: without the aggregate's name. Of others' events with it. */
const char *lives_command(const struct life *life, unsigned command);
const char *lives_event(const struct life *life, unsigned event);
