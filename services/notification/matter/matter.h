/* A referral as notification needs it: whose it is, what they call it, how often they were told, and who looks after whom
 * it is about.
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

enum { MATTERS_OF_ONE = 8 }; /* that are looked at */

void matter_evolve(struct matter *row, const struct matter_event *event);
bool matter_find(struct txn *txn, const struct matter_input *in, struct ids *found,
                 struct error *err);

/* Those about a person, at most so many. */
bool matter_find_about(struct txn *txn, struct id person, struct ids *found, struct error *err);

extern const struct table matters;
extern const struct aggregate matter_aggregate;
