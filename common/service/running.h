/* A running service: what its threads share. Only the files of the runtime itself include this.
 *
 *   writer   the main thread: commands, deadlines, what is followed; owns the state and the journal
 *   reader   follows and queries, from snapshots
 *   worker   the service's own work, from snapshots, back as commands (worker.c)
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "service/service.h"

struct bus;
struct journal;
struct kinds;
struct store;
struct vault;

struct running {
    const struct service *service;
    struct kinds *kinds;
    struct bus *bus;
    struct journal *journal;
    struct store *state;
    struct vault *vault;          /* NULL: this service keeps nothing personal */
    uint8_t print_key[32];        /* what prints of commands are keyed with */
    struct id epoch;              /* of the journal; does not change while it is open */
    int reader_bell, worker_bell; /* eventfds: something was committed */
    atomic_bool is_ending;
    atomic_uint_fast64_t head;   /* the last batch in the journal */
    atomic_uint_fast64_t folded; /* and in the state */
};

/* What a vault keeps, opened: whose, and where. *size says how much room there is and then how much
 * it was. ERROR_NOT_FOUND `erased` when it is gone for good. */
struct sealed;
struct error;
bool running_open(struct running *running, const struct sealed *sealed, const char *descriptor_name,
                  void *plain, size_t *size, struct error *err);

void bell_ring(int bell);
void bell_hush(int bell);

/* The threads. writer_run returns when the service is to end. */
bool writer_run(struct running *running, struct error *err);
void *reader_run(void *running);
void *worker_run(void *running);
