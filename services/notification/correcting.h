/* That a step was taken back, and what had told of the step: the one is not said after the other, nor to who never heard of
 * the other. It is found out when either is to be sent: only the sender knows what is under way.
 */
#pragma once

#include "message/message.h"

/* Whether the step of which it tells was taken back since. */
bool correcting_is_taken_back(struct txn *txn, const struct message *told, bool *is_taken_back,
                              struct error *err);

/* What told this reader of the step that was taken back: none, of what is no correction. */
bool correcting_find_told(struct txn *txn, const struct message *correction, struct ids *told,
                          struct error *err);

/* Whether it corrects what certainly did not reach the reader. */
bool correcting_is_unheard(struct txn *txn, const struct message *correction, bool *is_unheard,
                           struct error *err);
