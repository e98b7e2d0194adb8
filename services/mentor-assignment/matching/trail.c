/* Dijkstra over states: where one is, and how many others have lost a partner on the way. */
#include "matching/trail.h"

#include <stdlib.h>

#include "matching/heap.h"

struct step {
    struct spot from, to;
    uint32_t state; /* of from */
    int64_t dist;   /* of from */
};

static uint32_t number_of(const struct trail *t, struct spot s)
{
    if (s.kind == HUB) return t->people - 1;
    return s.kind == MENTOR ? t->m->side[PARTICIPANT].count + s.index : s.index;
}

uint32_t trail_state(const struct trail *t, struct spot s, uint32_t layer)
{
    return number_of(t, s) * t->layers + layer;
}

struct spot trail_spot(const struct trail *t, uint32_t state)
{
    const uint32_t number = state / t->layers, participants = t->m->side[PARTICIPANT].count;

    if (number == t->people - 1) return (struct spot){HUB, 0};
    if (number >= participants) return (struct spot){MENTOR, number - participants};
    return (struct spot){PARTICIPANT, number};
}

void trail_open(struct trail *t, const struct matching *m)
{
    *t = (struct trail){.m = m, .banned = {UINT32_MAX, UINT32_MAX}, .others = ANY_NUMBER};
    t->people = m->side[PARTICIPANT].count + m->side[MENTOR].count + 1;
}

void trail_close(struct trail *t)
{
    free(t->dist);
    free(t->parent);
    free(t->heap.entries);
}

static void relax(struct trail *t, const struct step *step, int64_t cost, bool loses_partner)
{
    const bool counts = t->others != ANY_NUMBER && loses_partner;
    const uint32_t layer = step->state % t->layers + (counts ? 1 : 0);
    uint32_t state;

    if (layer >= t->layers) return;
    state = trail_state(t, step->to, layer);
    if (step->dist + cost >= t->dist[state]) return;
    t->dist[state] = step->dist + cost;
    t->parent[state] = step->state;
    heap_push(&t->heap, t->dist[state], state);
}

static bool is_banned(const struct trail *t, uint32_t participant, uint32_t mentor)
{
    return participant == t->banned[PARTICIPANT] && mentor == t->banned[MENTOR];
}

static void spread_participant(struct trail *t, struct step step)
{
    const struct side *p = &t->m->side[PARTICIPANT], *q = &t->m->side[MENTOR];
    const uint32_t index = step.from.index;
    const struct arc *arcs = arcs_of(p, index);

    for (uint32_t i = p->person[index].load; i < p->person[index].degree; i++) {
        if (is_banned(t, index, arcs[i].to)) continue;
        step.to = (struct spot){MENTOR, arcs[i].to};
        relax(t, &step,
              p->node[index].price + q->node[arcs[i].to].price - arc_weight(t->m, arcs[i]), false);
    }
    step.to = (struct spot){HUB, 0};
    if (p->person[index].load > 0)
        relax(t, &step, p->node[index].price - price_floor(p, index), false);
}

static void spread_mentor(struct trail *t, struct step step)
{
    const struct side *p = &t->m->side[PARTICIPANT], *q = &t->m->side[MENTOR];
    const uint32_t index = step.from.index;
    const struct arc *arcs = arcs_of(q, index);

    for (uint32_t i = 0; i < q->person[index].load; i++) {
        if (is_banned(t, arcs[i].to, index)) continue;
        step.to = (struct spot){PARTICIPANT, arcs[i].to};
        relax(t, &step,
              arc_weight(t->m, arcs[i]) - p->node[arcs[i].to].price - q->node[index].price, true);
    }
    step.to = (struct spot){HUB, 0};
    if (q->person[index].load < q->person[index].capacity)
        relax(t, &step, price_ceiling(q, index) - q->node[index].price, false);
}

/* From "nobody": a place is given back, or somebody comes in. */
static void spread_hub(struct trail *t, struct step step)
{
    const struct side *p = &t->m->side[PARTICIPANT], *q = &t->m->side[MENTOR];

    for (uint32_t i = 0; i < q->count; i++) {
        if (q->person[i].load == 0) continue;
        step.to = (struct spot){MENTOR, i};
        relax(t, &step, q->node[i].price - price_floor(q, i), false);
    }
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->person[i].load == p->person[i].capacity) continue;
        step.to = (struct spot){PARTICIPANT, i};
        relax(t, &step, price_ceiling(p, i) - p->node[i].price, false);
    }
}

static void spread(struct trail *t, uint32_t state, int64_t dist)
{
    const struct step step = {.from = trail_spot(t, state), .state = state, .dist = dist};

    if (step.from.kind == HUB)
        spread_hub(t, step);
    else if (step.from.kind == MENTOR)
        spread_mentor(t, step);
    else
        spread_participant(t, step);
}

/* Whether somebody got there as cheaply with fewer others concerned. */
static bool is_beaten(const struct trail *t, uint32_t state)
{
    for (uint32_t layer = state % t->layers; layer-- > 0;)
        if (t->dist[state - state % t->layers + layer] <= t->dist[state]) return true;
    return false;
}

bool trail_search(struct trail *t, uint32_t *end)
{
    const bool is_everywhere = t->to.kind == UINT32_MAX;
    const uint32_t target = is_everywhere ? UINT32_MAX : number_of(t, t->to);
    size_t states;

    t->layers = t->others == ANY_NUMBER ? 1 : t->others + 1;
    states = (size_t)t->people * t->layers;
    t->dist = graph_room(t->dist, states, sizeof *t->dist);
    t->parent = graph_room(t->parent, states, sizeof *t->parent);
    for (size_t i = 0; i < states; i++)
        t->dist[i] = DIST_NONE;
    t->heap.count = 0;
    *end = trail_state(t, t->from, 0);
    t->dist[*end] = 0;
    t->parent[*end] = UINT32_MAX;
    heap_push(&t->heap, 0, *end);
    while (t->heap.count > 0) {
        const struct entry e = heap_pop(&t->heap);

        if (e.key != t->dist[e.node] || is_beaten(t, e.node)) continue;
        if (e.node / t->layers == target) {
            *end = e.node;
            return true;
        }
        spread(t, e.node, e.key);
    }
    return is_everywhere;
}
