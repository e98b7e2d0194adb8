/* What is still needed until somebody can be referred, and what is done. */
#include "answer.h"
#include "beginning/beginning.h"
#include "beginning/needs.h"
#include "core/input.h"
#include "pages/beginning.h"

static void show(struct call *call)
{
    struct need needs[NEEDS_MAX];
    struct beginning_needs lines[NEEDS_MAX];
    const size_t count = needs_find(call, needs);
    struct beginning_view view = {.needs = {count, lines}, .all = (int64_t)count};

    for (size_t i = 0; i < count; i++) {
        lines[i] = (struct beginning_needs){.what = needs[i].what,
                                            .why = needs[i].why,
                                            .path = needs[i].path,
                                            .is_done = needs[i].is_done};
        view.done += needs[i].is_done;
    }
    view.is_all = view.done == view.all;
    pages_answer(call, 200, WORDS_PAGE_BEGINNING_TITLE, beginning_show, &view);
}

const struct page beginning_page = {
    .path = "/begin", .roles = ROLE_PA, .ask = needs_ask, .show = show};
