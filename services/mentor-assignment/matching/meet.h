/* One active person served by one cheapest path, searched from both of its ends; inside the library. */
#pragma once

#include "matching/graph.h"

/* Take the path that serves one unit of an active person, or content the person without. The prices
 * are valid afterwards. */
void meet(struct matching *m, enum side_name name, uint32_t index);
