/* Files whole in, and out. */
#include "match/match.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/error.h"

enum { FORMAT_MAX = 512 };

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

struct match_file *match_open(const char *path, struct error *err)
{
    struct match_file *file = malloc(sizeof *file);

    if (file == NULL) bug("match: no memory");
    file->path = path;
    file->stream = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (file->stream != NULL) return file;
    fail(err, path, "create");
    free(file);
    return NULL;
}

/* Of every {one|many} in a format, what the number before it asks for. */
static void choose(char chosen[FORMAT_MAX], const char *format, va_list args)
{
    const char *const end = chosen + FORMAT_MAX - 1;
    long long number = 0;

    while (*format != '\0') {
        const size_t many = strcspn(format, "|"), all = strcspn(format, "}");
        const char *part = format;
        size_t size = 1;

        if (*format == '{') {
            part = number == 1 ? format + 1 : format + many + 1;
            size = number == 1 ? many - 1 : all - many - 1;
            format += all;
        } else if (*format == '%') {
            const char letter = format[1 + strspn(format + 1, "+l")];

            if (letter == 'd')
                number = va_arg(args, long long);
            else if (letter == 'u')
                number = va_arg(args, unsigned);
            else if (letter == 's')
                (void)va_arg(args, const char *);
            else
                bug("match: %%%c beside a choice", letter);
        }
        if (size > (size_t)(end - chosen)) bug("match: a format is too long");
        memcpy(chosen, part, size);
        chosen += size;
        format++;
    }
    *chosen = '\0';
}

void match_print(struct match_file *file, const char *format, ...)
{
    char chosen[FORMAT_MAX];
    va_list args;

    if (strchr(format, '{') != NULL) {
        va_start(args, format);
        choose(chosen, format, args);
        va_end(args);
        format = chosen;
    }
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
