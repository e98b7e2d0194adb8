/* Random instances, and a second opinion on them. */
#pragma once

#include "matching/matching.h"

enum { PEOPLE_MAX = 12, EDGES_MAX = PEOPLE_MAX * PEOPLE_MAX };

struct sample {
    struct matching_instance instance;
    uint32_t participant_capacity[PEOPLE_MAX], mentor_capacity[PEOPLE_MAX];
    uint32_t participant_rank[PEOPLE_MAX], mentor_rank[PEOPLE_MAX];
    struct matching_edge edges[EDGES_MAX];
};

/* A number below count, from a seed that it moves on. */
uint32_t draw(uint64_t *seed, uint32_t count);

/* An instance of at most people on each side: any capacity from 0, any density, scores from one
 * value to a thousand around zero, any objective, ranks mixed. */
void sample_draw(struct sample *sample, uint64_t *seed, uint32_t people);

/* Put the edges into another order. */
void sample_shuffle(struct sample *sample, uint64_t *seed);

/* The optimum by augmenting along Bellman-Ford paths, terms compared one by one. */
struct matching_value sample_optimum(const struct sample *sample);

/* The optimum, and which edges of the one that ranks prefer, by trying every set of edges. */
struct matching_value sample_best_of_all(const struct sample *sample, bool *chosen);

/* The optimum among the sets of edges (bit i: edges[i]) that are allowed; false: there is none. */
typedef bool sample_allowed(const struct sample *sample, uint32_t set, const void *cookie);
bool sample_best_where(const struct sample *sample, sample_allowed *allowed, const void *cookie,
                       struct matching_value *best);

/* -1, 0 or 1, as the objective orders them. */
int value_compare(const struct matching_objective *objective, struct matching_value a,
                  struct matching_value b);
