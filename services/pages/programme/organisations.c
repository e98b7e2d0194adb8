/* The organisations of a programme; a new one. */
#include "pages/organisations.h"
#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "programme/organising.h"
#include "rows.h"

enum { ORGANISATIONS = 0, LIST_MAX = 100 };

static void ask(struct call *call)
{
    if (call->step == 0) ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
}

static size_t find_lines(const struct call *call, struct organisations_rows lines[LIST_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, ORGANISATIONS) && count < LIST_MAX; i++) {
        const struct organisation *row = row_of(call, ORGANISATIONS, i);

        lines[count++] = (struct organisations_rows){
            .id = row->id,
            .name = row->name,
            .kind = organisation_kinds.at[row->kind].label,
            .what = organisation_says(row),
            .parent = row->has_parent ? organisation_name(call, ORGANISATIONS, row->parent) : NULL,
        };
    }
    return count;
}

static void show(struct call *call)
{
    struct organisations_rows lines[LIST_MAX];
    struct show_option parents[ORGANISATIONS_MAX], languages[WORDS_LANGUAGES];
    char ids[ORGANISATIONS_MAX][ID_TEXT_SIZE];
    const struct organisations_view view = {
        .rows = {find_lines(call, lines), lines},
        .kinds = organisation_kinds,
        .parents = {programme_organisations(call, ORGANISATIONS, parents, ids), parents},
        .languages = {programme_languages(languages), languages},
        .has_more = call->rows[ORGANISATIONS].has_more,
    };

    pages_answer(call, 200, WORDS_PAGE_ORGANISATIONS_TITLE, organisations_show, &view);
}

static void post(struct call *call)
{
    act_say(call, call->command, NULL, "/organisations/");
}

static const struct page_post posts[] = {
    {"", "organisation.create"},
    {NULL, NULL},
};

const struct page organisations_page = {
    .path = "/organisations",
    .roles = ROLE_PA,
    .form = "new",
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
