/* Who mentors whom: the best matching there is, exact, kept while people come and go.
 *
 * An instance has participants and mentors, each with a capacity (how many partners it may still
 * get), and edges: the pairs that are possible, each with a score. A solution chooses edges so that
 * nobody has more partners than its capacity. Solutions are compared term by term, in the order of
 * the objective: participants with somebody, mentors with somebody, pairs, total score.
 *
 * What always holds after create, solve and every update: prices (dual values) that prove the
 * present pairs optimal. An update moves pairs and prices only along cheapest residual paths.
 * Everything is an integer; there is no clock, no randomness, no input or output; memory comes from
 * malloc, and no memory ends the process. A matching belongs to one thread at a time; two matchings
 * share nothing.
 *
 * People are indices from 0, in the order in which they came. Indices are not used again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct matching;

/* Objective. */

enum matching_term {
    MATCHING_PARTICIPANTS, /* participants with at least one partner */
    MATCHING_MENTORS,      /* mentors with at least one partner */
    MATCHING_PAIRS,
    MATCHING_SCORE, /* sum over the pairs */
    MATCHING_TERMS,
};

/* First things first; no term twice. Terms that are not listed do not count. */
struct matching_objective {
    uint32_t count;
    enum matching_term term[MATCHING_TERMS];
};

/* participants, mentors, pairs, score */
extern const struct matching_objective matching_objective_default;

/* A list such as "pairs,score". Refuses (invalid) an empty list, an unknown or repeated term. */
bool matching_objective_read(const char *list, struct matching_objective *objective,
                             struct error *err);

/* Every term of a solution, or of the difference of two, counted in that unit; all four are told,
 * whatever the objective lists. */
struct matching_value {
    int64_t term[MATCHING_TERMS];
};

/* Instance. */

enum {
    MATCHING_PEOPLE_MAX = 1 << 24,   /* on each side */
    MATCHING_CAPACITY_MAX = 1 << 16, /* partners of one person */
    MATCHING_SCORE_MAX = INT32_MAX,  /* of one pair, above and below zero */
};
#define MATCHING_EDGES_MAX ((size_t)UINT32_MAX - 1)

struct matching_edge {
    uint32_t participant, mentor;
    int32_t score;
};

/* The arrays are read, not kept. A rank says who comes first where solutions are equal in every
 * term (participants: longest waiting, then id; mentors: id); ranks of one side differ; NULL is the
 * order of the indices. Capacities may be NULL: one each. */
struct matching_instance {
    struct matching_objective objective;
    uint32_t participants, mentors;
    const uint32_t *participant_capacity, *mentor_capacity;
    const uint32_t *participant_rank, *mentor_rank;
    const struct matching_edge *edges;
    size_t edge_count;
};

/* Refuses (invalid) an edge to nobody, the same pair twice, whatever is past a limit above, and an
 * instance whose objective does not fit in 64 bits. Nothing is matched yet. */
struct matching *matching_create(const struct matching_instance *instance, struct error *err);
void matching_destroy(struct matching *matching);

/* The optimum from scratch; and of all optima this one: go through the edges by participant rank,
 * then higher score, then mentor rank; at the first edge that only some of the remaining optima
 * choose, those that do not fall away. So the pairs depend on ranks, not on the order of rows. */
void matching_solve(struct matching *matching);

/* Updates: the optimum is restored from the present one. */

/* After each of these the matching is optimal again, equal to a new solve in every term of the
 * objective; which of several optima it is depends on the past. False (and nothing has changed)
 * where matching_create would refuse, or where there is no such person or edge (invalid). A score
 * or a number of people far beyond what was there at the beginning may cost a full solve, once. */

/* Somebody comes, with edges to the other side; whose own index stands in them is not looked at. */
bool matching_add_participant(struct matching *matching, uint32_t capacity, uint32_t rank,
                              const struct matching_edge *edges, size_t edge_count,
                              uint32_t *participant, struct error *err);
bool matching_add_mentor(struct matching *matching, uint32_t capacity, uint32_t rank,
                         const struct matching_edge *edges, size_t edge_count, uint32_t *mentor,
                         struct error *err);

/* Somebody goes: no edges and no capacity from now on. */
bool matching_remove_participant(struct matching *matching, uint32_t participant,
                                 struct error *err);
bool matching_remove_mentor(struct matching *matching, uint32_t mentor, struct error *err);

bool matching_set_participant_capacity(struct matching *matching, uint32_t participant,
                                       uint32_t capacity, struct error *err);
bool matching_set_mentor_capacity(struct matching *matching, uint32_t mentor, uint32_t capacity,
                                  struct error *err);

/* A pair becomes possible, or scores differently. */
bool matching_set_edge(struct matching *matching, struct matching_edge edge, struct error *err);

/* A pair is not possible any more: declined, or a hard rule. */
bool matching_drop_edge(struct matching *matching, uint32_t participant, uint32_t mentor,
                        struct error *err);

/* Reading. */

struct matching_value matching_value(const struct matching *matching);

/* The partners of one participant, the highest score first, then by mentor rank: how many there
 * are; at most room are told. */
uint32_t matching_mentors_of(const struct matching *matching, uint32_t participant,
                             struct matching_edge *pairs, uint32_t room);

/* The edges of one participant, chosen or not, in the same order. */
uint32_t matching_edges_of(const struct matching *matching, uint32_t participant,
                           struct matching_edge *edges, uint32_t room);

/* Why: what it would cost to have it otherwise. */

struct matching_change {
    uint32_t participant, mentor;
    bool is_made; /* a new pair, or one that there is no more */
};

enum { MATCHING_CHANGES_MAX = 64, MATCHING_OTHERS_MAX = 16 };

/* Another solution, by its difference from the present one. */
struct matching_move {
    struct matching_value loss; /* the present one's terms minus its own */
    uint32_t change_count;      /* all of them; those past MATCHING_CHANGES_MAX are not told */
    struct matching_change changes[MATCHING_CHANGES_MAX]; /* as one follows from the other */
};

/* These look, and change nothing; a matching that is optimal may be looked at by several threads.
 * The solution found is the best there is, and its loss what a new solve would show. */

/* The best solution with this pair, which is not one now. False: there is no such edge, or one of
 * the two has no place at all, or they are a pair already. */
bool matching_with(const struct matching *matching, uint32_t participant, uint32_t mentor,
                   struct matching_move *move);

/* What stands against the pair that matching_with added: what decides first. */
enum matching_hindrance {
    MATCHING_FEWER, /* participants, mentors or pairs would be lost */
    MATCHING_EQUAL, /* nothing: it would be as good */
    MATCHING_TAKEN, /* somebody else gives the place up, and that costs score */
    MATCHING_MOVES, /* nobody does, but others have to move, and that does */
};

/* *holder: the participant who gives the place up for it, or UINT32_MAX: nobody else does. */
enum matching_hindrance matching_hindrance(const struct matching_move *move, uint32_t *holder);

/* The best solution without this pair: the runner-up. False: they are no pair. */
bool matching_without(const struct matching *matching, uint32_t participant, uint32_t mentor,
                      struct matching_move *move);

/* The same, when at most `others` other participants (up to MATCHING_OTHERS_MAX) may lose a partner
 * or have one exchanged: the next proposal after a decline. *behind: how much worse it is than
 * matching_without, term by term. */
bool matching_without_changing(const struct matching *matching, uint32_t participant,
                               uint32_t mentor, uint32_t others, struct matching_move *move,
                               struct matching_value *behind);

/* What the objective gains by one more place with each mentor, in *gain by mentor, all terms. */
void matching_one_more_place(const struct matching *matching, struct matching_value *gain);
