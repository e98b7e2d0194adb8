/* A running service: what its threads share. Only this layer includes it.
 *
 *   writer   the main thread: commands, deadlines, what is followed; owns the state and the journal
 *   reader   follows and lists, from snapshots
 *   lookups  single records and credentials, from snapshots
 *   worker   the service's own work, from snapshots, back as commands (worker.c)
 *
 * Nothing of it is the process's: several may run in one.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/reach.h"
#include "service/service.h"
#include "vault/vault.h"

struct bell;
struct blobs;
struct bus;
struct damage;
struct files;
struct forgetting;
struct journal;
struct kinds;
struct mailboxes;
struct meters;
struct store;
struct timekeeper;
struct trial;
struct turned_away;
struct unopened;

enum { PRINT_KEY_SIZE = 32 };

struct running {
    const struct service *service;
    struct files *files; /* FADDER_HOME: the caller's */
    struct kinds *kinds;
    struct bus *bus;
    struct journal *journal;
    struct store *state;
    struct vault *vault;               /* NULL: this service keeps nothing personal */
    enum vault_growth growth;          /* of its ring */
    bool goes_without_keys;            /* if they are lost: the operator knows what that means */
    bool lacks_keys;                   /* which the ring had: it is older, and the operator knows */
    struct blobs *blobs;               /* what it has sealed; with the vault */
    struct forgetting *forgetting;     /* the ledger of erasures; with the vault */
    struct trial *trial;               /* of the writer's inputs */
    struct meters *meters;             /* what it counts */
    struct unopened *unopened;         /* of what it has sealed */
    struct turned_away *turned_away;   /* programs that ask for what they are not admitted to */
    struct mailboxes *mailboxes;       /* whose they are */
    struct timekeeper *timekeeper;     /* looked at by the writer */
    struct damage *damage;             /* of its files */
    struct reach_networks admitted;    /* of our own, for webhooks: deciders may know */
    int lock;                          /* of its directory, as long as it is open; or -1 */
    uint8_t print_key[PRINT_KEY_SIZE]; /* what prints of commands are keyed with */
    struct id epoch;                   /* of the journal; does not change while it is open */
    struct bell *reader_bell, *lookup_bell, *worker_bell; /* something was committed */
    atomic_bool is_ending;
    atomic_uint_fast64_t head;   /* the last batch in the journal */
    atomic_uint_fast64_t folded; /* and in the state */
    atomic_int_fast64_t
        heard; /* when, by the steady clock, all that it follows was last seen taken in; 0: never yet */
};

/* It is to end: any thread may say so, also a signal handler. */
void running_end(struct running *running);

struct sealed;
struct error;

/* Whether a key is not to be had any more, though nobody destroyed it. */
bool running_has_lost(const struct running *running, struct id key);
/* Make a refusal of what the vault says of a key that is lost; always false. */
bool running_without_key(struct error *err);
/* Make a refusal of what the vault says of something sealed that does not open, and tell an operator; always false. */
bool running_not_opened(struct running *running, const struct sealed *sealed, struct error *err);

/* As running_unseal, and nobody is told of what is missing: code `vault.blob_missing`. */
bool running_try_unseal(struct running *running, const struct sealed *sealed,
                        const char *descriptor_name, void *plain, size_t *size, struct error *err);

/* What a vault keeps, opened: whose, and where. *size says how much room there is and then how much
 * it was. ERROR_NOT_FOUND `erased` when it is gone for good, ERROR_REFUSED `key_lost` when its key is,
 * ERROR_BROKEN `not_opened` when it is missing, or not what was sealed. */
bool running_unseal(struct running *running, const struct sealed *sealed,
                    const char *descriptor_name, void *plain, size_t *size, struct error *err);
