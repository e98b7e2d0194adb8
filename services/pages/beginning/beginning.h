/* The first run: from the operator's link to a programme that can take its first referral. */
#pragma once

#include "pages.h"

/* begin_page: whoever has the operator's link sets up the programme and themself, once. beginning_page: what is still needed then. */
extern const struct page begin_page, beginning_page;
