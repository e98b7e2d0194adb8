/* Forms, as browsers send them (application/x-www-form-urlencoded; WHATWG, URL Standard, section 5), to messages: by the
 * descriptor of a command, with every check of json.h and its faults.
 *
 * Fields are named as faults name them: "person.email", "wants[1]", "occupations[0].code". A list of plain values may also be one
 * name said several times, as checkboxes say it. A day may be three fields, "on.day", "on.month" and "on.year", the birth of
 * somebody less of them. What nobody filled in is nothing, and removes where it is a change. yes and no are flags. Names that
 * begin with "_" are the page's own, and passed over.
 *
 * With a file a form comes in parts (multipart/form-data; RFC 7578): each is what its field holds, a file's too.
 *
 * Every call allocates only for its own duration; any thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/date.h"

struct descriptor;
struct error;
struct field;

enum { FORM_SIZE_MAX = 65536, FORM_PAIRS_MAX = 256, FORM_NAME_MAX = 128 };

/* How what somebody typed is kept: it, or what stands for it, valid as long as the form. */
typedef const char *form_understand(const void *cookie, const struct field *field,
                                    const char *typed);

struct form {
    form_understand *understand; /* NULL, as form_parse has it: as it was typed */
    const void *cookie;          /* for that */
    const char *unread;          /* the field whose file is no text; NULL: none */
    size_t count;
    struct form_pair {
        const char *name, *value; /* decoded; into text */
    } at[FORM_PAIRS_MAX];
    char text[FORM_SIZE_MAX + FORM_PAIRS_MAX];
};

/* Take a form apart. False, ERROR_INVALID `not_a_form`: it is malformed, not UTF-8, too long, or has too many fields. Ends of lines
 * become single line feeds. */
bool form_parse(const char *bytes, size_t size, struct form *form, struct error *err);

/* The same of a form in parts; type: the request's Content-Type, which says what stands between them. What is no text, as a picture
 * or a whole workbook, is nothing, and unread. */
bool form_parse_parts(const char *type, const char *bytes, size_t size, struct form *form,
                      struct error *err);

/* The first value of that name, valid as long as the form; NULL: there is none. */
const char *form_value(const struct form *form, const char *name);

/* Fill value in, which has room for what the descriptor describes. False as json_read; also where a field has a name that the
 * descriptor does not know. */
bool form_read(const struct form *form, const struct descriptor *descriptor, struct date today,
               void *value, struct error *err);
