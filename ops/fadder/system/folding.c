#define _GNU_SOURCE /* statx */
/* The file that a fold writes, as the file system tells of it. */
#include "system/folding.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { FOLDED_PATH_SIZE = 96 };

static int64_t in_ns(const struct statx_timestamp *at)
{
    return at->tv_sec * 1000000000 + at->tv_nsec;
}

bool folding_goes_on(struct folding *folding, const char *service)
{
    char path[FOLDED_PATH_SIZE];
    struct statx there;
    int64_t born_ns, before_ns;

    snprintf(path, sizeof path, "%s/state.fresh/data.mdb", service);
    if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_MTIME | STATX_BTIME, &there) != 0) return false;
    born_ns = (there.stx_mask & STATX_BTIME) != 0 ? in_ns(&there.stx_btime) : 0;
    if (folding->file != 0 && (there.stx_ino != folding->file || born_ns != folding->born_ns))
        folding->began_again++;
    folding->file = there.stx_ino;
    folding->born_ns = born_ns;
    before_ns = folding->written_ns;
    folding->written_ns = in_ns(&there.stx_mtime);
    return folding->written_ns != before_ns && folding->began_again == 0;
}
