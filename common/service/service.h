/* A service's program: everything around its aggregates.
 *
 * main hands over what the service is; service_main owns the directories, the lock, the sockets,
 * the writer, the readers, the followers and the end. It runs in FADDER_HOME/<name>/.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/bus.h"

struct aggregate;
struct bell;
struct bus;
struct descriptor;
struct error;
struct files;
struct txn;
struct worker;

/* Who else than the gateway and the operator's program may say a command or read a record, or who follows an event
 * that no contract says it subscribes to: another program, by its name on the bus. */
struct admission {
    const char *what; /* "person.read", "person", "person.erased" */
    const char *peer; /* "notification" */
    bool opens;       /* of a record: also what is sealed of it */
};

struct service {
    const char *name;    /* "mentor-assignment" */
    const char *fold_id; /* what the state was folded with: fold_id.h, from the build */
    const struct aggregate *const *aggregates; /* ends with NULL */
    const struct admission *admissions;        /* ends with a NULL; or NULL */
    /* Work that takes long or touches the world, in a thread of its own. It returns when
     * worker_wait says so. NULL: none. */
    void (*work)(struct worker *worker);
};

/* Runs until SIGTERM or SIGINT, which end all of the process. A process may run several, each in a
 * thread of its own, one started after the other: the log's name and the home are the last one's. */
enum { SERVICES_MAX = 8 };
int service_main(const struct service *service, int argc, char **argv);

/* For work: wait until the state has changed, or timeout_ms is over. False: the service ends. */
bool worker_wait(struct worker *worker, int64_t timeout_ms);
/* A snapshot of the state, which lives until txn_abort: that comes before anything slow. */
struct txn *worker_read(struct worker *worker, struct error *err);
/* They live until work has returned. */
struct bus *worker_bus(struct worker *worker);
struct files *worker_files(struct worker *worker);
/* For those who wait for more than the state: it rings when worker_wait would return. Lives as long as the
 * worker. */
struct bell *worker_bell(const struct worker *worker);
int64_t worker_now(struct worker *worker); /* milliseconds since 1970, of the clock seam */
/* Whether what the service follows was all taken in a few seconds ago: not so at its start, nor after it has stood still, until it
 * has caught up; nor while a service that it follows does not answer. */
bool worker_has_heard(const struct worker *worker);

/* What a command of the worker's is about: an aggregate and the version that the work was done with
 * (VERSION_ANY), or the programme for which it creates one. */
struct about {
    struct id aggregate; /* zero: a creation */
    int64_t version;
    struct id programme; /* zero: the aggregate knows */
    enum country country;
};

/* Say commands to the own service (role SYS, a fresh id each) and wait for the answers: command is
 * its body's descriptor. Gather with worker_say; worker_commit sends all and waits; done is called
 * once for each, in order: err NULL when accepted. At most 64 gather; a
 * snapshot taken afterwards has what was accepted. False: the service ends; nothing is known of
 * those not called for. */
typedef void worker_done(void *cookie, const struct bus_accepted *accepted,
                         const struct error *err);
void worker_say(struct worker *worker, const struct descriptor *command, const void *body,
                const struct about *about, worker_done *done, void *cookie);
bool worker_commit(struct worker *worker);
