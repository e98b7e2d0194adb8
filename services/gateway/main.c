/* fadder-gateway: the loop, and all around it. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "answer.h"
#include "base/bell.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/program.h"
#include "base/settings.h"
#include "bus/bus.h"
#include "credential_kinds.h"
#include "deliveries.h"
#include "front/credentials.h"
#include "front/visitors.h"
#include "gateway.h"
#include "lists.h"
#include "noting.h"
#include "refusals.h"
#include "routes.h"

enum {
    TICK_MS = 50, /* while something is under way: its time may run out */
    IDLE_MS = 1000,
    END_MS = 10000, /* what is under way when the end is asked for may take so long */
    DESCRIPTORS = HTTP_CONNECTIONS_MAX + 256,
};

METRICS_GAUGE(open_connections, "fadder_http_connections", "Connections that are open.")
METRICS_GAUGE(under_way, "fadder_http_under_way", "Requests without an answer.")

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

static void find_origin(struct call *call)
{
    const struct gateway *gateway = call->gateway;
    const char *name = origin_headers[gateway->proxy_header];
    char said[HTTP_HEAD_MAX + 1];
    const bool is_said =
        gateway->proxies.count > 0 && http_header_lines(call->request, name, said, sizeof said);

    origin_find(&gateway->proxies, gateway->proxy_header, call->request->from,
                is_said ? said : NULL, call->address);
}

static void on_request(void *cookie, struct http_request *request)
{
    struct gateway *gateway = cookie;
    struct call *call = request->scratch;
    char allow[ROUTES_ALLOW_SIZE];

    call->gateway = gateway;
    call->request = request;
    call->began_ns = clock_steady_ns();
    find_origin(call);
    call->is_hook = call->is_delivery = call->is_signed = call->has_limit = false;
    call->is_made = call->flight.is_joined = false;
    call->flight.who = (struct who){.credential = {{0}}};
    call->strangers = 0;
    call->reads = NULL;
    call->route = routes_find(gateway->routes, request->method, request->path, &call->id,
                              &call->has_id, allow);
    if (!visitors_let_in(gateway->visitors, call->address, call->began_ns))
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

/* The loop. */

/* First what the services say, and a bit of the lists, so that these answers go out with this turn; then the
 * requests, which gather; then all of them at once. */
static void turn(struct gateway *gateway, const bool *ready, bool is_tick, bool is_ending)
{
    front_take_time(&gateway->front);
    front_turn(&gateway->front, ready, is_tick);
    lists_write(gateway->lists);
    http_turn(gateway->http, gateway->front.steady_ms);
    lists_turn(gateway->lists);
    noting_turn(gateway, is_ending);
    front_flush(&gateway->front);
    metrics_set(&open_connections, (int64_t)http_connections(gateway->http));
    metrics_set(&under_way, (int64_t)http_under_way(gateway->http));
}

static int64_t wait_ms(struct gateway *gateway)
{
    const int64_t wait =
        lists_have_work(gateway->lists) ? 0 : http_wait_ms(gateway->http, gateway->front.steady_ms);
    const int64_t tick = http_under_way(gateway->http) > 0 ? TICK_MS : IDLE_MS;

    return wait < tick ? wait : tick;
}

/* Until a signal comes, and then what is under way is answered. */
static void run(struct gateway *gateway, int signals)
{
    struct socket *sockets[FRONT_SOCKETS_MAX];
    const size_t count = front_sockets(&gateway->front, sockets);
    struct bell *const bells[2] = {bell_on(http_descriptor(gateway->http)), bell_on(signals)};
    bool ready[FRONT_SOCKETS_MAX + 2], is_ending = false;
    int64_t ticked_ms = 0, end_ms = INT64_MAX;

    front_take_time(&gateway->front);
    while (!is_ending || (http_under_way(gateway->http) > 0 && gateway->front.steady_ms < end_ms)) {
        bool is_tick;

        bus_wait(sockets, count, bells, is_ending ? 1 : 2, wait_ms(gateway), ready);
        is_tick = clock_steady_ms() - ticked_ms >= TICK_MS;
        if (is_tick) ticked_ms = clock_steady_ms();
        if (!is_ending && ready[count + 1]) {
            is_ending = true;
            http_stop(gateway->http);
            end_ms = clock_steady_ms() + END_MS;
        }
        turn(gateway, ready, is_tick, is_ending);
    }
    bell_destroy(bells[0]);
    bell_destroy(bells[1]);
}

/* Beginning and end. */

static bool world_says_no(const char *what, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "home", "%s: %s", what, strerror(errno));
}

/* One gateway for each FADDER_HOME. */
static bool enter_home(struct gateway *gateway, struct error *err)
{
    int lock; /* held until the process ends */

    if ((gateway->files = program_home(err)) == NULL) return false;
    return files_own(gateway->files, "run", err) && files_own(gateway->files, "gateway", err) &&
           files_lock(gateway->files, "gateway", "gateway", &lock, err);
}

/* For others to find: which port it was, where any free one was asked for. */
static bool write_port(const struct gateway *gateway, struct error *err)
{
    char text[16];
    const int size = snprintf(text, sizeof text, "%u\n", http_port(gateway->http));

    return files_write(gateway->files, "run/http.port", text, (size_t)size, false) ||
           world_says_no("run/http.port", err);
}

static int catch_signals(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS) return;
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool open_all(struct gateway *gateway, struct bus *bus, struct error *err)
{
    static const char *const headers[] = {"x-forwarded-for", "forwarded", NULL};
    struct settings_address address;
    unsigned header;
    struct visitors_settings visitors = {.proxies = &gateway->proxies};
    int64_t per_address;
    size_t value_size = 16;
    char path[FILES_PATH_MAX];

    if (!settings_address(setting_of("FADDER_HTTP"), &address, err) ||
        !settings_integer(setting_of("FADDER_HTTP_PER_ADDRESS"), &per_address, err) ||
        !settings_networks(setting_of("FADDER_PROXY"), &gateway->proxies, err) ||
        !settings_word(setting_of("FADDER_PROXY_HEADER"), headers, &header, err) ||
        !settings_integer(setting_of("FADDER_ADDRESS_RATE"), &visitors.rate, err) ||
        !settings_integer(setting_of("FADDER_STRANGER_RATE"), &visitors.stranger_rate, err) ||
        !settings_integer(setting_of("FADDER_TOKEN_RATE"), &gateway->token_rate, err) ||
        !settings_integer(setting_of("FADDER_TOKEN_READS"), &gateway->token_reads, err) ||
        !settings_integer(setting_of("FADDER_PARTNER_RATE"), &gateway->partner_rate, err) ||
        !settings_integer(setting_of("FADDER_ANSWER_MS"), &gateway->front.answer_ms, err))
        return false;
    gateway->proxy_header = (enum origin_header)header;
    gateway->routes = routes_create(&gateway_serving, gateway, &value_size);
    if ((gateway->value = malloc(value_size)) == NULL) bug("out of memory");
    if (!front_open(&gateway->front, bus, "gateway", err)) return false;
    gateway->partners = credentials_create(&gateway->front, &credentials_partner);
    gateway->tokens = credentials_create(&gateway->front, &credentials_token);
    gateway->visitors = visitors_create(&visitors);
    gateway->refusals = refusals_create();
    gateway->lists = lists_create(gateway);
    files_path(gateway->files, "gateway/deliveries", path);
    gateway->deliveries = deliveries_open(path, err);
    gateway->http =
        gateway->deliveries == NULL
            ? NULL
            : http_open(address.host, address.port, sizeof(struct call), on_request, gateway, err);
    if (gateway->http == NULL) return false;
    http_limit(gateway->http, (size_t)per_address, &gateway->proxies);
    return write_port(gateway, err);
}

/* What is still asked of a service is answered as it ends, so http goes after the peers. */
static void close_all(struct gateway *gateway)
{
    front_close(&gateway->front);
    http_close(gateway->http);
    lists_destroy(gateway->lists);
    deliveries_close(gateway->deliveries);
    credentials_destroy(gateway->partners);
    credentials_destroy(gateway->tokens);
    visitors_destroy(gateway->visitors);
    refusals_destroy(gateway->refusals);
    routes_destroy(gateway->routes);
    out_destroy(&gateway->out);
    free(gateway->value);
}

static const struct program program = {
    .name = "gateway",
    .what = "HTTP on one side, the services on the other: webhooks of partners, REST, health and "
            "metrics.\nRuns in FADDER_HOME until SIGTERM or SIGINT.",
};

int main(int argc, char **argv)
{
    struct gateway *gateway;
    struct bus *bus = NULL;
    struct error err;
    char root[FILES_PATH_MAX];
    bool is_good = false;
    int signals, code;

    if (!program_begin(&program, argc, argv, NULL, &code)) return code;
    if ((gateway = calloc(1, sizeof *gateway)) == NULL) bug("out of memory");
    front_begin(&gateway->front);
    signals = catch_signals();
    allow_descriptors();
    if (!enter_home(gateway, &err)) goto done;
    files_path(gateway->files, ".", root);
    if ((bus = bus_open(root, &err)) == NULL || !open_all(gateway, bus, &err)) goto done;
    log_info("started", "port=%u", http_port(gateway->http));
    run(gateway, signals);
    log_info("ended", "under_way=%zu", http_under_way(gateway->http));
    is_good = true;
done:
    if (!is_good) log_failure(LOG_ERROR, "not_started", &err);
    close_all(gateway);
    bus_close(bus);
    files_close(gateway->files);
    free(gateway);
    return is_good ? 0 : 1;
}
