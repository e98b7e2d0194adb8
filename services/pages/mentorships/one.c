/* One mentorship: how it stands, who the other is, what has been, and what may be done next. */
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/mentor_meeting.h"
#include "core/input.h"
#include "core/zone.h"
#include "mentorships/mentorships.h"
#include "pages/mentorship.h"
#include "rows.h"

enum { MEETINGS_MAX = 100, SLOT = 0, MEETINGS = 1 };

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

static const struct show_option tolds[] = {
    {"telephone", WORDS_PAGE_TOLD_TELEPHONE, NULL},
    {"in_person", WORDS_PAGE_TOLD_IN_PERSON, NULL},
    {"letter", WORDS_PAGE_TOLD_LETTER, NULL},
    {"message", WORDS_PAGE_TOLD_MESSAGE, NULL},
    {"other", WORDS_PAGE_TOLD_OTHER, NULL},
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

static struct id other_of(const struct mentorship *row, enum actor_role role)
{
    return role == ACTOR_ROLE_PARTICIPANT ? row->mentor : row->participant;
}

static void ask(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    const struct mentorship *row = row_of(call, SLOT, 0);

    if (call->step == 0) {
        ask_one(call, SLOT, "mentorship", call->id, true);
        return;
    }
    if (call->step > 1) return;
    if (row->has_started_on && role != ACTOR_ROLE_COUNSELLOR)
        ask_list_of(call, MEETINGS, "mentor_meeting", "mentorship", row->id);
    /* a participant is told by whom they are looked after, and no more: the mentor gets in touch */
    if (mentorship_is_open_to(row, role))
        ask_person(call, other_of(row, role),
                   is_pair(role) ? PERSON_PURPOSE_GUIDANCE : PERSON_PURPOSE_COORDINATION,
                   role != ACTOR_ROLE_PARTICIPANT);
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
    view->may_undo = may_do(call, SLOT, "undo");
    view->records_answer = records(call, "accept");
    view->records_signature = records(call, "sign_confidentiality");
}

static void show(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    const struct mentorship *row = row_of(call, SLOT, 0);
    const struct called *called = name_of(call, other_of(row, role));
    struct mentorship_reasons why[sizeof row->explanation.at / sizeof row->explanation.at[0]];
    struct mentorship_meetings meetings[MEETINGS_MAX];
    struct mentorship_view view = {
        .id = row->id,
        .lead = mentorship_says(row, role),
        .due = row->has_due ? zone_last_date(row->country, row->due) : (struct date){0},
        .who_label = role == ACTOR_ROLE_PARTICIPANT ? WORDS_PAGE_MENTORSHIP_YOUR_MENTOR
                                                    : WORDS_PAGE_MENTORSHIP_PARTICIPANT,
        .is_hidden = is_pair(role) && !mentorship_is_open_to(row, role),
        .reasons = {find_reasons(row, why), why},
        .shows_signatures = row->state == MENTORSHIP_STATE_ACCEPTED,
        .mentor_signed = row->mentor_signed,
        .participant_signed = row->participant_signed,
        .started = row->has_started_on ? row->started_on : (struct date){0},
        .until = row->has_until ? row->until : (struct date){0},
        .meetings = {find_meetings(call, meetings), meetings},
        .minutes = row->minutes,
        .why = OPTIONS(reasons),
        .topics = OPTIONS(topics),
        .told = OPTIONS(tolds),
        .of = OPTIONS(voices),
    };

    if (called != NULL) {
        view.who = called->name;
        view.phone = called->phone[0] == '\0' ? NULL : called->phone;
        view.email = called->email[0] == '\0' ? NULL : called->email;
    }
    find_acts(call, &view);
    pages_answer(call, 200, WORDS_PAGE_MENTORSHIP_TITLE, mentorship_show, &view);
}

/* A question in words is the registry's; it has the mentorship's id. */
static void post(struct call *call)
{
    if (strcmp(call->act, "question") == 0)
        act_say(call, "question.ask", &call->id, "/mentorships/");
    else
        pages_problem(call, 404, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
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

const struct page mentorship_page = {
    .path = "/mentorships/{id}",
    .roles = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_CN,
    .record = "mentorship",
    .acts = acts,
    .ask = ask,
    .show = show,
    .post = post,
};
