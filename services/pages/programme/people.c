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

enum { PEOPLE = 0, HUNDREDS = 11, ORGANISATIONS = 11, LIST_MAX = 100, NAME_MAX = 80 };

/* What is looked for; NULL: everybody. */
static const char *find_searched(struct call *call)
{
    const char *name = page_argument(call, "name");

    return name == NULL || name[0] == '\0' || strlen(name) > NAME_MAX ? NULL : name;
}

/* Of which organisation alone; false: of any. */
static bool find_wanted(struct call *call, struct id *organisation)
{
    const char *text = page_argument(call, "organisation");

    return text != NULL && id_read(text, strlen(text), organisation);
}

/* Who is here for the sake of a referral alone is found by that, and there are many. */
static bool is_listed(const struct person *row)
{
    if (row->state != PERSON_STATE_ACTIVE) return false;
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (row->roles.at[i].part != PERSON_PART_PARTICIPANT) return true;
    return !row->has_referral;
}

static void ask_names(struct call *call)
{
    const bool is_search = find_searched(call) != NULL;

    for (unsigned slot = PEOPLE; slot < PEOPLE + HUNDREDS; slot++)
        for (size_t i = 0; i < rows_of(call, slot); i++) {
            const struct person *row = row_of(call, slot, i);

            if (!is_listed(row)) continue;
            if (is_search)
                ask_person(call, row->id, PERSON_PURPOSE_COORDINATION, false);
            else
                ask_listed(call, row->id, PERSON_PURPOSE_COORDINATION);
        }
}

static void ask(struct call *call)
{
    const unsigned step = call->step;
    struct id organisation;
    char text[ID_TEXT_SIZE];
    const bool is_wanted = find_wanted(call, &organisation);
    const char *filter = is_wanted ? "organisation" : NULL, *value = is_wanted ? text : NULL;

    if (is_wanted) id_write(organisation, text);
    if (step == 0) {
        ask_list(call, PEOPLE, "person", filter, value);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
    } else if (step < HUNDREDS && call->rows[PEOPLE + step - 1].has_more) {
        ask_more(call, PEOPLE + step, PEOPLE + step - 1, filter, value);
    } else {
        ask_names(call);
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

static bool is_shown(struct call *call, const struct person *row)
{
    const char *searched = find_searched(call);
    const struct called *called = name_of(call, row->id);

    return is_listed(row) &&
           (searched == NULL || (called != NULL && is_found(called->name, searched)));
}

static struct people_rows line_of(const struct call *call, const struct person *row)
{
    const struct called *called = name_of(call, row->id);
    struct people_rows line = {
        .id = row->id,
        .who = called == NULL ? NULL : called->name,
        .part = WORDS_KEYS,
        .second = WORDS_KEYS,
        .organisation = row->has_organisation
                            ? organisation_name(call, ORGANISATIONS, row->organisation)
                            : NULL,
        .waits = row->has_clearance_part || row->has_lowering_to || row->has_erasure_asked_at,
    };

    show_parts(row, &line);
    return line;
}

/* True: there are more than that. */
static bool find_lines(struct call *call, struct people_rows lines[LIST_MAX], size_t *count)
{
    *count = 0;
    for (unsigned slot = PEOPLE; slot < PEOPLE + HUNDREDS; slot++)
        for (size_t i = 0; i < rows_of(call, slot); i++) {
            const struct person *row = row_of(call, slot, i);

            if (!is_shown(call, row)) continue;
            if (*count == LIST_MAX) return true;
            lines[(*count)++] = line_of(call, row);
        }
    return call->rows[PEOPLE + HUNDREDS - 1].has_more || call->names_sent == CALL_NAMES;
}

static void show(struct call *call)
{
    struct people_rows lines[LIST_MAX];
    struct people_view view = {.searched = find_searched(call)};
    struct id organisation;

    if (find_wanted(call, &organisation))
        view.organisation = organisation_name(call, ORGANISATIONS, organisation);
    view.rows.at = lines;
    view.has_more = find_lines(call, lines, &view.rows.count);
    pages_answer(call, 200, WORDS_PAGE_PEOPLE_TITLE, people_show, &view);
}

const struct page people_page = {
    .path = "/people",
    .roles = ROLE_PA,
    .ask = ask,
    .show = show,
};
