/* Which day it is where a programme is: Europe/Stockholm, Europe/Oslo.
 *
 * Both have Central European Time: an hour ahead of UTC, and two from 01:00 UTC of March's last Sunday until
 * 01:00 UTC of October's. Directive 2000/84/EC, in force without an end; lag (1979:977) and förordning (2001:127) om
 * sommartid; lov om fastsettelse av normaltid (LOV-1894-06-29-1). Moments before 1996, when the end of summer was
 * moved, are told by the same rule.
 */
#pragma once

#include "contract/common.h"
#include "core/date.h"
#include "core/instant.h"

/* The day that it is there. */
struct date zone_date(enum country country, struct instant instant);

/* What clocks show there, in minutes after midnight; an hour of autumn's is shown twice, and one of spring's is not. */
int64_t zone_minutes(enum country country, struct instant instant);
/* When that day begins there: what is told as a date holds until the next one does. */
struct instant zone_begin(enum country country, struct date date);

/* When what has to be done within so many days is late: as the day after the last of them begins. */
struct instant zone_end(enum country country, struct instant from, int64_t days);

/* The next time that clocks there show this hour; from itself, if they do. */
enum { ZONE_MORNING = 7 };
struct instant zone_next_morning(enum country country, struct instant from);

/* The last day of what ends then, as people are told it. */
struct date zone_last_date(enum country country, struct instant end);
