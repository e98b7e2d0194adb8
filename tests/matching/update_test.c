/* One change after the other: after each, as good as a full solve, and proven. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "instances.h"
#include "matching/matching.h"
#include "proof.h"

enum { STEPS = 400 };

/* The same instance, kept by hand. */
struct world {
    struct sample s;
    struct matching *m;
};

static size_t find(const struct world *w, uint32_t participant, uint32_t mentor)
{
    size_t i = 0;

    while (i < w->s.instance.edge_count &&
           (w->s.edges[i].participant != participant || w->s.edges[i].mentor != mentor))
        i++;
    return i;
}

static void forget(struct world *w, size_t i)
{
    w->s.edges[i] = w->s.edges[--w->s.instance.edge_count];
}

static void add(struct world *w, bool is_mentor, uint64_t *seed)
{
    struct matching_instance *in = &w->s.instance;
    uint32_t *count = is_mentor ? &in->mentors : &in->participants, index = 0;
    const uint32_t others = is_mentor ? in->participants : in->mentors;
    const uint32_t capacity = draw(seed, 4);
    struct matching_edge edges[PEOPLE_MAX];
    uint32_t edge_count = 0;
    struct error err = {0};

    if (*count == PEOPLE_MAX) return;
    for (uint32_t i = 0; i < others; i++)
        if (draw(seed, 2) == 0)
            edges[edge_count++] = (struct matching_edge){
                is_mentor ? i : *count, is_mentor ? *count : i, (int32_t)draw(seed, 30) - 5};
    assert_true((is_mentor ? matching_add_mentor : matching_add_participant)(
        w->m, capacity, 100 + *count, edges, edge_count, &index, &err));
    assert_int_equal(index, *count);
    (is_mentor ? w->s.mentor_capacity : w->s.participant_capacity)[*count] = capacity;
    (is_mentor ? w->s.mentor_rank : w->s.participant_rank)[*count] = 100 + *count;
    memcpy(w->s.edges + in->edge_count, edges, edge_count * sizeof *edges);
    in->edge_count += edge_count;
    ++*count;
}

static void take_out(struct world *w, bool is_mentor, uint32_t index)
{
    struct error err = {0};

    assert_true(
        (is_mentor ? matching_remove_mentor : matching_remove_participant)(w->m, index, &err));
    (is_mentor ? w->s.mentor_capacity : w->s.participant_capacity)[index] = 0;
    for (size_t i = w->s.instance.edge_count; i-- > 0;)
        if ((is_mentor ? w->s.edges[i].mentor : w->s.edges[i].participant) == index) forget(w, i);
}

static void set_capacity(struct world *w, bool is_mentor, uint32_t index, uint32_t capacity)
{
    struct error err = {0};

    assert_true((is_mentor ? matching_set_mentor_capacity
                           : matching_set_participant_capacity)(w->m, index, capacity, &err));
    (is_mentor ? w->s.mentor_capacity : w->s.participant_capacity)[index] = capacity;
}

static void set_edge(struct world *w, uint32_t participant, uint32_t mentor, int32_t score)
{
    const struct matching_edge e = {participant, mentor, score};
    const size_t i = find(w, participant, mentor);
    struct error err = {0};

    assert_true(matching_set_edge(w->m, e, &err));
    w->s.edges[i] = e;
    if (i == w->s.instance.edge_count) w->s.instance.edge_count++;
}

static void drop_edge(struct world *w, uint32_t participant, uint32_t mentor)
{
    const size_t i = find(w, participant, mentor);
    const bool is_there = i < w->s.instance.edge_count;
    struct error err = {0};

    assert_int_equal(matching_drop_edge(w->m, participant, mentor, &err), is_there);
    if (is_there) forget(w, i);
}

static void change(struct world *w, uint64_t *seed)
{
    const struct matching_instance *in = &w->s.instance;
    const bool is_mentor = draw(seed, 2) == 0;
    const uint32_t people = is_mentor ? in->mentors : in->participants, kind = draw(seed, 12);

    if (kind < 2) {
        add(w, is_mentor, seed);
    } else if (in->participants == 0 || in->mentors == 0) {
        return;
    } else if (kind == 2) {
        take_out(w, is_mentor, draw(seed, people));
    } else if (kind < 6) {
        set_capacity(w, is_mentor, draw(seed, people), draw(seed, 5));
    } else {
        const uint32_t p = draw(seed, in->participants), q = draw(seed, in->mentors);

        if (kind < 9)
            set_edge(w, p, q, (int32_t)draw(seed, 40) - 10);
        else
            drop_edge(w, p, q);
    }
}

static void after_every_change_it_is_as_good_as_a_full_solve(void **unused)
{
    uint64_t seed = 4711;
    struct world w;
    struct error err = {0};

    (void)unused;
    for (int i = 0; i < 120; i++) {
        sample_draw(&w.s, &seed, 8);
        w.m = matching_create(&w.s.instance, &err);
        assert_non_null(w.m);
        proof_vary(w.m, (uint32_t)i);
        matching_solve(w.m);
        for (int step = 0; step < STEPS; step++) {
            change(&w, &seed);
            proof_check(w.m);
            if (value_compare(&w.s.instance.objective, matching_value(w.m), sample_optimum(&w.s)) !=
                0)
                fail_msg("sequence %d, step %d is not optimal", i, step);
        }
        matching_destroy(w.m);
    }
}

static void an_empty_instance_grows_one_by_one(void **unused)
{
    const struct matching_instance empty = {.objective = matching_objective_default};
    struct error err = {0};
    struct matching *m = matching_create(&empty, &err);
    struct matching_edge edge = {0, 0, 0};
    uint32_t index;

    (void)unused;
    matching_solve(m);
    for (uint32_t i = 0; i < 200; i++) {
        assert_true(matching_add_mentor(m, 1, i, NULL, 0, &index, &err));
        edge.mentor = i;
        edge.score = (int32_t)i;
        assert_true(matching_add_participant(m, 1, i, &edge, 1, &index, &err));
        edge.mentor = 0;
        if (i > 0) assert_true(matching_set_edge(m, (struct matching_edge){i, 0, 3}, &err));
    }
    proof_check(m);
    assert_int_equal(matching_value(m).term[MATCHING_PAIRS], 200);
    matching_destroy(m);
}

static void what_scores_past_all_before_is_weighed_anew(void **unused)
{
    struct sample s;
    uint64_t seed = 5;
    struct error err = {0};

    (void)unused;
    for (int i = 0; i < 300; i++) {
        const struct matching_edge far = {0, 0, 2000000000};
        struct matching *m;

        do
            sample_draw(&s, &seed, 6);
        while (s.instance.edge_count == 0 || s.edges[0].participant != 0 || s.edges[0].mentor != 0);
        m = matching_create(&s.instance, &err);
        matching_solve(m);
        assert_true(matching_set_edge(m, far, &err));
        proof_check(m);
        s.edges[0] = far;
        assert_int_equal(
            value_compare(&s.instance.objective, matching_value(m), sample_optimum(&s)), 0);
        matching_destroy(m);
    }
}

static void nobody_and_no_edge_are_refused(void **unused)
{
    const struct matching_instance in = {
        .objective = matching_objective_default, .participants = 1, .mentors = 1};
    struct error err = {0};
    struct matching *m = matching_create(&in, &err);
    const struct matching_edge twice[] = {{1, 0, 3}, {1, 0, 4}};
    uint32_t index;

    (void)unused;
    matching_solve(m);
    assert_false(matching_remove_mentor(m, 1, &err));
    assert_string_equal(err.text, "there is no mentor number 1");
    assert_false(matching_drop_edge(m, 0, 0, &err));
    assert_string_equal(err.code, "matching.edge");
    assert_false(matching_set_participant_capacity(m, 0, MATCHING_CAPACITY_MAX + 1, &err));
    assert_string_equal(err.code, "matching.capacity");
    assert_false(matching_add_participant(m, 1, 0, twice, 2, &index, &err));
    assert_string_equal(err.code, "matching.twice");
    assert_false(matching_set_edge(m, (struct matching_edge){0, 0, INT32_MIN}, &err));
    assert_string_equal(err.code, "matching.score");
    proof_check(m);
    matching_destroy(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_every_change_it_is_as_good_as_a_full_solve),
        cmocka_unit_test(an_empty_instance_grows_one_by_one),
        cmocka_unit_test(what_scores_past_all_before_is_weighed_anew),
        cmocka_unit_test(nobody_and_no_edge_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
