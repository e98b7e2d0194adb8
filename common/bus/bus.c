/* Sockets and messages of libzmq, made safe to use: limits, timeouts, keys and the mandatory router are
 * set once, here. */
#include "bus/bus.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <zmq.h>

#include "base/bell.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/thread.h"
#include "bus/gate.h"
#include "bus/key.h"
#include "core/error.h"

METRICS_COUNTER(malformed, "fadder_bus_malformed_total",
                "Messages that were dropped, as they are not what programs of this kind say.")
METRICS_COUNTER(misnamed, "fadder_bus_misnamed_total",
                "Messages that were dropped, as who sent them goes by another's name.")

enum {
    QUEUE_MAX = 1000,       /* messages waiting at a socket, each way and for each peer */
    HEARTBEAT_MS = 2000,    /* a tcp peer that is silent so long is asked */
    SILENCE_MS = 10000,     /* and after this long cut off */
    RECONNECT_MS = 10,      /* to a peer that is away; */
    RECONNECT_MAX_MS = 500, /* and never more seldom than this */
    GREETING_MS = 2000,     /* who connects has proved so soon who it is, or is cut off */
    KEY_MS = 1000,          /* between looks whether a service has another key */
    NO_KEY_MS = 50,         /* or one at all */
    ENDPOINT_SIZE = 256,
    UNIQUE_SIZE = 16, /* bytes of a name that nobody else can guess */
    SIZE_SIZE = 4,    /* bytes that a frame's size takes before it */
    CURVE_SIZE = 33,  /* bytes that CURVE adds to a message */
    WHOLE_MAX = MESSAGE_MAX + FRAMES_MAX * SIZE_SIZE + CURVE_SIZE,
};

struct bus {
    void *context;
    struct files *files;
    /* From the first socket on that serves others than ourselves: who is let in. */
    pthread_mutex_t opening;
    struct gate *gate;
    struct socket *zap;
    struct thread *gatekeeper;
    struct bell *closing;
};

struct socket {
    void *zmq;
    bool is_router;
    bool is_inside; /* within this process, where nobody has to prove anything */
    /* Of one that dials: */
    struct files *files;
    char service[BUS_PROGRAM_MAX + 1], placed[ENDPOINT_SIZE];
    uint8_t key[BUS_KEY_SIZE]; /* the service's, that it is connected with */
    bool is_connected;
    int64_t looked_ms;
    void *monitor; /* tells that we were not let in */
};

struct message {
    char peer[PEER_NAME_MAX + 1];
    zmq_msg_t whole;
    size_t count;
    struct frame *frames; /* in it */
};

static bool fail(struct error *err, const char *doing)
{
    return error_set(err, ERROR_BROKEN, "bus", "%s: %s", doing, zmq_strerror(errno));
}

struct bus *bus_open(const char *root, struct error *err)
{
    struct bus *bus = calloc(1, sizeof *bus);

    if (bus == NULL) bug("out of memory");
    pthread_mutex_init(&bus->opening, NULL);
    if (zmq_has("curve") == 0) bug("this libzmq has no CURVE");
    if ((bus->files = files_open(root, err)) != NULL) {
        if ((bus->context = zmq_ctx_new()) != NULL) return bus;
        fail(err, "zmq_ctx_new");
    }
    files_close(bus->files);
    free(bus);
    return NULL;
}

bool bus_own(struct bus *bus, const char *program, struct error *err)
{
    struct bus_key own;
    const bool is_ok = bus_key_own(bus->files, program, &own, err);

    if (is_ok) crypto_wipe(&own, sizeof own);
    return is_ok;
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
    const int64_t whole_max = WHOLE_MAX;

    return zmq_setsockopt(zmq, ZMQ_MAXMSGSIZE, &whole_max, sizeof whole_max) == 0 &&
           set(zmq, ZMQ_SNDHWM, QUEUE_MAX) && set(zmq, ZMQ_RCVHWM, QUEUE_MAX) &&
           set(zmq, ZMQ_LINGER, 0) && set(zmq, ZMQ_HANDSHAKE_IVL, GREETING_MS) &&
           set_heartbeat(zmq, endpoint) && set(zmq, ZMQ_RECONNECT_IVL, RECONNECT_MS) &&
           set(zmq, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS);
}

static const char inside[] = "inproc://";

static struct socket *create(struct bus *bus, int type, const char *endpoint, struct error *err)
{
    struct socket *socket = calloc(1, sizeof *socket);

    if (socket == NULL) bug("out of memory");
    socket->is_router = type == ZMQ_ROUTER;
    socket->is_inside = strncmp(endpoint, inside, sizeof inside - 1) == 0;
    socket->files = bus->files;
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
    char whole[FILES_PATH_MAX];

    snprintf(placed, ENDPOINT_SIZE, "%s", endpoint);
    if (strncmp(endpoint, ipc, sizeof ipc - 1) != 0 || *path == '/') return;
    files_path(bus->files, path, whole);
    snprintf(placed, ENDPOINT_SIZE, "%s%.*s", ipc, (int)(ENDPOINT_SIZE - sizeof ipc), whole);
}

/* In a directory that several share, for a group (base/files.h), the group may connect: who it is says the key. */
static void let_group_in(const char *placed)
{
    static const char ipc[] = "ipc://";
    const char *path = placed + sizeof ipc - 1, *slash = strrchr(placed, '/');
    char directory[ENDPOINT_SIZE];
    struct stat is;

    if (strncmp(placed, ipc, sizeof ipc - 1) != 0 || slash <= path) return;
    snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
    if (stat(directory, &is) == 0 && (is.st_mode & (S_ISVTX | S_IWGRP)) == (S_ISVTX | S_IWGRP) &&
        (is.st_mode & S_IRWXO) == 0)
        chmod(path, 0660);
}

/* The gatekeeper: libzmq asks it of every connection's key (ZAP, rfc.zeromq.org/spec/27). */

/* Of what libzmq says only these matter; what is proved by CURVE is one frame, the key. */
enum { ZAP_ID = 1, ZAP_MECHANISM = 5, ZAP_KEY, ZAP_FRAMES };

struct zap {
    zmq_msg_t frames[ZAP_FRAMES];
};

static bool hear_zap(struct bus *bus, struct zap *zap)
{
    for (size_t i = 0; i < ZAP_FRAMES; i++) {
        zmq_msg_t *frame = &zap->frames[i];

        zmq_msg_init(frame);
        if (zmq_msg_recv(frame, bus->zap->zmq, ZMQ_DONTWAIT) < 0) {
            if (i > 0) bug("zap: %zu frames", i);
            return false;
        }
    }
    return true;
}

static const char *program_of(struct gate *gate, struct zap *zap)
{
    zmq_msg_t *mechanism = &zap->frames[ZAP_MECHANISM], *key = &zap->frames[ZAP_KEY];

    if (zmq_msg_size(mechanism) != 5 || memcmp(zmq_msg_data(mechanism), "CURVE", 5) != 0)
        return NULL;
    return gate_program(gate, zmq_msg_data(key), zmq_msg_size(key), clock_steady_ms());
}

static void answer_zap(struct bus *bus, struct zap *zap)
{
    const char *program = program_of(bus->gate, zap), *status = program == NULL ? "400" : "200";
    zmq_msg_t *id = &zap->frames[ZAP_ID];
    void *zmq = bus->zap->zmq;

    if (program == NULL) program = "";
    if (zmq_send(zmq, "1.0", 3, ZMQ_SNDMORE) < 0 ||
        zmq_send(zmq, zmq_msg_data(id), zmq_msg_size(id), ZMQ_SNDMORE) < 0 ||
        zmq_send(zmq, status, 3, ZMQ_SNDMORE) < 0 || zmq_send(zmq, "", 0, ZMQ_SNDMORE) < 0 ||
        zmq_send(zmq, program, strlen(program), ZMQ_SNDMORE) < 0 || zmq_send(zmq, "", 0, 0) < 0)
        bug("zap: %s", zmq_strerror(errno)); /* libzmq waits for it */
}

static void forget_zap(struct zap *zap)
{
    for (size_t i = 0; i < ZAP_FRAMES; i++)
        zmq_msg_close(&zap->frames[i]);
}

static void *keep_gate(void *cookie)
{
    struct bus *bus = cookie;
    bool ready[2] = {false, false};
    struct zap zap;

    while (!ready[1]) {
        bus_wait(&bus->zap, 1, &bus->closing, 1, -1, ready);
        while (hear_zap(bus, &zap)) {
            answer_zap(bus, &zap);
            forget_zap(&zap);
        }
    }
    return NULL;
}

/* Before anything is bound: where libzmq finds nobody to ask, it lets everybody in. */
static bool make_gate(struct bus *bus, struct error *err)
{
    static const char zap[] = "inproc://zeromq.zap.01";

    if ((bus->zap = create(bus, ZMQ_REP, zap, err)) == NULL) return false;
    if (zmq_bind(bus->zap->zmq, zap) != 0) return fail(err, zap);
    bus->gate = gate_create(bus->files);
    bus->closing = bell_create();
    if ((bus->gatekeeper = thread_start(keep_gate, bus)) == NULL) bug("no thread to spare");
    return true;
}

static void close_gate(struct bus *bus)
{
    if (bus->gatekeeper != NULL) {
        bell_ring(bus->closing);
        thread_join(bus->gatekeeper);
        bell_destroy(bus->closing);
    }
    socket_close(bus->zap);
    gate_destroy(bus->gate);
}

void bus_close(struct bus *bus)
{
    if (bus == NULL) return;
    close_gate(bus);
    zmq_ctx_term(bus->context);
    files_close(bus->files);
    pthread_mutex_destroy(&bus->opening);
    free(bus);
}

/* Writer and reader open their doors at the same time. */
static bool begin_gate(struct bus *bus, struct error *err)
{
    bool is_there;

    pthread_mutex_lock(&bus->opening);
    is_there = bus->gatekeeper != NULL || make_gate(bus, err);
    pthread_mutex_unlock(&bus->opening);
    return is_there;
}

static bool set_key(void *zmq, int option, const uint8_t key[BUS_KEY_SIZE])
{
    return zmq_setsockopt(zmq, option, key, BUS_KEY_SIZE) == 0;
}

/* Nobody is served who has not proved to the gate who it is. */
static bool guard(struct bus *bus, struct socket *socket, const char *service, struct error *err)
{
    struct bus_key own;
    bool is_ok;

    if (socket->is_inside) return true;
    if (!begin_gate(bus, err) || !bus_key_own(bus->files, service, &own, err)) return false;
    is_ok = zmq_setsockopt(socket->zmq, ZMQ_ZAP_DOMAIN, service, strlen(service)) == 0 &&
            set(socket->zmq, ZMQ_CURVE_SERVER, 1) &&
            set_key(socket->zmq, ZMQ_CURVE_SECRETKEY, own.secret);
    crypto_wipe(&own, sizeof own);
    return is_ok || fail(err, "CURVE");
}

/* Who comes back before it was noticed that it had gone takes over from itself (HANDOVER): turned away, it would never
 * be heard again. Nobody else can, as nobody guesses what it is called. */
static bool serve(struct bus *bus, struct socket *socket, const char *endpoint, struct error *err)
{
    char placed[ENDPOINT_SIZE];

    place(bus, endpoint, placed);
    if (!set(socket->zmq, ZMQ_ROUTER_MANDATORY, 1) || !set(socket->zmq, ZMQ_ROUTER_HANDOVER, 1) ||
        zmq_bind(socket->zmq, placed) != 0)
        return fail(err, endpoint);
    let_group_in(placed);
    return true;
}

struct socket *bus_serve(struct bus *bus, const char *service, const char *endpoint,
                         struct error *err)
{
    struct socket *socket = create(bus, ZMQ_ROUTER, endpoint, err);

    if (socket == NULL) return NULL;
    if (guard(bus, socket, service, err) && serve(bus, socket, endpoint, err)) return socket;
    socket_close(socket);
    return NULL;
}

/* What it is called: by its own name, and so that nobody else can be called that. */
static bool take_name(struct socket *socket, const char *name, struct error *err)
{
    uint8_t unique[UNIQUE_SIZE];
    char called[PEER_NAME_MAX + 1];
    int size = snprintf(called, sizeof called, "%s.", name);

    if (size < 2 || size + 2 * UNIQUE_SIZE > PEER_NAME_MAX) bug("a long name: %s", name);
    random_bytes(unique, sizeof unique);
    for (size_t i = 0; i < sizeof unique; i++)
        size += snprintf(called + size, 3, "%02x", unique[i]);
    return zmq_setsockopt(socket->zmq, ZMQ_ROUTING_ID, called, (size_t)size) == 0 ||
           fail(err, "ZMQ_ROUTING_ID");
}

static bool prove(struct bus *bus, struct socket *socket, const char *name, struct error *err)
{
    char program[BUS_PROGRAM_MAX + 1];
    struct bus_key own;
    bool is_ok;

    if (socket->is_inside) return true;
    bus_key_program(name, program);
    if (!bus_key_own(bus->files, program, &own, err)) return false;
    is_ok = set_key(socket->zmq, ZMQ_CURVE_SECRETKEY, own.secret) &&
            set_key(socket->zmq, ZMQ_CURVE_PUBLICKEY, own.public);
    crypto_wipe(&own, sizeof own);
    return is_ok || fail(err, "CURVE");
}

static void connect_with(struct socket *socket, const uint8_t key[BUS_KEY_SIZE])
{
    if (socket->is_connected) zmq_disconnect(socket->zmq, socket->placed);
    if (!set_key(socket->zmq, ZMQ_CURVE_SERVERKEY, key) ||
        zmq_connect(socket->zmq, socket->placed) != 0)
        bug("%s: %s", socket->placed, zmq_strerror(errno)); /* as it was, it could be connected */
    memcpy(socket->key, key, sizeof socket->key);
    socket->is_connected = true;
}

/* libzmq says that once, and gives up. */
static bool is_turned_away(struct socket *socket)
{
    zmq_msg_t said;
    bool is = false;

    zmq_msg_init(&said);
    while (zmq_msg_recv(&said, socket->monitor, ZMQ_DONTWAIT) >= 0)
        is = true;
    zmq_msg_close(&said);
    if (is)
        log_warning("bus_turned_away", "service=%s text=%s", socket->service,
                    "It does not know our key: do both have the same keys/bus?");
    return is;
}

/* Under a name that no other had: libzmq goes on with one that was closed for a while. */
static bool watch(struct bus *bus, struct socket *socket, struct error *err)
{
    char name[48];
    uint64_t unique;

    random_bytes(&unique, sizeof unique);
    snprintf(name, sizeof name, "inproc://monitor.%016" PRIx64, unique);
    return (zmq_socket_monitor(socket->zmq, name, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) == 0 &&
            (socket->monitor = zmq_socket(bus->context, ZMQ_PAIR)) != NULL &&
            zmq_connect(socket->monitor, name) == 0) ||
           fail(err, "zmq_socket_monitor");
}

/* A service that has never been there has no key yet; one whose key was lost gets another. Who was turned away tries
 * again: it may have been let in meanwhile. */
static void look_for_key(struct socket *socket)
{
    uint8_t key[BUS_KEY_SIZE];
    int64_t now_ms;

    if (socket->service[0] == '\0') return; /* it serves, or is within */
    now_ms = clock_steady_ms();
    if (socket->looked_ms != 0 &&
        now_ms - socket->looked_ms < (socket->is_connected ? KEY_MS : NO_KEY_MS))
        return;
    socket->looked_ms = now_ms;
    if (!bus_key_of(socket->files, socket->service, key)) return;
    if (!socket->is_connected || is_turned_away(socket) ||
        memcmp(key, socket->key, sizeof key) != 0)
        connect_with(socket, key);
}

/* An endpoint that cannot be one is found now, not when the service has a key. */
static bool reach(struct socket *socket, const char *service, const char *endpoint,
                  struct error *err)
{
    uint8_t nobodys[BUS_KEY_SIZE] = {0};

    if (socket->is_inside)
        return zmq_connect(socket->zmq, socket->placed) == 0 || fail(err, endpoint);
    if (!set_key(socket->zmq, ZMQ_CURVE_SERVERKEY, nobodys) ||
        zmq_connect(socket->zmq, socket->placed) != 0)
        return fail(err, endpoint);
    zmq_disconnect(socket->zmq, socket->placed);
    snprintf(socket->service, sizeof socket->service, "%s", service);
    look_for_key(socket);
    return true;
}

struct socket *bus_dial(struct bus *bus, const char *service, const char *endpoint,
                        const char *name, struct error *err)
{
    struct socket *socket = create(bus, ZMQ_DEALER, endpoint, err);

    if (socket == NULL) return NULL;
    place(bus, endpoint, socket->placed);
    if (take_name(socket, name, err) && prove(bus, socket, name, err) && watch(bus, socket, err) &&
        reach(socket, service, endpoint, err))
        return socket;
    socket_close(socket);
    return NULL;
}

void socket_close(struct socket *socket)
{
    if (socket == NULL) return;
    if (socket->monitor != NULL) {
        zmq_socket_monitor(socket->zmq, NULL, 0);
        zmq_close(socket->monitor);
    }
    if (socket->zmq != NULL) zmq_close(socket->zmq);
    free(socket);
}

/* A message is one of libzmq's, whatever its frames: 4.3.4 aborts when a connection breaks whose socket is being
 * closed while a message of several parts is half under way, and loses the half that it has (zeromq/libzmq#3442). */

static bool is_name(const char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] <= ' ' || at[i] > '~') return false;
    return size > 0 && size <= PEER_NAME_MAX;
}

/* By the name of whom its key is, says the gate: libzmq writes that on what was sent, on the name before it only if nobody
 * polled in between. And by none that nobody has to prove. */
static bool is_proved(const struct socket *socket, const char *peer, zmq_msg_t *part)
{
    const char *program;

    if (!socket->is_router || socket->is_inside) return true;
    program = zmq_msg_gets(part, "User-Id");
    if (program != NULL && program[0] != '\0' && bus_peer_is(peer, program) &&
        !bus_peer_is(peer, BUS_WORKER))
        return true;
    metrics_count(&misnamed, 1);
    return false;
}

/* Before a message's frames stand their sizes, each before its own, low bytes first. How many frames there are, put
 * into frames unless that is NULL, or -1 when that is not what it is. */
static int read_frames(const uint8_t *at, size_t size, struct frame *frames)
{
    int count = 0;

    while (size > 0) {
        uint32_t next;

        if (count == FRAMES_MAX || size < SIZE_SIZE) return -1;
        next = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        at += SIZE_SIZE;
        size -= SIZE_SIZE;
        if (next > size) return -1;
        if (frames != NULL) frames[count] = (struct frame){at, next};
        count++;
        at += next;
        size -= next;
    }
    return count;
}

static void write_frames(const struct frame *frames, size_t count, uint8_t *at)
{
    for (size_t i = 0; i < count; i++) {
        const size_t size = frames[i].size;

        for (int byte = 0; byte < SIZE_SIZE; byte++)
            *at++ = (uint8_t)(size >> (8 * byte));
        if (size > 0) memcpy(at, frames[i].at, size);
        at += size;
    }
}

/* What stands behind the first part, to its end, which says nothing: ours have no more. */
static bool drop_more(void *zmq, zmq_msg_t *part)
{
    bool has_more = false;

    while (zmq_msg_more(part) != 0) {
        has_more = true;
        if (zmq_msg_recv(part, zmq, ZMQ_DONTWAIT) < 0) bug("zmq_msg_recv: %s", zmq_strerror(errno));
    }
    return has_more;
}

/* What waits: of a router behind the name of whom it is from. False: nothing does. */
static bool receive_part(struct socket *socket, char peer[PEER_NAME_MAX + 1], zmq_msg_t *part,
                         bool *is_good)
{
    size_t size;

    peer[0] = '\0';
    *is_good = true;
    if (zmq_msg_recv(part, socket->zmq, ZMQ_DONTWAIT) < 0) return false; /* or interrupted */
    if (socket->is_router) {
        size = zmq_msg_size(part);
        if ((*is_good = is_name(zmq_msg_data(part), size) && zmq_msg_more(part) != 0)) {
            memcpy(peer, zmq_msg_data(part), size);
            peer[size] = '\0';
        }
        if (zmq_msg_more(part) != 0 && zmq_msg_recv(part, socket->zmq, ZMQ_DONTWAIT) < 0)
            bug("zmq_msg_recv: %s", zmq_strerror(errno)); /* a message is there whole */
    }
    *is_good = *is_good && is_proved(socket, peer, part);
    *is_good = !drop_more(socket->zmq, part) && *is_good;
    return true;
}

/* What is none of ours is dropped: without frames it says nothing. */
static void take_frames(struct message *message)
{
    const void *at = zmq_msg_data(&message->whole);
    const size_t size = zmq_msg_size(&message->whole);
    const int count = read_frames(at, size, NULL);

    if (count < 0) metrics_count(&malformed, 1);
    if (count <= 0) return;
    message->frames = calloc((size_t)count, sizeof *message->frames);
    if (message->frames == NULL) bug("out of memory");
    message->count = (size_t)read_frames(at, size, message->frames);
}

struct message *socket_receive(struct socket *socket)
{
    struct message *message = calloc(1, sizeof *message);
    bool is_good;

    if (message == NULL) bug("out of memory");
    look_for_key(socket);
    zmq_msg_init(&message->whole);
    if (receive_part(socket, message->peer, &message->whole, &is_good)) {
        if (is_good) take_frames(message);
        return message;
    }
    message_destroy(message);
    return NULL;
}

void message_destroy(struct message *message)
{
    if (message == NULL) return;
    zmq_msg_close(&message->whole);
    free(message->frames);
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

int bus_peer_shown(const char *peer)
{
    const size_t size = strlen(peer);

    return (int)(size > 2 * UNIQUE_SIZE ? size - 2 * UNIQUE_SIZE - 1 : size);
}

size_t message_count(const struct message *message)
{
    return message->count;
}

struct frame message_frame(const struct message *message, size_t i)
{
    if (i >= message->count) bug("message_frame: %zu of %zu", i, message->count);
    return message->frames[i];
}

/* A signal (SIGTERM, say) may come in between, also when nothing has to be waited for. */
static bool send_part(struct socket *socket, zmq_msg_t *part, int more)
{
    int sent;

    do
        sent = zmq_msg_send(part, socket->zmq, more | ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

static void make_part(zmq_msg_t *part, size_t size)
{
    if (zmq_msg_init_size(part, size) != 0) bug("out of memory");
}

static bool send_name(struct socket *socket, const char *peer)
{
    zmq_msg_t part;
    bool is_taken;

    make_part(&part, strlen(peer));
    memcpy(zmq_msg_data(&part), peer, strlen(peer));
    is_taken = send_part(socket, &part, ZMQ_SNDMORE);
    if (!is_taken) zmq_msg_close(&part);
    return is_taken;
}

bool socket_send(struct socket *socket, const char *peer, const struct frame *frames, size_t count)
{
    zmq_msg_t whole;
    size_t size = 0;
    bool is_taken;

    if (count == 0 || count > FRAMES_MAX) bug("socket_send: %zu frames", count);
    for (size_t i = 0; i < count; i++)
        size += frames[i].size;
    if (size > MESSAGE_MAX) bug("socket_send: %zu bytes", size);
    look_for_key(socket);
    if (socket->is_router && !send_name(socket, peer)) return false;
    make_part(&whole, count * SIZE_SIZE + size);
    write_frames(frames, count, zmq_msg_data(&whole));
    is_taken = send_part(socket, &whole, 0);
    if (!is_taken) zmq_msg_close(&whole);
    if (!is_taken && socket->is_router)
        bug("zmq_msg_send: %s",
            zmq_strerror(errno)); /* a peer that is there takes what is for it */
    return is_taken;
}

void bus_wait(struct socket *const *sockets, size_t socket_count, struct bell *const *bells,
              size_t bell_count, int64_t timeout_ms, bool *ready)
{
    zmq_pollitem_t items[WAIT_MAX] = {{0}};
    const size_t count = socket_count + bell_count;

    if (count > WAIT_MAX) bug("bus_wait: %zu to wait for", count);
    for (size_t i = 0; i < socket_count; i++)
        items[i] = (zmq_pollitem_t){.socket = sockets[i]->zmq, .events = ZMQ_POLLIN};
    for (size_t i = 0; i < bell_count; i++)
        items[socket_count + i] = (zmq_pollitem_t){.fd = bell_fd(bells[i]), .events = ZMQ_POLLIN};

    if (zmq_poll(items, (int)count, timeout_ms) < 0) memset(ready, 0, count * sizeof *ready);
    for (size_t i = 0; i < count; i++)
        ready[i] = (items[i].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0;
}
