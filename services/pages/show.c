/* Values as they stand in a page, each by what it is. */
#include "show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/form.h"
#include "core/text.h"
#include "core/zone.h"
#include "front/html.h"
#include "front/out.h"
#include "words/said.h"

enum {
    MARK_BEGIN = 2,
    MARK_END = 3,
    VALUES_MAX = 8
}; /* around a value in words; no text holds them */

void show_raw(struct shown *shown, const char *html, size_t size)
{
    out_add(shown->out, html, size);
}

/* Text. */

void show_text_plain(struct shown *shown, const char *text)
{
    if (text != NULL) html_text(shown->out, text);
}

void show_text(struct shown *shown, const char *text)
{
    if (text == NULL) return;
    out_format(shown->out, "<bdi>");
    html_text(shown->out, text);
    out_format(shown->out, "</bdi>");
}

void show_url(struct shown *shown, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@+";

    for (const unsigned char *at = (const unsigned char *)text; at != NULL && *at != 0; at++)
        if (strchr(plain, *at) != NULL)
            out_add(shown->out, (const char *)at, 1);
        else
            out_format(shown->out, "%%%02X", *at);
}

/* Anything else would lead elsewhere. */
void show_path(struct shown *shown, const char *path)
{
    if (path[0] != '/' || path[1] == '/') bug("pages: %s is no path", path);
    html_text(shown->out, path);
}

void show_number(struct shown *shown, int64_t number)
{
    out_format(shown->out, "%" PRId64, number);
}

void show_id(struct shown *shown, struct id id)
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    out_add(shown->out, text, strlen(text));
}

/* Words. */

void show_write_word(const struct shown *shown, enum words_key key, char text[SHOW_TEXT_SIZE])
{
    struct words_room room = words_begin(text, SHOW_TEXT_SIZE);

    if (key != WORDS_KEYS) words_say(&room, shown->language, key, NULL);
}

void show_word_plain(struct shown *shown, enum words_key key)
{
    char text[SHOW_TEXT_SIZE];

    show_write_word(shown, key, text);
    html_text(shown->out, text);
}

/* Around what is said in another language than the page: which one. */
static bool begin_other(struct shown *shown, enum words_key key)
{
    const enum language said = words_said_in(shown->language, key);

    if (said == shown->language) return false;
    out_format(shown->out, "<span lang=\"%s\" dir=\"%s\">", show_language(said),
               show_direction(said));
    return true;
}

void show_word(struct shown *shown, enum words_key key)
{
    const bool is_other = key != WORDS_KEYS && begin_other(shown, key);

    show_word_plain(shown, key);
    if (is_other) out_format(shown->out, "</span>");
}

void show_words_plain(struct shown *shown, enum words_key key, const struct words_value *values)
{
    char text[2 * SHOW_TEXT_SIZE];
    struct words_room room = words_begin(text, sizeof text);

    words_say(&room, shown->language, key, values);
    html_text(shown->out, text);
}

/* The value between marks; those that it holds itself are none. */
static void mark(const char *value, char text[SHOW_TEXT_SIZE])
{
    size_t used = 1;

    text[0] = MARK_BEGIN;
    text_copy(text + 1, SHOW_TEXT_SIZE - 2, value);
    for (; text[used] != '\0'; used++)
        if (text[used] == MARK_BEGIN || text[used] == MARK_END) text[used] = ' ';
    text[used] = MARK_END;
    text[used + 1] = '\0';
}

/* Text whose marks become tags: a name keeps its own direction within a sentence. */
static void add_marked(struct shown *shown, char *text)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, "\x02\x03");
        const char what = text[size];

        text[size] = '\0';
        html_text(shown->out, text);
        if (what == '\0') return;
        out_format(shown->out, what == MARK_BEGIN ? "<bdi>" : "</bdi>");
        text += size + 1;
    }
}

void show_words(struct shown *shown, enum words_key key, const struct words_value *values)
{
    char text[4 * SHOW_TEXT_SIZE], marked[VALUES_MAX][SHOW_TEXT_SIZE];
    struct words_value with[VALUES_MAX + 1];
    struct words_room room = words_begin(text, sizeof text);
    size_t count = 0;
    bool is_other;

    for (; values != NULL && values[count].name != NULL && count < VALUES_MAX; count++) {
        with[count] = values[count];
        if (!with[count].is_text || with[count].text == NULL) continue;
        mark(with[count].text, marked[count]);
        with[count].text = marked[count];
    }
    with[count] = (struct words_value){.name = NULL};
    words_say(&room, shown->language, key, with);
    is_other = begin_other(shown, key);
    add_marked(shown, text);
    if (is_other) out_format(shown->out, "</span>");
}

void show_english(struct shown *shown, const char *english)
{
    out_format(shown->out, "<span lang=\"en\" dir=\"ltr\">");
    html_text(shown->out, english);
    out_format(shown->out, "</span>");
}

void show_said(struct shown *shown, const char *english)
{
    static const char before[] = {MARK_BEGIN, '\0'}, after[] = {MARK_END, '\0'},
                      marks[] = {MARK_BEGIN, MARK_END, '\0'};
    char text[SHOW_TEXT_SIZE];
    struct words_room room = words_begin(text, sizeof text);

    if (english == NULL) return;
    if (strpbrk(english, marks) == NULL &&
        words_say_english(&room, shown->language, english, before, after)) {
        add_marked(shown, text);
        return;
    }
    show_english(shown, english);
}

/* Days and hours. */

static const enum words_key weekdays[] = {
    WORDS_DATE_MONDAY, WORDS_DATE_TUESDAY,  WORDS_DATE_WEDNESDAY, WORDS_DATE_THURSDAY,
    WORDS_DATE_FRIDAY, WORDS_DATE_SATURDAY, WORDS_DATE_SUNDAY};
static const enum words_key months[] = {
    WORDS_DATE_JANUARY,   WORDS_DATE_FEBRUARY, WORDS_DATE_MARCH,    WORDS_DATE_APRIL,
    WORDS_DATE_MAY,       WORDS_DATE_JUNE,     WORDS_DATE_JULY,     WORDS_DATE_AUGUST,
    WORDS_DATE_SEPTEMBER, WORDS_DATE_OCTOBER,  WORDS_DATE_NOVEMBER, WORDS_DATE_DECEMBER};

void show_write_date(const struct shown *shown, struct date date, char text[SHOW_TEXT_SIZE])
{
    struct words_room room = words_begin(text, SHOW_TEXT_SIZE);
    char iso[DATE_TEXT_SIZE], weekday[SHOW_TEXT_SIZE], month[SHOW_TEXT_SIZE];
    int year, number, day;

    date_write(date, iso);
    if (sscanf(iso, "%d-%d-%d", &year, &number, &day) != 3) return;
    /* 1970-01-01 was a Thursday */
    show_write_word(shown, weekdays[((date.day + 3) % 7 + 7) % 7], weekday);
    show_write_word(shown, months[number - 1], month);
    words_say(&room, shown->language, WORDS_DATE_LONG,
              WORDS(words_text("weekday", weekday), words_number("day", day),
                    words_text("month", month), words_number("year", year)));
}

void show_date_plain(struct shown *shown, struct date date)
{
    char text[SHOW_TEXT_SIZE];

    show_write_date(shown, date, text);
    html_text(shown->out, text);
}

void show_iso_date(struct shown *shown, struct date date)
{
    char text[DATE_TEXT_SIZE];

    date_write(date, text);
    out_add(shown->out, text, strlen(text));
}

void show_date(struct shown *shown, struct date date)
{
    out_format(shown->out, "<time datetime=\"");
    show_iso_date(shown, date);
    out_format(shown->out, "\">");
    show_date_plain(shown, date);
    out_format(shown->out, "</time>");
}

void show_write_instant(const struct shown *shown, struct instant at, char text[SHOW_TEXT_SIZE])
{
    const struct date day = zone_date(shown->country, at);
    const int64_t minutes = zone_minutes(shown->country, at);
    struct words_room room = words_begin(text, SHOW_TEXT_SIZE);
    char date[SHOW_TEXT_SIZE], time[8];

    show_write_date(shown, day, date);
    snprintf(time, sizeof time, "%02d:%02d", (int)(minutes / 60 % 24), (int)(minutes % 60));
    words_say(&room, shown->language, WORDS_DATE_HOUR,
              WORDS(words_text("date", date), words_text("time", time)));
}

void show_instant_plain(struct shown *shown, struct instant at)
{
    char text[SHOW_TEXT_SIZE];

    show_write_instant(shown, at, text);
    html_text(shown->out, text);
}

void show_iso_instant(struct shown *shown, struct instant at)
{
    char text[INSTANT_TEXT_SIZE];

    instant_write(at, text);
    out_add(shown->out, text, strlen(text));
}

void show_instant(struct shown *shown, struct instant at)
{
    out_format(shown->out, "<time datetime=\"");
    show_iso_instant(shown, at);
    out_format(shown->out, "\">");
    show_instant_plain(shown, at);
    out_format(shown->out, "</time>");
}

const char *show_language(enum language language)
{
    return language_words[language];
}

const char *show_own_name(enum language language)
{
    return words_plain(language, WORDS_LANGUAGE_NAME);
}

const char *show_direction(enum language language)
{
    return words_direction(language);
}
