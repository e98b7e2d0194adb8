/* That somebody was given a person's details, or what was asked and answered about them in words: who, when and what
 * for, so that the person can see it.
 *
 * A view: the person's own events and questions' make it, one row for each reading, and nothing changes it. Of who
 * is erased it is shown to nobody; the row stays, of ids alone: that somebody read is the programme's to prove.
 */
#pragma once

#include "contract/reading.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void reading_evolve(struct reading *row, const struct reading_event *event);
bool reading_find(struct txn *txn, const struct reading_input *in, struct ids *found,
                  struct error *err);

extern const struct table readings;
extern const struct aggregate reading_aggregate;
