#include "front/trace.h"

#include <stddef.h>

/* Its parts, with the hyphens that follow them: where each begins and how long it is. */
enum { TRACE_AT = 3, TRACE_SIZE = 32, PARENT_AT = 36, PARENT_SIZE = 16, FLAGS_AT = 53, WHOLE = 55 };

/* In lower case only. */
static bool is_hex(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdef") >= size;
}

static bool is_zero(const char *text, size_t size)
{
    return strspn(text, "0") >= size;
}

static bool has_parts(const char *text)
{
    return is_hex(text, 2) && text[2] == '-' && is_hex(text + TRACE_AT, TRACE_SIZE) &&
           text[PARENT_AT - 1] == '-' && is_hex(text + PARENT_AT, PARENT_SIZE) &&
           text[FLAGS_AT - 1] == '-' && is_hex(text + FLAGS_AT, 2);
}

static bool has_good_version(const char *text, size_t size)
{
    if (memcmp(text, "00", 2) == 0) return size == WHOLE;
    return memcmp(text, "ff", 2) != 0 && (size == WHOLE || text[WHOLE] == '-');
}

bool trace_read(const char *traceparent, struct id *trace)
{
    static const size_t parts[] = {8, 4, 4, 4, 12}; /* of an id as it is written */
    const char *from;
    char text[ID_TEXT_SIZE], *to = text;
    size_t size;

    if (traceparent == NULL || (size = strlen(traceparent)) < WHOLE) return false;
    if (!has_parts(traceparent) || !has_good_version(traceparent, size)) return false;
    if (is_zero(traceparent + TRACE_AT, TRACE_SIZE)) return false;
    if (is_zero(traceparent + PARENT_AT, PARENT_SIZE)) return false;
    from = traceparent + TRACE_AT;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; from += parts[i++]) {
        memcpy(to, from, parts[i]);
        to += parts[i];
        *to++ = '-';
    }
    return id_read(text, ID_TEXT_SIZE - 1, trace);
}
