/* Whether a service that does not answer yet is folding its journal, and gets on with it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Of one service, zero at first. */
struct folding {
    uint64_t file;        /* which one it writes */
    int64_t born_ns;      /* since when it is there, as a file's name may be another's */
    int64_t written_ns;   /* when last */
    unsigned began_again; /* how often: it ended in the middle of it */
};

/* Whether it has got on since the last time it was asked. Who folds is not late as long as the fold
 * goes on, however long the journal is; but who ended in the middle and begins anew does not get on. */
bool folding_goes_on(struct folding *folding, const char *service);
