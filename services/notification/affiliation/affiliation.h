/* A mentor as notification needs it: whose they are. A view; its id is the person's. */
#pragma once

#include "contract/affiliation.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void affiliation_evolve(struct affiliation *row, const struct affiliation_event *event);
bool affiliation_find(struct txn *txn, const struct affiliation_input *in, struct ids *found,
                      struct error *err);

extern const struct table affiliations;
extern const struct aggregate affiliation_aggregate;
