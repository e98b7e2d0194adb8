/* Asking a service: commands and queries out, answers in, without waiting.
 *
 * What is asked gathers until peer_flush, which sends it as one message, of commands with at most
 * PEER_MESSAGES under way: the rest gathers on. Every request is answered exactly once by a call
 * back: by the service, or by ourselves with ERROR_BUSY when its time is over. An unanswered
 * command may have happened: ask again with the same id. A query sees at least what was accepted
 * through the same peer before it was asked.
 *
 * A peer belongs to one thread, which calls back from peer_turn and peer_close.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/bus.h"
#include "contract/bus.h"
#include "core/error.h"

enum { PEER_WAITING_MAX = 4096, PEER_MESSAGES = 4, PEER_DOORS = 3 };

struct descriptor;
struct peer;

/* What came of it. Everything is borrowed until the call back returns. */
struct reply {
    bool is_accepted; /* of a command */
    struct bus_accepted accepted;
    struct frame opened; /* what the vault opened, packed; or empty */
    bool is_page;        /* of a query */
    struct bus_page page;
    const struct frame *rows; /* page.count of them, packed; twice as many with open */
    struct error error;       /* when it is neither */
};

typedef void peer_answer(void *cookie, const struct reply *reply);

/* service: whom, at the endpoints that service_endpoint gives. name: who asks. */
struct peer *peer_open(struct bus *bus, const char *service, const char *name, struct error *err);
/* As the service's own worker, on the service's own bus; its commands only are heard. */
struct peer *peer_open_within(struct bus *bus, const char *service, struct error *err);
void peer_close(struct peer *peer); /* what waits is answered ERROR_BUSY first */

/* Ask. id of the command or query identifies the answer (a query's is set here). False, and no
 * call back, when PEER_WAITING_MAX wait already (ERROR_BUSY). timeout_ms counts from now_ms. */
bool peer_command(struct peer *peer, const struct bus_command *command, int64_t now_ms,
                  int64_t timeout_ms, peer_answer *answer, void *cookie, struct error *err);
/* A command that a program gives of its own accord (ACTOR_ROLE_SYS), from nothing: with that id, of that type, with that body, which has to
 * be one that can be packed. What it is about is the caller's to add. */
void peer_own_command(struct bus_command *command, struct id id, const struct descriptor *type,
                      const void *body);
bool peer_query(struct peer *peer, struct bus_query *query, int64_t now_ms, int64_t timeout_ms,
                peer_answer *answer, void *cookie, struct error *err);
/* Whether a query is a lookup, which has a door of its own, so that it waits for no list and no follower: of one row, by its
 * key or by what ours are found by (a token by its hash); or `runtime.knock`, whether that door is open. */
bool peer_is_lookup(const struct bus_query *query);

void peer_flush(struct peer *peer);
/* Take what has arrived, and give up what is overdue; calls back. Returns how many answers. */
size_t peer_turn(struct peer *peer, int64_t now_ms);
size_t peer_waiting(const struct peer *peer);

/* Within the call back of a page: the message that it came in is the caller's, to destroy. Row i of it is frame 1 + i, and
 * lives as long. */
struct message *peer_keep(struct peer *peer);

/* For bus_wait: the sockets of the peer, one for each door. */
void peer_sockets(struct peer *peer, struct socket *sockets[PEER_DOORS]);

/* Where a service listens: "ipc://run/<service>.<door>", relative to FADDER_HOME, or what
 * FADDER_ENDPOINT_<SERVICE>_<DOOR> says. door is "commands", "reads" or "lookups". */
void service_endpoint(const char *service, const char *door, char endpoint[128]);
/* And where its worker finds it: within its process. */
void worker_endpoint(const char *service, const char *door, char endpoint[128]);
