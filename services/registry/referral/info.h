/* What is asked of an agency about a referral, and what of it has been given.
 *
 * What can be asked for is what the schema calls info; a set of them is a bit each. What is personal
 * is never looked at: that it was said is seen on the flags that are left of it.
 */
#pragma once

#include "referral/referral.h"

unsigned referral_info_in(const struct referral_asks *asks);
struct referral_asks referral_info_list(unsigned set);

/* What an update brings that turned one row into the other: what it says in another way than before,
 * and, as far as that is personal, what it says at all. */
unsigned referral_info_brought(const struct referral *before, const struct referral *after,
                               const struct referral_receive *said);

/* What give_info gives: what it names, and what it says itself. If that is nothing at all, everything
 * that is missing was given in another way. */
unsigned referral_info_given(const struct referral *row, const struct referral_input *in);

/* Say that this has been given, and what is still missing. */
void referral_say_given(const struct referral *row, unsigned given, struct referral_events *out);
