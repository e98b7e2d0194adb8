/* Messages as they travel: whole, whatever is in them, or not at all; and sockets that go while they are under way. */
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
#include "base/thread.h"
#include "bus/bus.h"
#include "bus/key.h"
#include "core/error.h"

static const char door[] = "ipc://run/toy";
static struct files *files;
static uint8_t bytes[MESSAGE_MAX];

static struct bus *open_bus(void)
{
    struct error err;
    struct bus *bus = bus_open(".", &err);

    if (bus == NULL) fail_msg("%s", err.text);
    return bus;
}

static struct socket *serve(struct bus *bus)
{
    struct error err;
    struct socket *served = bus_serve(bus, "toy", door, &err);

    if (served == NULL) fail_msg("%s", err.text);
    return served;
}

static struct socket *dial(struct bus *bus)
{
    struct error err;
    struct socket *socket = bus_dial(bus, "toy", door, "gateway", &err);

    if (socket == NULL) fail_msg("%s", err.text);
    return socket;
}

static void is_same(const struct message *message, const struct frame *frames, size_t count)
{
    assert_int_equal(message_count(message), count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(message_frame(message, i).size, frames[i].size);
        if (frames[i].size > 0)
            assert_memory_equal(message_frame(message, i).at, frames[i].at, frames[i].size);
    }
}

/* The next message that a socket has, which comes. */
static struct message *next_of(struct socket *socket)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct message *message;
    bool ready;

    while ((message = socket_receive(socket)) == NULL) {
        assert_true(clock_steady_ms() < until_ms);
        bus_wait(&socket, 1, NULL, 0, 50, &ready);
    }
    return message;
}

/* Who dials late is not there yet. */
static void send_to(struct socket *socket, const struct frame *frames, size_t count)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (!socket_send(socket, NULL, frames, count)) {
        bool ready;

        assert_true(clock_steady_ms() < until_ms);
        bus_wait(&socket, 1, NULL, 0, 5, &ready);
    }
}

static void goes_there_and_back(struct socket *from, struct socket *to, const struct frame *frames,
                                size_t count)
{
    struct message *message;

    send_to(from, frames, count);
    is_same(message = next_of(to), frames, count);
    assert_true(bus_peer_is(message_peer(message), "gateway"));
    assert_true(socket_send(to, message_peer(message), frames, count));
    message_destroy(message);
    is_same(message = next_of(from), frames, count);
    message_destroy(message);
}

static void frames_come_as_they_went(void **unused)
{
    static struct frame frames[FRAMES_MAX];
    struct bus *bus = open_bus();
    struct socket *served = serve(bus), *socket = dial(bus);

    (void)unused;
    goes_there_and_back(socket, served, &(struct frame){"", 0}, 1);
    goes_there_and_back(socket, served, &(struct frame){NULL, 0}, 1);
    goes_there_and_back(socket, served, &(struct frame){bytes, MESSAGE_MAX}, 1);
    for (size_t i = 0; i < FRAMES_MAX; i++)
        frames[i] = (struct frame){bytes + i, MESSAGE_MAX / FRAMES_MAX};
    goes_there_and_back(socket, served, frames, FRAMES_MAX);
    for (int round = 0; round < 200; round++) {
        const size_t count = 1 + (size_t)random() % 6;

        for (size_t i = 0; i < count; i++)
            frames[i] = (struct frame){bytes + random() % 1000, (size_t)random() % 300};
        goes_there_and_back(socket, served, frames, count);
    }
    socket_close(socket);
    socket_close(served);
    bus_close(bus);
}

/* By whoever has a key: a program of ours that is broken, or another's that stole it. */

static void *strange_socket(void *context)
{
    void *zmq = zmq_socket(context, ZMQ_DEALER);
    struct bus_key own;
    uint8_t toys[BUS_KEY_SIZE];
    struct error err;

    assert_true(bus_key_own(files, "gateway", &own, &err));
    assert_true(bus_key_of(files, "toy", toys));
    zmq_setsockopt(zmq, ZMQ_ROUTING_ID, "gateway.strange", 15);
    zmq_setsockopt(zmq, ZMQ_LINGER, &(int){0}, sizeof(int));
    zmq_setsockopt(zmq, ZMQ_CURVE_SERVERKEY, toys, sizeof toys);
    zmq_setsockopt(zmq, ZMQ_CURVE_SECRETKEY, own.secret, sizeof own.secret);
    zmq_setsockopt(zmq, ZMQ_CURVE_PUBLICKEY, own.public, sizeof own.public);
    assert_int_equal(zmq_connect(zmq, door), 0);
    return zmq;
}

static void what_is_no_message_is_dropped(void **unused)
{
    static const char nothing[FRAMES_MAX * 4 + 4];
    static const struct {
        const char *at;
        size_t size, parts;
    } strange[] = {
        {"", 0, 1},
        {"\1\0\0", 3, 1},                    /* half a size */
        {"\5\0\0\0word", 8, 1},              /* longer than it is */
        {"\377\377\377\377word", 8, 1},      /* and much longer */
        {"\4\0\0\0word\1", 9, 1},            /* something behind it */
        {"\4\0\0\0word\4\0\0\0wor", 15, 1},  /* and half a frame */
        {"\4\0\0\0word", 8, 2},              /* two parts, */
        {"\4\0\0\0word", 8, FRAMES_MAX + 9}, /* and many */
        {nothing, sizeof nothing, 1},        /* too many frames */
    };
    struct bus *bus = open_bus();
    struct socket *served = serve(bus);
    void *context = zmq_ctx_new(), *zmq = strange_socket(context);
    struct message *message;

    (void)unused;
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        for (size_t part = 1; part <= strange[i].parts; part++)
            assert_true(zmq_send(zmq, strange[i].at, strange[i].size,
                                 part < strange[i].parts ? ZMQ_SNDMORE : 0) >= 0);
        assert_int_equal(message_count(message = next_of(served)), 0);
        message_destroy(message);
        assert_true(zmq_send(zmq, "\4\0\0\0word", 8, 0) >= 0);
        is_same(message = next_of(served), &(struct frame){"word", 4}, 1);
        message_destroy(message);
    }
    zmq_close(zmq);
    zmq_ctx_term(context);
    socket_close(served);
    bus_close(bus);
}

/* Who serves goes when it likes, and so does who has dialled, with whatever is half under way: nothing aborts, and
 * nothing is left behind (which AddressSanitizer sees at the end). */

static struct bus *sharing;

static void *serve_a_while(void *cookie)
{
    int rounds = *(const int *)cookie;
    struct socket *served = serve(sharing);
    struct message *message;
    bool ready;

    while (rounds-- > 0) {
        bus_wait(&served, 1, NULL, 0, 1, &ready);
        while ((message = socket_receive(served)) != NULL) {
            struct frame frames[8];
            const size_t count = message_count(message);

            for (size_t i = 0; i < count; i++)
                frames[i] = message_frame(message, i);
            if (count > 0) socket_send(served, message_peer(message), frames, count);
            message_destroy(message);
        }
    }
    socket_close(served);
    return NULL;
}

static void say_much(struct socket *const *sockets, size_t count)
{
    struct frame frames[8];
    struct message *message;

    for (size_t n = 0; n < count * 10; n++) {
        const size_t frame_count = 1 + (size_t)random() % 8;

        for (size_t i = 0; i < frame_count; i++)
            frames[i] = (struct frame){bytes, (size_t)random() % 400};
        socket_send(sockets[n % count], NULL, frames, frame_count);
        while ((message = socket_receive(sockets[n % count])) != NULL)
            message_destroy(message);
    }
}

static void whoever_goes_leaves_nothing_behind(void **unused)
{
    (void)unused;
    for (int round = 0; round < 60; round++) {
        struct socket *sockets[4];
        const size_t count = 1 + (size_t)random() % 4;
        int rounds = (int)(random() % 40);
        struct thread *server;

        sharing = open_bus();
        assert_non_null(server = thread_start(serve_a_while, &rounds));
        for (size_t i = 0; i < count; i++)
            sockets[i] = dial(sharing);
        for (long left = random() % 30; left > 0; left--) {
            say_much(sockets, count);
            usleep((useconds_t)(random() % 1000));
        }
        if (random() % 2 == 0) thread_join(server), server = NULL;
        for (size_t i = 0; i < count; i++)
            socket_close(sockets[i]);
        if (server != NULL) thread_join(server);
        bus_close(sharing);
    }
}

static int set_up(void **unused)
{
    static char home[] = "/tmp/fadder-bus-XXXXXX";
    struct error err;

    (void)unused;
    setenv("FADDER_LOG", "warning", 1);
    if (!log_start("bus", &err)) return 1;
    crypto_start();
    srandom((unsigned)getpid());
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)random();
    if (mkdtemp(home) == NULL || chdir(home) != 0 || mkdir("run", 0700) != 0) return 1;
    return (files = files_open(".", &err)) == NULL;
}

static int tear_down(void **unused)
{
    char here[64], remove[96];

    (void)unused;
    files_close(files);
    if (getcwd(here, sizeof here) == NULL || chdir("/") != 0) return 1;
    snprintf(remove, sizeof remove, "rm -r %s", here);
    return system(remove) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_as_they_went),
        cmocka_unit_test(what_is_no_message_is_dropped),
        cmocka_unit_test(whoever_goes_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
