/* Why: a page for people. */
#pragma once

#include "match/match.h"
#include "match/solve.h"
#include "words/words.h"

void match_why_write(const struct match_case *c, enum language language, struct match_file *file);
