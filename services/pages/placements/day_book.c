/* A placement's day book: its lines week by week, a week's attendance in one form, and what its participant says of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/day.h"
#include "core/form.h"
#include "core/input.h"
#include "pages/day_book.h"
#include "placements/day_book.h"
#include "placements/placements.h"
#include "rows.h"

enum {
    PLACEMENT = 0,
    LINES = 1, /* to the last of them: a hundred in each */
    WEEKS_MAX = 60,
    LINES_MAX = 100,
    PATH_SIZE = 80,
    TEXT_SIZE = 400
};

/* What the page wants to know. */

static void ask(struct call *call)
{
    const struct placement *row = row_of(call, PLACEMENT, 0);
    const unsigned slot = call->step;

    if (slot == 0) ask_one(call, PLACEMENT, "placement", call->id, true);
    if (slot == LINES) {
        placement_ask_names(call, row, false);
        ask_list_of(call, LINES, "day", "placement", call->id);
    }
    if (slot > LINES && slot < CALL_ROWS && call->rows[slot - 1].has_more)
        ask_more_of(call, slot, slot - 1, "placement", call->id);
}

/* The next line, or NULL; where is the one before, at first {LINES, 0}. */
struct line_at {
    unsigned slot;
    size_t i;
};

static const struct day *next_line(const struct call *call, struct line_at *at)
{
    while (at->slot < CALL_ROWS) {
        if (at->i < rows_of(call, at->slot)) return row_of(call, at->slot, at->i++);
        at->slot++;
        at->i = 0;
    }
    return NULL;
}

static bool counts(const struct day *line)
{
    return line->state == DAY_STATE_LOGGED || line->state == DAY_STATE_AGREED ||
           line->state == DAY_STATE_DISPUTED;
}

/* Weeks. */

static struct date monday_of(struct date date)
{
    return (struct date){date.day -
                         (date.day + 3) % 7}; /* the first of January 1970 was a Thursday */
}

/* The last day that there can be a line of. */
static struct date last_day(const struct call *call, const struct placement *row)
{
    const struct date today = page_today(call);
    const struct date end = row->has_ended_on ? row->ended_on : row->until;

    return end.day < today.day ? end : today;
}

/* A participant begins with what they have not answered. */
static struct date first_unanswered(const struct call *call, struct date otherwise)
{
    struct line_at at = {LINES, 0};
    struct date found = {INT64_MAX};
    const struct day *line;

    while ((line = next_line(call, &at)) != NULL)
        if (line->state == DAY_STATE_LOGGED && line->on.day < found.day) found = line->on;
    return found.day == INT64_MAX ? otherwise : found;
}

static struct date chosen_week(const struct call *call, const struct placement *row)
{
    struct date day = last_day(call, row);

    if (!day_book_week(call, &day) && call->flight.who.role == ACTOR_ROLE_PARTICIPANT)
        day = first_unanswered(call, day);
    if (day.day > last_day(call, row).day) day = last_day(call, row);
    if (day.day < row->started_on.day) day = row->started_on;
    return monday_of(day);
}

/* What is shown. */

struct room {
    struct day_book_weeks weeks[WEEKS_MAX];
    char paths[WEEKS_MAX][PATH_SIZE];
    struct day_book_lines lines[LINES_MAX];
    struct show_option counted[LINES_MAX];
    char texts[LINES_MAX][TEXT_SIZE], ids[LINES_MAX][ID_TEXT_SIZE];
    struct day_book_rows rows[DAYS_OF_WEEK];
    struct show_option of_log[PLACEMENT_VOICES], of_strike[PLACEMENT_VOICES];
};

static void write_path(const struct call *call, struct date week, char path[PATH_SIZE])
{
    char id[ID_TEXT_SIZE], text[DATE_TEXT_SIZE];

    id_write(call->id, id);
    date_write(week, text);
    snprintf(path, PATH_SIZE, "/day-books/%s?week=%s", id, text);
}

static struct day_book_weeks week_of(const struct call *call, struct date week)
{
    struct day_book_weeks found = {.from = week};
    struct line_at at = {LINES, 0};
    const struct day *line;
    int64_t minutes = 0;

    while ((line = next_line(call, &at)) != NULL) {
        if (!counts(line) || monday_of(line->on).day != week.day) continue;
        minutes += line->minutes;
        found.unanswered += line->state == DAY_STATE_LOGGED;
    }
    found.hours = minutes / 60;
    found.rest = minutes % 60;
    return found;
}

/* The latest first. */
static void find_weeks(const struct call *call, const struct placement *row, struct date chosen,
                       struct room *room, struct day_book_view *view)
{
    const struct date first = monday_of(row->started_on);
    struct date week = monday_of(last_day(call, row));

    view->weeks.at = room->weeks;
    for (; week.day >= first.day && view->weeks.count < WEEKS_MAX; week.day -= 7) {
        const size_t i = view->weeks.count++;

        write_path(call, week, room->paths[i]);
        room->weeks[i] = week_of(call, week);
        room->weeks[i].path = room->paths[i];
        room->weeks[i].is_chosen = week.day == chosen.day;
    }
}

static enum words_key state_word(const struct day *line)
{
    switch (line->state) {
    case DAY_STATE_AGREED: return WORDS_PAGE_DAY_BOOK_AGREED;
    case DAY_STATE_DISPUTED: return WORDS_PAGE_DAY_BOOK_DISPUTED;
    case DAY_STATE_CORRECTED: return WORDS_PAGE_DAY_BOOK_CORRECTED;
    case DAY_STATE_STRUCK: return WORDS_PAGE_DAY_BOOK_STRUCK;
    case DAY_STATE_NONE:
    case DAY_STATE_LOGGED: break;
    }
    return WORDS_PAGE_DAY_BOOK_LOGGED;
}

/* What a line is called where one is chosen: its day, what, and how long. */
static void write_line(struct call *call, const struct day *line, char text[TEXT_SIZE])
{
    const struct shown shown = pages_show(call);
    char on[SHOW_TEXT_SIZE], what[SHOW_TEXT_SIZE];

    show_write_date(&shown, line->on, on);
    show_write_word(&shown, placement_activity_word(line->activity), what);
    snprintf(text, TEXT_SIZE, "%.150s, %.150s, %d:%02d", on, what, (int)(line->minutes / 60),
             (int)(line->minutes % 60));
}

static void add_options(struct call *call, const struct day *line, struct room *room, size_t i,
                        struct day_book_view *view)
{
    const struct show_option option = {room->ids[i], WORDS_KEYS, room->texts[i]};

    if (!counts(line)) return;
    id_write(line->id, room->ids[i]);
    write_line(call, line, room->texts[i]);
    room->counted[view->counted.count++] = option;
}

static struct day_book_lines show_line(const struct call *call, const struct day *line)
{
    return (struct day_book_lines){
        .id = line->id,
        .on = line->on,
        .activity = placement_activity_word(line->activity),
        .hours = line->minutes / 60,
        .rest = line->minutes % 60,
        .state = state_word(line),
        .may_agree = (line->state == DAY_STATE_LOGGED || line->state == DAY_STATE_DISPUTED) &&
                     may_do(call, PLACEMENT, "agree_day"),
        .may_dispute = (line->state == DAY_STATE_LOGGED || line->state == DAY_STATE_AGREED) &&
                       may_do(call, PLACEMENT, "dispute_day"),
        .may_strike = counts(line) && may_do(call, PLACEMENT, "strike_day"),
    };
}

static int by_day(const void *a, const void *b)
{
    const struct day_book_lines *left = a, *right = b;

    return left->on.day < right->on.day ? -1 : left->on.day > right->on.day;
}

static void find_lines(struct call *call, struct date week, struct room *room,
                       struct day_book_view *view)
{
    struct line_at at = {LINES, 0};
    const struct day *line;

    view->lines.at = room->lines;
    view->counted.at = room->counted;
    while ((line = next_line(call, &at)) != NULL && view->lines.count < LINES_MAX) {
        if (monday_of(line->on).day != week.day) continue;
        add_options(call, line, room, view->lines.count, view);
        room->lines[view->lines.count++] = show_line(call, line);
    }
    qsort(room->lines, view->lines.count, sizeof room->lines[0], by_day);
}

static bool has_line(const struct call *call, struct date day)
{
    struct line_at at = {LINES, 0};
    const struct day *line;

    while ((line = next_line(call, &at)) != NULL)
        if (line->on.day == day.day && counts(line)) return true;
    return false;
}

/* A row for each day of the week that has no line yet. */
static void find_rows(const struct call *call, const struct placement *row, struct date week,
                      struct room *room, struct day_book_view *view)
{
    view->rows.at = room->rows;
    if (!may_do(call, PLACEMENT, "log_day")) return;
    for (unsigned i = 0; i < DAYS_OF_WEEK; i++) {
        const struct date day = {week.day + i};

        if (day.day < row->started_on.day || day.day > last_day(call, row).day ||
            has_line(call, day))
            continue;
        room->rows[view->rows.count++] =
            (struct day_book_rows){.within = day_book_row(i), .on = day};
    }
}

static void find_records(const struct call *call, struct room *room, struct day_book_view *view)
{
    view->of_log = (struct show_options){placement_voices(call, PLACEMENT, "log_day", room->of_log),
                                         room->of_log};
    view->of_strike = (struct show_options){
        placement_voices(call, PLACEMENT, "strike_day", room->of_strike), room->of_strike};
    view->self_log = may_do(call, PLACEMENT, "log_day");
    view->offers_log = view->self_log || view->of_log.count > 0;
    view->offers_correct = view->offers_log && view->counted.count > 0;
    view->records_strike = view->of_strike.count > 0 && view->counted.count > 0;
    view->records_answer =
        view->counted.count > 0 && may_record(call, PLACEMENT, "agree_day", "participant");
}

static void show(struct call *call)
{
    const struct placement *row = row_of(call, PLACEMENT, 0);
    const struct called *called = name_of(call, row->participant);
    struct day_book_view view = {.id = row->id,
                                 .has_begun = row->has_started_on,
                                 .until = row->has_book_until ? row->book_until : (struct date){0},
                                 .activities = placement_activities,
                                 .told = act_tolds};
    struct room *room = calloc(1, sizeof *room);

    if (room == NULL) bug("out of memory");
    if (called != NULL && call->flight.who.role != ACTOR_ROLE_PARTICIPANT) view.who = called->name;
    if (row->has_started_on) {
        view.week = chosen_week(call, row);
        find_weeks(call, row, view.week, room, &view);
        find_lines(call, view.week, room, &view);
        find_rows(call, row, view.week, room, &view);
        find_records(call, room, &view);
    }
    view.has_more = call->rows[CALL_ROWS - 1].has_more;
    pages_answer(call, 200, WORDS_PAGE_DAY_BOOK_TITLE, day_book_show, &view);
    free(room);
}

/* What is done. */

static void on_answered(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;

    if (reply->is_accepted)
        day_book_return(call);
    else
        act_refuse(call, &reply->error);
}

/* A page has such a form for each line: their commands are told apart by the line. */
static unsigned place_of(const struct call *call)
{
    const char *text = form_value(call->form, "day");
    struct id day;

    if (text == NULL || !id_read(text, (uint32_t)strlen(text), &day)) return 1;
    return 1u + (unsigned)(day.bytes[13] << 16 | day.bytes[14] << 8 | day.bytes[15]);
}

static const struct page_post posts[] = {
    {"log_day", "placement.log_day"},
    {"correct_day", "placement.log_day"},
    {"strike_day", "placement.strike_day"},
    {"record_strike", "placement.strike_day"},
    {"agree_day", "placement.agree_day"},
    {"record_agree", "placement.agree_day"},
    {"dispute_day", "placement.dispute_day"},
    {"record_dispute", "placement.dispute_day"},
    {"week", "placement.log_day"},
    {NULL, NULL},
};

static void post(struct call *call)
{
    struct error err;

    if (strcmp(call->act, "week") == 0) {
        day_book_say_week(call);
        return;
    }
    placement_drop_behalf(call->form);
    if (!act_say_part(call, call->command, &call->id, call->form, place_of(call), on_answered,
                      &err))
        act_refuse(call, &err);
}

const struct page day_book_page = {.path = "/day-books/{id}",
                                   .roles = DAYS_SEEN_BY,
                                   .ask = ask,
                                   .show = show,
                                   .posts = posts,
                                   .post = post};
