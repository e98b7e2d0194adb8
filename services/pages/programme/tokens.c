/* The access keys of a programme: as what each lets in, whom, and until when. */
#include "pages/tokens.h"
#include "answer.h"
#include "asking.h"
#include "core/input.h"
#include "naming.h"
#include "programme/programme.h"
#include "rows.h"

enum { TOKENS = 0, PARTNERS = 1, LIST_MAX = 100 };

static void ask(struct call *call)
{
    if (call->step == 0) {
        ask_list(call, TOKENS, "token", "state", token_state_words[TOKEN_STATE_ACTIVE]);
        ask_list(call, PARTNERS, "partner", NULL, NULL);
    }
    if (call->step != 1) return;
    for (size_t i = 0; i < rows_of(call, TOKENS); i++) {
        const struct token *row = row_of(call, TOKENS, i);

        if (row->has_person && row->role != ACTOR_ROLE_AGENCY_SYSTEM)
            ask_listed(call, row->person, PERSON_PURPOSE_COORDINATION);
    }
}

static const char *find_who(const struct call *call, const struct token *row)
{
    const struct called *called = name_of(call, row->person);

    if (row->role != ACTOR_ROLE_AGENCY_SYSTEM) return called == NULL ? NULL : called->name;
    for (size_t i = 0; i < rows_of(call, PARTNERS); i++) {
        const struct partner *partner = row_of(call, PARTNERS, i);

        if (id_equal(partner->id, row->person)) return partner->name;
    }
    return NULL;
}

static void show(struct call *call)
{
    const struct instant now = {call->pages->door.front.now_ms};
    struct tokens_rows lines[LIST_MAX];
    struct tokens_view view = {.rows = {0, lines}, .has_more = call->rows[TOKENS].has_more};

    for (size_t i = 0; i < rows_of(call, TOKENS) && i < LIST_MAX; i++) {
        const struct token *row = row_of(call, TOKENS, i);

        lines[view.rows.count++] = (struct tokens_rows){
            .id = row->id,
            .who = find_who(call, row),
            .role = name_role(row->role),
            .expires = row->expires,
            .what = token_says(row, now),
        };
    }
    pages_answer(call, 200, WORDS_PAGE_TOKENS_TITLE, tokens_show, &view);
}

const struct page tokens_page = {
    .path = "/tokens",
    .roles = ROLE_PA,
    .ask = ask,
    .show = show,
};
