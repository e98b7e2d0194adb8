/* One mentorship: how it stands, who the other is, what has been, and what may be done next. */
#include <stdio.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/mentor_meeting.h"
#include "contract/question.h"
#include "core/form.h"
#include "core/input.h"
#include "core/zone.h"
#include "mentorships/explaining.h"
#include "mentorships/mentorships.h"
#include "pages/mentorship.h"
#include "rows.h"

enum { MEETINGS_MAX = 100, SLOT = 0, MEETINGS = 1, QUESTION = 2 };

/* What forms offer. */

/* clang-format off */
static const struct show_option reasons[] = {
    {"no_time", WORDS_PAGE_REASON_NO_TIME, NULL},
    {"no_match", WORDS_PAGE_REASON_NO_MATCH, NULL},
    {"language", WORDS_PAGE_REASON_LANGUAGE, NULL},
    {"distance", WORDS_PAGE_REASON_DISTANCE, NULL},
    {"conflict_of_interest", WORDS_PAGE_REASON_CONFLICT_OF_INTEREST, NULL},
    {"no_contact", WORDS_PAGE_REASON_NO_CONTACT, NULL},
    {"away", WORDS_PAGE_REASON_AWAY, NULL},
    {"ill", WORDS_PAGE_REASON_ILL, NULL},
    {"moved", WORDS_PAGE_REASON_MOVED, NULL},
    {"got_a_job", WORDS_PAGE_REASON_GOT_A_JOB, NULL},
    {"education", WORDS_PAGE_REASON_EDUCATION, NULL},
    {"wish", WORDS_PAGE_REASON_WISH, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

static const struct show_option topics[] = {
    {"language", WORDS_PAGE_TOPIC_LANGUAGE, NULL},
    {"background", WORDS_PAGE_TOPIC_BACKGROUND, NULL},
    {"expectations", WORDS_PAGE_TOPIC_EXPECTATIONS, NULL},
    {"place", WORDS_PAGE_TOPIC_PLACE, NULL},
    {"time", WORDS_PAGE_TOPIC_TIME, NULL},
    {"other", WORDS_PAGE_TOPIC_OTHER, NULL},
};

static const struct show_option voices[] = {
    {"mentor", WORDS_PAGE_MENTORSHIP_MENTOR, NULL},
    {"participant", WORDS_PAGE_MENTORSHIP_PARTICIPANT, NULL},
};

static const enum words_key factors[] = {
    [PAIR_FACTOR_LANGUAGE] = WORDS_PAGE_FACTOR_LANGUAGE,
    [PAIR_FACTOR_MUNICIPALITY] = WORDS_PAGE_FACTOR_MUNICIPALITY,
    [PAIR_FACTOR_DISTANCE] = WORDS_PAGE_FACTOR_DISTANCE,
    [PAIR_FACTOR_OCCUPATION_4] = WORDS_PAGE_FACTOR_OCCUPATION,
    [PAIR_FACTOR_OCCUPATION_3] = WORDS_PAGE_FACTOR_OCCUPATION_RELATED,
    [PAIR_FACTOR_OCCUPATION_2] = WORDS_PAGE_FACTOR_OCCUPATION_RELATED,
    [PAIR_FACTOR_NETWORK] = WORDS_PAGE_FACTOR_NETWORK,
    [PAIR_FACTOR_AVAILABILITY] = WORDS_PAGE_FACTOR_AVAILABILITY,
    [PAIR_FACTOR_WISH] = WORDS_PAGE_FACTOR_WISH,
    [PAIR_FACTOR_WAITING] = WORDS_PAGE_FACTOR_WAITING,
};

static const enum words_key parties[] = {
    [MENTORSHIP_PARTY_MENTOR] = WORDS_PAGE_MENTORSHIP_MENTOR,
    [MENTORSHIP_PARTY_PARTICIPANT] = WORDS_PAGE_MENTORSHIP_PARTICIPANT,
    [MENTORSHIP_PARTY_COORDINATOR] = WORDS_PAGE_MENTORSHIP_COORDINATOR,
};
/* clang-format on */

#define OPTIONS(of)                    \
    {                                  \
        sizeof(of) / sizeof(of)[0], of \
    }

/* What the page wants to know. */

static bool is_pair(enum actor_role role)
{
    return role == ACTOR_ROLE_MENTOR || role == ACTOR_ROLE_PARTICIPANT;
}

static bool coordinates(enum actor_role role)
{
    return role == ACTOR_ROLE_COORDINATOR || role == ACTOR_ROLE_PROGRAMME_ADMIN;
}

static void ask_rest(struct call *call, const struct mentorship *row)
{
    const enum actor_role role = call->flight.who.role;

    if (row->has_started_on && role != ACTOR_ROLE_COUNSELLOR)
        ask_list_of(call, MEETINGS, "mentor_meeting", "mentorship", row->id);
    if (row->has_offered_at && (coordinates(role) || role == ACTOR_ROLE_MENTOR))
        ask_one(call, QUESTION, "question", row->id, false);
    /* a participant is told by whom they are looked after, and no more: the mentor gets in touch */
    if (mentorship_is_open_to(row, role))
        ask_person(call, mentorship_other(row, role), ask_purpose(role),
                   role != ACTOR_ROLE_PARTICIPANT);
    if (!coordinates(role)) return;
    ask_person(call, row->mentor, ask_purpose(role), false);
    explain_ask(call, row);
}

/* A mentor knows what they have asked. Who answers reads it while it waits, and not again each time that they look. */
static void ask_said(struct call *call)
{
    const struct question *question = row_of(call, QUESTION, 0);

    if (question == NULL || !may_do(call, QUESTION, "read")) return;
    if (call->flight.who.role == ACTOR_ROLE_MENTOR && question->state == QUESTION_STATE_ANSWERED)
        ask_words(call, question->id, QUESTION_WHAT_ANSWER);
    if (call->flight.who.role == ACTOR_ROLE_COORDINATOR &&
        question->state == QUESTION_STATE_WAITING)
        ask_words(call, question->id, QUESTION_WHAT_QUESTION);
}

static void ask(struct call *call)
{
    if (call->step == 0) ask_one(call, SLOT, "mentorship", call->id, true);
    if (call->step == 1) ask_rest(call, row_of(call, SLOT, 0));
    if (call->step == 2) ask_said(call);
}

/* What is shown. */

static size_t find_reasons(const struct mentorship *row, struct mentorship_reasons *at)
{
    size_t count = 0;

    for (uint32_t i = 0; row->has_explanation && i < row->explanation.count; i++) {
        const enum words_key factor = factors[row->explanation.at[i].factor];

        if (row->explanation.at[i].points <= 0) continue;
        at[count++] = (struct mentorship_reasons){factor, row->explanation.at[i].points};
    }
    return count;
}

static size_t find_meetings(const struct call *call, struct mentorship_meetings *at)
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, MEETINGS) && count < MEETINGS_MAX; i++) {
        const struct mentor_meeting *row = row_of(call, MEETINGS, i);

        if (row->has_struck && row->struck) continue;
        at[count++] = (struct mentorship_meetings){row->on, row->minutes, parties[row->by]};
    }
    return count;
}

static bool records(const struct call *call, const char *command)
{
    return may_record(call, SLOT, command, "mentor") ||
           may_record(call, SLOT, command, "participant");
}

static bool may_undo(const struct call *call)
{
    const struct mentorship *row = row_of(call, SLOT, 0);
    const struct mentorship_way_back *undo = &row->undo;

    return may_do(call, SLOT, "undo") && row->has_undo &&
           (step_is_mine(call, undo->by, undo->until) ||
            (undo->has_of && step_is_my_word(call, undo->of, undo->until)));
}

static void find_acts(const struct call *call, struct mentorship_view *view)
{
    const bool is_mentor = call->flight.who.role == ACTOR_ROLE_MENTOR;

    view->may_offer = may_do(call, SLOT, "offer");
    view->may_accept = may_do(call, SLOT, "accept");
    view->may_decline = may_do(call, SLOT, "decline");
    view->may_ask = is_mentor && may_do(call, SLOT, "ask_info");
    view->may_sign = may_do(call, SLOT, "sign_confidentiality");
    view->may_begin = may_do(call, SLOT, "hold_first_meeting");
    view->may_log = may_do(call, SLOT, "log_meeting");
    view->may_hold = may_do(call, SLOT, "hold");
    view->may_resume = may_do(call, SLOT, "resume");
    view->may_complete = may_do(call, SLOT, "complete");
    view->may_withdraw = may_do(call, SLOT, "withdraw");
    view->may_end = may_do(call, SLOT, "end");
    view->may_undo = may_undo(call);
    view->may_answer = may_do(call, QUESTION, "answer");
    view->records_answer = records(call, "accept");
    view->records_signature = records(call, "sign_confidentiality");
}

/* What a question is about, and what of it may be read. */
static void find_question(const struct call *call, struct mentorship_view *view)
{
    const struct question *row = row_of(call, QUESTION, 0);

    if (row == NULL || !row->has_asked_at) return;
    view->asked_at = row->asked_at;
    view->question_topic = row->has_topic ? topics[row->topic].label : WORDS_KEYS;
    view->question = words_of(call, QUESTION_WHAT_QUESTION);
    view->answer = words_of(call, QUESTION_WHAT_ANSWER);
    if (row->has_answered_at) view->answered = row->answered_at;
}

/* Why it is this mentor, for who decides about that: points, sentences, and the others side by side. */

enum {
    FACTORS_MAX = sizeof((struct mentorship *)0)->explanation.at / sizeof(struct mentorship_part),
    OTHERS_MAX =
        sizeof((struct mentorship *)0)->alternatives.at / sizeof(struct mentorship_alternative),
};

struct reasoning {
    struct mentorship_factors factors[FACTORS_MAX];
    struct explained said;
    struct mentorship_sentences sentences[EXPLAINED_MAX];
    struct mentorship_others others[OTHERS_MAX];
    char costs[OTHERS_MAX][EXPLAINED_SIZE];
};

static size_t find_factors(const struct mentorship *row, struct mentorship_factors *at)
{
    size_t count = 0;

    for (uint32_t i = 0; row->has_explanation && i < row->explanation.count; i++)
        if (row->explanation.at[i].points != 0)
            at[count++] = (struct mentorship_factors){explain_factor(row->explanation.at[i].factor),
                                                      row->explanation.at[i].points};
    return count;
}

static size_t find_others(const struct call *call, const struct mentorship *row,
                          struct reasoning *reasoning)
{
    if (!row->has_alternatives || row->state != MENTORSHIP_STATE_PROPOSED) return 0;
    for (uint32_t i = 0; i < row->alternatives.count; i++) {
        const struct mentorship_alternative *one = &row->alternatives.at[i];
        const struct called *called = name_of(call, one->mentor);

        explain_cost(call, one->has_loss ? &one->loss : NULL, reasoning->costs[i]);
        reasoning->others[i] = (struct mentorship_others){
            .mentor = one->mentor,
            .who = called == NULL ? NULL : called->name,
            .points = one->points,
            .cost = reasoning->costs[i],
        };
    }
    return row->alternatives.count;
}

static void find_reasoning(const struct call *call, const struct mentorship *row,
                           struct reasoning *reasoning, struct mentorship_view *view)
{
    const struct called *mentor = name_of(call, row->mentor);

    view->coordinates = coordinates(call->flight.who.role);
    if (!view->coordinates) return;
    view->mentor_name = mentor == NULL ? NULL : mentor->name;
    view->factors.count = find_factors(row, view->factors.at = reasoning->factors);
    view->total = row->has_total ? row->total : 0;
    explain_suggestion(call, row, &reasoning->said);
    view->sentences.at = reasoning->sentences;
    for (; view->sentences.count < reasoning->said.count; view->sentences.count++)
        reasoning->sentences[view->sentences.count].text =
            reasoning->said.at[view->sentences.count];
    view->others.at = reasoning->others;
    view->others.count = find_others(call, row, reasoning);
    view->may_choose = view->may_conflict =
        row->state == MENTORSHIP_STATE_PROPOSED && may_do(call, SLOT, "offer");
}

static void show(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    const struct mentorship *row = row_of(call, SLOT, 0);
    const struct called *called = name_of(call, mentorship_other(row, role));
    struct mentorship_reasons why[sizeof row->explanation.at / sizeof row->explanation.at[0]];
    struct mentorship_meetings meetings[MEETINGS_MAX];
    struct reasoning reasoning;
    struct mentorship_view view = {
        .id = row->id,
        .mentor = row->mentor,
        .referral = row->referral,
        .lead = mentorship_says(row, role),
        .due = row->has_due ? zone_last_date(row->country, row->due) : (struct date){0},
        .who_label = role == ACTOR_ROLE_PARTICIPANT ? WORDS_PAGE_MENTORSHIP_YOUR_MENTOR
                                                    : WORDS_PAGE_MENTORSHIP_PARTICIPANT,
        .is_hidden = is_pair(role) && !mentorship_is_open_to(row, role),
        .reasons = {coordinates(role) ? 0 : find_reasons(row, why), why},
        .question_topic = WORDS_KEYS,
        .shows_signatures = row->state == MENTORSHIP_STATE_ACCEPTED,
        .mentor_signed = row->mentor_signed,
        .participant_signed = row->participant_signed,
        .started = row->has_started_on ? row->started_on : (struct date){0},
        .until = row->has_until ? row->until : (struct date){0},
        .meetings = {find_meetings(call, meetings), meetings},
        .minutes = row->minutes,
        .why = OPTIONS(reasons),
        .topics = OPTIONS(topics),
        .told = act_tolds,
        .of = OPTIONS(voices),
    };

    if (called != NULL) {
        view.who = called->name;
        view.phone = called->phone[0] == '\0' ? NULL : called->phone;
        view.email = called->email[0] == '\0' ? NULL : called->email;
    }
    find_acts(call, &view);
    find_question(call, &view);
    find_reasoning(call, row, &reasoning, &view);
    pages_answer(call, 200, WORDS_PAGE_MENTORSHIP_TITLE, mentorship_show, &view);
}

/* A conflict is of who is looked for a mentor for, whose id is the referral's. */
static void declare_conflict(struct call *call)
{
    const char *text = form_value(call->form, "_referral");
    char then[CALL_THEN_SIZE], id[ID_TEXT_SIZE];
    struct id referral;

    if (text == NULL || !id_read(text, (uint32_t)strlen(text), &referral)) {
        pages_problem(call, 400, WORDS_PAGE_PROBLEM_FORM_TITLE, WORDS_PAGE_PROBLEM_FORM_TEXT);
        return;
    }
    id_write(call->id, id);
    snprintf(then, sizeof then, "/mentorships/%s", id);
    act_say(call, call->command, &referral, then);
}

/* A question in words is the registry's; it has the mentorship's id. */
static void post(struct call *call)
{
    if (strcmp(call->act, "declare_conflict") == 0)
        declare_conflict(call);
    else if (strcmp(call->act, "propose") == 0)
        act_say(call, call->command, NULL, "/mentorships/");
    else
        act_say(call, call->command, &call->id, "/mentorships/");
}

static const char *const acts[] = {"offer",
                                   "accept",
                                   "decline",
                                   "sign_confidentiality",
                                   "hold_first_meeting",
                                   "log_meeting",
                                   "hold",
                                   "resume",
                                   "complete",
                                   "withdraw",
                                   "end",
                                   "undo",
                                   NULL};

static const struct page_post posts[] = {
    {"question", "question.ask"},
    {"answer", "question.answer"},
    {"propose", "mentorship.propose"},
    {"declare_conflict", "mentee.declare_conflict"},
    {NULL, NULL},
};

const struct page mentorship_page = {
    .path = "/mentorships/{id}",
    .roles = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_CN,
    .record = "mentorship",
    .acts = acts,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
