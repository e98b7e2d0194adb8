/* What Fadder says to people, in every language that there is a catalogue of.
 *
 * A text has places for values, by name: "Next best is {mentor}". What stands in a place is data:
 * nothing in it is taken for a place. A number is said with what it counts, in the form that the
 * language's catalogue asks for; a text that says a number itself takes it from the value "n". All
 * of it is constant, and any thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/common.h"
#include "words/catalogue.h"

/* Where something is said, one thing after the other: room for size - 1 bytes and a NUL. */
struct words_room {
    char *text;
    size_t size, used;
    bool is_cut; /* it did not fit: what stands there ends with a whole character, and stays so */
};

/* One value: a text, or a number and what it counts. */
struct words_value {
    const char *name;
    bool is_text;
    const char *text; /* NULL: there is none, and nothing may ask for it */
    long long number;
    enum words_key counted; /* a text with {n}; WORDS_KEYS: nothing, only the number is said */
};

/* Values as words_say takes them: WORDS(words_text("mentor", id), words_number("score", 7)). They live
 * as long as the block. */
#define WORDS(...) ((const struct words_value[]){__VA_ARGS__, {.name = NULL}})

static inline struct words_value words_text(const char *name, const char *text)
{
    return (struct words_value){.name = name, .is_text = true, .text = text};
}

static inline struct words_value words_number(const char *name, long long number)
{
    return (struct words_value){.name = name, .number = number, .counted = WORDS_KEYS};
}

/* The form is that of the number without its sign. */
static inline struct words_value words_count(const char *name, enum words_key counted,
                                             long long number)
{
    return (struct words_value){.name = name, .number = number, .counted = counted};
}

/* The room at text, size bytes, at least one; empty. */
struct words_room words_begin(char *text, size_t size);

/* Say key, with values (WORDS; NULL: none). Those that it has no place for are left alone; a place
 * without a value is a bug. What a language does not say is said in the one that it falls back to. */
void words_say(struct words_room *room, enum language language, enum words_key key,
               const struct words_value *values);

/* A text without places, as it stands in the catalogue: constant, until the process ends. */
const char *words_plain(enum language language, enum words_key key);

/* The language in which it is said: that one, or the one that it falls back to. */
enum language words_said_in(enum language language, enum words_key key);

/* "ltr", or "rtl" where it is read from right to left. Constant, until the process ends. */
const char *words_direction(enum language language);

/* Say text as it is. */
void words_add(struct words_room *room, const char *text);

/* A code, "sv"; NULL is English. False: there is no such language (WORDS_LANGUAGE_CODES names them). */
bool words_language_read(const char *given, enum language *language);
