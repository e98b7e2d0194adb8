/* A journal as one follower gets it: the other end of bus/follow.h, without the way between.
 *
 * By the reader's thread; the journal is read from snapshots.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/bus.h"
#include "journal/batch.h"

struct error;
struct feed;
struct journal;

enum { FEED_LETTER_MAX = 1 + sizeof(struct id) + BATCH_PACKED_MAX }; /* bytes */

/* service: whose journal it is. */
struct feed *feed_create(struct journal *journal, const char *service);
void feed_destroy(struct feed *feed);

/* The follower asks, and what it asked before counts no more. *is_welcome: it gets what it asked for; else
 * *diverged is what to tell it, as a place of its is not in this journal. */
bool feed_begin(struct feed *feed, const struct bus_pull *pull, bool *is_welcome,
                struct bus_diverged *diverged, struct error *err);
/* So many bytes more may be on the way. */
void feed_credit(struct feed *feed, int64_t bytes);
/* It gets nothing until it asks again. */
void feed_end(struct feed *feed);
bool feed_is_begun(const struct feed *feed);

/* Whether there may be a letter for it, of batches up to head; and the letter: *size is 0 when there was
 * none. */
bool feed_has_next(const struct feed *feed, uint64_t head);
bool feed_next(struct feed *feed, uint8_t letter[FEED_LETTER_MAX], size_t *size, struct error *err);
