/* The graph of the arcs along which optima differ, and its strongly connected parts. */
#include "matching/tight.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

#define TO_MASK 0x3FFFFFFFu /* more persons than there may be */

/* Opening. */

/* A tight edge of one participant's. */
struct wish {
    uint32_t mentor, rank;
    int32_t score;
    bool is_pair;
};

static int by_preference(const void *left, const void *right)
{
    const struct wish *a = left, *b = right;

    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Pairs come first, the others nearly in order. */
static void sort_wishes(struct wish *wishes, uint32_t count)
{
    if (count > 64) {
        qsort(wishes, count, sizeof *wishes, by_preference);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        const struct wish wish = wishes[i];
        uint32_t at = i;

        for (; at > 0 && by_preference(&wishes[at - 1], &wish) > 0; at--)
            wishes[at] = wishes[at - 1];
        wishes[at] = wish;
    }
}

static uint32_t highest_degree(const struct side *side)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < side->count; i++)
        if (side->person[i].degree > most) most = side->person[i].degree;
    return most;
}

/* least: no mentor's price is below. */
static uint32_t wishes_of(const struct matching *m, uint32_t participant, int64_t least,
                          struct wish *wishes)
{
    const struct side *p = &m->side[PARTICIPANT], *q = &m->side[MENTOR];
    const struct person *person = &p->person[participant];
    const struct arc *arcs = arcs_of(p, participant);
    const int64_t price = p->node[participant].price;
    uint32_t count = 0;
    bool is_in_order = true;

    for (uint32_t i = 0; i < person->degree; i++) {
        const int64_t weight = arc_weight(m, arcs[i]);
        const uint32_t to = arcs[i].to;

        if (i >= person->load && weight < price + least) break; /* they score less and less */
        if (price + q->node[to].price != weight) continue;
        wishes[count] = (struct wish){to, q->rank[to], arcs[i].score, i < person->load};
        if (count > 0 && by_preference(&wishes[count - 1], &wishes[count]) > 0) is_in_order = false;
        count++;
    }
    if (!is_in_order) sort_wishes(wishes, count);
    return count;
}

/* Those of the participants; of the mentors only how many there are. */
static uint32_t list_edges(struct tight *t)
{
    const int64_t least = graph_least_price(&t->m->side[MENTOR]);
    struct wish *wishes =
        graph_room(NULL, highest_degree(&t->m->side[PARTICIPANT]), sizeof *wishes);
    size_t room = 0, count = 0;

    for (uint32_t v = 0; v < t->mentors; v++) {
        const uint32_t more = wishes_of(t->m, v, least, wishes);

        if (count + more > room) {
            room = 2 * (count + more) + 1024;
            t->edges = graph_room(t->edges, room, sizeof *t->edges);
        }
        t->first[v] = (uint32_t)count;
        for (uint32_t k = 0; k < more; k++) {
            const uint32_t to = t->mentors + wishes[k].mentor;

            t->edges[count++] = (struct tight_edge){
                .to = to & TO_MASK, .is_pair = wishes[k].is_pair, .was_pair = wishes[k].is_pair};
            t->first[to]++;
        }
        if (count > UINT32_MAX / 2) bug("matching: more than %zu tight edges", count);
    }
    free(wishes);
    return (uint32_t)count;
}

/* The same edges once more, from the mentors' side. */
static void list_reverses(struct tight *t, uint32_t count)
{
    uint32_t *next = graph_room(NULL, t->hub, sizeof *next), at = count;

    t->edges = graph_room(t->edges, 2 * (size_t)count, sizeof *t->edges);
    for (uint32_t v = t->mentors; v < t->hub; v++) {
        const uint32_t more = t->first[v];

        t->first[v] = next[v] = at;
        at += more;
    }
    t->first[t->hub] = at;
    for (uint32_t v = 0; v < t->mentors; v++)
        for (uint32_t e = t->first[v]; e < t->first[v + 1]; e++) {
            struct tight_edge *edge = &t->edges[e];

            edge->reverse = next[edge->to]++;
            t->edges[edge->reverse] = *edge;
            t->edges[edge->reverse].reverse = e;
            t->edges[edge->reverse].to = v & TO_MASK;
        }
    free(next);
}

void tight_open(struct tight *t, struct matching *m)
{
    const uint32_t mentors = m->side[PARTICIPANT].count, hub = mentors + m->side[MENTOR].count;

    *t = (struct tight){.m = m, .mentors = mentors, .hub = hub};
    t->first = graph_room(NULL, hub + (size_t)1, sizeof *t->first);
    t->load = graph_room(NULL, hub, sizeof *t->load);
    t->near_hub = graph_room(NULL, hub, sizeof *t->near_hub);
    t->gone = graph_room(NULL, mentors, sizeof *t->gone);
    memset(t->first, 0, (hub + (size_t)1) * sizeof *t->first);
    memset(t->gone, 0, mentors * sizeof *t->gone);
    list_reverses(t, list_edges(t));
    for (uint32_t v = 0; v < hub; v++) {
        const struct side *side = &m->side[tight_side(t, v)];
        const int64_t price = side->node[tight_index(t, v)].price;

        t->load[v] = side->person[tight_index(t, v)].load;
        if (price == 0 || price == -side->bonus) t->near_hub[t->near_hub_count++] = v;
    }
}

/* First all pairs that are no more, so that nobody has more partners than places in between. */
void tight_close(struct tight *t)
{
    for (unsigned make = 0; make < 2; make++)
        for (uint32_t v = 0; v < t->mentors; v++)
            for (uint32_t e = t->first[v]; e < t->first[v + 1]; e++) {
                const struct tight_edge *edge = &t->edges[e];

                if (edge->is_pair == edge->was_pair || edge->is_pair != (make == 1)) continue;
                if (edge->is_pair)
                    graph_link(t->m, v, edge->to - t->mentors);
                else
                    graph_unlink(t->m, v, edge->to - t->mentors);
            }
    free(t->first);
    free(t->edges);
    free(t->load);
    free(t->near_hub);
    free(t->gone);
}

void tight_flip(struct tight *t, uint32_t edge)
{
    struct tight_edge *here = &t->edges[edge], *there = &t->edges[here->reverse];
    const uint32_t change = here->is_pair ? UINT32_MAX : 1; /* one less, or more */

    here->is_pair = there->is_pair = !here->is_pair;
    t->load[here->to] += change;
    t->load[there->to] += change;
}

/* Tarjan's algorithm, with a stack of our own. */

struct visit {
    uint32_t vertex, next; /* neighbour to look at */
};

struct tarjan {
    const struct tight *t;
    uint32_t *order, *low; /* by vertex; 0: not seen yet */
    uint32_t *open;        /* whose part is not known */
    uint32_t open_count, seen, depth;
    struct visit *stack;
    uint32_t *part;
};

/* The hub's neighbours, from *next on. */
static bool next_of_hub(const struct tight *t, uint32_t *next, uint32_t *to)
{
    while (*next < t->near_hub_count) {
        const uint32_t v = t->near_hub[(*next)++];

        if (v < t->mentors ? t->gone[v] || !tight_at_ceiling(t, v) : !tight_at_floor(t, v))
            continue;
        *to = v;
        return true;
    }
    return false;
}

/* A person's: 0 is the hub, the others are edges. */
static bool next_of_person(const struct tight *t, uint32_t v, uint32_t *next, uint32_t *to)
{
    const bool is_mentor = v >= t->mentors;
    const uint32_t end = t->first[v + 1];

    if (*next == 0) {
        *next = 1;
        *to = t->hub;
        if (is_mentor ? tight_at_ceiling(t, v) : tight_at_floor(t, v)) return true;
    }
    for (uint32_t e = t->first[v] + *next - 1; e < end; e++) {
        const struct tight_edge *edge = &t->edges[e];

        if (edge->is_pair != is_mentor || (is_mentor && t->gone[edge->to])) continue;
        *next = e - t->first[v] + 2;
        *to = edge->to;
        return true;
    }
    *next = end - t->first[v] + 1;
    return false;
}

static void enter(struct tarjan *j, uint32_t vertex)
{
    j->order[vertex] = j->low[vertex] = ++j->seen;
    j->open[j->open_count++] = vertex;
    j->stack[j->depth++] = (struct visit){vertex, 0};
}

static void leave(struct tarjan *j)
{
    const uint32_t vertex = j->stack[--j->depth].vertex;

    if (j->depth > 0) {
        const uint32_t above = j->stack[j->depth - 1].vertex;

        if (j->low[vertex] < j->low[above]) j->low[above] = j->low[vertex];
    }
    if (j->low[vertex] != j->order[vertex]) return;
    for (uint32_t member = UINT32_MAX; member != vertex;) {
        member = j->open[--j->open_count];
        j->part[member] = vertex;
        j->low[member] = UINT32_MAX; /* nobody gets lower through it */
    }
}

static void explore(struct tarjan *j, uint32_t root)
{
    if (j->order[root] != 0) return;
    enter(j, root);
    while (j->depth > 0) {
        struct visit *v = &j->stack[j->depth - 1];
        const uint32_t vertex = v->vertex;
        uint32_t to;

        if (!(vertex == j->t->hub ? next_of_hub(j->t, &v->next, &to)
                                  : next_of_person(j->t, vertex, &v->next, &to)))
            leave(j);
        else if (j->order[to] == 0)
            enter(j, to);
        else if (j->low[to] != UINT32_MAX && j->order[to] < j->low[vertex])
            j->low[vertex] = j->order[to];
    }
}

void tight_parts(const struct tight *t, uint32_t *part)
{
    const size_t count = t->hub + (size_t)1;
    struct tarjan j = {.t = t, .part = part};

    j.order = graph_room(NULL, count, sizeof *j.order);
    j.low = graph_room(NULL, count, sizeof *j.low);
    j.open = graph_room(NULL, count, sizeof *j.open);
    j.stack = graph_room(NULL, count, sizeof *j.stack);
    memset(j.order, 0, count * sizeof *j.order);
    for (uint32_t v = 0; v <= t->hub; v++)
        if (v >= t->mentors || !t->gone[v]) explore(&j, v);
    free(j.order);
    free(j.low);
    free(j.open);
    free(j.stack);
}
