/* What may not come undone: who was erased, and how well who must be hidden. The ledger (vault/ledger.h) has it before the
 * journal has; at the start the two are compared, and what one knows and the other does not is said again.
 *
 * By the writer's thread, but for opening.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct error;
struct files;
struct forgetting;
struct kind;
struct kinds;
struct txn;

/* What has to be said again: an erasure, or a protection, by the event's kind. */
struct due {
    const struct kind *kind;
    struct id id, cause;
    unsigned level; /* of protection */
};

struct dues {
    size_t count, room;
    struct due *at; /* malloc'ed */
};

/* Reads the service's ledger; codes as ledger_open. */
struct forgetting *forgetting_open(struct files *files, const char *service,
                                   const struct kinds *kinds, struct error *err);
void forgetting_close(struct forgetting *forgetting);

/* At the start. An owner's key as the state has it: what the ledger lacks is noted, what the state lacks is due. */
void forgetting_compare_key(struct forgetting *forgetting, struct id owner, bool is_erased,
                            struct dues *dues);
/* Every protection: a higher one in the ledger is due. */
bool forgetting_compare_rows(struct forgetting *forgetting, struct txn *txn, struct dues *dues,
                             struct error *err);
void forgetting_add(struct dues *dues, const struct due *due);
/* The kind of event that erases, which lives as long as the kinds; NULL: there is none. */
const struct kind *forgetting_erasure(const struct kinds *kinds);
/* All of it has been said: what the ledger has need not be known any more. */
void forgetting_settle(struct forgetting *forgetting);

/* An event is in the batch that is being made; and before that is journaled. */
void forgetting_note(struct forgetting *forgetting, const struct kind *kind, struct id id,
                     const void *body, int64_t at_ms);
bool forgetting_write(struct forgetting *forgetting, struct error *err);

/* Whether state and ledger know the same. Lines from until_ms on may be ahead of the state. */
bool forgetting_verify(struct files *files, const char *service, const struct kinds *kinds,
                       struct txn *txn, int64_t until_ms, struct error *err);
