/* What one person asks for and another confirms: that somebody is cleared for people under protection, and that somebody
 * is hidden less.
 *
 * Until it is confirmed nothing changes. Who asked never answers, whatever they show: it is the person that counts and not
 * the token. Nor does anybody confirm by whose hands the one who asked could, or who could by theirs, or both by somebody
 * else's (hands/hands.h): a token that one admin makes for another is no second person. What an agency's system asked for the programme's admin answers alone, since who told it so may be the very
 * counsellor who would. The operator's word (sys) holds at once. Each record has one such question of either kind at a
 * time; it lapses after CONFIRMATION_DAYS, and goes when what it asks for has become another thing (evolve.c).
 */
#pragma once

#include "person/person.h"

enum { CONFIRMATION_DAYS = 14 };

/* That they be cleared in this part; person: their id, who may be about to be registered. */
bool person_may_ask_clearance(const struct person_case *c, const struct head *head,
                              struct error *err);
void person_say_clearance_asked(const struct person_case *c, struct id person,
                                enum person_part part, const struct head *head,
                                struct person_events *out);
bool person_confirm_clearance_of(const struct person_case *c, const struct head *head,
                                 struct person_events *out, struct error *err);
bool person_refuse_clearance_of(const struct person_case *c, const struct head *head,
                                enum person_no_reason reason, struct person_events *out,
                                struct error *err);
bool person_withdraw_clearance_of(const struct person_case *c, const struct head *head,
                                  struct person_events *out, struct error *err);
bool person_lapse_clearance_of(const struct person_case *c, const struct head *head,
                               struct person_events *out, struct error *err);

/* That they be hidden less; by: who asks. */
bool person_may_ask_lowering(const struct person_case *c, const struct head *head,
                             struct error *err);
void person_say_lowering_asked(const struct person_case *c, enum protection to,
                               const struct actor *by, const struct head *head,
                               struct person_events *out);
bool person_confirm_lowering_of(const struct person_case *c, const struct head *head,
                                struct person_events *out, struct error *err);
bool person_refuse_lowering_of(const struct person_case *c, const struct head *head,
                               enum person_no_reason reason, struct person_events *out,
                               struct error *err);
bool person_withdraw_lowering_of(const struct person_case *c, const struct head *head,
                                 struct person_events *out, struct error *err);
bool person_lapse_lowering_of(const struct person_case *c, const struct head *head,
                              struct person_events *out, struct error *err);
