/* A form becomes the JSON that says the same, which json.c reads: one place where values are checked. */
#include "core/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"
#include "core/text.h"

/* Taking apart. */

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct decoding {
    const char *at, *end;
    char *to;
};

/* One piece, up to what ends it, with a NUL behind it; false: it is malformed. */
static bool decode(struct decoding *d, const char *ends)
{
    char *const from = d->to;
    uint32_t characters;

    for (; d->at < d->end && strchr(ends, *d->at) == NULL; d->at++) {
        char c = *d->at == '+' ? ' ' : *d->at;

        if (c == '%') {
            if (d->end - d->at < 3 || digit(d->at[1]) < 0 || digit(d->at[2]) < 0) return false;
            c = (char)(digit(d->at[1]) << 4 | digit(d->at[2]));
            d->at += 2;
        }
        if (c == '\n' && d->to > from && d->to[-1] == '\r') d->to--;
        *d->to++ = c;
    }
    if (!text_check((const uint8_t *)from, (size_t)(d->to - from), &characters)) return false;
    *d->to++ = '\0';
    return true;
}

static bool no_form(struct error *err)
{
    return error_set(err, ERROR_INVALID, "not_a_form", "It is not a form as browsers send it.");
}

static void begin(struct form *form)
{
    form->understand = NULL;
    form->unread = NULL;
    form->count = 0;
}

bool form_parse(const char *bytes, size_t size, struct form *form, struct error *err)
{
    struct decoding d = {bytes, bytes + size, form->text};

    begin(form);
    if (size > FORM_SIZE_MAX || memchr(bytes, '\0', size) != NULL) return no_form(err);
    while (d.at < d.end) {
        struct form_pair *pair = &form->at[form->count];

        if (form->count == FORM_PAIRS_MAX) return no_form(err);
        pair->name = d.to;
        if (!decode(&d, "=&") || d.at == d.end || *d.at != '=') return no_form(err);
        d.at++;
        pair->value = d.to;
        if (!decode(&d, "&")) return no_form(err);
        form->count++;
        if (d.at < d.end) d.at++;
    }
    return true;
}

/* Parts. */

enum { BOUNDARY_MAX = 70, DELIMITER_SIZE = 4 + BOUNDARY_MAX + 1 };

struct parting {
    const char *at, *end;
    char delimiter
        [DELIMITER_SIZE]; /* what stands between two parts: a line's end, and "--" and the boundary */
    size_t size;          /* of that */
    char *to;
};

/* Where that begins; NULL: nowhere before the end. */
static const char *find(const char *at, const char *end, const char *what, size_t size)
{
    for (; (size_t)(end - at) >= size; at++)
        if (memcmp(at, what, size) == 0) return at;
    return NULL;
}

static bool read_boundary(const char *type, struct parting *p)
{
    const char *at = strstr(type, "boundary=");
    const bool is_quoted = at != NULL && at[strlen("boundary=")] == '"';
    size_t size;

    if (at == NULL) return false;
    at += strlen("boundary=") + is_quoted;
    size = strcspn(at, is_quoted ? "\"" : "; \t");
    if (size == 0 || size > BOUNDARY_MAX) return false;
    p->size = (size_t)snprintf(p->delimiter, sizeof p->delimiter, "\r\n--%.*s", (int)size, at);
    return true;
}

/* What the part is called, from its header lines, which end before `end`; false: it does not say. */
static bool read_part_name(struct parting *p, const char *end)
{
    static const char says[] = "Content-Disposition: form-data; name=\"";
    const char *name, *behind;

    for (const char *line = p->at, *next; line < end; line = next) {
        next = find(line, end, "\r\n", 2);
        next = next == NULL ? end : next + 2;
        if ((size_t)(end - line) < sizeof says || strncasecmp(line, says, sizeof says - 1) != 0)
            continue;
        name = line + sizeof says - 1;
        behind = memchr(name, '"', (size_t)(end - name));
        if (behind == NULL || behind - name >= FORM_NAME_MAX ||
            memchr(name, '\r', (size_t)(behind - name)) != NULL)
            return false;
        memcpy(p->to, name, (size_t)(behind - name));
        p->to += behind - name;
        *p->to++ = '\0';
        return true;
    }
    return false;
}

/* What the part holds, with single line feeds; false: it is no text. */
static bool read_part(struct parting *p, const char *end)
{
    char *const from = p->to;
    uint32_t characters;

    if (memchr(p->at, '\0', (size_t)(end - p->at)) == NULL)
        for (const char *at = p->at; at < end; at++) {
            if (*at == '\n' && p->to > from && p->to[-1] == '\r') p->to--;
            *p->to++ = *at;
        }
    if ((p->to == from && p->at < end) ||
        !text_check((const uint8_t *)from, (size_t)(p->to - from), &characters)) {
        *from = '\0';
        p->to = from + 1;
        return false;
    }
    *p->to++ = '\0';
    return true;
}

/* One part and what stands behind it; false: malformed. */
static bool take_part(struct parting *p, struct form *form)
{
    struct form_pair *pair = &form->at[form->count];
    const char *head_end = find(p->at, p->end, "\r\n\r\n", 4), *end;

    if (head_end == NULL || form->count == FORM_PAIRS_MAX) return false;
    pair->name = p->to;
    if (!read_part_name(p, head_end)) return false;
    p->at = head_end + 4;
    /* the line's end of an empty part is that of its head */
    end = find(p->at - 2, p->end, p->delimiter, p->size);
    if (end == NULL) return false;
    pair->value = p->to;
    if (!read_part(p, end < p->at ? p->at : end)) form->unread = pair->name;
    form->count++;
    p->at = end + p->size;
    return true;
}

bool form_parse_parts(const char *type, const char *bytes, size_t size, struct form *form,
                      struct error *err)
{
    struct parting p = {.at = bytes, .end = bytes + size, .to = form->text};

    begin(form);
    if (size > FORM_SIZE_MAX || !read_boundary(type, &p)) return no_form(err);
    if (size < p.size || memcmp(bytes, p.delimiter + 2, p.size - 2) != 0) return no_form(err);
    p.at += p.size - 2;
    while (p.end - p.at >= 2 && memcmp(p.at, "\r\n", 2) == 0) {
        p.at += 2;
        if (!take_part(&p, form)) return no_form(err);
    }
    return p.end - p.at >= 2 && memcmp(p.at, "--", 2) == 0 ? true : no_form(err);
}

const char *form_value(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->at[i].name, name) == 0) return form->at[i].value;
    return NULL;
}

/* Writing JSON. */

struct writing {
    const struct form *form;
    bool is_known[FORM_PAIRS_MAX]; /* some field has that name */
    char *at;
    size_t used, room;
};

static void put(struct writing *w, const char *bytes, size_t size)
{
    if (w->used + size > w->room) {
        char *larger = malloc(w->room = 2 * (w->used + size) + 1024);

        if (larger == NULL) bug("out of memory");
        if (w->at != NULL) memcpy(larger, w->at, w->used);
        if (w->at != NULL) explicit_bzero(w->at, w->used);
        free(w->at);
        w->at = larger;
    }
    memcpy(w->at + w->used, bytes, size);
    w->used += size;
}

static void put_text(struct writing *w, const char *text)
{
    put(w, text, strlen(text));
}

static void put_string(struct writing *w, const char *text)
{
    char escaped[8];

    put(w, "\"", 1);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\' || (unsigned char)*text < ' ')
            put(w, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", *text));
        else
            put(w, text, 1);
    }
    put(w, "\"", 1);
}

static bool is_number(const char *text)
{
    const char *digits = text + (*text == '-');
    const size_t size = strlen(digits);

    return size > 0 && size <= 15 && strspn(digits, "0123456789") == size &&
           (digits[0] != '0' || size == 1);
}

/* A value as its field's type has it; what is none is a text, of which json.c says what is wrong. */
static void put_value(struct writing *w, const struct field *field, const char *value)
{
    if (w->form->understand != NULL) value = w->form->understand(w->form->cookie, field, value);
    if (field->type == FIELD_INT && is_number(value))
        put_text(w, value);
    else if (field->type == FIELD_BOOL && (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0))
        put_text(w, value[0] == 'y' ? "true" : "false");
    else
        put_string(w, value);
}

static const char *take(struct writing *w, const char *name)
{
    const char *value = NULL;

    for (size_t i = 0; i < w->form->count; i++) {
        if (strcmp(w->form->at[i].name, name) != 0) continue;
        w->is_known[i] = true;
        if (value == NULL) value = w->form->at[i].value;
    }
    return value;
}

/* Whether anything is said of what lies within a name: "person." of "person.email". */
static bool has_within(const struct writing *w, const char *name, const char *sign)
{
    const size_t size = strlen(name);

    for (size_t i = 0; i < w->form->count; i++)
        if (strncmp(w->form->at[i].name, name, size) == 0 &&
            strncmp(w->form->at[i].name + size, sign, strlen(sign)) == 0)
            return true;
    return false;
}

static void put_name(struct writing *w, const struct field *field, const char **comma)
{
    put_text(w, *comma);
    put_string(w, field->name);
    put(w, ":", 1);
    *comma = ",";
}

/* A day in three fields, or less of them; NULL: it is not said so. */
static const char *take_date(struct writing *w, const char *name, char date[64])
{
    static const char *const parts[] = {"year", "month", "day"};
    char part[FORM_NAME_MAX];
    size_t used = 0;
    bool is_there = false;

    date[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *value;

        snprintf(part, sizeof part, "%.100s.%s", name, parts[i]);
        value = take(w, part);
        is_there |= value != NULL;
        if (value == NULL || value[0] == '\0') continue;
        used += (size_t)snprintf(date + used, 64 - used, "%s%s%.16s", used > 0 ? "-" : "",
                                 strlen(value) == 1 ? "0" : "", value);
    }
    return is_there ? date : NULL;
}

static void put_object(struct writing *w, const struct descriptor *descriptor, const char *within);

/* Whether anything was filled in of what lies within a name. */
static bool is_filled(const struct writing *w, const char *name)
{
    const size_t size = strlen(name);

    for (size_t i = 0; i < w->form->count; i++)
        if (strncmp(w->form->at[i].name, name, size) == 0 && w->form->at[i].name[size] == '.' &&
            w->form->at[i].value[0] != '\0')
            return true;
    return false;
}

/* An item of several fields that nobody filled in is a row that was left empty, and is passed over. */
static void put_objects(struct writing *w, const struct field *field, const char *name,
                        const char *comma)
{
    char item[FORM_NAME_MAX];
    struct writing empty = {.form = w->form};

    for (int i = 0; i < FORM_PAIRS_MAX; i++) {
        snprintf(item, sizeof item, "%.100s[%d]", name, i);
        if (!has_within(w, item, ".")) continue;
        if (is_filled(w, item)) {
            put_text(w, comma);
            put_object(w, field->item->object, item);
            comma = ",";
        } else {
            put_object(&empty, field->item->object, item);
        }
    }
    for (size_t i = 0; i < w->form->count; i++)
        w->is_known[i] = w->is_known[i] || empty.is_known[i];
    free(empty.at);
}

static void put_items(struct writing *w, const struct field *field, const char *name)
{
    const char *comma = "";
    char item[FORM_NAME_MAX];

    put(w, "[", 1);
    for (size_t i = 0; i < w->form->count; i++) {
        if (strcmp(w->form->at[i].name, name) != 0) continue;
        w->is_known[i] = true;
        if (w->form->at[i].value[0] == '\0') continue;
        put_text(w, comma);
        put_value(w, field->item, w->form->at[i].value);
        comma = ",";
    }
    if (field->item->type == FIELD_OBJECT) {
        put_objects(w, field, name, comma);
    } else {
        for (int i = 0; i < FORM_PAIRS_MAX; i++) {
            const char *value;

            snprintf(item, sizeof item, "%.100s[%d]", name, i);
            if ((value = take(w, item)) == NULL || value[0] == '\0') continue;
            put_text(w, comma);
            put_value(w, field->item, value);
            comma = ",";
        }
    }
    put(w, "]", 1);
}

static bool is_date(const struct field *field)
{
    return field->type == FIELD_DATE || field->type == FIELD_PARTIAL_DATE;
}

static void put_field(struct writing *w, const struct field *field, const char *name,
                      const char **comma)
{
    char date[64];
    const char *value;

    if (field->type == FIELD_OBJECT) {
        if (!has_within(w, name, ".")) return;
        put_name(w, field, comma);
        put_object(w, field->object, name);
        return;
    }
    if (field->type == FIELD_LIST) {
        if (form_value(w->form, name) == NULL && !has_within(w, name, "[")) return;
        put_name(w, field, comma);
        put_items(w, field, name);
        return;
    }
    value = take(w, name);
    if (value == NULL && is_date(field)) value = take_date(w, name, date);
    if (value == NULL) return;
    put_name(w, field, comma);
    put_value(w, field, value);
}

static void put_object(struct writing *w, const struct descriptor *descriptor, const char *within)
{
    char name[FORM_NAME_MAX];
    const char *comma = "";

    put(w, "{", 1);
    for (size_t i = 0; i < descriptor->count; i++) {
        snprintf(name, sizeof name, "%.80s%s%.40s", within, within[0] == '\0' ? "" : ".",
                 descriptor->fields[i].name);
        put_field(w, &descriptor->fields[i], name, &comma);
    }
    put(w, "}", 1);
}

/* What a page says that its command does not know is lost without a word, if nobody says so. */
static bool knows_all(const struct writing *w, const struct descriptor *descriptor,
                      struct error *err)
{
    bool is_ok = true;

    for (size_t i = 0; i < w->form->count; i++) {
        const char *name = w->form->at[i].name;

        if (w->is_known[i] || name[0] == '_') continue;
        if (is_ok)
            error_set(err, ERROR_INVALID, "invalid", "%s has faulty fields", descriptor->name);
        is_ok = false;
        error_add_fault(err, strlen(name) < FAULT_FIELD_MAX ? name : "?", "no field here");
    }
    return is_ok;
}

bool form_read(const struct form *form, const struct descriptor *descriptor, struct date today,
               void *value, struct error *err)
{
    struct writing w = {.form = form};
    bool is_ok;

    put_object(&w, descriptor, "");
    is_ok = json_read(descriptor, w.at, w.used, today, value, err);
    if (is_ok && !knows_all(&w, descriptor, err)) {
        if (descriptor->size > 0) memset(value, 0, descriptor->size);
        is_ok = false;
    }
    explicit_bzero(w.at, w.used);
    free(w.at);
    return is_ok;
}
