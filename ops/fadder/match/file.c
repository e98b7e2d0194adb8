/* Files whole in, and out. */
#include "match/match.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/error.h"
#include "operator/shown.h"

static bool fail(struct error *err, const char *path, const char *doing)
{
    return error_set(err, ERROR_BROKEN, "file", "%.100s: cannot %s: %s", path, doing,
                     strerror(errno));
}

bool match_load(const char *path, char **bytes, size_t *size, struct error *err)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    size_t room = 1 << 16, used = 0, got;
    char *buffer = NULL;

    if (file == NULL) return fail(err, path, "open");
    do {
        char *larger = buffer == NULL || used + 1 == room
                           ? realloc(buffer, buffer == NULL ? room : (room *= 2))
                           : buffer;

        if (larger == NULL) bug("match: no memory for %zu bytes", room);
        buffer = larger;
        got = fread(buffer + used, 1, room - used - 1, file);
        used += got;
    } while (got > 0);
    if (ferror(file) != 0) {
        fail(err, path, "read");
        if (!is_stdin) fclose(file);
        free(buffer);
        return false;
    }
    if (!is_stdin) fclose(file);
    buffer[used] = '\0';
    *bytes = buffer;
    *size = used;
    return true;
}

struct match_file {
    FILE *stream;
    const char *path;
};

static FILE *open_stream(const char *path, bool is_for_people)
{
    const bool is_output = strcmp(path, "-") == 0;
    int fd;

    if (is_output && (is_for_people || isatty(STDOUT_FILENO))) return stdout;
    if (is_output) fflush(stdout);
    fd =
        is_output ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return NULL;
    return is_for_people ? shown_open(fd) : fdopen(fd, "wb");
}

struct match_file *match_open(const char *path, bool is_for_people, struct error *err)
{
    struct match_file *file = malloc(sizeof *file);

    if (file == NULL) bug("match: no memory");
    file->path = path;
    file->stream = open_stream(path, is_for_people);
    if (file->stream != NULL) return file;
    fail(err, path, "create");
    free(file);
    return NULL;
}

void match_print(struct match_file *file, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(file->stream, format, args);
    va_end(args);
}

bool match_close(struct match_file *file, struct error *err)
{
    const bool was_written = ferror(file->stream) == 0;
    const bool is_out = (file->stream == stdout ? fflush(stdout) : fclose(file->stream)) == 0;
    const bool ok = (was_written && is_out) || fail(err, file->path, "write");

    free(file);
    return ok;
}

/* A file: itself, or the folder that it will be in and its name there. */
struct whereabouts {
    dev_t device;
    ino_t number;
    const char *name; /* "" for what is there */
};

static bool is_at(const struct stat *st, const char *name, struct whereabouts *at)
{
    *at = (struct whereabouts){st->st_dev, st->st_ino, name};
    return true;
}

static bool find_folder(const char *path, const char *name, struct whereabouts *at)
{
    char *folder = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
    struct stat st;
    bool is_there;

    if (folder == NULL) bug("match: no memory");
    is_there = stat(folder, &st) == 0;
    free(folder);
    return is_there && is_at(&st, name, at);
}

/* False: nowhere that could be overwritten. "-" counts where it is led from or into a file. */
static bool find(const char *path, int standard, struct whereabouts *at)
{
    const char *slash = strrchr(path, '/');
    struct stat st;

    if (strcmp(path, "-") == 0)
        return fstat(standard, &st) == 0 && S_ISREG(st.st_mode) && is_at(&st, "", at);
    if (stat(path, &st) == 0) return S_ISREG(st.st_mode) && is_at(&st, "", at);
    return find_folder(path, slash == NULL ? path : slash + 1, at);
}

static bool is_same(const struct whereabouts *a, const struct whereabouts *b)
{
    return a->device == b->device && a->number == b->number && strcmp(a->name, b->name) == 0;
}

bool match_overwrites(const char *out, const char *in)
{
    struct whereabouts to, from;

    return find(out, STDOUT_FILENO, &to) && find(in, STDIN_FILENO, &from) && is_same(&to, &from);
}

bool match_collides(const char *out, const char *other_out)
{
    struct whereabouts a, b;

    if (strcmp(out, "-") == 0 && strcmp(other_out, "-") == 0) return true;
    return find(out, STDOUT_FILENO, &a) && find(other_out, STDOUT_FILENO, &b) && is_same(&a, &b);
}

bool match_number(const char *text, size_t length, int64_t low, int64_t high, int64_t *number)
{
    const bool is_negative = length > 0 && text[0] == '-';
    int64_t value = 0;

    if (is_negative) {
        text++;
        length--;
    }
    if (length == 0 || length > 18) return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = 10 * value + (text[i] - '0');
    }
    if (is_negative) value = -value;
    if (value < low || value > high) return false;
    *number = value;
    return true;
}

double match_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
