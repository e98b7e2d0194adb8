/* The rules of a programme, in words with their unit, and their change. */
#include <stdio.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "contract/programme.h"
#include "core/input.h"
#include "pages/programme_rules.h"
#include "programme/organising.h"
#include "rows.h"

enum {
    SLOT = 0,
    ASSOCIATIONS = 1,
    NUMBER_SIZE = 24,
    BOOK_DAYS = 14 /* where the programme has not said */
};

/* clang-format off */
static const struct show_option answers[] = {
    {"yes", WORDS_PAGE_RULES_YES, NULL},
    {"no", WORDS_PAGE_RULES_NO, NULL},
};
/* clang-format on */

/* Each number as text, for the form. */
struct rule_texts {
    char offer[NUMBER_SIZE], offer_reminder[NUMBER_SIZE], sign[NUMBER_SIZE],
        sign_reminder[NUMBER_SIZE], info[NUMBER_SIZE], complete[NUMBER_SIZE], meetings[NUMBER_SIZE],
        target[NUMBER_SIZE], book[NUMBER_SIZE], access[NUMBER_SIZE];
};

static void ask(struct call *call)
{
    if (call->step > 0) return;
    ask_one(call, SLOT, "programme", call->flight.who.programme, true);
    ask_list(call, ASSOCIATIONS, "organisation", "kind",
             organisation_kind_words[ORGANISATION_KIND_ASSOCIATION]);
}

static const char *write(char text[NUMBER_SIZE], int64_t number)
{
    snprintf(text, NUMBER_SIZE, "%lld", (long long)number);
    return text;
}

static enum words_key say(bool is)
{
    return answers[is ? 0 : 1].label;
}

static bool was_looked_at(const struct programme *row, enum programme_looked_at what)
{
    for (uint32_t i = 0; i < row->looked.count; i++)
        if (row->looked.at[i] == what) return true;
    return false;
}

static void show(struct call *call)
{
    const struct programme *row = row_of(call, SLOT, 0);
    const struct rules *rules = &row->rules;
    struct rule_texts texts;
    const struct programme_rules_view view = {
        .name = row->name,
        .is_closed = row->state == PROGRAMME_STATE_CLOSED,
        .from = row->from,
        .until = row->has_until ? row->until : (struct date){0},
        .unreached = row->has_unreached_since ? row->unreached_since : (struct instant){0},
        .has_mailbox = programme_has_mailbox(call, row, ASSOCIATIONS),
        .offer_days = write(texts.offer, rules->offer_days),
        .offer_reminder_days = write(texts.offer_reminder, rules->offer_reminder_days),
        .sign_days = write(texts.sign, rules->sign_days),
        .sign_reminder_days = write(texts.sign_reminder, rules->sign_reminder_days),
        .info_days = write(texts.info, rules->info_days),
        .complete_days = write(texts.complete, rules->complete_days),
        .meeting_target = write(texts.meetings, rules->meeting_target),
        .target_days = write(texts.target, rules->target_days),
        .book_days = write(texts.book, rules->has_book_days ? rules->book_days : BOOK_DAYS),
        .access_days = write(texts.access, row->has_access_days ? row->access_days : 0),
        .reopens = say(rules->agency_reopens),
        .lends = say(rules->lends_supervisors),
        .writes = say(rules->host_writes),
        .at_once = say(rules->mails_at_once),
        .reopens_known = answers[rules->agency_reopens ? 0 : 1].value,
        .lends_known = answers[rules->lends_supervisors ? 0 : 1].value,
        .writes_known = answers[rules->host_writes ? 0 : 1].value,
        .at_once_known = answers[rules->mails_at_once ? 0 : 1].value,
        .answers = {sizeof answers / sizeof answers[0], answers},
        .may_change = may_do(call, SLOT, "change"),
        .may_look_at_rules =
            may_do(call, SLOT, "look_over") && !was_looked_at(row, PROGRAMME_LOOKED_AT_RULES),
        .may_look_at_texts =
            may_do(call, SLOT, "look_over") && !was_looked_at(row, PROGRAMME_LOOKED_AT_TEXTS),
        .rules_word = programme_looked_at_words[PROGRAMME_LOOKED_AT_RULES],
        .texts_word = programme_looked_at_words[PROGRAMME_LOOKED_AT_TEXTS],
    };

    pages_answer(call, 200, WORDS_PAGE_RULES_TITLE, programme_rules_show, &view);
}

static void post(struct call *call)
{
    const struct id own = call->flight.who.programme;

    act_say(call, call->command, &own, "/programme");
}

static const struct page_post posts[] = {
    {"change", "programme.change"},
    {"change_mailbox", "programme.change"},
    {"look_over", "programme.look_over"},
    {NULL, NULL},
};

const struct page programme_page = {
    .path = "/programme",
    .roles = ROLE_PA,
    .record = "programme",
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
