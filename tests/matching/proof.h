/* Whether the prices of a matching prove that it is optimal. */
#pragma once

#include <stdbool.h>

struct matching;

/* Checks loads and both blocks of arcs as well; fails the running test where something is wrong. */
void proof_check(const struct matching *m);
