/* Cells of one row, by column: what they hold, or what is wrong with them, said on standard error. An
 * empty cell, and one whose column is not there, hold nothing. */
#pragma once

#include "core/date.h"
#include "match/book.h"
#include "match/csv.h"
#include "match/people.h"
#include "matching/score.h"

struct cells {
    struct csv *csv;
    const struct sheet_row *row;
    const uint32_t *columns; /* where each known column stands */
    struct book *book;
    enum book_side side;
};

struct sheet_cell cells_at(const struct cells *s, uint32_t column);

/* Say what is wrong with one: "it ...". */
#define cells_wrong(cells, column, ...) \
    csv_fault((cells)->csv, (cells)->row->line, (cells)->columns[column], __VA_ARGS__)

/* Lists: words with blanks, commas, semicolons or bars between them. Each is a set. */
void cells_words(const struct cells *s, uint32_t column, struct match_word_list *list);
void cells_languages(const struct cells *s, uint32_t column, struct score_codes *codes);
void cells_wishes(const struct cells *s, uint32_t column, struct score_codes *codes);
void cells_occupations(const struct cells *s, uint32_t column, struct score_occupations *codes);
uint32_t cells_times(const struct cells *s, uint32_t column);

/* Numbers of the book; 0: nothing. */
uint32_t cells_municipality(const struct cells *s, uint32_t column);
uint32_t cells_club(const struct cells *s, uint32_t column);

int64_t cells_number(const struct cells *s, uint32_t column, int64_t low, int64_t high,
                     int64_t otherwise);
enum score_protection cells_protection(const struct cells *s, uint32_t column);

/* The text lives as long as the sheet. */
const char *cells_id(const struct cells *s, uint32_t column);

/* A date, not after today, a day since 1970; that one where nothing is said. */
struct date cells_since(const struct cells *s, uint32_t column, int64_t today);
