/* Secrets that a command leaves to us (front/making.h), as answers show them: once. */
#pragma once

#include <stdbool.h>

struct bus_accepted;
struct call;
struct out;

/* Make what the command's body, in gateway->value, leaves to us; then call->is_made. */
void made_fill(struct call *call);
/* Add it as a member to the answer's object, or that it was shown before; and forget it. */
void made_show(struct call *call, const struct bus_accepted *accepted, struct out *out);
/* Forget it unshown. */
void made_drop(struct call *call);
