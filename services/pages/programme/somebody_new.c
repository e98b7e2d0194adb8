/* Somebody new, and perhaps at once as what they take part. */
#include "pages/somebody_new.h"
#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "core/input.h"
#include "programme/organising.h"
#include "rows.h"

enum { ORGANISATIONS = 0 };

static void ask(struct call *call)
{
    if (call->step == 0) ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
}

static void show(struct call *call)
{
    struct show_option organisations[ORGANISATIONS_MAX], languages[WORDS_LANGUAGES];
    char ids[ORGANISATIONS_MAX][ID_TEXT_SIZE];
    const struct somebody_new_view view = {
        .organisations = {programme_organisations(call, ORGANISATIONS, organisations, ids),
                          organisations},
        .languages = {programme_languages(languages), languages},
        .parts = programme_parts,
        .protections = programme_protections,
        .open = protection_words[PROTECTION_NONE],
    };

    pages_answer(call, 200, WORDS_PAGE_PEOPLE_ADD, somebody_new_show, &view);
}

static void post(struct call *call)
{
    act_say(call, call->command, NULL, "/people/");
}

static const struct page_post posts[] = {
    {"", "person.register"},
    {NULL, NULL},
};

const struct page somebody_new_page = {
    .path = "/people/new",
    .roles = ROLE_PA,
    .form = "new",
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
