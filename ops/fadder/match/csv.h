/* CSV as spreadsheets write it (RFC 4180, and `;`): UTF-8 with or without a byte order mark, LF or
 * CRLF, quoted cells with anything in them. Nothing is guessed: what could be meant two ways is
 * refused, and every faulty cell is named with file, line and column. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

struct csv_cell {
    const char *text; /* NUL-terminated, without quotes; blanks around it are cut off */
    uint32_t length;
};

struct csv_row {
    uint64_t line;          /* where it begins, from 1 */
    struct csv_cell *cells; /* as many as columns */
};

struct csv {
    const char *path;
    char delimiter;
    uint32_t column_count;
    struct csv_cell *columns; /* the first row */
    struct csv_row *rows;
    size_t row_count;
    size_t fault_count; /* said so far */
    char *bytes;
};

/* False, with a sentence: the file as such cannot be read, or its first row is none. Rows that are
 * faulty in themselves are said (csv_fault) and left out. */
bool csv_load(const char *path, struct csv *csv, struct error *err);
void csv_free(struct csv *csv);

/* Say on standard error what is wrong with a cell: "it ...". column UINT32_MAX: with the row. */
void csv_fault(struct csv *csv, uint64_t line, uint32_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The columns that are known, in the order of known; *at is where each stands, or UINT32_MAX. An
 * unknown, repeated or missing one (of the first `required`) is said. */
bool csv_find_columns(struct csv *csv, const char *const *known, uint32_t count, uint32_t required,
                      uint32_t *at);
