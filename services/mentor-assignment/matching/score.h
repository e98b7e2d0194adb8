/* What a pair is worth, and whether it may be: from what is known of two persons and from a
 * programme's rules. Whole numbers throughout; the parts add up to the score.
 *
 * Nothing here can be told of sex, religion, origin or age: there is no field for it. Places,
 * languages and the like are codes, numbers of the caller's choosing; 0 is "not known", and what is
 * not known fits nothing. The pieces are pure and keep nothing; any thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum score_factor {
    SCORE_LANGUAGE,     /* a language in common */
    SCORE_MUNICIPALITY, /* the same municipality */
    SCORE_DISTANCE,     /* otherwise: how much nearer than rules.distance_most_km, in proportion */
    SCORE_OCCUPATION_4, /* the same occupation's code at four digits */
    SCORE_OCCUPATION_3, /* or at three */
    SCORE_OCCUPATION_2, /* or at two */
    SCORE_NETWORK,      /* the mentor knows people in the occupation, to two digits */
    SCORE_AVAILABILITY, /* for each time of the week in common, up to rules.availability_most */
    SCORE_WISH,         /* for each wish of the participant that the mentor meets */
    SCORE_WAITING,      /* for each whole week of waiting, up to rules.waiting_most_weeks */
    SCORE_FACTORS,
};

enum score_rule {
    SCORE_CONFLICT,   /* a conflict of interest has been stated */
    SCORE_SUPERVISOR, /* the mentor supervises the same person */
    SCORE_FORMER,     /* has been the person's mentor before */
    SCORE_CLEARANCE,  /* the person is protected more than the mentor is cleared for */
    SCORE_CAPACITY,   /* the mentor has no place at all */
    SCORE_RULES,
};

enum score_protection {
    SCORE_PROTECTION_NONE,
    SCORE_PROTECTION_MARKED,
    SCORE_PROTECTION_CONFIDENTIAL,
    SCORE_PROTECTION_STRICTLY,
};

enum { SCORE_CODES_MAX = 32, SCORE_WEIGHT_MAX = 1000000 };

/* The programme's rules. Weights are at most SCORE_WEIGHT_MAX above or below zero. */
struct score_rules {
    int32_t weight[SCORE_FACTORS];
    uint32_t distance_most_km, availability_most, waiting_most_weeks;
    unsigned hard; /* bit r: rule r is checked */
};

/* All rules checked; weights for a programme that has stated none. */
extern const struct score_rules score_rules_default;

struct score_codes {
    uint32_t count;
    uint32_t at[SCORE_CODES_MAX];
};

/* Eight occupations, each in its own terms and in those of up to eight groups of another scheme. */
enum { SCORE_OCCUPATIONS_MAX = 72 };

struct score_occupations {
    uint32_t count;
    uint32_t at[SCORE_OCCUPATIONS_MAX];
};

/* A participant's wishes are met by what a mentor offers. Languages are as score_language makes them,
 * occupations and networks (those in which a mentor knows people) as score_occupation does; the two
 * that are nearest to each other count. */
struct score_person {
    struct score_codes languages, wishes;
    struct score_occupations occupations, networks;
    uint32_t municipality;
    bool has_place; /* the two below, in metres (SWEREF 99 TM, UTM) */
    int32_t easting, northing;
    uint32_t times; /* bit t: free at that time of the week */
    uint32_t waiting_days;
    enum score_protection protection; /* of a participant; what a mentor is cleared for */
    uint32_t capacity;                /* places free, of a mentor */
};

/* What only the pair as such can tell. */
struct score_relation {
    bool is_conflict, is_supervisor, is_former;
};

struct score {
    int32_t part[SCORE_FACTORS];
    int32_t total;
    unsigned failed; /* bit r: rule r is checked and says no; then the pair is no candidate */
};

/* A language's code of two or three small letters, and that of the one which it is spoken of as with
 * others, or its own. Two meet when they are the same, or the one is what the other is spoken of as. */
uint32_t score_language(const char *code, const char *macro);

/* Whose codes occupations have. Two of one scheme are compared in its terms. What is of JobTech's and
 * what is of SSYK's meet in SSYK's, all others in ISCO's: as far as somebody has said what they are
 * there. What has no scheme is compared with its like alone. */
enum score_scheme {
    SCORE_SCHEMELESS,
    SCORE_SSYK,
    SCORE_STYRK,
    SCORE_ISCO,
    SCORE_JOBTECH,
    SCORE_SCHEMES,
};

/* An occupation of scheme `of`, by its code in terms of scheme `as`: four digits, or the two or three
 * that a group has, which are worth no more than that. 0, not known: there are no two, or nothing but
 * zeros. */
uint32_t score_occupation(enum score_scheme of, enum score_scheme as, const char *code);

/* One that has no digits to compare, by the caller's own number for it: it is like itself alone. */
uint32_t score_occupation_own(enum score_scheme of, uint32_t number);

struct score score_pair(const struct score_rules *rules, const struct score_person *participant,
                        const struct score_person *mentor, struct score_relation relation);
