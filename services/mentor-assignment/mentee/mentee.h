/* A mentee: an accepted referral that wants a mentor, as matching needs it.
 *
 * A view: the registry's events bring it and take it away, and those of its mentorships move it. It
 * decides nothing. Its id is the referral's.
 */
#pragma once

#include "contract/mentee.h"

struct aggregate;
struct ids;
struct table;
struct txn;

/* Somebody looks for a mentor, and no mentorship is open that may become one. */
bool mentee_is_seeking(const struct mentee *row);

void mentee_evolve(struct mentee *row, const struct mentee_event *event);

bool mentee_find(struct txn *txn, const struct mentee_input *in, struct ids *found,
                 struct error *err);

/* Those who seek in a programme, `most` at the most, in order of id, which is by age of the
 * referral: behind `after` (NULL: from the first). */
bool mentee_find_seeking(struct txn *txn, struct id programme, const struct id *after,
                         uint32_t most, struct ids *found, struct error *err);

extern const struct table mentees;
extern const struct aggregate mentee_aggregate;
