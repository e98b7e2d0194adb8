/* Commands under way, and those that wait for the same answer. */
#include "front/flight.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/random.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/pack.h"
#include "front/front.h"

void flight_name(struct flight *flight, const void *scope, size_t size)
{
    crypto_fingerprint(NULL, 0, scope, size, flight->command.bytes);
}

void flight_name_anew(struct flight *flight, const struct front *front)
{
    flight->command = random_id(front->now_ms);
    flight->print.size = sizeof flight->print.at;
    crypto_fingerprint(NULL, 0, flight->command.bytes, sizeof flight->command, flight->print.at);
}

static void begin(struct flight *flight)
{
    struct front *front = flight->front;

    flight->duplicate = NULL;
    flight->before = NULL;
    flight->after = front->flying;
    if (flight->after != NULL) flight->after->before = flight;
    front->flying = flight;
}

static void on_answer(void *cookie, const struct reply *reply)
{
    struct flight *flight = cookie;
    struct front *front = flight->front;

    *(flight->before != NULL ? &flight->before->after : &front->flying) = flight->after;
    if (flight->after != NULL) flight->after->before = flight->before;
    front_heard(flight->upstream, reply);
    while (flight != NULL) {
        struct flight *duplicate = flight->duplicate; /* the flight is over once it is answered */

        flight->answered(flight->cookie, reply);
        flight = duplicate;
    }
}

static bool send(struct flight *flight, struct error *err)
{
    struct front *front = flight->front;

    if (!peer_command(flight->upstream->peer, &front->command, front->steady_ms, front->answer_ms,
                      on_answer, flight, err))
        return false;
    begin(flight);
    return true;
}

/* Who is told twice has read twice, however it was asked: the second goes by an id of its own. */
static void read_again(struct flight *flight)
{
    struct reply reply = {.is_accepted = false};

    flight->command = flight->front->command.id = random_id(flight->front->now_ms);
    if (!send(flight, &reply.error)) flight->answered(flight->cookie, &reply);
}

/* The same command is under way already: wait for its answer too, if it says the same. */
static void join(struct flight *flight)
{
    for (struct flight *other = flight->front->flying; other != NULL; other = other->after) {
        struct reply reply = {.is_accepted = false};

        if (!id_equal(other->command, flight->command)) continue;
        if (memcmp(other->print.at, flight->print.at, sizeof flight->print.at) == 0) {
            if (flight->is_reading) {
                read_again(flight);
                return;
            }
            flight->is_joined = true;
            flight->duplicate = other->duplicate;
            other->duplicate = flight;
            return;
        }
        error_set(&reply.error, ERROR_INVALID, "idempotency_mismatch",
                  "Something else has been said with the same id.");
        flight->answered(flight->cookie, &reply);
        return;
    }
    bug("a command is under way that nobody said");
}

static void fill(const struct flight *flight, const struct command *said, int64_t version)
{
    struct bus_command *command = &flight->front->command;
    const struct who *who = &flight->who;

    command->id = flight->command;
    snprintf(command->type, sizeof command->type, "%s", said->body->name);
    command->print = flight->print;
    command->role = who->role;
    command->has_actor = who->has_actor;
    command->actor = who->actor;
    command->has_credential = true;
    command->credential = who->credential;
    command->has_organisation = who->has_organisation;
    command->organisation = who->organisation;
    command->has_cleared = command->cleared = who->is_cleared;
    command->has_shared = command->shared = who->is_shared;
    command->has_programme = command->has_country = true;
    command->programme = who->programme;
    command->country = who->country;
    command->has_aggregate = !said->is_creation;
    command->aggregate = flight->id;
    command->version = version;
    command->has_cause = false;
    command->has_trace = flight->has_trace;
    command->trace = flight->trace;
}

static bool pack_body(struct front *front, const struct descriptor *descriptor, const void *value,
                      struct error *err)
{
    struct bus_body *body = &front->command.body;
    size_t size = sizeof body->at;

    if (!pack(descriptor, value, body->at, &size, err)) {
        if (strcmp(err->code, "too_large") == 0) err->kind = ERROR_INVALID;
        return false;
    }
    body->size = (uint32_t)size;
    return true;
}

void flight_say(struct flight *flight, struct front *front, struct upstream *upstream,
                const struct command *command, const void *body, int64_t version)
{
    struct reply reply = {.is_accepted = false};
    struct error *err = &reply.error;

    flight->front = front;
    flight->upstream = upstream;
    flight->is_reading = command->opens != NULL;
    flight->is_joined = false;
    fill(flight, command, version);
    if (!pack_body(front, command->body, body, err)) {
        flight->answered(flight->cookie, &reply);
        return;
    }
    if (send(flight, err)) return;
    if (strcmp(err->code, "in_progress") == 0)
        join(flight);
    else
        flight->answered(flight->cookie, &reply);
}
