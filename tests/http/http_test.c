/* The server against clients that say anything: raw sockets, in one thread, time given by us. */
#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/error.h"
#include "http/http.h"

static struct http *http;
static int64_t now_ms;

/* What the handler has seen, and whether it answers at once. */
static struct {
    size_t count, waiting_count;
    bool keeps, is_json;
    struct http_request *waiting[64];
    char method[17], path[256], query[256], header[256], why[128];
    uint8_t body[HTTP_BODY_MAX];
    size_t body_size;
} seen;

static void answer(struct http_request *request)
{
    static const struct http_header headers[] = {{"ETag", "\"1\""}, {NULL, NULL}};
    char body[64];

    snprintf(body, sizeof body, "%zu:%s", request->body_size, request->path);
    http_answer(request, 200, "text/plain", headers, body, strlen(body));
}

static void handle(void *cookie, struct http_request *request)
{
    const char *header = http_header(request, "x-test");

    (void)cookie;
    memset(request->scratch, 0xFF, 100);
    if (request->refused != 0) {
        snprintf(seen.why, sizeof seen.why, "%s", request->why);
        http_answer(request, request->refused, "text/plain", NULL, request->why,
                    strlen(request->why));
        return;
    }
    seen.count++;
    seen.is_json = http_is_type(request, "application/json");
    snprintf(seen.method, sizeof seen.method, "%s", request->method);
    snprintf(seen.path, sizeof seen.path, "%s", request->path);
    snprintf(seen.query, sizeof seen.query, "%s", request->query);
    snprintf(seen.header, sizeof seen.header, "%s", header == NULL ? "(none)" : header);
    memcpy(seen.body, request->body, request->body_size);
    seen.body_size = request->body_size;
    if (seen.keeps)
        seen.waiting[seen.waiting_count++] = request;
    else
        answer(request);
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    memset(&seen, 0, sizeof seen);
    now_ms = 1000;
    http = http_open("127.0.0.1", 0, 100, handle, NULL, &err);
    assert_non_null(http);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    http_close(http);
    return 0;
}

/* A client. */

struct said {
    char text[4096]; /* the beginning of all that came */
    size_t size;
    bool is_closed;
};

static int dial(void)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(http_port(http)),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int client = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(client >= 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(client, F_SETFL, O_NONBLOCK), 0);
    return client;
}

static void turn(void)
{
    struct pollfd poll_it = {.fd = http_descriptor(http), .events = POLLIN};

    poll(&poll_it, 1, http_wait_ms(http, now_ms) > 5 ? 5 : 0);
    http_turn(http, now_ms);
}

static void turns(int count)
{
    while (count-- > 0)
        turn();
}

/* What a client has done may come to the server a moment later: take turns until it has. */
#define TURN_UNTIL(claim)                                                            \
    for (const int64_t until_ms = clock_steady_ms() + PATIENCE_MS; !(claim); turn()) \
    assert_true(clock_steady_ms() < until_ms)

static void tell_bytes(int client, const char *bytes, size_t size)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (size > 0) {
        const ssize_t sent = send(client, bytes, size, MSG_NOSIGNAL);

        if (sent < 0 && errno != EAGAIN) return; /* it has closed: hear says what it thought */
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        }
        assert_true(clock_steady_ms() < until_ms);
        turn();
    }
}

static void tell(int client, const char *text)
{
    tell_bytes(client, text, strlen(text));
}

/* Behind the answer that begins there, when all of it is there; else NULL. */
static const char *answer_end(const char *answer, const struct said *said)
{
    const char *body = strstr(answer, "\r\n\r\n");
    const char *length = strstr(answer, "\r\nContent-Length: ");
    size_t size = 0;

    if (body == NULL) return NULL;
    if (length != NULL && length < body) size = strtoul(strchr(length, ':') + 1, NULL, 10);
    body += 4;
    return (size_t)(said->text + said->size - body) >= size ? body + size : NULL;
}

static size_t count_answers(const struct said *said)
{
    const char *at = said->text;
    size_t count = 0;

    while ((at = answer_end(at, said)) != NULL)
        count++;
    return count;
}

/* Take turns until that many whole answers are there, or the connection is closed; TO_THE_END: until
 * then. */
enum { TO_THE_END = 1000 };

static void hear(int client, size_t count, struct said *said)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    *said = (struct said){.size = 0};
    while (!said->is_closed && count_answers(said) < count) {
        ssize_t size;

        if (clock_steady_ms() > until_ms) fail_msg("all that came in time: \"%s\"", said->text);
        turn();
        while ((size = recv(client, said->text + said->size, sizeof said->text - 1 - said->size,
                            0)) > 0)
            said->size += (size_t)size;
        said->is_closed = size == 0 || (size < 0 && errno != EAGAIN);
    }
}

static int status_of(const struct said *said)
{
    int status = 0;

    sscanf(said->text, "HTTP/1.1 %d", &status);
    return status;
}

static struct said ask_bytes(const char *bytes, size_t size, size_t answers)
{
    const size_t before = http_connections(http);
    struct said said;
    int client = dial();

    tell_bytes(client, bytes, size);
    hear(client, answers, &said);
    close(client);
    TURN_UNTIL(http_connections(http) <= before);
    return said;
}

static struct said ask(const char *text)
{
    return ask_bytes(text, strlen(text), 1);
}

/* For what makes the server close the connection. */
static struct said ask_to_the_end(const char *text)
{
    return ask_bytes(text, strlen(text), TO_THE_END);
}

#define POST "POST /v1/hooks/x HTTP/1.1\r\nHost: here\r\n"

/* Requests that are as they should be. */

static void a_request_is_handed_over_whole_and_answered(void **state)
{
    struct said said;
    int client = dial();

    (void)state;
    tell(client, "POST /v1/a%20b?x=1&y HTTP/1.1\r\nHost: here\r\nX-Test: yes\r\n"
                 "Content-Length: 5\r\n\r\nhello");
    hear(client, 1, &said);
    assert_int_equal(status_of(&said), 200);
    assert_string_equal(seen.method, "POST");
    assert_string_equal(seen.path, "/v1/a b");
    assert_string_equal(seen.query, "x=1&y");
    assert_string_equal(seen.header, "yes");
    assert_int_equal(seen.body_size, 5);
    assert_memory_equal(seen.body, "hello", 5);
    assert_non_null(strstr(said.text, "\r\nETag: \"1\"\r\n"));
    assert_non_null(strstr(said.text, "\r\nContent-Type: text/plain\r\n"));
    assert_non_null(strstr(said.text, "\r\n\r\n5:/v1/a b"));
    tell(client, "GET /again HTTP/1.1\r\nHost: here\r\n\r\n"); /* it has been left open */
    hear(client, 1, &said);
    assert_int_equal(status_of(&said), 200);
    assert_string_equal(seen.path, "/again");
    close(client);
}

static void requests_without_a_body_and_head_and_odd_spacing_are_fine(void **state)
{
    static const char *const good[] = {
        "GET / HTTP/1.1\r\nHost: here\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:here\r\nX-Test:  \t two\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: here\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "DELETE /?a=%C3%A5 HTTP/1.1\r\nhost: here\r\nAccept: */*\r\nAccept: text/html\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:8080\r\nX-Empty:\r\n\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct said said = ask(good[i]);

        if (status_of(&said) != 200) print_error("%s -> %s\n", good[i], said.text);
        assert_int_equal(status_of(&said), 200);
    }
    struct said said =
        ask_to_the_end("HEAD /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");

    assert_int_equal(status_of(&said), 200);
    assert_non_null(strstr(said.text, "Content-Length: 4\r\n"));
    assert_string_equal(said.text + said.size - 4, "\r\n\r\n");
}

static void a_body_of_exactly_the_limit_is_taken(void **state)
{
    static char text[HTTP_BODY_MAX + 256];
    const int head = snprintf(text, sizeof text, POST "Content-Length: %d\r\n\r\n", HTTP_BODY_MAX);

    (void)state;
    for (int i = 0; i < HTTP_BODY_MAX; i++)
        text[head + i] = (char)('a' + i % 26);
    struct said said = ask_bytes(text, (size_t)head + HTTP_BODY_MAX, 1);

    assert_int_equal(status_of(&said), 200);
    assert_int_equal(seen.body_size, HTTP_BODY_MAX);
    assert_memory_equal(seen.body, text + head, HTTP_BODY_MAX);
}

static void a_slow_body_comes_in_pieces(void **state)
{
    static const char text[] = POST "Content-Length: 5\r\n\r\nhello";
    struct said said;
    const int client = dial();

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++)
        tell_bytes(client, text + i, 1);
    hear(client, 1, &said);
    assert_int_equal(status_of(&said), 200);
    assert_memory_equal(seen.body, "hello", 5);
    close(client);
}

static void arguments_are_decoded_and_bad_ones_refused(void **state)
{
    static struct http_arguments arguments;
    struct http_request request = {.query = "limit=5&&name=%C3%85re+x&empty="};
    char long_query[200] = "";

    (void)state;
    assert_true(http_arguments(&request, &arguments));
    assert_int_equal(arguments.count, 3);
    assert_string_equal(arguments.at[0].name, "limit");
    assert_string_equal(arguments.at[0].value, "5");
    assert_string_equal(arguments.at[1].value, "\xC3\x85re x");
    assert_string_equal(arguments.at[2].value, "");
    static const char *const bad[] = {"limit", "a=%", "a=%4", "a=%zz", "a=%00", "a=%0a"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        request.query = bad[i];
        assert_false(http_arguments(&request, &arguments));
    }
    for (int i = 0; i <= HTTP_ARGUMENTS_MAX; i++)
        strcat(long_query, "a=1&");
    request.query = long_query;
    assert_false(http_arguments(&request, &arguments));
}

static void a_content_type_is_itself_with_any_parameters(void **state)
{
    static const struct {
        const char *type;
        bool is_json;
    } types[] = {
        {"application/json", true},
        {"Application/JSON; charset=utf-8", true},
        {"application/json ;x=y", true},
        {"application/jsonp", false},
        {"application/problem+json", false},
        {"text/plain", false},
        {"text/plain;application/json", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char text[256];

        snprintf(text, sizeof text, POST "Content-Type: %s\r\nContent-Length: 2\r\n\r\n{}",
                 types[i].type);
        ask(text);
        assert_int_equal(seen.is_json, types[i].is_json);
    }
}

/* Requests that two servers could read differently. */

static void what_could_be_read_in_two_ways_is_refused_and_the_connection_closed(void **state)
{
#define NEXT "GET /smuggled HTTP/1.1\r\nHost: here\r\n\r\n"
    static const struct {
        int status;
        const char *text;
    } bad[] = {
        {400, POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT},
        {400, POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" NEXT},
        {400, POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: 5\r\ncontent-length: 0\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: 5, 5\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: +5\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: -5\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: 0x5\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: 5 5\r\n\r\nhello" NEXT},
        {400, POST "Content-Length: 5;\r\n\r\nhello" NEXT},
        {400, POST "Content-Length:\r\n\r\nhello" NEXT},
        {413, POST "Content-Length: 99999999999999999999999\r\n\r\nhello" NEXT},
        {400, POST "Content-Length : 5\r\n\r\nhello" NEXT},
        {400, POST "Content-Length\t: 5\r\n\r\nhello" NEXT},
        {400, POST " Content-Length: 5\r\n\r\nhello" NEXT},
        {411, POST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT},
        {411, POST "transfer-encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n" NEXT},
        {400,
         POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT},
        {400, POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" NEXT},
        {400, POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" NEXT},
        {400, POST "Transfer-Encoding: identity\r\n\r\n" NEXT},
        {400, POST "Transfer-Encoding: \x0b"
                   "chunked\r\n\r\n0\r\n\r\n" NEXT},
        {400, POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" NEXT},
        {400, POST "X-Test: a\nContent-Length: 5\r\n\r\nhello" NEXT},
        {400, POST "X-Test: a\r\nContent-Length: 5\n\r\nhello" NEXT},
        {400, POST "X-Test: a\r\nContent-Length: 5\r\n\nhello" NEXT},
        {400, POST "X-Test: a\n\n" NEXT},
        {400, "GET / HTTP/1.1\nHost: here\r\n\r\n" NEXT},
        {400, POST "X-Test: a\r\n b\r\n\r\n" NEXT},
        {400, POST "X-Test: a\r\n\tContent-Length: 5\r\n\r\nhello" NEXT},
        {400, POST "X-Test: a\rb\r\n\r\n" NEXT},
        {400, POST "X-Test: a\x01\r\n\r\n" NEXT},
        {400, POST "X Test: a\r\n\r\n" NEXT},
        {400, POST "X(Test): a\r\n\r\n" NEXT},
        {400, POST ": a\r\n\r\n" NEXT},
        {400, POST "no colon\r\n\r\n" NEXT},
        {400, "GET / HTTP/1.1\r\n\r\n" NEXT},
        {400, "GET / HTTP/1.1\r\nHost:\r\n\r\n" NEXT},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" NEXT},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n" NEXT},
        {400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET / x HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET /\tx HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET /\xC3\xA5 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET http://here/ HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "G{T / HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET /a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET /a% HTTP/1.1\r\nHost: a\r\n\r\n" NEXT},
        {400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" NEXT},
        {400, "GET /\r\n" NEXT},
        {400, POST "webhook-id: a\r\nWebhook-Id: b\r\n\r\n" NEXT},
        {415, POST "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello" NEXT},
        {417, POST "Expect: tea\r\nContent-Length: 5\r\n\r\nhello" NEXT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct said said = ask_to_the_end(bad[i].text);

        if (seen.count != 0 || !said.is_closed ||
            (status_of(&said) != bad[i].status && said.size > 0))
            print_error("%zu: %s\n-> %d %s\n", i, bad[i].text, said.is_closed, said.text);
        assert_int_equal(seen.count, 0);
        assert_true(said.is_closed);
        if (said.size > 0) assert_int_equal(status_of(&said), bad[i].status);
    }
}

static void a_nul_in_the_head_is_refused(void **state)
{
    static const char in_value[] = POST "X-Test: a\0b\r\n\r\n", in_name[] = POST "X\0: a\r\n\r\n",
                      in_target[] = "GET /a\0b HTTP/1.1\r\nHost: here\r\n\r\n",
                      in_length[] = POST "Content-Length: 5\0\r\n\r\nhello";
    struct said said[4];

    (void)state;
    said[0] = ask_bytes(in_value, sizeof in_value - 1, TO_THE_END);
    said[1] = ask_bytes(in_name, sizeof in_name - 1, TO_THE_END);
    said[2] = ask_bytes(in_target, sizeof in_target - 1, TO_THE_END);
    said[3] = ask_bytes(in_length, sizeof in_length - 1, TO_THE_END);
    for (size_t i = 0; i < 4; i++) {
        if (!said[i].is_closed || status_of(&said[i]) == 200)
            print_error("%zu: %s\n", i, said[i].text);
        assert_true(said[i].is_closed);
        assert_true(status_of(&said[i]) == 400 || said[i].size == 0);
    }
    assert_int_equal(seen.count, 0);
}

/* Limits. */

static void a_body_over_the_limit_is_refused_by_its_length(void **state)
{
    struct said said;
    int client = dial();
    static char text[HTTP_BODY_MAX + 256];
    const int head =
        snprintf(text, sizeof text, POST "Content-Length: %d\r\n\r\n", HTTP_BODY_MAX + 1);

    (void)state;
    memset(text + head, 'x', HTTP_BODY_MAX + 1);
    tell_bytes(client, text, (size_t)head + HTTP_BODY_MAX + 1);
    hear(client, 1, &said);
    assert_int_equal(status_of(&said), 413); /* what was too long has been passed over: */
    tell(client, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    hear(client, 1, &said);
    assert_int_equal(status_of(&said), 200);
    close(client);

    said = ask_to_the_end(POST "Content-Length: 1000000000\r\n\r\n");
    assert_int_equal(status_of(&said), 413);
    assert_true(said.is_closed);
    said = ask_to_the_end(POST "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
    assert_int_equal(status_of(&said), 413);
    assert_true(said.is_closed);
    assert_int_equal(seen.count, 1);
}

static void a_client_that_waits_to_be_let_on_is_let_on(void **state)
{
    struct said said;
    int client = dial();

    (void)state;
    tell(client, POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    hear(client, 1, &said);
    assert_int_equal(status_of(&said), 100);
    tell(client, "hello");
    hear(client, 1, &said);
    assert_int_equal(status_of(&said), 200);
    close(client);
}

static void long_addresses_and_heads_are_refused(void **state)
{
    static char text[40000];
    struct said said;
    int size;

    (void)state;
    size = snprintf(text, sizeof text, "GET /%02000d HTTP/1.1\r\nHost: here\r\n\r\n", 0);
    said = ask_bytes(text, (size_t)size, 1);
    assert_int_equal(status_of(&said), 200);
    size = snprintf(text, sizeof text, "GET /%02100d HTTP/1.1\r\nHost: here\r\n\r\n", 0);
    said = ask_bytes(text, (size_t)size, TO_THE_END);
    assert_int_equal(status_of(&said), 414);
    assert_true(said.is_closed);
    for (int length = 9000; length < 40000; length += 10000) {
        size = snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: here\r\nX-Test: %0*d\r\n\r\n",
                        length, 0);
        said = ask_bytes(text, (size_t)size, TO_THE_END);
        assert_true(said.is_closed);
        assert_true(said.size == 0 || (status_of(&said) >= 400 && status_of(&said) < 500));
    }
    size = snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: here\r\n");
    for (int i = 0; i < HTTP_HEADERS_MAX; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "X: %d\r\n", i);
    size += snprintf(text + size, sizeof text - (size_t)size, "\r\n");
    said = ask_bytes(text, (size_t)size, 1);
    assert_int_equal(status_of(&said), 431);
    assert_int_equal(seen.count, 1);
}

/* Time. */

static void a_client_that_dribbles_is_cut_off(void **state)
{
    struct said said = {.size = 0};
    int client = dial();

    (void)state;
    tell(client, "GET / HTTP/1.1\r\n");
    TURN_UNTIL(http_connections(http) == 1);
    for (int i = 0; i < 100 && !said.is_closed; i++) {
        now_ms += 1000;
        tell(client, "X: y\r\n");
        if (i < 28) assert_int_equal(http_connections(http), 1);
        turns(1);
        said.is_closed = http_connections(http) == 0;
    }
    assert_true(said.is_closed);
    assert_in_range(now_ms, 1000 + HTTP_REQUEST_MS, 3000 + HTTP_REQUEST_MS);
    close(client);
}

static void idle_and_stuck_connections_are_cut_off_and_waiting_ones_are_not(void **state)
{
    struct said said;
    int idle = dial(), asking = dial();

    (void)state;
    seen.keeps = true;
    tell(asking, "GET /later HTTP/1.1\r\nHost: here\r\n\r\n");
    TURN_UNTIL(seen.waiting_count == 1 && http_connections(http) == 2);
    assert_true(http_wait_ms(http, now_ms) <= HTTP_REQUEST_MS);
    now_ms += 10 * HTTP_REQUEST_MS;
    TURN_UNTIL(http_connections(http) == 1);
    turns(3);
    answer(seen.waiting[0]);
    hear(asking, 1, &said);
    assert_int_equal(status_of(&said), 200);
    close(idle);
    close(asking);
}

static void a_client_that_does_not_take_its_answer_is_cut_off(void **state)
{
    static char body[8 << 20];
    int client = dial();

    (void)state;
    seen.keeps = true;
    tell(client, "GET /later HTTP/1.1\r\nHost: here\r\n\r\n");
    TURN_UNTIL(seen.waiting_count == 1);
    memset(body, 'x', sizeof body);
    http_answer(seen.waiting[0], 200, "text/plain", NULL, body, sizeof body);
    turns(5);
    assert_int_equal(http_connections(http), 1);
    now_ms += HTTP_ANSWER_MS;
    TURN_UNTIL(http_connections(http) == 0);
    close(client);
}

/* Many, and those that go away. */

static void pipelined_requests_are_answered_in_order(void **state)
{
    struct said said;
    int client = dial();
    const char *one, *two, *three;

    (void)state;
    seen.keeps = true;
    tell(client, "GET /one HTTP/1.1\r\nHost: here\r\n\r\n"
                 "POST /two HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello"
                 "GET /three HTTP/1.1\r\nHost: here\r\n\r\n");
    for (size_t i = 0; i < 3; i++) {
        TURN_UNTIL(seen.waiting_count == i + 1);
        assert_int_equal(http_under_way(http), 1);
        answer(seen.waiting[i]);
    }
    hear(client, 3, &said);
    TURN_UNTIL(http_under_way(http) == 0);
    one = strstr(said.text, "0:/one");
    two = strstr(said.text, "5:/two");
    three = strstr(said.text, "0:/three");
    assert_true(one != NULL && two != NULL && three != NULL && one < two && two < three);
    close(client);
}

static void answers_may_come_in_any_order(void **state)
{
    int clients[8];
    struct said said;

    (void)state;
    seen.keeps = true;
    for (size_t i = 0; i < 8; i++) {
        char text[64];

        clients[i] = dial();
        snprintf(text, sizeof text, "GET /%zu HTTP/1.1\r\nHost: here\r\n\r\n", i);
        tell(clients[i], text);
        TURN_UNTIL(seen.waiting_count == i + 1);
    }
    for (size_t i = 8; i-- > 0;)
        answer(seen.waiting[i * 5 % 8]);
    for (int i = 0; i < 8; i++) {
        char text[8];

        hear(clients[i], 1, &said);
        snprintf(text, sizeof text, "0:/%d", i);
        assert_non_null(strstr(said.text, text));
        close(clients[i]);
    }
}

/* Whether all that one side of a connection has said is read by the other. */
static bool is_all_read(void)
{
    struct rlimit descriptors;

    getrlimit(RLIMIT_NOFILE, &descriptors);
    for (int fd = 0; fd < (int)descriptors.rlim_cur; fd++) {
        int unsent = 0, unread = 0;

        if (ioctl(fd, SIOCOUTQ, &unsent) == 0 && ioctl(fd, SIOCINQ, &unread) == 0 &&
            unsent + unread > 0)
            return false;
    }
    return true;
}

static void a_client_that_vanishes_is_nobodys_trouble(void **state)
{
    const struct linger at_once = {1, 0};

    (void)state;
    seen.keeps = true;
    for (size_t i = 0; i < 4; i++) {
        int client = dial();

        tell(client, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
        TURN_UNTIL(seen.waiting_count == i + 1);
        if (i % 2 == 1) setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(client);
        turns(3);
    }
    for (size_t i = 0; i < 4; i++)
        answer(seen.waiting[i]);
    TURN_UNTIL(http_connections(http) == 0);
    for (int i = 0; i < 4; i++) { /* in the middle of a head, and of a body */
        int client = dial();

        tell(client, i < 2 ? "POST / HTTP/1.1\r\nHos" : POST "Content-Length: 5\r\n\r\nhel");
        TURN_UNTIL(http_connections(http) == 1 && is_all_read());
        if (i % 2 == 1) setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(client);
        TURN_UNTIL(http_connections(http) == 0);
    }
    assert_int_equal(seen.count, 4);
}

static bool allow_descriptors(void)
{
    struct rlimit descriptors;

    getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = 2 * HTTP_CONNECTIONS_MAX + 200;
    return setrlimit(RLIMIT_NOFILE, &descriptors) == 0;
}

static void more_connections_than_the_limit_wait_for_their_turn(void **state)
{
    static int clients[HTTP_CONNECTIONS_MAX + 10];
    struct said said;
    int last = HTTP_CONNECTIONS_MAX + 9;

    (void)state;
    if (!allow_descriptors()) skip();
    for (int i = 0; i <= last; i++) {
        clients[i] = dial();
        turn();
    }
    TURN_UNTIL(http_connections(http) == HTTP_CONNECTIONS_MAX);
    tell(clients[last], "GET /outside HTTP/1.1\r\nHost: here\r\n\r\n");
    tell(clients[10], "GET /inside HTTP/1.1\r\nHost: here\r\n\r\n");
    hear(clients[10], 1, &said);
    assert_int_equal(status_of(&said), 200); /* who asked later, and has its turn */
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.path, "/inside");
    for (int i = 0; i < 10; i++)
        close(clients[i]);
    hear(clients[last], 1, &said);
    assert_int_equal(status_of(&said), 200);
    for (int i = 10; i <= last; i++)
        close(clients[i]);
    TURN_UNTIL(http_connections(http) == 0);
}

static void post(int client, size_t claimed, size_t size)
{
    static const char body[HTTP_BODY_MAX];
    char head[128];

    snprintf(head, sizeof head, POST "Content-Length: %zu\r\n\r\n", claimed);
    tell(client, head);
    tell_bytes(client, body, size);
}

static void a_body_that_is_claimed_and_not_sent_takes_nothing_from_others(void **state)
{
    enum { CLAIMS = 2 * HTTP_BODIES_MAX / HTTP_BODY_MAX };
    int clients[CLAIMS];

    (void)state;
    if (!allow_descriptors()) skip();
    for (int i = 0; i < CLAIMS; i++)
        post(clients[i] = dial(), HTTP_BODY_MAX, 0);
    TURN_UNTIL(http_connections(http) == CLAIMS);
    assert_string_equal(strrchr(ask(POST "Content-Length: 3\r\n\r\nabc").text, '\n'),
                        "\n3:/v1/hooks/x");
    for (int i = 0; i < CLAIMS; i++)
        close(clients[i]);
    TURN_UNTIL(http_connections(http) == 0);
}

static void more_body_than_there_is_room_for_is_refused_once_it_has_come(void **state)
{
    enum { FULL = HTTP_BODIES_MAX / HTTP_BODY_MAX };
    int clients[FULL], more;
    struct said said;

    (void)state;
    if (!allow_descriptors()) skip();
    for (int i = 0; i < FULL; i++)
        post(clients[i] = dial(), HTTP_BODY_MAX, HTTP_BODY_MAX - 1);
    TURN_UNTIL(http_connections(http) == FULL && is_all_read());
    post(more = dial(), HTTP_BODY_MAX, HTTP_BODY_MAX);
    hear(more, 1, &said);
    assert_int_equal(status_of(&said), 503);
    assert_string_equal(seen.why, "Too much is under way; ask again later.");
    assert_int_equal(seen.count, 0);
    for (int i = 0; i < FULL; i++)
        close(clients[i]);
    TURN_UNTIL(http_connections(http) == 1);
    post(more, HTTP_BODY_MAX, HTTP_BODY_MAX);
    hear(more, 1, &said);
    assert_int_equal(status_of(&said), 200);
    assert_int_equal(seen.body_size, HTTP_BODY_MAX);
    close(more);
}

/* Other addresses than 127.0.0.1 are somebody else's, also those of this machine. */
static int dial_from(uint32_t host)
{
    const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = {htonl(host)}};
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(http_port(http)),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int client = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(client, (const struct sockaddr *)&from, sizeof from), 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(client, F_SETFL, O_NONBLOCK), 0);
    return client;
}

static int be_let_in_from(uint32_t host)
{
    const size_t before = http_connections(http);
    const int client = dial_from(host);

    TURN_UNTIL(http_connections(http) == before + 1);
    return client;
}

static void one_address_has_so_many_connections_and_others_theirs(void **state)
{
    enum { MOST = 3, HERE = INADDR_LOOPBACK };
    int greedy[MOST + 1], other, proxy[2 * MOST];
    struct said said;

    (void)state;
    http_limit(http, MOST, NULL);
    for (int i = 0; i < MOST; i++)
        greedy[i] = be_let_in_from(HERE + 1);
    greedy[MOST] = dial_from(HERE + 1);
    tell(greedy[MOST], "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    hear(greedy[MOST], 1, &said);
    assert_true(said.is_closed && said.size == 0);
    assert_int_equal(http_connections(http), MOST);
    other = be_let_in_from(HERE + 2);
    for (int i = 0; i < 2 * MOST; i++)
        proxy[i] = be_let_in_from(HERE);
    assert_int_equal(http_connections(http), MOST + 1 + 2 * MOST);
    tell(other, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    hear(other, 1, &said);
    assert_int_equal(status_of(&said), 200);
    close(greedy[0]);
    TURN_UNTIL(http_connections(http) == MOST + 2 * MOST);
    close(greedy[MOST]);
    greedy[0] = be_let_in_from(HERE + 1);
    for (int i = 0; i < MOST; i++)
        close(greedy[i]);
    for (int i = 0; i < 2 * MOST; i++)
        close(proxy[i]);
    close(other);
    TURN_UNTIL(http_connections(http) == 0);
}

static void after_stopping_answers_still_go_out_and_nobody_comes_in(void **state)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(http_port(http)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int client = dial(), late;
    struct said said;

    (void)state;
    seen.keeps = true;
    tell(client, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    TURN_UNTIL(seen.waiting_count == 1);
    http_stop(http);
    late = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_not_equal(connect(late, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(http_under_way(http), 1);
    answer(seen.waiting[0]);
    hear(client, TO_THE_END, &said);
    assert_int_equal(status_of(&said), 200);
    assert_true(said.is_closed);
    close(late);
    close(client);
}

static void closing_answers_what_is_under_way(void **state)
{
    int client = dial();

    (void)state;
    seen.keeps = true;
    tell(client, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    TURN_UNTIL(http_under_way(http) == 1);
    close(
        client); /* tear_down closes the server: nothing leaks, nothing is touched after its end */
}

static void closing_asks_nobody_any_more(void **state)
{
    const int idle = dial(), late = dial();

    (void)state;
    tell(idle, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    TURN_UNTIL(seen.count == 1);
    assert_true(send(idle, "GET /b HTTP/1.1\r\nHost: h\r\n\r\n", 28, MSG_NOSIGNAL) > 0);
    assert_true(send(late, "GET /c HTTP/1.1\r\nHost: h\r\n\r\n", 28, MSG_NOSIGNAL) > 0);
    http_close(http);
    http = NULL;
    assert_int_equal(seen.count, 1);
    close(idle);
    close(late);
}

static void an_address_that_is_not_ours_or_taken_is_refused(void **state)
{
    struct error err;

    (void)state;
    assert_null(http_open("300.0.0.1", 0, 0, handle, NULL, &err));
    assert_null(http_open("127.0.0.1", http_port(http), 0, handle, NULL, &err));
    assert_int_equal(err.kind, ERROR_BROKEN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_handed_over_whole_and_answered),
        TEST(requests_without_a_body_and_head_and_odd_spacing_are_fine),
        TEST(a_body_of_exactly_the_limit_is_taken),
        TEST(a_slow_body_comes_in_pieces),
        cmocka_unit_test(arguments_are_decoded_and_bad_ones_refused),
        TEST(a_content_type_is_itself_with_any_parameters),
        TEST(what_could_be_read_in_two_ways_is_refused_and_the_connection_closed),
        TEST(a_nul_in_the_head_is_refused),
        TEST(a_body_over_the_limit_is_refused_by_its_length),
        TEST(a_client_that_waits_to_be_let_on_is_let_on),
        TEST(long_addresses_and_heads_are_refused),
        TEST(a_client_that_dribbles_is_cut_off),
        TEST(idle_and_stuck_connections_are_cut_off_and_waiting_ones_are_not),
        TEST(a_client_that_does_not_take_its_answer_is_cut_off),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(answers_may_come_in_any_order),
        TEST(a_client_that_vanishes_is_nobodys_trouble),
        TEST(more_connections_than_the_limit_wait_for_their_turn),
        TEST(a_body_that_is_claimed_and_not_sent_takes_nothing_from_others),
        TEST(more_body_than_there_is_room_for_is_refused_once_it_has_come),
        TEST(one_address_has_so_many_connections_and_others_theirs),
        TEST(after_stopping_answers_still_go_out_and_nobody_comes_in),
        TEST(closing_answers_what_is_under_way),
        TEST(closing_asks_nobody_any_more),
        TEST(an_address_that_is_not_ours_or_taken_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
