/* CSV as spreadsheets write it (RFC 4180, and `;`): UTF-8 with or without a byte order mark, LF or
 * CRLF, quoted cells with anything in them, `sep=;` above it all, rows and columns with nothing in
 * them, which are passed over. Nothing is guessed: what could be meant two ways is refused, and every
 * faulty cell is named with file, line and column. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

struct csv_cell {
    const char
        *text; /* NUL-terminated, as letters_clean leaves it, without quotes and blanks around it */
    uint32_t length;
};

struct csv_row {
    uint64_t line;          /* where it begins, from 1 */
    struct csv_cell *cells; /* as many as columns */
};

struct csv {
    const char *path;
    char delimiter;
    bool has_mark, has_returns; /* of byte order; before line feeds */
    uint64_t head_line;
    uint32_t column_count;
    struct csv_cell *columns; /* the first row, up to the last that has a name */
    struct csv_row *rows;
    size_t row_count;
    size_t fault_count; /* said so far */
    char *bytes;
    uint64_t *begins; /* the line on which each of a spreadsheet's rows begins */
    size_t begin_count, begin_room;
};

/* False, with a sentence: the file as such cannot be read, or its first row is none. Rows that are
 * faulty in themselves are said (csv_fault) and left out. */
bool csv_load(const char *path, struct csv *csv, struct error *err);
void csv_free(struct csv *csv);

/* Say on standard error what is wrong with a cell: "it ...". column UINT32_MAX: with the row. Where
 * a spreadsheet counts its rows in another way than lines the row is said as well. */
void csv_fault(struct csv *csv, uint64_t line, uint32_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same of what is perhaps meant so: it is no fault. */
void csv_note(const struct csv *csv, uint64_t line, uint32_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
