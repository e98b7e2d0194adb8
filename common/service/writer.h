/* The writer, between its files: one batch in the making and what belongs to it.
 *
 *   writer.c   the loop: wait, take inputs, commit, answer
 *   execute.c   one input: load, seal, decide, append, and whatever in the service hears of it
 *   command.c  a command from the bus: who may, seen before, and its reply
 *   aside.c    inputs that kill, and what waits behind them
 *   striker.c  what may not be known any more is struck
 *   superseded.c  what is sealed and not pointed to any more goes
 *
 * All of it belongs to the writer's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/metrics.h"
#include "bus/bus.h"
#include "bus/refusal.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/input.h"
#include "fold/aggregate.h"
#include "fold/deadlines.h"
#include "fold/fold.h"
#include "journal/journal.h"
#include "service/forgetting.h"
#include "service/running.h"
#include "service/source.h"
#include "service/striker.h"
#include "service/superseded.h"

enum {
    ITEMS_MAX = 256,       /* inputs in one turn */
    DECIDING_NS = 1000000, /* and so long */
    FOLLOWED_MAX = 8,
    LATE_MS = 60000, /* a deadline that is fired so long after it was due is marked */
};

/* Where inputs come from, in the order in which they are taken. */
enum way { WAY_RELEASED, WAY_DEADLINES, WAY_COMMANDS, WAY_FOREIGN, WAYS };

/* What a command is answered with, once the batch is on disk. */
struct pending_reply {
    char peer[PEER_NAME_MAX + 1];
    bool is_accepted;
    struct bus_accepted accepted;
    uint8_t *refused; /* packed, malloc'ed */
    size_t refused_size;
    const struct command *opens; /* that says what to open into it, or NULL */
    uint64_t withheld;           /* of that: bits of fields that do not leave */
    struct sealed sealed;
};

/* An event that others in the service have yet to decide about. */
struct heard {
    struct journal_event envelope;
    const struct kind *kind;
    uint64_t number;
    struct told told;
    void *body;      /* malloc'ed */
    struct actor by; /* whoever's word it all came of, in this service, */
    struct id shown; /* and what they showed; without a role: it is the event's own */
};

/* What is shown of a followed service. */
struct shown {
    char labels[96], stopped_labels[192];
    struct metrics_metric lag, is_heard, stopped; /* the last: while it is */
    bool is_stopped;
};

/* What of a command is personal, sealed, until its event is in the batch. */
struct sealing {
    bool is_there, is_new_key, replaces_lost;
    struct sealed sealed;
    size_t size;
    uint8_t blob[BLOB_MAX];
};

struct frames; /* replies that travel together */

struct writer {
    struct running *running;
    const struct kinds *kinds;
    struct fold *fold;
    struct batch *batch;
    struct txn *txn; /* of the state, while a batch is being made */
    int64_t now_ms;  /* the batch's own time */

    struct socket *commands[2]; /* from others, and from within: the own worker's */
    struct message *message;    /* being read */
    size_t frame;
    struct source *sources[FOLLOWED_MAX];
    size_t source_count;
    struct shown follows[FOLLOWED_MAX];
    int64_t committed_ms; /* when the last batch was, of the steady clock */
    int64_t shown_ms, tidied_ms;

    size_t reply_count;
    struct pending_reply replies[ITEMS_MAX];
    size_t heard_count, heard_room;
    struct heard *heard;
    struct striker striker;
    struct teller *teller; /* of programs that were turned away */
    struct superseded superseded;
    size_t erased_count;
    struct id erased[BATCH_EVENTS]; /* owners whose keys are to be destroyed */

    bool has_set_aside, has_released;  /* inputs; as the batch began, or has become */
    struct journal_set_aside released; /* the next of them */
    bool is_closed; /* nothing more may come into this batch: what is in it is on trial */
    unsigned turns;
    enum way way;       /* where inputs are taken from just now */
    enum way alone;     /* one from there waits for a batch of its own; WAYS: none does */
    bool must_say_ring; /* with the next batch: no journal has named it */
    bool has_new_ring;  /* in place of one that was lost: that is said at once */
    bool is_held;       /* the clock jumped: nothing is done that is stamped by it */
    bool has_room;      /* on the disk */
    int64_t room_ms;    /* when that was looked at */
    uint64_t disk_min;  /* bytes that must stay free */

    /* Scratch, as large as the largest. */
    struct frames *frames;
    struct foreign *foreign;
    struct sealing *sealing;
    uint8_t refusal[REFUSAL_MAX];
    char *in, *out, *loaded, *row, *body;
    struct concealed concealed;
    struct bus_command command;
    uint8_t packed[EVENTS_MAX][EVENT_ROW_MAX];
};

/* What is decided about: an aggregate, by which of its commands or subscriptions. */
struct deciding {
    size_t place;
    unsigned input; /* of the contract's inputs */
    struct id id, cause;
    struct id trace; /* zero: none */
    int64_t version; /* of the aggregate afterwards; -1: no event was its own */
    bool was_sealed;
    struct sealed opened; /* what an `opens` command opens */
    uint64_t withheld;    /* of it: bits of fields that do not leave */
    uint32_t answer_size;
    uint8_t answer[160]; /* packed */
    bool is_late;        /* a deadline that should have been fired long ago */
};

/* aside.c. Whether an input may be tried now. */
enum attempt {
    ATTEMPT_NOW,
    ATTEMPT_LATER, /* in a batch of its own: this one is closed */
    ATTEMPT_NEVER, /* the service died of it twice: it has to be set aside */
};
enum attempt attempt_of(struct writer *writer, struct id input);
/* It has been tried; err: when it is not ok. Gives back is_ok. */
bool attempt_end(struct writer *writer, bool is_ok, const struct error *err);

/* Name it in the header, where there is room for it unless attempt_of said otherwise. */
bool set_aside(struct writer *writer, const struct journal_quarantine *named, struct error *err);
bool set_row_aside(struct writer *writer, struct bytes row, struct id input, bool is_behind,
                   struct error *err);

/* Before each batch: whether anything is set aside, and anything of it released. */
bool aside_look(struct writer *writer, struct error *err);
/* A row has to wait behind others that are set aside. */
bool is_row_behind(struct writer *writer, struct bytes row, bool *is_behind, struct error *err);
void aside_show(struct writer *writer);

/* execute.c. The input is in writer->in, with its head set but for the fresh ids. ERROR_*: nothing
 * was done. */
bool execute_input(struct writer *writer, struct deciding *deciding, struct error *err);
/* An event of another service, as a row: journal it, fold it, decide. Code execute_upgrade_me: it
 * cannot be understood, and nothing was done. */
extern const char execute_upgrade_me[];
bool execute_foreign(struct writer *writer, struct bytes row, struct error *err);
/* The event that is released, in a batch that has nothing yet. */
bool execute_released(struct writer *writer, struct error *err);
/* The next deadline that is due; *is_none when there is none. */
bool execute_deadline(struct writer *writer, bool is_first, bool *is_none, struct error *err);

/* command.c. Take one frame; the reply is added to writer->replies, unless it must wait for the next
 * batch. False only when the store failed: then this one must be given up. */
bool command_take(struct writer *writer, const char *peer, struct frame frame, bool *must_wait,
                  struct error *err);
/* Say again what the ledger has and the journal has not, as a command of ours without a bus. */
bool command_repeat(struct writer *writer, const struct due *due, struct error *err);
