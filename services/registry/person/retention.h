/* How long a person is known when nothing keeps them here any more: when their last part is over, or their referral is
 * closed and they take part as nothing else. The time is that of their country then (codes/retention.json). Some weeks before
 * it is over they and the coordinators are told, once: there is time to take part again, or to ask for a copy. */
#pragma once

#include "person/person.h"

/* Says that they are released, if what was said so far leaves nothing that keeps them. */
void person_release(const struct person_case *c, const struct head *head,
                    struct person_events *out);
/* Tells them; who was released before anybody was told has first to be given a day for it. */
bool person_announce_forgetting_of(const struct person_case *c, const struct head *head,
                                   struct person_events *out, struct error *err);
/* Whether their time is over; it is not while the use of what is known of them is restricted, for it may be needed yet. */
bool person_check_forgetting(const struct person *row, const struct head *head, struct error *err);
