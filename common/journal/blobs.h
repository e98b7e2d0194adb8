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

/* Delete those of owners that is_known does not know: of a journal that was restored, from before they came. */
typedef bool blobs_is_known(void *cookie, struct id owner);
bool blobs_keep(struct blobs *blobs, blobs_is_known *is_known, void *cookie, struct error *err);

/* Delete an erased owner's; how many. */
bool blobs_drop(struct blobs *blobs, struct id owner, size_t *count, struct error *err);

/* Take over those that a journal of an earlier version has among its own. */
bool blobs_adopt(struct blobs *blobs, struct journal *journal, struct error *err);

size_t blobs_used(const struct blobs *blobs); /* bytes */
bool blobs_have_room(const struct blobs *blobs);
/* Forget readers that died. */
void blobs_tidy(struct blobs *blobs);
