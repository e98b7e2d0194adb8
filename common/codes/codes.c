/* Each list is searched by its code, in halves. */
#include "codes/codes.h"

#include <stdlib.h>
#include <string.h>

#include "codes/tables.h"

/* Municipalities. */

struct municipality_key {
    enum country country;
    const char *code;
};

static int compare_municipality(const void *key, const void *row)
{
    const struct municipality_key *wanted = key;
    const struct codes_municipality *at = row;

    if (wanted->country != at->country) return wanted->country < at->country ? -1 : 1;
    return strcmp(wanted->code, at->code);
}

const struct codes_municipality *codes_municipality(enum country country, const char *code,
                                                    size_t size)
{
    char text[5] = "";

    if (size != sizeof text - 1) return NULL;
    memcpy(text, code, size);
    return bsearch(&(struct municipality_key){country, text}, codes_municipalities,
                   codes_municipality_count, sizeof codes_municipalities[0], compare_municipality);
}

/* Languages. */

static int compare_language_code(const void *key, const void *row)
{
    return strcmp(key, ((const struct language_code *)row)->code);
}

static const struct language_row *language_of(const char *code, size_t size)
{
    char text[sizeof((struct language_code *)0)->code] = "";
    const struct language_code *found;

    if (size >= sizeof text) return NULL;
    for (size_t i = 0; i < size; i++)
        text[i] = (char)(code[i] >= 'A' && code[i] <= 'Z' ? code[i] - 'A' + 'a' : code[i]);
    found = bsearch(text, codes_language_codes, codes_language_code_count,
                    sizeof codes_language_codes[0], compare_language_code);
    return found == NULL ? NULL : &codes_languages[found->at];
}

const char *codes_language(const char *code, size_t size)
{
    const struct language_row *found = language_of(code, size);

    return found == NULL ? NULL : found->code;
}

bool codes_language_is_spoken(const char *code)
{
    static const char *const none[] = {"und", "zxx", "mul", "mis"};

    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (strcmp(code, none[i]) == 0) return false;
    return true;
}

bool codes_language_meets(const char *a, const char *b)
{
    const struct language_row *one = language_of(a, strlen(a)), *other = language_of(b, strlen(b));

    if (one == NULL || other == NULL) return strcmp(a, b) == 0;
    return one == other || &codes_languages[one->macro] == other ||
           &codes_languages[other->macro] == one;
}

const char *codes_language_macro(const char *code)
{
    const struct language_row *found = language_of(code, strlen(code));

    return found == NULL ? NULL : codes_languages[found->macro].code;
}

/* Occupations. */

struct occupation_key {
    enum occupation_scheme scheme;
    const char *code;
};

static int compare_occupation(const void *key, const void *row)
{
    const struct occupation_key *wanted = key;
    const struct occupation_row *at = row;

    if (wanted->scheme != at->scheme) return wanted->scheme < at->scheme ? -1 : 1;
    return strcmp(wanted->code, at->code);
}

static int compare_concept(const void *key, const void *row)
{
    return strcmp(key, ((const struct jobtech_concept *)row)->id);
}

static const struct jobtech_concept *concept_of(const char *id)
{
    return bsearch(id, codes_concepts, codes_concept_count, sizeof codes_concepts[0],
                   compare_concept);
}

/* Four, three and three letters or digits with `_` between. */
static bool is_concept_id(const char *code)
{
    if (strlen(code) != 12) return false;
    for (size_t i = 0; i < 12; i++)
        if ((code[i] == '_') != (i == 4 || i == 8)) return false;
    return true;
}

bool codes_occupation(enum occupation_scheme scheme, const char *code)
{
    if (scheme == OCCUPATION_SCHEME_JOBTECH) return is_concept_id(code);
    return bsearch(&(struct occupation_key){scheme, code}, codes_occupations,
                   codes_occupation_count, sizeof codes_occupations[0], compare_occupation) != NULL;
}

static size_t tell(const char *isco, const char *to[], size_t room, size_t found)
{
    if (found < room) to[found] = isco;
    return found + 1;
}

static size_t isco_of_concept(const char *id, const char *isco[], size_t room)
{
    const struct jobtech_concept *concept = concept_of(id);
    size_t found = 0;

    while (concept != NULL && concept->isco[found] != NULL)
        found = tell(concept->isco[found], isco, room, found);
    return found;
}

/* The first of a code's relations, or where it would stand. */
static size_t first_relation(const struct occupation_key *key)
{
    size_t low = 0, high = codes_relation_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct relation *at = &codes_relations[middle];

        if (at->scheme < key->scheme ||
            (at->scheme == key->scheme && strcmp(at->code, key->code) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t codes_occupation_isco(enum occupation_scheme scheme, const char *code, const char *isco[],
                             size_t room)
{
    size_t found = 0;

    if (scheme == OCCUPATION_SCHEME_JOBTECH) return isco_of_concept(code, isco, room);
    if (scheme == OCCUPATION_SCHEME_ISCO)
        return strlen(code) >= 2 && codes_occupation(scheme, code) ? tell(code, isco, room, 0) : 0;
    for (size_t i = first_relation(&(struct occupation_key){scheme, code});
         i < codes_relation_count && codes_relations[i].scheme == scheme &&
         strcmp(codes_relations[i].code, code) == 0;
         i++)
        found = tell(codes_relations[i].isco, isco, room, found);
    return found;
}

const char *codes_jobtech_ssyk(const char *concept_id)
{
    const struct jobtech_concept *concept = concept_of(concept_id);

    return concept == NULL || concept->ssyk[0] == '\0' ? NULL : concept->ssyk;
}

static const struct retention_row *retention_of(enum country country, enum retention kind,
                                                struct date on)
{
    for (size_t i = 0; i < codes_retention_count; i++) {
        const struct retention_row *row = &codes_retentions[i];

        if (row->country == country && row->kind == kind && row->from.day <= on.day &&
            on.day <= row->until.day)
            return row;
    }
    return NULL;
}

int64_t codes_retention(enum country country, enum retention kind, struct date on)
{
    const struct retention_row *row = retention_of(country, kind, on);

    return row == NULL ? 0 : row->days;
}

int64_t codes_retention_notice(enum country country, enum retention kind, struct date on)
{
    const struct retention_row *row = retention_of(country, kind, on);

    return row == NULL ? 0 : row->notice;
}
