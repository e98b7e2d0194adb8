/* What pages load besides themselves: made from web/ when they are built. */
#pragma once

#include <stddef.h>

struct asset {
    const char *name; /* "fadder.css" */
    const char *path; /* "/web/<its print>/fadder.css": another when it is another */
    const char *type;
    const unsigned char *plain, *packed; /* as it is, and by gzip */
    size_t plain_size, packed_size;
};

extern const struct asset assets[]; /* ends with a NULL name */

/* That is at this path, or NULL; and where the one of that name is. Constant, until the process ends. */
const struct asset *assets_find(const char *path);
const char *assets_path(const char *name);
