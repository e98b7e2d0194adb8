#include "http/target.h"

#include <string.h>

#include "http/http.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False: malformed, or it would hold a control character, or one of those in `never`. */
static bool decode(const char *from, size_t size, const char *never, bool plus_is_space, char *to)
{
    for (size_t i = 0; i < size; i++) {
        int c = (unsigned char)from[i];

        if (c == '+' && plus_is_space) c = ' ';
        if (c == '%') {
            const int high = i + 2 < size ? hex(from[i + 1]) : -1;
            const int low = i + 2 < size ? hex(from[i + 2]) : -1;

            if (high < 0 || low < 0) return false;
            c = high << 4 | low;
            i += 2;
            if (c < ' ' || c == 0x7F || strchr(never, c) != NULL) return false;
        }
        *to++ = (char)c;
    }
    *to = '\0';
    return true;
}

bool http_decode(const char *path, size_t size, char *to)
{
    return decode(path, size, "/", false, to);
}

bool http_arguments(const struct http_request *request, struct http_arguments *arguments)
{
    const char *at = request->query;
    char *text = arguments->text;

    arguments->count = 0;
    while (*at != '\0') {
        const size_t size = strcspn(at, "&"), name = strcspn(at, "=&");
        struct http_header *argument = &arguments->at[arguments->count];

        if (size > 0) {
            if (arguments->count++ == HTTP_ARGUMENTS_MAX || name == size) return false;
            argument->name = text;
            if (!decode(at, name, "", true, text)) return false;
            text += strlen(text) + 1;
            argument->value = text;
            if (!decode(at + name + 1, size - name - 1, "", true, text)) return false;
            text += strlen(text) + 1;
        }
        at += size;
        if (*at == '&') at++;
    }
    return true;
}
