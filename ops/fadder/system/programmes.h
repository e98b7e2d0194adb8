/* Whether the programmes that are open can work with whom they have: who admits, who takes over protected people, who confirms
 * what takes two, who watches over the data. */
#pragma once

#include <stdbool.h>

struct error;

/* Says of each programme what is missing. *is_well is false where that stops it; what only makes it depend on the operator is a
 * hint. False: the registry does not tell. */
bool programmes_check(bool *is_well, struct error *err);
