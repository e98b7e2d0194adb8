/* Names are searched from the first to the last: whoever typed one in can wait for a few hundred. */
#include "codes/called.h"

#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"
#include "codes/tables.h"

/* From code to name. */

/* In that language; else the first there is. */
static const char *one_of(const char *const names[CALLED_LANGUAGES], enum language language)
{
    if ((size_t)language < CALLED_LANGUAGES && names[language] != NULL &&
        names[language][0] != '\0')
        return names[language];
    for (size_t i = 0; i < CALLED_LANGUAGES; i++)
        if (names[i] != NULL && names[i][0] != '\0') return names[i];
    return NULL;
}

static int compare_language(const void *key, const void *row)
{
    return strcmp(key, ((const struct language_name *)row)->code);
}

const char *called_language(const char *code, enum language language)
{
    const struct language_name *found =
        bsearch(code, codes_language_names, codes_language_name_count,
                sizeof codes_language_names[0], compare_language);
    const char *name = found == NULL ? NULL : one_of(found->names, language);

    return name == NULL ? code : name;
}

const char *called_municipality(enum country country, const char *code)
{
    const char *digits = code;
    const struct codes_municipality *found;

    if (strncmp(code, "SE-", 3) == 0 || strncmp(code, "NO-", 3) == 0) {
        country = code[0] == 'S' ? COUNTRY_SE : COUNTRY_NO;
        digits += 3;
    }
    found = codes_municipality(country, digits, strlen(digits));
    return found == NULL ? code : found->name;
}

struct occupation_key {
    enum occupation_scheme scheme;
    const char *code;
};

static int compare_occupation(const void *key, const void *row)
{
    const struct occupation_key *wanted = key;
    const struct occupation_name *at = row;

    if (wanted->scheme != at->scheme) return wanted->scheme < at->scheme ? -1 : 1;
    return strcmp(wanted->code, at->code);
}

const char *called_occupation(enum occupation_scheme scheme, const char *code,
                              enum language language)
{
    const struct occupation_name *found =
        bsearch(&(struct occupation_key){scheme, code}, codes_occupation_names,
                codes_occupation_name_count, sizeof codes_occupation_names[0], compare_occupation);
    const char *name = found == NULL ? NULL : one_of(found->names, language);

    return name == NULL ? code : name;
}

/* From name to code. */

static bool is_language(const struct language_name *row, called_is *is, void *cookie)
{
    for (size_t i = 0; i < CALLED_LANGUAGES; i++)
        if (row->names[i] != NULL && row->names[i][0] != '\0' && is(cookie, row->names[i]))
            return true;
    return row->own[0] != '\0' && is(cookie, row->own);
}

const char *called_language_code(called_is *is, void *cookie)
{
    for (size_t i = 0; i < codes_language_name_count; i++)
        if (is_language(&codes_language_names[i], is, cookie)) return codes_language_names[i].code;
    return NULL;
}

const char *called_municipality_code(enum country country, called_is *is, void *cookie)
{
    const char *found = NULL;

    for (size_t i = 0; i < codes_municipality_count; i++) {
        const struct codes_municipality *row = &codes_municipalities[i];

        if (row->country != country || row->successors[0] != '\0' || !is(cookie, row->name))
            continue;
        if (found != NULL) return NULL;
        found = row->code;
    }
    return found;
}
