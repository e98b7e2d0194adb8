/* Searches through the residual graph that restore the optimum, inside the library. */
#pragma once

#include "matching/graph.h"

/* Serve the active among these persons of one side, until none of them is; nobody else becomes
 * active by it. The list is used up. */
void settle(struct matching *m, enum side_name name, uint32_t *active, uint32_t count);
