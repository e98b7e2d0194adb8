/* Days of the calendar, without a time or a zone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct date {
    int64_t day; /* since 1970-01-01 */
};

/* A day of which perhaps only the month or the year is known: from the first that it may have been to the last. */
struct partial_date {
    int64_t first, last; /* the same; or a month's, or a year's */
};

enum { DATE_TEXT_SIZE = 11, INSTANT_TEXT_SIZE = 25 }; /* with the NUL */

struct instant;

/* "2026-11-22", ISO 8601; years 0001 to 9999. date_read takes exactly that, size bytes. */
void date_write(struct date date, char text[DATE_TEXT_SIZE]);
bool date_read(const char *text, uint32_t size, struct date *date);

/* "1987-05-17", "1987-05" or "1987". partial_date_is: whether it is one of the three, as a sum that somebody sent
 * need not be; partial_date_write takes only what is. */
bool partial_date_is(struct partial_date date);
void partial_date_write(struct partial_date date, char text[DATE_TEXT_SIZE]);
bool partial_date_read(const char *text, uint32_t size, struct partial_date *date);

/* "2026-11-22T10:00:00.000Z". instant_read takes RFC 3339 section 5.6: any offset, T and Z in
 * either case, a fraction of any length (digits past the third are dropped), leap second refused. */
void instant_write(struct instant instant, char text[INSTANT_TEXT_SIZE]);
bool instant_read(const char *text, uint32_t size, struct instant *instant);

/* The day on which an instant falls, in UTC. */
struct date instant_date(struct instant instant);

/* Years 1 to 9999; month and day have to be there. */
struct date date_of(int64_t year, int64_t month, int64_t day);
int64_t date_year(struct date date);

/* The same day so many years later, or earlier; 28 February where there is no 29th. Not past the calendar's ends. */
struct date date_add_years(struct date date, int64_t years);

/* The same day so many months later, or earlier; the month's last where it has none so late. Not past the calendar's ends. */
struct date date_add_months(struct date date, int64_t months);
