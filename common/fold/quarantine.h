/* Poison messages: inputs that were set aside because the service died of them, and events that wait
 * behind one: a fold of the journal's headers.
 *
 * What is known of an event that was set aside is its row in the journal. As long as one about an
 * aggregate is set aside, those that come later about the same aggregate are as well: they are told
 * in their order, or not at all. Released together, they are told one by one; when the service dies
 * of one again, it and those behind it stay.
 *
 * By the thread whose transaction it is.
 */
#pragma once

#include <stdbool.h>

#include "contract/journal.h"
#include "core/id.h"

struct error;
struct txn;

bool quarantine_put(struct txn *txn, const struct journal_header *header,
                    const struct journal_quarantine *named, struct error *err);
bool quarantine_drop(struct txn *txn, const struct journal_set_aside *entry, struct error *err);
bool quarantine_get(struct txn *txn, struct id input, bool *is_there,
                    struct journal_set_aside *entry, struct error *err);

/* Whether events about that aggregate are set aside. */
bool quarantine_holds(struct txn *txn, struct id about, bool *holds, struct error *err);

/* A command or deadline is gone from here; an event will be next, and then those behind it. */
bool quarantine_release(struct txn *txn, struct id input, bool *is_there,
                        struct journal_set_aside *entry, struct error *err);
/* The first event that is released; *is_there: there is one. */
bool quarantine_next(struct txn *txn, bool *is_there, struct journal_set_aside *entry,
                     struct error *err);

/* In order of id, behind `after` (NULL: from the first), until visit returns false. */
typedef bool quarantine_visit(void *cookie, const struct journal_set_aside *entry);
bool quarantine_scan(struct txn *txn, const struct id *after, quarantine_visit *visit, void *cookie,
                     struct error *err);
