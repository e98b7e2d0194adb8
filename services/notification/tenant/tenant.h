/* A programme as notification needs it: what it is called, and who coordinates it.
 *
 * A view; its id is the programme's. Coordinators read the mailbox of the association that owns the
 * programme: the first organisation of that kind.
 */
#pragma once

#include "contract/tenant.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void tenant_evolve(struct tenant *row, const struct tenant_event *event);
bool tenant_find(struct txn *txn, const struct tenant_input *in, struct ids *found,
                 struct error *err);

extern const struct table tenants;
extern const struct aggregate tenant_aggregate;
