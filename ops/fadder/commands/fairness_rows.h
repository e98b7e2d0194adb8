/* What the fairness report is made of, from the rows of a running system. */
#pragma once

#include "ask/ask.h"
#include "match/fair.h"

struct fairness_rows;

/* Ask for everything of a programme: its rules, municipalities, clubs, mentors, participants and
 * mentorships. NULL: somebody did not answer, or the programme does not match anybody.
 * They live until fairness_rows_free. */
struct fairness_rows *fairness_rows_read(const struct ask_for *scope, int64_t now_ms,
                                         struct error *err);

/* The page, once: everybody who waits, and those whose first offer came in the last days; and what
 * one more place would change. It points into the rows. False: the numbers do not fit the objective. */
bool fairness_rows_page(struct fairness_rows *rows, int64_t last_days, struct fair_page *page,
                        struct error *err);

void fairness_rows_free(struct fairness_rows *rows);
