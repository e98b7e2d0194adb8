/* Whether the state on the disk may be trusted, or must be folded anew.
 *
 * A small synced file, state.mark, says which boot it was last written in, whether it was closed
 * cleanly, and with which code it was folded. In doubt, fold.
 *
 * By the main thread, before others have the state and after they have let it go.
 */
#pragma once

#include <stdbool.h>

struct error;
struct files;
struct fold;
struct journal;
struct store;

/* The state of the service in `directory` (…/state, …/state.mark), brought to the journal's end. The
 * mark is taken away before anything is changed. NULL on failure. */
struct store *trust_open(struct files *files, const char *directory, const char *fold_id,
                         struct journal *journal, struct fold *fold, struct error *err);

/* Something went wrong that the state may be at fault for: the next trust_open folds it anew. */
void trust_doubt(struct files *files, const char *directory);

/* The end: everything is flushed, and marked as clean. Closes the state. */
bool trust_close(struct files *files, const char *directory, const char *fold_id,
                 struct store *state, struct error *err);
