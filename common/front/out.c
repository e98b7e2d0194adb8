/* A text that grows, with JSON's escapes. */
#include "front/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"

enum { VALUE_ROOM = 4096, VALUE_MAX = 1 << 20 };

void out_clear(struct out *out)
{
    out->used = 0;
}

void out_wipe(struct out *out)
{
    crypto_wipe(out->at, out->used);
    out->used = 0;
}

void out_destroy(struct out *out)
{
    free(out->at);
    *out = (struct out){NULL, 0, 0};
}

static void make_room(struct out *out, size_t more)
{
    if (out->room - out->used >= more) return;
    while (out->room - out->used < more)
        out->room = out->room == 0 ? 8192 : 2 * out->room;
    if ((out->at = realloc(out->at, out->room)) == NULL) bug("out of memory");
}

void out_add(struct out *out, const char *text, size_t size)
{
    make_room(out, size);
    memcpy(out->at + out->used, text, size);
    out->used += size;
}

void out_format(struct out *out, const char *format, ...)
{
    va_list args;
    int size;

    va_start(args, format);
    make_room(out, 256);
    size = vsnprintf(out->at + out->used, out->room - out->used, format, args);
    va_end(args);
    if (size < 0) bug("out: %s", format);
    if ((size_t)size >= out->room - out->used) {
        make_room(out, (size_t)size + 1);
        va_start(args, format);
        vsnprintf(out->at + out->used, out->room - out->used, format, args);
        va_end(args);
    }
    out->used += (size_t)size;
}

void out_string(struct out *out, const char *text)
{
    out_add(out, "\"", 1);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            out_add(out, (const char[]){'\\', *text}, 2);
        else if ((unsigned char)*text < ' ')
            out_format(out, "\\u%04x", (unsigned)*text);
        else
            out_add(out, text, 1);
    }
    out_add(out, "\"", 1);
}

bool out_value(struct out *out, const struct descriptor *descriptor, const void *value)
{
    struct error err;

    for (size_t room = VALUE_ROOM; room <= VALUE_MAX; room *= 4) {
        size_t size;

        make_room(out, room);
        size = out->room - out->used;
        if (json_write(descriptor, value, out->at + out->used, &size, &err)) {
            out->used += size;
            return true;
        }
    }
    return false;
}

size_t out_members(struct out *out, const struct descriptor *descriptor, const void *value)
{
    const size_t from = out->used;

    if (!out_value(out, descriptor, value) || out->used - from <= 2) {
        out->used = from;
        return 0;
    }
    out->used -= 2;
    memmove(out->at + from, out->at + from + 1, out->used - from);
    return descriptor->count;
}
