/* Webhooks on their way out: where they may go, and what comes of them. A receiver of
 * tests/system/receivers listens on 127.0.0.1. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "test.h"

#include "base/bell.h"
#include "base/clock.h"
#include "base/settings.h"
#include "core/error.h"
#include "core/reach.h"
#include "outside/client.h"
#include "outside/receiver.h"

static struct receiver receiver;
static char folder[] = "/tmp/fadder-client-XXXXXX", file[64];
static struct client *client; /* loopback is admitted */
static struct client *strict; /* nothing is */

/* Where they may go. */

static bool is_public(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return client_is_public((const struct sockaddr *)&four);
    if (inet_pton(AF_INET6, text, &six.sin6_addr) != 1) fail_msg("%s", text);
    return client_is_public((const struct sockaddr *)&six);
}

static void no_special_address_is_public(void **unused)
{
    /* Of each range the first and the last address. */
    static const char *const special[] = {"0.0.0.0",
                                          "0.255.255.255",
                                          "10.0.0.0",
                                          "10.255.255.255",
                                          "100.64.0.0",
                                          "100.127.255.255",
                                          "127.0.0.1",
                                          "127.255.255.255",
                                          "168.63.129.16",
                                          "169.254.0.0",
                                          "169.254.169.254",
                                          "169.254.255.255",
                                          "172.16.0.0",
                                          "172.31.255.255",
                                          "192.0.0.0",
                                          "192.0.0.255",
                                          "192.0.2.0",
                                          "192.0.2.255",
                                          "192.88.99.0",
                                          "192.88.99.255",
                                          "192.168.0.0",
                                          "192.168.255.255",
                                          "198.18.0.0",
                                          "198.19.255.255",
                                          "198.51.100.0",
                                          "198.51.100.255",
                                          "203.0.113.0",
                                          "203.0.113.255",
                                          "224.0.0.0",
                                          "239.255.255.255",
                                          "240.0.0.0",
                                          "255.255.255.255",
                                          "::",
                                          "::1",
                                          "::ffff:127.0.0.1",
                                          "::ffff:10.1.2.3",
                                          "::ffff:169.254.169.254",
                                          "::127.0.0.1",
                                          "64:ff9b::7f00:1",
                                          "64:ff9b::a9fe:a9fe",
                                          "64:ff9b:1::808:808",
                                          "100::1",
                                          "2001::1",
                                          "2001:1ff:ffff::",
                                          "2001:db8::1",
                                          "2002:7f00:1::",
                                          "3fff::1",
                                          "3fff:fff:ffff::",
                                          "5f00::1",
                                          "fc00::",
                                          "fd00:ec2::254",
                                          "fdff:ffff::",
                                          "fe80::1",
                                          "febf:ffff::",
                                          "fec0::1",
                                          "ff02::1",
                                          "ffff:ffff::",
                                          "4000::",
                                          "1fff::"};

    (void)unused;
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (is_public(special[i])) fail_msg("%s is said to be public", special[i]);
}

static void their_neighbours_are(void **unused)
{
    static const char *const public[] = {
        "1.0.0.0",         "8.8.8.8",          "9.255.255.255",   "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",      "126.255.255.255", "128.0.0.0",
        "168.63.129.15",   "168.63.129.17",    "169.253.255.255", "169.255.0.0",
        "172.15.255.255",  "172.32.0.0",       "191.255.255.255", "192.0.1.0",
        "192.0.3.0",       "192.88.98.255",    "192.88.100.0",    "192.167.255.255",
        "192.169.0.0",     "198.17.255.255",   "198.20.0.0",      "198.51.99.255",
        "198.51.101.0",    "203.0.112.255",    "203.0.114.0",     "223.255.255.255",
        "::ffff:8.8.8.8",  "64:ff9b::808:808", "2000::1",         "2001:200::1",
        "2001:db7:ffff::", "2001:db9::",       "2003::1",         "2606:4700::1111",
        "3ffe::1"};

    (void)unused;
    for (size_t i = 0; i < sizeof public / sizeof public[0]; i++)
        if (!is_public(public[i])) fail_msg("%s is said not to be public", public[i]);
}

/* Asking. */

struct sent {
    bool is_done;
    struct client_outcome outcome;
};

static void note(void *cookie, const struct client_outcome *outcome)
{
    struct sent *sent = cookie;

    if (sent->is_done) fail_msg("called back twice");
    *sent = (struct sent){true, *outcome};
}

static void wait_for(struct client *from, const struct sent *sent)
{
    struct pollfd bell = {.fd = bell_fd(client_bell(from)), .events = POLLIN};

    while (!sent->is_done) {
        if (poll(&bell, 1, PATIENCE_MS) != 1) fail_msg("nothing came of it");
        client_turn(from);
    }
}

static struct client_outcome post(struct client *from, const char *format, ...)
{
    static const char *const headers[] = {"webhook-id: 0190", "content-type: application/json",
                                          NULL};
    struct sent sent = {0};
    struct error err;
    va_list list;
    char url[200];

    va_start(list, format);
    vsnprintf(url, sizeof url, format, list);
    va_end(list);
    if (!client_post(from, url, headers, "{\"a\":1}", 7, note, &sent, &err))
        fail_msg("%s: %s", url, err.text);
    wait_for(from, &sent);
    assert_int_equal(client_under_way(from), 0);
    return sent.outcome;
}

/* How often a path stands in what the receiver has noted, and whether its first line holds text. */
static size_t received(const char *path, const char *text)
{
    char line[4096], want[64];
    size_t count = 0;
    FILE *notes = fopen(file, "r");

    assert_non_null(notes);
    snprintf(want, sizeof want, "\"path\": \"%s\"", path);
    while (fgets(line, sizeof line, notes) != NULL) {
        if (strstr(line, want) == NULL) continue;
        if (count++ == 0 && text != NULL && strstr(line, text) == NULL)
            fail_msg("%s is not in %s", text, line);
    }
    fclose(notes);
    return count;
}

/* The number behind these words in what the receiver has noted; 0: they are not there. */
static size_t number_after(const char *words)
{
    char line[4096];
    size_t number = 0;
    FILE *notes = fopen(file, "r");

    assert_non_null(notes);
    while (number == 0 && fgets(line, sizeof line, notes) != NULL)
        if (strstr(line, words) != NULL)
            number = strtoul(strstr(line, words) + strlen(words), NULL, 10);
    fclose(notes);
    return number;
}

static void expect(struct client_outcome is, enum client_result result, enum client_trouble trouble,
                   int64_t code)
{
    if (is.result != result || is.trouble != trouble || is.code != code)
        fail_msg("result %u, %s, code %d", is.result, client_trouble_word(is.trouble),
                 (int)is.code);
}

static void a_webhook_arrives_as_it_was_given(void **unused)
{
    (void)unused;
    expect(post(client, "http://127.0.0.1:%u/ok?n=1", receiver.port), CLIENT_DELIVERED,
           CLIENT_NO_TROUBLE, 204);
    assert_int_equal(received("/ok?n=1", "\"webhook-id\": \"0190\""), 1);
    received("/ok?n=1", "\"content-type\": \"application/json\"");
    received("/ok?n=1", "\"body\": \"{\\\"a\\\":1}\"");
}

static void every_answer_means_something(void **unused)
{
    static const struct {
        int64_t code;
        enum client_result result;
        enum client_trouble trouble;
    } answers[] = {
        {200, CLIENT_DELIVERED, CLIENT_NO_TROUBLE}, {202, CLIENT_DELIVERED, CLIENT_NO_TROUBLE},
        {299, CLIENT_DELIVERED, CLIENT_NO_TROUBLE}, {301, CLIENT_LATER, CLIENT_REDIRECT_ERROR},
        {304, CLIENT_LATER, CLIENT_REDIRECT_ERROR}, {307, CLIENT_LATER, CLIENT_REDIRECT_ERROR},
        {400, CLIENT_LATER, CLIENT_HTTP},           {401, CLIENT_LATER, CLIENT_HTTP},
        {404, CLIENT_LATER, CLIENT_HTTP},           {410, CLIENT_GONE, CLIENT_HTTP},
        {429, CLIENT_THROTTLED, CLIENT_HTTP},       {500, CLIENT_LATER, CLIENT_HTTP},
        {502, CLIENT_THROTTLED, CLIENT_HTTP},       {503, CLIENT_THROTTLED, CLIENT_HTTP},
        {504, CLIENT_THROTTLED, CLIENT_HTTP},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        expect(post(client, "http://127.0.0.1:%u/status/%d", receiver.port, (int)answers[i].code),
               answers[i].result, answers[i].trouble, answers[i].code);
}

static void a_wish_to_be_left_alone_is_heard_and_not_for_ever(void **unused)
{
    (void)unused;
    assert_int_equal(post(client, "http://127.0.0.1:%u/status/429?retry=7", receiver.port).wait_ms,
                     7000);
    assert_int_equal(
        post(client, "http://127.0.0.1:%u/status/503?retry=9999999", receiver.port).wait_ms,
        CLIENT_WAIT_MAX_MS);
    assert_int_equal(post(client, "http://127.0.0.1:%u/status/503", receiver.port).wait_ms, 0);
}

static void no_redirect_is_followed(void **unused)
{
    const size_t before = received("/ok", NULL);

    (void)unused;
    expect(post(client, "http://127.0.0.1:%u/redirect", receiver.port), CLIENT_LATER,
           CLIENT_REDIRECT_ERROR, 302);
    assert_int_equal(received("/redirect", NULL), 1);
    assert_int_equal(received("/ok", NULL), before);
}

static void a_name_that_resolves_to_us_is_refused_when_connecting(void **unused)
{
    static const char *const hosts[] = {"localhost",          "127.0.0.1",  "127.1",
                                        "2130706433",         "0x7f.0.0.1", "[::1]",
                                        "[::ffff:127.0.0.1]", "0.0.0.0"};
    const size_t before = received("/ok", NULL);

    (void)unused;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        expect(post(strict, "https://%s:%u/ok", hosts[i], receiver.port), CLIENT_REFUSED,
               CLIENT_ADDRESS_FORBIDDEN, 0);
        expect(post(strict, "http://%s:%u/ok", hosts[i], receiver.port), CLIENT_REFUSED,
               CLIENT_ADDRESS_FORBIDDEN, 0);
    }
    assert_int_equal(received("/ok", NULL), before);
    expect(post(client, "http://localhost:%u/ok", receiver.port), CLIENT_DELIVERED,
           CLIENT_NO_TROUBLE, 204); /* the same name, admitted */
}

static void plain_http_goes_to_admitted_networks_only(void **unused)
{
    (void)unused;
    expect(post(client, "http://8.8.8.8/"), CLIENT_REFUSED, CLIENT_ADDRESS_FORBIDDEN, 0);
    expect(post(client, "https://10.0.0.1/"), CLIENT_REFUSED, CLIENT_ADDRESS_FORBIDDEN, 0);
}

static void what_is_no_address_to_post_to_is_refused_at_once(void **unused)
{
    static const char *const urls[] = {"ftp://example.org/",
                                       "https://user@example.org/",
                                       "https://user:word@example.org/",
                                       "https://:word@a.example/",
                                       "https://a.example/\r\nx",
                                       "file:///etc/passwd",
                                       "example.org/",
                                       "gopher://a.example/",
                                       "",
                                       "https://",
                                       "unix:///run/x",
                                       "HTTPS://u@a.example/"};
    static const char *const none[] = {NULL};
    struct error err;

    (void)unused;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        if (client_post(client, urls[i], none, "", 0, note, NULL, &err)) fail_msg("%s", urls[i]);
        assert_string_equal(err.code, "bad_url");
    }
}

static void a_header_is_one_line(void **unused)
{
    static const char *const bad[][2] = {
        {"a: b\r\nc: d", NULL}, {"a: b\n", NULL}, {"a", NULL}, {"a: b\x7F", NULL}};
    struct error err;

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(client_post(client, "https://a.example/", bad[i], "", 0, note, NULL, &err));
        assert_string_equal(err.code, "bad_header");
    }
    assert_int_equal(client_under_way(client), 0);
}

static void what_went_wrong_has_a_word(void **unused)
{
    (void)unused;
    expect(post(client, "http://127.0.0.1:%u/", closed_port()), CLIENT_LATER,
           CLIENT_CONNECTION_REFUSED, 0);
    expect(post(client, "http://127.0.0.1:%u/hangup", receiver.port), CLIENT_LATER,
           CLIENT_CONNECTION_RESET, 0);
    expect(post(client, "https://127.0.0.1:%u/ok", receiver.port), CLIENT_LATER, CLIENT_TLS_ERROR,
           0);
    expect(post(client, "https://nobody.invalid/"), CLIENT_LATER, CLIENT_DNS_ERROR, 0);
}

/* The bytes that the receiver could say before it was hung up on: buffers of the kernel's take more
 * than we do, and all that there is time for would be far more. */
static void of_an_endless_answer_little_is_read(void **unused)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    const char *note_of = "\"path\": \"/huge\", \"said\": ";
    size_t said;

    (void)unused;
    expect(post(client, "http://127.0.0.1:%u/huge", receiver.port), CLIENT_DELIVERED,
           CLIENT_NO_TROUBLE, 200);
    while ((said = number_after(note_of)) == 0)
        assert_true(clock_steady_ms() < until_ms);
    assert_in_range(said, 1, 32 << 20);
}

/* Takes as long as the timeout. */
static void as_many_as_there_may_be_are_under_way_and_each_ends_in_time(void **unused)
{
    static const char *const none[] = {NULL};
    struct sent sent[CLIENT_TRANSFERS + 1] = {0};
    struct error err;
    char url[64];

    (void)unused;
    snprintf(url, sizeof url, "http://127.0.0.1:%u/slow", receiver.port);
    for (size_t i = 0; i < CLIENT_TRANSFERS; i++)
        assert_true(client_post(client, url, none, "", 0, note, &sent[i], &err));
    assert_false(client_post(client, url, none, "", 0, note, &sent[CLIENT_TRANSFERS], &err));
    assert_int_equal(err.kind, ERROR_BUSY);
    for (size_t i = 0; i < CLIENT_TRANSFERS; i++) {
        wait_for(client, &sent[i]);
        expect(sent[i].outcome, CLIENT_LATER, CLIENT_TIMEOUT, 0);
    }
    assert_false(sent[CLIENT_TRANSFERS].is_done);
}

static void what_is_under_way_at_the_end_is_not_called_back(void **unused)
{
    static const char *const none[] = {NULL};
    struct reach_networks allowed = {0};
    struct error err;
    struct client *brief;
    char url[64];

    (void)unused;
    setenv("FADDER_WEBHOOK_ALLOW", "127.0.0.0/8", 1);
    assert_true(settings_networks(setting_of("FADDER_WEBHOOK_ALLOW"), &allowed, &err));
    brief = client_open(&allowed, NULL, &err);
    assert_non_null(brief);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/slow", receiver.port);
    assert_true(client_post(brief, url, none, "x", 1, note, NULL, &err));
    client_close(brief);
}

static int open_all(void **unused)
{
    struct reach_networks allowed = {0};
    struct error err;

    (void)unused;
    /* What others take from the environment is nothing to us. */
    setenv("http_proxy", "http://127.0.0.1:1/", 1);
    setenv("https_proxy", "http://127.0.0.1:1/", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(file, sizeof file, "%s/received", folder);
    receiver = receiver_start(RECEIVERS "/hooks.py", file);
    strict = client_open(&allowed, NULL, &err);
    setenv("FADDER_WEBHOOK_ALLOW", "127.0.0.0/8, ::1/128", 1);
    if (!settings_networks(setting_of("FADDER_WEBHOOK_ALLOW"), &allowed, &err)) return 1;
    client = client_open(&allowed, NULL, &err);
    return receiver.port == 0 || strict == NULL || client == NULL;
}

static int close_all(void **unused)
{
    (void)unused;
    client_close(client);
    client_close(strict);
    receiver_stop(&receiver);
    unlink(file);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_special_address_is_public),
        cmocka_unit_test(their_neighbours_are),
        cmocka_unit_test(a_webhook_arrives_as_it_was_given),
        cmocka_unit_test(every_answer_means_something),
        cmocka_unit_test(a_wish_to_be_left_alone_is_heard_and_not_for_ever),
        cmocka_unit_test(no_redirect_is_followed),
        cmocka_unit_test(a_name_that_resolves_to_us_is_refused_when_connecting),
        cmocka_unit_test(plain_http_goes_to_admitted_networks_only),
        cmocka_unit_test(what_is_no_address_to_post_to_is_refused_at_once),
        cmocka_unit_test(a_header_is_one_line),
        cmocka_unit_test(what_went_wrong_has_a_word),
        cmocka_unit_test(of_an_endless_answer_little_is_read),
        cmocka_unit_test(what_is_under_way_at_the_end_is_not_called_back),
        cmocka_unit_test(as_many_as_there_may_be_are_under_way_and_each_ends_in_time),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
