/* fadder-gateway: requests on their way to their routes, and all around it. */
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/program.h"
#include "base/settings.h"
#include "credential_kinds.h"
#include "deliveries.h"
#include "front/credentials.h"
#include "front/door.h"
#include "front/noting.h"
#include "front/refusals.h"
#include "front/visitors.h"
#include "gateway.h"
#include "lists.h"
#include "routes.h"

/* Requests. */

/* What http refused before it was whole. */
static void refuse_unread(struct call *call)
{
    const struct http_request *request = call->request;
    char code[32];

    snprintf(code, sizeof code, "http_%u", request->refused);
    if (call->route != NULL && call->route->serve == hooks_serve) hooks_refused(call, code);
    answer_problem(call, request->refused, code, request->why, NULL);
}

static void on_request(void *cookie, struct http_request *request)
{
    struct gateway *gateway = cookie;
    struct call *call = request->scratch;
    char allow[ROUTES_ALLOW_SIZE];

    call->gateway = gateway;
    call->request = request;
    call->began_ns = clock_steady_ns();
    door_origin(&gateway->door, request, call->address);
    call->is_hook = call->is_delivery = call->is_signed = call->has_limit = false;
    call->is_made = call->flight.is_joined = false;
    call->flight.who = (struct who){.credential = {{0}}};
    call->strangers = 0;
    call->reads = NULL;
    call->route = routes_find(gateway->routes, request->method, request->path, &call->id,
                              &call->has_id, allow);
    if (!visitors_let_in(gateway->door.visitors, call->address, call->began_ns))
        answer_problem(call, 429, "too_often", "This address has asked too often within a second.",
                       NULL);
    else if (request->refused != 0)
        refuse_unread(call);
    else if (call->route != NULL)
        call->route->serve(call);
    else if (allow[0] != '\0')
        answer_problem(call, 405, "method", "Not with this method.",
                       (const struct http_header[]){{"Allow", allow}, {NULL, NULL}});
    else
        answer_problem(call, 404, "no_such_path", "There is nothing at this address.", NULL);
}

/* What is done within a turn of the loop. */

static void write_lists(void *cookie)
{
    struct gateway *gateway = cookie;

    lists_write(gateway->lists);
}

static void ask_for_lists(void *cookie, bool is_ending)
{
    struct gateway *gateway = cookie;

    lists_turn(gateway->lists);
    noting_turn(gateway->refusals, &gateway->door.front, is_ending);
}

static bool has_work(void *cookie)
{
    const struct gateway *gateway = cookie;

    return lists_have_work(gateway->lists);
}

static const struct door_kind door_kind = {
    .name = "gateway",
    .listens = "FADDER_HTTP",
    .port_file = "run/http.port",
    .scratch_size = sizeof(struct call),
    .serve = on_request,
    .before = write_lists,
    .after = ask_for_lists,
    .has_work = has_work,
};

/* Beginning and end. */

/* Before anybody is let in. */
static bool open_all(struct gateway *gateway, struct error *err)
{
    struct door *door = &gateway->door;
    size_t value_size = 16;
    char path[FILES_PATH_MAX];

    if (!settings_integer(setting_of("FADDER_TOKEN_RATE"), &gateway->token_rate, err) ||
        !settings_integer(setting_of("FADDER_TOKEN_READS"), &gateway->token_reads, err) ||
        !settings_integer(setting_of("FADDER_PARTNER_RATE"), &gateway->partner_rate, err))
        return false;
    gateway->routes = routes_create(&gateway_serving, gateway, &value_size);
    if ((gateway->value = malloc(value_size)) == NULL) bug("out of memory");
    gateway->partners = credentials_create(&door->front, &credentials_partner);
    gateway->tokens = credentials_create(&door->front, &credentials_token);
    gateway->refusals = refusals_create();
    gateway->lists = lists_create(gateway);
    files_path(door->files, "gateway/deliveries", path);
    return (gateway->deliveries = deliveries_open(path, err)) != NULL && door_open(door, err);
}

static void close_all(struct gateway *gateway)
{
    door_close(&gateway->door);
    lists_destroy(gateway->lists);
    deliveries_close(gateway->deliveries);
    credentials_destroy(gateway->partners);
    credentials_destroy(gateway->tokens);
    refusals_destroy(gateway->refusals);
    routes_destroy(gateway->routes);
    out_destroy(&gateway->out);
    free(gateway->value);
    door_leave(&gateway->door);
}

static const struct program program = {
    .name = "gateway",
    .what = "HTTP on one side, the services on the other: webhooks of partners, REST, health and "
            "metrics.\nRuns in FADDER_HOME until SIGTERM or SIGINT.",
};

int main(int argc, char **argv)
{
    struct gateway *gateway;
    struct error err;
    bool is_good;
    int code;

    if (!program_begin(&program, argc, argv, NULL, &code)) return code;
    if ((gateway = calloc(1, sizeof *gateway)) == NULL) bug("out of memory");
    is_good = door_enter(&gateway->door, &door_kind, gateway, &err) && open_all(gateway, &err);
    if (is_good) {
        log_info("started", "port=%u", http_port(gateway->door.http));
        door_run(&gateway->door);
        log_info("ended", "under_way=%zu", http_under_way(gateway->door.http));
    } else {
        log_failure(LOG_ERROR, "not_started", &err);
    }
    close_all(gateway);
    free(gateway);
    return is_good ? 0 : 1;
}
