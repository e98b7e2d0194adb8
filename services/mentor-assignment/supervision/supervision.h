/* Who supervises whom at a placement: nobody is to be mentor and supervisor of the same person. A
 * view of placement-lifecycle's events; its id is the placement's. */
#pragma once

#include "contract/supervision.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void supervision_evolve(struct supervision *row, const struct supervision_event *event);
bool supervision_find(struct txn *txn, const struct supervision_input *in, struct ids *found,
                      struct error *err);

/* Whether they are supervisor and participant of one placement now. */
bool supervision_is_between(struct txn *txn, struct id supervisor, struct id participant,
                            bool *is_so, struct error *err);

/* Those that the participant has now. */
bool supervision_find_of(struct txn *txn, struct id participant, struct ids *found,
                         struct error *err);

extern const struct table supervisions;
extern const struct aggregate supervision_aggregate;
