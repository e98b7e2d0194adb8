/* A text of the catalogue, its named places filled in; a number brings the form of its noun that the
 * language has for it. */
#include "words/words.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/text.h"
#include "words/texts.h"

struct words_room words_begin(char *text, size_t size)
{
    text[0] = '\0';
    return (struct words_room){.text = text, .size = size};
}

void words_add(struct words_room *room, const char *text)
{
    const size_t left = room->size - room->used;

    if (room->is_cut) return;
    text_copy(room->text + room->used, left, text);
    room->used += strlen(room->text + room->used);
    room->is_cut = strlen(text) >= left;
}

static const struct words_value *find(const struct words_value *values, const char *name,
                                      size_t size)
{
    for (; values != NULL && values->name != NULL; values++)
        if (strlen(values->name) == size && memcmp(values->name, name, size) == 0) return values;
    return NULL;
}

static unsigned long long without_sign(long long number)
{
    return number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
}

/* The text, in the form that the number n asks for where there are several. */
static const char *text_of(const struct words_texts *texts, enum words_key key,
                           const struct words_value *values)
{
    const char *const *forms = texts->text[key];
    const struct words_value *n = find(values, "n", 1);
    unsigned form;

    if (forms[1] == NULL) return forms[0];
    if (n == NULL || n->is_text) bug("words: %s without a number n", words_keys[key]);
    form = texts->form(without_sign(n->number));
    if (form >= texts->forms) bug("words: %s has no form %u", words_keys[key], form);
    return forms[form];
}

/* A place's value: name is size bytes, "+n" the value n with its sign. */
static void say_value(struct words_room *room, enum language language, enum words_key key,
                      const struct words_value *values, const char *name, size_t size)
{
    const bool is_signed = name[0] == '+';
    const struct words_value *value = find(values, name + is_signed, size - is_signed);
    char digits[24];

    if (value == NULL || (value->is_text && value->text == NULL))
        bug("words: %s without %.*s", words_keys[key], (int)size, name);
    if (value->is_text) {
        words_add(room, value->text);
    } else if (value->counted != WORDS_KEYS) {
        words_say(room, language, value->counted, WORDS(words_number("n", value->number)));
    } else {
        snprintf(digits, sizeof digits, is_signed ? "%+lld" : "%lld", value->number);
        words_add(room, digits);
    }
}

enum language words_said_in(enum language language, enum words_key key)
{
    const struct words_texts *texts = &words_texts[language];

    return texts->text[key] != NULL ? language : texts->otherwise;
}

const char *words_direction(enum language language)
{
    return words_texts[language].direction;
}

const char *words_plain(enum language language, enum words_key key)
{
    return words_texts[words_said_in(language, key)].text[key][0];
}

void words_say(struct words_room *room, enum language language, enum words_key key,
               const struct words_value *values)
{
    const char *text;

    if ((unsigned)language >= WORDS_LANGUAGES || key >= WORDS_KEYS)
        bug("words: %u of %u", key, language);
    language = words_said_in(language, key);
    text = text_of(&words_texts[language], key, values);
    for (;;) {
        const size_t plain = strcspn(text, "{");
        char said[WORDS_TEXT_MAX + 1];

        snprintf(said, sizeof said, "%.*s", (int)plain, text);
        words_add(room, said);
        if (text[plain] == '\0') return;
        text += plain + 1;
        say_value(room, language, key, values, text, strcspn(text, "}"));
        text += strcspn(text, "}") + 1;
    }
}

bool words_language_read(const char *given, enum language *language)
{
    *language = LANGUAGE_EN;
    if (given == NULL) return true;
    for (unsigned l = 0; l < WORDS_LANGUAGES; l++)
        if (strcmp(language_words[l], given) == 0) {
            *language = (enum language)l;
            return true;
        }
    return false;
}
