/* Settings, the loop, beginning and end: of every program that listens. */
#include "front/door.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/metrics.h"
#include "base/program.h"
#include "base/settings.h"
#include "bus/bus.h"
#include "core/error.h"
#include "front/visitors.h"

enum {
    TICK_MS = 50, /* while something is under way: its time may run out */
    IDLE_MS = 1000,
    END_MS = 10000, /* what is under way when the end is asked for may take so long */
    DESCRIPTORS = HTTP_CONNECTIONS_MAX + 256,
};

METRICS_GAUGE(open_connections, "fadder_http_connections", "Connections that are open.")
METRICS_GAUGE(under_way, "fadder_http_under_way", "Requests without an answer.")

void door_origin(const struct door *door, const struct http_request *request,
                 uint8_t address[REACH_ADDRESS_SIZE])
{
    char said[HTTP_HEAD_MAX + 1];
    const bool is_said =
        door->proxies.count > 0 &&
        http_header_lines(request, origin_headers[door->proxy_header], said, sizeof said);

    origin_find(&door->proxies, door->proxy_header, request->from, is_said ? said : NULL, address);
}

/* The loop. */

/* First what the services say, so that these answers go out with this turn; then the requests, which
 * gather; then all of them at once. */
static void turn(struct door *door, const bool *ready, bool is_tick, bool is_ending)
{
    front_take_time(&door->front);
    front_turn(&door->front, ready, is_tick);
    if (door->kind->before != NULL) door->kind->before(door->cookie);
    http_turn(door->http, door->front.steady_ms);
    if (door->kind->after != NULL) door->kind->after(door->cookie, is_ending);
    front_flush(&door->front);
    metrics_set(&open_connections, (int64_t)http_connections(door->http));
    metrics_set(&under_way, (int64_t)http_under_way(door->http));
}

static int64_t wait_ms(struct door *door)
{
    const bool has_work = door->kind->has_work != NULL && door->kind->has_work(door->cookie);
    const int64_t wait = has_work ? 0 : http_wait_ms(door->http, door->front.steady_ms);
    const int64_t tick =
        http_under_way(door->http) > 0 || door->front.flying != NULL ? TICK_MS : IDLE_MS;

    return wait < tick ? wait : tick;
}

void door_run(struct door *door)
{
    struct socket *sockets[FRONT_SOCKETS_MAX];
    const size_t count = front_sockets(&door->front, sockets);
    struct bell *const bells[2] = {bell_on(http_descriptor(door->http)), bell_on(door->signals)};
    bool ready[FRONT_SOCKETS_MAX + 2], is_ending = false;
    int64_t ticked_ms = 0, end_ms = INT64_MAX;

    front_take_time(&door->front);
    while (!is_ending || (http_under_way(door->http) > 0 && door->front.steady_ms < end_ms)) {
        bool is_tick;

        bus_wait(sockets, count, bells, is_ending ? 1 : 2, wait_ms(door), ready);
        is_tick = clock_steady_ms() - ticked_ms >= TICK_MS;
        if (is_tick) ticked_ms = clock_steady_ms();
        if (!is_ending && ready[count + 1]) {
            is_ending = true;
            http_stop(door->http);
            end_ms = clock_steady_ms() + END_MS;
        }
        turn(door, ready, is_tick, is_ending);
    }
    bell_destroy(bells[0]);
    bell_destroy(bells[1]);
}

/* Beginning and end. */

static bool world_says_no(const char *what, struct error *err)
{
    return error_set(err, ERROR_BROKEN, "home", "%s: %s", what, strerror(errno));
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

bool door_enter(struct door *door, const struct door_kind *kind, void *cookie, struct error *err)
{
    int lock; /* held until the process ends */

    memset(door, 0, sizeof *door);
    door->kind = kind;
    door->cookie = cookie;
    front_begin(&door->front);
    door->signals = catch_signals();
    allow_descriptors();
    return (door->files = program_home(err)) != NULL && files_own(door->files, "run", err) &&
           files_own(door->files, kind->name, err) &&
           files_lock(door->files, kind->name, kind->name, &lock, err);
}

static bool write_port(const struct door *door, struct error *err)
{
    char text[16];
    const int size = snprintf(text, sizeof text, "%u\n", http_port(door->http));

    return files_write(door->files, door->kind->port_file, text, (size_t)size, false) ||
           world_says_no(door->kind->port_file, err);
}

bool door_open(struct door *door, struct error *err)
{
    static const char *const headers[] = {"x-forwarded-for", "forwarded", NULL};
    const struct door_kind *kind = door->kind;
    struct settings_address address;
    unsigned header;
    struct visitors_settings visitors = {.proxies = &door->proxies};
    int64_t per_address;
    char root[FILES_PATH_MAX];

    if (!settings_address(setting_of(kind->listens), &address, err) ||
        !settings_integer(setting_of("FADDER_HTTP_PER_ADDRESS"), &per_address, err) ||
        !settings_networks(setting_of("FADDER_PROXY"), &door->proxies, err) ||
        !settings_word(setting_of("FADDER_PROXY_HEADER"), headers, &header, err) ||
        !settings_integer(setting_of("FADDER_ADDRESS_RATE"), &visitors.rate, err) ||
        !settings_integer(setting_of("FADDER_STRANGER_RATE"), &visitors.stranger_rate, err) ||
        !settings_integer(setting_of("FADDER_ANSWER_MS"), &door->front.answer_ms, err))
        return false;
    door->proxy_header = (enum origin_header)header;
    door->visitors = visitors_create(&visitors);
    files_path(door->files, ".", root);
    if ((door->bus = bus_open(root, err)) == NULL ||
        !front_open(&door->front, door->bus, kind->name, err))
        return false;
    door->http =
        http_open(address.host, address.port, kind->scratch_size, kind->serve, door->cookie, err);
    if (door->http == NULL) return false;
    http_limit(door->http, (size_t)per_address, &door->proxies);
    return write_port(door, err);
}

/* What is still asked of a service is answered as it ends, so http goes after the peers. */
void door_close(struct door *door)
{
    front_close(&door->front);
    http_close(door->http);
}

void door_leave(struct door *door)
{
    visitors_destroy(door->visitors);
    bus_close(door->bus);
    files_close(door->files);
}
