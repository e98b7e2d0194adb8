/* A week's attendance, said day by day: each row is one line of the day book, and stands or falls by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "bus/peer.h"
#include "core/form.h"
#include "pages.h"
#include "placements/day_book.h"

enum { PATH_SIZE = 80, NAME_SIZE = 32, NUMBER_SIZE = 16, HOURS_DIGITS = 3 };

const char *day_book_row(unsigned day)
{
    static const char *const rows[DAYS_OF_WEEK] = {"days[0]", "days[1]", "days[2]", "days[3]",
                                                   "days[4]", "days[5]", "days[6]"};

    return rows[day];
}

/* Which week it is. */

static bool read_week(const char *text, struct date *week)
{
    return text != NULL && strlen(text) >= DATE_TEXT_SIZE - 1 &&
           date_read(text, DATE_TEXT_SIZE - 1, week);
}

bool day_book_week(const struct call *call, struct date *week)
{
    const char *at = strstr(call->request->query, "week=");

    if (call->form != NULL) return read_week(form_value(call->form, "_week"), week);
    return at != NULL && read_week(at + strlen("week="), week);
}

void day_book_return(struct call *call)
{
    char path[PATH_SIZE + sizeof call->act + 8], id[ID_TEXT_SIZE], text[DATE_TEXT_SIZE];
    struct date week;

    id_write(call->id, id);
    if (day_book_week(call, &week)) {
        date_write(week, text);
        snprintf(path, sizeof path, "/day-books/%s?done=%s&week=%s", id, call->act, text);
    } else {
        snprintf(path, sizeof path, "/day-books/%s?done=%s", id, call->act);
    }
    pages_redirect(call, path, NULL);
}

/* Rows. */

/* What was typed in the row that is said; "" where nothing was. */
static const char *typed(const struct call *call, const char *field)
{
    char name[NAME_SIZE];
    const char *value;

    snprintf(name, sizeof name, "%s.%s", day_book_row(call->part), field);
    value = form_value(call->form, name);
    return value == NULL ? "" : value;
}

static bool is_count(const char *text)
{
    const size_t size = strlen(text);

    return size <= HOURS_DIGITS && strspn(text, "0123456789") == size;
}

static void put(struct form *part, const char *name, const char *value)
{
    if (value[0] != '\0') part->at[part->count++] = (struct form_pair){name, value};
}

/* Hours and minutes as minutes. What is no number stays as it is: the command's own check says so. */
static void put_minutes(const struct call *call, struct form *part, char number[NUMBER_SIZE])
{
    const char *hours = typed(call, "hours"), *minutes = typed(call, "minutes");

    if (!is_count(hours) || !is_count(minutes)) {
        put(part, "minutes", is_count(hours) ? minutes : hours);
        return;
    }
    if (hours[0] == '\0' && minutes[0] == '\0') return;
    snprintf(number, NUMBER_SIZE, "%d", 60 * atoi(hours) + atoi(minutes));
    put(part, "minutes", number);
}

static bool is_filled_in(const struct call *call)
{
    return typed(call, "activity")[0] != '\0' || typed(call, "hours")[0] != '\0' ||
           typed(call, "minutes")[0] != '\0';
}

/* What was not taken, at the field of the row that it is about; or at its first, where it is about none. */
static void note_fault(struct call *call, const char *field, const char *what)
{
    const bool is_minutes = strcmp(field, "minutes") == 0;
    char name[NAME_SIZE];

    snprintf(name, sizeof name, "%s.%s", day_book_row(call->part),
             is_minutes ? "minutes" : "activity");
    error_add_fault(&call->error, name, what);
}

static void note(struct call *call, const struct error *err)
{
    if (!call->is_refused)
        error_set(&call->error, ERROR_INVALID, "invalid", "Some days were not taken.");
    call->is_refused = true;
    for (uint32_t i = 0; i < err->fault_count; i++)
        note_fault(call, err->faults[i].field, err->faults[i].what);
    if (err->fault_count == 0) note_fault(call, "", err->text);
}

static void say_rest(struct call *call);

static void on_answered(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;

    if (!reply->is_accepted) note(call, &reply->error);
    call->part++;
    say_rest(call);
}

/* False: it could not be said, and why is noted. */
static bool say_row(struct call *call)
{
    struct form *part = calloc(1, sizeof *part);
    char number[NUMBER_SIZE];
    struct error err;
    bool is_said;

    if (part == NULL) bug("out of memory");
    put(part, "on", typed(call, "on"));
    put(part, "activity", typed(call, "activity"));
    put_minutes(call, part, number);
    call->flight = (struct flight){.who = call->flight.who};
    is_said =
        act_say_part(call, "placement.log_day", &call->id, part, 1 + call->part, on_answered, &err);
    free(part);
    if (!is_said) note(call, &err);
    return is_said;
}

/* Until one is on its way, or all have been said. */
static void say_rest(struct call *call)
{
    for (; call->part < DAYS_OF_WEEK; call->part++)
        if (is_filled_in(call) && say_row(call)) return;
    if (call->is_refused)
        call->pages->go_on(call);
    else
        day_book_return(call);
}

void day_book_say_week(struct call *call)
{
    call->part = 0;
    say_rest(call);
}
