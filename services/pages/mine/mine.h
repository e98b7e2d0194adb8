/* What is known of oneself: contact, who has read it, devices, and being forgotten. */
#pragma once

#include "pages.h"

extern const struct page me_page;
