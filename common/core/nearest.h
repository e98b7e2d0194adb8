/* What somebody may have meant who wrote a name that there is not. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { NEAREST_NONE = 4 }; /* letters that are wrong: so many make it another name */

/* Whether `known` is what `said`, of so many bytes, may have been meant as, and nearer to it than
 * *least wrong letters, which then says how near. Begin with *least = NEAREST_NONE. */
bool nearest_is(const char *said, size_t size, const char *known, size_t *least);
