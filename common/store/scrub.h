/* The pages of an LMDB file, where nothing that counts stands: overwritten. The format is that of LMDB 0.9 (struct
 * MDB_page in its source), the same in every version that Debian 12 and 13 have; a page that does not look
 * so is left.
 *
 * For store.c, which knows what is free; by the writer's thread, so that nobody writes meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scrubbing {
    int fd;
    size_t page_size;
    uint64_t last;       /* page in use */
    const uint8_t *free; /* a bit for each page up to it: free, and seen by nobody */
};

/* So many pages from *page on, which is then the next. False: the disk does not do it. */
bool scrub_pages(const struct scrubbing *scrubbing, size_t count, uint64_t *page);

/* What lies behind a value in pages of its own: it is written along with what stood in that memory before. The value lies
 * in the map, as the last snapshot has it; nothing is done of one that has no such pages. */
bool scrub_behind(const struct scrubbing *scrubbing, const void *value, size_t size);

/* What lies behind the last page. */
bool scrub_tail(const struct scrubbing *scrubbing);
