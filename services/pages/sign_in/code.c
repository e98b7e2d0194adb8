/* The code that was sent is typed in, and out again by the same door. */
#include "sign_in/sign_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "base/crypto.h"
#include "base/log.h"
#include "contract/session.h"
#include "core/pack.h"
#include "core/text.h"
#include "front/visitors.h"
#include "pages/code.h"
#include "saying.h"
#include "session.h"
#include "sign_in/tries.h"

enum { SESSIONS_MAX = 4, DIGITS = 6 };

/* A code that is being looked at. The call is over as soon as it is known whether it is the right one; what was wrong is counted
 * behind its back, so that nobody can tell by the time whether there was one at all. */
struct
try {
    struct pages *pages;
    struct call *call; /* NULL: answered */
    struct tries_turn turn;
    uint8_t key[CREDENTIAL_KEY_SIZE];
    size_t under_way;
    char digits[DIGITS + 1], text[SESSION_TEXT_SIZE], to[TO_SIZE];
    struct session_enter enter;
    struct id session;
    struct try_enter {
        struct try *try;
        struct flight flight;
    } enters[SESSIONS_MAX];
};

static void end(struct try *try)
{
    tries_end(try->pages->tries, &try->turn);
    crypto_wipe(try, sizeof *try);
    free(try);
}

static void refuse_code(struct call *call)
{
    struct error err;

    visitors_failed(call->pages->door.visitors, call->address, call->began_ns);
    error_set(&err, ERROR_INVALID, "no_such_code", "That is not the code, or its time is over.");
    error_add_fault(&err, "code", "not the code that was sent, or it is too old: ask for another");
    act_refuse(call, &err);
}

/* Signed in: what the device shows from now on is known to nobody who saw what it showed before. */
static void let_in(struct try *try)
{
    enum { MONTH = 30 * 24 * 3600 }; /* the registry ends it earlier where that is due */
    char cookie[SESSION_COOKIE_SIZE];

    session_cookie(try->call, try->text, MONTH, cookie);
    pages_redirect(try->call, try->to, cookie);
    crypto_wipe(cookie, sizeof cookie);
    try->call = NULL;
}

static void on_entered(void *cookie, const struct reply *reply)
{
    struct try *try = ((struct try_enter *)cookie)->try;

    if (!reply->is_accepted && reply->error.kind != ERROR_REFUSED)
        log_failure(LOG_WARNING, "not_entered", &reply->error);
    if (try->call != NULL && try->enter.is_right) {
        if (reply->is_accepted)
            let_in(try);
        else
            refuse_code(try->call);
        try->call = NULL;
    }
    if (--try->under_way == 0) end(try);
}

static void say(struct try *try, size_t i, const struct session *session, bool is_right)
{
    struct flight *flight = &try->enters[i].flight;

    try->enters[i].try = try;
    try->enter.is_right = is_right;
    flight->who = (struct who){
        .role = ACTOR_ROLE_SYS, .programme = session->programme, .country = session->country};
    flight->id = session->id;
    flight->answered = on_entered;
    flight->cookie = &try->enters[i];
    flight_name_anew(flight, &try->pages->door.front);
    try->under_way++;
    say_command(try->pages, flight, "session.enter", &try->enter);
}

static bool is_code(const struct try *try, struct frame opened)
{
    struct session_code code;
    struct error err;
    const bool is_right = opened.size > 0 &&
                          unpack(&session_code_descriptor, opened.at, opened.size, &code, &err) &&
                          crypto_equal(code.digits, try->digits, DIGITS);

    crypto_wipe(&code, sizeof code);
    return is_right;
}

/* Of several people at one mailbox, each has a code of their own: who types it in is who it was sent to. */
static void on_found(void *cookie, const struct reply *reply)
{
    struct try *try = cookie;
    struct session sessions[SESSIONS_MAX];
    size_t count = 0, right = SESSIONS_MAX;
    struct error err;

    try->under_way = 1; /* until all has been said */
    for (int64_t i = 0; reply->is_page && i < reply->page.count && count < SESSIONS_MAX; i++) {
        const struct frame row = reply->rows[2 * i];

        if (!unpack(&session_descriptor, row.at, row.size, &sessions[count], &err) ||
            sessions[count].state != SESSION_STATE_REQUESTED ||
            sessions[count].expires.ms <= try->pages->door.front.now_ms)
            continue;
        if (is_code(try, reply->rows[2 * i + 1])) right = count;
        count++;
    }
    if (!reply->is_page) {
        pages_fail(try->call, &reply->error);
        try->call = NULL;
    } else if (right < count) {
        say(try, right, &sessions[right], true);
    } else {
        refuse_code(try->call);
        try->call = NULL;
        for (size_t i = 0; i < count; i++)
            say(try, i, &sessions[i], false);
    }
    if (--try->under_way == 0) end(try);
}

static void ask(void *cookie)
{
    struct try *try = cookie;
    struct front *front = &try->pages->door.front;
    struct bus_query *query = &front->query;
    struct error err;

    front_query(front, "session");
    query->open = query->has_filter = query->has_value = true;
    query->limit = SESSIONS_MAX;
    text_copy(query->filter, sizeof query->filter, "hash");
    crypto_base64_encode(try->key, CREDENTIAL_KEY_SIZE, query->value);
    if (peer_query(front_upstream(front, "registry")->peer, query, front->steady_ms,
                   front->answer_ms, on_found, try, &err))
        return;
    pages_fail(try->call, &err);
    end(try);
}

/* Six digits, however they were typed: with blanks between, or a hyphen. */
static bool read_digits(const char *typed, char digits[DIGITS + 1])
{
    size_t count = 0;

    for (; typed != NULL && *typed != '\0'; typed++) {
        if (*typed == ' ' || *typed == '-') continue;
        if (*typed < '0' || *typed > '9' || count == DIGITS) return false;
        digits[count++] = *typed;
    }
    digits[count] = '\0';
    return count == DIGITS;
}

static void refuse_digits(struct call *call)
{
    struct error err;

    error_set(&err, ERROR_INVALID, "invalid", "A code has six digits.");
    error_add_fault(&err, "code", "not six digits, such as 204117");
    act_refuse(call, &err);
}

static void show(struct call *call)
{
    struct code_view view;
    char to[TO_SIZE];

    sign_in_to(call, to);
    view = (struct code_view){.to = to};
    pages_answer(call, 200, WORDS_PAGE_CODE_TITLE, code_show, &view);
}

static void post(struct call *call)
{
    uint8_t key[CREDENTIAL_KEY_SIZE], hash[CREDENTIAL_KEY_SIZE];
    char digits[DIGITS + 1];
    struct try *try;

    if (!read_digits(form_value(call->form, "code"), digits)) {
        refuse_digits(call);
        return;
    }
    if (!session_shown(call, key)) {
        refuse_code(call);
        return;
    }
    if ((try = calloc(1, sizeof *try)) == NULL) bug("out of memory");
    try->pages = call->pages;
    try->call = call;
    try->turn = (struct tries_turn){.go = ask, .cookie = try};
    memcpy(try->key, key, sizeof key);
    memcpy(try->digits, digits, sizeof digits);
    session_make(try->text, hash);
    try->enter.hash.size = sizeof hash;
    memcpy(try->enter.hash.at, hash, sizeof hash);
    sign_in_to(call, try->to);
    if (tries_begin(call->pages->tries, key, &try->turn)) return;
    refuse_code(call);
    crypto_wipe(try, sizeof *try);
    free(try);
}

static const struct page_post code_posts[] = {
    {"", "session.enter"},
    {NULL, NULL},
};

const struct page code_page = {
    .path = "/sign-in/code", .form = "code", .show = show, .posts = code_posts, .post = post};

/* Out. */

static void on_closed(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    char gone[SESSION_COOKIE_SIZE];

    if (!reply->is_accepted && reply->error.kind != ERROR_REFUSED) {
        pages_fail(call, &reply->error);
        return;
    }
    credentials_renew(call->pages->sessions, call->session_key);
    session_cookie(call, NULL, 0, gone);
    pages_redirect(call, "/sign-in", gone);
}

static void sign_out(struct call *call)
{
    const struct id session = call->flight.who.credential;
    char gone[SESSION_COOKIE_SIZE];

    if (!call->is_signed_in) {
        session_cookie(call, NULL, 0, gone);
        pages_redirect(call, "/sign-in", gone);
        return;
    }
    flight_name_anew(&call->flight, &call->pages->door.front);
    act_say_value(call, call->command, &session, NULL, on_closed);
}

static const struct page_post sign_out_posts[] = {
    {"", "session.close"},
    {NULL, NULL},
};

const struct page sign_out_page = {.path = "/sign-out", .posts = sign_out_posts, .post = sign_out};

/* In which language this device is spoken to, whoever has it. */
static void set_language(struct call *call)
{
    const char *code = form_value(call->form, "language");
    enum language language;
    char cookie[SESSION_COOKIE_SIZE], to[TO_SIZE];

    sign_in_to(call, to);
    if (code == NULL || !words_language_read(code, &language)) {
        pages_redirect(call, to, NULL);
        return;
    }
    snprintf(cookie, sizeof cookie,
             "fadder_language=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax%s",
             show_language(language), call->pages->is_secure ? "; Secure" : "");
    pages_redirect(call, to, cookie);
}

static const struct page_post language_posts[] = {
    {"", NULL},
    {NULL, NULL},
};

const struct page language_page = {
    .path = "/language", .posts = language_posts, .post = set_language};
