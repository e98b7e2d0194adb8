#define _GNU_SOURCE /* fopencookie */
/* A stream in front of a descriptor, by which everything goes that is printed: so no place that prints can forget it. */
#include "operator/shown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"

enum { PIECE = 1024, LEFT_MAX = 4 };

struct shown {
    int fd;
    size_t left;
    char bytes[LEFT_MAX + PIECE]; /* first what was left, as it is not whole */
};

static struct shown out, complaints; /* the process's own */

static bool write_all(int fd, const char *from, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(fd, from, size);

        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        from += written;
        size -= (size_t)written;
    }
    return true;
}

static bool show(struct shown *shown, size_t size)
{
    char to[(LEFT_MAX + PIECE) * TEXT_SHOWN_MAX];

    return write_all(shown->fd, to, text_show(shown->bytes, size, TEXT_FOR_PEOPLE, to));
}

static bool take(struct shown *shown, const char *from, size_t size)
{
    size_t have = shown->left + size, whole;

    memcpy(shown->bytes + shown->left, from, size);
    whole = have - text_cut(shown->bytes, have);
    if (!show(shown, whole)) return false;
    shown->left = have - whole;
    memmove(shown->bytes, shown->bytes + whole, shown->left);
    return true;
}

/* As fopencookie has it: 0 says that it failed. */
static ssize_t on_write(void *cookie, const char *from, size_t size)
{
    for (size_t at = 0, step; at < size; at += step) {
        step = size - at < PIECE ? size - at : PIECE;
        if (!take(cookie, from + at, step)) return 0;
    }
    return (ssize_t)size;
}

static int on_close(void *cookie)
{
    struct shown *shown = cookie;
    const bool is_out = show(shown, shown->left);
    const bool is_closed = close(shown->fd) == 0;

    if (shown != &out && shown != &complaints) free(shown);
    return is_out && is_closed ? 0 : EOF;
}

static FILE *open_on(struct shown *shown, int fd)
{
    const cookie_io_functions_t functions = {.write = on_write, .close = on_close};
    FILE *stream;

    shown->fd = fd;
    if ((stream = fopencookie(shown, "w", functions)) == NULL) bug("out of memory");
    return stream;
}

FILE *shown_open(int fd)
{
    struct shown *shown = calloc(1, sizeof *shown);

    if (shown == NULL) bug("out of memory");
    return open_on(shown, fd);
}

void shown_begin(void)
{
    stdout = open_on(&out, STDOUT_FILENO);
    stderr = open_on(&complaints, STDERR_FILENO);
    setvbuf(stdout, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, BUFSIZ);
    setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

void shown_json(const char *json, size_t size)
{
    char piece[256 * TEXT_SHOWN_MAX];

    while (size > 0) {
        const size_t most = size < 256 ? size : 256, cut = most == size ? 0 : text_cut(json, most);

        fwrite(piece, 1, text_show(json, most - cut, TEXT_FOR_JSON, piece), stdout);
        json += most - cut;
        size -= most - cut;
    }
}
