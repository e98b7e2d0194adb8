/* Taken apart in place: cells are cut out of the bytes, when these have been cleaned. */
#include "sheets/sheet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"
#include "core/text.h"
#include "letters/letters.h"

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("sheets: no memory for %zu cells", count);
    return new;
}

/* Rows. */

struct reader {
    struct sheet *sheet;
    char *at, *end;
    uint64_t line;
    struct sheet_cell *cells; /* of the row that is read */
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
    r->cells[r->cell_count++] = (struct sheet_cell){begin, (uint32_t)(end - begin)};
}

static bool is_line_end(const struct reader *r)
{
    return r->at == r->end || *r->at == '\n' ||
           (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
}

/* Of a row the first fault is said; those behind it may be of its making. */
static void bad(struct reader *r, enum sheet_fault fault, uint64_t line, uint32_t column)
{
    if (r->is_sound) r->sheet->hear(r->sheet->cookie, fault, line, column, r->cells, r->cell_count);
    r->is_sound = false;
}

static void read_quoted(struct reader *r)
{
    const uint64_t line = r->line;
    char *begin = ++r->at, *to = begin;

    for (;; r->at++) {
        if (r->at == r->end) {
            bad(r, SHEET_QUOTE_OPEN, line, r->cell_count);
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
    if (!is_line_end(r) && *r->at != r->sheet->delimiter) {
        bad(r, SHEET_BEHIND_QUOTE, r->line, r->cell_count);
        while (!is_line_end(r) && *r->at != r->sheet->delimiter)
            r->at++;
    }
    put_cell(r, begin, to);
}

static void read_bare(struct reader *r)
{
    char *begin = r->at;

    for (; !is_line_end(r) && *r->at != r->sheet->delimiter; r->at++) {
        if (*r->at == '"') bad(r, SHEET_QUOTE_WITHIN, r->line, r->cell_count);
        if (*r->at == '\r') bad(r, SHEET_RETURN_WITHIN, r->line, r->cell_count);
    }
    put_cell(r, begin, r->at);
}

/* One row; false at the end. The terminating NULs are put when the next byte has been looked at. */
static bool read_row(struct reader *r)
{
    struct sheet *sheet = r->sheet;

    r->cell_count = 0;
    r->is_sound = true;
    if (r->at == r->end) return false;
    if (sheet->begin_count == sheet->begin_room) {
        sheet->begin_room = 2 * sheet->begin_room + 256;
        sheet->begins = room(sheet->begins, sheet->begin_room, sizeof *sheet->begins);
    }
    sheet->begins[sheet->begin_count++] = r->line;
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
        sheet->has_returns = true;
        r->at++;
    }
    if (r->at < r->end) r->at++;
    return true;
}

static void end_cells(struct sheet_cell *cells, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        ((char *)(uintptr_t)cells[i].text)[cells[i].length] = '\0';
}

/* Outside of quotes the first line has one of the three, or there is only one column. */
static bool find_delimiter(struct sheet *sheet, const char *at, const char *end)
{
    bool is_quoted = false;

    for (; at < end && (is_quoted || *at != '\n'); at++) {
        if (*at == '"') is_quoted = !is_quoted;
        if (is_quoted || (*at != ',' && *at != ';' && *at != '\t') || *at == sheet->delimiter)
            continue;
        if (sheet->delimiter != '\0') return false;
        sheet->delimiter = *at;
    }
    return true;
}

static bool check_utf8(struct sheet *sheet, const char *bytes, size_t size)
{
    uint32_t characters;
    size_t at = 0;

    if (size <= UINT32_MAX && text_check((const uint8_t *)bytes, size, &characters)) return true;
    sheet->head_line = 1;
    while (at < size) {
        const char *end = memchr(bytes + at, '\n', size - at);
        const size_t length = end == NULL ? size - at : (size_t)(end - bytes) - at;

        if (length > 0 && !text_check((const uint8_t *)bytes + at, length, &characters)) break;
        at += length + 1;
        sheet->head_line++;
    }
    return false;
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
    struct sheet *sheet = r->sheet;

    for (uint32_t i = 0; i < r->cell_count && r->is_sound; i++) {
        if (r->cells[i].length == 0) continue;
        if (i < sheet->column_count && sheet->columns[i].length > 0) continue;
        bad(r, SHEET_NAMELESS, line, i);
    }
}

static void check_count(struct reader *r, uint64_t line)
{
    struct sheet *sheet = r->sheet;

    if (!r->is_sound || r->cell_count >= sheet->column_count) return;
    bad(r, SHEET_TOO_FEW, line, UINT32_MAX);
}

static void keep_row(struct reader *r, uint64_t line, size_t *row_room)
{
    struct sheet *sheet = r->sheet;

    if (sheet->row_count == *row_room) {
        *row_room = *row_room == 0 ? 256 : 2 * *row_room;
        sheet->rows = room(sheet->rows, *row_room, sizeof *sheet->rows);
    }
    end_cells(r->cells, r->cell_count);
    sheet->rows[sheet->row_count++] = (struct sheet_row){line, r->cells};
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
static bool read_separator(struct reader *r)
{
    struct sheet *sheet = r->sheet;
    const size_t size = strcspn(r->at, "\r\n"), quote = r->at[0] == '"';
    const char *said = r->at + quote + strlen("sep=");

    if (size < quote + strlen("sep=?") || strncasecmp(r->at + quote, "sep=", strlen("sep=")) != 0)
        return true;
    sheet->head_line = 1;
    if (*said != ';' && *said != ',' && *said != '\t') return false;
    sheet->delimiter = *said;
    r->at += size;
    if (*r->at == '\r') r->at++;
    if (r->at < r->end) r->at++;
    r->line++;
    return true;
}

/* The first row that has anything in it. */
static enum sheet_trouble read_head(struct reader *r)
{
    struct sheet *sheet = r->sheet;
    const bool is_said = sheet->delimiter != '\0';
    bool is_there;

    for (;; r->line++) {
        sheet->head_line = r->line;
        if (!is_said) sheet->delimiter = '\0';
        if (!is_said && !find_delimiter(sheet, r->at, r->end)) return SHEET_SEVERAL;
        if (sheet->delimiter == '\0') sheet->delimiter = ',';
        is_there = read_row(r);
        if (!is_there || !is_empty(r)) break;
    }
    if (!is_there || !r->is_sound) return SHEET_NO_HEAD;
    end_cells(r->cells, r->cell_count);
    if (r->cell_count == 1 && strpbrk(r->cells[0].text, "\t|") != NULL) return SHEET_NO_COLUMNS;
    while (r->cells[r->cell_count - 1].length == 0)
        r->cell_count--;
    sheet->columns = r->cells;
    sheet->column_count = r->cell_count;
    r->cells = NULL;
    r->cell_room = 0;
    r->line++;
    return SHEET_FINE;
}

enum sheet_trouble sheet_read(const char *bytes, size_t size, struct sheet *sheet)
{
    struct reader r = {.sheet = sheet, .line = 1};
    enum sheet_trouble trouble = SHEET_FINE;
    size_t skip, cleaned;

    sheet->has_mark = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    skip = sheet->has_mark ? 3 : 0;
    if (!check_utf8(sheet, bytes + skip, size - skip)) return SHEET_NOT_TEXT;
    sheet->bytes = letters_clean(bytes + skip, size - skip, &cleaned);
    sheet->size = cleaned;
    r.at = sheet->bytes;
    r.end = sheet->bytes + cleaned;
    if (!read_separator(&r)) return SHEET_SEPARATOR;
    trouble = read_head(&r);
    if (trouble == SHEET_FINE)
        read_rows(&r);
    else
        free(r.cells);
    return trouble;
}

void sheet_free(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->row_count; i++)
        free(sheet->rows[i].cells);
    free(sheet->rows);
    free(sheet->columns);
    if (sheet->bytes != NULL) explicit_bzero(sheet->bytes, sheet->size);
    free(sheet->bytes);
    free(sheet->begins);
    *sheet = (struct sheet){.hear = NULL};
}

size_t sheet_row_of(const struct sheet *sheet, uint64_t line)
{
    size_t low = 0, high = sheet->begin_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (sheet->begins[middle] <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
