/* The ledger of erasures: who was erased, and how well who must be hidden, in a file of its own, so that neither an older
 * journal nor an older key ring makes it undone. Nothing in it is personal; whoever restores puts back the newest
 * there is, whatever the age of the rest.
 *
 * A line for each, appended and flushed before what it says is journaled:
 *
 *   2026-11-22T10:00:00.000Z person.erased - <id> <hash>
 *   2026-11-22T10:00:00.000Z person.protection_changed confidential <id> <hash>
 *
 * hash: BLAKE2b-256 in base64 of the hash before it (of the first: zeros) and the line up to the blank before its own. So
 * a line that is changed, taken out or put in shows; that the last are gone shows against the journal.
 *
 * What a crash left of a line at the end (no end of line, or zeros) is cut off; anything else that does not follow is damage.
 * One thread appends; ledger_check is for any.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct error;
struct files;
struct ledger;

enum { LEDGER_WORD_MAX = 64 };

struct ledger_line {
    int64_t at_ms;
    char event[LEDGER_WORD_MAX + 1]; /* the event's type */
    char level[LEDGER_WORD_MAX + 1]; /* of protection; of an erasure "-" */
    struct id id;                    /* whose */
    struct id cause;                 /* set by reading: the first half of its hash */
};

/* Open it, made with its directory where it is not there, and visit its lines in order. NULL and a code:
 * ledger.damaged   a line does not follow the one before it, named by its number
 * ledger.exposed   others than the owner may read the directory or the file
 * ledger.disk      the system says no */
typedef void ledger_visit(void *cookie, const struct ledger_line *line);
struct ledger *ledger_open(struct files *files, const char *service, ledger_visit *visit,
                           void *cookie, struct error *err);
void ledger_close(struct ledger *ledger);

/* On disk when it returns; after a false nothing of it is. */
bool ledger_append(struct ledger *ledger, const struct ledger_line *lines, size_t count,
                   struct error *err);

/* Only read it; none is fine. */
bool ledger_check(struct files *files, const char *service, ledger_visit *visit, void *cookie,
                  struct error *err);
