/* The mentors of a programme: what they are called where their reader may know it, places, languages; searched by name. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/mentorship.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "csv.h"
#include "mentors/mentors.h"
#include "naming.h"
#include "pages/mentors.h"
#include "rows.h"

enum { MENTORS = 0, ORGANISATIONS = 1, HELD = 2, HELD_STATES = 5, LIST_MAX = 100, NAME_MAX = 80 };

/* In these a mentorship has one of its mentor's places. */
static const enum mentorship_state held_states[HELD_STATES] = {
    MENTORSHIP_STATE_OFFERED, MENTORSHIP_STATE_ACCEPTED, MENTORSHIP_STATE_AGREED,
    MENTORSHIP_STATE_ACTIVE,  MENTORSHIP_STATE_ON_HOLD,
};

/* What is looked for; NULL: everybody. */
static const char *find_searched(struct call *call)
{
    const char *name = page_argument(call, "name");

    return name == NULL || name[0] == '\0' || strlen(name) > NAME_MAX ? NULL : name;
}

static void ask_names(struct call *call)
{
    const bool is_search = find_searched(call) != NULL;
    const enum person_purpose purpose = ask_purpose(call->flight.who.role);

    for (size_t i = 0; i < rows_of(call, MENTORS); i++) {
        const struct mentor *row = row_of(call, MENTORS, i);

        if (row->state == MENTOR_STATE_GONE) continue;
        if (is_search)
            ask_person(call, row->id, purpose, false);
        else
            ask_listed(call, row->id, purpose);
    }
}

static void ask(struct call *call)
{
    if (call->step == 0) {
        ask_list(call, MENTORS, "mentor", NULL, NULL);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
        for (unsigned i = 0; i < HELD_STATES; i++)
            ask_list(call, HELD + i, "mentorship", "state", mentorship_state_words[held_states[i]]);
    }
    if (call->step == 1) ask_names(call);
}

/* Whose mentorships their reader sees: their own organisation's, and those of whom they are told the name. */
static bool is_known(const struct call *call, const struct mentor *row)
{
    return name_of(call, row->id) != NULL ||
           (row->has_organisation && call->flight.who.has_organisation &&
            id_equal(row->organisation, call->flight.who.organisation));
}

/* How many of their places are taken; false: there are more mentorships than were asked for. */
static bool count_taken(const struct call *call, const struct mentor *mentor, int64_t *taken)
{
    *taken = 0;
    for (unsigned slot = HELD; slot < HELD + HELD_STATES; slot++) {
        if (call->rows[slot].has_more) return false;
        for (size_t i = 0; i < rows_of(call, slot); i++) {
            const struct mentorship *row = row_of(call, slot, i);

            *taken += id_equal(row->mentor, mentor->id);
        }
    }
    return true;
}

/* In whatever case: of letters beyond ASCII the case has to be right. */
static bool is_found(const char *name, const char *searched)
{
    const size_t size = strlen(searched);

    for (; *name != '\0'; name++)
        if (strncasecmp(name, searched, size) == 0) return true;
    return false;
}

/* Those who are shown, in the order of their ids; how many. */
static size_t find_lines(struct call *call, struct mentors_rows rows[LIST_MAX],
                         char languages[LIST_MAX][NAMES_SIZE])
{
    const char *searched = find_searched(call);
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, MENTORS) && i < LIST_MAX; i++) {
        const struct mentor *row = row_of(call, MENTORS, i);
        const struct called *called = name_of(call, row->id);
        struct mentors_rows *line = &rows[count];

        if (row->state == MENTOR_STATE_GONE) continue;
        if (searched != NULL && (called == NULL || !is_found(called->name, searched))) continue;
        *line = (struct mentors_rows){
            .id = row->id,
            .who = called == NULL ? NULL : called->name,
            .club = row->has_organisation
                        ? organisation_name(call, ORGANISATIONS, row->organisation)
                        : NULL,
            .what = mentor_says(row),
            .places = row->capacity,
            .languages = languages[count],
        };
        line->has_places =
            row->has_capacity && is_known(call, row) && count_taken(call, row, &line->taken);
        name_languages(call, &row->languages, languages[count++]);
    }
    return count;
}

static void show(struct call *call)
{
    struct mentors_rows rows[LIST_MAX];
    char languages[LIST_MAX][NAMES_SIZE];
    const struct mentors_view view = {
        .rows = {find_lines(call, rows, languages), rows},
        .searched = find_searched(call),
        .may_add = call->flight.who.role == ACTOR_ROLE_COORDINATOR,
        .has_more = call->rows[MENTORS].has_more,
    };

    pages_answer(call, 200, WORDS_PAGE_MENTORS_TITLE, mentors_show, &view);
}

/* The same for a spreadsheet. */
static void show_file(struct call *call)
{
    struct mentors_rows rows[LIST_MAX];
    char languages[LIST_MAX][NAMES_SIZE];
    const size_t count = find_lines(call, rows, languages);
    struct csv csv = csv_begin(call);

    csv_word(&csv, WORDS_PAGE_MENTORS_WHO);
    csv_word(&csv, WORDS_PAGE_MENTORS_CLUB);
    csv_word(&csv, WORDS_PAGE_MENTORS_STATE);
    csv_word(&csv, WORDS_PAGE_MENTORS_PLACES);
    csv_word(&csv, WORDS_PAGE_MENTORS_TAKEN);
    csv_word(&csv, WORDS_PAGE_MENTORS_LANGUAGES);
    csv_end_row(&csv);
    for (size_t i = 0; i < count; i++) {
        csv_text(&csv, rows[i].who);
        csv_text(&csv, rows[i].club);
        csv_word(&csv, rows[i].what);
        if (rows[i].has_places) {
            csv_number(&csv, rows[i].places);
            csv_number(&csv, rows[i].taken);
        } else {
            csv_text(&csv, NULL);
            csv_text(&csv, NULL);
        }
        csv_text(&csv, rows[i].languages);
        csv_end_row(&csv);
    }
    csv_answer(call, "mentors.csv");
}

const struct page mentors_file = {
    .path = "/mentors.csv",
    .roles = ROLE_CO | ROLE_PA,
    .ask = ask,
    .show = show_file,
};

const struct page mentors_page = {
    .path = "/mentors",
    .roles = ROLE_CO | ROLE_PA,
    .ask = ask,
    .show = show,
};
