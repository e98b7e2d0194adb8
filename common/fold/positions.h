/* How far the state has come: in its own journal, and in those that are followed. By the thread
 * whose transaction it is. */
#pragma once

#include <stdbool.h>

#include "contract/journal.h"
#include "journal/journal.h"

struct error;
struct txn;

/* Where the state stands in its journal; zero: nowhere yet. */
bool state_stands(struct txn *txn, struct position *position, struct error *err);
bool state_put_stands(struct txn *txn, const struct position *position, struct error *err);

/* Up to where the journal of that service was consumed; zero: never. */
bool state_position(struct txn *txn, const char *service, struct journal_position *position,
                    struct error *err);
bool state_put_position(struct txn *txn, const struct journal_position *position,
                        struct error *err);

/* The names of the types that are consumed of it, each with its NUL; empty: never. names points into
 * the transaction. */
bool state_types(struct txn *txn, const char *service, struct bytes *names, struct error *err);
bool state_put_types(struct txn *txn, const struct journal_wanted *wanted, struct error *err);
