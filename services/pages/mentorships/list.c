/* The mentorships that somebody may see: a row for each, with the other's name where they may know it. */
#include <stdlib.h>

#include "answer.h"
#include "asking.h"
#include "core/input.h"
#include "csv.h"
#include "mentorships/mentorships.h"
#include "pages/mentorships.h"
#include "rows.h"

enum { LIST_MAX = 100 };

static void ask(struct call *call)
{
    const enum actor_role role = call->flight.who.role;

    if (call->step == 0) ask_list(call, 0, "mentorship", NULL, NULL);
    if (call->step != 1) return;
    for (size_t i = 0; i < rows_of(call, 0); i++) {
        const struct mentorship *row = row_of(call, 0, i);

        if (mentorship_is_open_to(row, role))
            ask_listed(call, mentorship_other(row, role), ask_purpose(role));
    }
}

static void show(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    struct mentorships_rows rows[LIST_MAX];
    struct mentorships_view view = {.rows = {0, rows}, .has_more = call->rows[0].has_more};

    for (size_t i = 0; i < rows_of(call, 0) && i < LIST_MAX; i++) {
        const struct mentorship *row = row_of(call, 0, i);
        const struct called *called = name_of(call, mentorship_other(row, role));

        rows[view.rows.count++] = (struct mentorships_rows){
            .id = row->id,
            .what = mentorship_says(row, role),
            .who = called == NULL ? NULL : called->name,
            .started = row->has_started_on ? row->started_on : (struct date){0},
            .meetings = row->meetings,
        };
    }
    pages_answer(call, 200, WORDS_PAGE_MENTORSHIPS_TITLE, mentorships_show, &view);
}

/* The same for a spreadsheet. */
static void show_file(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    struct csv csv = csv_begin(call);

    csv_word(&csv, WORDS_PAGE_MENTORSHIPS_WHO);
    csv_word(&csv, WORDS_PAGE_MENTORSHIPS_STATE);
    csv_word(&csv, WORDS_PAGE_MENTORSHIPS_SINCE);
    csv_word(&csv, WORDS_PAGE_MENTORSHIPS_MEETINGS);
    csv_end_row(&csv);
    for (size_t i = 0; i < rows_of(call, 0); i++) {
        const struct mentorship *row = row_of(call, 0, i);
        const struct called *called = name_of(call, mentorship_other(row, role));

        csv_text(&csv, called == NULL ? NULL : called->name);
        csv_word(&csv, mentorship_says(row, role));
        csv_date(&csv, row->has_started_on ? row->started_on : (struct date){0});
        csv_number(&csv, row->meetings);
        csv_end_row(&csv);
    }
    csv_answer(call, "mentorships.csv");
}

const struct page mentorships_file = {
    .path = "/mentorships.csv",
    .roles = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_CN,
    .ask = ask,
    .show = show_file,
};

const struct page mentorships_page = {
    .path = "/mentorships",
    .roles = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_CN,
    .ask = ask,
    .show = show,
};
