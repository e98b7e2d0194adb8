/* The demonstration: whoever is on this machine goes on as somebody of it, by a link that `fadder up` says. A key of that run marks
 * them; it lies in the home, and where none does, or it is not asked for, there is no such page. */
#include "sign_in/sign_in.h"

#include <string.h>

#include "acting.h"
#include "answer.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/settings.h"
#include "contract/person.h"
#include "contract/session.h"
#include "core/pack.h"
#include "front/visitors.h"
#include "pages/demonstration.h"
#include "session.h"

/* Beginning. */

static bool is_own_machine(const char *host)
{
    const bool is_number = host[strspn(host, "0123456789.")] == '\0';

    return (is_number && strncmp(host, "127.", 4) == 0) || strcmp(host, "::1") == 0 ||
           strcmp(host, "localhost") == 0;
}

/* Whether who comes by FADDER_PAGES_URL comes from here: one of somewhere else is a proxy's, and everybody's. */
static bool is_own_url(const char *url)
{
    char host[URL_MAX + 1] = "";
    const char *at = url + strlen("http://");

    if (url[0] == '\0') return true;
    if (strncmp(url, "http://", strlen("http://")) != 0) return false;
    if (*at == '[')
        memcpy(host, at + 1, strcspn(at + 1, "]"));
    else
        memcpy(host, at, strcspn(at, ":/"));
    return is_own_machine(host);
}

bool demonstration_begin(struct pages *pages, struct error *err)
{
    static const char *const words[] = {"no", "yes", NULL};
    struct settings_address address;
    size_t size = sizeof pages->demonstration_key;
    unsigned is_wanted;

    if (!settings_word(setting_of("FADDER_PAGES_DEMONSTRATION"), words, &is_wanted, err))
        return false;
    if (!is_wanted) return true;
    if (!settings_address(setting_of("FADDER_PAGES"), &address, err)) return false;
    if (!is_own_machine(address.host) || !is_own_url(pages->url))
        return error_set(err, ERROR_INVALID, "settings",
                         "FADDER_PAGES_DEMONSTRATION lets in whoever has a link: FADDER_PAGES and "
                         "FADDER_PAGES_URL have to be this machine's own, as 127.0.0.1:8081");
    pages->is_demonstration =
        files_read(pages->door.files, "run/demonstration.key", pages->demonstration_key, &size) &&
        size == sizeof pages->demonstration_key;
    return true;
}

/* The page. */

static bool begin(struct call *call, struct id *person)
{
    if (call->pages->is_demonstration &&
        sign_in_read_link(call, call->pages->demonstration_key, "demonstration", person))
        return true;
    visitors_failed(call->pages->door.visitors, call->address, call->began_ns);
    pages_problem(call, 404, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
    return false;
}

static void on_visited(void *cookie, const struct reply *reply)
{
    enum { DAY = 24 * 3600 };
    struct call *call = cookie;
    char set[SESSION_COOKIE_SIZE];

    if (!reply->is_accepted) {
        pages_fail(call, &reply->error);
        return;
    }
    session_cookie(call, call->secret, DAY, set);
    pages_redirect(call, "/", set);
    crypto_wipe(set, sizeof set);
    crypto_wipe(call->secret, sizeof call->secret);
}

static void on_person(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct session_visit body = {.hash = {.size = CREDENTIAL_KEY_SIZE}};
    struct person person;
    struct error err;

    if (!reply->is_page) {
        pages_fail(call, &reply->error);
        return;
    }
    if (reply->page.count == 0 ||
        !unpack(&person_descriptor, reply->rows[0].at, reply->rows[0].size, &person, &err)) {
        pages_problem(call, 404, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
        return;
    }
    body.person = person.id;
    sign_in_device(call, &body.device);
    session_make(call->secret, body.hash.at);
    call->flight.who = (struct who){
        .role = ACTOR_ROLE_SYS, .programme = person.programme, .country = person.country};
    flight_name_anew(&call->flight, &call->pages->door.front);
    act_say_value(call, call->command, NULL, &body, on_visited);
}

static void show(struct call *call)
{
    struct id person;
    const struct demonstration_view view = {.link = call->text};

    if (begin(call, &person))
        pages_answer(call, 200, WORDS_PAGE_DEMONSTRATION_TITLE, demonstration_show, &view);
}

static void post(struct call *call)
{
    struct front *front = &call->pages->door.front;
    struct id person;
    struct error err;

    if (!begin(call, &person)) return;
    front_query(front, "person");
    front->query.has_key = true;
    front->query.key = person;
    if (!peer_query(front_upstream(front, "registry")->peer, &front->query, front->steady_ms,
                    front->answer_ms, on_person, call, &err))
        pages_fail(call, &err);
}

static const struct page_post posts[] = {
    {"", "session.visit"},
    {NULL, NULL},
};

const struct page demonstration_page = {
    .path = "/demonstration/{text}", .show = show, .posts = posts, .post = post};
