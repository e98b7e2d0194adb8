/* CSV taken apart in place: cells are cut out of the file's bytes, when these have been cleaned. */
#include "match/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"
#include "core/text.h"
#include "letters/letters.h"
#include "match/match.h"

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu cells", count);
    return new;
}

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

/* Which row it is for a spreadsheet: lines within quotes are no rows, `sep=;` is none either. */
static size_t row_of(const struct csv *csv, uint64_t line)
{
    size_t low = 0, high = csv->begin_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (csv->begins[middle] <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void say(const struct csv *csv, uint64_t line, uint32_t column, const char *format,
                va_list args)
{
    const size_t row = row_of(csv, line);
    char said[FAULT_SIZE], what[FAULT_SIZE];

    fprintf(stderr, "%s, line %llu", csv->path, (unsigned long long)line);
    if (row > 0 && row != line) fprintf(stderr, " (row %zu)", row);
    if (column != UINT32_MAX) fprintf(stderr, ", column %u", column + 1);
    if (column < csv->column_count && csv->columns[column].length > 0) {
        clean(csv->columns[column].text, what);
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

/* Rows. */

struct reader {
    struct csv *csv;
    char *at, *end;
    uint64_t line;
    struct csv_cell *cells; /* of the row that is read */
    uint32_t cell_count, cell_room;
    bool is_sound; /* so is that row */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Cut the text in place; the byte at end is the caller's to overwrite. */
static void put_cell(struct reader *r, char *begin, char *end)
{
    while (begin < end && is_space(*begin))
        begin++;
    while (end > begin && is_space(end[-1]))
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
    struct csv *csv = r->csv;

    r->cell_count = 0;
    r->is_sound = true;
    if (r->at == r->end) return false;
    if (csv->begin_count == csv->begin_room) {
        csv->begin_room = 2 * csv->begin_room + 256;
        csv->begins = room(csv->begins, csv->begin_room, sizeof *csv->begins);
    }
    csv->begins[csv->begin_count++] = r->line;
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
    if (r->at < r->end && *r->at == '\r') {
        csv->has_returns = true;
        r->at++;
    }
    if (r->at < r->end) r->at++;
    return true;
}

static void end_cells(struct csv_cell *cells, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        ((char *)(uintptr_t)cells[i].text)[cells[i].length] = '\0';
}

/* Outside of quotes the first line has one of the two, or there is only one column. */
static bool find_delimiter(struct csv *csv, const char *at, const char *end, uint64_t line,
                           struct error *err)
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
                         "%.90s, line %llu: there are both , and ; between the columns; a "
                         "line sep=; or sep=, above says which it is",
                         csv->path, (unsigned long long)line);
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

/* A row of separators, or an empty line. */
static bool is_empty(const struct reader *r)
{
    for (uint32_t i = 0; i < r->cell_count; i++)
        if (r->cells[i].length > 0) return false;
    return r->is_sound;
}

/* Cells behind the last column, and under one that has no name, have to be empty: what they are
 * about nobody knows. */
static void check_nameless(struct reader *r, uint64_t line)
{
    struct csv *csv = r->csv;

    for (uint32_t i = 0; i < r->cell_count && r->is_sound; i++) {
        if (r->cells[i].length == 0) continue;
        if (i < csv->column_count && csv->columns[i].length > 0) continue;
        csv_fault(csv, line, i,
                  "\"%.*s\" stands where line %llu names no column; a cell with %c in it belongs "
                  "in quotes",
                  r->cells[i].length < 40 ? (int)r->cells[i].length : 40, r->cells[i].text,
                  (unsigned long long)csv->head_line, csv->delimiter);
        r->is_sound = false;
    }
}

static void check_count(struct reader *r, uint64_t line)
{
    struct csv *csv = r->csv;

    if (!r->is_sound || r->cell_count >= csv->column_count) return;
    csv_fault(csv, line, UINT32_MAX, "its cells are %u, and the columns %u", r->cell_count,
              csv->column_count);
    r->is_sound = false;
}

static void keep_row(struct reader *r, uint64_t line, size_t *row_room)
{
    struct csv *csv = r->csv;

    if (csv->row_count == *row_room) {
        *row_room = *row_room == 0 ? 256 : 2 * *row_room;
        csv->rows = room(csv->rows, *row_room, sizeof *csv->rows);
    }
    end_cells(r->cells, r->cell_count);
    csv->rows[csv->row_count++] = (struct csv_row){line, r->cells};
    r->cells = NULL;
    r->cell_room = 0;
}

static void read_rows(struct reader *r)
{
    size_t row_room = 0;

    for (;;) {
        const uint64_t line = r->line;

        if (!read_row(r)) break;
        if (!is_empty(r)) {
            check_nameless(r, line);
            check_count(r, line);
            if (r->is_sound) keep_row(r, line, &row_room);
        }
        r->line++;
    }
    free(r->cells);
}

/* Above the columns. */

/* `sep=;` in the first line, as Excel understands it; other programs put it in quotes, or separators
 * behind it. True also when it is not there. */
static bool read_separator(struct reader *r, struct error *err)
{
    struct csv *csv = r->csv;
    const size_t size = strcspn(r->at, "\r\n"), quote = r->at[0] == '"';
    const char *said = r->at + quote + strlen("sep=");

    if (size < quote + strlen("sep=?") || strncasecmp(r->at + quote, "sep=", strlen("sep=")) != 0)
        return true;
    if (*said != ';' && *said != ',')
        return error_set(
            err, ERROR_INVALID, "match.csv",
            "%.90s, line 1: sep= says neither ; nor ,: save the sheet with one of these",
            csv->path);
    csv->delimiter = *said;
    r->at += size;
    if (*r->at == '\r') r->at++;
    if (r->at < r->end) r->at++;
    r->line++;
    return true;
}

/* The first row that has anything in it. */
static bool read_head(struct reader *r, struct error *err)
{
    struct csv *csv = r->csv;
    const bool is_said = csv->delimiter != '\0';
    bool is_there;

    for (;; r->line++) {
        if (!is_said && !find_delimiter(csv, r->at, r->end, r->line, err)) return false;
        csv->head_line = r->line;
        is_there = read_row(r);
        if (!is_there || !is_empty(r)) break;
    }
    if (!is_there || !r->is_sound)
        return error_set(err, ERROR_INVALID, "match.csv",
                         "%.90s, line %llu: the names of the columns belong here", csv->path,
                         (unsigned long long)csv->head_line);
    end_cells(r->cells, r->cell_count);
    if (r->cell_count == 1 && strpbrk(r->cells[0].text, "\t|") != NULL)
        return error_set(err, ERROR_INVALID, "match.csv",
                         "%.90s, line %llu: neither ; nor , is between the columns: save the sheet "
                         "with one of these",
                         csv->path, (unsigned long long)csv->head_line);
    while (r->cells[r->cell_count - 1].length == 0)
        r->cell_count--;
    csv->columns = r->cells;
    csv->column_count = r->cell_count;
    r->cells = NULL;
    r->cell_room = 0;
    r->line++;
    return true;
}

/* The file's bytes, cleaned. */
static bool load_bytes(struct csv *csv, size_t *size, struct error *err)
{
    char *bytes;
    size_t skip;

    if (!match_load(csv->path, &bytes, size, err)) return false;
    csv->has_mark = *size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    skip = csv->has_mark ? 3 : 0;
    if (check_utf8(csv, bytes + skip, *size - skip, err))
        csv->bytes = letters_clean(bytes + skip, *size - skip, size);
    free(bytes);
    return csv->bytes != NULL;
}

bool csv_load(const char *path, struct csv *csv, struct error *err)
{
    struct csv c = {.path = path};
    struct reader r = {.csv = &c, .line = 1};
    size_t size;

    if (!load_bytes(&c, &size, err)) return false;
    r.at = c.bytes;
    r.end = c.bytes + size;
    if (!read_separator(&r, err) || !read_head(&r, err)) {
        free(r.cells);
        csv_free(&c);
        return false;
    }
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
    free(csv->begins);
    *csv = (struct csv){0};
}
