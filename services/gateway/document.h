/* What is known about somebody as a page (HTML) to read and to print, in their language.
 *
 * A section for each kind, a list of what it says for each thing: names, words, dates and times as people call them (terms.h), of the
 * programme's country. All that stands in a value is data: nothing in it can become a part of the page, nor turn the way in which it
 * is read. The page names nothing outside itself, and runs nothing.
 */
#pragma once

#include <stdbool.h>

#include "contract/common.h"
#include "words/words.h"

struct descriptor;
struct out;

struct document {
    struct out *out;
    enum language language;
    enum country country;
};

/* at: when it is put together. */
void document_begin(const struct document *document, struct instant at);
void document_section(const struct document *document, enum words_key title);
/* Of a record's rows, by its name. */
void document_records(const struct document *document, const char *record);
void document_value(const struct document *document, const struct descriptor *descriptor,
                    const void *value);
/* has_any: there was a record. */
void document_end(const struct document *document, bool has_any);

/* The first that there are words for: what is wanted, a code or NULL; then those of an Accept-Language (RFC 9110, in their
 * order, whatever their weights), or NULL; English. */
enum language document_language(const char *wanted, const char *accepted);
