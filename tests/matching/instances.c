/* Instances for tests, made of a seed. */
#include "instances.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCE = 2 * PEOPLE_MAX, SINK, NODES };

uint32_t draw(uint64_t *seed, uint32_t count)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)((*seed >> 16) % count);
}

static void mix(uint32_t *list, uint32_t count, uint64_t *seed)
{
    for (uint32_t i = 0; i < count; i++)
        list[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        const uint32_t k = draw(seed, i), swap = list[k];

        list[k] = list[i - 1];
        list[i - 1] = swap;
    }
}

static void draw_objective(struct matching_objective *objective, uint64_t *seed)
{
    uint32_t order[MATCHING_TERMS];

    *objective = matching_objective_default;
    if (draw(seed, 2) == 0) return;
    mix(order, MATCHING_TERMS, seed);
    objective->count = 1 + draw(seed, MATCHING_TERMS);
    for (uint32_t i = 0; i < objective->count; i++)
        objective->term[i] = (enum matching_term)order[i];
}

void sample_draw(struct sample *s, uint64_t *seed, uint32_t people)
{
    static const int32_t spans[] = {1, 2, 5, 20, 1000};
    struct matching_instance *in = &s->instance;
    const uint32_t density = draw(seed, 11), most = 1 + draw(seed, 4);
    const int32_t span = spans[draw(seed, 5)], low = draw(seed, 3) == 0 ? -span / 2 - 1 : 0;

    memset(s, 0, sizeof *s);
    in->participants = draw(seed, people + 1);
    in->mentors = draw(seed, people + 1);
    in->participant_capacity = s->participant_capacity;
    in->mentor_capacity = s->mentor_capacity;
    in->participant_rank = s->participant_rank;
    in->mentor_rank = s->mentor_rank;
    in->edges = s->edges;
    draw_objective(&in->objective, seed);
    mix(s->participant_rank, in->participants, seed);
    mix(s->mentor_rank, in->mentors, seed);
    for (uint32_t i = 0; i < PEOPLE_MAX; i++) {
        s->participant_capacity[i] = draw(seed, most + 1);
        s->mentor_capacity[i] = draw(seed, most + 1);
    }
    for (uint32_t p = 0; p < in->participants; p++)
        for (uint32_t m = 0; m < in->mentors; m++)
            if (draw(seed, 10) < density)
                s->edges[in->edge_count++] =
                    (struct matching_edge){p, m, low + (int32_t)draw(seed, (uint32_t)span)};
}

void sample_shuffle(struct sample *s, uint64_t *seed)
{
    for (size_t i = s->instance.edge_count; i > 1; i--) {
        const uint32_t k = draw(seed, (uint32_t)i);
        const struct matching_edge swap = s->edges[k];

        s->edges[k] = s->edges[i - 1];
        s->edges[i - 1] = swap;
    }
}

int value_compare(const struct matching_objective *objective, struct matching_value a,
                  struct matching_value b)
{
    for (uint32_t i = 0; i < objective->count; i++) {
        const enum matching_term t = objective->term[i];

        if (a.term[t] != b.term[t]) return a.term[t] < b.term[t] ? -1 : 1;
    }
    return 0;
}

static struct matching_value plus(struct matching_value a, struct matching_value b, int sign)
{
    for (unsigned t = 0; t < MATCHING_TERMS; t++)
        a.term[t] += sign * b.term[t];
    return a;
}

/* Bellman and Ford. */

struct link {
    int from, to;
    uint32_t free, used;
    struct matching_value gain;
};

struct net {
    struct link links[EDGES_MAX + 4 * PEOPLE_MAX];
    int count;
};

static void add_link(struct net *net, int from, int to, uint32_t room, enum matching_term term,
                     int64_t gain)
{
    struct link *link = &net->links[net->count++];

    *link = (struct link){.from = from, .to = to, .free = room};
    link->gain.term[term] = gain;
}

static void build(struct net *net, const struct sample *s)
{
    const struct matching_instance *in = &s->instance;

    net->count = 0;
    for (size_t i = 0; i < in->edge_count; i++) {
        add_link(net, (int)s->edges[i].participant, PEOPLE_MAX + (int)s->edges[i].mentor, 1,
                 MATCHING_PAIRS, 1);
        net->links[net->count - 1].gain.term[MATCHING_SCORE] = s->edges[i].score;
    }
    for (uint32_t p = 0; p < in->participants; p++) {
        const uint32_t room = s->participant_capacity[p];

        add_link(net, SOURCE, (int)p, room > 0, MATCHING_PARTICIPANTS, 1);
        add_link(net, SOURCE, (int)p, room > 0 ? room - 1 : 0, MATCHING_PARTICIPANTS, 0);
    }
    for (uint32_t m = 0; m < in->mentors; m++) {
        const uint32_t room = s->mentor_capacity[m];

        add_link(net, PEOPLE_MAX + (int)m, SINK, room > 0, MATCHING_MENTORS, 1);
        add_link(net, PEOPLE_MAX + (int)m, SINK, room > 0 ? room - 1 : 0, MATCHING_MENTORS, 0);
    }
}

struct reach {
    bool is_reached;
    struct matching_value gain;
    int link, sign;
};

static bool relax(const struct matching_objective *objective, struct reach *reach,
                  const struct net *net, int at, int sign)
{
    const struct link *link = &net->links[at];
    const int from = sign > 0 ? link->from : link->to, to = sign > 0 ? link->to : link->from;
    struct matching_value gain;

    if ((sign > 0 ? link->free : link->used) == 0 || !reach[from].is_reached) return false;
    gain = plus(reach[from].gain, link->gain, sign);
    if (reach[to].is_reached && value_compare(objective, gain, reach[to].gain) <= 0) return false;
    reach[to] = (struct reach){true, gain, at, sign};
    return true;
}

struct matching_value sample_optimum(const struct sample *s)
{
    struct matching_value total = {{0}};
    struct net net;

    build(&net, s);
    for (;;) {
        struct reach reach[NODES] = {[SOURCE] = {.is_reached = true}};
        bool changed = true;

        while (changed) {
            changed = false;
            for (int i = 0; i < net.count; i++) {
                if (relax(&s->instance.objective, reach, &net, i, 1)) changed = true;
                if (relax(&s->instance.objective, reach, &net, i, -1)) changed = true;
            }
        }
        if (!reach[SINK].is_reached || value_compare(&s->instance.objective, reach[SINK].gain,
                                                     (struct matching_value){{0}}) <= 0)
            return total;
        total = plus(total, reach[SINK].gain, 1);
        for (int at = SINK; at != SOURCE;) {
            struct link *link = &net.links[reach[at].link];

            link->free -= (uint32_t)reach[at].sign;
            link->used += (uint32_t)reach[at].sign;
            at = reach[at].sign > 0 ? link->from : link->to;
        }
    }
}

/* Every set of edges. */

static bool evaluate(const struct sample *s, uint32_t set, struct matching_value *value)
{
    uint32_t p[PEOPLE_MAX] = {0}, m[PEOPLE_MAX] = {0};

    memset(value, 0, sizeof *value);
    for (size_t i = 0; i < s->instance.edge_count; i++) {
        const struct matching_edge e = s->edges[i];

        if ((set >> i & 1) == 0) continue;
        if (p[e.participant] == s->participant_capacity[e.participant]) return false;
        if (m[e.mentor] == s->mentor_capacity[e.mentor]) return false;
        value->term[MATCHING_PARTICIPANTS] += p[e.participant]++ == 0;
        value->term[MATCHING_MENTORS] += m[e.mentor]++ == 0;
        value->term[MATCHING_PAIRS]++;
        value->term[MATCHING_SCORE] += e.score;
    }
    return true;
}

bool sample_best_where(const struct sample *s, sample_allowed *allowed, const void *cookie,
                       struct matching_value *best)
{
    bool is_found = false;

    for (uint32_t set = 0; set < UINT32_C(1) << s->instance.edge_count; set++) {
        struct matching_value value;

        if (!allowed(s, set, cookie) || !evaluate(s, set, &value)) continue;
        if (is_found && value_compare(&s->instance.objective, value, *best) <= 0) continue;
        is_found = true;
        *best = value;
    }
    return is_found;
}

static const struct sample *sorting;

static int by_rank(const void *left, const void *right)
{
    const struct matching_edge a = sorting->edges[*(const uint32_t *)left];
    const struct matching_edge b = sorting->edges[*(const uint32_t *)right];
    const uint32_t *pr = sorting->participant_rank, *mr = sorting->mentor_rank;

    if (a.participant != b.participant) return pr[a.participant] < pr[b.participant] ? -1 : 1;
    if (a.score != b.score) return a.score > b.score ? -1 : 1;
    return mr[a.mentor] < mr[b.mentor] ? -1 : 1;
}

struct matching_value sample_best_of_all(const struct sample *s, bool *chosen)
{
    const size_t count = s->instance.edge_count;
    uint32_t order[EDGES_MAX], best = 0, best_key = 0;
    struct matching_value top = {{0}};

    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    sorting = s;
    qsort(order, count, sizeof *order, by_rank);
    for (uint32_t set = 0; set < UINT32_C(1) << count; set++) {
        struct matching_value value;
        uint32_t key = 0;
        int order_of;

        if (!evaluate(s, set, &value)) continue;
        for (size_t i = 0; i < count; i++)
            key = key << 1 | (set >> order[i] & 1);
        order_of = value_compare(&s->instance.objective, value, top);
        if (order_of < 0 || (order_of == 0 && key <= best_key)) continue;
        best = set;
        best_key = key;
        top = value;
    }
    for (size_t i = 0; i < count; i++)
        chosen[i] = (best >> i & 1) != 0;
    return top;
}
