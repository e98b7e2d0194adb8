/* What a mail says, in the reader's language.
 *
 * Which words belong to what is a table for each language, in words/. Nothing personal is in them
 * but the reader's own given name. Who is protected is told that there is a message, and no more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/message.h"

enum { WORDS_SUBJECT_SIZE = 256, WORDS_TEXT_SIZE = 2048 };

/* One thing that can be said, to some of the audiences. code: only if the message has that one. */
struct wording {
    enum message_kind kind;
    unsigned to; /* bits of enum message_audience */
    const char *code;
    const char *subject, *text;
};

#define WORDS_TO(audience) (1u << MESSAGE_AUDIENCE_##audience)

/* {} stands for the name, the date or the number. */
struct vocabulary {
    const char *hello, *hello_name, *until, *reference, *regards;
    const char *protected_subject, *protected_text;
    size_t count;
    const struct wording *wordings;
};

extern const struct vocabulary words_sv, words_nb, words_nn, words_en;

struct words {
    char subject[WORDS_SUBJECT_SIZE], text[WORDS_TEXT_SIZE];
};

/* name: the reader's own given name, or "". programme: what it is called. False when there are no
 * words for that. */
bool words_write(const struct message *message, enum language language, const char *name,
                 const char *programme, bool is_protected, struct words *words);

/* "sv" */
const char *words_language(enum language language);
