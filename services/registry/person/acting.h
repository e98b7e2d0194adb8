/* As what somebody acts who takes part: which role goes with which part, and on whose behalf. Pure: any thread may call. */
#pragma once

#include "contract/person.h"

/* Whether who has the part may act in the role; an admin is one of the coordinators. */
bool person_acts_as(enum actor_role role, enum person_part part);
/* NULL: they do not take part as that. One part goes with each role. Valid as long as the row. */
const struct person_role *person_part_for(const struct person *row, enum actor_role role);
/* For which organisation they take the part that goes with the role; who takes it for none in particular does for the one
 * that they belong to. NULL: for none, or they do not. Valid as long as the row. */
const struct id *person_acts_for(const struct person *row, enum actor_role role);
