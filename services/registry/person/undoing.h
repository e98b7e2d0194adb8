/* That a part was ended by mistake.
 *
 * Within an hour who ended it can take that back, where nothing ended with it. The part comes back with the hands that it
 * had: who takes it back neither lets anybody in nor is forgotten as who did. That somebody is near protected people ends at the
 * word of one and begins at the word of two, so they come back uncleared, and where one of the programme's admins takes it
 * back it is asked anew that they be cleared.
 */
#pragma once

#include "person/person.h"

/* How the end that is said can be taken back, if it can. */
void person_may_undo(const struct person_case *c, const struct person_role *role,
                     const struct head *head, struct person_role_ended *said);
bool person_take_back(const struct person_case *c, const struct head *head,
                      struct person_events *out, struct error *err);
