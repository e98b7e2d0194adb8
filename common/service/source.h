/* A journal that a service lives by: followed from where the service's own journal says it was
 * consumed, by the types that the aggregates subscribe to. A type subscribed to later is first
 * filled in, from the first batch up to the position; only then the rest goes on. By the writer's
 * thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bus/follow.h"

struct kinds;
struct source;
struct txn;

/* txn: of the state. service and own are kept. */
struct source *source_open(struct bus *bus, const struct kinds *kinds, const char *own,
                           const char *service, struct txn *txn, struct error *err);
void source_close(struct source *source);

/* These live as long as the source. */
const char *source_service(const struct source *source);
struct socket *source_socket(struct source *source);

/* As those of a follower. */
void source_turn(struct source *source, int64_t now_ms);
bool source_next(struct source *source, struct foreign *foreign);
bool source_consumed(struct source *source, const struct foreign *foreign, uint32_t within,
                     struct error *err);
/* Follow no further until the next start: what comes cannot be understood. */
void source_stop(struct source *source, const char *why);
/* How many rows of the next batch have been consumed already. */
int64_t source_within(const struct source *source);
bool source_is_heard(const struct source *source, int64_t now_ms, int64_t *behind);

/* What has moved since the last commit goes into the next batch's header; it has been committed. */
bool source_is_moved(const struct source *source);
bool source_is_urgent(const struct source *source); /* worth a commit of its own */
void source_say(const struct source *source, struct journal_header *header);
void source_committed(struct source *source);
