/* A file that has become shorter than it was, or a disk that cannot read it: a page of a mapped
 * file is then not there, and whoever touches it gets SIGBUS. That is no fault of the input at
 * hand, and not ours: it is said in one line of the log, and the process ends with exit code 1.
 * By the thread of the service that it is about; the first before other threads are started.
 */
#pragma once

#include <stdbool.h>

struct damage;
struct files;

/* From now on. name: the service, for its words; may_mend: the state in its directory is ours, and
 * the next start folds it anew. After trial_open, whose handler keeps every other SIGBUS. Lives until
 * damage_forget. */
struct damage *damage_watch(struct files *files, const char *name, bool may_mend);
/* No longer. NULL: nothing. */
void damage_forget(struct damage *damage);
