/* Where somebody can go from any page, by what they take part as. */
#pragma once

#include <stddef.h>

#include "pages/frame.h"

struct call;

enum { NAVIGATION_MAX = 12, NAVIGATION_ROLES_MAX = 16 };

/* How many. */
/* As what else who is signed in could go on. */
size_t navigation_roles(const struct call *call, struct frame_roles roles[NAVIGATION_ROLES_MAX]);
size_t navigation_find(const struct call *call, struct frame_links links[NAVIGATION_MAX]);
/* The other languages that pages speak. */
size_t navigation_languages(const struct call *call,
                            struct frame_languages languages[WORDS_LANGUAGES]);
