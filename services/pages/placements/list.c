/* The placements that somebody may see: a row for each, with who it is and where, as far as they may know it. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/posting.h"
#include "core/input.h"
#include "csv.h"
#include "pages/placements.h"
#include "placements/placements.h"
#include "rows.h"

enum {
    LIST_MAX = 100,
    PLACEMENTS = 0,
    HOSTS = 1,
    POSTINGS = 2,
    POSTINGS_END = CALL_ROWS,
    PLACE_SIZE = 2048
};

/* A participant is asked about few, and each is known to them by itself. */
static void ask_postings(struct call *call)
{
    const enum actor_role role = call->flight.who.role;

    if (role == ACTOR_ROLE_DECISION_MAKER) return;
    if (role != ACTOR_ROLE_PARTICIPANT) {
        ask_list(call, POSTINGS, "posting", NULL, NULL);
        return;
    }
    for (size_t i = 0; i < rows_of(call, PLACEMENTS) && POSTINGS + i < POSTINGS_END; i++) {
        const struct placement *row = row_of(call, PLACEMENTS, i);

        if (row->agreement) ask_one(call, POSTINGS + (unsigned)i, "posting", row->posting, false);
    }
}

static void ask(struct call *call)
{
    if (call->step == 0) ask_list(call, PLACEMENTS, "placement", NULL, NULL);
    if (call->step != 1) return;
    for (size_t i = 0; i < rows_of(call, PLACEMENTS); i++)
        placement_ask_names(call, row_of(call, PLACEMENTS, i), false);
    ask_list(call, HOSTS, "organisation", NULL, NULL);
    ask_postings(call);
}

static const struct posting *posting_of(const struct call *call, struct id id)
{
    for (unsigned slot = POSTINGS; slot < POSTINGS_END; slot++)
        for (size_t i = 0; i < rows_of(call, slot); i++) {
            const struct posting *row = row_of(call, slot, i);

            if (id_equal(row->id, id)) return row;
        }
    return NULL;
}

/* Each with what may be known of it; how many. */
static size_t find_rows(const struct call *call, struct placements_rows rows[LIST_MAX])
{
    const enum actor_role role = call->flight.who.role;
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, PLACEMENTS) && i < LIST_MAX; i++) {
        const struct placement *row = row_of(call, PLACEMENTS, i);
        const struct called *called = name_of(call, row->participant);
        const struct posting *posting = posting_of(call, row->posting);

        rows[count++] = (struct placements_rows){
            .id = row->id,
            .what = placement_says(row, role),
            .who = called == NULL ? NULL : called->name,
            .title = posting == NULL ? NULL : posting->details.title,
            .site = posting == NULL ? NULL : posting->details.site,
            .host = organisation_name(call, HOSTS, row->host),
            .from = row->from,
            .until = row->until,
        };
    }
    return count;
}

static void show(struct call *call)
{
    struct placements_rows rows[LIST_MAX];
    const struct placements_view view = {
        .rows = {find_rows(call, rows), rows},
        .has_more = call->rows[PLACEMENTS].has_more,
    };

    pages_answer(call, 200, WORDS_PAGE_PLACEMENTS_TITLE, placements_show, &view);
}

/* Where it is in one cell, as on the screen. */
static void add_place(struct csv *csv, const struct placements_rows *row)
{
    const char *const parts[] = {row->title, row->site, row->host};
    char text[PLACE_SIZE] = "";

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const size_t used = strlen(text);

        if (parts[i] != NULL)
            snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? ", " : "", parts[i]);
    }
    csv_text(csv, text);
}

/* The same for a spreadsheet. */
static void show_file(struct call *call)
{
    struct placements_rows rows[LIST_MAX];
    const size_t count = find_rows(call, rows);
    struct csv csv = csv_begin(call);

    csv_word(&csv, WORDS_PAGE_PLACEMENTS_WHO);
    csv_word(&csv, WORDS_PAGE_PLACEMENTS_STATE);
    csv_word(&csv, WORDS_PAGE_PLACEMENTS_WHERE);
    csv_word(&csv, WORDS_PAGE_PLACEMENT_FIRST_DAY);
    csv_word(&csv, WORDS_PAGE_PLACEMENT_LAST_DAY);
    csv_end_row(&csv);
    for (size_t i = 0; i < count; i++) {
        csv_text(&csv, rows[i].who);
        csv_word(&csv, rows[i].what);
        add_place(&csv, &rows[i]);
        csv_date(&csv, rows[i].from);
        csv_date(&csv, rows[i].until);
        csv_end_row(&csv);
    }
    csv_answer(call, "placements.csv");
}

const struct page placements_file = {
    .path = "/placements.csv", .roles = PLACEMENTS_SEEN_BY, .ask = ask, .show = show_file};

const struct page placements_page = {
    .path = "/placements", .roles = PLACEMENTS_SEEN_BY, .ask = ask, .show = show};
