/* Words as numbers: the same for the same word, whatever its case; and where each of them stands, so
 * that what meets nothing because it is written in another way can be said. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "match/csv.h"

enum book_kind { BOOK_LANGUAGES, BOOK_WISHES, BOOK_MUNICIPALITIES, BOOK_CLUBS, BOOK_KINDS };
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

/* 0: it is empty. The word is kept by pointer. */
uint32_t book_code(struct book *book, enum book_kind kind, const char *word,
                   struct book_place place);

/* How it was written first; "" for 0. It lives as long as that word. */
const char *book_word(const struct book *book, uint32_t code);

/* When both sheets have been read: say every cell with a word that is in one of them alone, and is
 * several words run together, or nearly one of the other's; and municipalities that are codes in
 * one place and names in another. */
void book_check(const struct book *book);
