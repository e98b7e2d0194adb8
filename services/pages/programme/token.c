/* One access key: whom it lets in as what, who may have seen it, and its end; a new one. */
#include "pages/token.h"
#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "naming.h"
#include "programme/programme.h"
#include "rows.h"

enum { SLOT = 0, ORGANISATION = 1, PARTNER = 2 };

/* clang-format off */
static const struct show_option reasons[] = {
    {"unused", WORDS_PAGE_WHY_UNUSED, NULL},
    {"lost", WORDS_PAGE_WHY_LOST, NULL},
    {"compromised", WORDS_PAGE_WHY_KNOWN, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};
/* clang-format on */

static void ask(struct call *call)
{
    const struct token *row;

    if (call->step == 0) ask_one(call, SLOT, "token", call->id, true);
    if (call->step != 1) return;
    row = row_of(call, SLOT, 0);
    if (row->has_organisation)
        ask_one(call, ORGANISATION, "organisation", row->organisation, false);
    if (row->role == ACTOR_ROLE_AGENCY_SYSTEM)
        ask_one(call, PARTNER, "partner", row->person, false);
    else if (row->has_person)
        ask_listed(call, row->person, PERSON_PURPOSE_COORDINATION);
    for (uint32_t i = 0; i < row->hands.count; i++)
        ask_listed(call, row->hands.at[i], PERSON_PURPOSE_COORDINATION);
}

static void show(struct call *call)
{
    const struct token *row = row_of(call, SLOT, 0);
    const struct partner *partner = row_of(call, PARTNER, 0);
    const struct called *called = name_of(call, row->person);
    struct token_hands hands[sizeof row->hands.at / sizeof row->hands.at[0]];
    struct token_view view = {
        .id = row->id,
        .lead = token_says(row, (struct instant){call->pages->door.front.now_ms}),
        .role = name_role(row->role),
        .who = partner != NULL  ? partner->name
               : called != NULL ? called->name
                                : NULL,
        .organisation =
            row->has_organisation ? organisation_name(call, ORGANISATION, row->organisation) : NULL,
        .expires = row->expires,
        .hands = {0, hands},
        .is_unknown = !row->has_hands,
        .is_operators = row->has_hands && row->hands.count == 0,
        .may_revoke = may_do(call, SLOT, "revoke"),
        .reasons = {sizeof reasons / sizeof reasons[0], reasons},
    };

    for (uint32_t i = 0; i < row->hands.count; i++) {
        const struct called *hand = name_of(call, row->hands.at[i]);

        if (hand != NULL)
            hands[view.hands.count++].who = hand->name;
        else
            view.others++;
    }
    pages_answer(call, 200, WORDS_PAGE_TOKEN_TITLE, token_show, &view);
}

static void on_made(void *cookie, const struct reply *reply)
{
    static const struct once once = {
        .title = WORDS_PAGE_TOKEN_MADE,
        .lead = WORDS_PAGE_TOKEN_SECRET_LEAD,
        .path = "/tokens/",
        .next = WORDS_PAGE_TOKEN_NEXT,
    };

    once_answer(cookie, reply, &once);
}

void token_make(struct call *call)
{
    struct error err;

    if (!act_say_part(call, call->command, NULL, call->form, 0, on_made, &err))
        act_refuse(call, &err);
}

static const char *const acts[] = {"revoke", NULL};

const struct page token_page = {
    .path = "/tokens/{id}",
    .roles = ROLE_PA,
    .record = "token",
    .acts = acts,
    .ask = ask,
    .show = show,
};
