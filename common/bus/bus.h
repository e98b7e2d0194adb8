/* The bus: ZeroMQ, and the only door to it.
 *
 * A socket belongs to one thread at a time. A message is a list of frames, which go as one
 * (schemas/runtime/bus.json); what is sent is copied. On every endpoint but inproc both ends prove who they are
 * (CURVE, key.h), whatever way it is: who dials goes by a program's name, and has that program's key; so has who
 * serves. Who has no key that is known gets nothing (gate.h), and who goes by another's name is not heard. Nothing
 * relies on delivery: whoever needs an answer asks again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bell;
struct bus;
struct error;
struct message;
struct socket;

enum {
    MESSAGE_MAX =
        1 << 20, /* bytes in the frames of a message; a peer that sends a larger one is cut off */
    FRAMES_MAX = 1024,  /* in a message; a longer one is dropped */
    PEER_NAME_MAX = 80, /* with what is added to make it the only one */
    WAIT_MAX = 32,      /* sockets and bells that are waited for at once */
};

/* Who a service's own worker is called: only from within its process. */
#define BUS_WORKER "worker"

struct frame {
    const void *at;
    size_t size;
};

/* root: the directory to which ipc endpoints are relative, and where keys lie: FADDER_HOME. */
struct bus *bus_open(const char *root, struct error *err);
/* Whether this process may be that program: its key is there, and nobody else's, or it is made. */
bool bus_own(struct bus *bus, const char *program, struct error *err);
void bus_close(struct bus *bus); /* after all its sockets */

/* Answer on an endpoint (a ROUTER) as that service: "ipc://run/registry.commands", "tcp://…"; or "inproc://…", for the
 * sockets of the same bus, whose names are believed. The caller holds the lock that makes it the only one to serve an
 * ipc path. The socket lives until socket_close. */
struct socket *bus_serve(struct bus *bus, const char *service, const char *endpoint,
                         struct error *err);

/* Talk to a service at an endpoint (a DEALER) under a name, to which 33 characters are added that make it the
 * only one. That nobody is there is no error: what is sent then is dropped when the queue of 1,000 messages is
 * full. The socket lives until socket_close. */
struct socket *bus_dial(struct bus *bus, const char *service, const char *endpoint,
                        const char *name, struct error *err);
void socket_close(struct socket *socket);

/* The next message, or NULL when none waits. The caller destroys it. */
struct message *socket_receive(struct socket *socket);
void message_destroy(struct message *message);
/* Of a ROUTER: who sent it, by the name of the program that it proved to be; else "". It lives as long as the message. */
const char *message_peer(const struct message *message);
/* Whether a peer is of that kind: "operator" also stands for "operator.3". */
bool bus_peer_is(const char *peer, const char *kind);
/* How much of a peer's name may be shown: not what makes it the only one, with which it could be taken over. */
int bus_peer_shown(const char *peer);
size_t message_count(const struct message *message);
struct frame message_frame(const struct message *message, size_t i);

/* Send frames, to that peer when the socket is a ROUTER (else NULL). False when it was not taken:
 * no such peer, or its queue is full. */
bool socket_send(struct socket *socket, const char *peer, const struct frame *frames, size_t count);

/* Wait until a socket has a message, a bell rings, or timeout_ms is over (-1: never): the one door through which
 * a service waits. ready[i] tells which; either list may be empty. At most WAIT_MAX in all. */
void bus_wait(struct socket *const *sockets, size_t socket_count, struct bell *const *bells,
              size_t bell_count, int64_t timeout_ms, bool *ready);
