/* How long a person is known when nothing keeps them here any more: when their last part is over, or their referral is
 * closed and they take part as nothing else. The time is that of their country then (codes/retention.json), or their
 * programme's own where that is shorter (kept_days). Some weeks before it is over they and the coordinators are told, once:
 * there is time to take part again, or to ask for a copy. Of a participant no more is known than who they are already
 * when the last question of what it led to has had its answer. */
#pragma once

#include "person/person.h"

/* Says that they are released, if what was said so far leaves nothing that keeps them. */
void person_release(const struct person_case *c, const struct head *head,
                    struct person_events *out);
/* The programme's days are others: so are those of who is released already, where that makes a difference. */
void person_keep_anew(const struct person_case *c, const struct head *head,
                      struct person_events *out);
/* Tells them; who was released before anybody was told has first to be given a day for it. */
bool person_announce_forgetting_of(const struct person_case *c, const struct head *head,
                                   struct person_events *out, struct error *err);
/* Whether their time is over; it is not while the use of what is known of them is restricted, for it may be needed yet. */
bool person_check_forgetting(const struct person *row, const struct head *head, struct error *err);
/* Drops what is known beyond who they are; what the vault keeps is in the head. */
bool person_thin_of(const struct person_case *c, const struct head *head, struct person_events *out,
                    struct error *err);

/* What of it is to be sealed by that. */
void person_conceal_thinning(const struct person_case *c, const struct person_input *in,
                             struct concealed *what);
