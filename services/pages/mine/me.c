/* What is known of who looks, as a page. */
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/person.h"
#include "contract/reading.h"
#include "contract/session.h"
#include "core/input.h"
#include "mine/mine.h"
#include "naming.h"
#include "pages/me.h"
#include "rows.h"

enum { PERSON = 0, READINGS = 1, SESSIONS = 2, LIST_MAX = 100 };

/* clang-format off */
static const enum words_key browsers[] = {
    [SESSION_BROWSER_FIREFOX] = WORDS_PAGE_DEVICE_FIREFOX, [SESSION_BROWSER_CHROME] = WORDS_PAGE_DEVICE_CHROME,
    [SESSION_BROWSER_SAFARI] = WORDS_PAGE_DEVICE_SAFARI,   [SESSION_BROWSER_EDGE] = WORDS_PAGE_DEVICE_EDGE,
    [SESSION_BROWSER_OTHER] = WORDS_PAGE_DEVICE_BROWSER,
};

static const enum words_key systems[] = {
    [SESSION_SYSTEM_ANDROID] = WORDS_PAGE_DEVICE_ANDROID, [SESSION_SYSTEM_IOS] = WORDS_PAGE_DEVICE_IOS,
    [SESSION_SYSTEM_WINDOWS] = WORDS_PAGE_DEVICE_WINDOWS, [SESSION_SYSTEM_MACOS] = WORDS_PAGE_DEVICE_MACOS,
    [SESSION_SYSTEM_LINUX] = WORDS_PAGE_DEVICE_LINUX,     [SESSION_SYSTEM_OTHER] = WORDS_PAGE_DEVICE_SYSTEM,
};

static const enum words_key whats[] = {
    [READING_WHAT_DETAILS] = WORDS_PAGE_READ_DETAILS, [READING_WHAT_NAME] = WORDS_PAGE_READ_NAME,
    [READING_WHAT_QUESTION] = WORDS_PAGE_READ_QUESTION, [READING_WHAT_ANSWER] = WORDS_PAGE_READ_ANSWER,
};
/* clang-format on */

static void ask(struct call *call)
{
    const struct id own = call->flight.who.actor;

    if (call->step > 0) return;
    ask_one(call, PERSON, "person", own, false);
    ask_list_of(call, READINGS, "reading", "person", own);
    ask_list_of(call, SESSIONS, "session", "person", own);
    ask_person(call, own, PERSON_PURPOSE_OWN, true);
}

/* The latest first. */
static size_t find_readings(const struct call *call, struct me_readings *at)
{
    size_t count = 0;

    for (size_t i = rows_of(call, READINGS); i-- > 0 && count < LIST_MAX;) {
        const struct reading *row = row_of(call, READINGS, i);

        if (row->has_reader && id_equal(row->reader, call->flight.who.actor)) continue;
        at[count++] = (struct me_readings){row->at, name_role(row->role), whats[row->what]};
    }
    return count;
}

static size_t find_devices(const struct call *call, struct me_devices *at)
{
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, SESSIONS) && count < LIST_MAX; i++) {
        const struct session *row = row_of(call, SESSIONS, i);

        if (row->state != SESSION_STATE_OPEN) continue;
        at[count++] = (struct me_devices){
            .id = row->id,
            .opened = row->has_opened ? row->opened : (struct instant){0},
            .browser = browsers[row->device.browser],
            .system = systems[row->device.system],
            .is_here = id_equal(row->id, call->flight.who.credential),
        };
    }
    return count;
}

/* A counsellor and an officer are not shown the row of themselves: what they may say of themselves they are offered all the same, and
 * the registry answers. */
static void show(struct call *call)
{
    const struct person *row = row_of(call, PERSON, 0);
    const struct called *called = name_of(call, call->flight.who.actor);
    const bool has_name = called != NULL && called->name[0] != '\0';
    struct me_readings readings[LIST_MAX];
    struct me_devices devices[LIST_MAX];
    struct show_option languages[WORDS_LANGUAGES];
    struct me_view view = {
        .language = show_language(row == NULL ? call->language : row->language),
        .languages = {WORDS_LANGUAGES, languages},
        .readings = {find_readings(call, readings), readings},
        .devices = {find_devices(call, devices), devices},
        .may_change = has_name && (row == NULL || may_do(call, PERSON, "change_contact")),
        .may_ask_erasure = row == NULL
                               ? has_name
                               : !row->has_erasure_asked_at && may_do(call, PERSON, "ask_erasure"),
        .may_withdraw_erasure =
            row != NULL && row->has_erasure_asked_at && may_do(call, PERSON, "withdraw_erasure"),
    };

    for (unsigned i = 0; i < WORDS_LANGUAGES; i++)
        languages[i] = (struct show_option){show_language((enum language)i), WORDS_KEYS,
                                            show_own_name((enum language)i)};
    if (called != NULL) {
        view.name = called->name;
        view.phone = called->phone[0] == '\0' ? NULL : called->phone;
        view.email = called->email[0] == '\0' ? NULL : called->email;
    }
    pages_answer(call, 200, WORDS_PAGE_ME_TITLE, me_show, &view);
}

/* Another device of theirs. */
static void on_closed(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;

    if (!reply->is_accepted && reply->error.kind != ERROR_REFUSED)
        act_refuse(call, &reply->error);
    else
        pages_redirect(call, "/me?done=sign_out_device", NULL);
}

static void sign_out_device(struct call *call)
{
    const char *text = form_value(call->form, "_session");
    struct id session;

    if (text == NULL || !id_read(text, (uint32_t)strlen(text), &session)) {
        pages_problem(call, 400, WORDS_PAGE_PROBLEM_FORM_TITLE, WORDS_PAGE_PROBLEM_FORM_TEXT);
        return;
    }
    flight_name_anew(&call->flight, &call->pages->door.front);
    act_say_value(call, call->command, &session, NULL, on_closed);
}

static void post(struct call *call)
{
    const struct id own = call->flight.who.actor;

    if (strcmp(call->act, "sign_out_device") == 0)
        sign_out_device(call);
    else
        act_say(call, call->command, &own, "/me");
}

static const struct page_post posts[] = {
    {"change_contact", "person.change_contact"},
    {"ask_erasure", "person.ask_erasure"},
    {"withdraw_erasure", "person.withdraw_erasure"},
    {"sign_out_device", "session.close"},
    {NULL, NULL},
};

const struct page me_page = {
    .path = "/me",
    .roles = ~(unsigned)ROLE_PA,
    .record = "person",
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};
