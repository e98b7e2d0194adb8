/* What somebody asks for themself and has an answer to: to be erased, or that what is known of them be not used.
 *
 * They have it within a month of having asked (GDPR, article 12(3)), which is counted from the day on which it was said,
 * also to who wrote it down for them.
 */
#pragma once

#include "person/person.h"

enum { ASKING_MONTHS = 1, ASKING_REMINDER_DAYS = 7 };

/* Since when they wait, by when they have an answer, and when the coordinators are reminded. */
struct asking {
    struct instant at, due, remind;
};

struct asking asking_begin(const struct head *head);

/* Whether it is their word, and was said, to who wrote it down, in the programme's time. */
bool asking_check(const struct person_case *c, const struct head *head, struct error *err);
/* And of what is taken back: not before it was said. */
bool asking_check_since(const struct person_case *c, const struct head *head, bool has,
                        struct instant said_at, struct error *err);
/* Whose word it was, how it was told and when. */
void asking_record(const struct person_case *c, const struct head *head, enum person_said what,
                   struct person_events *out);
