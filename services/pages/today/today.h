/* What somebody comes for: what waits for them, oldest first, and what goes on. */
#pragma once

#include "pages.h"

extern const struct page today_page;
