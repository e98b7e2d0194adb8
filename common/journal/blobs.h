/* What is sealed, apart from the batches that tell of it: a blob for each event of somebody's, by owner and event.
 * Journals are streamed to whoever follows them, and nothing in them can be deleted; blobs are neither.
 *
 * A batch's blobs are written first, so that what is journaled is never without; those of a batch that did not come
 * to be are swept at the next opening.
 *
 * One thread writes; any thread may read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/id.h"
#include "journal/batch.h"

struct blobs;
struct error;
struct journal;

/* Open those in directory, made where it is not there, of that journal. */
struct blobs *blobs_open(const char *directory, struct journal *journal, struct error *err);
void blobs_close(struct blobs *blobs);

/* On disk when it returns; nothing is done for a batch that has none. */
bool blobs_write(struct blobs *blobs, const struct batch *batch, struct error *err);

/* What an event of somebody's has sealed; *size is 0 when it is not there. */
bool blobs_read(struct blobs *blobs, struct id owner, struct id event, uint8_t to[BLOB_MAX],
                size_t *size, struct error *err);

/* Whose it is, and the event that carries it. */
struct blob_key {
    struct id owner, event;
};

/* Delete those that is_known does not know; how many. */
typedef bool blobs_is_known(void *cookie, const struct blob_key *key);
bool blobs_keep(struct blobs *blobs, blobs_is_known *is_known, void *cookie, size_t *count,
                struct error *err);

/* Delete these: something else is sealed in their place, or nothing. One that is not there is gone already. */
bool blobs_drop_some(struct blobs *blobs, const struct blob_key *keys, size_t count,
                     struct error *err);

/* Delete an erased owner's; how many. */
bool blobs_drop(struct blobs *blobs, struct id owner, size_t *count, struct error *err);

/* The file holds the bytes of what was deleted until it has been gone through, which is remembered in it: so many pages
 * at once, between batches, as store_scrub. *is_done: there is nothing (more) to overwrite, or somebody still reads,
 * and it is to be tried again. */
bool blobs_scrub(struct blobs *blobs, size_t pages, bool *is_done, struct error *err);
bool blobs_are_clean(const struct blobs *blobs);

/* Take over those that a journal of an earlier version has among its own. */
bool blobs_adopt(struct blobs *blobs, struct journal *journal, struct error *err);

size_t blobs_used(const struct blobs *blobs); /* bytes */
bool blobs_have_room(const struct blobs *blobs);
/* Forget readers that died. */
void blobs_tidy(struct blobs *blobs);
