/* Codes and what they are called, in the language of who reads and the country of their programme. */
#pragma once

#include "contract/common.h"
#include "pages.h"

struct field;

enum { NAMES_SIZE = 8 * 150 };

/* What somebody is who acts in that role. */
enum words_key name_role(enum actor_role role);
/* "arabiska, engelska": room for any eight. */
void name_languages(const struct call *call, const struct spokens *languages,
                    char text[NAMES_SIZE]);
/* Each by its label. */
void name_occupations(const struct call *call, const struct occupations *occupations,
                      char text[NAMES_SIZE]);
/* Constant, until the process ends, or the code that was given. */
const char *name_municipality(const struct call *call, const char *code);

/* What somebody typed, valid as long as that, or the code of what is called that, until the process ends: a form_understand
 * (core/form.h) of a call. */
const char *name_understand(const void *call, const struct field *field, const char *typed);
