/* Which texts a message has, and the letter that is made of them. */
#include "words.h"

#include <stdio.h>
#include <string.h>

static const struct vocabulary *words_of(enum language language)
{
    switch (language) {
    case LANGUAGE_SV: return &words_sv;
    case LANGUAGE_NB: return &words_nb;
    case LANGUAGE_NN: return &words_nn;
    case LANGUAGE_EN: return &words_en;
    }
    bug("words: language %u", language);
}

const char *words_language(enum language language)
{
    return language_words[language];
}

static const struct wording *find(const struct vocabulary *words, const struct message *message)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct wording *wording = &words->wordings[i];

        if (wording->kind != message->kind || (wording->to & 1u << message->audience) == 0)
            continue;
        if (wording->code == NULL ||
            (message->has_code && strcmp(wording->code, message->code) == 0))
            return wording;
    }
    return NULL;
}

static void add(struct words *words, const char *text)
{
    const size_t size = strlen(words->text);

    snprintf(words->text + size, sizeof words->text - size, "%s", text);
}

/* A paragraph: text, with value where {} stands. */
static void add_with(struct words *words, const char *text, const char *value)
{
    const char *place = strstr(text, "{}");
    char before[128];

    if (place == NULL) bug("words: no {} in \"%s\"", text);
    snprintf(before, sizeof before, "%.*s", (int)(place - text), text);
    add(words, before);
    add(words, value);
    add(words, place + 2);
    add(words, "\n\n");
}

/* A name that is one line; anything else is none. */
static bool is_name(const char *name)
{
    for (const char *c = name; *c != 0; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F) return false;
    return *name != 0;
}

static void add_greeting(struct words *words, const struct vocabulary *language, const char *name)
{
    if (is_name(name)) {
        add_with(words, language->hello_name, name);
        return;
    }
    add(words, language->hello);
    add(words, "\n\n");
}

bool words_write(const struct message *message, enum language language, const char *name,
                 const char *programme, bool is_protected, struct words *words)
{
    const struct vocabulary *says = words_of(language);
    const struct wording *wording = find(says, message);
    char date[DATE_TEXT_SIZE], id[ID_TEXT_SIZE];

    if (wording == NULL) return false;
    memset(words, 0, sizeof *words);
    snprintf(words->subject, sizeof words->subject, "%s",
             is_protected ? says->protected_subject : wording->subject);
    add_greeting(words, says, is_protected ? "" : name);
    add(words, is_protected ? says->protected_text : wording->text);
    add(words, "\n");
    if (is_protected) return true;

    add(words, "\n");
    date_write(instant_date(message->until), date);
    if (message->has_until) add_with(words, says->until, date);
    id_write(message->about, id);
    add_with(words, says->reference, id);
    add(words, says->regards);
    add(words, "\n");
    add(words, programme);
    add(words, "\n");
    return true;
}
