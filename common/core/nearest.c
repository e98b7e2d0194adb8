#include "core/nearest.h"

#include <string.h>

enum { LOOKED_AT = 48 }; /* names are no longer */

/* How many letters have to be put in, left out or exchanged (Levenshtein). */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t row[LOOKED_AT + 1];

    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t before = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            const size_t exchanged = before + (a[i - 1] != b[j - 1]);
            const size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;

            before = row[j];
            row[j] = exchanged < least ? exchanged : least;
        }
    }
    return row[b_size];
}

bool nearest_is(const char *said, size_t size, const char *known, size_t *least)
{
    const size_t known_size = strlen(known);
    size_t far;

    if (size > LOOKED_AT || known_size > LOOKED_AT) return false;
    far = distance(said, size, known, known_size);
    if (far >= *least || 2 * far >= known_size) return false; /* or any short word would do */
    *least = far;
    return true;
}
