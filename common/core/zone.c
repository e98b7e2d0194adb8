#include "core/zone.h"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS, MARCH = 3, OCTOBER = 10 };

/* 01:00 UTC of a month's last Sunday; the month has 31 days. Day 0, of 1970, was a Thursday. */
static int64_t last_sunday_ms(int64_t year, int64_t month)
{
    const int64_t last = date_of(year, month, 31).day;

    return (last - (last + 4) % 7) * DAY_MS + HOUR_MS;
}

/* How far ahead of UTC. */
static int64_t ahead_ms(struct instant instant)
{
    const int64_t year = date_year(instant_date(instant));
    const bool is_summer =
        instant.ms >= last_sunday_ms(year, MARCH) && instant.ms < last_sunday_ms(year, OCTOBER);

    return is_summer ? 2 * HOUR_MS : HOUR_MS;
}

struct date zone_date(enum country country, struct instant instant)
{
    (void)country;
    return instant_date((struct instant){instant.ms + ahead_ms(instant)});
}

/* The time is changed at night, but not at midnight. */
struct instant zone_begin(enum country country, struct date date)
{
    const struct instant midnight = instant_add_days((struct instant){0}, date.day);

    (void)country;
    return (struct instant){midnight.ms - ahead_ms((struct instant){midnight.ms - 2 * HOUR_MS})};
}

struct instant zone_end(enum country country, struct instant from, int64_t days)
{
    return zone_begin(country, (struct date){zone_date(country, from).day + days + 1});
}

/* No clock is changed between then and midnight. */
static struct instant morning_of(enum country country, struct date day)
{
    const struct instant end = zone_begin(country, (struct date){day.day + 1});

    return (struct instant){end.ms - (24 - ZONE_MORNING) * (int64_t)HOUR_MS};
}

struct instant zone_next_morning(enum country country, struct instant from)
{
    const struct date day = zone_date(country, from);
    const struct instant morning = morning_of(country, day);

    return morning.ms >= from.ms ? morning : morning_of(country, (struct date){day.day + 1});
}

struct date zone_last_date(enum country country, struct instant end)
{
    return zone_date(country, (struct instant){end.ms - 1});
}

/* Before the change they are those since the day began, behind it those that are left of 24 hours. */
int64_t zone_minutes(enum country country, struct instant instant)
{
    enum { MINUTE_MS = 60000 };
    const struct date day = zone_date(country, instant);
    const struct instant begin = zone_begin(country, day),
                         end = zone_begin(country, (struct date){day.day + 1});
    const int64_t change_ms =
        end.ms - begin.ms < DAY_MS ? 2 * (int64_t)HOUR_MS : 3 * (int64_t)HOUR_MS;
    const int64_t since_ms = instant.ms - begin.ms;

    return (since_ms < change_ms ? since_ms : DAY_MS - (end.ms - instant.ms)) / MINUTE_MS;
}
