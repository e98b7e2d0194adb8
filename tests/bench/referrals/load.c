/* The load: referrals, each with its own body and signature, posted over so many connections, and
 * how long each took. */
#define _GNU_SOURCE /* memmem, strcasestr */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/program.h"
#include "base/signature.h"
#include "core/error.h"

static const char help[] =
    "bench-load --port 8080 --partner ID [--count 100000] [--connections 64]\n"
    "           [--rate 0] [--first 1] [--path PATH] [--programme integration-works]\n"
    "           [--log FILE]\n\n"
    "Sends signed referrals, each another one with its own signature, and measures the answers. "
    "The secret\n"
    "comes by standard input: arguments are seen by everybody on the machine.\n\n"
    "All requests are made before the clock starts. --rate 0 sends as fast as answers come, one\n"
    "request under way on each connection; else that many a second, evenly, whatever the answers\n"
    "do. Prints one line of JSON: requests, seconds, per_second, p50_ms, p99_ms, max_ms, and how\n"
    "often each status. --log writes a line for each: the referral's id, and when it was sent\n"
    "(nanoseconds, CLOCK_MONOTONIC).";

enum { CONNECTIONS_MAX = 1024, REQUEST_MAX = 2048, ANSWER_MAX = 16384, LIMIT_S = 300 };

struct settings {
    int port, connections;
    long count, rate, first;
    const char *partner, *path, *programme, *log;
};

struct request {
    uint32_t size;
    char *at;
};

struct connection {
    int fd;
    long request; /* under way, or -1 */
    size_t sent, got;
    char answer[ANSWER_MAX];
};

static struct settings settings = {
    .port = 8080, .connections = 64, .count = 100000, .first = 1, .programme = "integration-works"};
static struct request *requests;
static int64_t *began_ns, *took_ns;
static long statuses[600];
static FILE *log_file;
static struct connection connections[CONNECTIONS_MAX];

static void misused(const char *option)
{
    fprintf(stderr, "bench-load: there is no option %s, or it has no value; see --help\n", option);
    exit(2);
}

static void read_settings(int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];

        if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
            puts(help);
            exit(0);
        }
        if (strcmp(name, "--version") == 0) {
            printf("bench-load %s\n", program_version);
            exit(0);
        }
        if (value == NULL) misused(name);
        if (strcmp(name, "--port") == 0)
            settings.port = atoi(value);
        else if (strcmp(name, "--connections") == 0)
            settings.connections = atoi(value);
        else if (strcmp(name, "--count") == 0)
            settings.count = atol(value);
        else if (strcmp(name, "--rate") == 0)
            settings.rate = atol(value);
        else if (strcmp(name, "--first") == 0)
            settings.first = atol(value);
        else if (strcmp(name, "--partner") == 0)
            settings.partner = value;
        else if (strcmp(name, "--path") == 0)
            settings.path = value;
        else if (strcmp(name, "--programme") == 0)
            settings.programme = value;
        else if (strcmp(name, "--log") == 0)
            settings.log = value;
        else
            misused(name);
    }
    if (settings.partner == NULL) bug("load: --partner");
    if (settings.connections < 1 || settings.connections > CONNECTIONS_MAX || settings.count < 1)
        bug("load: 1 to %d connections, at least one request", CONNECTIONS_MAX);
}

static struct request make_request(const struct signature_secret *secret, long number,
                                   int64_t now_s)
{
    char body[1024], whole[REQUEST_MAX], id[64], signature[SIGNATURE_TEXT_SIZE], path[256];
    struct request request;
    const int size =
        snprintf(body, sizeof body,
                 "{\"type\":\"referral.received\",\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":{"
                 "\"external_id\":\"AF-2026-%09ld\",\"sequence\":1,\"programme\":\"%s\","
                 "\"person\":{\"given_name\":\"Test%ld\",\"family_name\":\"Påhittad\","
                 "\"email\":\"test%ld@example.org\",\"phone\":\"+46700000000\","
                 "\"birth_date\":\"1994-05-01\",\"language\":\"sv\",\"protection\":\"none\"},"
                 "\"municipality\":\"0180\",\"languages\":[\"so\",\"en\"],"
                 "\"occupations\":[{\"scheme\":\"ssyk\",\"code\":\"7233\"}],"
                 "\"target_group\":\"newcomer\",\"wants\":[\"mentor\",\"placement\"]}}",
                 number, settings.programme, number, number);

    snprintf(id, sizeof id, "msg_%ld_%ld", number, (long)now_s);
    snprintf(path, sizeof path, "/v1/hooks/%s", settings.partner);
    signature_sign(secret, id, now_s, body, (size_t)size, signature);
    request.size = (uint32_t)snprintf(
        whole, sizeof whole,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "webhook-id: %s\r\nwebhook-timestamp: %ld\r\nwebhook-signature: %s\r\n"
        "Content-Length: %d\r\n\r\n%s",
        settings.path != NULL ? settings.path : path, id, (long)now_s, signature, size, body);
    if ((request.at = malloc(request.size)) == NULL) bug("out of memory");
    memcpy(request.at, whole, request.size);
    return request;
}

static void make_requests(void)
{
    struct signature_secret secret;
    char text[128];
    struct error err;

    if (fgets(text, sizeof text, stdin) == NULL) bug("load: no secret on standard input");
    text[strcspn(text, "\n")] = '\0';
    if (!signature_read_secret(text, &secret, &err)) bug("load: %s", err.text);
    requests = calloc((size_t)settings.count, sizeof *requests);
    began_ns = calloc((size_t)settings.count, sizeof *began_ns);
    took_ns = calloc((size_t)settings.count, sizeof *took_ns);
    if (requests == NULL || began_ns == NULL || took_ns == NULL) bug("out of memory");
    for (long i = 0; i < settings.count; i++)
        requests[i] = make_request(&secret, settings.first + i, clock_now_ms() / 1000);
}

static void dial(int epoll, struct connection *connection)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)settings.port),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int on = 1;
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = connection}};

    connection->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->fd < 0 || connect(connection->fd, (const struct sockaddr *)&to, sizeof to) != 0)
        bug("load: port %d: %s", settings.port, strerror(errno));
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
    connection->request = -1;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0) bug("epoll");
}

static void send_request(struct connection *connection, long number, int64_t due_ns)
{
    const struct request *request = &requests[number];

    connection->request = number;
    connection->got = 0;
    began_ns[number] = due_ns;
    if (send(connection->fd, request->at, request->size, MSG_NOSIGNAL) != (ssize_t)request->size)
        bug("load: the server takes no more: %s", strerror(errno));
}

/* The size of the whole answer once its head is there, else 0. */
static size_t answer_size(const struct connection *connection, int *status)
{
    const char *end = memmem(connection->answer, connection->got, "\r\n\r\n", 4), *length;

    if (end == NULL) return 0;
    *status = atoi(connection->answer + 9);
    length = strcasestr(connection->answer, "content-length:");
    return (size_t)(end + 4 - connection->answer) +
           (length == NULL ? 0 : (size_t)atol(length + 15));
}

static void write_log(const struct connection *connection)
{
    const char *id = strstr(connection->answer, "\"referral\":\"");

    if (id != NULL)
        fprintf(log_file, "%.36s %lld\n", id + 12, (long long)began_ns[connection->request]);
}

/* True when the answer has come whole. */
static bool receive(struct connection *connection)
{
    const ssize_t got = recv(connection->fd, connection->answer + connection->got,
                             ANSWER_MAX - 1 - connection->got, 0);
    int status = 0;
    size_t whole;

    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) bug("load: the server hung up: %s", strerror(errno));
    connection->got += (size_t)got;
    connection->answer[connection->got] = '\0';
    whole = answer_size(connection, &status);
    if (whole == 0 || connection->got < whole) return false;
    if (status < 100 || status > 599) bug("load: status %d", status);
    statuses[status]++;
    took_ns[connection->request] = clock_steady_ns() - began_ns[connection->request];
    if (log_file != NULL) write_log(connection);
    connection->request = -1;
    return true;
}

static int64_t due(long number, int64_t start_ns)
{
    return settings.rate == 0 ? clock_steady_ns()
                              : start_ns + (int64_t)((double)number * 1e9 / (double)settings.rate);
}

static double run(int epoll)
{
    struct epoll_event events[CONNECTIONS_MAX];
    struct connection *idle[CONNECTIONS_MAX];
    const int64_t start_ns = clock_steady_ns();
    long next = 0, done = 0;
    int idle_count = 0;

    for (int i = settings.connections - 1; i >= 0; i--)
        idle[idle_count++] = &connections[i];
    while (done < settings.count) {
        int count;

        while (idle_count > 0 && next < settings.count &&
               due(next, start_ns) <= clock_steady_ns()) {
            send_request(idle[--idle_count], next, due(next, start_ns));
            next++;
        }
        count = epoll_wait(epoll, events, CONNECTIONS_MAX, settings.rate == 0 ? 1000 : 1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;

            if (!receive(connection)) continue;
            done++;
            idle[idle_count++] = connection;
        }
        if (clock_steady_ns() - start_ns > INT64_C(1000000000) * LIMIT_S) bug("load: too slow");
    }
    return (double)(clock_steady_ns() - start_ns) / 1e9;
}

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static double percentile_ms(double share)
{
    return (double)took_ns[(long)((double)(settings.count - 1) * share)] / 1e6;
}

int main(int argc, char **argv)
{
    const char *comma = "";
    int epoll;
    double seconds;

    read_settings(argc, argv);
    crypto_start();
    if (settings.log != NULL && (log_file = fopen(settings.log, "w")) == NULL)
        bug("load: %s: %s", settings.log, strerror(errno));
    make_requests();
    if ((epoll = epoll_create1(0)) < 0) bug("epoll");
    for (int i = 0; i < settings.connections; i++)
        dial(epoll, &connections[i]);
    seconds = run(epoll);
    qsort(took_ns, (size_t)settings.count, sizeof *took_ns, by_size);
    printf("{\"requests\": %ld, \"connections\": %d, \"seconds\": %.3f, \"per_second\": %.0f, "
           "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"statuses\": {",
           settings.count, settings.connections, seconds, (double)settings.count / seconds,
           percentile_ms(0.5), percentile_ms(0.99), percentile_ms(1.0));
    for (int i = 0; i < 600; i++) {
        if (statuses[i] == 0) continue;
        printf("%s\"%d\": %ld", comma, i, statuses[i]);
        comma = ", ";
    }
    printf("}}\n");
    if (log_file != NULL) fclose(log_file);
    return 0;
}
