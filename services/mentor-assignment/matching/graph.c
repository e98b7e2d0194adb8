/* Building the two sides, and making and unmaking pairs in them. */
#include "matching/graph.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "matching/objective.h"

void *graph_room(void *old, size_t count, size_t size)
{
    void *new;

    if (size != 0 && count > SIZE_MAX / size) bug("matching: %zu times %zu bytes", count, size);
    new = realloc(old, count * size == 0 ? 1 : count * size);
    if (new == NULL) bug("matching: no memory for %zu times %zu bytes", count, size);
    return new;
}

void graph_next_round(struct matching *m)
{
    struct scratch *s = &m->scratch;

    if (++s->round != 0) return;
    for (unsigned k = 0; k < 2; k++)
        for (uint32_t i = 0; i < m->side[k].count; i++)
            s->mark[k][i] = 0;
    s->round = 1;
}

uint32_t graph_find(const struct side *side, uint32_t index, uint32_t to)
{
    const struct arc *arcs = arcs_of(side, index);
    uint32_t i = 0;

    while (i < side->person[index].degree && arcs[i].to != to)
        i++;
    return i;
}

static uint32_t find(const struct side *side, uint32_t index, uint32_t to, uint32_t begin)
{
    const struct arc *arcs = arcs_of(side, index);

    for (uint32_t i = begin; i < side->person[index].degree; i++)
        if (arcs[i].to == to) return i;
    bug("matching: no edge between %u and %u", index, to);
}

static void half_link(struct side *side, uint32_t index, uint32_t to)
{
    struct person *person = &side->person[index];
    struct arc *arcs = arcs_of(side, index);
    const uint32_t at = find(side, index, to, person->load);
    const struct arc arc = arcs[at];

    memmove(arcs + person->load + 1, arcs + person->load, (at - person->load) * sizeof *arcs);
    arcs[person->load++] = arc;
}

static void half_unlink(struct side *side, uint32_t index, uint32_t to)
{
    struct person *person = &side->person[index];
    struct arc *arcs = arcs_of(side, index);
    uint32_t at = find(side, index, to, 0);
    const struct arc arc = arcs[at];

    arcs[at] = arcs[--person->load];
    at = person->load;
    while (at + 1 < person->degree && arcs[at + 1].score > arc.score) {
        arcs[at] = arcs[at + 1];
        at++;
    }
    arcs[at] = arc;
}

void graph_link(struct matching *m, uint32_t participant, uint32_t mentor)
{
    half_link(&m->side[PARTICIPANT], participant, mentor);
    half_link(&m->side[MENTOR], mentor, participant);
}

void graph_unlink(struct matching *m, uint32_t participant, uint32_t mentor)
{
    half_unlink(&m->side[PARTICIPANT], participant, mentor);
    half_unlink(&m->side[MENTOR], mentor, participant);
}

int64_t graph_best(const struct matching *m, enum side_name name, uint32_t index)
{
    const struct side *side = &m->side[name];
    int64_t best = 0;

    for (uint32_t i = 0; i < side->person[index].degree; i++) {
        const int64_t weight = arc_weight(m, arcs_of(side, index)[i]);

        if (weight > best) best = weight;
    }
    return best;
}

int64_t graph_best_other(const struct matching *m, enum side_name name, uint32_t index,
                         int64_t at_least, int64_t least_price)
{
    const struct side *side = &m->side[name];
    const struct node *others = m->side[!name].node;
    const struct arc *arcs = arcs_of(side, index);

    for (uint32_t i = side->person[index].load; i < side->person[index].degree; i++) {
        const int64_t weight = arc_weight(m, arcs[i]);

        if (weight - least_price <= at_least) break; /* they score less and less */
        if (weight - others[arcs[i].to].price > at_least)
            at_least = weight - others[arcs[i].to].price;
    }
    return at_least;
}

/* Blocks that moved leave holes. When the end is reached and half is holes, close them. */
static void make_room(struct side *side, size_t more)
{
    size_t live = 0;
    struct arc *fresh;

    if (side->used + more <= side->arcs_room) return;
    for (uint32_t i = 0; i < side->count; i++)
        live += side->person[i].space;
    if (live + more > side->arcs_room / 2) {
        side->arcs_room = 2 * (side->used + more);
        side->arcs = graph_room(side->arcs, side->arcs_room, sizeof *side->arcs);
        return;
    }
    fresh = graph_room(NULL, side->arcs_room, sizeof *fresh);
    side->used = 0;
    for (uint32_t i = 0; i < side->count; i++) {
        struct person *person = &side->person[i];

        memcpy(fresh + side->used, arcs_of(side, i), person->degree * sizeof *fresh);
        person->first = side->used;
        side->used += person->space;
    }
    free(side->arcs);
    side->arcs = fresh;
}

void graph_put_arc(struct side *side, uint32_t index, struct arc arc)
{
    struct person *person = &side->person[index];
    struct arc *arcs;
    uint32_t at = person->degree;

    if (person->degree == person->space) {
        const uint32_t space = person->space < 4 ? 8 : 2 * person->space;

        make_room(side, space);
        memcpy(side->arcs + side->used, arcs_of(side, index), person->degree * sizeof *arcs);
        person->first = side->used;
        person->space = space;
        side->used += space;
    }
    arcs = arcs_of(side, index);
    for (; at > person->load && arcs[at - 1].score < arc.score; at--)
        arcs[at] = arcs[at - 1];
    arcs[at] = arc;
    person->degree++;
}

void graph_drop_arc(struct side *side, uint32_t index, uint32_t to)
{
    struct person *person = &side->person[index];
    struct arc *arcs = arcs_of(side, index);
    const uint32_t at = find(side, index, to, person->load);

    person->degree--;
    memmove(arcs + at, arcs + at + 1, (person->degree - at) * sizeof *arcs);
}

static bool check_people(const char *what, uint32_t count, const uint32_t *capacity,
                         struct error *err)
{
    if (count > MATCHING_PEOPLE_MAX)
        return error_set(err, ERROR_INVALID, "matching.people", "%u %s are more than %u", count,
                         what, (unsigned)MATCHING_PEOPLE_MAX);
    for (uint32_t i = 0; capacity != NULL && i < count; i++)
        if (capacity[i] > MATCHING_CAPACITY_MAX)
            return error_set(err, ERROR_INVALID, "matching.capacity",
                             "of the %s, number %u has capacity %u; the most is %u", what, i,
                             capacity[i], (unsigned)MATCHING_CAPACITY_MAX);
    return true;
}

static bool check_edges(const struct matching_instance *in, int32_t *low, int32_t *high,
                        struct error *err)
{
    if (in->edge_count > MATCHING_EDGES_MAX)
        return error_set(err, ERROR_INVALID, "matching.edges", "%zu edges are more than %zu",
                         in->edge_count, MATCHING_EDGES_MAX);
    for (size_t i = 0; i < in->edge_count; i++) {
        const struct matching_edge e = in->edges[i];

        if (e.participant >= in->participants || e.mentor >= in->mentors)
            return error_set(err, ERROR_INVALID, "matching.edge",
                             "edge number %zu is between participant %u of %u and mentor %u of %u",
                             i, e.participant, in->participants, e.mentor, in->mentors);
        if (e.score < -MATCHING_SCORE_MAX)
            return error_set(err, ERROR_INVALID, "matching.score",
                             "edge number %zu has score %d; the least is %d", i, e.score,
                             -MATCHING_SCORE_MAX);
        if (e.score < *low) *low = e.score;
        if (e.score > *high) *high = e.score;
    }
    return true;
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static size_t digit_of(const struct matching_instance *in, uint32_t edge, int32_t high,
                       unsigned shift)
{
    return (((uint32_t)high - (uint32_t)in->edges[edge].score) >> shift) % DIGITS;
}

/* By one digit, the order of equals kept. order NULL: as they come. */
static void sort_by_digit(const struct matching_instance *in, int32_t high, unsigned shift,
                          const uint32_t *order, uint32_t *next)
{
    size_t start[DIGITS + 1] = {0};

    for (size_t i = 0; i < in->edge_count; i++)
        start[1 + digit_of(in, (uint32_t)i, high, shift)]++;
    for (size_t d = 0; d < DIGITS; d++)
        start[d + 1] += start[d];
    for (size_t i = 0; i < in->edge_count; i++) {
        const uint32_t edge = order == NULL ? (uint32_t)i : order[i];

        next[start[digit_of(in, edge, high, shift)]++] = edge;
    }
}

/* The edges by falling score, the order of equals kept: by as many digits as the scores need. */
static uint32_t *sort_edges(const struct matching_instance *in, int32_t low, int32_t high)
{
    const uint64_t span = (uint64_t)((int64_t)high - low);
    uint32_t *order = graph_room(NULL, in->edge_count, sizeof *order), *spare = NULL;

    sort_by_digit(in, high, 0, NULL, order);
    for (unsigned shift = DIGIT_BITS; shift < 32 && span >> shift != 0; shift += DIGIT_BITS) {
        uint32_t *last = order;

        if (spare == NULL) spare = graph_room(NULL, in->edge_count, sizeof *spare);
        sort_by_digit(in, high, shift, last, spare);
        order = spare;
        spare = last;
    }
    free(spare);
    return order;
}

static void build_side(struct side *side, uint32_t count, const uint32_t *capacity,
                       const uint32_t *rank, const struct matching_instance *in,
                       const uint32_t *order, enum side_name name)
{
    const size_t edges = in->edge_count;
    size_t at = 0;

    side->count = side->room = count;
    side->person = graph_room(NULL, count, sizeof *side->person);
    side->node = graph_room(NULL, count, sizeof *side->node);
    side->rank = graph_room(NULL, count, sizeof *side->rank);
    side->arcs = graph_room(NULL, edges, sizeof *side->arcs);
    side->used = side->arcs_room = edges;
    for (uint32_t i = 0; i < count; i++) {
        side->person[i] = (struct person){.capacity = capacity == NULL ? 1 : capacity[i]};
        side->node[i] = (struct node){0, DIST_NONE};
        side->rank[i] = rank == NULL ? i : rank[i];
    }
    for (size_t i = 0; i < edges; i++)
        side->person[name == MENTOR ? in->edges[i].mentor : in->edges[i].participant].space++;
    for (uint32_t i = 0; i < count; i++) {
        side->person[i].first = at;
        at += side->person[i].space;
    }
    for (size_t i = 0; i < edges; i++) {
        const struct matching_edge e = in->edges[order[i]];
        struct person *person = &side->person[name == MENTOR ? e.mentor : e.participant];

        side->arcs[person->first + person->degree++] =
            (struct arc){name == MENTOR ? e.participant : e.mentor, e.score};
    }
}

static void size_front(struct front *f, unsigned k, uint32_t room)
{
    f->dist[k] = graph_room(f->dist[k], room, sizeof *f->dist[k]);
    f->from[k] = graph_room(f->from[k], room, sizeof *f->from[k]);
    f->touched[k] = graph_room(f->touched[k], room, sizeof *f->touched[k]);
    for (uint32_t i = 0; i < room; i++)
        f->dist[k][i] = DIST_NONE;
}

void graph_size_scratch(struct matching *m)
{
    struct scratch *s = &m->scratch;

    for (unsigned k = 0; k < 2; k++) {
        const uint32_t room = m->side[k].room;

        s->touched[k] = graph_room(s->touched[k], room, sizeof *s->touched[k]);
        s->parent[k] = graph_room(s->parent[k], room, sizeof *s->parent[k]);
        s->cursor[k] = graph_room(s->cursor[k], room, sizeof *s->cursor[k]);
        s->list[k] = graph_room(s->list[k], room, sizeof *s->list[k]);
        s->mark[k] = graph_room(s->mark[k], room, sizeof *s->mark[k]);
        size_front(&s->front[0], k, room);
        size_front(&s->front[1], k, room);
        memset(s->mark[k], 0, room * sizeof *s->mark[k]);
    }
    s->round = 0;
}

static bool check_twice(struct matching *m, struct error *err)
{
    const struct side *p = &m->side[PARTICIPANT];
    uint32_t *seen = m->scratch.mark[MENTOR];

    for (uint32_t i = 0; i < p->count; i++) {
        const struct arc *arcs = arcs_of(p, i);

        for (uint32_t k = 0; k < p->person[i].degree; k++) {
            if (seen[arcs[k].to] == i + 1)
                return error_set(err, ERROR_INVALID, "matching.twice",
                                 "participant %u and mentor %u have more than one edge", i,
                                 arcs[k].to);
            seen[arcs[k].to] = i + 1;
        }
    }
    m->scratch.round = p->count + 1;
    return true;
}

bool graph_weigh(struct matching *m, uint64_t smaller_side, int32_t low, int32_t high,
                 struct error *err)
{
    const int32_t wide_low = low < -MATCHING_SCORE_MAX / 2 ? -MATCHING_SCORE_MAX : 2 * low;
    const int32_t wide_high = high > MATCHING_SCORE_MAX / 2 ? MATCHING_SCORE_MAX : 2 * high;
    struct matching_value weight;

    if (objective_weigh(&m->objective, 2 * smaller_side + 16,
                        (uint64_t)((int64_t)wide_high - wide_low), &weight, err)) {
        smaller_side = 2 * smaller_side + 16;
        low = wide_low;
        high = wide_high;
    } else if (!objective_weigh(&m->objective, smaller_side, (uint64_t)((int64_t)high - low),
                                &weight, err)) {
        return false;
    }
    m->smaller_side = smaller_side;
    m->low = low;
    m->high = high;
    m->pair_weight = weight.term[MATCHING_PAIRS];
    m->score_weight = weight.term[MATCHING_SCORE];
    m->side[PARTICIPANT].bonus = weight.term[MATCHING_PARTICIPANTS];
    m->side[MENTOR].bonus = weight.term[MATCHING_MENTORS];
    return true;
}

struct matching *matching_create(const struct matching_instance *in, struct error *err)
{
    const uint32_t smaller = in->participants < in->mentors ? in->participants : in->mentors;
    const uint32_t larger = in->participants < in->mentors ? in->mentors : in->participants;
    int32_t low = 0, high = 0;
    struct matching *m;
    uint32_t *order;

    if (!check_people("participants", in->participants, in->participant_capacity, err) ||
        !check_people("mentors", in->mentors, in->mentor_capacity, err) ||
        !check_edges(in, &low, &high, err))
        return NULL;
    m = graph_room(NULL, 1, sizeof *m);
    memset(m, 0, sizeof *m);
    m->objective = in->objective;
    if (!graph_weigh(m, smaller, low, high, err)) {
        free(m);
        return NULL;
    }
    order = sort_edges(in, low, high);
    build_side(&m->side[PARTICIPANT], in->participants, in->participant_capacity,
               in->participant_rank, in, order, PARTICIPANT);
    build_side(&m->side[MENTOR], in->mentors, in->mentor_capacity, in->mentor_rank, in, order,
               MENTOR);
    free(order);
    m->scratch.patience = PATIENCE;
    m->scratch.few = larger / FEW_PART < FEW ? larger / FEW_PART : FEW;
    graph_size_scratch(m);
    if (check_twice(m, err)) return m;
    matching_destroy(m);
    return NULL;
}

void matching_destroy(struct matching *m)
{
    if (m == NULL) return;
    for (unsigned k = 0; k < 2; k++) {
        free(m->side[k].person);
        free(m->side[k].node);
        free(m->side[k].rank);
        free(m->side[k].arcs);
        free(m->scratch.touched[k]);
        free(m->scratch.parent[k]);
        free(m->scratch.cursor[k]);
        free(m->scratch.list[k]);
        free(m->scratch.mark[k]);
        for (unsigned d = 0; d < 2; d++) {
            free(m->scratch.front[d].dist[k]);
            free(m->scratch.front[d].from[k]);
            free(m->scratch.front[d].touched[k]);
        }
    }
    for (unsigned d = 0; d < 2; d++)
        free(m->scratch.front[d].heap.entries);
    free(m->scratch.heap.entries);
    free(m);
}

int64_t graph_least_price(const struct side *side)
{
    int64_t least = INT64_MAX / 2;

    for (uint32_t i = 0; i < side->count; i++)
        if (side->person[i].degree > 0 && side->node[i].price < least) least = side->node[i].price;
    return least;
}
