/* A journal that a service lives by: followed from where the service's own journal says it was
 * consumed, by the types that the aggregates subscribe to. A type that came later is first filled in,
 * from where it was left (or the first batch) up to the position; only then the rest goes on. By the
 * writer's thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bus/follow.h"

struct bus;
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
void source_consumed(struct source *source, const struct foreign *foreign, uint32_t within);
/* How many rows of the next batch have been consumed already. */
int64_t source_within(const struct source *source);
bool source_is_heard(const struct source *source, int64_t now_ms, int64_t *behind);

/* Follow no further until the next start: what comes cannot be understood. */
void source_stop(struct source *source, const char *code, const char *why);
/* Why it stopped, as a word for programs, or NULL; until it is followed anew. */
const char *source_trouble(const struct source *source);
/* When it has parted from what was taken of it: go on from there. In force with the next commit, which
 * it makes urgent. ERROR_CONFLICT: it has not parted, or that place is not known. */
bool source_follow_anew(struct source *source, enum bus_resumption from, struct error *err);

/* What has moved since the last commit goes into the next batch's header; it has been committed: false
 * when what is wanted now cannot be followed. */
bool source_is_moved(const struct source *source);
bool source_is_urgent(const struct source *source); /* worth a commit of its own */
void source_say(const struct source *source, struct journal_header *header);
bool source_committed(struct source *source, struct error *err);
