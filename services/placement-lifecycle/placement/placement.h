/* One participant on one seat of a posting: planned, ready when every requirement is met, started,
 * and so on to what it led to.
 *
 * Invariant I2: the placements of one posting that hold a seat never become more than the posting
 * has seats; a plan is where one comes to hold a seat, and it is counted in the very transaction
 * that writes it. A seat is held from planned to started and interrupted.
 */
#pragma once

#include "contract/placement.h"
#include "day/day.h"
#include "party/party.h"
#include "placement_rules/placement_rules.h"
#include "posting/posting.h"
#include "supervisor/supervisor.h"
#include "trainee/trainee.h"

/* Days after its end on which the outcome is asked for again: the programmes report on both. */
enum { PLACEMENT_FIRST_ASK = 90, PLACEMENT_SECOND_ASK = 180 };

enum { PLACEMENT_BOOK_WARNING = 4 }; /* days before a day book is closed */

/* All that an input about one placement may read. Of what happened elsewhere, only the row. */
struct placement_case {
    struct placement row;         /* all zero for a creation */
    struct trainee trainee;       /* plan, and where a supervisor is named */
    struct posting posting;       /* plan, change_period */
    struct placement_rules rules; /* of the programme */
    int64_t taken;                /* of the posting's seats; plan */
    bool has_placement;           /* the participant, one that is open; plan */
    bool is_known; /* to the organisation that who plans acts for: the participant; plan */
    struct supervisor supervisor; /* who is named */
    struct supervisor of_now;     /* who supervises before that */
    bool is_mentor;               /* they are, of the same person */
    bool is_host_told;            /* what is said when the participant is hidden, */
    bool is_supervisor_told;      /* by a later placement of theirs */
    struct party approves;        /* for whom who approves the agreement stands */
    struct day day;               /* the line that is named */
    bool has_lines_behind;        /* the day from which on it ends or pauses */
    uint32_t lines_count;         /* of the day that log_day writes about: those that count */
    struct day lines[DAY_LINES_MAX];
};

/* What it waits for next: the command that a deadline raises then, and for a reminder what is awaited. */
struct placement_wait {
    struct instant at; /* 0: nothing */
    unsigned command;
    enum placement_awaited awaited;
};
struct placement_wait placement_wait(const struct placement *row);

/* Open: planned or under way. It holds a seat that long. */
bool placement_is_open(enum placement_state state);
/* Somebody has to supervise, or has still to assess. */
bool placement_is_supervised(enum placement_state state);
/* Where one stands again whose last step is taken back; whether that step gave the seat back; whether it led to another
 * state. */
enum placement_state placement_before(enum placement_restored restored);
bool placement_gave_seat(enum placement_said step);
bool placement_moves(enum placement_said step);

/* How many days after its end the outcome is asked for next; 0: no more. */
int64_t placement_next_ask(const struct placement *row);
/* The same when it is asked for now: after an outage the second is enough. */
int64_t placement_asked_by(const struct placement *row, struct instant now);

bool placement_decide(const struct placement_case *c, const struct placement_input *in,
                      struct placement_events *out, struct error *err);
void placement_evolve(struct placement *row, const struct placement_event *event);
struct instant placement_due(const struct placement *row, unsigned *command);

bool placement_find(struct txn *txn, const struct placement_input *in, struct ids *found,
                    struct error *err);
bool placement_load(struct txn *txn, struct id id, const struct placement_input *in,
                    struct placement_case *c, struct error *err);

/* Whether a participant has an open placement; and seats of a posting that are taken: both from an
 * index. */
bool placement_is_any_open(struct txn *txn, struct id participant, bool *is_any, struct error *err);
bool placement_count_seats(struct txn *txn, struct id posting, int64_t *taken, struct error *err);

/* The participant's, in order of id, until found is full. */
bool placement_find_of(struct txn *txn, struct id participant, struct ids *found,
                       struct error *err);
/* Those of them that somebody supervises, or has still to assess. */
bool placement_find_supervised(struct txn *txn, struct id participant, struct ids *found,
                               struct error *err);
/* Whether who asks has a placement at the posting whose agreement is approved: also one that is over. */
struct knowing;
bool placement_is_agreed(struct txn *txn, const struct knowing *who, struct id posting,
                         bool *is_agreed, struct error *err);

/* Whether one that takes place, at a posting or under a supervisor, is of somebody for whom who asks looks after: unless it tells
 * where somebody is to whom they are not near. And ways to all of these. */
struct knowing;
struct whom;
bool placement_has_ward_at(struct txn *txn, struct id posting, const struct knowing *who, bool *has,
                           struct error *err);
bool placement_has_ward_under(struct txn *txn, struct id supervisor, const struct knowing *who,
                              bool *has, struct error *err);
/* Whether it is of somebody for whom the organisation is responsible; and ways to all of these, and to those that it is the host
 * of. */
bool placement_is_wards(struct txn *txn, struct id placement, struct id organisation, bool *is,
                        struct error *err);
bool placement_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                    struct error *err);
bool placement_whom_wards(struct txn *txn, const struct knowing *who,
                          void (*visit)(const struct placement *row, struct whom *whom),
                          struct whom *whom, struct error *err);

/* Whether an organisation has to do with a trainee: it is responsible for them, or they were planned for there before. */
bool placement_is_known_to(struct txn *txn, const struct trainee *trainee, struct id organisation,
                           bool *is_known, struct error *err);

/* Adds whom one is about, if they are under protection: the participant, whose it is, and the supervisor of now. */
struct guarded;
bool placement_guards_of(struct txn *txn, struct id placement, struct guarded *guarded,
                         struct error *err);

extern const struct table placements;
extern const struct life placement_life;
extern const struct aggregate placement_aggregate;
