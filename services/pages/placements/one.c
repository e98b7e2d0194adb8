/* One placement: how it stands and what is missing, who and where, and what may be done next. */
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "contract/posting.h"
#include "contract/supervisor.h"
#include "core/input.h"
#include "pages/placement.h"
#include "placements/placements.h"
#include "rows.h"

enum { LIST_MAX = 100, SLOT = 0, POSTING = 1, HOST = 2, SUPERVISORS = 3, ORGANISATIONS = 4 };

/* What forms offer. */

/* clang-format off */
static const struct show_option reasons[] = {
    {"got_a_job", WORDS_PAGE_REASON_GOT_A_JOB, NULL},
    {"education", WORDS_PAGE_REASON_EDUCATION, NULL},
    {"ill", WORDS_PAGE_REASON_ILL, NULL},
    {"did_not_show_up", WORDS_PAGE_REASON_DID_NOT_SHOW_UP, NULL},
    {"offered_suitable_work", WORDS_PAGE_REASON_OFFERED_SUITABLE_WORK, NULL},
    {"supervisor_left", WORDS_PAGE_REASON_SUPERVISOR_LEFT, NULL},
    {"access_expired", WORDS_PAGE_REASON_ACCESS_EXPIRED, NULL},
    {"no_capacity", WORDS_PAGE_REASON_NO_CAPACITY, NULL},
    {"away", WORDS_PAGE_REASON_AWAY, NULL},
    {"moved", WORDS_PAGE_REASON_MOVED, NULL},
    {"conflict", WORDS_PAGE_REASON_CONFLICT, NULL},
    {"wish", WORDS_PAGE_REASON_WISH, NULL},
    {"entered_in_error", WORDS_PAGE_REASON_ENTERED_IN_ERROR, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

static const struct show_option results[] = {
    [PLACEMENT_RESULT_REACHED] = {"reached", WORDS_PAGE_PLACEMENT_REACHED, NULL},
    [PLACEMENT_RESULT_PARTLY_REACHED] = {"partly_reached", WORDS_PAGE_PLACEMENT_PARTLY_REACHED, NULL},
    [PLACEMENT_RESULT_NOT_REACHED] = {"not_reached", WORDS_PAGE_PLACEMENT_NOT_REACHED, NULL},
};

static const struct show_option outcomes[] = {
    [PLACEMENT_OUTCOME_JOB_AT_HOST] = {"job_at_host", WORDS_PAGE_PLACEMENT_JOB_AT_HOST, NULL},
    [PLACEMENT_OUTCOME_JOB_ELSEWHERE] = {"job_elsewhere", WORDS_PAGE_PLACEMENT_JOB_ELSEWHERE, NULL},
    [PLACEMENT_OUTCOME_EDUCATION] = {"education", WORDS_PAGE_REASON_EDUCATION, NULL},
    [PLACEMENT_OUTCOME_NONE] = {"none", WORDS_PAGE_PLACEMENT_NO_OUTCOME, NULL},
};

static const struct show_option kinds_of_job[] = {
    {"permanent", WORDS_PAGE_PLACEMENT_PERMANENT, NULL},
    {"temporary", WORDS_PAGE_PLACEMENT_TEMPORARY, NULL},
    {"trial", WORDS_PAGE_PLACEMENT_TRIAL, NULL},
    {"subsidised", WORDS_PAGE_PLACEMENT_SUBSIDISED, NULL},
    {"hourly", WORDS_PAGE_PLACEMENT_HOURLY, NULL},
    {"own_business", WORDS_PAGE_PLACEMENT_OWN_BUSINESS, NULL},
};

/* What has to be met, and by whom it may be. */
static const struct requirement {
    const char *value;
    enum words_key label, by;
    unsigned roles;
} requirements[PLACEMENT_REQUIREMENTS_SHOWN] = {
    [PLACEMENT_REQUIREMENT_AGREEMENT] = {"agreement", WORDS_PAGE_PLACEMENT_AGREEMENT, WORDS_PAGE_PLACEMENT_BY_PROGRAMME, ROLE_CO | ROLE_CN},
    [PLACEMENT_REQUIREMENT_SUPERVISOR] = {"supervisor", WORDS_PAGE_PLACEMENT_SUPERVISOR, WORDS_PAGE_PLACEMENT_BY_HOST, ROLE_CO | ROLE_HO},
    [PLACEMENT_REQUIREMENT_DRAWING_ACCESS] = {"drawing_access", WORDS_PAGE_PLACEMENT_ACCESS, WORDS_PAGE_PLACEMENT_BY_HOST, ROLE_CO | ROLE_HO | ROLE_CN},
    [PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION] = {"safety_introduction", WORDS_PAGE_PLACEMENT_SAFETY, WORDS_PAGE_PLACEMENT_BY_WORKPLACE, ROLE_CO | ROLE_HO | ROLE_SU | ROLE_CN},
    [PLACEMENT_REQUIREMENT_INSURANCE] = {"insurance", WORDS_PAGE_PLACEMENT_INSURANCE, WORDS_PAGE_PLACEMENT_BY_ANYBODY, ROLE_CO | ROLE_HO | ROLE_SU | ROLE_CN},
};
/* clang-format on */

#define OPTIONS(of)                    \
    {                                  \
        sizeof(of) / sizeof(of)[0], of \
    }

/* What the page wants to know. */

static bool names_supervisors(const struct call *call)
{
    return may_do(call, SLOT, "replace_supervisor") ||
           (may_do(call, SLOT, "meet_requirement") &&
            (requirements[PLACEMENT_REQUIREMENT_SUPERVISOR].roles >> call->flight.who.role & 1) !=
                0);
}

static bool says_outcome(const struct call *call)
{
    return may_do(call, SLOT, "record_outcome") ||
           may_record(call, SLOT, "record_outcome", "participant");
}

/* Where it is, a participant learns with the agreement, and a decision-maker not at all. */
static bool shows_place(const struct call *call, const struct placement *row)
{
    const enum actor_role role = call->flight.who.role;

    return role != ACTOR_ROLE_DECISION_MAKER && (role != ACTOR_ROLE_PARTICIPANT || row->agreement);
}

/* The host's own. */
static void ask_supervisors(struct call *call, const struct placement *row)
{
    ask_list_of(call, SUPERVISORS, "supervisor", "organisation", row->host);
}

static void ask(struct call *call)
{
    const struct placement *row = row_of(call, SLOT, 0);

    if (call->step == 0) ask_one(call, SLOT, "placement", call->id, true);
    if (call->step == 1) {
        placement_ask_names(call, row, true);
        ask_one(call, HOST, "organisation", row->host, false);
        if (shows_place(call, row)) ask_one(call, POSTING, "posting", row->posting, false);
        if (names_supervisors(call)) ask_supervisors(call, row);
        if (says_outcome(call)) ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
    }
    if (call->step == 2)
        for (size_t i = 0; i < rows_of(call, SUPERVISORS); i++) {
            const struct supervisor *one = row_of(call, SUPERVISORS, i);

            if (one->state == SUPERVISOR_STATE_ACTIVE)
                ask_person(call, one->id, ask_purpose(call->flight.who.role), false);
        }
}

/* What is shown. */

enum { FORMS = 12 };

/* Room for what a page's options point to. */
struct room {
    struct show_option voices[FORMS][PLACEMENT_VOICES];
    size_t used;
    struct placement_requirements requirements[PLACEMENT_REQUIREMENTS_SHOWN];
    struct show_option met[PLACEMENT_REQUIREMENTS_SHOWN];
    struct show_option supervisors[LIST_MAX], organisations[LIST_MAX];
    char ids[2 * LIST_MAX][ID_TEXT_SIZE];
};

/* A form that somebody says for themself, or for another, or both. */
static void offer(const struct call *call, struct room *room, const char *command, bool *offers,
                  bool *self, struct show_options *of)
{
    struct show_option *at = room->voices[room->used++];

    *of = (struct show_options){placement_voices(call, SLOT, command, at), at};
    *self = may_do(call, SLOT, command);
    *offers = *self || of->count > 0;
}

static bool is_theirs(const struct call *call, enum placement_requirement kind)
{
    return (requirements[kind].roles >> call->flight.who.role & 1) != 0;
}

static void find_requirements(const struct call *call, const struct placement *row,
                              struct room *room, struct placement_view *view)
{
    struct show_options met = {0, room->met};

    for (unsigned i = 0; i < PLACEMENT_REQUIREMENTS_SHOWN; i++) {
        const enum placement_requirement kind = (enum placement_requirement)i;

        room->requirements[i] = (struct placement_requirements){
            .what = requirements[i].label,
            .by = requirements[i].by,
            .is_met = placement_meets(row, kind),
            .until = kind == PLACEMENT_REQUIREMENT_DRAWING_ACCESS && row->has_drawing_access
                         ? row->drawing_access
                         : (struct date){0},
        };
        if (placement_meets(row, kind) && is_theirs(call, kind))
            room->met[met.count++] =
                (struct show_option){requirements[i].value, requirements[i].label, NULL};
    }
    view->requirements.count = PLACEMENT_REQUIREMENTS_SHOWN;
    view->requirements.at = room->requirements;
    view->met = met;
}

static bool may_meet(const struct call *call, const struct placement *row, bool offers,
                     enum placement_requirement kind)
{
    return offers && is_theirs(call, kind) && !placement_meets(row, kind);
}

static void find_meeting(const struct call *call, const struct placement *row, struct room *room,
                         struct placement_view *view)
{
    bool offers;

    offer(call, room, "meet_requirement", &offers, &view->self_meet, &view->of_meet);
    view->meets_agreement = may_meet(call, row, offers, PLACEMENT_REQUIREMENT_AGREEMENT);
    view->meets_supervisor = may_meet(call, row, offers, PLACEMENT_REQUIREMENT_SUPERVISOR) &&
                             view->supervisors.count > 0;
    view->meets_access =
        row->has_supervisor && may_meet(call, row, offers, PLACEMENT_REQUIREMENT_DRAWING_ACCESS);
    view->meets_safety = may_meet(call, row, offers, PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION);
    view->meets_insurance = may_meet(call, row, offers, PLACEMENT_REQUIREMENT_INSURANCE);
    offer(call, room, "lose_requirement", &offers, &view->self_lose, &view->of_lose);
    view->offers_lose = offers && view->met.count > 0;
}

/* Nobody is named whose name who looks may not read. */
static void find_supervisors(const struct call *call, const struct placement *row,
                             struct room *room, struct placement_view *view)
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, SUPERVISORS) && i < LIST_MAX; i++) {
        const struct supervisor *one = row_of(call, SUPERVISORS, i);
        const struct called *called = name_of(call, one->id);

        if (called == NULL || (row->has_supervisor && id_equal(row->supervisor, one->id))) continue;
        id_write(one->id, room->ids[i]);
        room->supervisors[count++] = (struct show_option){room->ids[i], WORDS_KEYS, called->name};
    }
    view->supervisors = (struct show_options){count, room->supervisors};
}

static void find_organisations(const struct call *call, const struct placement *row,
                               struct room *room, struct placement_view *view)
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, ORGANISATIONS) && i < LIST_MAX; i++) {
        const struct organisation *one = row_of(call, ORGANISATIONS, i);

        if (id_equal(one->id, row->host)) continue;
        id_write(one->id, room->ids[LIST_MAX + i]);
        room->organisations[count++] =
            (struct show_option){room->ids[LIST_MAX + i], WORDS_KEYS, one->name};
    }
    view->organisations = (struct show_options){count, room->organisations};
}

/* A participant is not told which step was the last: whether there is one that may have been theirs. */
static bool has_own_step(const struct placement *row)
{
    return row->state == PLACEMENT_STATE_INTERRUPTED || row->state == PLACEMENT_STATE_ENDED_EARLY ||
           row->state == PLACEMENT_STATE_CANCELLED || row->opinion != PLACEMENT_OPINION_NONE ||
           row->has_outcome || (row->has_pauses && row->pauses.count > 0);
}

/* Whose step it was, or whose word. */
static bool may_undo(const struct call *call, const struct placement *row)
{
    const struct placement_way_back *undo = &row->undo;

    if (!may_do(call, SLOT, "undo")) return false;
    if (call->flight.who.role == ACTOR_ROLE_PARTICIPANT) return has_own_step(row);
    return row->has_undo && (step_is_mine(call, undo->by, undo->until) ||
                             (undo->has_of && step_is_my_word(call, undo->of, undo->until)));
}

static void find_acts(const struct call *call, const struct placement *row, struct room *room,
                      struct placement_view *view)
{
    offer(call, room, "start", &view->offers_start, &view->self_start, &view->of_start);
    offer(call, room, "report_no_show", &view->offers_no_show, &view->self_no_show,
          &view->of_no_show);
    offer(call, room, "interrupt", &view->offers_interrupt, &view->self_interrupt,
          &view->of_interrupt);
    offer(call, room, "resume", &view->offers_resume, &view->self_resume, &view->of_resume);
    offer(call, room, "end", &view->offers_end, &view->self_end, &view->of_end);
    offer(call, room, "assess", &view->offers_assess, &view->self_assess, &view->of_assess);
    offer(call, room, "agree", &view->offers_agree, &view->self_agree, &view->of_agree);
    offer(call, room, "contest", &view->offers_contest, &view->self_contest, &view->of_contest);
    offer(call, room, "record_outcome", &view->offers_outcome, &view->self_outcome,
          &view->of_outcome);
    offer(call, room, "cancel", &view->offers_cancel, &view->self_cancel, &view->of_cancel);
    view->may_change_period = may_do(call, SLOT, "change_period");
    view->may_replace = row->has_supervisor && may_do(call, SLOT, "replace_supervisor") &&
                        view->supervisors.count > 0;
    view->may_undo = may_undo(call, row);
}

static void find_place(const struct call *call, struct placement_view *view)
{
    const struct organisation *host = row_of(call, HOST, 0);
    const struct posting *posting = row_of(call, POSTING, 0);

    if (posting != NULL) {
        view->title = posting->details.title;
        view->site = posting->details.site;
        view->object = posting->details.object.task;
    }
    if (host != NULL) view->host = host->name;
}

static void find_people(const struct call *call, const struct placement *row,
                        struct placement_view *view)
{
    const enum actor_role role = call->flight.who.role;
    const struct called *participant = name_of(call, row->participant);
    const struct called *supervisor = row->has_supervisor ? name_of(call, row->supervisor) : NULL;

    if (participant != NULL && role != ACTOR_ROLE_PARTICIPANT)
        view->participant = participant->name;
    if (supervisor != NULL) view->supervisor = supervisor->name;
    view->is_name_later = role == ACTOR_ROLE_PARTICIPANT && !row->agreement;
}

static struct date or_none(bool has, struct date date)
{
    return has ? date : (struct date){0};
}

static void find_result(const struct placement *row, struct placement_view *view)
{
    view->result = row->has_result ? results[row->result].label : WORDS_KEYS;
    view->outcome = row->has_outcome ? outcomes[row->outcome].label : WORDS_KEYS;
    view->outcome_from = or_none(row->has_outcome_from, row->outcome_from);
    view->opinion = row->opinion == PLACEMENT_OPINION_AGREES     ? WORDS_PAGE_PLACEMENT_AGREES
                    : row->opinion == PLACEMENT_OPINION_CONTESTS ? WORDS_PAGE_PLACEMENT_CONTESTS
                                                                 : WORDS_KEYS;
}

static void show(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    const struct placement *row = row_of(call, SLOT, 0);
    struct room room = {.used = 0};
    struct placement_view view = {
        .id = row->id,
        .lead = placement_says(row, role),
        .due = placement_waits_for(row, role, page_today(call)) ? placement_deadline(row, role)
                                                                : (struct date){0},
        .from = row->from,
        .until = row->until,
        .started = or_none(row->has_started_on, row->started_on),
        .ended = or_none(row->has_ended_on, row->ended_on),
        .paused_until = row->state == PLACEMENT_STATE_INTERRUPTED
                            ? or_none(row->has_interrupted_until, row->interrupted_until)
                            : (struct date){0},
        .hours = row->minutes / 60,
        .rest = row->minutes % 60,
        .shows_requirements = row->state == PLACEMENT_STATE_PLANNED,
        .has_day_book = row->has_started_on && ((unsigned)DAYS_SEEN_BY >> role & 1) != 0,
        .asks_outcome = placement_asks_outcome(row, role),
        .reasons = OPTIONS(reasons),
        .results = OPTIONS(results),
        .outcomes = OPTIONS(outcomes),
        .jobs = OPTIONS(kinds_of_job),
        .told = act_tolds,
    };

    find_place(call, &view);
    find_people(call, row, &view);
    find_result(row, &view);
    find_supervisors(call, row, &room, &view);
    find_organisations(call, row, &room, &view);
    find_requirements(call, row, &room, &view);
    find_meeting(call, row, &room, &view);
    find_acts(call, row, &room, &view);
    pages_answer(call, 200, WORDS_PAGE_PLACEMENT_TITLE, placement_show, &view);
}

/* Each requirement has a form of its own: what it asks for is another. */
static const struct page_post posts[] = {
    {"meet_agreement", "placement.meet_requirement"},
    {"meet_supervisor", "placement.meet_requirement"},
    {"meet_access", "placement.meet_requirement"},
    {"meet_safety", "placement.meet_requirement"},
    {"meet_insurance", "placement.meet_requirement"},
    {"lose_requirement", "placement.lose_requirement"},
    {"start", "placement.start"},
    {"report_no_show", "placement.report_no_show"},
    {"change_period", "placement.change_period"},
    {"replace_supervisor", "placement.replace_supervisor"},
    {"interrupt", "placement.interrupt"},
    {"resume", "placement.resume"},
    {"end", "placement.end"},
    {"assess", "placement.assess"},
    {"agree", "placement.agree"},
    {"contest", "placement.contest"},
    {"record_outcome", "placement.record_outcome"},
    {"cancel", "placement.cancel"},
    {"undo", "placement.undo"},
    {NULL, NULL},
};

static void post(struct call *call)
{
    placement_drop_behalf(call->form);
    act_say(call, call->command, &call->id, "/placements/");
}

const struct page placement_page = {
    .path = "/placements/{id}",
    .roles = PLACEMENTS_SEEN_BY,
    .record = "placement",
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
