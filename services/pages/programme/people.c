/* Who takes part in a programme, and as what; searched by name. */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "letters/letters.h"
#include "pages/people.h"
#include "programme/programme.h"
#include "rows.h"

enum { PEOPLE = 0, ORGANISATIONS = 1, LIST_MAX = 100, NAME_MAX = 80 };

/* What is looked for; NULL: everybody. */
static const char *find_searched(struct call *call)
{
    const char *name = page_argument(call, "name");

    return name == NULL || name[0] == '\0' || strlen(name) > NAME_MAX ? NULL : name;
}

static void ask(struct call *call)
{
    const bool is_search = find_searched(call) != NULL;

    if (call->step == 0) {
        ask_list(call, PEOPLE, "person", NULL, NULL);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
    }
    if (call->step != 1) return;
    for (size_t i = 0; i < rows_of(call, PEOPLE); i++) {
        const struct person *row = row_of(call, PEOPLE, i);

        if (row->state != PERSON_STATE_ACTIVE) continue;
        if (is_search)
            ask_person(call, row->id, PERSON_PURPOSE_COORDINATION, false);
        else
            ask_listed(call, row->id, PERSON_PURPOSE_COORDINATION);
    }
}

/* In whatever case. */
static bool is_found(const char *name, const char *searched)
{
    char *in = letters_fold(name), *of = letters_fold(searched);
    const bool is = strstr(in, of) != NULL;

    free(in);
    free(of);
    return is;
}

/* What they take part as; the first of it, and how much more there is. */
static void show_parts(const struct person *row, struct people_rows *line)
{
    if (row->roles.count > 0) line->part = part_says(row->roles.at[0].part);
    if (row->roles.count > 1) line->second = part_says(row->roles.at[1].part);
    if (row->roles.count > 2) line->more = row->roles.count - 2;
}

static size_t find_lines(struct call *call, struct people_rows lines[LIST_MAX])
{
    const char *searched = find_searched(call);
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, PEOPLE) && count < LIST_MAX; i++) {
        const struct person *row = row_of(call, PEOPLE, i);
        const struct called *called = name_of(call, row->id);

        if (row->state != PERSON_STATE_ACTIVE) continue;
        if (searched != NULL && (called == NULL || !is_found(called->name, searched))) continue;
        lines[count] = (struct people_rows){
            .id = row->id,
            .who = called == NULL ? NULL : called->name,
            .part = WORDS_KEYS,
            .second = WORDS_KEYS,
            .organisation = row->has_organisation
                                ? organisation_name(call, ORGANISATIONS, row->organisation)
                                : NULL,
            .waits = row->has_clearance_part || row->has_lowering_to || row->has_erasure_asked_at,
        };
        show_parts(row, &lines[count++]);
    }
    return count;
}

static void show(struct call *call)
{
    struct people_rows lines[LIST_MAX];
    const struct people_view view = {
        .rows = {find_lines(call, lines), lines},
        .searched = find_searched(call),
        .has_more = call->rows[PEOPLE].has_more,
    };

    pages_answer(call, 200, WORDS_PAGE_PEOPLE_TITLE, people_show, &view);
}

const struct page people_page = {
    .path = "/people",
    .roles = ROLE_PA,
    .ask = ask,
    .show = show,
};
