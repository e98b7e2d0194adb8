/* CSV taken apart in place: cells are cut out of the file's own bytes. */
#include "match/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/text.h"
#include "match/match.h"

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu cells", count);
    return new;
}

void csv_fault(struct csv *csv, uint64_t line, uint32_t column, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s, line %llu", csv->path, (unsigned long long)line);
    if (column != UINT32_MAX) fprintf(stderr, ", column %u", column + 1);
    if (column < csv->column_count) fprintf(stderr, " (%s)", csv->columns[column].text);
    fputs(": ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    csv->fault_count++;
}

struct reader {
    struct csv *csv;
    char *at, *end;
    uint64_t line;
    struct csv_cell *cells; /* of the row that is read */
    uint32_t cell_count, cell_room;
    bool is_sound; /* so is that row */
};

/* Cut the text in place; the byte at end is the caller's to overwrite. */
static void put_cell(struct reader *r, char *begin, char *end)
{
    while (begin < end && (*begin == ' ' || *begin == '\t'))
        begin++;
    while (end > begin && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (r->cell_count == r->cell_room) {
        r->cell_room = r->cell_room == 0 ? 32 : 2 * r->cell_room;
        r->cells = room(r->cells, r->cell_room, sizeof *r->cells);
    }
    r->cells[r->cell_count++] = (struct csv_cell){begin, (uint32_t)(end - begin)};
}

static bool is_line_end(const struct reader *r)
{
    return r->at == r->end || *r->at == '\n' ||
           (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
}

static void bad(struct reader *r, uint64_t line, const char *what)
{
    if (r->is_sound) csv_fault(r->csv, line, r->cell_count, "%s", what);
    r->is_sound = false;
}

static void read_quoted(struct reader *r)
{
    const uint64_t line = r->line;
    char *begin = ++r->at, *to = begin;

    for (;; r->at++) {
        if (r->at == r->end) {
            bad(r, line, "it has a quote that never ends");
            break;
        }
        if (*r->at == '"') {
            if (r->at + 1 == r->end || r->at[1] != '"') break;
            r->at++;
        }
        if (*r->at == '\n') r->line++;
        *to++ = *r->at;
    }
    if (r->at < r->end) r->at++;
    if (!is_line_end(r) && *r->at != r->csv->delimiter) {
        bad(r, r->line, "it goes on behind its closing quote");
        while (!is_line_end(r) && *r->at != r->csv->delimiter)
            r->at++;
    }
    put_cell(r, begin, to);
}

static void read_bare(struct reader *r)
{
    char *begin = r->at;

    for (; !is_line_end(r) && *r->at != r->csv->delimiter; r->at++) {
        if (*r->at == '"') bad(r, r->line, "it has a quote in the middle");
        if (*r->at == '\r') bad(r, r->line, "it has a carriage return that ends no line");
    }
    put_cell(r, begin, r->at);
}

/* One row; false at the end. The terminating NULs are put when the next byte has been looked at. */
static bool read_row(struct reader *r)
{
    r->cell_count = 0;
    r->is_sound = true;
    if (r->at == r->end) return false;
    for (;;) {
        if (*r->at == '"')
            read_quoted(r);
        else
            read_bare(r);
        if (is_line_end(r)) break;
        r->at++; /* the delimiter */
        if (r->at == r->end) {
            put_cell(r, r->at, r->at);
            break;
        }
    }
    if (r->at < r->end && *r->at == '\r') r->at++;
    if (r->at < r->end) r->at++;
    return true;
}

static void end_cells(struct csv_cell *cells, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        ((char *)(uintptr_t)cells[i].text)[cells[i].length] = '\0';
}

/* Outside of quotes the first line has one of the two, or there is only one column. */
static bool find_delimiter(struct csv *csv, const char *at, const char *end, struct error *err)
{
    bool is_quoted = false, has_comma = false, has_semicolon = false;

    for (; at < end && (is_quoted || *at != '\n'); at++) {
        if (*at == '"') is_quoted = !is_quoted;
        if (is_quoted) continue;
        if (*at == ',') has_comma = true;
        if (*at == ';') has_semicolon = true;
    }
    if (has_comma && has_semicolon)
        return error_set(err, ERROR_INVALID, "match.csv",
                         "%.90s, line 1: there are both , and ; between the columns", csv->path);
    csv->delimiter = has_semicolon ? ';' : ',';
    return true;
}

static bool check_utf8(const struct csv *csv, const char *bytes, size_t size, struct error *err)
{
    uint32_t characters;
    uint64_t line = 1;
    size_t at = 0;

    if (size <= UINT32_MAX && text_check((const uint8_t *)bytes, size, &characters)) return true;
    while (at < size) {
        const char *end = memchr(bytes + at, '\n', size - at);
        const size_t length = end == NULL ? size - at : (size_t)(end - bytes) - at;

        if (length > 0 && !text_check((const uint8_t *)bytes + at, length, &characters)) break;
        at += length + 1;
        line++;
    }
    return error_set(err, ERROR_INVALID, "match.csv",
                     "%.90s, line %llu: this is not UTF-8; save it as \"CSV UTF-8\"", csv->path,
                     (unsigned long long)line);
}

static void read_rows(struct reader *r)
{
    struct csv *csv = r->csv;
    size_t row_room = 0;

    for (;;) {
        const uint64_t line = r->line;

        if (!read_row(r)) break;
        if (r->is_sound && r->cell_count == 1 && r->cells[0].length == 0) {
            r->line++; /* an empty line */
            continue;
        }
        if (r->is_sound && r->cell_count != csv->column_count) {
            csv_fault(csv, line, UINT32_MAX, "its cells are %u, and the columns %u", r->cell_count,
                      csv->column_count);
        } else if (r->is_sound) {
            if (csv->row_count == row_room) {
                row_room = row_room == 0 ? 256 : 2 * row_room;
                csv->rows = room(csv->rows, row_room, sizeof *csv->rows);
            }
            end_cells(r->cells, r->cell_count);
            csv->rows[csv->row_count++] = (struct csv_row){line, r->cells};
            r->cells = NULL;
            r->cell_room = 0;
        }
        r->line++;
    }
    free(r->cells);
}

bool csv_load(const char *path, struct csv *csv, struct error *err)
{
    struct csv c = {.path = path};
    struct reader r = {.csv = &c, .line = 1};
    size_t size, skip;

    if (!match_load(path, &c.bytes, &size, err)) return false;
    skip = size >= 3 && memcmp(c.bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    r.at = c.bytes + skip;
    r.end = c.bytes + size;
    if (!check_utf8(&c, r.at, size - skip, err) || !find_delimiter(&c, r.at, r.end, err)) {
        free(c.bytes);
        return false;
    }
    if (!read_row(&r) || !r.is_sound) {
        free(r.cells);
        free(c.bytes);
        return error_set(err, ERROR_INVALID, "match.csv",
                         "%.90s, line 1: the names of the columns belong here", path);
    }
    end_cells(r.cells, r.cell_count);
    c.columns = r.cells;
    c.column_count = r.cell_count;
    r.cells = NULL;
    r.cell_room = 0;
    r.line++;
    read_rows(&r);
    *csv = c;
    return true;
}

void csv_free(struct csv *csv)
{
    for (size_t i = 0; i < csv->row_count; i++)
        free(csv->rows[i].cells);
    free(csv->rows);
    free(csv->columns);
    free(csv->bytes);
    *csv = (struct csv){0};
}

bool csv_find_columns(struct csv *csv, const char *const *known, uint32_t count, uint32_t required,
                      uint32_t *at)
{
    const size_t before = csv->fault_count;

    for (uint32_t k = 0; k < count; k++)
        at[k] = UINT32_MAX;
    for (uint32_t i = 0; i < csv->column_count; i++) {
        uint32_t k = 0;

        while (k < count && strcmp(known[k], csv->columns[i].text) != 0)
            k++;
        if (k == count)
            csv_fault(csv, 1, i, "this column is not known here");
        else if (at[k] != UINT32_MAX)
            csv_fault(csv, 1, i, "this column is there twice");
        else
            at[k] = i;
    }
    for (uint32_t k = 0; k < required; k++)
        if (at[k] == UINT32_MAX)
            csv_fault(csv, 1, UINT32_MAX, "there is no column \"%s\"", known[k]);
    return csv->fault_count == before;
}
