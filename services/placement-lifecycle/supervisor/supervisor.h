/* Who can supervise, and for which host. A view of the registry's events; its id is the person's. */
#pragma once

#include "contract/supervisor.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void supervisor_evolve(struct supervisor *row, const struct supervisor_event *event);
bool supervisor_find(struct txn *txn, const struct supervisor_input *in, struct ids *found,
                     struct error *err);

extern const struct table supervisors;
extern const struct aggregate supervisor_aggregate;
