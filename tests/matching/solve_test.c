/* The full solve: optimal, canonical, and picky about what it is given. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "instances.h"
#include "matching/matching.h"
#include "proof.h"

static struct matching *solved(const struct sample *s)
{
    static uint32_t number;
    struct error err = {0};
    struct matching *m = matching_create(&s->instance, &err);

    if (m == NULL) fail_msg("%s", err.text);
    proof_vary(m, number++);
    matching_solve(m);
    proof_check(m);
    return m;
}

static void assert_same(const struct sample *s, struct matching_value a, struct matching_value b)
{
    if (value_compare(&s->instance.objective, a, b) != 0)
        fail_msg("participants %lld/%lld mentors %lld/%lld pairs %lld/%lld score %lld/%lld",
                 (long long)a.term[0], (long long)b.term[0], (long long)a.term[1],
                 (long long)b.term[1], (long long)a.term[2], (long long)b.term[2],
                 (long long)a.term[3], (long long)b.term[3]);
}

static bool is_pair(const struct matching *m, struct matching_edge e)
{
    struct matching_edge pairs[PEOPLE_MAX];
    const uint32_t count = matching_mentors_of(m, e.participant, pairs, PEOPLE_MAX);

    for (uint32_t i = 0; i < count; i++)
        if (pairs[i].mentor == e.mentor) return true;
    return false;
}

static void an_independent_solver_finds_nothing_better(void **unused)
{
    uint64_t seed = 20261122;
    struct sample s;

    (void)unused;
    for (int i = 0; i < 20000; i++) {
        struct matching *m;

        sample_draw(&s, &seed, i % 2 == 0 ? 5 : PEOPLE_MAX);
        m = solved(&s);
        assert_same(&s, matching_value(m), sample_optimum(&s));
        matching_destroy(m);
    }
}

static void of_all_optima_it_is_the_one_that_ranks_prefer(void **unused)
{
    uint64_t seed = 7;
    struct sample s;
    int done = 0;

    (void)unused;
    while (done < 10000) {
        bool chosen[EDGES_MAX];
        struct matching *m;

        sample_draw(&s, &seed, 4);
        if (s.instance.edge_count > 11) continue;
        done++;
        m = solved(&s);
        assert_same(&s, matching_value(m), sample_best_of_all(&s, chosen));
        for (size_t i = 0; i < s.instance.edge_count; i++)
            assert_int_equal(is_pair(m, s.edges[i]), chosen[i]);
        matching_destroy(m);
    }
}

static void the_order_of_rows_does_not_matter(void **unused)
{
    uint64_t seed = 99;
    struct sample s;

    (void)unused;
    for (int i = 0; i < 2000; i++) {
        struct matching *first, *second;

        sample_draw(&s, &seed, PEOPLE_MAX);
        first = solved(&s);
        sample_shuffle(&s, &seed);
        second = solved(&s);
        for (size_t k = 0; k < s.instance.edge_count; k++)
            assert_int_equal(is_pair(first, s.edges[k]), is_pair(second, s.edges[k]));
        matching_solve(first); /* nor does what was solved before */
        for (size_t k = 0; k < s.instance.edge_count; k++)
            assert_int_equal(is_pair(first, s.edges[k]), is_pair(second, s.edges[k]));
        matching_destroy(first);
        matching_destroy(second);
    }
}

static void the_longer_wait_wins_a_tie(void **unused)
{
    const struct matching_edge edges[] = {{0, 0, 7}, {1, 0, 7}, {2, 0, 7}};
    const uint32_t rank[] = {5, 3, 9}; /* participant 1 has waited longest */
    const struct matching_instance in = {.objective = matching_objective_default,
                                         .participants = 3,
                                         .mentors = 1,
                                         .participant_rank = rank,
                                         .edges = edges,
                                         .edge_count = 3};
    struct error err = {0};
    struct matching *m = matching_create(&in, &err);

    (void)unused;
    matching_solve(m);
    assert_true(is_pair(m, edges[1]));
    matching_destroy(m);
}

static void assert_refused(const struct matching_instance *in, const char *code)
{
    struct error err = {0};

    assert_null(matching_create(in, &err));
    assert_string_equal(err.code, code);
    assert_true(strlen(err.text) > 20);
}

static void what_makes_no_sense_is_refused_with_a_sentence(void **unused)
{
    struct matching_edge edges[] = {{0, 0, 1}, {0, 0, 2}};
    const uint32_t capacity[] = {MATCHING_CAPACITY_MAX + 1};
    struct matching_instance in = {.objective = matching_objective_default,
                                   .participants = 1,
                                   .mentors = 1,
                                   .edges = edges,
                                   .edge_count = 2};

    (void)unused;
    assert_refused(&in, "matching.twice");
    edges[1].mentor = 1;
    assert_refused(&in, "matching.edge");
    in.edge_count = 1;
    in.mentor_capacity = capacity;
    assert_refused(&in, "matching.capacity");
    in.mentor_capacity = NULL;
    edges[0].score = INT32_MIN;
    assert_refused(&in, "matching.score");
    in.objective.count = 0;
    edges[0].score = 0;
    assert_refused(&in, "matching.objective");
    in.objective = matching_objective_default;
    in.participants = MATCHING_PEOPLE_MAX + 1;
    assert_refused(&in, "matching.people");
}

static void an_objective_that_does_not_fit_is_refused_with_a_sentence(void **unused)
{
    enum { PEOPLE = 1 << 23 };
    const struct matching_edge edges[] = {{0, 0, MATCHING_SCORE_MAX}, {1, 1, -MATCHING_SCORE_MAX}};
    struct matching_instance in = {.objective = matching_objective_default,
                                   .participants = PEOPLE,
                                   .mentors = PEOPLE,
                                   .edges = edges,
                                   .edge_count = 2};

    (void)unused;
    assert_refused(&in, "matching.overflow");
}

static void the_largest_scores_that_fit_are_summed_exactly(void **unused)
{
    struct sample s;
    uint64_t seed = 3;

    (void)unused;
    for (int i = 0; i < 2000; i++) {
        struct matching *m;

        sample_draw(&s, &seed, PEOPLE_MAX);
        for (size_t k = 0; k < s.instance.edge_count; k++)
            s.edges[k].score = (int32_t)((int64_t)draw(&seed, UINT32_MAX) - MATCHING_SCORE_MAX);
        m = solved(&s);
        assert_same(&s, matching_value(m), sample_optimum(&s));
        matching_destroy(m);
    }
}

static void an_objective_is_read_from_a_list(void **unused)
{
    struct matching_objective o;
    struct error err = {0};

    (void)unused;
    assert_true(matching_objective_read("pairs,score", &o, &err));
    assert_int_equal(o.count, 2);
    assert_int_equal(o.term[0], MATCHING_PAIRS);
    assert_int_equal(o.term[1], MATCHING_SCORE);
    assert_false(matching_objective_read("", &o, &err));
    assert_false(matching_objective_read("pairs,", &o, &err));
    assert_false(matching_objective_read("pairs,pairs", &o, &err));
    assert_false(matching_objective_read("score,luck", &o, &err));
    assert_non_null(strstr(err.text, "luck"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_independent_solver_finds_nothing_better),
        cmocka_unit_test(of_all_optima_it_is_the_one_that_ranks_prefer),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(the_longer_wait_wins_a_tie),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_a_sentence),
        cmocka_unit_test(an_objective_that_does_not_fit_is_refused_with_a_sentence),
        cmocka_unit_test(the_largest_scores_that_fit_are_summed_exactly),
        cmocka_unit_test(an_objective_is_read_from_a_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
