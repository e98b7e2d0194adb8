#include "coding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"

/* Occupations. */

_Static_assert(8 * (1 + (int)CODES_ISCO_MAX) == (int)SCORE_OCCUPATIONS_MAX,
               "as many as a person has, however they are related");

static const enum score_scheme schemes[] = {
    [OCCUPATION_SCHEME_SSYK] = SCORE_SSYK,
    [OCCUPATION_SCHEME_STYRK] = SCORE_STYRK,
    [OCCUPATION_SCHEME_ISCO] = SCORE_ISCO,
    [OCCUPATION_SCHEME_JOBTECH] = SCORE_JOBTECH,
};

static void put(struct score_occupations *to, uint32_t code)
{
    for (uint32_t i = 0; i < to->count; i++)
        if (to->at[i] == code) return;
    to->at[to->count++] = code;
}

static void put_own(enum score_scheme scheme, const char *code, uint32_t number,
                    struct score_occupations *to)
{
    if (scheme != SCORE_JOBTECH)
        put(to, score_occupation(scheme, scheme, code));
    else if (number != 0)
        put(to, score_occupation_own(scheme, number));
}

bool coding_occupation(enum occupation_scheme scheme, const char *code, uint32_t number,
                       struct score_occupations *to)
{
    const char *isco[CODES_ISCO_MAX],
        *ssyk = scheme == OCCUPATION_SCHEME_JOBTECH ? codes_jobtech_ssyk(code) : NULL;
    const size_t count = codes_occupation_isco(scheme, code, isco, CODES_ISCO_MAX);

    if (to->count + 1 + (ssyk != NULL) + count > SCORE_OCCUPATIONS_MAX) return false;
    put_own(schemes[scheme], code, number, to);
    if (ssyk != NULL) put(to, score_occupation(schemes[scheme], SCORE_SSYK, ssyk));
    for (size_t i = 0; i < count; i++)
        put(to, score_occupation(schemes[scheme], SCORE_ISCO, isco[i]));
    return true;
}

/* Languages. */

uint32_t coding_language(const char *code)
{
    const char *own = codes_language(code, strlen(code));

    if (own == NULL || !codes_language_is_spoken(own)) return 0;
    return score_language(own, codes_language_macro(own));
}

/* Municipalities. */

static const char *const countries[] = {[COUNTRY_SE] = "SE-", [COUNTRY_NO] = "NO-"};

static enum country country_of(const char *code, enum country otherwise)
{
    for (unsigned i = 0; i < sizeof countries / sizeof countries[0]; i++)
        if (strncmp(code, countries[i], 3) == 0) return (enum country)i;
    return otherwise;
}

/* What became several stays what it was: nobody knows which of them is meant. */
static const char *digits_now(enum country country, const char *code)
{
    const char *digits = strchr(code, '-') == NULL ? code : strchr(code, '-') + 1;
    const struct codes_municipality *found = codes_municipality(country, digits, strlen(digits));

    if (found == NULL || found->successors[0] == '\0' || strchr(found->successors, ',') != NULL)
        return digits;
    return found->successors;
}

void coding_municipality_now(enum country country, const char *code,
                             char now[CODING_MUNICIPALITY_SIZE])
{
    const enum country own = country_of(code, country);

    snprintf(now, CODING_MUNICIPALITY_SIZE, "%s%.4s", own == country ? "" : countries[own],
             digits_now(own, code));
}

uint32_t coding_municipality(enum country country, const char *code)
{
    const enum country own = country_of(code, country);

    return 1 + 10000 * (uint32_t)own + (uint32_t)strtoul(digits_now(own, code), NULL, 10) % 10000;
}
