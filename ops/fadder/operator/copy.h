/* Files that are copied, for backups: whole, flushed, for their owner alone. False: what is wrong is in err. */
#pragma once

#include <stdbool.h>

#include "operator/home.h"

struct error;

/* What the system says of a path. Always false. */
bool copy_trouble(const char *path, struct error *err);
bool copy_name(char path[PATH_SIZE], struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool copy_make(const char *path, struct error *err);
/* A directory is on disk, not only on its way there. */
bool copy_flush(const char *directory, struct error *err);
/* The files of a directory, but for those whose names begin so (NULL: none do); what is not a file stays behind. One that
 * is not there has none. Never over another. */
bool copy_files(const char *from, const char *to, const char *but, struct error *err);

/* A service holds its directory while it runs, also when nobody supervises it: now this process does, until it ends.
 * ERROR_REFUSED: it runs. */
bool copy_hold(const char *service, struct error *err);
