/* The fold: what the state becomes with each batch. The writer applies what has just been decided
 * through the same functions that replay a journal, so the two cannot come apart.
 *
 * One fold belongs to one thread and one state. In a batch first come the deadlines fired, or one
 * event that had been set aside, then the events in order, then what is set aside or released,
 * positions, answers and where the state stands.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/journal.h"
#include "fold/kinds.h"
#include "journal/journal.h"

struct error;
struct deadline;
struct fold;
struct txn;

enum {
    TOLD_MAX = 16, /* aggregates of one kind that one event is told to at once; the rest is
                            worked off through a deadline that is due at once */
};

/* An event, with everything at hand. envelope's sequence is set by fold_event when it is 0. */
struct happened {
    struct journal_event *envelope;
    const struct kind *kind;
    const void *body; /* of kind->descriptor */
    uint64_t number;  /* in this journal */
};

/* Who in the service was told of it. */
struct told {
    size_t count;
    struct {
        size_t aggregate;
        unsigned subscription;
        struct ids ids; /* at most TOLD_MAX */
    } at[SUBSCRIBERS_MAX];
};

struct fold *fold_create(const struct kinds *kinds, const char *service);
void fold_destroy(struct fold *fold);

/* Who wants to know what a row pointed to, sealed, and points to no longer. Nobody does in a replay. */
typedef void fold_let_go(void *cookie, const struct sealed *sealed);
void fold_watch(struct fold *fold, fold_let_go *let_go, void *cookie);

bool fold_event(struct fold *fold, struct txn *txn, const struct happened *happened,
                struct told *told, struct error *err);

/* The input that tells an aggregate of an event, in a buffer of the contract's input_size. */
void fold_input(const struct aggregate *aggregate, unsigned subscription,
                const struct happened *happened, void *in);

/* How a deadline that is fired is named in the header. */
struct journal_fired fold_fire(const struct fold *fold, const struct deadline *deadline,
                               bool is_late);
/* A deadline was fired: it is gone. */
bool fold_fired(struct fold *fold, struct txn *txn, const struct journal_fired *fired,
                struct error *err);
/* A deadline that only goes on telling an event: to whom next. */
bool fold_more(struct fold *fold, struct txn *txn, const struct happened *happened,
               const struct deadline *deadline, struct told *told, struct error *err);

/* An input that was set aside is to be tried again. Nothing may follow it in its batch. */
bool fold_release(struct fold *fold, struct txn *txn, struct id input, struct error *err);

/* The end of a batch: positions, answers, and where the state stands now. */
bool fold_end(struct fold *fold, struct txn *txn, const struct journal_header *header,
              struct position head, struct error *err);

/* Replay: bring a state forward from where it stands to the journal's batch `until` (0: its end).
 * Commits now and then. */
bool fold_forward(struct fold *fold, struct store *state, struct journal *journal, uint64_t until,
                  struct error *err);
/* One batch from its parts. journal is where events that are still being told are looked up. */
bool fold_batch(struct fold *fold, struct txn *txn, const struct journal_header *header,
                const struct bytes *rows, struct position head, struct journal *journal,
                struct error *err);
