/* What is said of a mentor in the same way everywhere. */
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
