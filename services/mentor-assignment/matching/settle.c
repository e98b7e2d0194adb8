/* Restoring the optimum by cheapest residual paths.
 *
 * One phase is Dijkstra's algorithm from all active persons of one side at once, as far as the
 * first way out at distance `reach`: a place that is free, or somebody who may as well go without.
 * Prices then change by reach - dist, which makes all shortest paths tight, and a depth-first
 * search takes as many of them as do not meet. A few active persons are served by meet.c instead.
 */
#include "matching/settle.h"

#include "matching/heap.h"
#include "matching/meet.h"

#define NOBODY UINT32_MAX

struct phase {
    struct matching *m;
    struct side *a, *b; /* searching side, other side */
    enum side_name an, bn;
    int64_t reach;
    int64_t least; /* no price of the other side is below */
};

/* Dijkstra. */

static void touch(struct phase *ph, enum side_name name, uint32_t index)
{
    struct scratch *s = &ph->m->scratch;

    if (ph->m->side[name].node[index].dist == DIST_NONE)
        s->touched[name][s->touched_count[name]++] = index;
}

static void reach_at_most(struct phase *ph, int64_t dist)
{
    if (dist < ph->reach) ph->reach = dist;
}

/* From a person of the searching side: its edges that are not pairs. */
static void scan(struct phase *ph, uint32_t index)
{
    const struct person *person = &ph->a->person[index];
    const struct arc *arc = ph->a->arcs + person->first + person->load;
    const struct arc *end = ph->a->arcs + person->first + person->degree;
    const int64_t pair_weight = ph->m->pair_weight, score_weight = ph->m->score_weight;
    const int64_t base = ph->a->node[index].dist + ph->a->node[index].price, reach = ph->reach;
    const int64_t too_little = base + ph->least - reach; /* nor will those that score less */

    for (; arc < end; arc++) {
        const int64_t weight = pair_weight + score_weight * arc->score;
        struct node *to = &ph->b->node[arc->to];
        const int64_t dist = base - weight + to->price;

        if (weight <= too_little) return;
        if (dist >= to->dist || dist >= reach) continue;
        touch(ph, ph->bn, arc->to);
        to->dist = dist;
        heap_push(&ph->m->scratch.heap, dist, arc->to << 1 | 1);
    }
}

/* From a person of the other side: a free place, or its partners, one of whom makes way. */
static void pass(struct phase *ph, uint32_t index)
{
    const struct person *person = &ph->b->person[index];
    const struct node *node = &ph->b->node[index];
    const struct arc *arcs = arcs_of(ph->b, index);

    if (person->load < person->capacity) {
        const int64_t up = price_ceiling(ph->b, index) - node->price;

        reach_at_most(ph, node->dist + (up < 0 ? 0 : up));
    }
    for (uint32_t i = 0; i < person->load; i++) {
        struct node *to = &ph->a->node[arcs[i].to];
        const int64_t dist = node->dist + arc_weight(ph->m, arcs[i]) - node->price - to->price;

        if (dist >= to->dist || dist >= ph->reach) continue;
        touch(ph, ph->an, arcs[i].to);
        to->dist = dist;
        reach_at_most(ph, dist + to->price - price_floor(ph->a, arcs[i].to));
        heap_push(&ph->m->scratch.heap, dist, arcs[i].to << 1);
    }
}

static void dijkstra(struct phase *ph, const uint32_t *active, uint32_t count)
{
    struct scratch *s = &ph->m->scratch;

    ph->reach = INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t index = active[i];

        touch(ph, ph->an, index);
        ph->a->node[index].dist = 0;
        reach_at_most(ph, ph->a->node[index].price - price_ceiling(ph->a, index));
    }
    for (uint32_t i = 0; i < count; i++)
        scan(ph, active[i]);
    while (s->heap.count > 0) {
        const struct entry e = heap_pop(&s->heap);
        const bool is_b = (e.node & 1) != 0;

        if (e.key >= ph->reach) break;
        if (e.key != (is_b ? ph->b : ph->a)->node[e.node >> 1].dist) continue;
        if (is_b)
            pass(ph, e.node >> 1);
        else
            scan(ph, e.node >> 1);
    }
    s->heap.count = 0;
}

static void reprice(struct phase *ph)
{
    struct scratch *s = &ph->m->scratch;

    for (unsigned k = 0; k < 2; k++) {
        const int64_t sign = k == (unsigned)ph->an ? -1 : 1;
        struct node *node = ph->m->side[k].node;

        for (uint32_t i = 0; i < s->touched_count[k]; i++) {
            struct node *n = &node[s->touched[k][i]];

            if (n->dist < ph->reach) n->price += sign * (ph->reach - n->dist);
            n->dist = DIST_NONE;
        }
        s->touched_count[k] = 0;
    }
}

/* Tight paths, depth first. */

static void link_ab(struct phase *ph, uint32_t a, uint32_t b)
{
    if (ph->an == PARTICIPANT)
        graph_link(ph->m, a, b);
    else
        graph_link(ph->m, b, a);
}

static void unlink_ab(struct phase *ph, uint32_t a, uint32_t b)
{
    if (ph->an == PARTICIPANT)
        graph_unlink(ph->m, a, b);
    else
        graph_unlink(ph->m, b, a);
}

/* The path ends with b, which has a place, or with b's partner `last`, who goes without. */
static void augment(struct phase *ph, uint32_t b, const uint32_t *last)
{
    const uint32_t *from_a = ph->m->scratch.parent[ph->bn];
    const uint32_t *from_b = ph->m->scratch.parent[ph->an];

    if (last != NULL) unlink_ab(ph, *last, b);
    for (;;) {
        const uint32_t a = from_a[b];

        ph->m->scratch.mark[ph->bn][b] = 0;
        if (from_b[a] == NOBODY) {
            link_ab(ph, a, b);
            return;
        }
        unlink_ab(ph, a, from_b[a]);
        link_ab(ph, a, b);
        b = from_b[a];
    }
}

static void enter(struct phase *ph, uint32_t a, uint32_t from)
{
    struct scratch *s = &ph->m->scratch;

    s->mark[ph->an][a] = s->round;
    s->parent[ph->an][a] = from;
    s->cursor[ph->an][a] = ph->a->person[a].load;
}

/* Whether the path may end at b, or at a partner of b; if so, it has been taken. Partners that are
 * met for the first time go onto the stack. */
static bool arrive(struct phase *ph, uint32_t b, uint32_t *stack, uint32_t *depth)
{
    struct scratch *s = &ph->m->scratch;
    const struct node *node = &ph->b->node[b];
    const struct arc *arcs = arcs_of(ph->b, b);

    if (ph->b->person[b].load < ph->b->person[b].capacity &&
        node->price >= price_ceiling(ph->b, b)) {
        augment(ph, b, NULL);
        return true;
    }
    s->mark[ph->bn][b] = s->round;
    for (uint32_t i = 0; i < ph->b->person[b].load; i++) {
        const uint32_t a = arcs[i].to;

        if (s->mark[ph->an][a] == s->round) continue;
        if (ph->a->node[a].price + node->price != arc_weight(ph->m, arcs[i])) continue;
        enter(ph, a, b);
        if (ph->a->node[a].price == price_floor(ph->a, a)) {
            augment(ph, b, &a);
            return true;
        }
        stack[(*depth)++] = a;
    }
    return false;
}

static bool walk(struct phase *ph, uint32_t source)
{
    struct scratch *s = &ph->m->scratch;
    uint32_t *stack = s->touched[ph->an]; /* free between searches, and room for everybody */
    uint32_t depth = 0;

    if (s->mark[ph->an][source] == s->round) return false;
    enter(ph, source, NOBODY);
    stack[depth++] = source;
    while (depth > 0) {
        const uint32_t a = stack[depth - 1], degree = ph->a->person[a].degree;
        const struct arc *arcs = arcs_of(ph->a, a);
        const int64_t price = ph->a->node[a].price;
        uint32_t i = s->cursor[ph->an][a];

        /* Those that score less than the least price allows are not tight. */
        while (i < degree && price + ph->least <= arc_weight(ph->m, arcs[i]) &&
               (price + ph->b->node[arcs[i].to].price != arc_weight(ph->m, arcs[i]) ||
                s->mark[ph->bn][arcs[i].to] == s->round))
            i++;
        s->cursor[ph->an][a] = i + 1;
        if (i >= degree || price + ph->least > arc_weight(ph->m, arcs[i])) {
            depth--;
            continue;
        }
        s->parent[ph->bn][arcs[i].to] = a;
        if (arrive(ph, arcs[i].to, stack, &depth)) {
            while (depth > 0)
                s->mark[ph->an][stack[--depth]] = 0;
            return true;
        }
    }
    return false;
}

void settle(struct matching *m, enum side_name name, uint32_t *active, uint32_t count)
{
    const enum side_name other = name == MENTOR ? PARTICIPANT : MENTOR;
    struct phase ph = {m, &m->side[name], &m->side[other], name, other, 0, 0};

    for (;;) {
        uint32_t still = 0;

        for (uint32_t i = 0; i < count; i++)
            if (is_active(ph.a, active[i])) active[still++] = active[i];
        count = still;
        if (count == 0) return;
        if (count <= m->scratch.few) {
            for (uint32_t i = 0; i < count; i++)
                if (is_active(ph.a, active[i])) meet(m, name, active[i]);
            continue;
        }

        ph.least = graph_least_price(ph.b);
        dijkstra(&ph, active, count);
        reprice(&ph);
        for (uint32_t taken = count, before = 0; 4 * taken > before && before != taken;) {
            graph_next_round(m);
            before = 0;
            taken = 0;
            for (uint32_t i = 0; i < count; i++)
                if (is_active(ph.a, active[i])) {
                    before++;
                    while (is_active(ph.a, active[i]) && walk(&ph, active[i]))
                        taken++;
                }
        }
    }
}
