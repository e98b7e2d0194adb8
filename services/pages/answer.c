/* Answers: pages, ways elsewhere, what pages load. */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "core/life.h"
#include "front/html.h"
#include "naming.h"
#include "navigation.h"
#include "pages.h"
#include "pages/frame.h"
#include "pages/problem.h"
#include "refused.h"
#include "rows.h"

METRICS_SECONDS(request_time, "fadder_pages_request_seconds", "From a whole request to its answer.")

/* Nothing runs or styles but what is ours, nothing is shown within another's page, and nobody else hears where somebody was. (With
 * no-referrer browsers would also say "null" of where our own forms come from.) */
#define OWN_HEADERS                                                                         \
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; " \
                                "img-src 'self' data:; connect-src 'self'; form-action "    \
                                "'self'; base-uri 'none'; frame-ancestors 'none'"},         \
        {"X-Content-Type-Options", "nosniff"}, {"X-Frame-Options", "DENY"},                 \
        {"Referrer-Policy", "same-origin"},                                                 \
    {                                                                                       \
        "Cross-Origin-Opener-Policy", "same-origin"                                         \
    }

/* What was read of people is wiped with the call. */
static void end(struct call *call)
{
    metrics_observe(&request_time, clock_steady_ns() - call->began_ns);
    rows_forget(call);
    crypto_wipe(call->made, sizeof call->made);
    if (call->own != NULL) call->forget_own(call);
    call->own = NULL;
    if (call->form != NULL) crypto_wipe(call->form, sizeof *call->form);
    free(call->form);
    call->form = NULL;
}

void pages_file(struct call *call, const char *type, const char *name)
{
    struct out *out = &call->pages->out;
    char disposition[128];
    const struct http_header headers[] = {
        OWN_HEADERS,
        {"Cache-Control", "no-store"},
        {"Content-Disposition", disposition},
        {NULL, NULL},
    };

    snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", name);
    log_debug("request", "path=%s status=200", call->page->path);
    http_answer(call->request, 200, type, headers, out->at, out->used);
    end(call);
    out_wipe(out);
}

static void answer(struct call *call, unsigned status, const char *location, const char *cookie)
{
    struct out *out = &call->pages->out;
    const struct http_header headers[] = {
        OWN_HEADERS,
        {"Cache-Control", "no-store"},
        {location != NULL ? "Location"
         : cookie != NULL ? "Set-Cookie"
                          : NULL,
         location != NULL ? location : cookie},
        {location != NULL && cookie != NULL ? "Set-Cookie" : NULL, cookie},
        {NULL, NULL},
    };

    log_debug("request", "path=%s status=%u", call->page == NULL ? "none" : call->page->path,
              status);
    http_answer(call->request, status, "text/html; charset=utf-8", headers, out->at, out->used);
    end(call);
    out_wipe(out);
}

void pages_redirect(struct call *call, const char *path, const char *cookie)
{
    out_clear(&call->pages->out);
    answer(call, 303, path, cookie);
}

/* Pages. */

struct shown pages_show(struct call *call)
{
    const bool is_own = call->act[0] == '\0' && call->page != NULL && call->page->form != NULL;
    struct shown shown = {
        .out = &call->pages->out,
        .language = call->language,
        .country = call->is_signed_in ? call->flight.who.country : COUNTRY_SE,
        .act = is_own ? call->page->form : call->act,
        .form = "",
        .typed = call->is_refused ? call->form : NULL,
        .error = call->is_refused ? &call->error : NULL,
    };

    id_write(random_id(call->pages->door.front.now_ms), shown.key);
    if (call->page != NULL && call->page->record != NULL && call->rows[0].count == 1 &&
        strcmp(call->rows[0].record->row->name, call->page->record) == 0)
        shown.version = row_version(call, 0);
    return shown;
}

static bool is_done(const struct call *call)
{
    return strncmp(call->request->query, "done=", 5) == 0;
}

void pages_answer(struct call *call, unsigned status, enum words_key title,
                  void (*show)(struct shown *shown, const void *view), const void *view)
{
    struct shown shown = pages_show(call);
    struct frame_links links[NAVIGATION_MAX];
    struct frame_languages languages[WORDS_LANGUAGES];
    struct frame_roles roles[NAVIGATION_ROLES_MAX];
    struct shown_labels labels = {0};
    const struct frame_view frame = {
        .title = title,
        .language = show_language(call->language),
        .direction = show_direction(call->language),
        .style = assets_path("fadder.css"),
        .script = assets_path("fadder.js"),
        .is_signed_in = call->is_signed_in,
        .role = name_role(call->flight.who.role),
        .roles = {navigation_roles(call, roles), roles},
        .is_done = is_done(call) && !call->is_refused,
        .path = call->page == NULL ? "/" : call->request->path,
        .links = {navigation_find(call, links), links},
        .languages = {navigation_languages(call, languages), languages},
    };

    out_clear(shown.out);
    /* What the fields are called is said only behind the error. */
    if (shown.error != NULL && shown.error->fault_count > 0) {
        shown.labels = &labels;
        show(&shown, view);
        out_clear(shown.out);
    }
    frame_begin(&shown, &frame);
    show_error(&shown);
    shown.labels = NULL;
    show(&shown, view);
    frame_end(&shown, &frame);
    answer(call, call->is_refused ? 422 : status, NULL, NULL);
}

void pages_problem(struct call *call, unsigned status, enum words_key title, enum words_key text)
{
    const struct problem_view view = {
        .title = title, .text = text, .is_signed_in = call->is_signed_in};

    call->is_refused = false;
    pages_answer(call, status, title, problem_show, &view);
}

void pages_fail(struct call *call, const struct error *err)
{
    if (call->page != NULL) refused_note(call, err, NULL);
    switch (err->kind) {
    case ERROR_NOT_FOUND:
        pages_problem(call, 404, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
        return;
    case ERROR_FORBIDDEN:
        pages_problem(call, 403, WORDS_PAGE_PROBLEM_FORBIDDEN_TITLE,
                      WORDS_PAGE_PROBLEM_FORBIDDEN_TEXT);
        return;
    case ERROR_BUSY:
        pages_problem(call, 503, WORDS_PAGE_PROBLEM_BUSY_TITLE, WORDS_PAGE_PROBLEM_BUSY_TEXT);
        return;
    case ERROR_NONE:
    case ERROR_REFUSED:
    case ERROR_CONFLICT:
    case ERROR_INVALID:
    case ERROR_BROKEN: break;
    }
    log_failure(LOG_ERROR, "page_failed", err);
    pages_problem(call, 500, WORDS_PAGE_PROBLEM_BROKEN_TITLE, WORDS_PAGE_PROBLEM_BROKEN_TEXT);
}

/* Its address has its print: whoever has it need never ask again. */
void pages_asset(struct call *call, const struct asset *asset)
{
    const char *accepted = http_header(call->request, "Accept-Encoding");
    const bool is_packed = accepted != NULL && strstr(accepted, "gzip") != NULL;
    const struct http_header headers[] = {
        OWN_HEADERS,
        {"Cache-Control", "public, max-age=31536000, immutable"},
        {"Vary", "Accept-Encoding"},
        {is_packed ? "Content-Encoding" : NULL, "gzip"},
        {NULL, NULL},
    };

    http_answer(call->request, 200, asset->type, headers, is_packed ? asset->packed : asset->plain,
                is_packed ? asset->packed_size : asset->plain_size);
    end(call);
}
