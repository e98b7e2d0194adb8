/* Of whom something may be struck, and where it stands: which events told what of somebody (core/trait.h), from
 * which on that may be struck, and of whom it has not all been yet. All of it is a fold, so that what is struck
 * is the same whenever it is folded. By the thread whose transaction it is.
 *
 * Somebody is known by an id: a person's, or of what is theirs alone, a referral's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "journal/journal.h"

struct descriptor;
struct error;
struct happened;
struct journal_event;
struct txn;

/* That and from where on what was told of somebody may be struck. */
struct permission {
    uint64_t by;              /* the event that permits it; 0: none does */
    int64_t at_ms;            /* when that happened */
    unsigned traits;          /* bits of core/trait.h */
    bool is_final;            /* whenever it was told: of who was erased */
    char service[4 * 32 + 1]; /* that said so */
};

/* Of somebody: one for each set of traits, none of them within another's. */
enum { PERMISSIONS_MAX = 16 };

struct permissions {
    size_t count;
    struct permission at[PERMISSIONS_MAX];
};

/* What an event permits; by is 0 when it permits nothing. */
struct permission permission_by(const struct happened *happened);
/* Whether that holds for an event of that number; own: whose journal it is. */
bool permission_covers(const struct permission *permission, uint64_t number,
                       const struct journal_event *event, const char *own);
/* The i-th of those of whom an event of this kind tells, or whom it permits to be struck: zero where it leaves that
 * one out; false behind the last. */
bool strikes_whom(const struct descriptor *kind, struct id aggregate, const void *body, size_t i,
                  struct id *id);
/* Whether it names that id among those of whom it tells, or whom it permits to be struck. */
bool strikes_name(const struct descriptor *kind, struct id aggregate, const void *body,
                  struct id who);

/* An event was folded: it told something of somebody, or permits it to be struck. counted: of journal_strike. */
bool strikes_keep(struct txn *txn, const struct happened *happened, uint64_t counted,
                  const char *own, struct error *err);
/* Of them all has been struck, and overwritten where files still held it: that batch says so. */
struct strikes_ended {
    uint64_t batch; /* 0: none has; there was nothing, or there still is */
    int64_t at_ms;
};
bool strikes_end(struct txn *txn, struct id who, const struct strikes_ended *ended,
                 struct error *err);

/* What holds of somebody. */
bool strikes_permitted(struct txn *txn, struct id who, struct permissions *permissions,
                       struct error *err);
/* Whether something is left of somebody; and when nothing was, the last time. */
bool strikes_left(struct txn *txn, struct id who, bool *is_left, struct strikes_ended *ended,
                  struct error *err);
/* The first behind `after` of whom something may be left; *is_there is false when there is none. */
bool strikes_next(struct txn *txn, struct id after, bool *is_there, struct id *who,
                  struct error *err);
/* The first event from `number` on that told something of them; 0: there is none. */
bool strikes_told(struct txn *txn, struct id who, uint64_t number, uint64_t *told,
                  uint64_t *counted, struct error *err);
