/* Sheets become people: every cell is read by its column, words become numbers, and every fault is
 * said with file, line and column. */
#include "match/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/date.h"
#include "core/error.h"
#include "match/match.h"

/* Words as numbers. */

struct match_book {
    const char **words; /* sorted by hash slot: open addressing */
    uint32_t *codes;
    uint32_t count, room;
};

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu people", count);
    return new;
}

struct match_book *match_book_create(void)
{
    struct match_book *book = calloc(1, sizeof *book);

    if (book == NULL) bug("match: no memory");
    return book;
}

void match_book_destroy(struct match_book *book)
{
    if (book == NULL) return;
    free(book->words);
    free(book->codes);
    free(book);
}

static uint32_t slot_of(const struct match_book *book, const char *word)
{
    uint64_t hash = 14695981039346656037u;

    for (const char *c = word; *c != '\0'; c++)
        hash = (hash ^ (uint8_t)*c) * 1099511628211u;
    for (uint32_t at = (uint32_t)(hash >> 32) % book->room;; at = (at + 1) % book->room)
        if (book->words[at] == NULL || strcmp(book->words[at], word) == 0) return at;
}

static void book_grow(struct match_book *book)
{
    const struct match_book old = *book;

    if (2 * book->count < book->room) return;
    book->room = old.room == 0 ? 1024 : 2 * old.room;
    book->words = calloc(book->room, sizeof *book->words);
    book->codes = room(NULL, book->room, sizeof *book->codes);
    if (book->words == NULL) bug("match: no memory");
    for (uint32_t i = 0; i < old.room; i++) {
        uint32_t at;

        if (old.words[i] == NULL) continue;
        at = slot_of(book, old.words[i]);
        book->words[at] = old.words[i];
        book->codes[at] = old.codes[i];
    }
    free(old.words);
    free(old.codes);
}

/* The words are kept by pointer; they live in the sheets. */
static uint32_t code_of(struct match_book *book, const char *word)
{
    uint32_t at;

    if (word[0] == '\0') return 0;
    book_grow(book);
    at = slot_of(book, word);
    if (book->words[at] == NULL) {
        book->words[at] = word;
        book->codes[at] = ++book->count;
    }
    return book->codes[at];
}

/* Cells. */

struct source {
    struct csv *csv;
    const struct csv_row *row;
    const uint32_t *columns; /* where each known column stands */
    struct match_book *book;
};

static struct csv_cell cell(const struct source *s, uint32_t column)
{
    if (s->columns[column] == UINT32_MAX) return (struct csv_cell){"", 0};
    return s->row->cells[s->columns[column]];
}

#define wrong(source, column, ...) \
    csv_fault((source)->csv, (source)->row->line, (source)->columns[column], __VA_ARGS__)

/* Cut a cell into words, in place. */
static void read_words(const struct source *s, uint32_t column, struct match_word_list *list)
{
    char *at = (char *)(uintptr_t)cell(s, column).text;

    list->count = 0;
    list->line = s->row->line;
    list->column = s->columns[column];
    while (*at != '\0') {
        const size_t blanks = strspn(at, " \t"), length = strcspn(at + blanks, " \t");

        at += blanks;
        if (length == 0) break;
        if (list->count == SCORE_CODES_MAX) {
            wrong(s, column, "it has more than %u words", (unsigned)SCORE_CODES_MAX);
            return;
        }
        list->at[list->count++] = at;
        at += length;
        if (*at != '\0') *at++ = '\0';
    }
}

static void read_codes(const struct source *s, uint32_t column, struct score_codes *codes)
{
    struct match_word_list words;

    read_words(s, column, &words);
    codes->count = words.count;
    for (uint32_t i = 0; i < words.count; i++)
        codes->at[i] = code_of(s->book, words.at[i]);
}

static bool is_occupation(const char *text, uint32_t *code)
{
    const size_t digits = strspn(text, "0123456789");

    *code = score_occupation(text);
    return *code != 0 && digits <= 4 && text[digits] == '\0';
}

static uint32_t read_occupation(const struct source *s, uint32_t column, const char *text)
{
    uint32_t code = 0;

    if (!is_occupation(text, &code))
        wrong(s, column,
              "\"%.40s\" is not an occupation's code of two to four digits, such as 7233", text);
    return code;
}

static void read_occupations(const struct source *s, uint32_t column, struct score_codes *codes)
{
    struct match_word_list words;

    read_words(s, column, &words);
    codes->count = words.count;
    for (uint32_t i = 0; i < words.count; i++)
        codes->at[i] = read_occupation(s, column, words.at[i]);
}

static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const parts[] = {"morning", "afternoon", "evening"};

static bool is_time(const char *word, uint32_t *times)
{
    for (unsigned d = 0; d < 7; d++)
        for (unsigned p = 0; p < 3; p++) {
            char name[16];

            snprintf(name, sizeof name, "%s-%s", days[d], parts[p]);
            if (strcmp(word, name) != 0) continue;
            *times |= UINT32_C(1) << (3 * d + p);
            return true;
        }
    return false;
}

static uint32_t read_times(const struct source *s, uint32_t column)
{
    struct match_word_list words;
    uint32_t times = 0;

    read_words(s, column, &words);
    for (uint32_t i = 0; i < words.count; i++)
        if (!is_time(words.at[i], &times))
            wrong(s, column, "\"%.40s\" is not a time of the week, such as mon-evening",
                  words.at[i]);
    return times;
}

static int64_t read_number(const struct source *s, uint32_t column, int64_t low, int64_t high,
                           int64_t otherwise)
{
    const struct csv_cell c = cell(s, column);
    int64_t number = otherwise;

    if (c.length > 0 && !match_number(c.text, c.length, low, high, &number))
        wrong(s, column, "\"%.40s\" is not a whole number from %lld to %lld", c.text,
              (long long)low, (long long)high);
    return number;
}

static enum score_protection read_protection(const struct source *s, uint32_t column)
{
    static const char *const words[] = {"none", "marked", "confidential", "strictly"};
    const struct csv_cell c = cell(s, column);

    for (unsigned i = 0; i < 4; i++)
        if (strcmp(c.text, words[i]) == 0) return (enum score_protection)i;
    if (c.length > 0)
        wrong(s, column, "\"%.40s\" is none of none, marked, confidential, strictly", c.text);
    return SCORE_PROTECTION_NONE;
}

/* Ids stand in files that spreadsheets open: nothing that one would take for a formula. */
static const char *read_id(const struct source *s, uint32_t column)
{
    const struct csv_cell c = cell(s, column);

    if (c.length == 0)
        wrong(s, column, "it is empty, and everybody needs an id");
    else if (c.length > 64)
        wrong(s, column, "an id is at most 64 bytes long");
    else if (strchr("=+-@", c.text[0]) != NULL)
        wrong(s, column, "an id does not begin with %c", c.text[0]);
    else if (strpbrk(c.text, " \t\r\n|\"") != NULL)
        wrong(s, column, "an id has no blanks, quotes or bars in it");
    return c.text;
}

/* Columns. */

enum common_column {
    ID,
    CAPACITY,
    LANGUAGES,
    MUNICIPALITY,
    EASTING,
    NORTHING,
    OCCUPATION,
    AVAILABILITY,
    COMMON
};
enum mentor_column { TAKEN = COMMON, CLUB, NETWORKS, OFFERS, CLEARED_FOR, MENTOR_COLUMNS };
enum participant_column {
    WAITING_SINCE = COMMON,
    WISHES,
    PROTECTION,
    CONFLICTS,
    SUPERVISORS,
    FORMER_MENTORS,
    PARTICIPANT_COLUMNS
};

static const char *const mentor_columns[MENTOR_COLUMNS] = {
    "id",           "capacity", "languages", "municipality", "easting", "northing",   "occupation",
    "availability", "taken",    "club",      "networks",     "offers",  "cleared_for"};

static const char *const participant_columns[PARTICIPANT_COLUMNS] = {
    "id",         "capacity",   "languages",    "municipality",  "easting",
    "northing",   "occupation", "availability", "waiting_since", "wishes",
    "protection", "conflicts",  "supervisors",  "former_mentors"};

static void read_common(const struct source *s, struct match_person *p)
{
    p->id = read_id(s, ID);
    p->municipality = cell(s, MUNICIPALITY).text;
    p->club = "";
    p->known.municipality = code_of(s->book, p->municipality);
    read_codes(s, LANGUAGES, &p->known.languages);
    read_occupations(s, OCCUPATION, &p->known.occupations);
    p->known.times = read_times(s, AVAILABILITY);
    p->known.easting = (int32_t)read_number(s, EASTING, -10000000, 10000000, 0);
    p->known.northing = (int32_t)read_number(s, NORTHING, -10000000, 10000000, 0);
    p->known.has_place = cell(s, EASTING).length > 0 && cell(s, NORTHING).length > 0;
    if (!p->known.has_place && cell(s, EASTING).length + cell(s, NORTHING).length > 0)
        wrong(s, cell(s, EASTING).length > 0 ? EASTING : NORTHING,
              "easting and northing are given together or not at all");
}

static void read_mentor(const struct source *s, struct match_person *p)
{
    const uint32_t capacity = (uint32_t)read_number(s, CAPACITY, 0, 50, 1);
    const uint32_t taken = (uint32_t)read_number(s, TAKEN, 0, 50, 0);

    p->places = capacity > taken ? capacity - taken : 0;
    p->known.capacity = p->places;
    p->club = cell(s, CLUB).text;
    read_occupations(s, NETWORKS, &p->known.networks);
    read_codes(s, OFFERS, &p->known.wishes);
    p->known.protection = read_protection(s, CLEARED_FOR);
}

static void read_participant(const struct source *s, int64_t today, struct match_person *p)
{
    const struct csv_cell since = cell(s, WAITING_SINCE);
    struct date date = {today};

    p->places = (uint32_t)read_number(s, CAPACITY, 0, 16, 1);
    if (since.length > 0 && !date_read(since.text, since.length, &date))
        wrong(s, WAITING_SINCE, "\"%.40s\" is not a date such as 2026-11-22", since.text);
    else if (date.day > today)
        wrong(s, WAITING_SINCE, "%s is later than today", since.text);
    p->waiting_since = date.day;
    p->known.waiting_days = date.day > today ? 0 : (uint32_t)(today - date.day);
    read_codes(s, WISHES, &p->known.wishes);
    p->known.protection = read_protection(s, PROTECTION);
    read_words(s, CONFLICTS, &p->conflicts);
    read_words(s, SUPERVISORS, &p->supervisors);
    read_words(s, FORMER_MENTORS, &p->former);
}

/* Equal ids in the order of rows: the texts lie in the file as they stood in it. */
static int by_id(const void *left, const void *right)
{
    const struct match_person *a = left, *b = right;
    const int order = strcmp(a->id, b->id);

    if (order != 0) return order;
    return (uintptr_t)a->id < (uintptr_t)b->id ? -1 : (uintptr_t)a->id > (uintptr_t)b->id;
}

static bool check_ids(struct match_people *people, const uint32_t *columns)
{
    for (size_t i = 0; i < people->csv.row_count; i++) {
        const char *id = people->csv.rows[i].cells[columns[ID]].text;

        if (id[0] != '\0' && people->at[match_people_find(people, id)].id != id)
            csv_fault(&people->csv, people->csv.rows[i].line, columns[ID],
                      "there is another \"%.64s\" above", id);
    }
    return people->csv.fault_count == 0;
}

_Static_assert((int)MENTOR_COLUMNS <= (int)PARTICIPANT_COLUMNS, "room for either");

static bool load(const char *path, const char *const *names, uint32_t count,
                 struct match_book *book, int64_t today, struct match_people *people)
{
    uint32_t columns[PARTICIPANT_COLUMNS];
    const bool is_mentors = names == mentor_columns;
    struct error err;

    *people = (struct match_people){0};
    if (!csv_load(path, &people->csv, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    if (!csv_find_columns(&people->csv, names, count, is_mentors ? 2 : 1, columns)) return false;
    people->at = room(NULL, people->csv.row_count, sizeof *people->at);
    for (size_t i = 0; i < people->csv.row_count; i++) {
        const struct source s = {&people->csv, &people->csv.rows[i], columns, book};
        struct match_person *p = &people->at[people->count++];

        memset(p, 0, sizeof *p);
        read_common(&s, p);
        if (is_mentors)
            read_mentor(&s, p);
        else
            read_participant(&s, today, p);
    }
    if (people->count > 1) qsort(people->at, people->count, sizeof *people->at, by_id);
    return check_ids(people, columns);
}

bool match_mentors_load(const char *path, struct match_book *book, struct match_people *people)
{
    return load(path, mentor_columns, MENTOR_COLUMNS, book, 0, people);
}

bool match_participants_load(const char *path, struct match_book *book, int64_t today,
                             struct match_people *people)
{
    return load(path, participant_columns, PARTICIPANT_COLUMNS, book, today, people);
}

void match_people_free(struct match_people *people)
{
    free(people->at);
    csv_free(&people->csv);
}

uint32_t match_people_find(const struct match_people *people, const char *id)
{
    uint32_t low = 0, high = people->count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (strcmp(people->at[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < people->count && strcmp(people->at[low].id, id) == 0 ? low : people->count;
}
