/* The codes that others keep: municipalities, languages, occupations. What exists, what it is called, what became of it.
 *
 * Municipalities: SCB and SSB (Klass 131), with what ceased from 2018 on. Languages: ISO 639-1, -2 and -3, and which are
 * spoken of as one (ISO 639-3's macrolanguages). Occupations: SSYK 2012, STYRK-08, ISCO-08 and JobTech's taxonomy, and how
 * the first two and the last lie to ISCO-08. README.md names the sources of each.
 *
 * Pure: any thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/common.h"
#include "core/date.h"

/* For how many days something of that kind is kept, or may be seen, by what held on that day (retention.json); 0: no
 * deadline ends that kind. */
int64_t codes_retention(enum country country, enum retention kind, struct date on);
/* How many days before its end somebody is told, by what held on that day; 0: nobody is. */
int64_t codes_retention_notice(enum country country, enum retention kind, struct date on);

struct codes_municipality {
    enum country country;
    char code[5];
    const char *name;
    struct date until; /* its last day; far ahead when it is in force */
    const char *
        successors; /* "3901 Horten, 3905 Tønsberg": those in force now that it became; "" where it is itself */
};

/* Constant, until the process ends; NULL: there is none, nor was there since 2018. code has size characters. */
const struct codes_municipality *codes_municipality(enum country country, const char *code,
                                                    size_t size);
/* The one code that all of a language's codes stand for: of ISO 639-1 if it has one there, else of 639-3. NULL: there is
 * no such language. Capitals are small letters. Constant, until the process ends. */
const char *codes_language(const char *code, size_t size);
/* Whether somebody can speak it: of 639's codes four say that a text's language is not known, none, one of many, or has no
 * code (und, zxx, mul, mis). As codes_language has it. */
bool codes_language_is_spoken(const char *code);
/* Whether who speaks the one understands the other by that alone: they are the same, or one is what several are spoken of
 * as, and the other is of them (`no` and `nn`; not `nb` and `nn`). Both as codes_language has them. */
bool codes_language_meets(const char *a, const char *b);
/* What it is spoken of as, with others; the language itself when it is none of such. NULL: there is no such language.
 * Constant, until the process ends. */
const char *codes_language_macro(const char *code);

/* Whether it is an occupation or a group of that scheme. JobTech's taxonomy grows from month to month: of it every
 * concept's id is taken, whether it is known here or not. */
bool codes_occupation(enum occupation_scheme scheme, const char *code);
enum { CODES_ISCO_MAX = 8 }; /* of one occupation or group */
/* What an occupation is by ISCO-08, as far as that is published: unit groups of four digits, in order. A group of two or
 * three digits is those of as many digits that its occupations are of. At most room are told; how many there are. What is
 * of ISCO itself: itself. */
size_t codes_occupation_isco(enum occupation_scheme scheme, const char *code, const char *isco[],
                             size_t room);
/* The group of SSYK 2012 that a concept of JobTech's is of; NULL: not known. Constant, until the process ends. */
const char *codes_jobtech_ssyk(const char *concept_id);
