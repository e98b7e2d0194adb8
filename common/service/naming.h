/* What a command names besides what it is about: a host, a supervisor, an organisation. Programmes keep apart in
 * that too, whatever the decider looks at. By the writer's thread. */
#pragma once

#include <stdbool.h>

#include "core/id.h"

struct descriptor;
struct error;
struct kinds;
struct txn;

/* Whether all that a body names (`of`, core/descriptor.h) is there, and of this programme. row: room for any row
 * of the service (kinds->row_max). False: invalid, with each field at fault (code names_none); or it could not
 * be looked at. */
bool naming_check(struct txn *txn, const struct kinds *kinds, const struct descriptor *descriptor,
                  const void *body, struct id programme, void *row, struct error *err);
