/* One referral: who it is, how it stands, what came of it, and what may be done next. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/mentee.h"
#include "contract/mentorship.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "mentorships/explaining.h"
#include "mentorships/mentorships.h"
#include "naming.h"
#include "pages/referral.h"
#include "referrals/referrals.h"
#include "rows.h"

enum { SLOT = 0, MENTORSHIPS = 1, ORGANISATIONS = 2, MENTEE = 3, LIST_MAX = 100 };

/* What forms offer. */

/* clang-format off */
static const struct show_option reasons[] = {
    {"not_in_target_group", WORDS_PAGE_WHY_NOT_IN_TARGET_GROUP, NULL},
    {"no_capacity", WORDS_PAGE_WHY_NO_CAPACITY, NULL},
    {"outside_area", WORDS_PAGE_WHY_OUTSIDE_AREA, NULL},
    {"incomplete", WORDS_PAGE_WHY_INCOMPLETE, NULL},
    {"declined_by_participant", WORDS_PAGE_WHY_DECLINED_BY_PARTICIPANT, NULL},
    {"moved_away", WORDS_PAGE_REASON_MOVED, NULL},
    {"got_a_job", WORDS_PAGE_REASON_GOT_A_JOB, NULL},
    {"education", WORDS_PAGE_REASON_EDUCATION, NULL},
    {"ill", WORDS_PAGE_REASON_ILL, NULL},
    {"no_contact", WORDS_PAGE_REASON_NO_CONTACT, NULL},
    {"offered_suitable_work", WORDS_PAGE_WHY_OFFERED_SUITABLE_WORK, NULL},
    {"data_error", WORDS_PAGE_WHY_DATA_ERROR, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

static const struct show_option returns[] = {
    {"mistake", WORDS_PAGE_WHY_MISTAKE, NULL},
    {"answered", WORDS_PAGE_WHY_ANSWERED, NULL},
    {"wish", WORDS_PAGE_REASON_WISH, NULL},
    {"circumstances", WORDS_PAGE_WHY_CIRCUMSTANCES, NULL},
    {"data_error", WORDS_PAGE_WHY_DATA_ERROR, NULL},
    {"said_again", WORDS_PAGE_WHY_SAID_AGAIN, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

static const struct show_option handovers[] = {
    {"capacity", WORDS_PAGE_WHY_NO_CAPACITY, NULL},
    {"distance", WORDS_PAGE_REASON_DISTANCE, NULL},
    {"wish", WORDS_PAGE_REASON_WISH, NULL},
    {"moved_away", WORDS_PAGE_REASON_MOVED, NULL},
    {"conflict_of_interest", WORDS_PAGE_REASON_CONFLICT_OF_INTEREST, NULL},
    {"mistake", WORDS_PAGE_WHY_MISTAKE, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

static const struct show_option infos[] = {
    {"contact", WORDS_INFO_CONTACT, NULL},
    {"birth_date", WORDS_INFO_BIRTH_DATE, NULL},
    {"municipality", WORDS_INFO_MUNICIPALITY, NULL},
    {"languages", WORDS_INFO_LANGUAGES, NULL},
    {"occupations", WORDS_INFO_OCCUPATIONS, NULL},
    {"goals", WORDS_INFO_GOALS, NULL},
    {"consent", WORDS_INFO_CONSENT, NULL},
    {"other", WORDS_INFO_OTHER, NULL},
};
enum { INFOS = sizeof infos / sizeof infos[0] };

static const enum words_key wants[] = {
    [REFERRAL_WANT_MENTOR] = WORDS_PAGE_WANT_MENTOR,
    [REFERRAL_WANT_PLACEMENT] = WORDS_PAGE_WANT_PLACEMENT,
};
enum { WANTS = sizeof wants / sizeof wants[0] };

static const enum words_key groups[] = {
    [REFERRAL_TARGET_GROUP_NEWCOMER] = WORDS_PAGE_GROUP_NEWCOMER,
    [REFERRAL_TARGET_GROUP_REFUGEE] = WORDS_PAGE_GROUP_REFUGEE,
    [REFERRAL_TARGET_GROUP_YOUNG_ADULT] = WORDS_PAGE_GROUP_YOUNG_ADULT,
    [REFERRAL_TARGET_GROUP_LONG_TERM_UNEMPLOYED] = WORDS_PAGE_GROUP_LONG_TERM_UNEMPLOYED,
    [REFERRAL_TARGET_GROUP_REDUCED_WORK_CAPACITY] = WORDS_PAGE_GROUP_REDUCED_WORK_CAPACITY,
    [REFERRAL_TARGET_GROUP_OTHER] = WORDS_PAGE_GROUP_OTHER,
};
/* clang-format on */

#define OPTIONS(of)                    \
    {                                  \
        sizeof(of) / sizeof(of)[0], of \
    }

/* What the page wants to know. */

static void ask_rest(struct call *call, const struct referral *row)
{
    const enum actor_role role = call->flight.who.role;

    ask_person(call, row->person, ask_purpose(role), true);
    for (size_t i = 0; i < rows_of(call, MENTORSHIPS); i++) {
        const struct mentorship *mentorship = row_of(call, MENTORSHIPS, i);

        if (role != ACTOR_ROLE_COUNSELLOR) ask_listed(call, mentorship->mentor, ask_purpose(role));
    }
}

static void ask(struct call *call)
{
    if (call->step == 0) {
        ask_one(call, SLOT, "referral", call->id, true);
        ask_list_of(call, MENTORSHIPS, "mentorship", "referral", call->id);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
        if (call->flight.who.role != ACTOR_ROLE_COUNSELLOR)
            ask_one(call, MENTEE, "mentee", call->id, false);
    }
    if (call->step == 1) ask_rest(call, row_of(call, SLOT, 0));
}

/* What is shown. */

static size_t find_mentorships(const struct call *call, struct referral_mentorships *at)
{
    const enum actor_role role = call->flight.who.role;
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, MENTORSHIPS) && count < LIST_MAX; i++) {
        const struct mentorship *row = row_of(call, MENTORSHIPS, i);
        const struct called *called = name_of(call, row->mentor);

        at[count++] = (struct referral_mentorships){
            .id = row->id,
            .who = called == NULL ? NULL : called->name,
            .what = mentorship_says(row, role),
            .points = row->has_total ? row->total : 0,
        };
    }
    return count;
}

static const char *reason_value(const struct referral *row)
{
    return referral_reason_words[row->reason];
}

/* Of reasons of ours there are no words to choose, and so none to show. */
static enum words_key find_reason(const struct referral *row)
{
    for (size_t i = 0; row->has_reason && i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reasons[i].value, reason_value(row)) == 0) return reasons[i].label;
    return WORDS_KEYS;
}

/* Those to whom it could be handed over: open, and not who is responsible already. */
static size_t find_organisations(const struct call *call, const struct referral *row,
                                 struct show_option options[LIST_MAX],
                                 char ids[LIST_MAX][ID_TEXT_SIZE])
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, ORGANISATIONS) && count < LIST_MAX; i++) {
        const struct organisation *one = row_of(call, ORGANISATIONS, i);

        if (one->state != ORGANISATION_STATE_OPEN ||
            (row->has_responsible && id_equal(one->id, row->responsible)) ||
            (one->kind != ORGANISATION_KIND_CLUB && one->kind != ORGANISATION_KIND_ASSOCIATION))
            continue;
        id_write(one->id, ids[count]);
        options[count] = (struct show_option){ids[count], WORDS_KEYS, one->name};
        count++;
    }
    return count;
}

static void find_acts(const struct call *call, const struct referral *row,
                      struct referral_view *view)
{
    view->may_accept = may_do(call, SLOT, "accept");
    view->may_waitlist = may_do(call, SLOT, "waitlist");
    view->may_ask = may_do(call, SLOT, "ask_info");
    view->may_give = view->missings.count > 0 && may_do(call, SLOT, "give_info");
    view->may_reject = may_do(call, SLOT, "reject");
    view->may_hold = may_do(call, SLOT, "hold");
    view->may_resume = may_do(call, SLOT, "resume");
    view->may_hand_over = view->organisations.count > 0 && may_do(call, SLOT, "hand_over");
    view->may_complete = may_do(call, SLOT, "complete");
    view->may_fail = may_do(call, SLOT, "fail");
    view->may_cancel = may_do(call, SLOT, "cancel");
    view->may_reopen = may_do(call, SLOT, "reopen");
    view->may_undo = may_do(call, SLOT, "undo") && row->has_undo &&
                     step_is_mine(call, row->undo.by, row->undo.until);
}

static size_t find_nobody(const struct call *call, struct explained *said,
                          struct referral_nobody nobody[EXPLAINED_MAX])
{
    const struct mentee *mentee = row_of(call, MENTEE, 0);

    if (mentee == NULL || mentee->state != MENTEE_STATE_SEARCHING || mentee->open > 0 ||
        !mentee->has_why)
        return 0;
    explain_nobody(call, &mentee->why, said);
    for (size_t i = 0; i < said->count; i++)
        nobody[i].why = said->at[i];
    return said->count;
}

static void show(struct call *call)
{
    const struct referral *row = row_of(call, SLOT, 0);
    const struct called *called = name_of(call, row->person);
    struct referral_wanted wanted[WANTS];
    struct referral_missing missing[INFOS];
    struct show_option missings[INFOS], organisations[LIST_MAX];
    char ids[LIST_MAX][ID_TEXT_SIZE], languages[NAMES_SIZE], occupations[NAMES_SIZE];
    struct referral_mentorships mentorships[LIST_MAX];
    struct explained said;
    struct referral_nobody nobody[EXPLAINED_MAX];
    struct referral_view view = {
        .id = row->id,
        .lead = referral_says(row),
        .due = row->has_due ? row->due : (struct instant){0},
        .since = row->waiting_since,
        .is_hidden = called == NULL && row->protection != PROTECTION_NONE,
        .wanted = {0, wanted},
        .group = groups[row->target_group],
        .languages = row->languages.count > 0 ? languages : NULL,
        .occupations = row->occupations.count > 0 ? occupations : NULL,
        .municipality = row->has_municipality ? name_municipality(call, row->municipality) : NULL,
        .agency = row->has_organisation ? organisation_name(call, ORGANISATIONS, row->organisation)
                                        : NULL,
        .responsible =
            row->has_responsible ? organisation_name(call, ORGANISATIONS, row->responsible) : NULL,
        .consented = row->has_consented_on ? row->consented_on : (struct date){0},
        .reason = find_reason(row),
        .missing = {0, missing},
        .mentorships = {find_mentorships(call, mentorships), mentorships},
        .nobody = {find_nobody(call, &said, nobody), nobody},
        .infos = OPTIONS(infos),
        .missings = {0, missings},
        .reasons = OPTIONS(reasons),
        .returns = OPTIONS(returns),
        .handovers = OPTIONS(handovers),
        .organisations = {find_organisations(call, row, organisations, ids), organisations},
    };

    name_languages(call, &row->languages, languages);
    name_occupations(call, &row->occupations, occupations);
    for (uint32_t i = 0; i < row->wants.count; i++)
        wanted[view.wanted.count++].want = wants[row->wants.at[i]];
    for (uint32_t i = 0; row->has_missing && i < row->missing.count; i++) {
        missing[view.missing.count++].what = infos[row->missing.at[i]].label;
        missings[view.missings.count++] = infos[row->missing.at[i]];
    }
    if (called != NULL) {
        view.who = called->name;
        view.phone = called->phone[0] == '\0' ? NULL : called->phone;
        view.email = called->email[0] == '\0' ? NULL : called->email;
    }
    find_acts(call, row, &view);
    pages_answer(call, 200, WORDS_PAGE_REFERRAL_TITLE, referral_show, &view);
}

static const char *const acts[] = {"ask_info", "give_info", "accept", "hand_over", "reject",
                                   "waitlist", "complete",  "hold",   "resume",    "fail",
                                   "cancel",   "reopen",    "undo",   NULL};

const struct page referral_page = {
    .path = "/referrals/{id}",
    .roles = ROLE_CO | ROLE_PA | ROLE_CN,
    .record = "referral",
    .acts = acts,
    .ask = ask,
    .show = show,
};
