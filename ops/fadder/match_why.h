/* Why: a page for people. */
#pragma once

#include "match.h"
#include "match_solve.h"
#include "match_words.h"

void match_why_write(const struct match_case *c, enum match_language language,
                     struct match_file *file);
