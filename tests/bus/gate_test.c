/* Who comes in at a socket, by whatever way: who has a key that is known, under its own name; nobody else, and nobody else
 * disturbs them. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zmq.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/metrics.h"
#include "bus/bus.h"
#include "bus/key.h"
#include "core/error.h"

static const char *const ways[] = {"ipc://run/%u", "tcp://127.0.0.1:%u"};
enum { WAYS = sizeof ways / sizeof ways[0] };

static struct bus *bus;
static struct socket *served;
static struct files *files;
static char endpoint[64], path[128], heard_of[PEER_NAME_MAX + 1];
static void *context; /* of those who do not go by bus.c */

/* One that serves, and says back what it hears; at a place of its own, as libzmq takes away a socket's file when it likes. */

static void serve(int way)
{
    static unsigned port = 20000;
    struct error err;

    do {
        port += 1 + (unsigned)random() % 97;
        snprintf(endpoint, sizeof endpoint, ways[way], port);
    } while ((served = bus_serve(bus, "toy", endpoint, &err)) == NULL && port < 60000);
    assert_non_null(served);
    snprintf(path, sizeof path, "%s", endpoint);
}

static void say_back(void)
{
    struct message *message;
    struct frame frame;
    bool ready;

    bus_wait(&served, 1, NULL, 0, 5, &ready);
    while ((message = socket_receive(served)) != NULL) {
        if (message_count(message) > 0) {
            snprintf(heard_of, sizeof heard_of, "%s", message_peer(message));
            frame = message_frame(message, 0);
            socket_send(served, heard_of, &frame, 1);
        }
        message_destroy(message);
    }
}

static struct socket *dial(const char *name)
{
    struct error err;
    struct socket *socket = bus_dial(bus, "toy", endpoint, name, &err);

    if (socket == NULL) fail_msg("%s", err.text);
    return socket;
}

static bool hears(struct socket *socket, uint32_t word)
{
    struct message *message;
    bool has = false;

    while ((message = socket_receive(socket)) != NULL) {
        assert_int_equal(message_count(message), 1);
        has |= memcmp(message_frame(message, 0).at, &word, sizeof word) == 0;
        message_destroy(message);
    }
    return has;
}

/* Says a word of its own until it comes back. */
static void is_answered(struct socket *socket)
{
    static uint32_t word;
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    for (word++; !hears(socket, word); say_back()) {
        assert_true(clock_steady_ms() < until_ms);
        socket_send(socket, NULL, &(struct frame){&word, sizeof word}, 1);
    }
}

static int64_t count_of(const char *metric)
{
    static char text[65536];
    char line[96];
    const char *at;

    assert_true(metrics_write(NULL, text, sizeof text) < sizeof text);
    snprintf(line, sizeof line, "\n%s ", metric);
    assert_non_null(at = strstr(text, line));
    return strtoll(at + strlen(line), NULL, 10);
}

/* Strangers: sockets of libzmq's own. */

struct stranger {
    void *socket, *monitor;
};

static void set(struct stranger *stranger, int option, const void *value, size_t size)
{
    assert_int_equal(zmq_setsockopt(stranger->socket, option, value, size), 0);
}

static void create(struct stranger *stranger, const char *routing_id)
{
    static int made;
    char name[32];

    snprintf(name, sizeof name, "inproc://monitor.%d", ++made);
    assert_non_null(stranger->socket = zmq_socket(context, ZMQ_DEALER));
    set(stranger, ZMQ_ROUTING_ID, routing_id, strlen(routing_id));
    set(stranger, ZMQ_LINGER, &(int){0}, sizeof(int));
    assert_int_equal(zmq_socket_monitor(stranger->socket, name, ZMQ_EVENT_DISCONNECTED), 0);
    assert_non_null(stranger->monitor = zmq_socket(context, ZMQ_PAIR));
    assert_int_equal(zmq_connect(stranger->monitor, name), 0);
}

static void set_keys(struct stranger *stranger, const struct bus_key *key)
{
    uint8_t toys[BUS_KEY_SIZE];

    assert_true(bus_key_of(files, "toy", toys));
    set(stranger, ZMQ_CURVE_SERVERKEY, toys, sizeof toys);
    set(stranger, ZMQ_CURVE_SECRETKEY, key->secret, sizeof key->secret);
    set(stranger, ZMQ_CURVE_PUBLICKEY, key->public, sizeof key->public);
}

static void knock(struct stranger *stranger)
{
    assert_int_equal(zmq_connect(stranger->socket, path), 0);
    assert_int_equal(zmq_send(stranger->socket, "word", 4, ZMQ_DONTWAIT), 4);
}

static void is_hung_up_on(struct stranger *stranger)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    char got[64];

    while (zmq_recv(stranger->monitor, got, sizeof got, ZMQ_DONTWAIT) < 0) {
        assert_true(clock_steady_ms() < until_ms);
        say_back();
    }
}

static void hears_nothing(struct stranger *stranger)
{
    char got[64];

    assert_int_equal(zmq_recv(stranger->socket, got, sizeof got, ZMQ_DONTWAIT), -1);
}

static void leave(struct stranger *stranger)
{
    zmq_socket_monitor(stranger->socket, NULL,
                       0); /* or libzmq waits for who would hear of the end */
    zmq_close(stranger->socket);
    zmq_close(stranger->monitor);
}

static struct bus_key nobodys(void)
{
    struct bus_key key;

    crypto_random(key.secret, sizeof key.secret);
    crypto_public_key(key.secret, key.public);
    return key;
}

static struct bus_key key_of(const char *program)
{
    struct bus_key key;
    struct error err;

    assert_true(bus_key_own(files, program, &key, &err));
    return key;
}

/* Tests, each by every way. */

static void who_has_a_key_is_heard_by_its_name(void **unused)
{
    (void)unused;
    for (int way = 0; way < WAYS; way++) {
        struct socket *gateway;

        serve(way);
        gateway = dial("gateway.1");
        is_answered(gateway);
        assert_true(bus_peer_is(heard_of, "gateway"));
        assert_int_equal(bus_peer_shown(heard_of), strlen("gateway.1"));
        socket_close(gateway);
        socket_close(served);
    }
}

static void who_has_none_gets_nothing(void **unused)
{
    const struct bus_key key = nobodys();

    (void)unused;
    for (int way = 0; way < WAYS; way++) {
        const int64_t before = count_of("fadder_bus_strangers_total");
        struct stranger plain, unknown;
        struct socket *gateway;

        serve(way);
        gateway = dial("gateway");
        create(&plain, "gateway");
        create(&unknown, "gateway");
        set_keys(&unknown, &key);
        knock(&plain);
        knock(&unknown);
        is_hung_up_on(&plain);
        is_hung_up_on(&unknown);
        heard_of[0] = '\0';
        say_back();
        assert_string_equal(heard_of, "");
        is_answered(gateway);
        hears_nothing(&plain);
        hears_nothing(&unknown);
        assert_true(count_of("fadder_bus_strangers_total") > before);
        leave(&plain);
        leave(&unknown);
        socket_close(gateway);
        socket_close(served);
    }
}

static void who_goes_by_anothers_name_is_not_heard(void **unused)
{
    static const char *const names[] = {"gateway", "gateway.1", "operators", "worker", "worker.1"};
    const struct bus_key key = key_of("operator");

    (void)unused;
    for (size_t i = 0; i < WAYS * sizeof names / sizeof names[0]; i++) {
        const int64_t before = count_of("fadder_bus_misnamed_total");
        const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
        struct stranger other;

        serve((int)i % WAYS);
        create(&other, names[i / WAYS]);
        set_keys(&other, &key);
        heard_of[0] = '\0';
        knock(&other);
        while (count_of("fadder_bus_misnamed_total") == before) {
            assert_true(clock_steady_ms() < until_ms);
            say_back();
        }
        assert_string_equal(heard_of, "");
        hears_nothing(&other);
        leave(&other);
        socket_close(served);
    }
}

/* The worker has no key: within a process it needs none, from outside nobody can be it. */
static void a_key_makes_nobody_a_worker(void **unused)
{
    const int64_t before = count_of("fadder_bus_misnamed_total"),
                  until_ms = clock_steady_ms() + PATIENCE_MS;
    struct socket *worker;

    (void)unused;
    serve(0);
    worker = dial(BUS_WORKER);
    heard_of[0] = '\0';
    while (count_of("fadder_bus_misnamed_total") == before) {
        assert_true(clock_steady_ms() < until_ms);
        socket_send(worker, NULL, &(struct frame){"word", 4}, 1);
        say_back();
    }
    assert_string_equal(heard_of, "");
    socket_close(worker);
    socket_close(served);
}

static void within_a_process_nobody_has_to_prove_anything(void **unused)
{
    struct socket *worker;
    struct error err;

    (void)unused;
    snprintf(endpoint, sizeof endpoint, "inproc://toy.commands");
    assert_non_null(served = bus_serve(bus, "toy", endpoint, &err));
    worker = dial(BUS_WORKER);
    is_answered(worker);
    assert_true(bus_peer_is(heard_of, BUS_WORKER));
    socket_close(worker);
    socket_close(served);
}

/* A second of its program, somebody without a key who knows what it is called, and another program by its name. */
static void the_first_goes_on_being_answered(void **unused)
{
    const struct bus_key nobody = nobodys(), operators = key_of("operator");

    (void)unused;
    for (int way = 0; way < WAYS; way++) {
        struct stranger plain, unknown, other;
        struct socket *first, *second;

        serve(way);
        is_answered(first = dial("gateway"));
        create(&plain, heard_of);
        create(&unknown, heard_of);
        set_keys(&unknown, &nobody);
        create(&other, "gateway");
        set_keys(&other, &operators);
        is_answered(second = dial("gateway"));
        knock(&plain);
        knock(&unknown);
        knock(&other);
        is_hung_up_on(&plain);
        is_hung_up_on(&unknown);
        for (int i = 0; i < 20; i++) {
            is_answered(first);
            is_answered(second);
        }
        socket_close(second);
        for (int i = 0; i < 20; i++)
            is_answered(first);
        hears_nothing(&plain);
        hears_nothing(&unknown);
        hears_nothing(&other);
        leave(&plain);
        leave(&unknown);
        leave(&other);
        socket_close(first);
        socket_close(served);
    }
}

/* The list is looked at while it serves; and who dials may be there before whom it dials. */
static void who_comes_later_for_the_first_time_is_let_in(void **unused)
{
    struct socket *early, *late;
    struct error err;

    (void)unused;
    snprintf(endpoint, sizeof endpoint, "ipc://run/late");
    assert_non_null(early = bus_dial(bus, "latecomer", endpoint, "gateway", &err));
    assert_false(socket_send(early, NULL, &(struct frame){"word", 4}, 1));
    assert_non_null(served = bus_serve(bus, "latecomer", endpoint, &err));
    is_answered(early);
    assert_non_null(late = bus_dial(bus, "latecomer", endpoint, "newcomer", &err));
    is_answered(late);
    assert_true(bus_peer_is(heard_of, "newcomer"));
    socket_close(late);
    socket_close(early);
    socket_close(served);
}

static void copy_public(struct files *from, struct files *to, const char *name)
{
    char line[64];
    size_t size = sizeof line;

    assert_true(files_read(from, name, line, &size));
    assert_true(files_publish(to, name, line, size));
}

/* In a home of its own, whose key somebody takes to where the service is: too late for libzmq, which tries once. */
static void who_was_turned_away_tries_again(void **unused)
{
    const int64_t before = count_of("fadder_bus_strangers_total"),
                  until_ms = clock_steady_ms() + PATIENCE_MS;
    struct files *elsewhere;
    struct socket *early;
    struct bus *other;
    struct error err;

    (void)unused;
    serve(WAYS - 1);
    assert_non_null(elsewhere = files_open("elsewhere", &err));
    assert_non_null(other = bus_open("elsewhere", &err));
    assert_true(bus_own(other, "early", &err));
    copy_public(files, elsewhere, "keys/bus/toy.public");
    assert_non_null(early = bus_dial(other, "toy", endpoint, "early", &err));
    while (count_of("fadder_bus_strangers_total") == before) {
        assert_true(clock_steady_ms() < until_ms);
        say_back();
    }
    copy_public(elsewhere, files, "keys/bus/early.public");
    is_answered(early);
    socket_close(early);
    socket_close(served);
    bus_close(other);
    files_close(elsewhere);
}

static void who_is_taken_from_the_list_comes_in_no_more(void **unused)
{
    const struct bus_key key = key_of("dismissed");
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    const int64_t before = count_of("fadder_bus_strangers_total");

    (void)unused;
    serve(0);
    assert_true(files_remove(files, "keys/bus/dismissed.public"));
    while (count_of("fadder_bus_strangers_total") == before) {
        struct stranger dismissed;

        assert_true(clock_steady_ms() < until_ms);
        create(&dismissed, "dismissed");
        set_keys(&dismissed, &key);
        knock(&dismissed);
        for (int i = 0; i < 20; i++)
            say_back();
        leave(&dismissed);
    }
    socket_close(served);
}

/* Its key was lost while who dials it went on. */
static void a_service_with_another_key_is_found_again(void **unused)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct socket *gateway;
    struct error err;

    (void)unused;
    serve(WAYS - 1);
    is_answered(gateway = dial("gateway"));
    socket_close(served);
    assert_true(files_remove(files, "keys/bus.toy.secret"));
    while ((served = bus_serve(bus, "toy", endpoint, &err)) == NULL) /* its port is still taken */
        assert_true(clock_steady_ms() < until_ms);
    is_answered(gateway);
    socket_close(gateway);
    socket_close(served);
}

static int set_up(void **unused)
{
    static char home[] = "/tmp/fadder-gate-XXXXXX";
    struct error err;

    (void)unused;
    setenv("FADDER_LOG", "warning", 1);
    if (!log_start("gate", &err)) return 1;
    crypto_start();
    srandom((unsigned)getpid());
    if (mkdtemp(home) == NULL || chdir(home) != 0 || mkdir("run", 0700) != 0) return 1;
    context = zmq_ctx_new();
    return (files = files_open(".", &err)) == NULL || (bus = bus_open(".", &err)) == NULL;
}

static int tear_down(void **unused)
{
    char here[64], remove[96];

    (void)unused;
    alarm(20); /* a test that failed has left sockets open, which the bus would wait for */
    bus_close(bus);
    files_close(files);
    zmq_ctx_term(context);
    if (getcwd(here, sizeof here) == NULL || chdir("/") != 0) return 1;
    snprintf(remove, sizeof remove, "rm -r %s", here);
    return system(remove) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_a_key_is_heard_by_its_name),
        cmocka_unit_test(who_has_none_gets_nothing),
        cmocka_unit_test(who_goes_by_anothers_name_is_not_heard),
        cmocka_unit_test(a_key_makes_nobody_a_worker),
        cmocka_unit_test(within_a_process_nobody_has_to_prove_anything),
        cmocka_unit_test(the_first_goes_on_being_answered),
        cmocka_unit_test(who_comes_later_for_the_first_time_is_let_in),
        cmocka_unit_test(who_was_turned_away_tries_again),
        cmocka_unit_test(who_is_taken_from_the_list_comes_in_no_more),
        cmocka_unit_test(a_service_with_another_key_is_found_again),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
