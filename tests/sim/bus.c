/* The bus of a simulated world, in place of common/bus/bus.c: messages in memory, in order within a connection, that wait
 * on their way, and are lost when it breaks. */
#include "bus/bus.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/text.h"
#include "sim/world.h"

enum { SOCKETS_MAX = 64, QUEUE_MAX = 1000 };

struct bus {
    int unused;
};

struct message {
    char peer[PEER_NAME_MAX + 1];
    size_t count;
    struct frame *frames; /* each malloc'ed */
    struct message *next;
};

struct queue {
    size_t count;
    struct message *first, *last;
};

struct socket {
    bool is_router;
    char endpoint[128], name[PEER_NAME_MAX + 1];
    unsigned born;         /* of two with one name the later counts */
    struct queue up, down; /* of one that has dialled: to its router, and back */
};

static struct {
    struct socket *sockets[SOCKETS_MAX];
    unsigned born;
    bool is_calm;
} net;

/* Queues. */

static void put(struct queue *queue, struct message *message)
{
    if (queue->first == NULL)
        queue->first = message;
    else
        queue->last->next = message;
    queue->last = message;
    queue->count++;
}

static struct message *take(struct queue *queue)
{
    struct message *message = queue->first;

    if (message == NULL) return NULL;
    queue->first = message->next;
    message->next = NULL;
    queue->count--;
    return message;
}

static void lose(struct queue *queue)
{
    while (queue->count > 0)
        message_destroy(take(queue));
}

/* Sockets. */

struct bus *bus_open(const char *root, struct error *err)
{
    struct bus *bus = calloc(1, sizeof *bus);

    (void)root;
    (void)err;
    if (bus == NULL) bug("out of memory");
    return bus;
}

bool bus_own(struct bus *bus, const char *program, struct error *err)
{
    (void)bus;
    (void)program;
    (void)err;
    return true;
}

void bus_close(struct bus *bus)
{
    free(bus);
}

static struct socket *create(bool is_router, const char *endpoint)
{
    struct socket *socket = calloc(1, sizeof *socket);

    if (socket == NULL) bug("out of memory");
    socket->is_router = is_router;
    socket->born = ++net.born;
    text_copy(socket->endpoint, sizeof socket->endpoint, endpoint);
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        if (net.sockets[i] != NULL) continue;
        net.sockets[i] = socket;
        return socket;
    }
    bug("more than %d sockets", SOCKETS_MAX);
}

static bool is_there(const char *endpoint)
{
    for (size_t i = 0; i < SOCKETS_MAX; i++)
        if (net.sockets[i] != NULL && net.sockets[i]->is_router &&
            strcmp(net.sockets[i]->endpoint, endpoint) == 0)
            return true;
    return false;
}

struct socket *bus_serve(struct bus *bus, const char *service, const char *endpoint,
                         struct error *err)
{
    (void)bus;
    (void)service;
    if (!is_there(endpoint)) return create(true, endpoint);
    error_set(err, ERROR_BROKEN, "bus", "%s: somebody serves it", endpoint);
    return NULL;
}

struct socket *bus_dial(struct bus *bus, const char *service, const char *endpoint,
                        const char *name, struct error *err)
{
    struct socket *socket = create(false, endpoint);

    (void)bus;
    (void)service;
    (void)err;
    text_copy(socket->name, sizeof socket->name, name);
    return socket;
}

static bool is_of(const struct socket *socket, const char *endpoint)
{
    return socket != NULL && !socket->is_router && strcmp(socket->endpoint, endpoint) == 0;
}

/* Of what was sent by one that goes some may have left. */
static void lose_last(struct queue *queue)
{
    struct queue kept = {0};

    while (queue->count > 0 && world_chance(2))
        put(&kept, take(queue));
    lose(queue);
    *queue = kept;
}

/* Who has dialled a router that goes is with nobody: what was under way to it is lost. */
void socket_close(struct socket *socket)
{
    if (socket == NULL) return;
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        if (net.sockets[i] == socket) net.sockets[i] = NULL;
        if (!socket->is_router || !is_of(net.sockets[i], socket->endpoint)) continue;
        lose(&net.sockets[i]->up);
        lose_last(&net.sockets[i]->down);
    }
    lose(&socket->up);
    lose(&socket->down);
    free(socket);
}

/* Messages. */

static struct message *copy(const char *peer, const struct frame *frames, size_t count)
{
    struct message *message = calloc(1, sizeof *message);

    if (message == NULL || (message->frames = calloc(count, sizeof *frames)) == NULL)
        bug("out of memory");
    text_copy(message->peer, sizeof message->peer, peer);
    message->count = count;
    for (size_t i = 0; i < count; i++) {
        void *at = malloc(frames[i].size + 1);

        if (at == NULL) bug("out of memory");
        memcpy(at, frames[i].at, frames[i].size);
        message->frames[i] = (struct frame){at, frames[i].size};
    }
    return message;
}

void message_destroy(struct message *message)
{
    if (message == NULL) return;
    for (size_t i = 0; i < message->count; i++)
        free((void *)(size_t)message->frames[i].at);
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
    return (int)strlen(peer);
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

static bool is_on_its_way(void)
{
    return !net.is_calm && world_chance(2);
}

/* From any of those that have dialled. */
static struct message *receive_any(const struct socket *router)
{
    const size_t first = world_dice(SOCKETS_MAX);

    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        struct socket *from = net.sockets[(first + i) % SOCKETS_MAX];

        if (is_of(from, router->endpoint) && from->up.count > 0 && !is_on_its_way())
            return take(&from->up);
    }
    return NULL;
}

struct message *socket_receive(struct socket *socket)
{
    if (socket->is_router) return receive_any(socket);
    return socket->down.count == 0 || is_on_its_way() ? NULL : take(&socket->down);
}

static struct socket *find_peer(const struct socket *router, const char *peer)
{
    struct socket *found = NULL;

    for (size_t i = 0; i < SOCKETS_MAX; i++)
        if (is_of(net.sockets[i], router->endpoint) && strcmp(net.sockets[i]->name, peer) == 0 &&
            (found == NULL || net.sockets[i]->born > found->born))
            found = net.sockets[i];
    return found;
}

bool socket_send(struct socket *socket, const char *peer, const struct frame *frames, size_t count)
{
    struct socket *to = socket->is_router ? find_peer(socket, peer) : socket;
    struct queue *queue;
    size_t size = 0;

    if (count == 0 || count > FRAMES_MAX) bug("socket_send: %zu frames", count);
    for (size_t i = 0; i < count; i++)
        size += frames[i].size;
    if (size > MESSAGE_MAX) bug("socket_send: %zu bytes", size);
    if (to == NULL) return false;
    queue = socket->is_router ? &to->down : &to->up;
    if (queue->count >= QUEUE_MAX) return false;
    put(queue, copy(socket->is_router ? "" : socket->name, frames, count));
    return true;
}

/* Whoever comes by and finds nothing comes by again. */
void bus_wait(struct socket *const *sockets, size_t socket_count, struct bell *const *bells,
              size_t bell_count, int64_t timeout_ms, bool *ready)
{
    (void)sockets;
    (void)bells;
    (void)timeout_ms;
    for (size_t i = 0; i < socket_count + bell_count; i++)
        ready[i] = true;
}

/* What happens to it. */

void world_calm(bool is_calm)
{
    net.is_calm = is_calm;
}

void world_cut(void)
{
    struct socket *socket = net.sockets[world_dice(SOCKETS_MAX)];

    if (socket == NULL || socket->is_router) return;
    lose(&socket->up);
    lose(&socket->down);
}
