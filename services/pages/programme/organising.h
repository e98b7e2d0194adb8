/* What is said of organisations in the same way everywhere. */
#pragma once

#include "contract/organisation.h"
#include "contract/programme.h"
#include "programme/programme.h"

extern const struct show_options organisation_kinds, organisation_reasons;

enum words_key organisation_says(const struct organisation *row);
/* Those that pages speak, to choose from: options has room for WORDS_LANGUAGES. How many. */
size_t programme_languages(struct show_option *options);

/* Whether the coordinators have a mailbox: the programme's own, or that of the association, of the organisations in a slot. */
bool programme_has_mailbox(const struct call *call, const struct programme *row, unsigned slot);
