#include "matching/tight.h"

#include <stdlib.h>
#include <string.h>

void tight_open(struct tight *t, const struct matching *m)
{
    *t = (struct tight){.m = m};
    t->near_hub = graph_room(NULL, (size_t)m->side[PARTICIPANT].count + m->side[MENTOR].count,
                             sizeof *t->near_hub);
    for (unsigned k = 0; k < 2; k++) {
        const struct side *side = &m->side[k];

        t->least[k] = INT64_MAX / 2;
        for (uint32_t i = 0; i < side->count; i++) {
            const int64_t price = side->node[i].price;

            if (side->person[i].degree > 0 && price < t->least[k]) t->least[k] = price;
            if (price == 0 || price == -side->bonus)
                t->near_hub[t->near_hub_count++] = (struct spot){k, i};
        }
    }
}

void tight_close(struct tight *t)
{
    free(t->near_hub);
}

/* --- Tarjan's algorithm, with a stack of our own ------------------------------------------------ */

struct visit {
    struct spot spot;
    uint32_t next; /* neighbour to look at */
};

struct tarjan {
    const struct tight *t;
    uint32_t *order, *low; /* by number; 0: not seen yet */
    uint32_t *open;        /* numbers whose part is not known */
    uint32_t open_count, seen, depth;
    struct visit *stack;
    uint32_t *part;
};

/* The hub's neighbours, from *next on. */
static bool next_of_hub(const struct tight *t, uint32_t *next, struct spot *to)
{
    while (*next < t->near_hub_count) {
        const struct spot s = t->near_hub[(*next)++];
        const struct side *side = &t->m->side[s.kind];

        if (s.kind == PARTICIPANT && t->gone != NULL && t->gone[s.index]) continue;
        if (s.kind == MENTOR ? !tight_at_floor(side, s.index) : !tight_at_ceiling(side, s.index))
            continue;
        *to = s;
        return true;
    }
    return false;
}

/* A person's: 0 is the hub, the others are arcs. */
static bool next_of_person(const struct tight *t, struct spot s, uint32_t *next, struct spot *to)
{
    const enum side_name name = (enum side_name)s.kind;
    const struct side *side = &t->m->side[name];
    const struct person *person = &side->person[s.index];
    const struct arc *arcs = arcs_of(side, s.index);
    const uint32_t begin = name == MENTOR ? 0 : person->load;
    const uint32_t end = name == MENTOR ? person->load : person->degree;
    const struct node *others = t->m->side[!name].node;
    const int64_t price = side->node[s.index].price;
    const int64_t least = name == MENTOR ? INT64_MIN : price + t->least[MENTOR];

    if (*next == 0) {
        *next = 1;
        *to = (struct spot){HUB, 0};
        if (name == MENTOR ? tight_at_ceiling(side, s.index) : tight_at_floor(side, s.index))
            return true;
    }
    for (uint32_t i = begin + *next - 1; i < end; i++) {
        const int64_t weight = arc_weight(t->m, arcs[i]);

        if (weight < least) break; /* and so on: they score less and less */
        if (price + others[arcs[i].to].price != weight) continue;
        if (name == MENTOR && t->gone != NULL && t->gone[arcs[i].to]) continue;
        *next = i - begin + 2;
        *to = (struct spot){!name, arcs[i].to};
        return true;
    }
    *next = end - begin + 1;
    return false;
}

static void enter(struct tarjan *j, struct spot s)
{
    const uint32_t number = tight_number(j->t, s);

    j->order[number] = j->low[number] = ++j->seen;
    j->open[j->open_count++] = number;
    j->stack[j->depth++] = (struct visit){s, 0};
}

static void leave(struct tarjan *j)
{
    const uint32_t number = tight_number(j->t, j->stack[--j->depth].spot);

    if (j->depth > 0) {
        const uint32_t above = tight_number(j->t, j->stack[j->depth - 1].spot);

        if (j->low[number] < j->low[above]) j->low[above] = j->low[number];
    }
    if (j->low[number] != j->order[number]) return;
    for (uint32_t member = UINT32_MAX; member != number;) {
        member = j->open[--j->open_count];
        j->part[member] = number;
        j->low[member] = UINT32_MAX; /* nobody gets lower through it */
    }
}

static void explore(struct tarjan *j, struct spot root)
{
    if (j->order[tight_number(j->t, root)] != 0) return;
    enter(j, root);
    while (j->depth > 0) {
        struct visit *v = &j->stack[j->depth - 1];
        const uint32_t number = tight_number(j->t, v->spot);
        struct spot to;
        uint32_t other;

        if (!(v->spot.kind == HUB ? next_of_hub(j->t, &v->next, &to)
                                  : next_of_person(j->t, v->spot, &v->next, &to))) {
            leave(j);
            continue;
        }
        other = tight_number(j->t, to);
        if (j->order[other] == 0)
            enter(j, to);
        else if (j->low[other] != UINT32_MAX && j->order[other] < j->low[number])
            j->low[number] = j->order[other];
    }
}

void tight_parts(const struct tight *t, uint32_t *part)
{
    const struct spot hub = {HUB, 0};
    const size_t count = tight_number(t, hub) + (size_t)1;
    struct tarjan j = {.t = t, .part = part};

    j.order = graph_room(NULL, count, sizeof *j.order);
    j.low = graph_room(NULL, count, sizeof *j.low);
    j.open = graph_room(NULL, count, sizeof *j.open);
    j.stack = graph_room(NULL, count, sizeof *j.stack);
    memset(j.order, 0, count * sizeof *j.order);
    for (unsigned k = 0; k < 2; k++)
        for (uint32_t i = 0; i < t->m->side[k].count; i++)
            if (k == MENTOR || t->gone == NULL || !t->gone[i]) explore(&j, (struct spot){k, i});
    explore(&j, hub);
    free(j.order);
    free(j.low);
    free(j.open);
    free(j.stack);
}
