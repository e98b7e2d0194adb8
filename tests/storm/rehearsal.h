/* What would come of a command if it were said now: built, loaded, decided and folded as the writer would (service/command.c,
 * service/execute.c), of the state as it is seen, and nothing is kept of it. So whoever looks for a command that is accepted
 * need not say all those that are not, and each extreme of it can be tried in the very same state.
 *
 * What is personal is not sealed for it, and nobody else hears of it.
 */
#pragma once

#include <stdbool.h>

struct bus_command;
struct error;
struct running;
struct txn;

/* Would it be accepted? */
bool rehearse(const struct running *running, struct txn *txn, const struct bus_command *said,
              struct error *err);
