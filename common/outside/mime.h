/* A mail's bytes: headers, and the same text twice, plain and as HTML (RFC 5322, 2045 to 2047, 2046
 * section 5.1.4).
 *
 * What cannot be said safely is refused: a line break or another control character in anything that
 * goes into a header would start one of its own. The same letter always gives the same bytes.
 *
 * Pure: any thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/instant.h"

struct error;

enum { MIME_MAX = 262144, MIME_ADDRESS_MAX = 254 };

/* All text is UTF-8. Lines of text end with \n; an empty line parts paragraphs. */
struct letter {
    const char *from_name; /* or NULL */
    const char *from;      /* addresses: plain ASCII, "local@domain" */
    const char *to;
    const char *reply_to; /* an address, where it is another than from; "" or NULL: none */
    const char *id;       /* the Message-ID without its brackets: "…@fadder.example" */
    const char
        *of; /* where it is a file, whose: its name ends with that; NULL: the Message-ID says it */
    struct instant date;
    const char *language;  /* "sv" */
    const char *direction; /* in which it is read: "ltr" or "rtl" */
    const char *subject;
    const char *text;
    bool is_protected; /* who reads it: it is sent, and never a file */
};

/* size: the room at bytes, then what it takes. ERROR_INVALID "bad_address" or "bad_header". */
bool mime_write(const struct letter *letter, char *bytes, size_t *size, struct error *err);

/* local@domain, no longer than MIME_ADDRESS_MAX: a dot-atom (RFC 5321 section 4.1.2, without quoted
 * strings), then a host name. */
bool mime_is_address(const char *address);
