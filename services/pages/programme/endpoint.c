/* One address that is told what happened: how it stands, what was sent there lately, and what may be done next. */
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "core/input.h"
#include "pages/endpoint.h"
#include "programme/programme.h"
#include "rows.h"

enum {
    SLOT = 0,
    PARTNER = 1,
    LATEST = 2,
    SPANS = 3,
    HUNDREDS = CALL_ROWS - LATEST - SPANS + 1,
    LIST_MAX = 100
};

/* How far back is looked, the widest first: what goes on a page is the widest that has room for all of its own. */
static const int64_t hours[SPANS] = {30 * 24, 24, 1};

/* Of the spans the one that is shown: the narrowest where none has room for all of its own. */
static unsigned find_span(const struct call *call)
{
    unsigned slot = LATEST;

    while (slot < LATEST + SPANS - 1 && call->rows[slot].has_more)
        slot++;
    return slot;
}

/* Where its rows are, a hundred in each; CALL_ROWS: nowhere any more. */
static unsigned find_slot(const struct call *call, unsigned hundred)
{
    return hundred == 0 ? find_span(call) : LATEST + SPANS - 1 + hundred;
}

static void ask_next(struct call *call, unsigned hundred)
{
    const unsigned slot = find_slot(call, hundred), behind = find_slot(call, hundred - 1);

    if (slot < CALL_ROWS && call->rows[behind].has_more)
        ask_more_of(call, slot, behind, "endpoint", call->id);
}

static void ask(struct call *call)
{
    const int64_t now_ms = call->pages->door.front.now_ms;
    char id[ID_TEXT_SIZE];

    if (call->step > 0) ask_next(call, call->step);
    if (call->step == 0) {
        id_write(call->id, id);
        ask_one(call, SLOT, "endpoint", call->id, true);
        for (unsigned i = 0; i < SPANS; i++)
            ask_list_since(call, LATEST + i, "delivery", "endpoint", id,
                           (struct instant){now_ms - hours[i] * 3600 * 1000});
    }
    if (call->step == 1) {
        const struct endpoint *row = row_of(call, SLOT, 0);

        ask_one(call, PARTNER, "partner", row->partner, false);
    }
}

/* The latest first. */
static size_t find_deliveries(const struct call *call, struct endpoint_deliveries at[LIST_MAX])
{
    size_t count = 0;

    for (unsigned hundred = HUNDREDS; hundred-- > 0;) {
        const unsigned slot = find_slot(call, hundred);

        for (size_t i = rows_of(call, slot); i-- > 0 && count < LIST_MAX;) {
            const struct delivery *row = row_of(call, slot, i);

            at[count++] = (struct endpoint_deliveries){
                .id = row->id,
                .queued = row->queued,
                .what = delivery_says(row),
                .why = delivery_says_why(row),
                .code = row->has_code ? row->code : 0,
                .attempts = row->attempts,
                .is_test = row->test,
            };
        }
    }
    return count;
}

static void show(struct call *call)
{
    const struct endpoint *row = row_of(call, SLOT, 0);
    const struct partner *partner = row_of(call, PARTNER, 0);
    struct endpoint_deliveries deliveries[LIST_MAX];
    const struct endpoint_view view = {
        .id = row->id,
        .url = row->url,
        .lead = endpoint_says(row),
        .partner = row->partner,
        .partner_name = partner == NULL ? NULL : partner->name,
        .disabled = row->has_disabled_at ? row->disabled_at : (struct instant){0},
        .is_uncleared = !row->cleared,
        .deliveries = {find_deliveries(call, deliveries), deliveries},
        .has_more = call->rows[LATEST].has_more,
        .may_test = may_do(call, SLOT, "test"),
        .may_rotate = may_do(call, SLOT, "rotate_secret"),
        .may_disable = may_do(call, SLOT, "disable"),
        .may_undo = may_do(call, SLOT, "undo") && row->has_undo &&
                    step_is_mine(call, row->undo.by, row->undo.until),
        .reasons = programme_reasons,
    };

    pages_answer(call, 200, WORDS_PAGE_ENDPOINT_TITLE, endpoint_show, &view);
}

static void on_rotated(void *cookie, const struct reply *reply)
{
    static const struct once once = {
        .title = WORDS_PAGE_PARTNER_ROTATED,
        .lead = WORDS_PAGE_ENDPOINT_SECRET_LEAD,
        .path = "/endpoints/",
        .next = WORDS_PAGE_ENDPOINT_NEXT,
    };

    once_answer(cookie, reply, &once);
}

static void post(struct call *call)
{
    struct error err;

    if (!act_say_part(call, call->command, &call->id, call->form, 0, on_rotated, &err))
        act_refuse(call, &err);
}

static const char *const acts[] = {"test", "disable", "undo", NULL};

static const struct page_post posts[] = {
    {"rotate_secret", "endpoint.rotate_secret"},
    {NULL, NULL},
};

const struct page endpoint_page = {
    .path = "/endpoints/{id}",
    .roles = ROLE_PA,
    .record = "endpoint",
    .acts = acts,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
