/* Commands under way: named by what the caller sent, so that the same request twice is one command
 * with one answer for both; but for readings, each of which is written down. */
#include "flight.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "base/crypto.h"
#include "base/random.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "gateway.h"
#include "routes.h"
#include "trace.h"

void flight_name(struct call *call, const void *scope, size_t size)
{
    crypto_fingerprint(NULL, 0, scope, size, call->command.bytes);
}

static void begin_flight(struct call *call)
{
    struct gateway *gateway = call->gateway;

    call->duplicate = NULL;
    call->before = NULL;
    call->after = gateway->flying;
    if (call->after != NULL) call->after->before = call;
    gateway->flying = call;
}

static void on_answer(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct gateway *gateway = call->gateway;

    *(call->before != NULL ? &call->before->after : &gateway->flying) = call->after;
    if (call->after != NULL) call->after->before = call->before;
    gateway_heard(call->route->upstream, reply);
    while (call != NULL) {
        struct call *duplicate = call->duplicate; /* the call is over once it is answered */

        call->answered(call, reply);
        call = duplicate;
    }
}

static bool send(struct call *call, struct error *err)
{
    struct gateway *gateway = call->gateway;

    if (!peer_command(call->route->upstream->peer, &gateway->command, gateway->steady_ms,
                      gateway->answer_ms, on_answer, call, err))
        return false;
    begin_flight(call);
    return true;
}

/* Who is told twice has read twice, however it was asked: the second goes by an id of its own. */
static void read_again(struct call *call)
{
    struct reply reply = {.is_accepted = false};

    call->command = call->gateway->command.id = random_id(call->gateway->now_ms);
    if (!send(call, &reply.error)) call->answered(call, &reply);
}

/* The same command is under way already: wait for its answer too, if it says the same. */
static void join(struct call *call)
{
    for (struct call *other = call->gateway->flying; other != NULL; other = other->after) {
        struct reply reply = {.is_accepted = false};

        if (!id_equal(other->command, call->command)) continue;
        if (memcmp(other->print.at, call->print.at, sizeof call->print.at) == 0) {
            if (call->route->command->opens != NULL) {
                read_again(call);
                return;
            }
            call->is_joined = true;
            call->duplicate = other->duplicate;
            other->duplicate = call;
            return;
        }
        error_set(&reply.error, ERROR_INVALID, "idempotency_mismatch",
                  "Something else has been said with the same id.");
        call->answered(call, &reply);
        return;
    }
    bug("a command is under way that nobody said");
}

static void fill(struct call *call, const struct route *route, int64_t version)
{
    struct bus_command *command = &call->gateway->command;
    const struct who *who = &call->who;

    command->id = call->command;
    snprintf(command->type, sizeof command->type, "%s", route->command->body->name);
    command->print = call->print;
    command->role = who->role;
    command->has_actor = who->has_actor;
    command->actor = who->actor;
    command->has_credential = true;
    command->credential = who->credential;
    command->has_organisation = who->has_organisation;
    command->organisation = who->organisation;
    command->has_cleared = command->cleared = who->is_cleared;
    command->has_programme = command->has_country = true;
    command->programme = who->programme;
    command->country = who->country;
    command->has_aggregate = !route->command->is_creation;
    command->aggregate = call->id;
    command->version = version;
    command->has_cause = false;
    command->has_trace = trace_read(http_header(call->request, "traceparent"), &command->trace);
}

static bool pack_body(struct gateway *gateway, const struct descriptor *descriptor,
                      struct error *err)
{
    struct bus_body *body = &gateway->command.body;
    size_t size = sizeof body->at;

    if (!pack(descriptor, gateway->value, body->at, &size, err)) {
        if (strcmp(err->code, "too_large") == 0) err->kind = ERROR_INVALID;
        return false;
    }
    body->size = (uint32_t)size;
    return true;
}

void flight_say(struct call *call, const struct route *route, int64_t version)
{
    struct gateway *gateway = call->gateway;
    struct reply reply = {.is_accepted = false};
    struct error *err = &reply.error;

    call->route = route;
    fill(call, route, version);
    if (!pack_body(gateway, route->command->body, err)) {
        call->answered(call, &reply);
        return;
    }
    if (send(call, err)) return;
    if (strcmp(err->code, "in_progress") == 0)
        join(call);
    else
        call->answered(call, &reply);
}
