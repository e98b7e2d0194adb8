/* What is said to everybody, also to who is not signed in. */
#pragma once

#include "pages.h"

extern const struct page accessibility_page;
