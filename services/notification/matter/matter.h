/* A referral as notification needs it: whose it is, what they call it, how often they were told.
 *
 * A view; its id is the referral's. It counts what the partner is told of, and is told of an event
 * before message decides about it: so a message finds its own number here.
 */
#pragma once

#include "contract/matter.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void matter_evolve(struct matter *row, const struct matter_event *event);
bool matter_find(struct txn *txn, const struct matter_input *in, struct ids *found,
                 struct error *err);

extern const struct table matters;
extern const struct aggregate matter_aggregate;
