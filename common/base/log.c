/* A line is put together in one buffer and written in one call. Formats are taken apart here, so
 * that what %s puts in can be quoted and no value can make a line of its own. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/settings.h"
#include "core/ending.h"
#include "core/error.h"

static const char *const level_words[] = {"error", "warning", "info", "debug", NULL};

static _Atomic(const char *) program_name = "-";
static _Thread_local const char *thread_name; /* NULL: the program's */
static atomic_uint level_max = LOG_INFO;

/* A line in the making. What does not fit is left out; the last bytes are kept for saying so. */
struct line {
    char at[LOG_LINE_MAX];
    size_t size;
    bool is_cut;
};

static const char cut_mark[] = "...";

static void add(struct line *line, const char *text, size_t size)
{
    size_t room = sizeof line->at - sizeof cut_mark - line->size; /* its NUL stands for our \n */

    if (line->is_cut) return;
    line->is_cut = size > room;
    if (size > room) size = room;
    memcpy(line->at + line->size, text, size);
    line->size += size;
}

static bool is_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] >= 0x7F || strchr("\"\\=", text[i]) != NULL) return false;
    return size > 0;
}

static void add_escaped(struct line *line, char c)
{
    char escape[8];

    if (c == '"' || c == '\\') {
        add(line, (const char[]){'\\', c}, 2);
    } else if (c < ' ' || c >= 0x7F) { /* char is signed or not: past ASCII is < ' ' or >= 0x7F */
        snprintf(escape, sizeof escape, "\\x%02x", (unsigned char)c);
        add(line, escape, 4);
    } else {
        add(line, &c, 1);
    }
}

static void add_value(struct line *line, const char *text, size_t size)
{
    if (is_plain(text, size)) {
        add(line, text, size);
        return;
    }
    add(line, "\"", 1);
    for (size_t i = 0; i < size && !line->is_cut; i++)
        add_escaped(line, text[i]);
    add(line, "\"", 1);
}

/* One conversion of printf, taken apart: %[flags][width][.precision][length]letter. */
struct conversion {
    char spec[16]; /* as it stands, for printf to do again */
    char length;   /* 0, h, l, q for ll, z, t, j, L */
    char letter;
    int precision; /* -1: none, -2: the next argument */
};

static const char *read_length(const char *at, char *length)
{
    if (strchr("hlztjL", *at) == NULL || *at == '\0') return at;
    *length = *at++;
    if (at[0] == at[-1] && (*at == 'l' || *at == 'h')) {
        if (*at == 'l') *length = 'q';
        at++;
    }
    return at;
}

static const char *read_conversion(const char *from, struct conversion *conversion)
{
    const char *at = from + 1 + strspn(from + 1, "-+ #0123456789");

    *conversion = (struct conversion){.precision = -1};
    if (*at == '.' && at[1] == '*') {
        conversion->precision = -2;
        at += 2;
    } else if (*at == '.') {
        conversion->precision = 0;
        while (*++at >= '0' && *at <= '9')
            conversion->precision = conversion->precision * 10 + (*at - '0');
    }
    at = read_length(at, &conversion->length);
    conversion->letter = *at++;
    if (conversion->letter == '\0' || (size_t)(at - from) >= sizeof conversion->spec)
        bug("log: the format ends in %s", from);
    memcpy(conversion->spec, from, (size_t)(at - from));
    return at;
}

struct arguments {
    va_list list;
};

static void add_text(struct line *line, const struct conversion *conversion, struct arguments *from)
{
    int size_max = conversion->precision == -2 ? va_arg(from->list, int) : conversion->precision;
    const char *text = va_arg(from->list, const char *);

    if (text == NULL) text = "-";
    add_value(line, text, size_max < 0 ? strlen(text) : strnlen(text, (size_t)size_max));
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* The format was checked against its arguments where log_* was called; spec is a piece of it. */
static void add_number(struct line *line, const struct conversion *conversion,
                       struct arguments *from)
{
    const char *spec = conversion->spec;
    char number[64];
    int size = 0;

    if (conversion->precision == -2) bug("log: %s is only for text", spec);
    switch (conversion->length) {
    case 'l': size = snprintf(number, sizeof number, spec, va_arg(from->list, long)); break;
    case 'q': size = snprintf(number, sizeof number, spec, va_arg(from->list, long long)); break;
    case 'z': size = snprintf(number, sizeof number, spec, va_arg(from->list, size_t)); break;
    case 't': size = snprintf(number, sizeof number, spec, va_arg(from->list, ptrdiff_t)); break;
    case 'j': size = snprintf(number, sizeof number, spec, va_arg(from->list, intmax_t)); break;
    default: size = snprintf(number, sizeof number, spec, va_arg(from->list, int)); break;
    }
    if (size > 0)
        add(line, number, (size_t)size < sizeof number ? (size_t)size : sizeof number - 1);
}

static void add_real(struct line *line, const struct conversion *conversion, struct arguments *from)
{
    char number[64];
    int size = snprintf(number, sizeof number, conversion->spec, va_arg(from->list, double));

    if (size > 0)
        add(line, number, (size_t)size < sizeof number ? (size_t)size : sizeof number - 1);
}
#pragma GCC diagnostic pop

static void add_conversion(struct line *line, const struct conversion *conversion,
                           struct arguments *from)
{
    char c;

    switch (conversion->letter) {
    case '%': add(line, "%", 1); break;
    case 's': add_text(line, conversion, from); break;
    case 'c':
        c = (char)va_arg(from->list, int);
        add_value(line, &c, 1);
        break;
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': add_number(line, conversion, from); break;
    case 'e':
    case 'f':
    case 'g': add_real(line, conversion, from); break;
    default: bug("log: %s is not a conversion for logs", conversion->spec);
    }
}

static void add_tail(struct line *line, const char *format, struct arguments *from)
{
    struct conversion conversion;

    while (*format != '\0') {
        size_t literal = strcspn(format, "%");

        add(line, format, literal);
        format += literal;
        if (*format == '\0') return;
        format = read_conversion(format, &conversion);
        add_conversion(line, &conversion, from);
    }
}

static void add_head(struct line *line, enum log_level level, const char *event)
{
    int64_t now = clock_now_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm utc;
    size_t size;

    if (gmtime_r(&seconds, &utc) == NULL) bug("log: the clock says %lld", (long long)now);
    size = strftime(line->at, sizeof line->at, "%Y-%m-%dT%H:%M:%S", &utc);
    size += (size_t)snprintf(line->at + size, sizeof line->at - size, ".%03dZ %s %.40s %.60s",
                             (int)(now % 1000), level_words[level],
                             thread_name != NULL ? thread_name : atomic_load(&program_name), event);
    line->size = size;
}

static void end_line(struct line *line)
{
    ssize_t rc;

    if (line->is_cut) {
        memcpy(line->at + line->size, cut_mark, sizeof cut_mark - 1);
        line->size += sizeof cut_mark - 1;
    }
    line->at[line->size++] = '\n';
    do {
        rc = write(STDERR_FILENO, line->at, line->size);
    } while (rc < 0 && errno == EINTR); /* a log that cannot be written has nowhere to say so */
}

static void say(enum log_level level, const char *event, const char *format, va_list list)
{
    int before = errno;
    struct line line = {.size = 0};
    struct arguments from;

    if (!log_is_on(level)) return;
    add_head(&line, level, event);
    add(&line, " ", 1);
    va_copy(from.list, list);
    add_tail(&line, format, &from);
    va_end(from.list);
    end_line(&line);
    errno = before;
}

void log_as(const char *name)
{
    thread_name = name;
}

bool log_is_on(enum log_level level)
{
    return (unsigned)level <= atomic_load_explicit(&level_max, memory_order_relaxed);
}

#define LOG_FUNCTION(name, level)                         \
    void name(const char *event, const char *format, ...) \
    {                                                     \
        va_list list;                                     \
                                                          \
        va_start(list, format);                           \
        say(level, event, format, list);                  \
        va_end(list);                                     \
    }

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)

static void say_to(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say_to(enum log_level level, const char *event, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    say(level, event, format, list);
    va_end(list);
}

void log_failure(enum log_level level, const char *event, const struct error *err)
{
    if (err->fault_count == 0)
        say_to(level, event, "code=%s text=%s", err->code, err->text);
    else
        say_to(level, event, "code=%s text=%s faults=%u field=%s what=%s", err->code, err->text,
               (unsigned)err->fault_count, err->faults[0].field, err->faults[0].what);
}

void log_word(enum log_level level, const char *event)
{
    struct line line = {.size = 0};

    if (!log_is_on(level)) return;
    add_head(&line, level, event);
    end_line(&line);
}

/* The start. */

static void say_bug(const char *text)
{
    log_error("bug", "text=%s", text);
}

bool log_start(const char *service, struct error *err)
{
    unsigned level;

    atomic_store(&program_name, service);
    ending_told_by(say_bug);
    if (!settings_word(setting_of("FADDER_LOG"), level_words, &level, err)) return false;
    atomic_store(&level_max, level);
    return true;
}
