/* Secrets that a command leaves to us: whoever sends none is given one, once.
 *
 * It is made here, at the edge. Of a token its hash alone goes inwards, of a webhook's secret what is sealed in the vault; so neither a
 * journal nor a remembered answer has it, and the same request again is answered without.
 */
#pragma once

#include <stdbool.h>

#include "base/secret.h"

struct descriptor;

/* Make what a command's body, whose value that is, leaves to us: into the value, and what is to be shown of it into secret. False: it
 * leaves nothing to us, and secret is as it was. */
bool making_fill(const struct descriptor *body, void *value, char secret[SECRET_TEXT_SIZE]);
