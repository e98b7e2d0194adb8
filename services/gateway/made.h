/* Secrets that a command leaves to us: whoever sends none is given one, once.
 *
 * It is made here, at the edge. Of a token its hash alone goes inwards, of a webhook's secret what is
 * sealed in the vault; so neither a journal nor a remembered answer has it, and the same request again
 * is answered without. */
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
