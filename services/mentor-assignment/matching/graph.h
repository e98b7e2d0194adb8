/* The residual graph, inside the library: both sides have the same shape, so that whatever is said
 * of participants and mentors can be said of mentors and participants.
 *
 * A person's arcs are one block; those to partners come first (`load` of them, in any order), then
 * the others by falling score. The hub S stands
 * for "nobody": it supplies and swallows places. With w(e) = pair_weight + score_weight * score,
 * what holds when nobody is active is
 *     pair chosen:      w >= price + price      pair not chosen:  w <= price + price
 *     no partner:       price <= -bonus         some, not full:   price <= 0
 *     one partner:      price >= -bonus         more than one:    price >= 0
 * where bonus is what the objective gives for a person's first partner. A person who is not full
 * and has a higher price than that is active: owed a search. Only settle pays.
 */
#pragma once

#include "matching/matching.h"

enum side_name { PARTICIPANT, MENTOR };

struct arc {
    uint32_t to; /* on the other side */
    int32_t score;
};

/* dist is scratch of a search: DIST_NONE outside of one. Kept next to price: they are read at once. */
struct node {
    int64_t price, dist;
};

#define DIST_NONE INT64_MAX
#define PRICE_MAX (INT64_MAX / 2)

struct person {
    size_t first; /* of its block in arcs */
    uint32_t degree, space;
    uint32_t capacity, load;
};

struct side {
    uint32_t count, room;
    struct person *person;
    struct node *node;
    uint32_t *rank;
    struct arc *arcs;
    size_t used, arcs_room;
    int64_t bonus;
};

struct entry {
    int64_t key;
    uint32_t node;
};

struct heap {
    struct entry *entries;
    size_t count, room;
};

/* One direction of a search from one person (meet.c). */
struct front {
    int64_t *dist[2]; /* by side; DIST_NONE outside of a search */
    uint32_t *from[2], *touched[2], touched_count[2];
    struct heap heap;
};

/* Steps of a search from one end before the other joins in: most are over by then. And how many
 * active persons are better served one by one: one in FEW_PART of the larger side, at most FEW.
 * Neither changes a result in any term. */
enum { PATIENCE = 128, FEW_PART = 32, FEW = 256 };

/* Scratch of searches, kept so that an update allocates nothing. */
struct scratch {
    struct heap heap;
    uint32_t *touched[2]; /* whose dist is set */
    uint32_t touched_count[2];
    uint32_t *parent[2]; /* the person of the other side from whom it was reached */
    uint32_t *mark[2];   /* == round: seen in this round */
    uint32_t *cursor[2]; /* next arc to try in this round */
    uint32_t round;
    uint32_t *list[2]; /* room for everyone of a side */
    struct front front[2];
    uint32_t patience, few; /* PATIENCE, FEW; tests want to see all ways */
};

struct matching {
    struct side side[2];
    struct matching_objective objective;
    int64_t pair_weight, score_weight;
    uint64_t smaller_side; /* what the weights are good for */
    int32_t low, high;     /* scores */
    struct scratch scratch;
};

static inline int64_t arc_weight(const struct matching *m, struct arc arc)
{
    return m->pair_weight + m->score_weight * arc.score;
}

static inline struct arc *arcs_of(const struct side *side, uint32_t index)
{
    return &side->arcs[side->person[index].first];
}

/* The highest price at which a person is content to get nobody more. */
static inline int64_t price_ceiling(const struct side *side, uint32_t index)
{
    const struct person *p = &side->person[index];

    if (p->load == p->capacity) return INT64_MAX;
    return p->load == 0 ? -side->bonus : 0;
}

/* The lowest price at which a person with partners keeps them all. */
static inline int64_t price_floor(const struct side *side, uint32_t index)
{
    return side->person[index].load == 1 ? -side->bonus : 0;
}

static inline bool is_active(const struct side *side, uint32_t index)
{
    return side->node[index].price > price_ceiling(side, index);
}

/* realloc that ends the process where there is no memory; the caller frees what it returns. */
void *graph_room(void *old, size_t count, size_t size);

/* The highest weight among a person's edges; 0 if none is above. */
int64_t graph_best(const struct matching *m, enum side_name name, uint32_t index);

/* The lowest price at which none of a person's other edges is worth more than it costs; at least
 * that. No price of the other side is below least_price; -PRICE_MAX where none is known. */
int64_t graph_best_other(const struct matching *m, enum side_name name, uint32_t index,
                         int64_t at_least, int64_t least_price);

/* The lowest price of those of one side who have an edge at all; half of INT64_MAX if nobody has. */
int64_t graph_least_price(const struct side *side);

/* Weights for that many people on the smaller side and for scores between low and high; roomier
 * ones if they fit. Prices are worth nothing afterwards. */
bool graph_weigh(struct matching *m, uint64_t smaller_side, int32_t low, int32_t high,
                 struct error *err);

/* Room for everybody of both sides in scratch. */
void graph_size_scratch(struct matching *m);

/* No mark is of this round yet. */
void graph_next_round(struct matching *m);

/* Where the edge stands in the person's block, or its degree if there is none. */
uint32_t graph_find(const struct side *side, uint32_t index, uint32_t to);

/* Put an edge that is no pair where its score says, or take one out. */
void graph_put_arc(struct side *side, uint32_t index, struct arc arc);
void graph_drop_arc(struct side *side, uint32_t index, uint32_t to);

/* Make (or unmake) a pair of two persons with an edge between them. */
void graph_link(struct matching *m, uint32_t participant, uint32_t mentor);
void graph_unlink(struct matching *m, uint32_t participant, uint32_t mentor);
