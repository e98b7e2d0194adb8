/* Saying to the registry whom we have refused (audit.note): what is not there for them, what they may not do, and that a
 * token or a signature was nobody's. Folded together (refusals.h), so that it costs next to nothing to be refused.
 *
 * What is not said yet when the gateway is killed is lost: of somebody new nothing, else what came of it within its window. */
#pragma once

#include <stdbool.h>

struct call;
struct gateway;

/* A call is about to be answered with that status; is_withheld: the thing is there, and another's. Of statuses that
 * refuse nobody anything nothing is noted. */
void noting_refused(struct call *call, unsigned status, const char *code, bool is_withheld);

/* Once a turn of the loop, before what has gathered is sent; all: also what could wait, as this is the end. */
void noting_turn(struct gateway *gateway, bool all);
