/* Mentors: those of a programme, one of them, and a new one. */
#pragma once

#include "contract/mentor.h"
#include "pages.h"

extern const struct page mentors_page, mentors_file, mentor_page, mentor_new_page;

enum { MENTOR_LANGUAGES_SIZE = 8 * 16 };

/* Whether they take offers. */
enum words_key mentor_says(const struct mentor *row);
/* "sv, so, en" */
void mentor_languages(const struct mentor *row, char text[MENTOR_LANGUAGES_SIZE]);
