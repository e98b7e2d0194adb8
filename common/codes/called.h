/* What codes are called, for people to read; and which code people mean who write what it is called.
 *
 * Names are of readers' languages; in one that has none for it, English, then whatever there is.
 *
 * Pure: any thread may call.
 */
#pragma once

#include <stdbool.h>

#include "contract/common.h"

/* Constant, until the process ends; itself where it has no name here. code: as codes_language has it. */
const char *called_language(const char *code, enum language language);
/* Constant, until the process ends; itself where there is no such. code: four digits, or those and their country ("NO-1860"). */
const char *called_municipality(enum country country, const char *code);
/* Constant, until the process ends; itself where it has no name here. */
const char *called_occupation(enum occupation_scheme scheme, const char *code,
                              enum language language);

/* Whether that is what somebody means. */
typedef bool called_is(void *cookie, const char *name);

/* The code of the first language that has such a name, in any language that is known here or its own. Constant, until the
 * process ends; NULL: there is none. */
const char *called_language_code(called_is *is, void *cookie);
/* The code of a municipality that is in force in that country and has such a name. Constant, until the process ends; NULL:
 * there is none, or there are several. */
const char *called_municipality_code(enum country country, called_is *is, void *cookie);
