/* Which column of a sheet is which. */
#pragma once

#include "match/csv.h"

/* The columns that are known, in the order of known, whatever their case; *at is where each stands,
 * or UINT32_MAX. An unknown, repeated or missing one (of the first `required`) is said. */
bool columns_find(struct csv *csv, const char *const *known, uint32_t count, uint32_t required,
                  uint32_t *at);
