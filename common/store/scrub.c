/* Page by page: free ones become zeroes, and in those in use what lies between their places and their nodes. */
#include "store/scrub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PAGE_HEAD =
        16, /* number (8 bytes), pad (2), flags (2), lower and upper (2 each) or how many pages (4) */
    PAGE_FLAGS = 10,
    PAGE_LOWER = 12,
    PAGE_UPPER = 14,
    BRANCH = 1,
    LEAF = 2,
    OVERFLOW = 4,
    META_PAGES = 2,
    PAGE_SIZE_MAX = 65536,
};

static bool write_zeroes(const struct scrubbing *scrubbing, uint64_t at, size_t size)
{
    static const uint8_t zeroes[PAGE_SIZE_MAX];

    while (size > 0) {
        const ssize_t written = pwrite(scrubbing->fd, zeroes, size, (off_t)at);

        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        at += (uint64_t)written;
        size -= (size_t)written;
    }
    return true;
}

static bool is_zero(const uint8_t *at, size_t size)
{
    return size == 0 || (at[0] == 0 && memcmp(at, at + 1, size - 1) == 0);
}

/* What is zero already need not be written. */
static bool wipe(const struct scrubbing *scrubbing, uint64_t page, const uint8_t *bytes,
                 size_t from, size_t to)
{
    if (from >= to || is_zero(bytes + from, to - from)) return true;
    return write_zeroes(scrubbing, page * scrubbing->page_size + from, to - from);
}

static bool is_free(const struct scrubbing *scrubbing, uint64_t page)
{
    return (scrubbing->free[page / 8] & 1u << page % 8) != 0;
}

static unsigned read_2(const uint8_t *at)
{
    return (unsigned)at[0] | (unsigned)at[1] << 8;
}

static uint64_t read_number(const uint8_t *at, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

/* A page in use: what lies between its places and its nodes. *pages: how many it goes on for. */
static bool scrub_used(const struct scrubbing *scrubbing, uint64_t page, const uint8_t *bytes,
                       uint64_t *pages)
{
    const unsigned flags = read_2(bytes + PAGE_FLAGS);
    const unsigned lower = read_2(bytes + PAGE_LOWER), upper = read_2(bytes + PAGE_UPPER);

    *pages = 1;
    if (read_number(bytes, 8) != page) return true;
    if (flags == OVERFLOW) {
        const uint64_t count = read_number(bytes + PAGE_LOWER, 4);

        if (count > 0 && page + count <= scrubbing->last + 1) *pages = count;
        return true;
    }
    if ((flags != BRANCH && flags != LEAF) || lower < PAGE_HEAD || upper < lower ||
        upper > scrubbing->page_size)
        return true;
    return wipe(scrubbing, page, bytes, lower, upper);
}

static bool scrub_page(const struct scrubbing *scrubbing, uint64_t page, uint8_t *bytes,
                       uint64_t *pages)
{
    const ssize_t size =
        pread(scrubbing->fd, bytes, scrubbing->page_size, (off_t)(page * scrubbing->page_size));

    *pages = 1;
    if (size < 0) return false;
    if ((size_t)size < scrubbing->page_size) return true; /* never written */
    if (is_free(scrubbing, page)) return wipe(scrubbing, page, bytes, 0, scrubbing->page_size);
    return scrub_used(scrubbing, page, bytes, pages);
}

bool scrub_pages(const struct scrubbing *scrubbing, size_t count, uint64_t *page)
{
    uint8_t *bytes = malloc(scrubbing->page_size);
    const uint64_t until = *page + count;
    uint64_t at = *page < META_PAGES ? META_PAGES : *page, pages;
    bool is_ok = bytes != NULL && scrubbing->page_size <= PAGE_SIZE_MAX;

    while (is_ok && at <= scrubbing->last && at < until) {
        is_ok = scrub_page(scrubbing, at, bytes, &pages);
        at += pages;
    }
    free(bytes);
    *page = at;
    return is_ok;
}

bool scrub_behind(const struct scrubbing *scrubbing, const void *value, size_t size)
{
    const uint8_t *page = (const uint8_t *)value - PAGE_HEAD;
    uint64_t number, count;

    if ((uintptr_t)page % scrubbing->page_size != 0) return true; /* it lies in a leaf */
    number = read_number(page, 8);
    count = read_number(page + PAGE_LOWER, 4);
    if (read_2(page + PAGE_FLAGS) != OVERFLOW || number + count > scrubbing->last + 1) return true;
    return wipe(scrubbing, number, page, PAGE_HEAD + size, count * scrubbing->page_size);
}

bool scrub_tail(const struct scrubbing *scrubbing)
{
    const uint64_t end = (scrubbing->last + 1) * scrubbing->page_size;
    struct stat stat;
    bool is_ok = fstat(scrubbing->fd, &stat) == 0;

    for (uint64_t at = end; is_ok && at < (uint64_t)stat.st_size; at += scrubbing->page_size) {
        const uint64_t left = (uint64_t)stat.st_size - at;

        is_ok = write_zeroes(scrubbing, at,
                             left < scrubbing->page_size ? (size_t)left : scrubbing->page_size);
    }
    return is_ok;
}
