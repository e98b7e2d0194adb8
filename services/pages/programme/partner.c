/* One agency's system: where it sends, who may know its secret, where it is told what happened, and what may be done next. */
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "pages/partner.h"
#include "programme/programme.h"
#include "rows.h"

enum { SLOT = 0, ENDPOINTS = 1, ORGANISATION = 2, LIST_MAX = 100 };

static void ask(struct call *call)
{
    const struct partner *row;

    if (call->step == 0) {
        ask_one(call, SLOT, "partner", call->id, true);
        ask_list_of(call, ENDPOINTS, "endpoint", "partner", call->id);
    }
    if (call->step != 1) return;
    row = row_of(call, SLOT, 0);
    if (row->has_organisation)
        ask_one(call, ORGANISATION, "organisation", row->organisation, false);
    for (uint32_t i = 0; i < row->hands.count; i++)
        ask_listed(call, row->hands.at[i], PERSON_PURPOSE_COORDINATION);
}

static size_t find_endpoints(const struct call *call, struct partner_endpoints at[LIST_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, ENDPOINTS) && count < LIST_MAX; i++) {
        const struct endpoint *row = row_of(call, ENDPOINTS, i);

        at[count++] = (struct partner_endpoints){row->id, row->url, endpoint_says(row)};
    }
    return count;
}

/* Those whose names their reader may know; the others are counted. */
static size_t find_hands(const struct call *call, const struct partner *row,
                         struct partner_hands *at, int64_t *others)
{
    size_t count = 0;

    for (uint32_t i = 0; i < row->hands.count; i++) {
        const struct called *called = name_of(call, row->hands.at[i]);

        if (called != NULL)
            at[count++].who = called->name;
        else
            ++*others;
    }
    return count;
}

static void show(struct call *call)
{
    const struct partner *row = row_of(call, SLOT, 0);
    const bool is_active = row->state == PARTNER_STATE_ACTIVE;
    struct partner_endpoints endpoints[LIST_MAX];
    struct partner_hands hands[sizeof row->hands.at / sizeof row->hands.at[0]];
    char hook[HOOK_SIZE];
    struct partner_view view = {
        .id = row->id,
        .name = row->name,
        .lead = partner_says(row),
        .organisation =
            row->has_organisation ? organisation_name(call, ORGANISATION, row->organisation) : NULL,
        .hook = is_active ? hook : NULL,
        .endpoints = {find_endpoints(call, endpoints), endpoints},
        .is_unknown = !row->has_hands,
        .is_operators = row->has_hands && row->hands.count == 0,
        .may_add = is_active,
        .may_rotate = may_do(call, SLOT, "rotate_secret"),
        .may_disable = may_do(call, SLOT, "disable"),
        .may_undo = may_do(call, SLOT, "undo") && row->has_undo &&
                    step_is_mine(call, row->undo.by, row->undo.until),
        .reasons = programme_reasons,
    };

    view.hands.at = hands;
    view.hands.count = find_hands(call, row, hands, &view.others);
    programme_hook(call, row->id, hook);
    pages_answer(call, 200, WORDS_PAGE_PARTNER_TITLE, partner_show, &view);
}

static void on_rotated(void *cookie, const struct reply *reply)
{
    static const struct once once = {
        .title = WORDS_PAGE_PARTNER_ROTATED,
        .lead = WORDS_PAGE_PARTNER_SECRET_LEAD,
        .path = "/partners/",
        .next = WORDS_PAGE_PARTNER_NEXT,
        .has_hook = true,
    };

    once_answer(cookie, reply, &once);
}

static void on_endpoint(void *cookie, const struct reply *reply)
{
    static const struct once once = {
        .title = WORDS_PAGE_ENDPOINT_ADDED,
        .lead = WORDS_PAGE_ENDPOINT_SECRET_LEAD,
        .path = "/endpoints/",
        .next = WORDS_PAGE_ENDPOINT_NEXT,
    };

    once_answer(cookie, reply, &once);
}

static void post(struct call *call)
{
    struct error err;
    bool is_said;

    if (strcmp(call->act, "make_token") == 0) {
        token_make(call);
        return;
    }
    if (strcmp(call->act, "rotate_secret") == 0)
        is_said = act_say_part(call, call->command, &call->id, call->form, 0, on_rotated, &err);
    else
        is_said = act_say_part(call, call->command, NULL, call->form, 0, on_endpoint, &err);
    if (!is_said) act_refuse(call, &err);
}

static const char *const acts[] = {"disable", "undo", NULL};

static const struct page_post posts[] = {
    {"rotate_secret", "partner.rotate_secret"},
    {"add_endpoint", "endpoint.create"},
    {"make_token", "token.create"},
    {NULL, NULL},
};

const struct page partner_page = {
    .path = "/partners/{id}",
    .roles = ROLE_PA,
    .record = "partner",
    .acts = acts,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
