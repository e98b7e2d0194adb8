/* Whom we have refused, folded together until it is said (noting.h): the same to the same, as it was answered, is one entry
 * with a count. It is said at once when it is new, then after a window that grows from REFUSALS_FIRST_MS fourfold to
 * REFUSALS_LAST_MS: a hundred thousand refusals within a minute are said four times. Of one who is refused many things
 * REFUSALS_EACH are told apart; of the rest what they were about, REFUSALS_ABOUT of those: whom somebody looked for is seen also
 * behind much else that they had no need of. All others are together, as `*`, and counted. Of addresses from which nobody is let
 * in there are REFUSALS_ADDRESSES.
 *
 * There is room for REFUSALS_MAX. Who has been quiet longest gives way, and never what is not said yet: where there is no
 * room left, it is counted as lost.
 *
 * Times are of a clock that never goes back, but for those that are said (instants). One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "contract/audit.h"

enum {
    REFUSALS_MAX = 1024,
    REFUSALS_EACH = 8,
    REFUSALS_ABOUT = 64,
    REFUSALS_ADDRESSES = 64,
    REFUSALS_FIRST_MS = 1000,
    REFUSALS_LAST_MS = 1024 * 1000,
    REFUSALS_KEPT_MS = 3600 * 1000, /* quiet for so long, and it is new again */
};

struct refusals;

/* What is said of one entry. */
struct refusal_note {
    struct audit_note note;
    bool has_programme;
    struct id programme;
    enum country country;
    struct id command; /* the same until it has been said */
};

struct refusals *refusals_create(void);
void refusals_destroy(struct refusals *refusals); /* accepts NULL */

/* Once more; what->note.first and last are when. False: there is no room, and it is lost. */
bool refusals_add(struct refusals *refusals, const struct refusal_note *what, int64_t steady_ms);

/* The next to be said, or NULL; all: also what could wait. It is the caller's to say until refusals_said, and
 * stays where it is. */
const struct refusal_note *refusals_next(struct refusals *refusals, int64_t steady_ms, bool all);
/* It has been said, or has to be again. */
void refusals_said(struct refusals *refusals, const struct refusal_note *what, bool is_done,
                   int64_t steady_ms);
