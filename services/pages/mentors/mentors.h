/* Mentors: those of a programme, one of them, and a new one. */
#pragma once

#include "contract/mentor.h"
#include "pages.h"

extern const struct page mentors_page, mentors_file, mentor_page, mentor_new_page;

/* Whether they take offers. */
enum words_key mentor_says(const struct mentor *row);
