/* What a person or a partner's system could send: a command's body as JSON text, made from its descriptor. Ordinary
 * values are such as are mostly accepted; of each field there are extremes besides.
 *
 * Chance comes of the world (sim/world.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/common.h"
#include "core/descriptor.h"
#include "core/id.h"

enum { VALUE_ROOM = 1 << 18 };

/* Where in a body, and which extreme stands there. Spots are numbered through the body, objects and lists first,
 * then what is in them; of a list its first element is meant. */
struct variant {
    int spot; /* or one of these: */
    unsigned extreme;
};
enum { SPOT_NOWHERE = -1, SPOT_EVERYWHERE = -2, SPOT_HERE_AND_THERE = -3 };

/* What an ordinary value is taken from. */
struct value_source {
    struct id (*id)(const struct field *field);
    const char *programme; /* its slug */
    enum country country;
    const void *like; /* a row: texts that it has too are the same; or NULL */
    const struct descriptor *like_of;
};

/* All of a body's, numbered from 0: each extreme of each field, and each of all fields at once. */
size_t value_variants(const struct descriptor *body);
struct variant value_variant(const struct descriptor *body, size_t number);
/* "until: the calendar's last day"; static, until the next. */
const char *value_describe(const struct descriptor *body, struct variant variant);

/* Returns its size. */
size_t value_write(const struct descriptor *body, struct variant variant,
                   const struct value_source *source, char text[VALUE_ROOM]);
