/* What no request may look like, because a proxy in front of us and we could read it differently
 * (RFC 9112, sections 5, 6 and 11.2), or because it is too long. Pure: any
 * thread may call.
 *
 * libmicrohttpd before 0.9.77 (Debian 12) lets much of it pass: two lengths, both a length and
 * chunks, lengths with a sign, bare line feeds, folded lines, NULs. The last three it mends before
 * anybody sees them; they show in that the head was longer or shorter than its parts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/http.h"

/* A request's head, as the library read it. */
struct http_head {
    const char *method, *target, *version;
    size_t count;
    struct {
        const char *name, *value;
        size_t name_size, value_size;
    } headers[HTTP_HEADERS_MAX + 1]; /* one more, to tell that there were too many */
    size_t size;                     /* bytes, from the method to the empty line's end */
    bool is_exact; /* name and value point to where they came in, and size can be trusted */
};

/* 0 when it is good, and how long its body will be; else the status to answer and why. Only 413
 * leaves the connection in a state to go on. */
unsigned http_guard(const struct http_head *head, uint64_t *body_size, const char **why);
