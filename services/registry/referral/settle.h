/* What comes of a referral's mentorships and placements, and how that is said. */
#pragma once

#include "referral/referral.h"

/* One more event about the referral: whose it is has been said. It lives in out. */
struct referral_event *referral_say(const struct referral *row, enum referral_event_type type,
                                    struct referral_events *out);
void referral_say_waitlisted(const struct referral *row, bool had_begun,
                             struct referral_events *out);

/* Whether it is taken up again though all of that was completed: then none of it counts any more. */
bool referral_begins_anew(const struct referral_case *c, const struct referral_wants *wants);

/* Whether what had completed it is taken back, and nobody but a rule of ours had said so: it goes on. */
bool referral_goes_on(const struct referral_case *c, const struct referral_input *in);

/* Say what follows from the links for a referral that is in this state and wants that; and where it
 * is then. A kind that was completed counts as left: when another kind that is wanted has ended
 * early and has no successor, the referral waits for its coordinator. */
enum referral_state referral_settle(const struct referral_case *c, const struct referral_input *in,
                                    enum referral_state state, const struct referral_wants *wants,
                                    struct referral_events *out);
