/* What of somebody who was erased is still here: for who has to prove that nothing is. By any thread that reads. */
#pragma once

#include <stdbool.h>

#include "contract/journal.h"
#include "core/id.h"

struct error;
struct running;
struct txn;

/* *is_there is false as long as this service has not heard that they were erased. What is theirs alone, a referral, counts
 * with them. */
bool dropped_find(struct running *running, struct txn *txn, struct id who, bool *is_there,
                  struct journal_dropped *dropped, struct error *err);
