/* The form of a week's attendance: a row for each day, each of which is a command of its own. */
#pragma once

#include <stdbool.h>

#include "core/date.h"

struct call;

enum { DAYS_OF_WEEK = 7 };

/* What the fields of a row begin with: "days[0]". Constant, until the process ends. */
const char *day_book_row(unsigned day);

/* A day of the week that was asked for, in the address or by the form; false: none was. */
bool day_book_week(const struct call *call, struct date *day);

/* Say the rows that are filled in, one after the other. What is not taken is shown again, with why, and what was typed; what is taken
 * has a line of the day book, and no row any more. */
void day_book_say_week(struct call *call);

/* Back to the day book, in the week that the form is of. */
void day_book_return(struct call *call);
