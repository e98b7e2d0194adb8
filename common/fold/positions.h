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

/* Whether a is further back than b, in whatever journal. */
bool position_is_before(const struct journal_position *a, const struct journal_position *b);

/* Up to where the journal of that service was consumed; zero: never. */
bool state_position(struct txn *txn, const char *service, struct journal_position *position,
                    struct error *err);
bool state_put_position(struct txn *txn, const struct journal_position *position,
                        struct error *err);

/* The types that are consumed of it up to the position, and those that are being filled in up to that
 * of state_fill_name; none: never. */
bool state_wanted(struct txn *txn, const char *service, struct journal_wanted *wanted,
                  struct error *err);
/* They are others from now on. What is in neither any more is left where it stood. Before the
 * positions of the same batch. */
bool state_put_wanted(struct txn *txn, const struct journal_wanted *wanted, struct error *err);
/* Whether a type is among these. */
bool types_have(const struct journal_types *types, const char *type);
/* Up to where a type was consumed that is so no longer; zero: it never was. */
bool state_left(struct txn *txn, const char *service, const char *type,
                struct journal_position *position, struct error *err);
/* What was left further on than this is left here: the journal is another one behind it. */
bool state_take_back(struct txn *txn, const struct journal_position *position, struct error *err);

/* "fill-registry": what the position of filling in from that service is called. */
enum { FILL_NAME_SIZE = 48 };
void state_fill_name(const char *service, char name[FILL_NAME_SIZE]);
