/* What a programme needs until somebody can be referred to it, by what is there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "words/words.h"

struct call;

enum { NEEDS_MAX = 12 };

struct need {
    enum words_key what, why; /* why: until it is done */
    const char *path;         /* where it is seen to; of the program's own life */
    bool is_done;
};

/* Ask for all of it, in two steps, into the call's rows. */
void needs_ask(struct call *call);
/* In the order in which one sees to them; how many. */
size_t needs_find(const struct call *call, struct need needs[NEEDS_MAX]);
