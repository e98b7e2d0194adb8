/* Somebody types in where mails reach them. Whoever that is, and whether it is anybody, the answer is the same, and given before that
 * is looked for: so nobody finds out who takes part. */
#include "sign_in/sign_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/random.h"
#include "bus/mark.h"
#include "contract/person.h"
#include "contract/session.h"
#include "core/pack.h"
#include "core/text.h"
#include "front/visitors.h"
#include "http/target.h"
#include "pages/sign_in.h"
#include "saying.h"
#include "session.h"

enum { CODE_SECONDS = 15 * 60, EMAIL_MAX = 254 };

/* Where to, and from what. */

static bool is_page(const char *path)
{
    return path[0] == '/' && path[1] != '/' && strlen(path) < TO_SIZE &&
           path[strspn(
               path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/")] == '\0';
}

void sign_in_to(const struct call *call, char to[TO_SIZE])
{
    const char *path = call->form != NULL ? form_value(call->form, "_to") : NULL;

    if (path == NULL && strncmp(call->request->query, "to=", 3) == 0)
        path = call->request->query + 3;
    snprintf(to, TO_SIZE, "%s", path != NULL && is_page(path) ? path : "/");
}

/* The last of these that it says: later ones say the earlier ones too. */
void sign_in_device(const struct call *call, struct session_device *device)
{
    static const struct {
        const char *word;
        enum session_browser browser;
    } browsers[] = {{"Firefox/", SESSION_BROWSER_FIREFOX},
                    {"Edg/", SESSION_BROWSER_EDGE},
                    {"Chrome/", SESSION_BROWSER_CHROME},
                    {"Safari/", SESSION_BROWSER_SAFARI}};
    static const struct {
        const char *word;
        enum session_system system;
    } systems[] = {{"Android", SESSION_SYSTEM_ANDROID}, {"iPhone", SESSION_SYSTEM_IOS},
                   {"iPad", SESSION_SYSTEM_IOS},        {"Windows", SESSION_SYSTEM_WINDOWS},
                   {"Mac OS X", SESSION_SYSTEM_MACOS},  {"Linux", SESSION_SYSTEM_LINUX}};
    const char *agent = http_header(call->request, "User-Agent");

    *device =
        (struct session_device){.browser = SESSION_BROWSER_OTHER, .system = SESSION_SYSTEM_OTHER};
    if (agent == NULL) return;
    for (size_t i = sizeof browsers / sizeof browsers[0]; i-- > 0;)
        if (strstr(agent, browsers[i].word) != NULL) device->browser = browsers[i].browser;
    for (size_t i = sizeof systems / sizeof systems[0]; i-- > 0;)
        if (strstr(agent, systems[i].word) != NULL) device->system = systems[i].system;
}

bool sign_in_read_link(const struct call *call, const uint8_t key[MARK_KEY_SIZE],
                       const char *purpose, struct id *id)
{
    uint8_t secret[SESSION_SECRET_SIZE], mark[MARK_SIZE];
    size_t size = sizeof secret;

    _Static_assert(sizeof id->bytes + MARK_SIZE == SESSION_SECRET_SIZE, "an id and a mark");
    if (!crypto_base64url_decode(call->text, strlen(call->text), secret, &size) ||
        size != sizeof secret)
        return false;
    memcpy(id->bytes, secret, sizeof id->bytes);
    mark_write(key, purpose, id->bytes, sizeof id->bytes, mark);
    return crypto_equal(mark, secret + sizeof id->bytes, MARK_SIZE);
}

/* Behind the answer. */

/* Somebody who wants in, while it is found out who they are. */
struct wish {
    struct pages *pages;
    struct session_request request;
    size_t under_way;
    struct wish_code {
        struct wish *wish;
        struct flight flight;
    } codes[MAILBOX_PEOPLE_MAX];
};

static void end(struct wish *wish)
{
    crypto_wipe(wish, sizeof *wish);
    free(wish);
}

/* That somebody has been sent five codes already is no fault, and nobody is told. */
static void on_requested(void *cookie, const struct reply *reply)
{
    struct wish_code *code = cookie;
    struct wish *wish = code->wish;

    if (!reply->is_accepted && reply->error.kind != ERROR_REFUSED &&
        reply->error.kind != ERROR_INVALID)
        log_failure(LOG_WARNING, "no_code", &reply->error);
    if (--wish->under_way == 0) end(wish);
}

static void make_digits(char digits[7])
{
    uint32_t number;

    do
        random_bytes(&number, sizeof number);
    while (number >= UINT32_MAX - UINT32_MAX % 1000000); /* every code as likely as any other */
    snprintf(digits, 7, "%06u", number % 1000000);
}

static void request_code(struct wish *wish, size_t i, const struct person *person)
{
    struct wish_code *code = &wish->codes[i];
    struct front *front = &wish->pages->door.front;

    code->wish = wish;
    code->flight.who = (struct who){
        .role = ACTOR_ROLE_SYS, .programme = person->programme, .country = person->country};
    code->flight.answered = on_requested;
    code->flight.cookie = code;
    flight_name_anew(&code->flight, front);
    wish->request.person = person->id;
    make_digits(wish->request.code.digits);
    say_command(wish->pages, &code->flight, "session.request", &wish->request);
}

static void on_found(void *cookie, const struct reply *reply)
{
    struct wish *wish = cookie;
    struct error err;

    if (!reply->is_page) log_failure(LOG_WARNING, "nobody_looked_for", &reply->error);
    wish->under_way = 1; /* as long as more are requested */
    for (int64_t i = 0; reply->is_page && i < reply->page.count && i < MAILBOX_PEOPLE_MAX; i++) {
        const struct frame row = reply->rows[2 * i];
        struct person person;

        if (!unpack(&person_descriptor, row.at, row.size, &person, &err)) {
            log_failure(LOG_ERROR, "person_unreadable", &err);
            continue;
        }
        wish->under_way++;
        request_code(wish, (size_t)i, &person);
    }
    if (--wish->under_way == 0) end(wish);
}

static void look_for(struct call *call, const char *email, const uint8_t hash[CREDENTIAL_KEY_SIZE])
{
    struct pages *pages = call->pages;
    struct front *front = &pages->door.front;
    struct wish *wish = calloc(1, sizeof *wish);
    struct error err;

    if (wish == NULL) bug("out of memory");
    wish->pages = pages;
    wish->request.hash.size = CREDENTIAL_KEY_SIZE;
    memcpy(wish->request.hash.at, hash, CREDENTIAL_KEY_SIZE);
    sign_in_device(call, &wish->request.device);
    if (peer_query(front_upstream(front, "registry")->peer, ask_for_mailbox(pages, email),
                   front->steady_ms, front->answer_ms, on_found, wish, &err))
        return;
    log_failure(LOG_WARNING, "nobody_looked_for", &err);
    end(wish);
}

/* The page. */

static void show(struct call *call)
{
    struct sign_in_view view;
    char to[TO_SIZE];

    sign_in_to(call, to);
    view = (struct sign_in_view){.to = to};
    pages_answer(call, 200, WORDS_PAGE_SIGN_IN_TITLE, sign_in_show, &view);
}

static bool is_mailbox(const char *email, struct error *err)
{
    const char *at = email == NULL ? NULL : strchr(email, '@');

    if (at != NULL && at != email && at[1] != '\0' && strlen(email) <= EMAIL_MAX) return true;
    error_set(err, ERROR_INVALID, "invalid", "That is no e-mail address.");
    error_add_fault(err, "email", "not an address with one @, such as ines@example.org");
    return false;
}

static void post(struct call *call)
{
    const char *email = form_value(call->form, "email");
    uint8_t hash[CREDENTIAL_KEY_SIZE];
    char text[SESSION_TEXT_SIZE], cookie[SESSION_COOKIE_SIZE], path[TO_SIZE + 32], to[TO_SIZE];
    struct error err;

    if (!is_mailbox(email, &err)) {
        act_refuse(call, &err);
        return;
    }
    sign_in_to(call, to);
    session_make(text, hash);
    session_cookie(call, text, CODE_SECONDS, cookie);
    if (visitors_may_try(call->pages->door.visitors, call->address, call->began_ns)) {
        /* each is a try, as long as nobody has shown that it was theirs */
        visitors_failed(call->pages->door.visitors, call->address, call->began_ns);
        look_for(call, email, hash);
    }
    snprintf(path, sizeof path, "/sign-in/code?to=%s", to);
    pages_redirect(call, path, cookie);
    crypto_wipe(text, sizeof text);
    crypto_wipe(cookie, sizeof cookie);
}

static const struct page_post posts[] = {
    {"", "session.request"},
    {NULL, NULL},
};

const struct page sign_in_page = {
    .form = "sign_in", .path = "/sign-in", .show = show, .posts = posts, .post = post};
