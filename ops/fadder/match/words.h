/* What codes are called, in the four languages of the programmes. */
#pragma once

#include <stdbool.h>

#include "matching/score.h"

/* Those of matching/score.h, then who was asked for the same person in vain. */
enum { MATCH_RULES = SCORE_RULES + 1 };

enum match_language { MATCH_EN, MATCH_SV, MATCH_NB, MATCH_NN, MATCH_LANGUAGES };

/* Formats for match_print; what goes in is the same for every language, in the same order. */
enum match_say {
    SAY_TITLE,
    SAY_SUMMARY,     /* pairs, participants without anybody, mentors without anybody, score */
    SAY_PAIR,        /* participant, mentor, score */
    SAY_FACTOR_HEAD, /* (of a table) */
    SAY_RULES_PASSED,
    SAY_RUNNER_UP,       /* mentor, points in all */
    SAY_RUNNER_UP_TERMS, /* mentor, fewer participants, fewer mentors, fewer pairs, points */
    SAY_NO_RUNNER_UP,    /* participants, mentors, pairs, points lost without the pair */
    SAY_BETTER_LONGER,   /* mentor, her score, who has the place, days longer, points */
    SAY_BETTER_OTHER,    /* mentor, her score, who has the place, points */
    SAY_BETTER_CHAIN,    /* mentor, her score, points */
    SAY_BETTER_TERMS,    /* mentor, her score, participants, mentors, pairs lost, points */
    SAY_BETTER_TIE,      /* mentor, her score: nothing lost */
    SAY_BETTER_KEPT,     /* mentor, her score: open proposals stay as they are */
    SAY_WITHOUT,         /* participant, days waited */
    SAY_NO_CANDIDATE,    /* mentors in all */
    SAY_LEFT_OUT,        /* mentors in all */
    SAY_RULE_FAILED,     /* rule, mentors */
    SAY_TOO_LOW,         /* mentors whose score is below the least */
    SAY_FAIRNESS,
    SAY_BY_MUNICIPALITY, /* (head of a table) days */
    SAY_EVERYBODY,
    SAY_NOWHERE,                /* no municipality or club is given */
    SAY_BY_CLUB,                /* (head of a table) */
    SAY_NOTHING,                /* one more place would change nothing */
    SAY_GAIN,                   /* participants, mentors, pairs, points more */
    SAY_MENTORS_HEAD,           /* (head of a table) */
    SAY_FEW,                    /* municipalities put together, the least that is shown by itself */
    SAY_TOO_FEW,                /* the least that is shown */
    SAY_BY_MUNICIPALITY_OFFERS, /* (the same three heads of tables) where offers are counted */
    SAY_BY_CLUB_OFFERS,
    SAY_MENTORS_HEAD_OFFERS,
    SAY_BY_HAND,      /* participant, mentor */
    SAY_STATE,        /* mentorship, state */
    SAY_MOVED,        /* other proposals */
    SAY_BEHIND,       /* participants, mentors, points */
    SAY_ALTERNATIVES, /* (head of a table) */
    SAY_COST,         /* participants, mentors, points */
    SAY_COST_UNKNOWN,
    SAY_NOT_LOOKED, /* participant */
    SAY_SEEKS_NOT,  /* participant, state */
    SAYINGS,
};

extern const char *const match_language_codes[MATCH_LANGUAGES];
extern const char *const match_factor_names[MATCH_LANGUAGES][SCORE_FACTORS];
extern const char *const match_rule_names[MATCH_LANGUAGES][MATCH_RULES];
extern const char *const match_sayings[MATCH_LANGUAGES][SAYINGS];

/* A code; NULL is English. False: there is no such language. */
bool match_language_read(const char *given, enum match_language *language);
