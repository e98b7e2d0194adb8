/* Words as numbers: the same for the same word, whatever its case; and where each of them stands, so
 * that what meets nothing because it is written in another way can be said. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "match/csv.h"

enum book_kind { BOOK_WISHES, BOOK_MUNICIPALITIES, BOOK_CLUBS, BOOK_CONCEPTS, BOOK_KINDS };
enum book_side { BOOK_MENTORS, BOOK_PARTICIPANTS, BOOK_SIDES };

struct book_place {
    struct csv *csv; /* for as long as the book */
    enum book_side side;
    uint64_t line;
    uint32_t column;
};

struct book;
struct book *book_create(void);
void book_destroy(struct book *book);

/* 0: it is empty. Words that mean the same have one number; that is what the word itself is, or what
 * its code has become. The word is kept by pointer, what it means is not. */
uint32_t book_code(struct book *book, enum book_kind kind, const char *word, const char *meant,
                   struct book_place place);

/* An occupation's code stands there, with its scheme before it or without. */
void book_occupation(struct book *book, bool has_scheme, const char *word, struct book_place place);

/* How it was written first; "" for 0. It lives as long as that word. */
const char *book_word(const struct book *book, uint32_t code);

/* When both sheets have been read: say every cell with a word that is in one of them alone, and is
 * several words run together, or nearly one of the other's; municipalities that are codes in one
 * place and names in another; and occupations of a scheme beside those of none. */
void book_check(const struct book *book);
