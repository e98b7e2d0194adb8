/* A quick, nearly optimal start for the exact search, inside the library. */
#pragma once

#include "matching/graph.h"

/* Prices and pairs of a fresh graph by an auction, as if no term counted persons: what graph.h
 * says of prices holds afterwards with both bonuses zero, but for the active. */
void auction(struct matching *m);
