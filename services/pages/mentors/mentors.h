/* Mentors: those of a programme, one of them, and a new one. */
#pragma once

#include "contract/mentor.h"
#include "pages.h"

extern const struct page mentors_page, mentors_file, mentor_page, mentor_new_page,
    mentor_import_page, mentor_sample_file;

/* For a form to choose from: what mentors come from, of a slot, and how many; and what we write to them in. */
enum { MENTORS_ORGANISATIONS_MAX = 100 };
size_t mentors_organisations(const struct call *call, unsigned slot,
                             struct show_option options[MENTORS_ORGANISATIONS_MAX],
                             char ids[MENTORS_ORGANISATIONS_MAX][ID_TEXT_SIZE]);
void mentors_languages(struct show_option options[WORDS_LANGUAGES]);

/* Whether they take offers. */
enum words_key mentor_says(const struct mentor *row);
