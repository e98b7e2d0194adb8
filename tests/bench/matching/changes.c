/* How long one change takes: random changes to a solved random instance, each timed by itself.
 *
 *     matching_changes PARTICIPANTS MENTORS CANDIDATES SPAN CHANGES SEED
 *
 * prints `changes N p50 A p90 B p99 C max D seconds` and, to be believed, whether the objective
 * after all of them is that of a full solve.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/error.h"
#include "matching/matching.h"
#include "peak.h"

struct world {
    struct matching_instance in;
    uint32_t *capacity[2];
    struct matching *m;
    uint64_t seed;
    uint32_t candidates, span;
};

static uint32_t draw(struct world *w, uint32_t limit)
{
    w->seed ^= w->seed << 13;
    w->seed ^= w->seed >> 7;
    w->seed ^= w->seed << 17;
    return (uint32_t)((w->seed >> 20) % limit);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(bool ok, const struct error *err)
{
    if (ok) return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

/* Different ones, by a stride that does not meet itself. */
static void draw_edges(struct world *w, struct matching_edge *edges, uint32_t self, bool is_mentor,
                       uint32_t count, uint32_t others)
{
    const uint32_t stride = others / (count + 1), first = draw(w, others);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t to = (first + i * stride + draw(w, stride)) % others;

        edges[i] = (struct matching_edge){is_mentor ? to : self, is_mentor ? self : to,
                                          (int32_t)draw(w, w->span)};
    }
}

static void build(struct world *w)
{
    struct matching_edge *edges =
        malloc((size_t)w->in.participants * w->candidates * sizeof *edges);
    struct error err = {0};

    w->in.objective = matching_objective_default;
    for (unsigned k = 0; k < 2; k++)
        w->capacity[k] = malloc((w->in.participants + w->in.mentors) * sizeof(uint32_t));
    for (uint32_t i = 0; i < w->in.participants; i++)
        w->capacity[0][i] = 1;
    for (uint32_t i = 0; i < w->in.mentors; i++)
        w->capacity[1][i] = 1 + draw(w, 3);
    for (uint32_t i = 0; i < w->in.participants; i++)
        draw_edges(w, edges + (size_t)i * w->candidates, i, false, w->candidates, w->in.mentors);
    w->in.edges = edges;
    w->in.edge_count = (size_t)w->in.participants * w->candidates;
    w->in.participant_capacity = w->capacity[0];
    w->in.mentor_capacity = w->capacity[1];
    w->m = matching_create(&w->in, &err);
    must(w->m != NULL, &err);
    matching_solve(w->m);
}

static double change(struct world *w, uint32_t kind)
{
    const uint32_t p = draw(w, w->in.participants), q = draw(w, w->in.mentors);
    struct matching_edge *edges = malloc(256 * sizeof *edges), pair;
    struct error err = {0};
    double begin;
    uint32_t index;

    if (kind == 0) draw_edges(w, edges, 0, false, w->candidates, w->in.mentors);
    if (kind == 1) draw_edges(w, edges, 0, true, w->candidates, w->in.participants);
    begin = now();
    switch (kind) {
    case 0:
        must(matching_add_participant(w->m, 1, 0, edges, w->candidates, &index, &err), &err);
        break;
    case 1: must(matching_add_mentor(w->m, 2, 0, edges, w->candidates, &index, &err), &err); break;
    case 2: must(matching_remove_participant(w->m, p, &err), &err); break;
    case 3: must(matching_remove_mentor(w->m, q, &err), &err); break;
    case 4: must(matching_set_mentor_capacity(w->m, q, 1 + draw(w, 3), &err), &err); break;
    case 5: must(matching_set_participant_capacity(w->m, p, draw(w, 2), &err), &err); break;
    case 6: /* declined */
        if (matching_mentors_of(w->m, p, &pair, 1) > 0)
            must(matching_drop_edge(w->m, p, pair.mentor, &err), &err);
        break;
    default:
        if (matching_mentors_of(w->m, p, &pair, 1) > 0) {
            pair.score = (int32_t)draw(w, w->span);
            must(matching_set_edge(w->m, pair, &err), &err);
        }
    }
    begin = now() - begin;
    free(edges);
    return begin;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    struct world w = {0};
    struct matching_value kept, fresh;
    uint32_t count;
    double *took;

    if (argc != 7) return fputs("usage: see the head of the source\n", stderr), 2;
    w.in.participants = (uint32_t)atoi(argv[1]);
    w.in.mentors = (uint32_t)atoi(argv[2]);
    w.candidates = (uint32_t)atoi(argv[3]);
    w.span = (uint32_t)atoi(argv[4]);
    count = (uint32_t)atoi(argv[5]);
    w.seed = (uint64_t)atoi(argv[6]) * 0x9e3779b97f4a7c15u + 1;
    build(&w);
    took = malloc(count * sizeof *took);
    for (uint32_t i = 0; i < count; i++)
        took[i] = change(&w, i % 8);
    kept = matching_value(w.m);
    matching_solve(w.m);
    fresh = matching_value(w.m);
    qsort(took, count, sizeof *took, by_size);
    printf("changes %u p50 %.6f p90 %.6f p99 %.6f max %.6f seconds; as good as a full solve: %s; "
           "kilobytes %ld\n",
           count, took[count / 2], took[count - count / 10], took[count - count / 100 - 1],
           took[count - 1], memcmp(&kept, &fresh, sizeof kept) == 0 ? "yes" : "no",
           peak_kilobytes());
    return memcmp(&kept, &fresh, sizeof kept) != 0;
}
