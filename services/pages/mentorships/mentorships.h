/* Mentorships: those that somebody may see, and one of them. */
#pragma once

#include "contract/mentorship.h"
#include "pages.h"

extern const struct page mentorships_page, mentorships_file, mentorship_page;

/* Whom who looks at it has it with; for whoever is neither, the participant. */
struct id mentorship_other(const struct mentorship *row, enum actor_role role);
/* How it stands, for who looks at it. */
enum words_key mentorship_says(const struct mentorship *row, enum actor_role role);
/* Whether who looks at it has to do something for it to go on. */
bool mentorship_waits_for(const struct mentorship *row, enum actor_role role);
/* Whether it has one of its mentor's places. */
bool mentorship_has_place(const struct mentorship *row);
/* Whether both have said that they keep to themselves what they learn: from then on they know each other by name. */
bool mentorship_is_open_to(const struct mentorship *row, enum actor_role role);
