/* What else is told of somebody (what their agency calls them, where they are, what they speak and can do) goes into the vault when they come
 * under protection, and comes out of it when they no longer are. Pure. */
#pragma once

#include "person/person.h"

/* Decide it: what the vault takes is in the head, what it gives in the command. */
bool person_put_away(const struct person_case *c, const struct head *head,
                     struct person_events *out, struct error *err);
bool person_bring_back(const struct person_case *c, const struct person_show *ask,
                       const struct head *head, struct person_events *out, struct error *err);

/* What of it is to be sealed, or comes out, by a command about somebody who is there already. */
void person_conceal_kept(const struct person_case *c, const struct person_input *in,
                         struct concealed *what);
/* What a part says of a mentor is to be sealed with their details. */
void person_keep_offered(const struct person_grant_role *ask, struct person_details *details);
