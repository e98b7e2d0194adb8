/* Today: by what somebody may see. */
#include "today/today.h"

#include <stdio.h>

#include "answer.h"
#include "asking.h"
#include "core/input.h"
#include "core/zone.h"
#include "mentorships/mentorships.h"
#include "pages/today.h"
#include "rows.h"

enum {
    LIST_MAX = 100,
    PATH_SIZE = 64,
    MENTORSHIPS = 0,
    SEES_MENTORSHIPS = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_CN
};

static void ask(struct call *call)
{
    if (call->step == 0 && (SEES_MENTORSHIPS >> call->flight.who.role & 1) != 0)
        ask_list(call, MENTORSHIPS, "mentorship", NULL, NULL);
}

static bool goes_on(const struct mentorship *row)
{
    return row->state == MENTORSHIP_STATE_OFFERED || row->state == MENTORSHIP_STATE_ACCEPTED ||
           row->state == MENTORSHIP_STATE_AGREED || row->state == MENTORSHIP_STATE_ACTIVE ||
           row->state == MENTORSHIP_STATE_ON_HOLD;
}

/* What waits longest first: ids are in the order of time. */
static void show(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    struct today_waiting waiting[LIST_MAX];
    struct today_going_on going_on[LIST_MAX];
    char paths[LIST_MAX][PATH_SIZE];
    struct today_view view = {.waiting = {0, waiting}, .going_on = {0, going_on}};

    for (size_t i = 0; i < rows_of(call, MENTORSHIPS) && i < LIST_MAX; i++) {
        const struct mentorship *row = row_of(call, MENTORSHIPS, i);
        char id[ID_TEXT_SIZE];

        id_write(row->id, id);
        snprintf(paths[i], PATH_SIZE, "/mentorships/%s", id);
        if (mentorship_waits_for(row, role))
            waiting[view.waiting.count++] = (struct today_waiting){
                .path = paths[i],
                .what = mentorship_says(row, role),
                .due = row->has_due ? zone_last_date(row->country, row->due) : (struct date){0},
            };
        else if (goes_on(row))
            going_on[view.going_on.count++] =
                (struct today_going_on){.path = paths[i], .what = mentorship_says(row, role)};
    }
    view.says_nothing = view.waiting.count + view.going_on.count == 0;
    view.has_more = call->rows[MENTORSHIPS].has_more;
    pages_answer(call, 200, WORDS_PAGE_TODAY_TITLE, today_show, &view);
}

const struct page today_page = {.path = "/", .roles = ~0u, .ask = ask, .show = show};
