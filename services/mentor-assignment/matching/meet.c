/* A cheapest path from one person to any way out.
 *
 * When places are scarce the way out is far, and a search from the person alone sees everybody. So
 * after some patience a second search comes from all ways out (from S, against the arcs), and the
 * two meet in the middle. Backwards the sides change roles: what one search does with those who are
 * no pairs, the other does with pairs.
 *
 * With `forth` and `back` the radii within which the two know every distance, and their sum the
 * length of the path, prices change by min(distance from the person, forth) less min(distance to
 * S, back), S itself by nothing: no arc gets cheaper than free, and the path becomes tight.
 */
#include "matching/meet.h"

#include "matching/heap.h"

#define NOBODY UINT32_MAX

struct spot {
    enum side_name side;
    uint32_t index; /* NOBODY: none */
};

struct meeting {
    struct matching *m;
    struct front *forth, *back;
    enum side_name an, bn; /* the person's side, and the other */
    uint32_t source;
    int64_t best;       /* length of the shortest path known */
    struct spot middle; /* where that path's halves meet, or where the forward search ends */
    bool is_out;        /* it ends there */
    int64_t least[2];   /* price by side */
    int64_t sown;       /* ways out up to there are in the backward search; -1: none */
    bool is_all_sown;
};

static void put(struct front *f, enum side_name side, uint32_t index, int64_t dist, uint32_t from)
{
    if (f->dist[side][index] == DIST_NONE) f->touched[side][f->touched_count[side]++] = index;
    f->dist[side][index] = dist;
    f->from[side][index] = from;
    heap_push(&f->heap, dist, index << 1 | (side == MENTOR));
}

static void reach(struct meeting *g, struct front *f, enum side_name side, uint32_t index,
                  int64_t dist, uint32_t from)
{
    const struct front *other = f == g->forth ? g->back : g->forth;
    const int64_t rest = other->dist[side][index];

    if (dist >= f->dist[side][index] || dist >= g->best) return;
    put(f, side, index, dist, from);
    if (rest == DIST_NONE || dist + rest >= g->best) return;
    g->best = dist + rest;
    g->middle = (struct spot){side, index};
    g->is_out = false;
}

static void find_out(struct meeting *g, enum side_name side, uint32_t index, int64_t dist)
{
    if (dist >= g->best) return;
    g->best = dist;
    g->middle = (struct spot){side, index};
    g->is_out = true;
}

/* What it costs to end here: a free place of the other side, or a partner that one's own gives up. */
static int64_t way_out(const struct meeting *g, enum side_name name, uint32_t index)
{
    const struct side *side = &g->m->side[name];
    const struct person *person = &side->person[index];
    int64_t cost;

    if (name == g->an)
        return person->load == 0 ? DIST_NONE : side->node[index].price - price_floor(side, index);
    if (person->load == person->capacity) return DIST_NONE;
    cost = price_ceiling(side, index) - side->node[index].price;
    return cost < 0 ? 0 : cost;
}

/* Spreading. */

static void spread_to_others(struct meeting *g, struct front *f, enum side_name name,
                             uint32_t index)
{
    const struct matching *m = g->m;
    const struct side *side = &m->side[name];
    const struct node *others = m->side[!name].node;
    const struct person *person = &side->person[index];
    const struct arc *arcs = arcs_of(side, index);
    const int64_t base = f->dist[name][index] + side->node[index].price;
    const bool is_back = f == g->back;

    for (uint32_t i = person->load; i < person->degree; i++) {
        const uint32_t to = arcs[i].to;
        const int64_t weight = arc_weight(m, arcs[i]);

        if (base + g->least[!name] - weight >= g->best) break; /* they score less and less */
        /* Backwards: who has no partner is on no path but as the source. */
        if (is_back && m->side[!name].person[to].load == 0 && to != g->source) continue;
        reach(g, f, !name, to, base + others[to].price - weight, index);
    }
}

static void spread_to_partners(struct meeting *g, struct front *f, enum side_name name,
                               uint32_t index)
{
    const struct matching *m = g->m;
    const struct side *side = &m->side[name];
    const struct node *others = m->side[!name].node;
    const struct arc *arcs = arcs_of(side, index);
    const int64_t base = f->dist[name][index] - side->node[index].price;

    for (uint32_t i = 0; i < side->person[index].load; i++) {
        const uint32_t to = arcs[i].to;
        const int64_t dist = base + arc_weight(m, arcs[i]) - others[to].price;

        reach(g, f, !name, to, dist, index);
        if (f == g->forth && f->dist[!name][to] == dist)
            find_out(g, !name, to, dist + way_out(g, !name, to));
    }
}

static void spread(struct meeting *g, struct front *f, struct entry e)
{
    const enum side_name name = (e.node & 1) != 0 ? MENTOR : PARTICIPANT;
    const uint32_t index = e.node >> 1;
    const enum side_name to_others = f == g->forth ? g->an : g->bn;

    if (name == to_others) {
        spread_to_others(g, f, name, index);
        return;
    }
    if (f == g->forth) {
        const int64_t out = way_out(g, name, index);

        if (out != DIST_NONE) find_out(g, name, index, e.key + out);
    }
    spread_to_partners(g, f, name, index);
}

/* The least distance that is not spread yet, without those that have been overtaken. */
static int64_t top(struct front *f)
{
    while (f->heap.count > 0) {
        const struct entry e = f->heap.entries[0];
        const enum side_name name = (e.node & 1) != 0 ? MENTOR : PARTICIPANT;

        if (f->dist[name][e.node >> 1] == e.key) return e.key;
        heap_pop(&f->heap);
    }
    return DIST_NONE;
}

/* The backward search. */

static int64_t least_price(const struct side *side)
{
    int64_t least = PRICE_MAX;

    for (uint32_t i = 0; i < side->count; i++)
        if (side->person[i].degree > 0 && side->node[i].price < least) least = side->node[i].price;
    return least;
}

/* Put the ways out that cost more than what is in already, up to a limit. */
static void sow(struct meeting *g, int64_t limit)
{
    g->is_all_sown = true;
    for (unsigned k = 0; k < 2; k++) {
        const enum side_name name = (enum side_name)k;

        for (uint32_t i = 0; i < g->m->side[k].count; i++) {
            const int64_t cost = way_out(g, name, i);

            if (cost == DIST_NONE || cost <= g->sown || cost >= g->best) continue;
            if (name == g->an && i == g->source) continue;
            if (cost > limit) {
                g->is_all_sown = false;
                continue;
            }
            reach(g, g->back, name, i, cost, NOBODY);
        }
    }
    g->sown = limit;
}

/* How far the backward search knows every distance. */
static int64_t back_radius(struct meeting *g)
{
    if (g->sown < 0) return 0;
    while (!g->is_all_sown && top(g->back) > g->sown)
        sow(g, 2 * g->sown + 1);
    return top(g->back);
}

static void search(struct meeting *g)
{
    for (uint32_t round = 0;; round++) {
        const int64_t forth = top(g->forth), back = back_radius(g);

        if (forth >= g->best || back >= g->best || forth >= g->best - back) return;
        if (g->sown < 0 && round >= g->m->scratch.patience) {
            g->least[g->an] = least_price(&g->m->side[g->an]);
            sow(g, g->best / 8);
        } else if (g->sown < 0 || round % 2 == 0) {
            spread(g, g->forth, heap_pop(&g->forth->heap));
        } else {
            spread(g, g->back, heap_pop(&g->back->heap));
        }
    }
}

/* Prices. */

static int64_t at_most(int64_t dist, int64_t radius)
{
    return dist < radius ? dist : radius;
}

/* Only those that the forward search met: all others keep their prices, as S does. */
static void reprice_met(struct meeting *g)
{
    for (unsigned k = 0; k < 2; k++) {
        struct node *node = g->m->side[k].node;

        for (uint32_t i = 0; i < g->forth->touched_count[k]; i++) {
            const uint32_t index = g->forth->touched[k][i];
            const int64_t change = g->best - at_most(g->forth->dist[k][index], g->best);

            node[index].price += k == (unsigned)g->an ? -change : change;
        }
    }
}

/* Somebody without any place has no price to keep: the lowest will do, or prices would wander. */
static void reprice_placeless(struct meeting *g, uint32_t index)
{
    struct side *side = &g->m->side[g->bn];

    side->node[index].price = graph_best_other(g->m, g->bn, index, -side->bonus, -PRICE_MAX);
}

static void reprice_all(struct meeting *g, int64_t forth, int64_t back)
{
    struct side *a = &g->m->side[g->an], *b = &g->m->side[g->bn];

    for (uint32_t i = 0; i < a->count; i++) {
        if (a->person[i].load == 0 && i != g->source) continue; /* what is dear enough stays so */
        a->node[i].price -= forth - at_most(g->forth->dist[g->an][i], forth) +
                            at_most(g->back->dist[g->an][i], back);
    }
    for (uint32_t i = 0; i < b->count; i++)
        if (b->person[i].capacity > 0)
            b->node[i].price += forth - at_most(g->forth->dist[g->bn][i], forth) +
                                at_most(g->back->dist[g->bn][i], back);
    for (uint32_t i = 0; i < b->count; i++)
        if (b->person[i].capacity == 0 && b->person[i].degree > 0) reprice_placeless(g, i);
}

/* The path. */

/* Chain the second half behind the first. Where it comes back to somebody of the first half (at no
 * cost), the loop is left out. Returns the end. */
static struct spot join(struct meeting *g)
{
    uint32_t **mark = g->m->scratch.mark;
    struct spot at = g->middle;

    if (g->is_out) return at;
    graph_next_round(g->m);
    for (struct spot s = at; s.index != NOBODY;
         s = (struct spot){!s.side, g->forth->from[s.side][s.index]})
        mark[s.side][s.index] = g->m->scratch.round;
    while (g->back->from[at.side][at.index] != NOBODY) {
        const struct spot next = {!at.side, g->back->from[at.side][at.index]};

        if (mark[next.side][next.index] != g->m->scratch.round) {
            put(g->forth, next.side, next.index, 0, at.index);
            mark[next.side][next.index] = g->m->scratch.round;
        }
        at = next;
    }
    return at;
}

static void turn(struct meeting *g, struct spot a, struct spot b, bool make)
{
    const uint32_t participant = a.side == PARTICIPANT ? a.index : b.index;
    const uint32_t mentor = a.side == PARTICIPANT ? b.index : a.index;

    if (make)
        graph_link(g->m, participant, mentor);
    else
        graph_unlink(g->m, participant, mentor);
}

/* From the end to the source: first all pairs that go, then all that come. */
static void take(struct meeting *g, struct spot end)
{
    for (unsigned make = 0; make < 2; make++) {
        for (struct spot s = end; g->forth->from[s.side][s.index] != NOBODY;) {
            const struct spot before = {!s.side, g->forth->from[s.side][s.index]};

            if ((before.side == g->an) == (make == 1)) turn(g, before, s, make == 1);
            s = before;
        }
    }
}

static void clear(struct front *f)
{
    for (unsigned k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < f->touched_count[k]; i++)
            f->dist[k][f->touched[k][i]] = DIST_NONE;
        f->touched_count[k] = 0;
    }
    f->heap.count = 0;
}

void meet(struct matching *m, enum side_name name, uint32_t index)
{
    const struct side *a = &m->side[name];
    struct meeting g = {.m = m,
                        .forth = &m->scratch.front[0],
                        .back = &m->scratch.front[1],
                        .an = name,
                        .bn = !name,
                        .source = index,
                        .best = a->node[index].price - price_ceiling(a, index),
                        .middle = {name, index},
                        .is_out = true,
                        .sown = -1};
    int64_t back;

    g.least[g.bn] = least_price(&m->side[g.bn]);
    put(g.forth, name, index, 0, NOBODY);
    search(&g);
    back = at_most(back_radius(&g), g.best);
    if (back == 0)
        reprice_met(&g);
    else
        reprice_all(&g, g.best - back, back);
    take(&g, join(&g));
    clear(g.forth);
    clear(g.back);
}
