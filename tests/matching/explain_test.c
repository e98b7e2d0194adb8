/* Margins are what solving anew shows. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "instances.h"
#include "matching/matching.h"
#include "proof.h"

enum { SET_EDGES = 11 };

static bool draw_small(struct sample *s, uint64_t *seed)
{
    sample_draw(s, seed, 4);
    return s->instance.edge_count > 0 && s->instance.edge_count <= SET_EDGES;
}

static struct matching *solved(const struct sample *s)
{
    struct error err = {0};
    struct matching *m = matching_create(&s->instance, &err);

    assert_non_null(m);
    matching_solve(m);
    return m;
}

static uint32_t set_of(const struct sample *s, const struct matching *m)
{
    uint32_t set = 0;

    for (uint32_t i = 0; i < s->instance.edge_count; i++) {
        struct matching_edge pairs[PEOPLE_MAX];
        const uint32_t count = matching_mentors_of(m, s->edges[i].participant, pairs, PEOPLE_MAX);

        for (uint32_t k = 0; k < count; k++)
            if (pairs[k].mentor == s->edges[i].mentor) set |= UINT32_C(1) << i;
    }
    return set;
}

static uint32_t edge_of(const struct sample *s, struct matching_change change)
{
    for (uint32_t i = 0; i < s->instance.edge_count; i++)
        if (s->edges[i].participant == change.participant && s->edges[i].mentor == change.mentor)
            return i;
    fail_msg("there is no edge between %u and %u", change.participant, change.mentor);
    return 0;
}

/* The move's changes lead from one set to another; its loss is the difference in every term. */
static uint32_t after(const struct sample *s, uint32_t set, const struct matching_move *move)
{
    struct matching_value loss = {{0}};

    for (uint32_t i = 0; i < move->change_count; i++) {
        const uint32_t edge = edge_of(s, move->changes[i]), bit = UINT32_C(1) << edge;

        assert_int_equal((set & bit) == 0, move->changes[i].is_made);
        set ^= bit;
        loss.term[MATCHING_PAIRS] += move->changes[i].is_made ? -1 : 1;
        loss.term[MATCHING_SCORE] += (move->changes[i].is_made ? -1 : 1) * s->edges[edge].score;
    }
    assert_int_equal(loss.term[MATCHING_PAIRS], move->loss.term[MATCHING_PAIRS]);
    assert_int_equal(loss.term[MATCHING_SCORE], move->loss.term[MATCHING_SCORE]);
    return set;
}

static struct matching_value minus(struct matching_value a, struct matching_value b)
{
    for (unsigned i = 0; i < MATCHING_TERMS; i++)
        a.term[i] -= b.term[i];
    return a;
}

static void assert_same(const struct sample *s, struct matching_value a, struct matching_value b)
{
    assert_int_equal(value_compare(&s->instance.objective, a, b), 0);
}

struct wanted {
    uint32_t present; /* set */
    uint32_t edge, others;
};

static bool has_edge(const struct sample *s, uint32_t set, const void *cookie)
{
    const struct wanted *w = cookie;

    (void)s;
    return (set >> w->edge & 1) != 0;
}

static bool leaves_others(const struct sample *s, uint32_t set, const void *cookie)
{
    const struct wanted *w = cookie;
    bool loses[PEOPLE_MAX] = {false};
    uint32_t count = 0;

    if ((set >> w->edge & 1) != 0) return false;
    for (uint32_t i = 0; i < s->instance.edge_count; i++)
        if ((w->present & ~set) >> i & 1) loses[s->edges[i].participant] = true;
    for (uint32_t i = 0; i < PEOPLE_MAX; i++)
        if (loses[i] && i != s->edges[w->edge].participant) count++;
    return count <= w->others;
}

static void with_a_pair_it_costs_what_the_best_solution_with_it_lacks(void **unused)
{
    uint64_t seed = 1;
    struct sample s;

    (void)unused;
    for (int i = 0; i < 3000; i++) {
        struct matching *m;
        uint32_t set;

        if (!draw_small(&s, &seed)) continue;
        m = solved(&s);
        set = set_of(&s, m);
        for (uint32_t k = 0; k < s.instance.edge_count; k++) {
            const struct wanted w = {set, k, 0};
            struct matching_move move;
            struct matching_value best;
            const bool may = sample_best_where(&s, has_edge, &w, &best);
            const bool is_pair = (set >> k & 1) != 0;

            assert_int_equal(matching_with(m, s.edges[k].participant, s.edges[k].mentor, &move),
                             may && !is_pair);
            if (!may || is_pair) continue;
            assert_true(move.changes[0].is_made);
            assert_true(after(&s, set, &move) >> k & 1);
            assert_same(&s, minus(matching_value(m), move.loss), best);
        }
        proof_check(m);
        matching_destroy(m);
    }
}

static void without_a_pair_it_costs_what_the_optimum_without_its_edge_lacks(void **unused)
{
    uint64_t seed = 2;
    struct sample s;

    (void)unused;
    for (int i = 0; i < 3000; i++) {
        struct matching *m;
        uint32_t set;

        sample_draw(&s, &seed, i % 2 == 0 ? 4 : PEOPLE_MAX);
        if (s.instance.edge_count > 31) continue;
        m = solved(&s);
        set = set_of(&s, m);
        for (uint32_t k = 0; k < s.instance.edge_count; k++) {
            const struct matching_edge e = s.edges[k];
            struct sample less = s;
            struct matching_move move;

            assert_int_equal(matching_without(m, e.participant, e.mentor, &move), set >> k & 1);
            if ((set >> k & 1) == 0) continue;
            after(&s, set, &move);
            less.edges[k] = less.edges[--less.instance.edge_count];
            less.instance.edges = less.edges;
            less.instance.participant_capacity = less.participant_capacity;
            less.instance.mentor_capacity = less.mentor_capacity;
            assert_same(&s, minus(matching_value(m), move.loss), sample_optimum(&less));
        }
        matching_destroy(m);
    }
}

static void a_new_proposal_changes_no_more_others_than_it_may(void **unused)
{
    uint64_t seed = 3;
    struct sample s;

    (void)unused;
    for (int i = 0; i < 3000; i++) {
        struct matching *m;
        uint32_t set;

        if (!draw_small(&s, &seed)) continue;
        m = solved(&s);
        set = set_of(&s, m);
        for (uint32_t k = 0; k < s.instance.edge_count; k++) {
            for (uint32_t others = 0; others < 3; others++) {
                const struct wanted w = {set, k, others};
                struct matching_move move, free_move;
                struct matching_value behind, best;

                if ((set >> k & 1) == 0) continue;
                assert_true(matching_without_changing(m, s.edges[k].participant, s.edges[k].mentor,
                                                      others, &move, &behind));
                assert_true(leaves_others(&s, after(&s, set, &move), &w));
                assert_true(sample_best_where(&s, leaves_others, &w, &best));
                assert_same(&s, minus(matching_value(m), move.loss), best);
                assert_true(
                    matching_without(m, s.edges[k].participant, s.edges[k].mentor, &free_move));
                assert_same(&s, minus(move.loss, free_move.loss), behind);
            }
        }
        matching_destroy(m);
    }
}

static void one_more_place_is_worth_what_solving_with_it_gains(void **unused)
{
    uint64_t seed = 4;
    struct sample s;

    (void)unused;
    for (int i = 0; i < 1500; i++) {
        struct matching_value gain[PEOPLE_MAX];
        struct matching *m;

        sample_draw(&s, &seed, PEOPLE_MAX);
        m = solved(&s);
        matching_one_more_place(m, gain);
        for (uint32_t k = 0; k < s.instance.mentors; k++) {
            s.mentor_capacity[k]++;
            assert_same(&s, minus(sample_optimum(&s), matching_value(m)), gain[k]);
            s.mentor_capacity[k]--;
        }
        matching_destroy(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_pair_it_costs_what_the_best_solution_with_it_lacks),
        cmocka_unit_test(without_a_pair_it_costs_what_the_optimum_without_its_edge_lacks),
        cmocka_unit_test(a_new_proposal_changes_no_more_others_than_it_may),
        cmocka_unit_test(one_more_place_is_worth_what_solving_with_it_gains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
