/* Rows become lists of names and what is said of them, each thing by its descriptor. */
#include "document.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base64.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"
#include "core/zone.h"
#include "front/html.h"
#include "front/out.h"
#include "terms.h"

enum { TEXT_SIZE = 1100 };

/* Text. */

static void say(const struct document *document, enum words_key key,
                const struct words_value *values)
{
    char text[TEXT_SIZE];
    struct words_room room = words_begin(text, sizeof text);

    words_say(&room, document->language, key, values);
    html_text(document->out, text);
}

/* Where there is no word for it, the schema's own, with blanks for its underscores. */
static void say_term(const struct document *document, enum terms_kind kind, const char *name)
{
    enum words_key key;
    char plain[64];

    if (terms_find(kind, name, &key)) {
        say(document, key, NULL);
        return;
    }
    snprintf(plain, sizeof plain, "%s", name);
    for (char *c = plain; *c != 0; c++)
        if (*c == '_') *c = ' ';
    html_text(document->out, plain);
}

/* Values. */

static void add_date(const struct document *document, struct date date)
{
    char text[DATE_TEXT_SIZE];

    date_write(date, text);
    html_text(document->out, text);
}

static void write_instant(enum country country, struct instant at, char *text, size_t size)
{
    const struct date day = zone_date(country, at);
    const int64_t minutes = zone_minutes(country, at);
    char date[DATE_TEXT_SIZE];

    date_write(day, date);
    snprintf(text, size, "%s %02" PRId64 ":%02" PRId64, date, minutes / 60, minutes % 60);
}

static void add_instant(const struct document *document, struct instant at)
{
    char text[DATE_TEXT_SIZE + 48];

    write_instant(document->country, at, text, sizeof text);
    html_text(document->out, text);
}

static void add_id(const struct document *document, struct id id)
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    html_text(document->out, text);
}

static void add_partial_date(const struct document *document, struct partial_date date)
{
    char text[DATE_TEXT_SIZE];

    partial_date_write(date, text);
    html_text(document->out, text);
}

static void add_value(const struct document *document, const struct field *field, const void *at);

static void add_list(const struct document *document, const struct field *field, const char *at)
{
    const uint32_t count = *(const uint32_t *)at;

    out_format(document->out, "<ul>");
    at += field->first;
    for (uint32_t i = 0; i < count; i++, at += field->stride) {
        out_format(document->out, "<li>");
        add_value(document, field->item, at);
        out_format(document->out, "</li>");
    }
    out_format(document->out, "</ul>");
}

static void add_word(const struct document *document, const struct field *field, unsigned word)
{
    if (word >= field->max) bug("document: %s has no word %u", field->name, word);
    say_term(document, TERMS_WORD, field->words[word]);
}

static void add_value(const struct document *document, const struct field *field, const void *at)
{
    switch (field->type) {
    case FIELD_ID: add_id(document, *(const struct id *)at); return;
    case FIELD_TEXT: html_text(document->out, at); return;
    case FIELD_WORD: add_word(document, field, *(const unsigned *)at); return;
    case FIELD_INSTANT: add_instant(document, *(const struct instant *)at); return;
    case FIELD_DATE: add_date(document, *(const struct date *)at); return;
    case FIELD_PARTIAL_DATE: add_partial_date(document, *(const struct partial_date *)at); return;
    case FIELD_INT: out_format(document->out, "%" PRId64, *(const int64_t *)at); return;
    case FIELD_BOOL:
        say(document, *(const bool *)at ? WORDS_EXPORT_YES : WORDS_EXPORT_NO, NULL);
        return;
    case FIELD_BYTES:
        out_format(document->out, "…");
        return; /* a hash, of which nobody can read anything */
    case FIELD_OBJECT: document_value(document, field->object, at); return;
    case FIELD_LIST: add_list(document, field, at); return;
    }
    bug("document: field type %u", field->type);
}

static bool is_shown(const struct field *field, const char *value)
{
    if ((field->flags & FIELD_INTERNAL) != 0) return false;
    if (field->present != NO_FLAG && !*(const bool *)(value + field->present)) return false;
    return field->type != FIELD_LIST || *(const uint32_t *)(value + field->offset) > 0;
}

void document_value(const struct document *document, const struct descriptor *descriptor,
                    const void *value)
{
    const char *at = value;

    out_format(document->out, "<dl>");
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (!is_shown(field, at)) continue;
        out_format(document->out, "<dt>");
        say_term(document, TERMS_FIELD, field->name);
        out_format(document->out, "</dt><dd>");
        add_value(document, field, at + field->offset);
        out_format(document->out, "</dd>");
    }
    out_format(document->out, "</dl>\n");
}

/* The page. */

static const char style[] =
    "body{font-family:sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
    "dl{display:grid;grid-template-columns:14em 1fr;gap:.2em 1em;"
    "border-top:1px solid #999;padding:.6em 0;margin:0;break-inside:avoid}"
    "dt{font-weight:bold}dd{margin:0;white-space:pre-wrap}"
    "ul{margin:0;padding-inline-start:1.2em}dd dl{border:0;padding:0}";

void document_begin(const struct document *document, struct instant at)
{
    char date[DATE_TEXT_SIZE + 48];

    out_format(
        document->out,
        "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
        language_words[document->language], words_direction(document->language));
    say(document, WORDS_EXPORT_TITLE, NULL);
    out_format(document->out, "</title>\n<style>%s</style>\n</head>\n<body>\n<h1>", style);
    say(document, WORDS_EXPORT_TITLE, NULL);
    write_instant(document->country, at, date, sizeof date);
    out_format(document->out, "</h1>\n<p>");
    say(document, WORDS_EXPORT_MADE, WORDS(words_text("date", date)));
    out_format(document->out, "</p>\n<p>");
    say(document, WORDS_EXPORT_RIGHTS, NULL);
    out_format(document->out, "</p>\n");
}

void document_section(const struct document *document, enum words_key title)
{
    out_format(document->out, "<h2>");
    say(document, title, NULL);
    out_format(document->out, "</h2>\n");
}

void document_records(const struct document *document, const char *record)
{
    out_format(document->out, "<h2>");
    say_term(document, TERMS_RECORD, record);
    out_format(document->out, "</h2>\n");
}

void document_end(const struct document *document, bool has_any)
{
    if (!has_any) {
        out_format(document->out, "<p>");
        say(document, WORDS_EXPORT_NOTHING, NULL);
        out_format(document->out, "</p>\n");
    }
    out_format(document->out, "</body>\n</html>\n");
}

/* A tag as `nb-NO`, of which the beginning counts; Norwegian without more is Bokmål. */
static bool read_tag(const char *tag, size_t length, enum language *language)
{
    char code[4] = "";
    const size_t size = strcspn(tag, "-;, ");

    if (size > length || size == 0 || size >= sizeof code) return false;
    memcpy(code, tag, size);
    if (!words_language_read(strcmp(code, "no") == 0 ? "nb" : code, language)) return false;
    *language = words_said_in(*language, WORDS_EXPORT_TITLE); /* the whole of it in one language */
    return true;
}

enum language document_language(const char *wanted, const char *accepted)
{
    enum language language = LANGUAGE_EN;

    if (wanted != NULL && read_tag(wanted, strlen(wanted), &language)) return language;
    for (const char *at = accepted; at != NULL && *at != 0; at += strspn(at, ", ")) {
        const size_t length = strcspn(at, ",");

        if (read_tag(at, length, &language)) return language;
        at += length;
    }
    return LANGUAGE_EN;
}
