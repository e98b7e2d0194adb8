/* POST /v1/hooks/{partner}: what a partner's system says, signed (Standard Webhooks 1.0.0).
 *
 * Each delivery of a partner that we know goes into its log, with what came of it. To the sender a
 * 401 is the same whatever the cause. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "base/crypto.h"
#include "base/metrics.h"
#include "core/descriptor.h"
#include "core/json.h"
#include "core/pack.h"
#include "deliveries.h"
#include "front/credentials.h"
#include "front/flight.h"
#include "gateway.h"
#include "routes.h"

METRICS_COUNTER(taken, "fadder_hooks_accepted_total", "Webhooks that were accepted.")
METRICS_COUNTER(unsigned_, "fadder_hooks_unauthorized_total",
                "Webhooks of nobody we know, or badly signed.")

/* The limit's state, for the sender to see (draft-ietf-httpapi-ratelimit-headers). */
struct allowance {
    char policy[48], left[48];
    struct http_header headers[3];
};

static const struct http_header *allowance(const struct call *call, struct allowance *a)
{
    const int64_t rate = call->gateway->partner_rate;

    if (!call->has_limit) return NULL;
    snprintf(a->policy, sizeof a->policy, "\"partner\";q=%lld;w=1", (long long)rate);
    snprintf(a->left, sizeof a->left, "\"partner\";r=%lld;t=1",
             (long long)limit_left(&call->limit, rate));
    a->headers[0] = (struct http_header){"RateLimit-Policy", a->policy};
    a->headers[1] = (struct http_header){"RateLimit", a->left};
    a->headers[2] = (struct http_header){NULL, NULL};
    return a->headers;
}

/* What goes into the log of call->id's partner. */
static void note(struct call *call, unsigned status, const char *code, const struct error *err)
{
    struct delivery delivery;

    delivery_set(&delivery, call->gateway->door.front.now_ms, status,
                 http_header(call->request, "webhook-id"), code);
    for (uint32_t i = 0; err != NULL && i < err->fault_count; i++)
        delivery_add_field(&delivery, err->faults[i].field);
    delivery_set_strangers(&delivery, call->strangers);
    deliveries_add(call->gateway->deliveries, call->id, call->is_signed, &delivery);
}

static void refuse_hook(struct call *call, const struct error *err)
{
    struct allowance room;

    if (call->is_delivery) note(call, answer_status(err), err->code, err);
    answer_error(call, err, allowance(call, &room));
}

static void refuse_as(struct call *call, unsigned status, const char *code, const char *text)
{
    struct allowance room;

    if (call->is_delivery) note(call, status, code, NULL);
    answer_problem(call, status, code, text, allowance(call, &room));
}

static void answer_unsigned(struct call *call)
{
    answer_problem(call, 401, "unauthorized",
                   "No partner has signed this, or not within five minutes of now.", NULL);
}

static void refuse_unsigned(struct call *call, const struct credential *credential,
                            enum signature_verdict verdict)
{
    const bool is_closed = credential != NULL && credential->state == CREDENTIAL_CLOSED;

    metrics_count(&unsigned_, 1);
    if (credential != NULL) /* as whose it came; not who it was */
        call->flight.who = (struct who){.programme = credential->who.programme,
                                        .country = credential->who.country};
    if (credential != NULL)
        note(call, 401, is_closed ? "partner_disabled" : signature_verdict_word(verdict), NULL);
    answer_unsigned(call);
}

/* The secret that it would be known by is lost here: only another one helps. */
static void refuse_without_secret(struct call *call)
{
    metrics_count(&unsigned_, 1);
    note(call, 401, "key_lost", NULL);
    answer_unsigned(call);
}

/* What came of the command: its own answer, as it stands in the schema. */
static void on_answered(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct gateway *gateway = call->gateway;
    const struct descriptor *descriptor = call->route->command->answer;
    const struct bus_answer *packed = &reply->accepted.answer;
    struct allowance room;
    struct error err;

    if (!reply->is_accepted) {
        refuse_hook(call, &reply->error);
        return;
    }
    out_clear(&gateway->out);
    if (descriptor == NULL) {
        out_add(&gateway->out, "{}", 2);
    } else if (!unpack(descriptor, packed->at, packed->size, gateway->value, &err) ||
               !out_value(&gateway->out, descriptor, gateway->value)) {
        error_set(&err, ERROR_BROKEN, "answer", "The answer cannot be read.");
        refuse_hook(call, &err);
        return;
    }
    metrics_count(&taken, 1);
    note(call, 200, "accepted", NULL);
    answer_json(call, 200, allowance(call, &room), &gateway->out);
}

static const struct descriptor *pick(void *cookie, const char *type)
{
    struct call *call = cookie;

    call->route = routes_hook(call->gateway->routes, type);
    return call->route == NULL ? NULL : call->route->command->body;
}

static void name_command(struct call *call)
{
    uint8_t scope[sizeof(struct id) + SIGNATURE_ID_MAX];
    const char *id = http_header(call->request, "webhook-id");
    const size_t size = strlen(id);

    memcpy(scope, call->id.bytes, sizeof(struct id));
    memcpy(scope + sizeof(struct id), id, size);
    flight_name(&call->flight, scope, sizeof(struct id) + size);
    call->flight.print.size = sizeof call->flight.print.at;
    crypto_fingerprint(NULL, 0, call->request->body, call->request->body_size,
                       call->flight.print.at);
}

static enum signature_verdict verify(const struct call *call, const struct credential *credential)
{
    const struct http_request *request = call->request;
    const struct signature_message message = {
        .id = http_header(request, "webhook-id"),
        .timestamp = http_header(request, "webhook-timestamp"),
        .signatures = http_header(request, "webhook-signature"),
        .body = request->body,
        .size = request->body_size,
    };
    const bool is_good = credential != NULL && credential->state == CREDENTIAL_GOOD;

    return signature_verify(is_good ? credential->secrets : NULL,
                            is_good ? credential->secret_count : 0, &message,
                            call->gateway->door.front.now_ms);
}

static bool read_body(struct call *call, struct error *err)
{
    const struct http_request *request = call->request;
    const struct date today = instant_date((struct instant){call->gateway->door.front.now_ms});
    struct json_hook hook;
    const bool is_read = json_read_hook((const char *)request->body, request->body_size, today,
                                        pick, call, call->gateway->value, &hook, err);

    call->strangers = hook.strangers;
    return is_read;
}

/* It is signed, and not too often. */
static void take(struct call *call)
{
    const struct http_request *request = call->request;
    struct error err;

    if (!http_is_type(request, "application/json")) {
        refuse_as(call, 415, "media_type", "The body must be application/json.");
    } else if (!read_body(call, &err)) {
        refuse_hook(call, &err);
    } else {
        name_command(call);
        call_say(call, call->route, VERSION_ANY, on_answered);
    }
}

static void on_credential(void *cookie, struct credential *credential, const struct error *why)
{
    struct call *call = cookie;
    enum signature_verdict verdict;
    bool is_let_in;

    if (why != NULL && strcmp(why->code, "key_lost") == 0) {
        refuse_without_secret(call);
        return;
    }
    if (why != NULL) { /* who it was is not known; but if there is a log, it is theirs */
        call->is_delivery = deliveries_has(call->gateway->deliveries, call->id);
        refuse_hook(call, why);
        return;
    }
    verdict = verify(call, credential);
    if (verdict != SIGNATURE_GOOD) {
        refuse_unsigned(call, credential, verdict);
        return;
    }
    is_let_in = limit_take(&credential->limit, call->gateway->partner_rate, call->began_ns);
    call->limit = credential->limit;
    call->flight.who = credential->who;
    call->is_delivery = call->is_signed = call->has_limit = true;
    if (is_let_in)
        take(call);
    else
        refuse_as(call, 429, "too_often", "This partner has sent too much within a second.");
}

void hooks_serve(struct call *call)
{
    uint8_t key[CREDENTIAL_KEY_SIZE] = {0};

    call->is_hook = true;
    call->wait = (struct credential_wait){.go = on_credential, .cookie = call};
    if (!call->has_id) { /* it cannot be anybody's: as if there were no such partner */
        on_credential(call, NULL, NULL);
        return;
    }
    memcpy(key, call->id.bytes, sizeof call->id.bytes);
    if (!credentials_know(call->gateway->partners, key) && !auth_may_try(call)) return;
    credentials_use(call->gateway->partners, key, &call->wait);
}

/* Refused before it was read: nobody has signed it, but who wants to know why it never arrived finds
 * it in the log. Looked up apart, because it is answered at once. */
enum { UNREAD_MAX = 64 }; /* at a time; more are not noted */

struct unread {
    struct gateway *gateway;
    struct id partner;
    struct delivery delivery;
};

static void on_partner(void *cookie, const struct reply *reply)
{
    struct unread *unread = cookie;
    struct gateway *gateway = unread->gateway;

    gateway->unread--;
    if (reply->is_page && reply->page.count == 1)
        deliveries_add(gateway->deliveries, unread->partner, false, &unread->delivery);
    free(unread);
}

void hooks_refused(struct call *call, const char *code)
{
    struct gateway *gateway = call->gateway;
    struct unread *unread;
    struct error err;

    if (!call->has_id || gateway->unread == UNREAD_MAX) return;
    if ((unread = malloc(sizeof *unread)) == NULL) bug("out of memory");
    unread->gateway = gateway;
    unread->partner = call->id;
    delivery_set(&unread->delivery, gateway->door.front.now_ms, call->request->refused,
                 http_header(call->request, "webhook-id"), code);
    front_query(&gateway->door.front, "partner");
    gateway->door.front.query.has_key = true;
    gateway->door.front.query.key = call->id;
    if (peer_query(front_upstream(&gateway->door.front, "registry")->peer,
                   &gateway->door.front.query, gateway->door.front.steady_ms,
                   gateway->door.front.answer_ms, on_partner, unread, &err))
        gateway->unread++;
    else
        free(unread);
}
