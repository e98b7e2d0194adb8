/* Sheets become people: every cell is read by its column, and every fault is said with file, line and
 * column. */
#include "match/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "match/cells.h"
#include "match/columns.h"

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu people", count);
    return new;
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

static void read_place(const struct cells *s, struct match_person *p)
{
    p->known.easting = (int32_t)cells_number(s, EASTING, -10000000, 10000000, 0);
    p->known.northing = (int32_t)cells_number(s, NORTHING, -10000000, 10000000, 0);
    p->known.has_place = cells_at(s, EASTING).length > 0 && cells_at(s, NORTHING).length > 0;
    if (!p->known.has_place && cells_at(s, EASTING).length + cells_at(s, NORTHING).length > 0)
        cells_wrong(s, cells_at(s, EASTING).length > 0 ? EASTING : NORTHING,
                    "easting and northing are given together or not at all");
}

static void read_common(const struct cells *s, struct match_person *p)
{
    p->id = cells_id(s, ID);
    p->line = s->row->line;
    p->column = s->columns[ID];
    p->known.municipality = cells_municipality(s, MUNICIPALITY);
    p->municipality = book_word(s->book, p->known.municipality);
    p->club = "";
    cells_languages(s, LANGUAGES, &p->known.languages);
    cells_occupations(s, OCCUPATION, &p->known.occupations);
    p->known.times = cells_times(s, AVAILABILITY);
    read_place(s, p);
}

static void read_mentor(const struct cells *s, struct match_person *p)
{
    const uint32_t capacity = (uint32_t)cells_number(s, CAPACITY, 0, 50, 0);
    const uint32_t taken = (uint32_t)cells_number(s, TAKEN, 0, 50, 0);

    if (cells_at(s, CAPACITY).length == 0)
        cells_wrong(s, CAPACITY, "it is empty: a mentor has a number of places, 0 to 50");
    p->places = capacity > taken ? capacity - taken : 0;
    p->known.capacity = p->places;
    p->club = book_word(s->book, cells_club(s, CLUB));
    cells_occupations(s, NETWORKS, &p->known.networks);
    cells_wishes(s, OFFERS, &p->known.wishes);
    p->known.protection = cells_protection(s, CLEARED_FOR);
}

static void read_participant(const struct cells *s, int64_t today, struct match_person *p)
{
    const struct date since = cells_since(s, WAITING_SINCE, today);

    p->places = (uint32_t)cells_number(s, CAPACITY, 0, 16, 1);
    p->waiting_since = since.day;
    p->known.waiting_days = since.day > today ? 0 : (uint32_t)(today - since.day);
    cells_wishes(s, WISHES, &p->known.wishes);
    p->known.protection = cells_protection(s, PROTECTION);
    cells_words(s, CONFLICTS, &p->conflicts);
    cells_words(s, SUPERVISORS, &p->supervisors);
    cells_words(s, FORMER_MENTORS, &p->former);
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
    for (size_t i = 0; i < people->csv.sheet.row_count; i++) {
        const char *id = people->csv.sheet.rows[i].cells[columns[ID]].text;

        if (id[0] != '\0' && people->at[match_people_find(people, id)].id != id)
            csv_fault(&people->csv, people->csv.sheet.rows[i].line, columns[ID],
                      "there is another \"%.64s\" above", id);
    }
    return people->csv.fault_count == 0;
}

_Static_assert((int)MENTOR_COLUMNS <= (int)PARTICIPANT_COLUMNS, "room for either");

static bool load(const char *path, const char *const *names, uint32_t count, struct book *book,
                 int64_t today, struct match_people *people)
{
    uint32_t columns[PARTICIPANT_COLUMNS];
    const bool is_mentors = names == mentor_columns;
    struct error err;

    *people = (struct match_people){0};
    if (!csv_load(path, &people->csv, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    if (!columns_find(&people->csv, names, count, is_mentors ? 2 : 1, columns)) return false;
    people->at = room(NULL, people->csv.sheet.row_count, sizeof *people->at);
    for (size_t i = 0; i < people->csv.sheet.row_count; i++) {
        const struct cells s = {&people->csv, &people->csv.sheet.rows[i], columns, book,
                                is_mentors ? BOOK_MENTORS : BOOK_PARTICIPANTS};
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

bool match_mentors_load(const char *path, struct book *book, struct match_people *people)
{
    return load(path, mentor_columns, MENTOR_COLUMNS, book, 0, people);
}

bool match_participants_load(const char *path, struct book *book, int64_t today,
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
