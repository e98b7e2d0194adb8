/* One mentor: who it is, places, what they are doing, and what may be done next. */
#include <stdio.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/mentee.h"
#include "contract/mentorship.h"
#include "core/form.h"
#include "core/input.h"
#include "mentors/mentors.h"
#include "mentorships/mentorships.h"
#include "naming.h"
#include "pages/mentor.h"
#include "rows.h"

enum {
    SLOT = 0,
    MENTORSHIPS = 1,
    ORGANISATIONS = 2,
    PERSON = 3,
    MENTEES = 4,
    LIST_MAX = 100,
    WORDS_SIZE = 512
};

/* What forms offer. */

/* clang-format off */
static const struct show_option schemes[] = {
    {"ssyk", WORDS_PAGE_SCHEME_SSYK, NULL},
    {"styrk", WORDS_PAGE_SCHEME_STYRK, NULL},
    {"isco", WORDS_PAGE_SCHEME_ISCO, NULL},
};

static const struct show_option ends[] = {
    {"finished", WORDS_PAGE_WHY_FINISHED, NULL},
    {"no_time", WORDS_PAGE_REASON_NO_TIME, NULL},
    {"moved_away", WORDS_PAGE_REASON_MOVED, NULL},
    {"conduct", WORDS_PAGE_WHY_CONDUCT, NULL},
    {"data_error", WORDS_PAGE_WHY_DATA_ERROR, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

static const struct show_option offers[] = {
    {"practise_language", WORDS_PAGE_OFFER_PRACTISE_LANGUAGE, NULL},
    {"learn_trade", WORDS_PAGE_OFFER_LEARN_TRADE, NULL},
    {"job_search", WORDS_PAGE_OFFER_JOB_SEARCH, NULL},
    {"workplace_customs", WORDS_PAGE_OFFER_WORKPLACE_CUSTOMS, NULL},
    {"studies", WORDS_PAGE_OFFER_STUDIES, NULL},
    {"own_business", WORDS_PAGE_OFFER_OWN_BUSINESS, NULL},
    {"driving_licence", WORDS_PAGE_OFFER_DRIVING_LICENCE, NULL},
    {"authorities", WORDS_PAGE_OFFER_AUTHORITIES, NULL},
    {"housing", WORDS_PAGE_OFFER_HOUSING, NULL},
    {"leisure", WORDS_PAGE_OFFER_LEISURE, NULL},
    {"meet_people", WORDS_PAGE_OFFER_MEET_PEOPLE, NULL},
    {"parenthood", WORDS_PAGE_OFFER_PARENTHOOD, NULL},
};

static const enum words_key days[] = {
    WORDS_DATE_MONDAY, WORDS_DATE_TUESDAY, WORDS_DATE_WEDNESDAY, WORDS_DATE_THURSDAY,
    WORDS_DATE_FRIDAY, WORDS_DATE_SATURDAY, WORDS_DATE_SUNDAY,
};

static const enum words_key parts[] = {
    WORDS_PAGE_TIME_MORNING, WORDS_PAGE_TIME_AFTERNOON, WORDS_PAGE_TIME_EVENING,
};
/* clang-format on */

enum { DAYS = 7, PARTS = 3, TIMES = DAYS * PARTS, TIME_SIZE = 80 };

_Static_assert(TIME_OF_WEEK_SUN_EVENING == TIMES - 1, "the parts of a week, in their order");

#define OPTIONS(of)                    \
    {                                  \
        sizeof(of) / sizeof(of)[0], of \
    }

static void find_times(const struct call *call, struct show_option options[TIMES],
                       char texts[TIMES][TIME_SIZE])
{
    for (unsigned i = 0; i < TIMES; i++) {
        snprintf(texts[i], TIME_SIZE, "%s, %s", words_plain(call->language, days[i / PARTS]),
                 words_plain(call->language, parts[i % PARTS]));
        options[i] = (struct show_option){time_of_week_words[i], WORDS_KEYS, texts[i]};
    }
}

/* What the page wants to know. */

static bool has_conflict(const struct mentee *mentee, struct id mentor)
{
    for (uint32_t i = 0; i < mentee->conflicts.count; i++)
        if (id_equal(mentee->conflicts.at[i], mentor)) return true;
    return false;
}

static void ask(struct call *call)
{
    const enum person_purpose purpose = ask_purpose(call->flight.who.role);

    if (call->step == 0) {
        ask_one(call, SLOT, "mentor", call->id, true);
        ask_list_of(call, MENTORSHIPS, "mentorship", "mentor", call->id);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
        ask_one(call, PERSON, "person", call->id, false);
        ask_list(call, MENTEES, "mentee", NULL, NULL);
    }
    if (call->step != 1) return;
    ask_person(call, call->id, purpose, true);
    for (size_t i = 0; i < rows_of(call, MENTEES); i++) {
        const struct mentee *row = row_of(call, MENTEES, i);

        if (has_conflict(row, call->id)) ask_listed(call, row->person, purpose);
    }
}

/* What is shown. */

/* Each with a blank before it, as a field of several has them. */
static void add_word(char text[WORDS_SIZE], const char *word)
{
    const size_t used = strlen(text);

    snprintf(text + used, WORDS_SIZE - used, " %s", word);
}

static size_t find_pairs(const struct call *call, struct mentor_pairs *at, int64_t *taken)
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, MENTORSHIPS) && count < LIST_MAX; i++) {
        const struct mentorship *row = row_of(call, MENTORSHIPS, i);

        at[count++] = (struct mentor_pairs){
            .id = row->id,
            .what = mentorship_says(row, call->flight.who.role),
            .since = row->has_started_on ? row->started_on : (struct date){0},
        };
        *taken += mentorship_has_place(row);
    }
    return count;
}

static size_t find_conflicts(const struct call *call, struct mentor_conflicts *at)
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, MENTEES) && count < LIST_MAX; i++) {
        const struct mentee *row = row_of(call, MENTEES, i);
        const struct called *called = name_of(call, row->person);

        if (has_conflict(row, call->id))
            at[count++] = (struct mentor_conflicts){row->id, called == NULL ? NULL : called->name,
                                                    row->waiting_since};
    }
    return count;
}

/* Another organisation's mentors are seen, and left alone: of these the person is not there. */
static void find_acts(const struct call *call, struct mentor_view *view)
{
    const struct person *person = row_of(call, PERSON, 0);

    if (person == NULL) return;
    view->may_set = may_do(call, SLOT, "set_capacity");
    view->may_pause = may_do(call, SLOT, "pause");
    view->may_resume = may_do(call, SLOT, "resume");
    view->may_describe = may_do(call, SLOT, "describe");
    view->may_change = view->who != NULL && may_do(call, PERSON, "change");
    view->may_end = may_do(call, PERSON, "end_role");
    view->may_undo = may_do(call, PERSON, "undo") && person->has_undo &&
                     step_is_mine(call, person->undo.by, person->undo.until);
}

static void show(struct call *call)
{
    const struct mentor *row = row_of(call, SLOT, 0);
    const struct person *person = row_of(call, PERSON, 0);
    const struct called *called = name_of(call, row->id);
    char languages[NAMES_SIZE], occupations[NAMES_SIZE], networks[NAMES_SIZE];
    char offered[WORDS_SIZE] = "", times[WORDS_SIZE] = "", places[24];
    char texts[TIMES][TIME_SIZE];
    struct show_option times_options[TIMES], spoken[WORDS_LANGUAGES];
    struct mentor_pairs pairs[LIST_MAX];
    struct mentor_conflicts conflicts[LIST_MAX];
    struct mentor_view view = {
        .id = row->id,
        .lead = mentor_says(row),
        .club = row->has_organisation ? organisation_name(call, ORGANISATIONS, row->organisation)
                                      : NULL,
        .languages_spoken = row->languages.count > 0 ? languages : NULL,
        .occupations_known = row->occupations.count > 0 ? occupations : NULL,
        .networks_known = row->networks.count > 0 ? networks : NULL,
        .municipality = row->has_municipality ? name_municipality(call, row->municipality) : NULL,
        .places = row->capacity,
        .places_text = row->has_capacity ? places : NULL,
        .cleared = row->cleared,
        .offers_known = offered,
        .times_known = times,
        .pairs = {0, pairs},
        .conflicts = {find_conflicts(call, conflicts), conflicts},
        .offers_options = OPTIONS(offers),
        .times_options = {TIMES, times_options},
        .schemes = OPTIONS(schemes),
        .languages_options = {WORDS_LANGUAGES, spoken},
        .language = person == NULL ? NULL : show_language(person->language),
        .ends = OPTIONS(ends),
        .edits_networks = row->networks.count <= 1, /* saying them anew replaces them all */
    };

    name_languages(call, &row->languages, languages);
    name_occupations(call, &row->occupations, occupations);
    name_occupations(call, &row->networks, networks);
    snprintf(places, sizeof places, "%lld", (long long)row->capacity);
    find_times(call, times_options, texts);
    for (uint32_t i = 0; i < row->offers.count; i++)
        add_word(offered, match_wish_words[row->offers.at[i]]);
    for (uint32_t i = 0; i < row->availability.count; i++)
        add_word(times, time_of_week_words[row->availability.at[i]]);
    for (unsigned i = 0; i < WORDS_LANGUAGES; i++)
        spoken[i] = (struct show_option){show_language((enum language)i), WORDS_KEYS,
                                         show_own_name((enum language)i)};
    if (row->networks.count > 0) {
        view.network_scheme = occupation_scheme_words[row->networks.at[0].scheme];
        view.network_code = row->networks.at[0].code;
    }
    view.pairs.count = find_pairs(call, pairs, &view.taken);
    view.has_places = row->has_capacity && person != NULL;
    if (called != NULL) {
        view.who = called->name;
        view.phone = called->phone[0] == '\0' ? NULL : called->phone;
        view.email = called->email[0] == '\0' ? NULL : called->email;
        view.given_name = called->given_name;
        view.family_name = called->family_name[0] == '\0' ? NULL : called->family_name;
    }
    find_acts(call, &view);
    pages_answer(call, 200, WORDS_PAGE_MENTOR_TITLE, mentor_show, &view);
}

/* What is said of the person, who is the registry's; and of who is looked for a mentor for, whose the conflict is. */

static void lift_conflict(struct call *call, const char *then)
{
    const char *text = form_value(call->form, "_referral");
    struct id referral;

    if (text == NULL || !id_read(text, (uint32_t)strlen(text), &referral)) {
        pages_problem(call, 400, WORDS_PAGE_PROBLEM_FORM_TITLE, WORDS_PAGE_PROBLEM_FORM_TEXT);
        return;
    }
    act_say(call, call->command, &referral, then);
}

static void post(struct call *call)
{
    char then[CALL_THEN_SIZE], id[ID_TEXT_SIZE];

    id_write(call->id, id);
    snprintf(then, sizeof then, "/mentors/%s", id);
    if (strcmp(call->act, "lift_conflict") == 0)
        lift_conflict(call, then);
    else
        act_say(call, call->command, &call->id, then);
}

static const char *const acts[] = {"set_capacity", "pause", "resume", "describe", NULL};

static const struct page_post posts[] = {
    {"change", "person.change"},
    {"end_role", "person.end_role"},
    {"undo", "person.undo"},
    {"lift_conflict", "mentee.lift_conflict"},
    {NULL, NULL},
};

const struct page mentor_page = {
    .path = "/mentors/{id}",
    .roles = ROLE_CO | ROLE_PA,
    .record = "mentor",
    .acts = acts,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
