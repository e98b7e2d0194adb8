/* Which organisations a programme has, so that a posting's host, and where somebody has found work, is one of
 * them. A view of the registry's events; its id is the organisation's. */
#pragma once

#include "contract/hosting.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void hosting_evolve(struct hosting *row, const struct hosting_event *event);
bool hosting_find(struct txn *txn, const struct hosting_input *in, struct ids *found,
                  struct error *err);

extern const struct table hostings;
extern const struct aggregate hosting_aggregate;
