/* What is said of a mentor in the same way everywhere. */
#include <stdio.h>

#include "core/input.h"
#include "mentors/mentors.h"

static const enum words_key states[] = {
    [MENTOR_STATE_NONE] = WORDS_PAGE_MENTOR_GONE,
    [MENTOR_STATE_NEW] = WORDS_PAGE_MENTOR_NEW,
    [MENTOR_STATE_ACTIVE] = WORDS_PAGE_MENTOR_ACTIVE,
    [MENTOR_STATE_PAUSED] = WORDS_PAGE_MENTOR_PAUSED,
    [MENTOR_STATE_GONE] = WORDS_PAGE_MENTOR_GONE,
};

enum words_key mentor_says(const struct mentor *row)
{
    return states[row->state];
}

void mentor_languages(const struct mentor *row, char text[MENTOR_LANGUAGES_SIZE])
{
    size_t used = 0;

    text[0] = '\0';
    for (uint32_t i = 0; i < row->languages.count; i++)
        used += (size_t)snprintf(text + used, MENTOR_LANGUAGES_SIZE - used, "%s%.14s",
                                 i > 0 ? ", " : "", row->languages.at[i]);
}
