/* JSON written by descriptors, straight into a buffer. */
#include "core/json.h"

#include <stdint.h>
#include <string.h>

#include "core/base64.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"

struct writing {
    char *at, *end; /* at is NULL once something did not fit */
};

/* Room for size characters, or NULL. */
static char *room(struct writing *w, size_t size)
{
    char *at = w->at;

    if (at == NULL || size > (size_t)(w->end - at)) return w->at = NULL;
    w->at += size;
    return at;
}

static void write_raw(struct writing *w, const char *text, size_t size)
{
    char *at = room(w, size);

    if (at != NULL) memcpy(at, text, size);
}

/* What RFC 8259, section 7, lets nobody write as it is. */
static void write_escape(struct writing *w, char c)
{
    static const char digits[] = "0123456789abcdef";
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = strchr(plain, c);

    if (found != NULL)
        write_raw(w, (const char[]){'\\', letters[found - plain]}, 2);
    else
        write_raw(w, (const char[]){'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]}, 6);
}

static void write_text(struct writing *w, const char *text)
{
    write_raw(w, "\"", 1);
    while (*text != '\0') {
        const char *run = text;

        while ((unsigned char)*text >= ' ' && *text != '"' && *text != '\\')
            text++;
        write_raw(w, run, (size_t)(text - run));
        if (*text != '\0') write_escape(w, *text++);
    }
    write_raw(w, "\"", 1);
}

static void write_int(struct writing *w, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0) digits[--at] = '-';
    write_raw(w, digits + at, sizeof digits - at);
}

static void write_id(struct writing *w, struct id id)
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    write_text(w, text);
}

static void write_instant(struct writing *w, struct instant instant)
{
    char text[INSTANT_TEXT_SIZE];

    instant_write(instant, text);
    write_text(w, text);
}

static void write_date(struct writing *w, struct date date)
{
    char text[DATE_TEXT_SIZE];

    date_write(date, text);
    write_text(w, text);
}

static void write_partial_date(struct writing *w, struct partial_date date)
{
    char text[DATE_TEXT_SIZE];

    partial_date_write(date, text);
    write_text(w, text);
}

static void write_bytes(struct writing *w, const struct field *field, const char *from)
{
    const uint32_t count = *(const uint32_t *)from;
    char *at;

    write_raw(w, "\"", 1);
    at = room(w, base64_size(count));
    if (at != NULL) base64_write(from + field->first, count, at);
    write_raw(w, "\"", 1);
}

static void write_object(struct writing *w, const struct descriptor *descriptor, const char *from);
static void write_value(struct writing *w, const struct field *field, const void *from);

static void write_list(struct writing *w, const struct field *field, const char *from)
{
    const uint32_t count = *(const uint32_t *)from;

    from += field->first;
    write_raw(w, "[", 1);
    for (uint32_t i = 0; i < count; i++, from += field->stride) {
        if (i > 0) write_raw(w, ",", 1);
        write_value(w, field->item, from);
    }
    write_raw(w, "]", 1);
}

static void write_word(struct writing *w, const struct field *field, unsigned word)
{
    if (word >= field->max) bug("json: %s has no word %u", field->name, word);
    write_text(w, field->words[word]);
}

static void write_value(struct writing *w, const struct field *field, const void *from)
{
    switch (field->type) {
    case FIELD_ID: write_id(w, *(const struct id *)from); return;
    case FIELD_TEXT: write_text(w, from); return;
    case FIELD_WORD: write_word(w, field, *(const unsigned *)from); return;
    case FIELD_INSTANT: write_instant(w, *(const struct instant *)from); return;
    case FIELD_DATE: write_date(w, *(const struct date *)from); return;
    case FIELD_PARTIAL_DATE: write_partial_date(w, *(const struct partial_date *)from); return;
    case FIELD_INT: write_int(w, *(const int64_t *)from); return;
    case FIELD_BOOL:
        write_raw(w, *(const bool *)from ? "true" : "false", *(const bool *)from ? 4 : 5);
        return;
    case FIELD_BYTES: write_bytes(w, field, from); return;
    case FIELD_OBJECT: write_object(w, field->object, from); return;
    case FIELD_LIST: write_list(w, field, from); return;
    }
    bug("json: %s has type %u", field->name, field->type);
}

static bool is_shown(const struct field *field, const char *value)
{
    if ((field->flags & FIELD_INTERNAL) != 0) return false;
    return field->present == NO_FLAG || *(const bool *)(value + field->present);
}

static void write_object(struct writing *w, const struct descriptor *descriptor, const char *from)
{
    const char *before = "{";

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (!is_shown(field, from)) continue;
        write_raw(w, before, 1);
        before = ",";
        write_raw(w, "\"", 1);
        write_raw(w, field->name, strlen(field->name)); /* a name has nothing to escape */
        write_raw(w, "\":", 2);
        write_value(w, field, from + field->offset);
    }
    if (*before == '{') write_raw(w, "{", 1);
    write_raw(w, "}", 1);
}

bool json_write(const struct descriptor *descriptor, const void *value, char *buffer, size_t *size,
                struct error *err)
{
    struct writing w = {buffer, buffer + *size};

    write_object(&w, descriptor, value);
    if (w.at == NULL)
        return error_set(err, ERROR_BROKEN, "too_large", "%s does not fit %zu characters of JSON",
                         descriptor->name, *size);
    *size = (size_t)(w.at - buffer);
    return true;
}
