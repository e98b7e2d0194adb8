/* Mentors and participants from their sheets. */
#pragma once

#include "match/book.h"
#include "match/csv.h"
#include "matching/score.h"

struct match_word_list {
    uint32_t count;
    const char *at[SCORE_CODES_MAX];
    uint64_t line; /* where they stand, for faults */
    uint32_t column;
};

struct match_person {
    const char *id;
    uint64_t line; /* where that stands */
    uint32_t column;
    const char *municipality, *club; /* as first written in either sheet; "" where there is none */
    struct score_person known;
    uint32_t places;       /* a participant's capacity; a mentor's free places */
    int64_t waiting_since; /* day since 1970; participants */
    struct match_word_list conflicts, former, supervisors; /* ids of mentors; participants */
};

/* In order of id. The texts are those of the sheet, which stays open. */
struct match_people {
    struct csv csv;
    struct match_person *at;
    uint32_t count;
};

/* today: day since 1970; nobody has waited longer than since then. False if anything was said. */
bool match_mentors_load(const char *path, struct book *book, struct match_people *people);
bool match_participants_load(const char *path, struct book *book, int64_t today,
                             struct match_people *people);
void match_people_free(struct match_people *people);

/* The person's number, or count if there is none. */
uint32_t match_people_find(const struct match_people *people, const char *id);
