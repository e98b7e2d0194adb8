/* Sheets of files, and what is said of them. */
#include "match/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/error.h"
#include "letters/letters.h"
#include "match/match.h"

/* Saying what is wrong. */

enum { FAULT_SIZE = 1024 }; /* with a list of all columns */

/* A cell may hold anything: a terminal gets nothing but letters. What does not fit is left out. */
static void clean(const char *text, char to[FAULT_SIZE])
{
    size_t used = 0;

    for (uint32_t letter;
         (letter = letters_next(&text)) != 0 && used + LETTERS_BYTES_MAX < FAULT_SIZE;) {
        const bool is_control = letter < ' ' || (letter >= 0x7F && letter < 0xA0);

        if (letter != LETTERS_BROKEN) /* which was cut */
            used += letters_put(is_control ? ' ' : letter, to + used);
    }
    to[used] = '\0';
}

static void say(const struct csv *csv, uint64_t line, uint32_t column, const char *format,
                va_list args)
{
    const size_t row = sheet_row_of(&csv->sheet, line);
    char said[FAULT_SIZE], what[FAULT_SIZE];

    fprintf(stderr, "%s, line %llu", csv->path, (unsigned long long)line);
    if (row > 0 && row != line) fprintf(stderr, " (row %zu)", row);
    if (column != UINT32_MAX) fprintf(stderr, ", column %u", column + 1);
    if (column < csv->sheet.column_count && csv->sheet.columns[column].length > 0) {
        clean(csv->sheet.columns[column].text, what);
        fprintf(stderr, " (%s)", what);
    }
    vsnprintf(said, sizeof said, format, args);
    clean(said, what);
    fprintf(stderr, ": %s\n", what);
}

void csv_fault(struct csv *csv, uint64_t line, uint32_t column, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(csv, line, column, format, args);
    va_end(args);
    csv->fault_count++;
}

void csv_note(const struct csv *csv, uint64_t line, uint32_t column, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(csv, line, column, format, args);
    va_end(args);
}

/* Reading. */

static void hear(void *cookie, enum sheet_fault fault, uint64_t line, uint32_t column,
                 const struct sheet_cell *cells, uint32_t count)
{
    struct csv *csv = cookie;

    switch (fault) {
    case SHEET_QUOTE_OPEN: csv_fault(csv, line, column, "it has a quote that never ends"); return;
    case SHEET_BEHIND_QUOTE:
        csv_fault(csv, line, column, "it goes on behind its closing quote");
        return;
    case SHEET_QUOTE_WITHIN: csv_fault(csv, line, column, "it has a quote in the middle"); return;
    case SHEET_RETURN_WITHIN:
        csv_fault(csv, line, column, "it has a carriage return that ends no line");
        return;
    case SHEET_NAMELESS:
        csv_fault(csv, line, column,
                  "\"%.*s\" stands where line %llu names no column; a cell with %c in it belongs "
                  "in quotes",
                  cells[column].length < 40 ? (int)cells[column].length : 40, cells[column].text,
                  (unsigned long long)csv->sheet.head_line, csv->sheet.delimiter);
        return;
    case SHEET_TOO_FEW: break;
    }
    csv_fault(csv, line, UINT32_MAX, "its cells are %u, and the columns %u", count,
              csv->sheet.column_count);
}

static const char *sentence_of(enum sheet_trouble trouble)
{
    switch (trouble) {
    case SHEET_NOT_TEXT: return "this is not UTF-8; save it as \"CSV UTF-8\"";
    case SHEET_SEVERAL:
        return "there is more than one of , ; and tabs between the columns; a line sep=; or sep=, "
               "above says which it is";
    case SHEET_NO_COLUMNS:
        return "neither ; nor , nor a tab is between the columns: save the sheet with one of these";
    case SHEET_SEPARATOR:
        return "sep= says neither ; nor , nor a tab: save the sheet with one of these";
    case SHEET_NO_HEAD:
    case SHEET_FINE: break;
    }
    return "the names of the columns belong here";
}

bool csv_load(const char *path, struct csv *csv, struct error *err)
{
    char *bytes;
    size_t size;
    enum sheet_trouble trouble;

    *csv = (struct csv){.path = path, .sheet = {.hear = hear, .cookie = csv}};
    if (!match_load(path, &bytes, &size, err)) return false;
    trouble = sheet_read(bytes, size, &csv->sheet);
    free(bytes);
    if (trouble == SHEET_FINE) return true;
    error_set(err, ERROR_INVALID, "match.csv", "%.90s, line %llu: %s", path,
              (unsigned long long)csv->sheet.head_line, sentence_of(trouble));
    csv_free(csv);
    return false;
}

void csv_free(struct csv *csv)
{
    sheet_free(&csv->sheet);
    *csv = (struct csv){.path = NULL};
}
