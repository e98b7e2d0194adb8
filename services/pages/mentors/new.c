/* Somebody new who is a mentor. */
#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "core/input.h"
#include "mentors/mentors.h"
#include "pages/mentor_new.h"

enum { ORGANISATIONS = 0 };

static const struct show_option schemes[] = {
    {"ssyk", WORDS_PAGE_SCHEME_SSYK, NULL},
    {"styrk", WORDS_PAGE_SCHEME_STYRK, NULL},
    {"isco", WORDS_PAGE_SCHEME_ISCO, NULL},
};

static void ask(struct call *call)
{
    if (call->step == 0) ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
}

static void show(struct call *call)
{
    struct show_option organisations[MENTORS_ORGANISATIONS_MAX], languages[WORDS_LANGUAGES];
    char ids[MENTORS_ORGANISATIONS_MAX][ID_TEXT_SIZE], own[ID_TEXT_SIZE];
    const struct mentor_new_view view = {
        .organisations = {mentors_organisations(call, ORGANISATIONS, organisations, ids),
                          organisations},
        .own = call->flight.who.has_organisation ? own : NULL,
        .languages_options = {WORDS_LANGUAGES, languages},
        .schemes = {sizeof schemes / sizeof schemes[0], schemes},
    };

    id_write(call->flight.who.organisation, own);
    mentors_languages(languages);
    pages_answer(call, 200, WORDS_PAGE_MENTORS_ADD, mentor_new_show, &view);
}

/* Mentors are told of to their service, which may not have heard yet when the page is shown: so on to all of them. */
static void post(struct call *call)
{
    act_say(call, call->command, NULL, "/mentors");
}

static const struct page_post posts[] = {
    {"", "person.register"},
    {NULL, NULL},
};

const struct page mentor_new_page = {
    .path = "/mentors/new",
    .roles = ROLE_CO,
    .form = "new",
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
