/* That somebody wants to be erased, and what becomes of it.
 *
 * They have a right to be (GDPR, article 17) and to an answer (asking.h): person.erase, or a refusal that says why
 * (articles 12(4) and 17(3)).
 */
#pragma once

#include "person/person.h"

bool person_ask_to_be_erased(const struct person_case *c, const struct person_input *in,
                             struct person_events *out, struct error *err);
bool person_withdraw_erasure_of(const struct person_case *c, const struct person_input *in,
                                struct person_events *out, struct error *err);
bool person_refuse_erasure_of(const struct person_case *c, enum person_erasure_reason reason,
                              struct person_events *out, struct error *err);
bool person_remind_of_erasure(const struct person_case *c, const struct head *head,
                              struct person_events *out, struct error *err);
