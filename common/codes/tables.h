/* What tables.py makes of the lists: each in order of its code. Only codes.c looks at them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "codes/codes.h"

struct language_code {
    char code[6]; /* any that it has, and what it was called by once */
    uint16_t at;  /* of languages */
};

struct language_row {
    char code[4];
    uint16_t macro; /* what it is spoken of as, with others; itself when it is none of such */
};

struct occupation_row {
    enum occupation_scheme scheme;
    char code[5];
};

struct relation {
    enum occupation_scheme scheme;
    char code[5], isco[5];
};

struct jobtech_concept {
    char id[13], ssyk[5];
    const char *isco[4]; /* until the first NULL */
};

struct retention_row {
    enum country country;
    enum retention kind;
    int64_t days, notice;
    struct date from, until; /* the first and the last day on which it holds */
};

/* By enum language; "" or NULL: it has none there. */
enum { CALLED_LANGUAGES = sizeof language_words / sizeof language_words[0] };

struct language_name {
    char code[4];
    const char *names[CALLED_LANGUAGES], *own;
};

struct occupation_name {
    enum occupation_scheme scheme;
    char code[13];
    const char *names[CALLED_LANGUAGES];
};

extern const struct language_name codes_language_names[];
extern const struct occupation_name codes_occupation_names[];
extern const struct codes_municipality codes_municipalities[];
extern const struct language_code codes_language_codes[];
extern const struct language_row codes_languages[];
extern const struct occupation_row codes_occupations[];
extern const struct relation codes_relations[];
extern const struct jobtech_concept codes_concepts[];
extern const struct retention_row codes_retentions[];
extern const size_t codes_retention_count, codes_municipality_count, codes_language_code_count,
    codes_occupation_count, codes_relation_count, codes_concept_count, codes_language_name_count,
    codes_occupation_name_count;
