/* CSV as spreadsheets write it (RFC 4180, and `;` or tabs): UTF-8 with or without a byte order mark, LF or
 * CRLF, quoted cells with anything in them, `sep=;` above it all, rows and columns with nothing in
 * them, which are passed over. Nothing is guessed: what could be meant two ways is refused, and every
 * faulty cell is named with its line and column. Words are whoever's who hears it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sheet_cell {
    const char
        *text; /* NUL-terminated, as letters_clean leaves it, without quotes and blanks around it */
    uint32_t length;
};

struct sheet_row {
    uint64_t line;            /* where it begins, from 1 */
    struct sheet_cell *cells; /* as many as columns */
};

/* What is wrong with a row, which is left out. */
enum sheet_fault {
    SHEET_QUOTE_OPEN,    /* a cell's quote never ends */
    SHEET_BEHIND_QUOTE,  /* a cell goes on behind its closing quote */
    SHEET_QUOTE_WITHIN,  /* a quote in the middle of a cell */
    SHEET_RETURN_WITHIN, /* a carriage return that ends no line */
    SHEET_NAMELESS,      /* something stands where no column has a name */
    SHEET_TOO_FEW,       /* fewer cells than columns; column UINT32_MAX */
};

/* What is wrong with the sheet as such. */
enum sheet_trouble {
    SHEET_FINE,
    SHEET_NOT_TEXT,   /* it is not UTF-8, */
    SHEET_SEVERAL,    /* has more than one of , ; and tabs between its columns, */
    SHEET_NO_COLUMNS, /* none of them, and yet more than one column, */
    SHEET_SEPARATOR,  /* says with sep= none of them, */
    SHEET_NO_HEAD,    /* or no columns' names */
};

struct sheet {
    char delimiter;
    bool has_mark, has_returns; /* of byte order; before line feeds */
    uint64_t head_line;         /* also of a trouble: where it is */
    uint32_t column_count;
    struct sheet_cell *columns; /* the first row, up to the last that has a name */
    struct sheet_row *rows;
    size_t row_count;
    char *bytes;
    size_t size;      /* of them */
    uint64_t *begins; /* the line on which each of a spreadsheet's rows begins */
    size_t begin_count, begin_room;
    /* Hears of each faulty row once, as it is read; columns are known by then, unless it is theirs. count: of its cells. */
    void (*hear)(void *cookie, enum sheet_fault fault, uint64_t line, uint32_t column,
                 const struct sheet_cell *cells, uint32_t count);
    void *cookie;
};

/* Take it apart: sheet has who hears, and nothing else. Whatever came of it, it is to be freed. */
enum sheet_trouble sheet_read(const char *bytes, size_t size, struct sheet *sheet);
/* It is wiped, as people stand in it. */
void sheet_free(struct sheet *sheet);

/* Which of a spreadsheet's rows a line belongs to, from 1: lines within quotes are no rows, `sep=;` is none either. 0: to none. */
size_t sheet_row_of(const struct sheet *sheet, uint64_t line);
