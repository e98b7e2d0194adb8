/* The agencies' systems that send a programme what they have to say; a new one. */
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "pages/partners.h"
#include "programme/programme.h"
#include "rows.h"

enum { PARTNERS = 0, ORGANISATIONS = 1, LIST_MAX = 100 };

static void ask(struct call *call)
{
    if (call->step > 0) return;
    ask_list(call, PARTNERS, "partner", NULL, NULL);
    ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
}

static size_t find_lines(const struct call *call, struct partners_rows lines[LIST_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, PARTNERS) && count < LIST_MAX; i++) {
        const struct partner *row = row_of(call, PARTNERS, i);

        lines[count++] = (struct partners_rows){
            .id = row->id,
            .name = row->name,
            .organisation = row->has_organisation
                                ? organisation_name(call, ORGANISATIONS, row->organisation)
                                : NULL,
            .what = partner_says(row),
        };
    }
    return count;
}

static void show(struct call *call)
{
    struct partners_rows lines[LIST_MAX];
    struct show_option organisations[ORGANISATIONS_MAX];
    char ids[ORGANISATIONS_MAX][ID_TEXT_SIZE];
    const struct partners_view view = {
        .rows = {find_lines(call, lines), lines},
        .organisations = {programme_organisations(call, ORGANISATIONS, organisations, ids),
                          organisations},
        .has_more = call->rows[PARTNERS].has_more,
    };

    pages_answer(call, 200, WORDS_PAGE_PARTNERS_TITLE, partners_show, &view);
}

static void on_created(void *cookie, const struct reply *reply)
{
    static const struct once once = {
        .title = WORDS_PAGE_PARTNERS_ADDED,
        .lead = WORDS_PAGE_PARTNER_SECRET_LEAD,
        .path = "/partners/",
        .next = WORDS_PAGE_PARTNER_NEXT,
        .has_hook = true,
    };

    once_answer(cookie, reply, &once);
}

static void post(struct call *call)
{
    struct error err;

    if (!act_say_part(call, call->command, NULL, call->form, 0, on_created, &err))
        act_refuse(call, &err);
}

static const struct page_post posts[] = {
    {"create", "partner.create"},
    {NULL, NULL},
};

const struct page partners_page = {
    .path = "/partners",
    .roles = ROLE_PA,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
