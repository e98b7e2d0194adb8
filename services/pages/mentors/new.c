/* Somebody new who is a mentor. */
#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "mentors/mentors.h"
#include "pages/mentor_new.h"
#include "rows.h"

enum { ORGANISATIONS = 0, LIST_MAX = 100 };

static const struct show_option schemes[] = {
    {"ssyk", WORDS_PAGE_SCHEME_SSYK, NULL},
    {"styrk", WORDS_PAGE_SCHEME_STYRK, NULL},
    {"isco", WORDS_PAGE_SCHEME_ISCO, NULL},
};

static void ask(struct call *call)
{
    if (call->step == 0) ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
}

/* What mentors come from. */
static size_t find_organisations(const struct call *call, struct show_option options[LIST_MAX],
                                 char ids[LIST_MAX][ID_TEXT_SIZE])
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, ORGANISATIONS) && count < LIST_MAX; i++) {
        const struct organisation *row = row_of(call, ORGANISATIONS, i);

        if (row->state != ORGANISATION_STATE_OPEN || row->kind == ORGANISATION_KIND_AGENCY)
            continue;
        id_write(row->id, ids[count]);
        options[count] = (struct show_option){ids[count], WORDS_KEYS, row->name};
        count++;
    }
    return count;
}

static void show(struct call *call)
{
    struct show_option organisations[LIST_MAX], languages[WORDS_LANGUAGES];
    char ids[LIST_MAX][ID_TEXT_SIZE], own[ID_TEXT_SIZE];
    const struct mentor_new_view view = {
        .organisations = {find_organisations(call, organisations, ids), organisations},
        .own = call->flight.who.has_organisation ? own : NULL,
        .languages_options = {WORDS_LANGUAGES, languages},
        .schemes = {sizeof schemes / sizeof schemes[0], schemes},
    };

    id_write(call->flight.who.organisation, own);
    for (unsigned i = 0; i < WORDS_LANGUAGES; i++)
        languages[i] = (struct show_option){show_language((enum language)i), WORDS_KEYS,
                                            show_own_name((enum language)i)};
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
