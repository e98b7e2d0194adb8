/* A coordinator as notification needs them: whether they are cleared, and for whom they coordinate. A view; its id is the
 * person's. */
#pragma once

#include "contract/clearance.h"

struct aggregate;
struct ids;
struct table;
struct txn;

enum { CLEARANCES_MAX = 8 }; /* that hear of one thing */

void clearance_evolve(struct clearance *row, const struct clearance_event *event);
bool clearance_find(struct txn *txn, const struct clearance_input *in, struct ids *found,
                    struct error *err);

/* The programme's coordinators who are cleared, in order of id behind `after` (NULL: from the first), until found is full. */
bool clearance_find_all(struct txn *txn, struct id programme, const struct id *after,
                        struct ids *found, struct error *err);

extern const struct table clearances;
extern const struct aggregate clearance_aggregate;
