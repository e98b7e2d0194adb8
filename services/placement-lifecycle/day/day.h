/* A line of a placement's day book. Lines are never changed: a correction is another line that
 * names the old one. A view of the placement's own events, because a placement can have hundreds. */
#pragma once

#include "contract/day.h"

struct aggregate;
struct ids;
struct table;
struct txn;

enum { DAY_LINES_MAX = 16 }; /* of one day that count */

void day_evolve(struct day *row, const struct day_event *event);
bool day_find(struct txn *txn, const struct day_input *in, struct ids *found, struct error *err);

/* Those of a placement for that day that count: neither corrected nor struck. */
bool day_find_on(struct txn *txn, struct id placement, struct date on, struct ids *found,
                 struct error *err);
/* Whether there is any that counts from one day until another, both included. */
bool day_is_any(struct txn *txn, struct id placement, struct date from, struct date until,
                bool *is_any, struct error *err);

extern const struct table days;
extern const struct aggregate day_aggregate;
