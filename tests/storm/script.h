/* Where a storm sets out from: a programme with everybody in it, made by the commands that make one. From there the search
 * gets everywhere. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/common.h"
#include "core/id.h"
#include "storm/value.h"

/* Said so many times at once, by somebody of that role; then the next. What came of it has a name: of several, by
 * number. Every one is to be accepted. */
struct line {
    const char *key; /* "mentor" */
    unsigned times;
    const char *say, *about; /* a command, and the key of whom it is about; NULL: a creation */
    enum actor_role role;
    const char *actor; /* a key; "participant": whose it is; NULL: nobody in particular */
    const char *
        body; /* @key is its id, @+7 the day in a week, @# a number of its own, @* the programme's */
};
extern const struct line script[];
extern const size_t script_count;

/* From the beginning: nothing has come of any line. */
void script_begin(void);
void script_keep(const struct line *line, unsigned number, struct id id);
struct id script_id(const char *key, unsigned number);
/* Its body, as text; returns the size. */
size_t script_write(const struct line *line, unsigned number, char text[VALUE_ROOM]);
