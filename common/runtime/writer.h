/* The writer, between its files: one batch in the making and what belongs to it.
 *
 *   writer.c   the loop: wait, take inputs, commit, answer
 *   decide.c   one input: load, seal, decide, append, and whatever in the service hears of it
 *   command.c  a command from the bus: who may, seen before, and its reply
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/bus.h"
#include "core/error.h"
#include "core/input.h"
#include "runtime/aggregate.h"
#include "runtime/bus.h"
#include "runtime/fold.h"
#include "runtime/journal.h"
#include "runtime/running.h"
#include "runtime/source.h"

enum {
    ITEMS_MAX = 256,       /* inputs in one turn */
    DECIDING_NS = 1000000, /* and so long */
    FOLLOWED_MAX = 4,
    LATE_MS = 60000, /* a deadline that is fired so long after it was due is marked */
};

/* What a command is answered with, once the batch is on disk. */
struct pending_reply {
    char peer[PEER_NAME_MAX + 1];
    bool is_accepted;
    struct bus_accepted accepted;
    uint8_t *refused; /* packed, malloc'ed */
    size_t refused_size;
    const struct descriptor *opens; /* what to open into it, or NULL */
    struct sealed sealed;
};

/* An event that others in the service have yet to decide about. */
struct heard {
    struct journal_event envelope;
    const struct kind *kind;
    uint64_t number;
    struct told told;
    void *body; /* malloc'ed */
};

struct writer {
    struct running *running;
    const struct kinds *kinds;
    struct fold *fold;
    struct batch *batch;
    struct txn *txn; /* of the state, while a batch is being made */
    int64_t now_ms;  /* the batch's own time */

    struct socket *commands;
    struct message *message; /* being read */
    size_t frame;
    struct source *sources[FOLLOWED_MAX];
    size_t source_count;
    int64_t committed_ms; /* when the last batch was, of the steady clock */

    size_t reply_count;
    struct pending_reply replies[ITEMS_MAX];
    size_t heard_count, heard_room;
    struct heard *heard;
    size_t erased_count;
    struct id erased[BATCH_EVENTS]; /* owners whose keys are to be destroyed */

    bool is_closed;    /* nothing more may come into this batch: what is in it is on trial */
    bool has_room;     /* on the disk */
    int64_t room_ms;   /* when that was looked at */
    uint64_t disk_min; /* bytes that must stay free */

    /* Scratch, as large as the largest. */
    char *in, *out, *kase, *row, *body;
    struct concealed concealed;
    struct bus_command command;
    uint8_t packed[EVENTS_MAX][EVENT_ROW_MAX];
};

/* What is decided about: an aggregate, by which of its commands or subscriptions. */
struct deciding {
    size_t place;
    unsigned input; /* of the contract's inputs */
    struct id id, cause;
    int64_t version; /* of the aggregate afterwards; -1: no event was its own */
    bool was_sealed;
    struct sealed opened; /* what an `opens` command opens */
    uint32_t answer_size;
    uint8_t answer[160]; /* packed */
    bool is_late;        /* a deadline that should have been fired long ago */
};

/* writer.c. Whether this input may be tried now: false when it must wait for a batch of its own (the
 * batch is then closed), or has been set aside (*is_quarantined, and named in the header). */
bool may_try(struct writer *writer, struct id input, const char *what, bool *is_quarantined);

/* decide.c. The input is in writer->in, with its head set but for the fresh ids. ERROR_*: nothing
 * was done. */
bool decide_input(struct writer *writer, struct deciding *deciding, struct error *err);
/* An event of another service, as a row: journal it, fold it, decide. Code decide_upgrade_me: it
 * cannot be understood, and nothing was done. */
extern const char decide_upgrade_me[];
bool decide_foreign(struct writer *writer, struct bytes row, struct error *err);
/* The next deadline that is due; *is_none when there is none. */
bool decide_deadline(struct writer *writer, bool is_first, bool *is_none, struct error *err);

/* command.c. Take one frame; the reply is added to writer->replies, unless it must wait for the next
 * batch. False only when the store failed: then this one must be given up. */
bool command_take(struct writer *writer, const char *peer, struct frame frame, bool *must_wait,
                  struct error *err);
/* Say a command of ours without a bus. */
bool command_erase(struct writer *writer, struct id owner, struct error *err);
