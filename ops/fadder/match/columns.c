/* Columns by their names: as people write these, and with the one that was perhaps meant. */
#include "match/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "letters/letters.h"

enum { NAME_SIZE = 48, LIST_SIZE = 512 };

/* As people write it, "Waiting since", and as it is known. False: so long is none. */
static bool name_of(const char *text, char name[NAME_SIZE])
{
    char *folded = letters_fold(text);
    const size_t length = strlen(folded);

    for (char *c = folded; *c != '\0'; c++)
        if (*c == ' ' || *c == '-') *c = '_';
    if (length < NAME_SIZE) memcpy(name, folded, length + 1);
    free(folded);
    return length < NAME_SIZE;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* How many letters have to be put in, left out or changed (Levenshtein). */
static uint32_t distance(const char *a, const char *b)
{
    const uint32_t length = (uint32_t)strlen(b);
    uint32_t row[NAME_SIZE];

    for (uint32_t k = 0; k <= length; k++)
        row[k] = k;
    for (; *a != '\0'; a++) {
        uint32_t aslant = row[0]++;

        for (uint32_t k = 1; k <= length; k++) {
            const uint32_t changed = aslant + (*a != b[k - 1]);

            aslant = row[k];
            row[k] = least(changed, 1 + least(row[k], row[k - 1]));
        }
    }
    return row[length];
}

/* What people here call them otherwise, in Swedish and Norwegian: suggested, not taken for granted. */
static const char *const other_names[][2] = {
    {"antal", "capacity"},
    {"erbjuder", "offers"},
    {"handledare", "supervisors"},
    {"jäv", "conflicts"},
    {"kapacitet", "capacity"},
    {"kapasitet", "capacity"},
    {"klubb", "club"},
    {"kommun", "municipality"},
    {"kommune", "municipality"},
    {"nettverk", "networks"},
    {"nätverk", "networks"},
    {"opptatt", "taken"},
    {"platser", "capacity"},
    {"plasser", "capacity"},
    {"skydd", "protection"},
    {"språk", "languages"},
    {"tider", "availability"},
    {"tidigare_mentorer", "former_mentors"},
    {"tidligere_mentorer", "former_mentors"},
    {"tilbyr", "offers"},
    {"upptagna", "taken"},
    {"veileder", "supervisors"},
    {"venter_siden", "waiting_since"},
    {"väntar_sedan", "waiting_since"},
    {"yrke", "occupation"},
    {"ønsker", "wishes"},
    {"önskemål", "wishes"},
};

static bool is_known(const char *name, const char *const *known, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++)
        if (strcmp(known[k], name) == 0) return true;
    return false;
}

static const char *translated(const char *name, const char *const *known, uint32_t count)
{
    for (size_t i = 0; i < sizeof other_names / sizeof other_names[0]; i++)
        if (strcmp(other_names[i][0], name) == 0 && is_known(other_names[i][1], known, count))
            return other_names[i][1];
    return NULL;
}

static const char *nearest(const char *name, const char *const *known, uint32_t count)
{
    const char *found = translated(name, known, count);
    uint32_t best = 3; /* letters: more is another word */

    if (found != NULL) return found;
    for (uint32_t k = 0; k < count; k++) {
        const uint32_t letters = distance(name, known[k]);

        if (letters < best && letters < strlen(known[k])) {
            best = letters;
            found = known[k];
        }
    }
    return found;
}

static void say_unknown(struct csv *csv, uint32_t column, const char *near)
{
    if (near != NULL)
        csv_fault(csv, csv->sheet.head_line, column,
                  "this column is not known here; perhaps it is \"%s\"", near);
    else
        csv_fault(csv, csv->sheet.head_line, column, "this column is not known here; leave it out");
}

static void say_known(struct csv *csv, const char *const *known, uint32_t count)
{
    char list[LIST_SIZE];
    size_t used = 0;

    for (uint32_t k = 0; k < count && used < sizeof list; k++)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", k == 0 ? "" : ", ", known[k]);
    csv_fault(csv, csv->sheet.head_line, UINT32_MAX, "the columns that are known here are %s",
              list);
}

/* False: there is none of that name. */
static bool find_column(struct csv *csv, uint32_t column, const char *const *known, uint32_t count,
                        uint32_t *at)
{
    char name[NAME_SIZE];
    const bool is_short = name_of(csv->sheet.columns[column].text, name);
    uint32_t k = 0;

    while (k < count && (!is_short || strcmp(known[k], name) != 0))
        k++;
    if (k == count)
        say_unknown(csv, column, is_short ? nearest(name, known, count) : NULL);
    else if (at[k] != UINT32_MAX)
        csv_fault(csv, csv->sheet.head_line, column, "this column is there twice");
    else
        at[k] = column;
    return k < count;
}

bool columns_find(struct csv *csv, const char *const *known, uint32_t count, uint32_t required,
                  uint32_t *at)
{
    const size_t before = csv->fault_count;
    bool are_known = true;

    for (uint32_t k = 0; k < count; k++)
        at[k] = UINT32_MAX;
    for (uint32_t i = 0; i < csv->sheet.column_count; i++)
        if (csv->sheet.columns[i].length > 0) are_known &= find_column(csv, i, known, count, at);
    if (!are_known) say_known(csv, known, count);
    for (uint32_t k = 0; k < required; k++)
        if (at[k] == UINT32_MAX)
            csv_fault(csv, csv->sheet.head_line, UINT32_MAX, "there is no column \"%s\"", known[k]);
    return csv->fault_count == before;
}
