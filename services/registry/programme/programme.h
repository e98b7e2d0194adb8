/* The tenant: a name, a period, languages, the rules that its dates pin, and the mailbox of its
 * coordinators, which is in the vault under a key of its own.
 *
 * decide and evolve are the domain and know nothing of sockets, stores or clocks. find and load say
 * where a case is kept, and belong to tables.c; so it is with every aggregate.
 */
#pragma once

#include <string.h>

#include "contract/programme.h"

struct aggregate;
struct concealed;
struct table;
struct txn;

struct programme_case {
    struct programme row;
    bool is_slug_taken;         /* of a creation: another programme has the slug; */
    bool is_any;                /* and there is one, whatever its slug */
    bool has_referred;          /* of a change: somebody was referred to it, */
    struct instant referred_at; /* the first of them then */
    struct ids released;        /* apply_days: the next of those whom nothing keeps, */
    bool has_more;              /* and there are others behind them */
    bool is_any_cleared;        /* to coordinate for who is under protection; */
    bool is_any_guarded;        /* and of those who take part, somebody is, */
    struct id guarded;          /* the first of them */
};

/* What follows from an input, or why nothing does. */
/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool programme_may(const struct programme_case *c, const struct programme_input *in,
                   struct error *err);
bool programme_decide(const struct programme_case *c, const struct programme_input *in,
                      struct programme_events *out, struct error *err);

/* What the row is after an event, one's own or subscribed. */
void programme_evolve(struct programme *row, const struct programme_event *event);

/* Once a week it is said that nobody is cleared where somebody has to be, for so many weeks. */
enum { PROGRAMME_LOOKS_MAX = 12, PROGRAMME_LOOK_DAYS = 7 };

/* At once while its days are others than before, and not yet for everybody; and when it is looked again whether somebody is
 * cleared. */
struct instant programme_due(const struct programme *row, unsigned *command);

/* What is to be sealed of a command; and what a `read` opens. */
void programme_conceal(const struct programme_case *c, const struct programme_input *in,
                       struct concealed *what);
void programme_open(const struct programme_case *c, const struct programme_input *in,
                    struct id *owner, struct sealed *sealed);

bool programme_find(struct txn *txn, const struct programme_input *in, struct ids *found,
                    struct error *err);
bool programme_load(struct txn *txn, struct id id, const struct programme_input *in,
                    struct programme_case *c, struct error *err);

bool programme_is_any(struct txn *txn, bool *is_any, struct error *err);
bool programme_is_slug_taken(struct txn *txn, const char *slug, bool *is_taken, struct error *err);

extern const struct table programmes;
extern const struct life programme_life;
extern const struct aggregate programme_aggregate;

/* What commands, events and row say alike. Both are pointers, evaluated often. */
#define programme_copy(to, said)                            \
    do {                                                    \
        memcpy((to)->name, (said)->name, sizeof(to)->name); \
        (to)->countries = (said)->countries;                \
        (to)->from = (said)->from;                          \
        (to)->has_until = (said)->has_until;                \
        (to)->until = (said)->until;                        \
        (to)->funders = (said)->funders;                    \
        (to)->languages = (said)->languages;                \
        (to)->rules = (said)->rules;                        \
        (to)->has_access_days = (said)->has_access_days;    \
        (to)->access_days = (said)->access_days;            \
        (to)->has_kept_days = (said)->has_kept_days;        \
        (to)->kept_days = (said)->kept_days;                \
    } while (0)
