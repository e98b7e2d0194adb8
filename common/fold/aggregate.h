/* What the runtime has to know of an aggregate: its contract, its rows, and a few functions.
 *
 * decide and evolve are pure; find and load read tables and write nothing; saving is the runtime's.
 * AGGREGATE wraps the typed functions of an aggregate (mentorship_decide and so on) into the
 * untyped ones that stand here. All pointers are to the types that the contract generates: in is a
 * struct X_input, out a struct X_events, event a struct X_event, row the contract's first record.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/descriptor.h"
#include "core/id.h"
#include "core/input.h"
#include "core/near.h"

struct error;
struct index;
struct life;
struct table;
struct txn;

/* What is personal in a command: what to seal, and whose key seals it. */
struct concealed {
    struct id owner; /* a person, organisation, programme, partner or endpoint */
    const struct descriptor *descriptor; /* of value; NULL: nothing is to be sealed */
    const void *value;                   /* borrowed from the caller's plain[] or the input */
    const struct descriptor *patch;      /* of value, which then is a change of what `sealed` holds
                                            (core/patch.h); NULL: value is all of it */
    const char *
        word; /* the object of descriptor that keeps what the same sender said last, where value renews
                         what `sealed` holds (patch_renew); NULL: it does not */
    /* Value is all that there is to be sealed of it: where its key is lost, and what was so before with it, another
     * key is taken. */
    bool is_all;
    bool looks;           /* nothing is to be sealed: what `sealed` holds is only looked at */
    struct sealed sealed; /* what was so before; zero: nothing was */
    /* Changes by hand what `sealed` holds, after patch and word (before: without them); what of it is to be told, or is new, it takes
     * down in the input. NULL: nothing is. */
    void (*change)(const void *c, void *in, const void *before, void *whole);
    _Alignas(8) char plain[16384]; /* room to put it together; wiped by the runtime */
};

/* Who asks, and when: a coordinator of an organisation, or somebody in another role. What tells where somebody is makes
 * nothing theirs who is not near. */
struct knowing {
    struct id organisation, person, programme;
    struct instant at;
    struct nearness near;
};

/* By what rows are found, gathered, each as often as one likes; in any order. Any thread may gather its own. */
enum { WHOM_MAX = 512 };
struct whose {
    const struct index *by; /* NULL: one by the reader's field, or the row's own id */
    struct id at[2];
    uint8_t size; /* bytes of at that keys begin with; what stands behind them is the row's id */
};
struct whom {
    bool is_all; /* there are more than fit: nobody is told apart */
    uint32_t count;
    struct whose at[WHOM_MAX];
};
static inline void whom_add_whose(struct whom *whom, struct whose whose)
{
    if (whom->count == WHOM_MAX)
        whom->is_all = true;
    else
        whom->at[whom->count++] = whose;
}
/* Rows in which the reader's field says this. */
static inline void whom_add(struct whom *whom, struct id id)
{
    whom_add_whose(whom, (struct whose){NULL, {id}, sizeof id});
}
/* Rows whose ids stand behind this one in an index, perhaps of another table. */
static inline void whom_add_by(struct whom *whom, const struct index *by, struct id id)
{
    whom_add_whose(whom, (struct whose){by, {id}, sizeof id});
}
/* And behind these two. */
static inline void whom_add_by_both(struct whom *whom, const struct index *by, struct id first,
                                    struct id second)
{
    whom_add_whose(whom, (struct whose){by, {first, second}, 2 * sizeof first});
}

/* What others call the things that rows are of: where a row may not say it, it is found by a print of it. */
struct called {
    const char *as;             /* the field, which lists are narrowed by */
    const char *print;          /* the field that has the print, */
    const struct index *prints; /* and the index of it alone */
    /* Each of a programme's who calls them something: the key of each makes a print. */
    bool (*by)(struct txn *txn, struct id programme,
               bool (*visit)(void *cookie, struct id whose, struct error *err), void *cookie,
               struct error *err);
};

struct aggregate {
    const struct contract *contract;
    const struct life *life;   /* what may be commanded in which state; NULL: nothing */
    const struct table *table; /* NULL: keeps no row */
    size_t case_size;

    /* The aggregates that an input is about. Only for subscribed events, and for creations that
     * may be about an existing one (such a creation adds at most one). NULL: none of those. */
    bool (*find)(struct txn *txn, const void *in, struct ids *found, struct error *err);
    /* All that decide may read, of the aggregate with this id (its row may not be there yet). */
    bool (*load)(struct txn *txn, struct id id, const void *in, void *c, struct error *err);
    /* Whether a command may be given at all: by whom, to whose, in which state. Before anything of the vault
     * is touched: who may not learns nothing of what is sealed, not even that it is lost. decide asks it too.
     * NULL: nothing is concealed. */
    bool (*may)(const void *c, const void *in, struct error *err);
    /* Copy out what is personal. Only of commands with such fields; NULL: none. */
    void (*conceal)(const void *c, const void *in, struct concealed *what);
    /* What others call what a command is about, and whose key makes a print of that: head.alias. c is NULL where it
     * is asked before anything is loaded, of a creation; false: nothing. NULL: of no command. */
    bool (*alias)(const void *c, const void *in, struct id *owner, const char **text);
    /* How rows are found by that later. NULL: by nothing of the kind. */
    const struct called *called;
    bool (*decide)(const void *c, const void *in, void *out, struct error *err);
    void (*evolve)(void *row, const void *event);
    /* When the row's next deadline is (0: none), and the command that it raises. NULL: none ever. */
    struct instant (*due)(const void *row, unsigned *command);
    /* Whose blob an accepted command with `opens` opens: owner and event. NULL: none. */
    void (*open)(const void *c, const void *in, struct id *owner, struct sealed *sealed);
    /* Of what an accepted command opens, the fields that are not for who asked: bits, in the order of the descriptor.
     * NULL: none ever. */
    uint64_t (*withholds)(const void *c, const void *in);
    /* Whether an organisation has to do with whom a row is about, so that its coordinator may see it; or
     * a person with the row. NULL: no reader of the record is one that is `known`. */
    bool (*knows)(struct txn *txn, const void *row, const struct knowing *who, bool *is_known,
                  struct error *err);
    /* Whom they have to do with: ways to every row that knows says yes of, and perhaps to others. So a list looks at
     * these alone, by an index. NULL: every row of the programme is looked at. */
    bool (*whom)(struct txn *txn, const struct knowing *who, struct whom *whom, struct error *err);
    /* Who of those that a row is about is under protection now, added to guarded: of a record that is `x-guarded`
     * who is near sees the row, and else nobody; of others they see what is `x-place` (core/near.h). NULL: nobody. */
    bool (*guards)(struct txn *txn, const void *row, struct guarded *guarded, struct error *err);
    /* Fill in what a row that is read has besides what it keeps. NULL: nothing. */
    bool (*complete)(struct txn *txn, void *row, struct instant at, struct error *err);
};

/* AGGREGATE(mentorship, &mentorships, FIND, LOAD, DECIDE, DUE) is not one macro but these: each
 * defines the untyped wrapper of one typed function, so that an aggregate names what it has:
 *
 *     AGGREGATE_FIND(mentorship)
 *     AGGREGATE_DECIDE(mentorship)      load, decide and the case's size
 *     AGGREGATE_EVOLVE(mentorship)
 *     AGGREGATE_DUE(mentorship)
 *     const struct aggregate mentorship_aggregate = {
 *         .contract = &mentorship_contract, .table = &mentorships,
 *         .find = mentorship_find_, .case_size = sizeof(struct mentorship_case),
 *         .load = mentorship_load_, .decide = mentorship_decide_, .evolve = mentorship_evolve_,
 *         .due = mentorship_due_,
 *     };
 */
#define AGGREGATE_FIND(x)                                                                        \
    static bool x##_find_(struct txn *txn, const void *in, struct ids *found, struct error *err) \
    {                                                                                            \
        return x##_find(txn, in, found, err);                                                    \
    }
#define AGGREGATE_DECIDE(x)                                                              \
    static bool x##_load_(struct txn *txn, struct id id, const void *in, void *c,        \
                          struct error *err)                                             \
    {                                                                                    \
        return x##_load(txn, id, in, c, err);                                            \
    }                                                                                    \
    static bool x##_decide_(const void *c, const void *in, void *out, struct error *err) \
    {                                                                                    \
        return x##_decide(c, in, out, err);                                              \
    }
#define AGGREGATE_EVOLVE(x)                               \
    static void x##_evolve_(void *row, const void *event) \
    {                                                     \
        x##_evolve(row, event);                           \
    }
#define AGGREGATE_CONCEAL(x)                                                        \
    static bool x##_may_(const void *c, const void *in, struct error *err)          \
    {                                                                               \
        return x##_may(c, in, err);                                                 \
    }                                                                               \
    static void x##_conceal_(const void *c, const void *in, struct concealed *what) \
    {                                                                               \
        x##_conceal(c, in, what);                                                   \
    }
#define AGGREGATE_DUE(x)                                               \
    static struct instant x##_due_(const void *row, unsigned *command) \
    {                                                                  \
        return x##_due(row, command);                                  \
    }
#define AGGREGATE_OPEN(x)                                                                         \
    static void x##_open_(const void *c, const void *in, struct id *owner, struct sealed *sealed) \
    {                                                                                             \
        x##_open(c, in, owner, sealed);                                                           \
    }
#define AGGREGATE_KNOWS(x)                                                              \
    static bool x##_knows_(struct txn *txn, const void *row, const struct knowing *who, \
                           bool *is_known, struct error *err)                           \
    {                                                                                   \
        return x##_knows(txn, row, who, is_known, err);                                 \
    }
