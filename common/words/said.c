/* An English text among those of the catalogue, by its form; and the same in another language, with what stood in its places. */
#include "words/said.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "words/texts.h"

enum { PLACES_MAX = 3, NAME_SIZE = 24, VALUE_SIZE = 160 };

struct places {
    size_t count;
    char names[PLACES_MAX][NAME_SIZE];
    char values[PLACES_MAX][VALUE_SIZE];
};

static const char open_end[] = "…";

/* From a place to its value: as much of the text as there is before what follows the place. NULL: it does not fit. */
static const char *take_place(const char **form, const char *text, struct places *places)
{
    const size_t name = strcspn(*form, "}");
    const char *behind = *form + name + 1;
    const size_t plain = strcspn(behind, "{");
    const char *end = text;

    if (places->count == PLACES_MAX || name >= NAME_SIZE) return NULL;
    while (*end != '\0' && (plain == 0 || strncmp(end, behind, plain) != 0))
        end++;
    if ((plain > 0 && *end == '\0') || (size_t)(end - text) >= VALUE_SIZE) return NULL;
    memcpy(places->names[places->count], *form, name);
    memcpy(places->values[places->count], text, (size_t)(end - text));
    places->count++;
    *form = behind;
    return end;
}

static bool is_of_form(const char *form, const char *text, struct places *places)
{
    *places = (struct places){0};
    while (*form != '\0') {
        if (strcmp(form, open_end) == 0) return true;
        if (*form == '{') {
            form++;
            if ((text = take_place(&form, text, places)) == NULL) return false;
        } else if (*form++ != *text++) {
            return false;
        }
    }
    return *text == '\0';
}

static bool is_said_in_english(const char *key)
{
    return strncmp(key, "refusal.", 8) == 0 || strncmp(key, "fault.", 6) == 0;
}

bool words_say_english(struct words_room *room, enum language language, const char *english,
                       const char *before, const char *after)
{
    struct places places;

    for (unsigned key = 0; key < WORDS_KEYS; key++) {
        struct words_value values[PLACES_MAX + 1] = {{0}};
        char between[PLACES_MAX][VALUE_SIZE + 8];

        if (words_texts[language].text[key] == NULL || !is_said_in_english(words_keys[key]) ||
            !is_of_form(words_texts[LANGUAGE_EN].text[key][0], english, &places))
            continue;
        for (size_t i = 0; i < places.count; i++) {
            snprintf(between[i], sizeof between[i], "%s%s%s", before, places.values[i], after);
            values[i] = words_text(places.names[i], between[i]);
        }
        words_say(room, language, (enum words_key)key, values);
        return true;
    }
    return false;
}
