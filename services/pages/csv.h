/* A list as a table that a spreadsheet opens: UTF-8 with a byte order mark, by which it knows that, and RFC 4180. */
#pragma once

#include <stdint.h>

#include "core/date.h"
#include "core/instant.h"
#include "words/words.h"

struct call;
struct out;

/* A table in the making, in pages->out. */
struct csv {
    struct out *out;
    enum language language;
    enum country country; /* whose days */
    bool has_cell;        /* in this row */
};

struct csv csv_begin(struct call *call);
/* What a spreadsheet would take for a formula begins with an apostrophe, and so is a text. NULL: an empty cell. */
void csv_text(struct csv *csv, const char *text);
void csv_word(struct csv *csv, enum words_key key);
void csv_number(struct csv *csv, int64_t number);
void csv_date(struct csv *csv, struct date date);      /* "2026-11-24" */
void csv_day(struct csv *csv, struct instant instant); /* the day that it was */
void csv_end_row(struct csv *csv);
/* The call is answered with it. name: "mentors.csv". */
void csv_answer(struct call *call, const char *name);
