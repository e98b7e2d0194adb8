/* One change at a time: put the change in so that the prices stay valid, then settle whoever has
 * become active by it. */
#include "matching/graph.h"
#include "matching/settle.h"

#include "core/error.h"

static int64_t weight_of(const struct matching *m, int32_t score)
{
    return arc_weight(m, (struct arc){0, score});
}

static void link(struct matching *m, enum side_name name, uint32_t index, uint32_t to, bool make)
{
    const uint32_t participant = name == PARTICIPANT ? index : to;
    const uint32_t mentor = name == PARTICIPANT ? to : index;

    if (make)
        graph_link(m, participant, mentor);
    else
        graph_unlink(m, participant, mentor);
}

static void settle_one(struct matching *m, enum side_name name, uint32_t index)
{
    settle(m, name, &index, 1);
}

/* Which partner is worth least to a person, by its place in the block. */
static uint32_t least_partner(const struct matching *m, enum side_name name, uint32_t index)
{
    const struct arc *arcs = arcs_of(&m->side[name], index);
    const struct node *others = m->side[!name].node;
    int64_t least = INT64_MAX;
    uint32_t at = 0;

    for (uint32_t i = 0; i < m->side[name].person[index].load; i++) {
        const int64_t value = arc_weight(m, arcs[i]) - others[arcs[i].to].price;

        if (value >= least) continue;
        least = value;
        at = i;
    }
    return at;
}

/* Dissolve all pairs of a person but the best `keep`, who stays out of further ones until its
 * capacity says otherwise. The others are left active, in *left (room for everyone of their side). */
static uint32_t lift(struct matching *m, enum side_name name, uint32_t index, uint32_t keep,
                     uint32_t *left)
{
    struct side *side = &m->side[name];
    uint32_t count = 0;

    side->person[index].capacity = keep;
    while (side->person[index].load > keep) {
        const uint32_t to = arcs_of(side, index)[least_partner(m, name, index)].to;

        link(m, name, index, to, false);
        left[count++] = to;
    }
    side->node[index].price = graph_best_other(m, name, index, side->node[index].price, -PRICE_MAX);
    return count;
}

static bool refuse_person(const char *what, uint32_t index, struct error *err)
{
    return error_set(err, ERROR_INVALID, "matching.person", "there is no %s number %u", what,
                     index);
}

static const char *const side_names[2] = {"participant", "mentor"};

static bool check_person(const struct matching *m, enum side_name name, uint32_t index,
                         struct error *err)
{
    return index < m->side[name].count || refuse_person(side_names[name], index, err);
}

static bool check_score(int32_t score, struct error *err)
{
    if (score >= -MATCHING_SCORE_MAX) return true;
    return error_set(err, ERROR_INVALID, "matching.score", "a score of %d is below %d", score,
                     -MATCHING_SCORE_MAX);
}

static bool check_capacity(uint32_t capacity, struct error *err)
{
    if (capacity <= MATCHING_CAPACITY_MAX) return true;
    return error_set(err, ERROR_INVALID, "matching.capacity", "a capacity of %u; the most is %u",
                     capacity, (unsigned)MATCHING_CAPACITY_MAX);
}

/* Weights that hold for these, too. *is_new: then nothing is proven any more, solve. */
static bool widen(struct matching *m, uint64_t smaller_side, int32_t low, int32_t high,
                  bool *is_new, struct error *err)
{
    *is_new = smaller_side > m->smaller_side || low < m->low || high > m->high;
    if (!*is_new) return true;
    return graph_weigh(m, smaller_side > m->smaller_side ? smaller_side : m->smaller_side,
                       low < m->low ? low : m->low, high > m->high ? high : m->high, err);
}

/* Capacity. */

static bool set_capacity(struct matching *m, enum side_name name, uint32_t index, uint32_t capacity,
                         struct error *err)
{
    struct person *person;

    if (!check_person(m, name, index, err) || !check_capacity(capacity, err)) return false;
    person = &m->side[name].person[index];
    if (capacity >= person->load) {
        person->capacity = capacity;
        settle_one(m, name, index);
    } else {
        uint32_t *left = m->scratch.list[!name];
        const uint32_t count = lift(m, name, index, capacity, left);

        settle(m, !name, left, count);
    }
    return true;
}

bool matching_set_participant_capacity(struct matching *m, uint32_t participant, uint32_t capacity,
                                       struct error *err)
{
    return set_capacity(m, PARTICIPANT, participant, capacity, err);
}

bool matching_set_mentor_capacity(struct matching *m, uint32_t mentor, uint32_t capacity,
                                  struct error *err)
{
    return set_capacity(m, MENTOR, mentor, capacity, err);
}

/* Edges. */

static void put_edge(struct matching *m, struct matching_edge e)
{
    graph_put_arc(&m->side[PARTICIPANT], e.participant, (struct arc){e.mentor, e.score});
    graph_put_arc(&m->side[MENTOR], e.mentor, (struct arc){e.participant, e.score});
}

static void drop_edge(struct matching *m, uint32_t participant, uint32_t mentor)
{
    graph_drop_arc(&m->side[PARTICIPANT], participant, mentor);
    graph_drop_arc(&m->side[MENTOR], mentor, participant);
}

/* The edge is what it shall be, and its prices do not fit: take the person with fewer partners out
 * and let it come back. */
static void come_back(struct matching *m, struct matching_edge e, bool is_there)
{
    const struct person *p = &m->side[PARTICIPANT].person[e.participant];
    const struct person *q = &m->side[MENTOR].person[e.mentor];
    const enum side_name name = p->load <= q->load ? PARTICIPANT : MENTOR;
    const uint32_t index = name == PARTICIPANT ? e.participant : e.mentor;
    struct side *side = &m->side[name];
    const uint32_t capacity = side->person[index].capacity;
    uint32_t *left = m->scratch.list[!name];
    const uint32_t count = lift(m, name, index, 0, left);

    if (is_there) drop_edge(m, e.participant, e.mentor);
    put_edge(m, e);
    side->node[index].price = graph_best_other(m, name, index, -side->bonus, -PRICE_MAX);
    side->person[index].capacity = capacity;
    settle_one(m, name, index);
    settle(m, !name, left, count);
}

bool matching_set_edge(struct matching *m, struct matching_edge e, struct error *err)
{
    const struct side *p = &m->side[PARTICIPANT];
    bool is_there, is_pair, is_new;
    int64_t prices;
    uint32_t at;

    if (!check_person(m, PARTICIPANT, e.participant, err) ||
        !check_person(m, MENTOR, e.mentor, err) || !check_score(e.score, err) ||
        !widen(m, m->smaller_side, e.score, e.score, &is_new, err))
        return false;

    at = graph_find(p, e.participant, e.mentor);
    is_there = at < p->person[e.participant].degree;
    is_pair = at < p->person[e.participant].load;
    prices = p->node[e.participant].price + m->side[MENTOR].node[e.mentor].price;
    if (!is_new && (is_pair ? weight_of(m, e.score) < prices : weight_of(m, e.score) > prices)) {
        come_back(m, e, is_there);
        return true;
    }
    if (is_pair) graph_unlink(m, e.participant, e.mentor);
    if (is_there) drop_edge(m, e.participant, e.mentor);
    put_edge(m, e);
    if (is_pair) graph_link(m, e.participant, e.mentor);
    if (is_new) matching_solve(m);
    return true;
}

bool matching_drop_edge(struct matching *m, uint32_t participant, uint32_t mentor,
                        struct error *err)
{
    const struct side *p = &m->side[PARTICIPANT];
    uint32_t at;
    bool is_pair;

    if (!check_person(m, PARTICIPANT, participant, err) || !check_person(m, MENTOR, mentor, err))
        return false;
    at = graph_find(p, participant, mentor);
    if (at == p->person[participant].degree)
        return error_set(err, ERROR_INVALID, "matching.edge",
                         "there is no edge between participant %u and mentor %u", participant,
                         mentor);
    is_pair = at < p->person[participant].load;
    if (is_pair) graph_unlink(m, participant, mentor);
    drop_edge(m, participant, mentor);
    if (!is_pair) return true;
    settle_one(m, PARTICIPANT, participant);
    settle_one(m, MENTOR, mentor);
    return true;
}

/* People. */

static void grow(struct matching *m, struct side *side)
{
    if (side->count < side->room) return;
    side->room = side->room < 8 ? 16 : 2 * side->room;
    side->person = graph_room(side->person, side->room, sizeof *side->person);
    side->node = graph_room(side->node, side->room, sizeof *side->node);
    side->rank = graph_room(side->rank, side->room, sizeof *side->rank);
    graph_size_scratch(m);
}

static bool check_new_edges(struct matching *m, enum side_name name,
                            const struct matching_edge *edges, size_t count, int32_t *low,
                            int32_t *high, struct error *err)
{
    const enum side_name other = !name;
    uint32_t *seen = m->scratch.mark[other];

    graph_next_round(m);
    for (size_t i = 0; i < count; i++) {
        const uint32_t to = name == PARTICIPANT ? edges[i].mentor : edges[i].participant;

        if (!check_person(m, other, to, err) || !check_score(edges[i].score, err)) return false;
        if (seen[to] == m->scratch.round)
            return error_set(err, ERROR_INVALID, "matching.twice",
                             "the new %s has more than one edge with %s %u", side_names[name],
                             side_names[other], to);
        seen[to] = m->scratch.round;
        if (edges[i].score < *low) *low = edges[i].score;
        if (edges[i].score > *high) *high = edges[i].score;
    }
    return true;
}

static bool add(struct matching *m, enum side_name name, uint32_t capacity, uint32_t rank,
                const struct matching_edge *edges, size_t edge_count, uint32_t *index,
                struct error *err)
{
    struct side *side = &m->side[name];
    const uint32_t others = m->side[!name].count, at = side->count;
    int32_t low = 0, high = 0;
    bool is_new;

    if (side->count == MATCHING_PEOPLE_MAX)
        return error_set(err, ERROR_INVALID, "matching.people",
                         "%u %ss are as many as there can be", side->count, side_names[name]);
    if (!check_capacity(capacity, err) ||
        !check_new_edges(m, name, edges, edge_count, &low, &high, err) ||
        !widen(m, at + 1 < others ? at + 1 : others, low, high, &is_new, err))
        return false;

    grow(m, side);
    side->count++;
    side->person[at] = (struct person){.first = side->used};
    side->node[at] = (struct node){-side->bonus, DIST_NONE};
    side->rank[at] = rank;
    for (size_t i = 0; i < edge_count; i++) {
        const uint32_t to = name == PARTICIPANT ? edges[i].mentor : edges[i].participant;

        graph_put_arc(side, at, (struct arc){to, edges[i].score});
        graph_put_arc(&m->side[!name], to, (struct arc){at, edges[i].score});
    }
    side->node[at].price = graph_best_other(m, name, at, -side->bonus, -PRICE_MAX);
    side->person[at].capacity = capacity;
    if (is_new)
        matching_solve(m);
    else
        settle_one(m, name, at);
    *index = at;
    return true;
}

bool matching_add_participant(struct matching *m, uint32_t capacity, uint32_t rank,
                              const struct matching_edge *edges, size_t edge_count,
                              uint32_t *participant, struct error *err)
{
    return add(m, PARTICIPANT, capacity, rank, edges, edge_count, participant, err);
}

bool matching_add_mentor(struct matching *m, uint32_t capacity, uint32_t rank,
                         const struct matching_edge *edges, size_t edge_count, uint32_t *mentor,
                         struct error *err)
{
    return add(m, MENTOR, capacity, rank, edges, edge_count, mentor, err);
}

static bool remove_person(struct matching *m, enum side_name name, uint32_t index,
                          struct error *err)
{
    struct side *side = &m->side[name];
    uint32_t *left = m->scratch.list[!name];
    uint32_t count;

    if (!check_person(m, name, index, err)) return false;
    count = lift(m, name, index, 0, left);
    for (uint32_t i = 0; i < side->person[index].degree; i++)
        graph_drop_arc(&m->side[!name], arcs_of(side, index)[i].to, index);
    side->person[index].degree = 0;
    side->node[index].price = -side->bonus;
    settle(m, !name, left, count);
    return true;
}

bool matching_remove_participant(struct matching *m, uint32_t participant, struct error *err)
{
    return remove_person(m, PARTICIPANT, participant, err);
}

bool matching_remove_mentor(struct matching *m, uint32_t mentor, struct error *err)
{
    return remove_person(m, MENTOR, mentor, err);
}
