/* One optimum of many, inside the library. */
#pragma once

#include "matching/graph.h"

/* Turn an optimal solution with its prices into the one that matching_solve promises. */
void canon(struct matching *m);
