/* Answers of every kind: JSON, problems (RFC 9457), counted by status. */
#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/error.h"
#include "front/credentials.h"
#include "front/visitors.h"
#include "gateway.h"
#include "refusing.h"
#include "routes.h"

enum { HEADERS_MAX = 8 };

METRICS_SECONDS(request_time, "fadder_http_request_seconds", "From a whole request to its answer.")

/* What we answer with. The last stands for any other. */
static struct {
    unsigned status;
    const char *title, *labels;
    struct metrics_metric count;
} statuses[] = {
    {200, "OK", "status=\"200\"", {0}},
    {201, "Created", "status=\"201\"", {0}},
    {400, "Bad Request", "status=\"400\"", {0}},
    {401, "Unauthorized", "status=\"401\"", {0}},
    {403, "Forbidden", "status=\"403\"", {0}},
    {404, "Not Found", "status=\"404\"", {0}},
    {405, "Method Not Allowed", "status=\"405\"", {0}},
    {409, "Conflict", "status=\"409\"", {0}},
    {411, "Length Required", "status=\"411\"", {0}},
    {412, "Precondition Failed", "status=\"412\"", {0}},
    {413, "Content Too Large", "status=\"413\"", {0}},
    {414, "URI Too Long", "status=\"414\"", {0}},
    {415, "Unsupported Media Type", "status=\"415\"", {0}},
    {417, "Expectation Failed", "status=\"417\"", {0}},
    {422, "Unprocessable Content", "status=\"422\"", {0}},
    {428, "Precondition Required", "status=\"428\"", {0}},
    {429, "Too Many Requests", "status=\"429\"", {0}},
    {431, "Request Header Fields Too Large", "status=\"431\"", {0}},
    {500, "Internal Server Error", "status=\"500\"", {0}},
    {503, "Service Unavailable", "status=\"503\"", {0}},
};

enum { STATUSES = sizeof statuses / sizeof *statuses };

__attribute__((constructor)) static void add_metrics(void)
{
    for (size_t i = 0; i < STATUSES; i++) {
        statuses[i].count.kind = METRICS_KIND_COUNTER;
        statuses[i].count.name = "fadder_http_requests_total";
        statuses[i].count.help = "Requests answered, by status.";
        statuses[i].count.labels = statuses[i].labels;
        metrics_add(&statuses[i].count);
    }
}

static size_t find(unsigned status)
{
    for (size_t i = 0; i < STATUSES; i++)
        if (statuses[i].status == status) return i;
    bug("a status %u that is not in the list", status);
}

/* What was said to one is nobody else's, nor for later: it may hold a secret, or what is personal. And when
 * the client may come again, unless headers say it. */
static void add_headers(struct http_header to[HEADERS_MAX + 3], const struct http_header *headers,
                        unsigned status)
{
    size_t count = 0;
    bool has_when = false;

    for (; headers != NULL && headers[count].name != NULL && count < HEADERS_MAX; count++) {
        to[count] = headers[count];
        has_when = has_when || strcmp(headers[count].name, "Retry-After") == 0;
    }
    to[count++] = (struct http_header){"Cache-Control", "no-store"};
    if ((status == 503 || status == 429) && !has_when)
        to[count++] = (struct http_header){"Retry-After", "1"};
    to[count] = (struct http_header){NULL, NULL};
}

static void log_request(const struct call *call, unsigned status)
{
    char address[ORIGIN_TEXT_SIZE];

    origin_write(call->address, address);
    log_debug("request", "method=%s route=%s status=%u address=%s traceparent=%s",
              call->request->method, call->route == NULL ? "" : call->route->method, status,
              address, http_header(call->request, "traceparent"));
}

static void end(struct call *call, unsigned status, const char *type,
                const struct http_header *headers, const char *body, size_t size)
{
    struct http_request *request = call->request;

    metrics_count(&statuses[find(status)].count, 1);
    metrics_observe(&request_time, clock_steady_ns() - call->began_ns);
    if (log_is_on(LOG_DEBUG)) log_request(call, status);
    if (status == 401) visitors_failed(call->gateway->door.visitors, call->address, call->began_ns);
    if (call->reads != NULL) call->reads->reading--;
    call->reads = NULL;
    call->request = NULL;
    http_answer(request, status, type, headers, body, size);
}

void answer(struct call *call, unsigned status, const char *type, const struct http_header *headers,
            const char *body, size_t size)
{
    struct http_header all[HEADERS_MAX + 3];

    add_headers(all, headers, status);
    end(call, status, type, all, body, size);
}

void answer_anybody(struct call *call, const char *type, const char *body, size_t size)
{
    end(call, 200, type, NULL, body, size);
}

void answer_json(struct call *call, unsigned status, const struct http_header *headers,
                 const struct out *out)
{
    answer(call, status, "application/json", headers, out->at, out->used);
}

/* "person.languages[2]" as a JSON pointer (RFC 6901): names hold neither ~ nor /. What a webhook
 * says stands in its data. */
static void add_pointer(struct out *out, const char *field, bool is_hook)
{
    static const char *const outer[] = {"type", "timestamp", "data"};
    bool is_outer = false;

    for (size_t i = 0; i < 3; i++)
        is_outer = is_outer || strcmp(field, outer[i]) == 0;
    out_format(out, is_hook && !is_outer ? "#/data/" : "#/");
    for (; *field != '\0'; field++) {
        if (*field == '.' || *field == '[')
            out_add(out, "/", 1);
        else if (*field != ']')
            out_add(out, field, 1);
    }
}

/* A fault completes "It is …", but for a refusal's, which is a sentence. */
static void add_fault(struct out *out, const struct fault *fault, const struct call *call)
{
    const bool has_body =
        call->request->method[0] == 'P'; /* else it is an argument that is meant */
    const bool is_sentence = fault->what[0] >= 'A' && fault->what[0] <= 'Z';
    char detail[sizeof fault->what + 16];

    snprintf(detail, sizeof detail, is_sentence ? "%s" : "It is %s.", fault->what);
    out_format(out, "{\"detail\":");
    out_string(out, detail);
    if (has_body) {
        out_format(out, ",\"pointer\":\"");
        add_pointer(out, fault->field, call->is_hook);
        out_format(out, "\"");
    }
    out_format(out, has_body ? ",\"field\":" : ",\"parameter\":");
    out_string(out, fault->field);
    out_add(out, "}", 1);
}

static void problem(struct call *call, unsigned status, const char *code, const char *text,
                    const struct error *err, const struct http_header *headers)
{
    struct out *out = &call->gateway->out;

    refusing_note(call, status, code, err != NULL && err->is_withheld);
    out_clear(out);
    out_format(out, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,\"detail\":",
               statuses[find(status)].title, status);
    out_string(out, text);
    out_format(out, ",\"code\":");
    out_string(out, code);
    for (uint32_t i = 0; err != NULL && i < err->fault_count; i++) {
        out_format(out, i == 0 ? ",\"errors\":[" : ",");
        add_fault(out, &err->faults[i], call);
    }
    out_format(out, err != NULL && err->fault_count > 0 ? "]}" : "}");
    answer(call, status, "application/problem+json", headers, out->at, out->used);
}

void answer_problem(struct call *call, unsigned status, const char *code, const char *text,
                    const struct http_header *headers)
{
    problem(call, status, code, text, NULL, headers);
}

void answer_unseen(struct call *call, const struct reply *reply, const char *text)
{
    struct error err;

    error_set(&err, ERROR_NOT_FOUND, "not_found", "%s", text);
    err.is_withheld = reply->page.has_withheld && reply->page.withheld;
    answer_error(call, &err, NULL);
}

unsigned answer_status(const struct error *err)
{
    switch (err->kind) {
    case ERROR_REFUSED: return 409;
    case ERROR_CONFLICT: return 412; /* If-Match names another version (RFC 9110, 13.1.1) */
    case ERROR_FORBIDDEN: return 403;
    case ERROR_INVALID: return strcmp(err->code, "not_json") == 0 ? 400 : 422;
    case ERROR_NOT_FOUND: return 404;
    case ERROR_BUSY: return strcmp(err->code, "too_many_queries") == 0 ? 429 : 503;
    case ERROR_BROKEN:
    case ERROR_NONE: break;
    }
    return 500;
}

void answer_error(struct call *call, const struct error *err, const struct http_header *headers)
{
    unsigned status = answer_status(err);

    if (status == 422 && call->request->method[0] != 'P') status = 400; /* it has no content */
    if (status != 500) {
        problem(call, status, err->code, err->text, err, headers);
        return;
    }
    log_failure(LOG_ERROR, "request_failed", err);
    problem(call, status, "broken", "Something is wrong here; it has been noted.", NULL, headers);
}
