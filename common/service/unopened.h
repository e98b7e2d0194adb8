/* What is sealed and cannot be opened, though its key is there and was not destroyed: a blob that is missing, or not
 * what was sealed. Said once of each owner, and counted (fadder_sealed_unopened) until the next start, as only the
 * backup that it is brought back from can mend it. Any thread may call.
 */
#pragma once

#include "core/id.h"

struct metrics_metric;
struct unopened;

struct unopened *unopened_create(struct metrics_metric *gauge);
void unopened_destroy(struct unopened *unopened);

/* why: a word. */
void unopened_note(struct unopened *unopened, struct id owner, struct id event, const char *why);
