/* What is asked of an agency about a referral, and what of it has been given.
 *
 * What can be asked for is what the schema calls info; a set of them is a bit each. What is personal
 * is looked at only while the vault takes it: later it is seen on the flags that are left of it that it was said.
 */
#pragma once

#include "contract/person.h"
#include "referral/referral.h"

unsigned referral_info_in(const struct referral_asks *asks);
struct referral_asks referral_info_list(unsigned set);

/* What is new in what the vault has of who is referred: it was not there before, or was so in another way. The row is
 * the referral's of before. */
unsigned referral_info_sealed(const struct referral *row, const struct person_details *before,
                              const struct person_details *after);

/* What an update brings that turned one row into the other, and of what is sealed has brought that: what it repeats was
 * known when more was asked for, and gives nothing. */
unsigned referral_info_brought(const struct referral *before, const struct referral *after,
                               unsigned sealed);

/* What give_info gives: what it names, and what it says itself. If that is nothing at all, everything
 * that is missing was given in another way. */
unsigned referral_info_given(const struct referral *row, const struct referral_input *in);

/* Say that this has been given, and what is still missing. */
void referral_say_given(const struct referral *row, unsigned given, struct referral_events *out);
