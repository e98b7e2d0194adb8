/* A link in a mail: looked at, it shows a button, so that what opens links by itself uses nothing up; pressed, it signs its reader in
 * for what the mail is about. */
#include "sign_in/sign_in.h"

#include <stdio.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "base/crypto.h"
#include "bus/mark.h"
#include "contract/message.h"
#include "contract/session.h"
#include "core/pack.h"
#include "front/visitors.h"
#include "pages/link.h"
#include "session.h"

enum { LINK_DAYS = 30, DAY_MS = 24 * 60 * 60 * 1000 };

/* By the keys of the bus: made when the first link is followed, as ours may be older than notification's. */
static bool find_key(struct pages *pages, struct error *err)
{
    pages->has_link_key = pages->has_link_key || mark_key(pages->door.files, "pages",
                                                          "notification", pages->link_key, err);
    return pages->has_link_key;
}

/* Where what a mail is about is shown. */
static void find_page(const struct message *message, char path[TO_SIZE])
{
    const char *kind = message_kind_words[message->kind];
    char about[ID_TEXT_SIZE];

    id_write(message->about, about);
    if (strncmp(kind, "mentorship_", 11) == 0)
        snprintf(path, TO_SIZE, "/mentorships/%s", about);
    else if (strncmp(kind, "placement_", 10) == 0)
        snprintf(path, TO_SIZE, "/placements/%s", about);
    else
        snprintf(path, TO_SIZE, "/");
}

/* As what the reader is let in; false: they sign in as anybody does. */
static bool find_role(const struct message *message, enum actor_role *role)
{
    switch (message->audience) {
    case MESSAGE_AUDIENCE_MENTOR: *role = ACTOR_ROLE_MENTOR; return true;
    case MESSAGE_AUDIENCE_PARTICIPANT: *role = ACTOR_ROLE_PARTICIPANT; return true;
    case MESSAGE_AUDIENCE_SUPERVISOR: *role = ACTOR_ROLE_SUPERVISOR; return true;
    case MESSAGE_AUDIENCE_COORDINATOR:
    case MESSAGE_AUDIENCE_PARTNER:
    case MESSAGE_AUDIENCE_AGENCY:
    case MESSAGE_AUDIENCE_HOST:
    case MESSAGE_AUDIENCE_CLUB:
    case MESSAGE_AUDIENCE_PERSON:
    case MESSAGE_AUDIENCE_ASKER:
    case MESSAGE_AUDIENCE_CLEARED: break;
    }
    return false;
}

static bool is_over(const struct pages *pages, const struct message *message)
{
    const int64_t now_ms = pages->door.front.now_ms;

    return message->at.ms + (int64_t)LINK_DAYS * DAY_MS <= now_ms ||
           (message->has_until && message->until.ms <= now_ms);
}

/* A visit that was refused: the part has ended, or they are not there any more. Signing in tells them what is theirs. */
static void on_visited(void *cookie, const struct reply *reply)
{
    enum { MONTH = 30 * 24 * 3600 };
    struct call *call = cookie;
    char set[SESSION_COOKIE_SIZE];

    if (!reply->is_accepted) {
        if (reply->error.kind == ERROR_BUSY || reply->error.kind == ERROR_BROKEN)
            pages_fail(call, &reply->error);
        else
            pages_redirect(call, "/sign-in", NULL);
        return;
    }
    session_cookie(call, call->secret, MONTH, set);
    pages_redirect(call, call->then, set);
    crypto_wipe(set, sizeof set);
    crypto_wipe(call->secret, sizeof call->secret);
}

static void visit(struct call *call, const struct message *message, enum actor_role role)
{
    struct session_visit body = {.person = message->to,
                                 .has_role = true,
                                 .role = role,
                                 .has_about = true,
                                 .about = message->about,
                                 .has_until = message->has_until,
                                 .until = message->until,
                                 .hash = {.size = CREDENTIAL_KEY_SIZE}};

    sign_in_device(call, &body.device);
    session_make(call->secret, body.hash.at);
    call->flight.who = (struct who){
        .role = ACTOR_ROLE_SYS, .programme = message->programme, .country = message->country};
    flight_name_anew(&call->flight, &call->pages->door.front);
    act_say_value(call, call->command, NULL, &body, on_visited);
}

static void on_message(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct message message;
    enum actor_role role;
    struct error err;

    if (!reply->is_page) {
        pages_fail(call, &reply->error);
    } else if (reply->page.count == 0 || !unpack(&message_descriptor, reply->rows[0].at,
                                                 reply->rows[0].size, &message, &err)) {
        pages_problem(call, 404, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
    } else {
        find_page(&message, call->then);
        if (call->is_signed_in && !call->has_about)
            pages_redirect(call, call->then, NULL);
        else if (is_over(call->pages, &message))
            pages_problem(call, 410, WORDS_PAGE_PROBLEM_OVER_TITLE, WORDS_PAGE_PROBLEM_OVER_TEXT);
        else if (find_role(&message, &role))
            visit(call, &message, role);
        else
            pages_redirect(call, "/sign-in", NULL);
    }
}

static bool begin(struct call *call, struct id *message)
{
    struct error err;

    if (!find_key(call->pages, &err))
        pages_fail(call, &err);
    else if (sign_in_read_link(call, call->pages->link_key, "link", message))
        return true;
    else {
        visitors_failed(call->pages->door.visitors, call->address, call->began_ns);
        pages_problem(call, 404, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
    }
    return false;
}

static void show(struct call *call)
{
    struct id message;
    const struct link_view view = {.link = call->text};

    if (begin(call, &message)) pages_answer(call, 200, WORDS_PAGE_LINK_TITLE, link_show, &view);
}

static void post(struct call *call)
{
    struct front *front = &call->pages->door.front;
    struct upstream *upstream = front_upstream(front, "notification");
    struct id message;
    struct error err;

    if (!begin(call, &message)) return;
    front_query(front, "message");
    front->query.has_key = true;
    front->query.key = message;
    if (!peer_query(upstream->peer, &front->query, front->steady_ms, front->answer_ms, on_message,
                    call, &err))
        pages_fail(call, &err);
}

static const struct page_post posts[] = {
    {"", "session.visit"},
    {NULL, NULL},
};

const struct page link_page = {.path = "/l/{text}", .show = show, .posts = posts, .post = post};
