/* A sheet that is a file: what is wrong with it is said on standard error, with file, line and column. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sheets/sheet.h"

struct error;

struct csv {
    const char *path;
    struct sheet sheet;
    size_t fault_count; /* said so far */
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
