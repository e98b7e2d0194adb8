#define _GNU_SOURCE /* O_PATH */
/* Sockets and messages of libzmq, made safe to use: limits, timeouts and the mandatory router are
 * set once, here. */
#include "bus/bus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include "base/bell.h"
#include "core/error.h"

enum {
    QUEUE_MAX = 1000,       /* messages waiting at a socket, each way and for each peer */
    HEARTBEAT_MS = 2000,    /* a tcp peer that is silent so long is asked */
    SILENCE_MS = 10000,     /* and after this long cut off */
    RECONNECT_MS = 10,      /* to a peer that is away; */
    RECONNECT_MAX_MS = 500, /* and never more seldom than this */
    ENDPOINT_SIZE = 256,
};

struct bus {
    void *context;
    int root;
};

struct socket {
    void *zmq;
    bool is_router;
};

struct message {
    char peer[PEER_NAME_MAX + 1];
    size_t count, room;
    zmq_msg_t *parts;
};

static bool fail(struct error *err, const char *doing)
{
    return error_set(err, ERROR_BROKEN, "bus", "%s: %s", doing, zmq_strerror(errno));
}

struct bus *bus_open(const char *root, struct error *err)
{
    struct bus *bus = calloc(1, sizeof *bus);

    if (bus == NULL) bug("out of memory");
    if ((bus->root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
        error_set(err, ERROR_BROKEN, "bus", "%s: %s", root, strerror(errno));
    else if ((bus->context = zmq_ctx_new()) != NULL)
        return bus;
    else
        fail(err, "zmq_ctx_new");
    if (bus->root >= 0) close(bus->root);
    free(bus);
    return NULL;
}

void bus_close(struct bus *bus)
{
    if (bus == NULL) return;
    zmq_ctx_term(bus->context);
    close(bus->root);
    free(bus);
}

static bool set(void *zmq, int option, int value)
{
    return zmq_setsockopt(zmq, option, &value, sizeof value) == 0;
}

/* Who goes away at the other end of an ipc socket is told by the kernel, and heartbeats only do harm:
 * in libzmq 4.3.4 their timer outlives a connection that failed while nobody read, and then aborts
 * (`!_io_error`, zeromq/libzmq#4364). */
static bool set_heartbeat(void *zmq, const char *endpoint)
{
    return strncmp(endpoint, "ipc:", 4) == 0 || (set(zmq, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
                                                 set(zmq, ZMQ_HEARTBEAT_TIMEOUT, SILENCE_MS));
}

static bool set_up(void *zmq, const char *endpoint)
{
    const int64_t frame_max = FRAME_MAX;

    return zmq_setsockopt(zmq, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max) == 0 &&
           set(zmq, ZMQ_SNDHWM, QUEUE_MAX) && set(zmq, ZMQ_RCVHWM, QUEUE_MAX) &&
           set(zmq, ZMQ_LINGER, 0) && set_heartbeat(zmq, endpoint) &&
           set(zmq, ZMQ_RECONNECT_IVL, RECONNECT_MS) &&
           set(zmq, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS);
}

static struct socket *create(struct bus *bus, int type, const char *endpoint, struct error *err)
{
    struct socket *socket = calloc(1, sizeof *socket);

    if (socket == NULL) bug("out of memory");
    socket->is_router = type == ZMQ_ROUTER;
    socket->zmq = zmq_socket(bus->context, type);
    if (socket->zmq != NULL && set_up(socket->zmq, endpoint)) return socket;
    fail(err, "zmq_socket");
    socket_close(socket);
    return NULL;
}

/* The path of an ipc socket has 107 bytes, which a home may be too deep for: by its descriptor it is short. */
static void place(const struct bus *bus, const char *endpoint, char placed[ENDPOINT_SIZE])
{
    static const char ipc[] = "ipc://";
    const char *path = endpoint + sizeof ipc - 1;

    if (strncmp(endpoint, ipc, sizeof ipc - 1) == 0 && *path != '/')
        snprintf(placed, ENDPOINT_SIZE, "ipc:///proc/self/fd/%d/%s", bus->root, path);
    else
        snprintf(placed, ENDPOINT_SIZE, "%s", endpoint);
}

struct socket *bus_serve(struct bus *bus, const char *endpoint, struct error *err)
{
    struct socket *socket = create(bus, ZMQ_ROUTER, endpoint, err);
    char placed[ENDPOINT_SIZE];

    if (socket == NULL) return NULL;
    place(bus, endpoint, placed);
    if (set(socket->zmq, ZMQ_ROUTER_MANDATORY, 1) && set(socket->zmq, ZMQ_ROUTER_HANDOVER, 1) &&
        zmq_bind(socket->zmq, placed) == 0)
        return socket;
    fail(err, endpoint);
    socket_close(socket);
    return NULL;
}

struct socket *bus_dial(struct bus *bus, const char *endpoint, const char *name, struct error *err)
{
    struct socket *socket = create(bus, ZMQ_DEALER, endpoint, err);
    char placed[ENDPOINT_SIZE];

    if (socket == NULL) return NULL;
    place(bus, endpoint, placed);
    if (zmq_setsockopt(socket->zmq, ZMQ_ROUTING_ID, name, strlen(name)) == 0 &&
        zmq_connect(socket->zmq, placed) == 0)
        return socket;
    fail(err, endpoint);
    socket_close(socket);
    return NULL;
}

void socket_close(struct socket *socket)
{
    if (socket == NULL) return;
    if (socket->zmq != NULL) zmq_close(socket->zmq);
    free(socket);
}

static zmq_msg_t *next_part(struct message *message)
{
    if (message->count == message->room) {
        message->room = message->room == 0 ? 8 : 2 * message->room;
        message->parts = realloc(message->parts, message->room * sizeof *message->parts);
        if (message->parts == NULL) bug("out of memory");
    }
    return &message->parts[message->count];
}

static bool is_name(const zmq_msg_t *part)
{
    const char *at = zmq_msg_data((zmq_msg_t *)(size_t)part);
    const size_t size = zmq_msg_size(part);

    for (size_t i = 0; i < size; i++)
        if (at[i] <= ' ' || at[i] > '~') return false;
    return size > 0 && size <= PEER_NAME_MAX;
}

/* The frames that wait behind one another; more than FRAMES_MAX are read and dropped. */
static bool receive_parts(struct socket *socket, struct message *message)
{
    bool is_good = true, is_first = true, more = true;

    while (more) {
        zmq_msg_t *part = next_part(message);

        zmq_msg_init(part);
        if (zmq_msg_recv(part, socket->zmq, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(part);
            return false; /* nothing waits, or we were interrupted before anything was taken */
        }
        more = zmq_msg_more(part) != 0;
        if (is_first && socket->is_router) {
            is_good = is_name(part);
            if (is_good) memcpy(message->peer, zmq_msg_data(part), zmq_msg_size(part));
            zmq_msg_close(part);
        } else if (is_good && message->count < FRAMES_MAX) {
            message->count++;
        } else {
            is_good = false;
            zmq_msg_close(part);
        }
        is_first = false;
    }
    if (!is_good) { /* empty it; a message without frames says nothing */
        for (size_t i = 0; i < message->count; i++)
            zmq_msg_close(&message->parts[i]);
        message->count = 0;
    }
    return true;
}

struct message *socket_receive(struct socket *socket)
{
    struct message *message = calloc(1, sizeof *message);

    if (message == NULL) bug("out of memory");
    if (receive_parts(socket, message)) return message;
    message_destroy(message);
    return NULL;
}

void message_destroy(struct message *message)
{
    if (message == NULL) return;
    for (size_t i = 0; i < message->count; i++)
        zmq_msg_close(&message->parts[i]);
    free(message->parts);
    free(message);
}

const char *message_peer(const struct message *message)
{
    return message->peer;
}

bool bus_peer_is(const char *peer, const char *kind)
{
    const size_t size = strlen(kind);

    return strncmp(peer, kind, size) == 0 && (peer[size] == '\0' || peer[size] == '.');
}

size_t message_count(const struct message *message)
{
    return message->count;
}

struct frame message_frame(const struct message *message, size_t i)
{
    if (i >= message->count) bug("message_frame: %zu of %zu", i, message->count);
    return (struct frame){zmq_msg_data(&message->parts[i]), zmq_msg_size(&message->parts[i])};
}

/* A signal (SIGTERM, say) may come in between, also when nothing has to be waited for. */
static int send_part(struct socket *socket, const void *at, size_t size, int more)
{
    int sent;

    do
        sent = zmq_send(socket->zmq, at, size, more | ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent;
}

bool socket_send(struct socket *socket, const char *peer, const struct frame *frames, size_t count)
{
    if (count == 0 || count > FRAMES_MAX) bug("socket_send: %zu frames", count);
    if (socket->is_router && send_part(socket, peer, strlen(peer), ZMQ_SNDMORE) < 0) return false;
    for (size_t i = 0; i < count; i++) {
        const int more = i + 1 < count ? ZMQ_SNDMORE : 0;

        if (send_part(socket, frames[i].at, frames[i].size, more) >= 0) continue;
        if (i == 0 && !socket->is_router) return false;
        bug("zmq_send: %s", zmq_strerror(errno)); /* once begun, a message is always taken whole */
    }
    return true;
}

void bus_wait(struct socket *const *sockets, size_t socket_count, struct bell *const *bells,
              size_t bell_count, int64_t timeout_ms, bool *ready)
{
    zmq_pollitem_t items[16] = {{0}};
    const size_t count = socket_count + bell_count;

    if (count > 16) bug("bus_wait: %zu to wait for", count);
    for (size_t i = 0; i < socket_count; i++)
        items[i] = (zmq_pollitem_t){.socket = sockets[i]->zmq, .events = ZMQ_POLLIN};
    for (size_t i = 0; i < bell_count; i++)
        items[socket_count + i] = (zmq_pollitem_t){.fd = bell_fd(bells[i]), .events = ZMQ_POLLIN};

    if (zmq_poll(items, (int)count, timeout_ms) < 0) memset(ready, 0, count * sizeof *ready);
    for (size_t i = 0; i < count; i++)
        ready[i] = (items[i].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0;
}
