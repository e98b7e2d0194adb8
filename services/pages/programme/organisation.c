/* One organisation: what it is, whether mails reach it, its end and the way back. */
#include <stdio.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "core/input.h"
#include "naming.h"
#include "pages/organisation.h"
#include "programme/organising.h"
#include "rows.h"

enum { SLOT = 0, PARENT = 1 };

static void ask(struct call *call)
{
    if (call->step == 0) ask_one(call, SLOT, "organisation", call->id, true);
    if (call->step == 1) {
        const struct organisation *row = row_of(call, SLOT, 0);

        if (row->has_parent) ask_one(call, PARENT, "organisation", row->parent, false);
    }
}

static void show(struct call *call)
{
    const struct organisation *row = row_of(call, SLOT, 0);
    struct show_option languages[WORDS_LANGUAGES];
    const struct organisation_view view = {
        .id = row->id,
        .name = row->name,
        .lead = organisation_says(row),
        .kind = organisation_kinds.at[row->kind].label,
        .parent = row->has_parent ? organisation_name(call, PARENT, row->parent) : NULL,
        .municipality = row->has_municipality ? name_municipality(call, row->municipality) : NULL,
        .language = show_language(row->language),
        .unreached = row->has_unreached_since ? row->unreached_since : (struct instant){0},
        .may_change = may_do(call, SLOT, "change"),
        .may_close = may_do(call, SLOT, "close"),
        .may_undo = may_do(call, SLOT, "undo") && row->has_undo &&
                    step_is_mine(call, row->undo.by, row->undo.until),
        .languages = {programme_languages(languages), languages},
        .reasons = organisation_reasons,
    };

    pages_answer(call, 200, WORDS_PAGE_ORGANISATION_TITLE, organisation_show, &view);
}

/* The mailbox is a change of its own: which one it is so far is not shown, and what is left empty would take it away. */
static void post(struct call *call)
{
    char then[CALL_THEN_SIZE], id[ID_TEXT_SIZE];

    id_write(call->id, id);
    snprintf(then, sizeof then, "/organisations/%s", id);
    act_say(call, call->command, &call->id, then);
}

static const char *const acts[] = {"change", "close", "undo", NULL};

static const struct page_post posts[] = {
    {"change_mailbox", "organisation.change"},
    {NULL, NULL},
};

const struct page organisation_page = {
    .path = "/organisations/{id}",
    .roles = ROLE_PA,
    .record = "organisation",
    .acts = acts,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
