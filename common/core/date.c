/* The proleptic Gregorian calendar by counting days in eras of 400 years, and texts as RFC 3339 has
 * them. */
#include "core/date.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/instant.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };
enum { DAY_FIRST = -719162, DAY_LAST = 2932896 }; /* 0001-01-01 and 9999-12-31 */

/* The calendar, by counting years from March, so that the leap day is a year's last: Howard
 * Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days. */

struct civil {
    int64_t year, month, day;
};

static int64_t day_of(struct civil c)
{
    const int64_t year = c.year - (c.month <= 2);
    const int64_t era = year / 400, of_era = year - era * 400; /* no year is negative here */
    const int64_t of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct civil civil_of(int64_t day)
{
    const int64_t from_march = day + 719468, era = from_march / 146097; /* nor here */
    const int64_t of_era = from_march - era * 146097;
    const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153;
    struct civil c = {.month = month < 10 ? month + 3 : month - 9,
                      .day = of_year - (153 * month + 2) / 5 + 1};

    c.year = year + era * 400 + (c.month <= 2);
    return c;
}

/* width digits. */
static void write_number(char *text, int width, int64_t number)
{
    while (width-- > 0) {
        text[width] = (char)('0' + number % 10);
        number /= 10;
    }
}

static bool read_number(const char *text, int width, int64_t *number)
{
    *number = 0;
    for (int i = 0; i < width; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *number = 10 * *number + (text[i] - '0');
    }
    return true;
}

void date_write(struct date date, char text[DATE_TEXT_SIZE])
{
    struct civil c;

    assert(date.day >= DAY_FIRST && date.day <= DAY_LAST);
    c = civil_of(date.day);
    write_number(text, 4, c.year);
    text[4] = text[7] = '-';
    write_number(text + 5, 2, c.month);
    write_number(text + 8, 2, c.day);
    text[10] = '\0';
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t month_days(int64_t year, int64_t month)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_read(const char *text, uint32_t size, struct date *date)
{
    struct civil c;

    if (size != DATE_TEXT_SIZE - 1 || text[4] != '-' || text[7] != '-') return false;
    if (!read_number(text, 4, &c.year) || !read_number(text + 5, 2, &c.month) ||
        !read_number(text + 8, 2, &c.day))
        return false;
    if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1) return false;
    if (c.day > month_days(c.year, c.month)) return false;
    date->day = day_of(c);
    return true;
}

/* How many characters of a day's text say it. */
enum { SAYS_YEAR = 4, SAYS_MONTH = 7, SAYS_DAY = 10 };

/* The last day that begins with as much of the first one's text. */
static int64_t last_of(int64_t first, uint32_t says)
{
    const struct civil c = civil_of(first);

    if (says == SAYS_DAY) return first;
    if (says == SAYS_YEAR) return day_of((struct civil){c.year, 12, 31});
    return day_of((struct civil){c.year, c.month, month_days(c.year, c.month)});
}

/* 0: neither day, month nor year. */
static uint32_t says_of(struct partial_date date)
{
    struct civil c;

    if (date.first < DAY_FIRST || date.first > DAY_LAST) return 0;
    if (date.first == date.last) return SAYS_DAY;
    c = civil_of(date.first);
    if (c.day == 1 && date.last == last_of(date.first, SAYS_MONTH)) return SAYS_MONTH;
    if (c.day == 1 && c.month == 1 && date.last == last_of(date.first, SAYS_YEAR)) return SAYS_YEAR;
    return 0;
}

bool partial_date_is(struct partial_date date)
{
    return says_of(date) != 0;
}

void partial_date_write(struct partial_date date, char text[DATE_TEXT_SIZE])
{
    assert(partial_date_is(date));
    date_write((struct date){date.first}, text);
    text[says_of(date)] = '\0';
}

bool partial_date_read(const char *text, uint32_t size, struct partial_date *date)
{
    char first[] = "0000-01-01";
    struct date day;

    if (size != SAYS_YEAR && size != SAYS_MONTH && size != SAYS_DAY) return false;
    memcpy(first, text, size);
    if (!date_read(first, SAYS_DAY, &day)) return false;
    *date = (struct partial_date){day.day, last_of(day.day, size)};
    return true;
}

struct date instant_date(struct instant instant)
{
    return (struct date){(instant.ms - (instant.ms < 0 ? DAY_MS - 1 : 0)) / DAY_MS};
}

struct date date_of(int64_t year, int64_t month, int64_t day)
{
    return (struct date){day_of((struct civil){year, month, day})};
}

int64_t date_year(struct date date)
{
    return civil_of(date.day).year;
}

struct date date_add_years(struct date date, int64_t years)
{
    struct civil c = civil_of(date.day);

    c.year += years;
    if (c.year < 1) return (struct date){DAY_FIRST};
    if (c.year > 9999) return (struct date){DAY_LAST};
    if (c.month == 2 && c.day == 29 && !is_leap(c.year)) c.day = 28;
    return (struct date){day_of(c)};
}

struct date date_add_months(struct date date, int64_t months)
{
    struct civil c = civil_of(date.day);
    const int64_t month = 12 * c.year + c.month - 1 + months;

    c.year = month / 12;
    if (month < 12) return (struct date){DAY_FIRST};
    if (c.year > 9999) return (struct date){DAY_LAST};
    c.month = month % 12 + 1;
    if (c.day > month_days(c.year, c.month)) c.day = month_days(c.year, c.month);
    return (struct date){day_of(c)};
}

void instant_write(struct instant instant, char text[INSTANT_TEXT_SIZE])
{
    const struct date date = instant_date(instant);
    const int64_t ms = instant.ms - date.day * DAY_MS;

    date_write(date, text);
    text[10] = 'T';
    write_number(text + 11, 2, ms / 3600000);
    text[13] = text[16] = ':';
    write_number(text + 14, 2, ms / 60000 % 60);
    write_number(text + 17, 2, ms / 1000 % 60);
    text[19] = '.';
    write_number(text + 20, 3, ms % 1000);
    text[23] = 'Z';
    text[24] = '\0';
}

/* "10:00:00", as milliseconds. */
static bool read_time(const char *text, int64_t *ms)
{
    int64_t hour, minute, second;

    if (text[2] != ':' || text[5] != ':' || !read_number(text, 2, &hour) ||
        !read_number(text + 3, 2, &minute) || !read_number(text + 6, 2, &second))
        return false;
    *ms = ((hour * 60 + minute) * 60 + second) * 1000;
    return hour < 24 && minute < 60 && second < 60;
}

/* ".25" and so on, if there is one. A point without digits is none. */
static bool read_fraction(const char **text, const char *end, int64_t *ms)
{
    int64_t worth = 100;
    const char *at = *text;

    if (at == end || *at != '.') return true;
    for (at++; at < end && *at >= '0' && *at <= '9'; at++, worth /= 10)
        *ms += worth * (*at - '0');
    if (at == *text + 1) return false;
    *text = at;
    return true;
}

/* "Z" or "+01:00", as milliseconds to the east. */
static bool read_offset(const char *text, size_t size, int64_t *ms)
{
    int64_t hour, minute;

    *ms = 0;
    if (size == 1) return *text == 'Z' || *text == 'z';
    if (size != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
        !read_number(text + 1, 2, &hour) || !read_number(text + 4, 2, &minute))
        return false;
    *ms = (hour * 60 + minute) * (text[0] == '-' ? -60000 : 60000);
    return hour < 24 && minute < 60;
}

bool instant_read(const char *text, uint32_t size, struct instant *instant)
{
    const char *at = text + 19, *end = text + size;
    int64_t ms, offset;
    struct date date;

    if (size < 20 || (text[10] != 'T' && text[10] != 't')) return false;
    if (!date_read(text, 10, &date) || !read_time(text + 11, &ms)) return false;
    if (!read_fraction(&at, end, &ms) || !read_offset(at, (size_t)(end - at), &offset))
        return false;
    instant->ms = date.day * DAY_MS + ms - offset;
    return true;
}
