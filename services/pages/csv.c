/* Lists for spreadsheets. */
#include "csv.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "core/zone.h"
#include "front/out.h"
#include "pages.h"

struct csv csv_begin(struct call *call)
{
    struct out *out = &call->pages->out;

    out_clear(out);
    out_add(out, "\xEF\xBB\xBF", 3);
    return (struct csv){
        .out = out, .language = call->language, .country = call->flight.who.country};
}

static bool is_formula(const char *text)
{
    return text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL;
}

void csv_text(struct csv *csv, const char *text)
{
    if (csv->has_cell) out_add(csv->out, ",", 1);
    csv->has_cell = true;
    out_add(csv->out, "\"", 1);
    if (text != NULL && is_formula(text)) out_add(csv->out, "'", 1);
    for (; text != NULL && *text != '\0'; text++)
        out_add(csv->out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    out_add(csv->out, "\"", 1);
}

void csv_word(struct csv *csv, enum words_key key)
{
    csv_text(csv, key == WORDS_KEYS ? NULL : words_plain(csv->language, key));
}

void csv_number(struct csv *csv, int64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)number);
    csv_text(csv, text);
}

void csv_date(struct csv *csv, struct date date)
{
    char text[DATE_TEXT_SIZE];

    date_write(date, text);
    csv_text(csv, date.day == 0 ? NULL : text);
}

void csv_day(struct csv *csv, struct instant instant)
{
    csv_date(csv, zone_date(csv->country, instant));
}

void csv_end_row(struct csv *csv)
{
    out_add(csv->out, "\r\n", 2);
    csv->has_cell = false;
}

void csv_answer(struct call *call, const char *name)
{
    pages_file(call, "text/csv; charset=utf-8", name);
}
