/* Following another service's journal: what it said, in order, checked, exactly once.
 *
 * A follower asks for what comes behind its position and takes batches as they come, each chained
 * to the one before by hash. What is lost, doubled or out of order is asked for again: correctness
 * never depends on delivery. The position is the follower's own and lives in its journal. Journals
 * are never cut at the front, so there is no gap that could not be asked for.
 *
 * A follower belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/bus.h"
#include "contract/journal.h"
#include "store/store.h"

struct follower;

/* Types: as many as a pull has room for; of a service that subscribes more, no contract is made. */
enum {
    TYPES_MAX = sizeof((struct bus_types *)0)->at / sizeof((struct bus_types *)0)->at[0],
    FOREIGN_ROWS = 640,
};

/* A batch of another journal. Rows are only those asked for; everything points into what the follower keeps
 * of it until it is consumed. */
struct foreign {
    struct bytes header;           /* packed */
    struct journal_position after; /* where one stands when it is consumed (within: 0) */
    uint32_t events;               /* of the batch, also those not asked for */
    const uint8_t *hashes;
    uint32_t count;
    struct {
        uint32_t index; /* in the batch */
        struct bytes row;
    } rows[FOREIGN_ROWS];
};

/* How a letter (schemas/runtime/bus.json) gets to the producer, if it does. */
typedef void follower_send(void *cookie, struct bytes letter);

/* types: names of events, or "*" alone for everything, ends with NULL. from: where to go on; until: a
 * place on the way, up to where other events were taken already, which has to be in the journal as
 * well; NULL: none. */
struct follower *follower_create(const char *service, const char *const *types,
                                 const struct journal_position *from,
                                 const struct journal_position *until, follower_send *send,
                                 void *cookie);
void follower_destroy(struct follower *follower);

/* These live as long as the follower; the position changes as it goes on. */
const char *follower_service(const struct follower *follower);
const struct journal_position *follower_position(const struct follower *follower);

/* A letter from the producer; one that is not for it, or that it has no room for, is passed over. */
void follower_hear(struct follower *follower, struct bytes letter, int64_t now_ms);
bool follower_has_room(const struct follower *follower);
/* Ask, and again what is overdue. Call often, at the least every second. */
void follower_turn(struct follower *follower, int64_t now_ms);

/* The batch behind the position, if it is here; stays the same until follower_consumed. */
bool follower_next(struct follower *follower, struct foreign *foreign);
/* The batch of follower_next has been consumed up to `within` rows (UINT32_MAX: whole). */
void follower_consumed(struct follower *follower, const struct foreign *foreign, uint32_t within);
/* What is consumed is on disk: tell the producer. */
void follower_acknowledge(struct follower *follower);

/* The last head heard of, for the lag; false when nothing was heard for 3 s. */
bool follower_head(const struct follower *follower, int64_t now_ms, uint64_t *batch);

/* Take no more of it. code: a word for programs; why: for people. */
void follower_stop(struct follower *follower, const char *code, const char *why);
/* Why it stopped, or NULL; valid as long as the follower lives. When the producer said so, it has
 * which of the two places is not there, and where one could go on: at the fork or the end. */
const struct bus_diverged *follower_trouble(const struct follower *follower);
