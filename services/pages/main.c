/* fadder-pages: requests on their way to their pages, and all around it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "assets.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/program.h"
#include "base/settings.h"
#include "contract/all.h"
#include "core/descriptor.h"
#include "core/life.h"
#include "front/credentials.h"
#include "front/noting.h"
#include "front/refusals.h"
#include "front/visitors.h"
#include "later.h"
#include "pages.h"
#include "refused.h"
#include "session.h"
#include "sign_in/sign_in.h"
#include "sign_in/tries.h"

/* Requests. */

/* What the device was told, else what the browser asks for, first of those that there are. */
static void find_language(struct call *call)
{
    const char *wanted = http_header(call->request, "Accept-Language");
    char code[8];

    call->has_language = cookie_read(call->request, "fadder_language", code, sizeof code) &&
                         words_language_read(code, &call->language);
    if (call->has_language) return;
    call->language = LANGUAGE_EN;
    while (wanted != NULL && *wanted != '\0') {
        const size_t size = strcspn(wanted, "-;, ");

        snprintf(code, sizeof code, "%.*s", (int)size, wanted);
        if (strcmp(code, "no") == 0) strcpy(code, "nb");
        if (size < sizeof code && words_language_read(code, &call->language)) return;
        wanted += strcspn(wanted, ",");
        wanted += strspn(wanted, ", ");
    }
}

/* Who followed a link in a mail sees what it was about, and no more. */
static bool is_within(const struct call *call)
{
    return !call->has_about || call->page->roles == 0 || id_equal(call->id, call->about);
}

static void ask_to_sign_in(struct call *call)
{
    char path[HTTP_TARGET_MAX + 32];

    if (call->is_post) {
        pages_problem(call, 403, WORDS_PAGE_PROBLEM_SIGNED_OUT_TITLE,
                      WORDS_PAGE_PROBLEM_SIGNED_OUT_TEXT);
        return;
    }
    snprintf(path, sizeof path, "/sign-in?to=%s", call->request->path);
    pages_redirect(call, path, NULL);
}

static void go_on(struct call *call)
{
    const struct page *page = call->page;
    unsigned before;

    do {
        if (call->is_failed) {
            pages_fail(call, &call->failure);
            return;
        }
        before = call->sent;
        call->is_asking = true;
        if (page->ask != NULL) page->ask(call);
        call->is_asking = false;
        call->step++;
        if (call->awaited > 0) return;
    } while (call->sent != before);
    page->show(call);
}

static void refuse_page(struct call *call, enum words_key title, enum words_key text)
{
    refused_page(call);
    pages_problem(call, 403, title, text);
}

static void on_known(struct call *call)
{
    const struct page *page = call->page;

    if (page->roles != 0 && !call->is_signed_in)
        ask_to_sign_in(call);
    else if (page->roles != 0 && (page->roles >> call->flight.who.role & 1) == 0)
        refuse_page(call, WORDS_PAGE_PROBLEM_FORBIDDEN_TITLE, WORDS_PAGE_PROBLEM_FORBIDDEN_TEXT);
    else if (!is_within(call))
        refuse_page(call, WORDS_PAGE_PROBLEM_ONE_THING_TITLE, WORDS_PAGE_PROBLEM_ONE_THING_TEXT);
    else if (!call->is_post)
        go_on(call);
    else if (act_read_form(call))
        act_serve(call);
}

static void begin_call(struct call *call, struct pages *pages, struct http_request *request)
{
    memset(call, 0, sizeof *call);
    call->pages = pages;
    call->request = request;
    call->began_ns = clock_steady_ns();
    call->is_post = strcmp(request->method, "POST") == 0;
    door_origin(&pages->door, request, call->address);
    find_language(call);
}

/* What http has refused before it was whole. */
static void refuse_unread(struct call *call)
{
    const unsigned status = call->request->refused;

    if (status == 413)
        pages_problem(call, status, WORDS_PAGE_PROBLEM_LARGE_TITLE, WORDS_PAGE_PROBLEM_LARGE_TEXT);
    else
        pages_problem(call, status, WORDS_PAGE_PROBLEM_FORM_TITLE, WORDS_PAGE_PROBLEM_FORM_TEXT);
}

static void on_request(void *cookie, struct http_request *request)
{
    struct pages *pages = cookie;
    struct call *call = request->scratch;
    const bool is_get = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    const struct asset *asset;
    bool is_other_method;

    begin_call(call, pages, request);
    if (!visitors_let_in(pages->door.visitors, call->address, call->began_ns)) {
        pages_problem(call, 429, WORDS_PAGE_PROBLEM_BUSY_TITLE, WORDS_PAGE_PROBLEM_BUSY_TEXT);
    } else if (request->refused != 0) {
        refuse_unread(call);
    } else if (is_get && strcmp(request->path, "/healthz") == 0) {
        http_answer(request, 200, "text/plain", NULL, "ok\n", 3);
    } else if (is_get && (asset = assets_find(request->path)) != NULL) {
        pages_asset(call, asset);
    } else if ((is_get || call->is_post) &&
               (call->page = page_find(call, &is_other_method)) != NULL) {
        session_look_up(call, on_known);
    } else if (is_get || call->is_post) {
        pages_problem(call, is_other_method ? 405 : 404, WORDS_PAGE_PROBLEM_MISSING_TITLE,
                      WORDS_PAGE_PROBLEM_MISSING_TEXT);
    } else {
        pages_problem(call, 405, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
    }
}

/* Beginning and end. */

/* Who waits goes on; whom we refused is said. */
static void after(void *cookie, bool is_ending)
{
    struct pages *pages = cookie;

    calls_go_on(pages);
    noting_turn(pages->refusals, &pages->door.front, is_ending);
}

static const struct door_kind door_kind = {
    .name = "pages",
    .listens = "FADDER_PAGES",
    .port_file = "run/pages.port",
    .scratch_size = sizeof(struct call),
    .serve = on_request,
    .after = after,
};

static size_t largest_body(void)
{
    size_t size = 16;

    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->command_count; n++)
            if (contracts[i]->commands[n].body->size > size)
                size = contracts[i]->commands[n].body->size;
    return size;
}

/* Where people come from is compared with the address that they are told: without one set, that of this machine. */
static bool read_url(struct pages *pages, struct error *err)
{
    if (!settings_text(setting_of("FADDER_PAGES_URL"), pages->url, sizeof pages->url, err) ||
        !settings_text(setting_of("FADDER_HTTP_URL"), pages->gateway_url, sizeof pages->gateway_url,
                       err))
        return false;
    pages->is_secure = strncmp(pages->url, "https://", 8) == 0;
    if (pages->url[0] == '\0' || pages->is_secure || strncmp(pages->url, "http://", 7) == 0)
        return true;
    return error_set(err, ERROR_INVALID, "settings",
                     "FADDER_PAGES_URL is not an address that begins with https:// or http://");
}

static bool open_all(struct pages *pages, struct error *err)
{
    struct door *door = &pages->door;

    if (!read_url(pages, err) || !demonstration_begin(pages, err)) return false;
    if ((pages->value = malloc(largest_body())) == NULL) bug("out of memory");
    pages->go_on = go_on;
    pages->tries = tries_create();
    pages->refusals = refusals_create();
    pages->sessions = credentials_create(&door->front, &session_credentials);
    if (!door_open(door, err)) return false;
    if (pages->url[0] == '\0')
        snprintf(pages->url, sizeof pages->url, "http://127.0.0.1:%u", http_port(door->http));
    return true;
}

static void close_all(struct pages *pages)
{
    door_close(&pages->door);
    credentials_destroy(pages->sessions);
    tries_destroy(pages->tries);
    refusals_destroy(pages->refusals);
    out_destroy(&pages->out);
    free(pages->value);
    door_leave(&pages->door);
}

static const struct program program = {
    .name = "pages",
    .what = "Pages for people: what their mails speak of, in a browser.\n"
            "Runs in FADDER_HOME until SIGTERM or SIGINT.",
};

int main(int argc, char **argv)
{
    struct pages *pages;
    struct error err;
    bool is_good;
    int code;

    if (!program_begin(&program, argc, argv, NULL, &code)) return code;
    if ((pages = calloc(1, sizeof *pages)) == NULL) bug("out of memory");
    is_good = door_enter(&pages->door, &door_kind, pages, &err) && open_all(pages, &err);
    if (is_good) {
        log_info("started", "port=%u", http_port(pages->door.http));
        door_run(&pages->door);
        log_info("ended", "under_way=%zu", http_under_way(pages->door.http));
    } else {
        log_failure(LOG_ERROR, "not_started", &err);
    }
    close_all(pages);
    free(pages);
    return is_good ? 0 : 1;
}
