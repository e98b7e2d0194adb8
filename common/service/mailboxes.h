/* Whose mailbox an address is: what nobody can look up in the tables, since it is sealed.
 *
 * Of every row that has something sealed the mailbox in it is opened once, and a keyed print of it is kept in memory, never on
 * disk; the key is as old as the process, and in locked memory. Who asks brings it up to date with the snapshot that they ask:
 * if that is of another batch each row is looked at, and opened if what it has sealed is new.
 * Letters' case does not count.
 *
 * Any thread may call: one at a time goes on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct error;
struct mailboxes;
struct record;
struct running;
struct table;
struct txn;

struct mailboxes *mailboxes_create(struct running *running);
void mailboxes_destroy(struct mailboxes *mailboxes); /* accepts NULL */

/* Adds the rows whose mailbox it is, in order of id, IDS_MAX at most. record is of the table, and has found_in; always the same
 * one. text: as somebody has typed it (intake/mailbox.h); what can be nobody's finds nothing. */
bool mailboxes_find(struct mailboxes *mailboxes, struct txn *txn, const struct table *table,
                    const struct record *record, const char *text, struct ids *found,
                    struct error *err);
