/* The codes that others keep, as matching/score.h wants them: what is the same in another list, or by
 * another name, is the same here (codes/codes.h says what is). Pure: any thread may call.
 */
#pragma once

#include <stdbool.h>

#include "contract/common.h"
#include "matching/score.h"

/* An occupation in its own terms and in those in which its scheme meets others. number: the caller's
 * own, from 1, for a concept of JobTech's, which has no digits to compare; 0: it is like no other
 * concept. False: there is no room for it. */
bool coding_occupation(enum occupation_scheme scheme, const char *code, uint32_t number,
                       struct score_occupations *to);

/* 0: it is no language's code, or one that names none that two can have in common (und, mul, mis, zxx). */
uint32_t coding_language(const char *code);

/* A municipality as it is called now: the code of the one that it was joined with, if it was. country:
 * where "0180" is; "NO-1860" says so itself. */
enum { CODING_MUNICIPALITY_SIZE = sizeof "SE-0180" };
void coding_municipality_now(enum country country, const char *code,
                             char now[CODING_MUNICIPALITY_SIZE]);

/* Its number, whichever way it is written. */
uint32_t coding_municipality(enum country country, const char *code);
