/* Whether the prices of a matching prove that it is optimal. */
#pragma once

#include <stdint.h>

struct matching;

/* Checks loads and both blocks of arcs as well; fails the running test where something is wrong. */
void proof_check(const struct matching *m);

/* Let searches take other ways than they would with so few people: the same number, the same ways. */
void proof_vary(struct matching *m, uint32_t number);
