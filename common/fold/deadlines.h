/* The map of deadlines. deadline_next answers also when what it found is due later than until_ms:
 * then is_there is false, and due_ms tells how long one may sleep (0: no deadline at all). */
#pragma once

#include "fold/fold.h"

bool deadline_put(struct txn *txn, const struct deadline *deadline, struct error *err);
bool deadline_drop(struct txn *txn, const struct deadline *deadline, struct error *err);
struct id deadline_id(uint64_t number);
