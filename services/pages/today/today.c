/* Today: by what somebody may see. */
#include "today/today.h"

#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "asking.h"
#include "contract/day.h"
#include "contract/question.h"
#include "core/error.h"
#include "core/input.h"
#include "core/zone.h"
#include "mentorships/mentorships.h"
#include "pages/today.h"
#include "placements/placements.h"
#include "referrals/referrals.h"
#include "rows.h"

enum {
    MENTORSHIPS = 0,
    OFFERS = 1,
    QUESTIONS = 2,
    REFERRALS = 3,
    PLACEMENTS = 4,
    DAYS = 5,
    SLOTS = 6,
    ANY_REFERRAL = 6, /* behind those that are listed */
    LIST_MAX = SLOTS * 100,
    PATH_SIZE = 64,
    COORDINATES = ROLE_CO | ROLE_PA,
    SEES_MENTORSHIPS = ROLE_ME | ROLE_PT | ROLE_CN
};

static bool is_one_of(const struct call *call, unsigned roles)
{
    return (roles >> call->flight.who.role & 1) != 0;
}

/* Each reading is written down: of those for whom something waits, and, where the work is, of all, to tell them apart. */
static void ask_names(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    const bool is_at_work = role == ACTOR_ROLE_SUPERVISOR || role == ACTOR_ROLE_HOST;

    for (size_t i = 0; i < rows_of(call, PLACEMENTS); i++) {
        const struct placement *row = row_of(call, PLACEMENTS, i);

        if (placement_waits_for(row, role, page_today(call)) ||
            (is_at_work && placement_goes_on(row)))
            placement_ask_names(call, row, false);
    }
}

/* Who coordinates is asked for by each state: what is over would push away what waits. */
static void ask(struct call *call)
{
    if (call->step == 1) ask_names(call);
    if (call->step > 0) return;
    if (is_one_of(call, PLACEMENTS_SEEN_BY)) ask_list(call, PLACEMENTS, "placement", NULL, NULL);
    if (is_one_of(call, ROLE_PT)) ask_list(call, DAYS, "day", NULL, NULL);
    if (is_one_of(call, SEES_MENTORSHIPS)) ask_list(call, MENTORSHIPS, "mentorship", NULL, NULL);
    if (!is_one_of(call, COORDINATES)) return;
    ask_list(call, MENTORSHIPS, "mentorship", "state", "proposed");
    ask_list(call, OFFERS, "mentorship", "state", "offered");
    ask_list(call, QUESTIONS, "question", "state", "waiting");
    ask_list(call, REFERRALS, "referral", "state", "received");
    if (is_one_of(call, ROLE_PA)) ask_any(call, ANY_REFERRAL, "referral");
}

/* Something on the page, and where it leads. */

struct today {
    struct today_waiting waiting[LIST_MAX];
    struct today_going_on going_on[LIST_MAX];
    char paths[LIST_MAX][PATH_SIZE];
    size_t paths_count;
};

static const char *path_to(struct today *today, const char *folder, struct id id)
{
    char *path = today->paths[today->paths_count++], text[ID_TEXT_SIZE];

    id_write(id, text);
    snprintf(path, PATH_SIZE, "/%s/%s", folder, text);
    return path;
}

static void add_waiting(struct today_view *view, const char *path, enum words_key what,
                        struct instant since, struct date due)
{
    view->waiting.at[view->waiting.count++] =
        (struct today_waiting){.path = path, .what = what, .since = since, .due = due};
}

static void add_mentorships(const struct call *call, struct today *today, struct today_view *view)
{
    const enum actor_role role = call->flight.who.role;
    const struct instant never = {0};

    for (size_t i = 0; i < rows_of(call, MENTORSHIPS); i++) {
        const struct mentorship *row = row_of(call, MENTORSHIPS, i);
        const enum words_key says = mentorship_says(row, role);

        if (mentorship_waits_for(row, role))
            add_waiting(view, path_to(today, "mentorships", row->id), says,
                        row->has_proposed_at && is_one_of(call, COORDINATES) ? row->proposed_at
                                                                             : never,
                        row->has_due ? zone_last_date(row->country, row->due) : (struct date){0});
        else if (mentorship_has_place(row))
            view->going_on.at[view->going_on.count++] = (struct today_going_on){
                .path = path_to(today, "mentorships", row->id), .what = says};
    }
}

/* What a coordinator has besides. Of an offer the clock runs, unless the mentor waits for an answer: then that is asked for. */
static void add_coordinated(const struct call *call, struct today *today, struct today_view *view)
{
    for (size_t i = 0; i < rows_of(call, OFFERS); i++) {
        const struct mentorship *row = row_of(call, OFFERS, i);

        if (row->has_asked_at) continue;
        add_waiting(view, path_to(today, "mentorships", row->id), WORDS_PAGE_TODAY_OFFERED,
                    row->offered_at,
                    row->has_due ? zone_last_date(row->country, row->due) : (struct date){0});
    }
    for (size_t i = 0; i < rows_of(call, QUESTIONS); i++) {
        const struct question *row = row_of(call, QUESTIONS, i);

        add_waiting(view, path_to(today, "mentorships", row->id), WORDS_PAGE_TODAY_QUESTION,
                    row->asked_at, (struct date){0});
    }
    for (size_t i = 0; i < rows_of(call, REFERRALS); i++) {
        const struct referral *row = row_of(call, REFERRALS, i);

        add_waiting(view, path_to(today, "referrals", row->id), WORDS_PAGE_TODAY_REFERRAL,
                    row->waiting_since, (struct date){0});
    }
}

static void add_placements(const struct call *call, struct today *today, struct today_view *view)
{
    const enum actor_role role = call->flight.who.role;

    for (size_t i = 0; i < rows_of(call, PLACEMENTS); i++) {
        const struct placement *row = row_of(call, PLACEMENTS, i);
        const struct called *called = name_of(call, row->participant);
        const char *who = called == NULL ? NULL : called->name;
        const enum words_key what = placement_asks_outcome(row, role) ? WORDS_PAGE_TODAY_OUTCOME
                                                                      : placement_says(row, role);

        if (placement_waits_for(row, role, page_today(call))) {
            add_waiting(view, path_to(today, "placements", row->id), what, (struct instant){0},
                        placement_deadline(row, role));
            view->waiting.at[view->waiting.count - 1].who = who;
        } else if (placement_goes_on(row)) {
            view->going_on.at[view->going_on.count++] = (struct today_going_on){
                .path = path_to(today, "placements", row->id), .what = what, .who = who};
        }
    }
}

/* One for each day book: its days are answered there. */
static bool is_book_found(const struct call *call, size_t before, struct id placement)
{
    for (size_t i = 0; i < before; i++) {
        const struct day *row = row_of(call, DAYS, i);

        if (row->state == DAY_STATE_LOGGED && id_equal(row->placement, placement)) return true;
    }
    return false;
}

static void add_days(const struct call *call, struct today *today, struct today_view *view)
{
    for (size_t i = 0; i < rows_of(call, DAYS); i++) {
        const struct day *row = row_of(call, DAYS, i);

        if (row->state != DAY_STATE_LOGGED || is_book_found(call, i, row->placement)) continue;
        add_waiting(view, path_to(today, "day-books", row->placement),
                    WORDS_PAGE_TODAY_DAYS_TO_ANSWER, (struct instant){0}, (struct date){0});
    }
}

static int compare(const void *a, const void *b)
{
    const struct today_waiting *one = a, *other = b;

    return one->since.ms < other->since.ms ? -1 : one->since.ms > other->since.ms;
}

/* What waits longest first; what has no hour is in the order of ids, and so of time. */
static void show(struct call *call)
{
    struct today *today = calloc(1, sizeof *today);
    struct today_view view = {.is_beginning =
                                  is_one_of(call, ROLE_PA) && rows_of(call, ANY_REFERRAL) == 0};

    if (today == NULL) bug("out of memory");
    view.waiting.at = today->waiting;
    view.going_on.at = today->going_on;
    add_mentorships(call, today, &view);
    add_placements(call, today, &view);
    add_days(call, today, &view);
    if (is_one_of(call, COORDINATES)) {
        add_coordinated(call, today, &view);
        qsort(view.waiting.at, view.waiting.count, sizeof view.waiting.at[0], compare);
    }
    view.says_nothing = view.waiting.count + view.going_on.count == 0;
    for (unsigned slot = 0; slot < SLOTS; slot++)
        view.has_more |= call->rows[slot].has_more;
    pages_answer(call, 200, WORDS_PAGE_TODAY_TITLE, today_show, &view);
    free(today);
}

const struct page today_page = {.path = "/", .roles = ~0u, .ask = ask, .show = show};
