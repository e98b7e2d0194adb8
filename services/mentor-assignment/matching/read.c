/* What a matching says of itself. */
#include "matching/graph.h"

#include <stdlib.h>

struct matching_value matching_value(const struct matching *m)
{
    const struct side *p = &m->side[PARTICIPANT], *q = &m->side[MENTOR];
    struct matching_value value = {{0}};

    for (uint32_t i = 0; i < p->count; i++) {
        value.term[MATCHING_PARTICIPANTS] += p->person[i].load > 0;
        value.term[MATCHING_PAIRS] += p->person[i].load;
        for (uint32_t k = 0; k < p->person[i].load; k++)
            value.term[MATCHING_SCORE] += arcs_of(p, i)[k].score;
    }
    for (uint32_t i = 0; i < q->count; i++)
        value.term[MATCHING_MENTORS] += q->person[i].load > 0;
    return value;
}

/* What stands behind is compared by: whose mentors these are. */
struct preference {
    struct matching_edge edge;
    uint32_t rank;
};

static int by_preference(const void *left, const void *right)
{
    const struct preference *a = left, *b = right;

    if (a->edge.score != b->edge.score) return a->edge.score > b->edge.score ? -1 : 1;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->edge.mentor < b->edge.mentor ? -1 : a->edge.mentor > b->edge.mentor;
}

static uint32_t tell(const struct matching *m, uint32_t participant, uint32_t count,
                     struct matching_edge *edges, uint32_t room)
{
    const struct arc *arcs = arcs_of(&m->side[PARTICIPANT], participant);
    struct preference *list = graph_room(NULL, count, sizeof *list);

    for (uint32_t i = 0; i < count; i++)
        list[i] = (struct preference){{participant, arcs[i].to, arcs[i].score},
                                      m->side[MENTOR].rank[arcs[i].to]};
    if (count > 1) qsort(list, count, sizeof *list, by_preference);
    for (uint32_t i = 0; i < count && i < room; i++)
        edges[i] = list[i].edge;
    free(list);
    return count;
}

uint32_t matching_mentors_of(const struct matching *m, uint32_t participant,
                             struct matching_edge *pairs, uint32_t room)
{
    return tell(m, participant, m->side[PARTICIPANT].person[participant].load, pairs, room);
}

uint32_t matching_edges_of(const struct matching *m, uint32_t participant,
                           struct matching_edge *edges, uint32_t room)
{
    return tell(m, participant, m->side[PARTICIPANT].person[participant].degree, edges, room);
}
