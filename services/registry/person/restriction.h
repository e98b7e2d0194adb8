/* That what is known of somebody is kept, and not used (GDPR, article 18).
 *
 * They ask for it on a ground of article 18(1) and have an answer (asking.h): person.restrict, or a refusal that says why.
 * The programme's admin may also say so unasked. While it holds nothing new is done with what is known: nobody reads it but
 * they themselves, for legal claims or to protect another (article 18(2)); each service that knows them hears of it and lets
 * what has begun go on as it is. They are told seven days before it ends (article 18(3)), unless they end it themselves.
 */
#pragma once

#include "person/person.h"

enum { RESTRICTION_NOTICE_DAYS = 7 };

/* Whether it may be read for that, by somebody else, while it holds. */
bool person_is_left_for(enum person_purpose purpose);

bool person_ask_restriction_of(const struct person_case *c, const struct person_input *in,
                               struct person_events *out, struct error *err);
bool person_withdraw_restriction_of(const struct person_case *c, const struct person_input *in,
                                    struct person_events *out, struct error *err);
bool person_restrict_use_of(const struct person_case *c, enum person_ground ground,
                            const struct head *head, struct person_events *out, struct error *err);
bool person_refuse_restriction_of(const struct person_case *c,
                                  enum person_restriction_reason reason, struct person_events *out,
                                  struct error *err);
bool person_lift_restriction_of(const struct person_case *c, enum person_lifting_reason reason,
                                const struct head *head, struct person_events *out,
                                struct error *err);
bool person_remind_of_restriction(const struct person_case *c, const struct head *head,
                                  struct person_events *out, struct error *err);
bool person_end_restriction_of(const struct person_case *c, const struct head *head,
                               struct person_events *out, struct error *err);
