/* How something goes on of which mails tell later, or remind, as notification needs it: counted, so that a mail can say how
 * far it was. A view; its id is the referral's, mentorship's, placement's, person's or token's.
 */
#pragma once

#include "contract/progress.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void progress_evolve(struct progress *row, const struct progress_event *event);
bool progress_find(struct txn *txn, const struct progress_input *in, struct ids *found,
                   struct error *err);

extern const struct table progresses;
extern const struct aggregate progress_aggregate;
