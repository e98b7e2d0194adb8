/* What a person or a partner's system could send: a command's body as JSON text, made from its descriptor. Ordinary
 * values are such as are mostly accepted; of each field there are extremes besides.
 *
 * Chance comes of a seed (sim/world.h), and of each spot by itself: what one variant has where it is ordinary, every other
 * of the same seed has too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/common.h"
#include "core/date.h"
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
enum { VALUE_DAYS = 48 };

/* What an ordinary value is taken from. */
struct value_source {
    uint64_t seed;
    struct id (*id)(const struct field *field);
    bool (*number)(const struct field *field, int64_t *number); /* false: any */
    const char *programme;                                      /* its slug */
    enum country country;
    const void *like; /* a row: texts that it has too are the same; or NULL */
    const struct descriptor *like_of;
    const struct value_days { /* that it has to do with */
        size_t count;
        struct date at[VALUE_DAYS];
    } * days;
    size_t turn; /* 0, 1 …: another one of them */
};

/* All of a body's, numbered from 0: each extreme of each field, and each of all fields at once. */
size_t value_variants(const struct descriptor *body);
/* How many spots it has; and which variants are of one of them, or of SPOT_EVERYWHERE. */
int value_spots(const struct descriptor *body);
struct variants {
    size_t first, count;
} value_variants_of(const struct descriptor *body, int spot);
struct variant value_variant(const struct descriptor *body, size_t number);
/* Whether it is about one of the days that it has to do with. */
bool value_is_of_days(struct variant variant);
/* Its spot, said as it ordinarily is: what the variant stands in. */
struct variant value_base(struct variant variant);
/* "until: the calendar's last day"; static, until the next. */
const char *value_describe(const struct descriptor *body, struct variant variant);

/* Returns its size. */
size_t value_write(const struct descriptor *body, struct variant variant,
                   const struct value_source *source, char text[VALUE_ROOM]);
