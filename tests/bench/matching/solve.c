/* Our side: matching_solve ROUNDS FILE MENTOR_CAPACITY PARTICIPANT_CAPACITY OBJECTIVE
 *
 * prints, for each round, `pairs N score S participants A mentors B seconds T kilobytes M` as the
 * yardstick does; seconds are those of building the instance and of solving it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/error.h"
#include "match.h"
#include "peak.h"

static bool solve(const struct matching_instance *in, struct error *err)
{
    const double begin = match_now();
    struct matching *m = matching_create(in, err);
    struct matching_value v;
    double seconds;

    if (m == NULL) return false;
    matching_solve(m);
    seconds = match_now() - begin;
    v = matching_value(m);
    printf("pairs %lld score %lld participants %lld mentors %lld seconds %.6f kilobytes %ld\n",
           (long long)v.term[MATCHING_PAIRS], (long long)v.term[MATCHING_SCORE],
           (long long)v.term[MATCHING_PARTICIPANTS], (long long)v.term[MATCHING_MENTORS], seconds,
           peak_kilobytes());
    matching_destroy(m);
    return true;
}

int main(int argc, char **argv)
{
    struct match_edges edges;
    struct error err;
    bool ok;

    if (argc != 6) return fputs("usage: see the head of the source\n", stderr), 2;
    ok =
        match_edges_load(argv[2], (uint32_t)atoi(argv[3]), (uint32_t)atoi(argv[4]), &edges, &err) &&
        matching_objective_read(argv[5], &edges.instance.objective, &err);
    for (int i = 0; ok && i < atoi(argv[1]); i++)
        ok = solve(&edges.instance, &err);
    if (!ok) fprintf(stderr, "%s\n", err.text);
    return ok ? 0 : 1;
}
