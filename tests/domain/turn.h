/* A service's aggregates in the service itself: commands come over a bus, events of others out of journals that are
 * followed, deadlines when their time comes; only the clock, the bus and the disk are of this test's making
 * (sim/world.h). In the end the state is the fold of the journal.
 */
#pragma once

#include <stdbool.h>

#include "test.h"

#include "contract/common.h"
#include "core/error.h"
#include "core/id.h"
#include "core/input.h"
#include "core/instant.h"
#include "fold/aggregate.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

struct turn {
    struct instant now;  /* may be set, to later */
    struct id programme; /* for which is spoken; zero: none */
    enum country country;
    bool is_uncleared;    /* who speaks, for people under protection */
    struct id credential; /* what is shown by who speaks; zero: nothing */
    int64_t ahead_ms;     /* by how much the clocks of others are */
    struct id said;       /* the aggregate that the last command was about */
    int events;           /* of the service's own, that came of the last command */
    struct txn *txn;      /* between turn_begin and turn_end */
    int deaths;           /* how often the service ended with an error, and began anew */
};
extern struct turn turn;

/* An id that is the same each time. */
struct id turn_id(const char *what, int n);

void turn_open(const struct aggregate *const *aggregates, const char *service);
void turn_close(void);

/* To look at the state. */
void turn_begin(void);
void turn_end(void);
void turn_get(const struct table *table, struct id id, void *row);

/* Whether the aggregate knows the row of whom; then the list that whom gives holds it too. Between turn_begin and
 * turn_end. */
bool turn_knows(const struct aggregate *aggregate, const void *row, const struct knowing *who);

/* A command, with its body (NULL: nothing in it), by somebody: the code of its refusal, until the next; NULL: it was
 * accepted. */
const char *turn_say(const struct aggregate *aggregate, unsigned command, struct actor actor,
                     struct id id, const void *body);
/* So many of the same at once, in one message: how many are answered that they were accepted. */
int turn_say_at_once(const struct aggregate *aggregate, unsigned command, struct actor actor,
                     const void *body, int count);
/* Something happened elsewhere; body NULL: nothing in it. */
void turn_hear(const char *type, struct id id, const void *body);
/* The same, but the service has not heard of it yet; and: it takes so many turns. */
void turn_happen(const char *type, struct id id, const void *body);
void turn_idle(int turns);
/* An input that was set aside is tried again; zero: the first of them. */
void turn_release(struct id input);
/* Time goes on to then, and each deadline is fired when it is due: how many were. */
int turn_until(struct instant then);
