/* What somebody consents to, and no more (GDPR, articles 6(1)(a) and 7).
 *
 * Most of what is known rests on other grounds (PRIVACY.md). Two things rest on consent alone: what they hope for, in their own
 * words (goals), and what a match goes by of wishes and time (wishes). They are kept for who may yet be asked, and used only while
 * consent to that is on record here: what an agency says of consent is to taking part. Once it is withdrawn they are gone, and
 * none are taken until it is given anew. It is given and withdrawn by one step each, by themself or written down for them.
 */
#pragma once

#include "person/person.h"

/* What they said last about it; NULL: nothing. Valid as long as the row. */
const struct person_consent *person_consent_to(const struct person *row,
                                               enum person_consent_purpose purpose);
bool person_has_withdrawn(const struct person *row, enum person_consent_purpose purpose);

/* Of what a reading opens, what is not for who reads, as bits of fields: what somebody hopes for is theirs alone to read until
 * they consent to it. */
uint64_t person_withholds(const struct person_case *c, const struct person_input *in);

/* Whether what was just sealed of them has goals in it: what a command said of that nobody sees any more. */
bool person_seals_goals(const struct head *head);

bool person_give_consent_of(const struct person_case *c, const struct person_input *in,
                            struct person_events *out, struct error *err);
bool person_withdraw_consent_of(const struct person_case *c, const struct person_input *in,
                                struct person_events *out, struct error *err);
