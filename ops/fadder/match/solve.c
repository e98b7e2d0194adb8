/* People of two sheets as an instance of the matching, and its ranks. */
#include "match/solve.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu", count);
    return new;
}

static bool names(const struct match_word_list *list, const char *id)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i], id) == 0) return true;
    return false;
}

struct score match_score(const struct match_case *c, uint32_t participant, uint32_t mentor)
{
    const struct match_person *p = &c->participants->at[participant], *q = &c->mentors->at[mentor];
    const struct score_relation relation = {.is_conflict = names(&p->conflicts, q->id),
                                            .is_supervisor = names(&p->supervisors, q->id),
                                            .is_former = names(&p->former, q->id)};

    struct score s = score_pair(&c->rules->score, &p->known, &q->known, relation);

    if (c->is_same_people && strcmp(p->id, q->id) == 0)
        s.failed |= 1u << SCORE_CONFLICT; /* whatever the rules: nobody is their own mentor */
    return s;
}

struct turn {
    int64_t since;
    uint32_t index;
};

/* People are in order of id already. */
static int by_wait(const void *left, const void *right)
{
    const struct turn *a = left, *b = right;

    if (a->since != b->since) return a->since < b->since ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* The turns; and, the other way round, whose turn it is when. */
static uint32_t *take_turns(struct match_case *c)
{
    const uint32_t count = c->participants->count;
    struct turn *turns = room(NULL, count, sizeof *turns);
    uint32_t *ranks = room(NULL, count, sizeof *ranks);

    for (uint32_t i = 0; i < count; i++)
        turns[i] = (struct turn){c->participants->at[i].waiting_since, i};
    if (count > 1) qsort(turns, count, sizeof *turns, by_wait);
    c->turns = room(NULL, count, sizeof *c->turns);
    for (uint32_t i = 0; i < count; i++) {
        c->turns[i] = turns[i].index;
        ranks[turns[i].index] = i;
    }
    free(turns);
    return ranks;
}

static struct matching_edge *find_candidates(const struct match_case *c, size_t *count)
{
    struct matching_edge *edges = NULL;
    size_t space = 0;

    *count = 0;
    for (uint32_t p = 0; p < c->participants->count; p++)
        for (uint32_t q = 0; q < c->mentors->count; q++) {
            const struct score s = match_score(c, p, q);

            if (s.failed != 0 || s.total < c->rules->least_score) continue;
            if (*count == space) {
                space = space == 0 ? 4096 : 2 * space;
                edges = room(edges, space, sizeof *edges);
            }
            edges[(*count)++] = (struct matching_edge){p, q, s.total};
        }
    return edges;
}

static uint32_t *places(const struct match_people *people)
{
    uint32_t *list = room(NULL, people->count, sizeof *list);

    for (uint32_t i = 0; i < people->count; i++)
        list[i] = people->at[i].places;
    return list;
}

bool match_solve(struct match_case *c, const struct matching_objective *objective,
                 struct error *err)
{
    uint32_t *ranks = take_turns(c), *wanted = places(c->participants),
             *free_of = places(c->mentors);
    struct matching_instance in = {.objective = *objective,
                                   .participants = c->participants->count,
                                   .mentors = c->mentors->count,
                                   .participant_rank = ranks,
                                   .participant_capacity = wanted,
                                   .mentor_capacity = free_of};
    struct matching_edge *edges = find_candidates(c, &in.edge_count);

    in.edges = edges;
    c->matching = matching_create(&in, err);
    if (c->matching != NULL) matching_solve(c->matching);
    free(ranks);
    free(wanted);
    free(free_of);
    free(edges);
    return c->matching != NULL;
}

void match_forget(struct match_case *c)
{
    matching_destroy(c->matching);
    free(c->turns);
}
