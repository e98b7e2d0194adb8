/* The next proposal from any state: against all paths there are, one by one. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "instances.h"
#include "matching/chain.h"
#include "matching/matching.h"

/* A state, and the best that trying everything has found. */
struct trial {
    const struct sample *s;
    uint32_t mentor_of[PEOPLE_MAX];
    struct chain_wish wish;
    uint32_t others; /* displaced on the way */
    bool was_displaced[PEOPLE_MAX];
    bool is_found;
    struct matching_value best; /* of the whole state */
    uint32_t best_others;
};

static int32_t score_of(const struct sample *s, uint32_t participant, uint32_t mentor)
{
    for (size_t i = 0; i < s->instance.edge_count; i++)
        if (s->edges[i].participant == participant && s->edges[i].mentor == mentor)
            return s->edges[i].score;
    fail_msg("no edge between %u and %u", participant, mentor);
    return 0;
}

static uint32_t load_of(const struct trial *t, uint32_t mentor)
{
    uint32_t load = 0;

    for (uint32_t i = 0; i < t->s->instance.participants; i++)
        load += t->mentor_of[i] == mentor;
    return load;
}

static struct matching_value value_of(const struct trial *t)
{
    struct matching_value value = {{0}};

    for (uint32_t i = 0; i < t->s->instance.participants; i++) {
        if (t->mentor_of[i] == CHAIN_NOBODY) continue;
        value.term[MATCHING_PARTICIPANTS]++;
        value.term[MATCHING_PAIRS]++;
        value.term[MATCHING_SCORE] += score_of(t->s, i, t->mentor_of[i]);
    }
    for (uint32_t i = 0; i < t->s->instance.mentors; i++)
        value.term[MATCHING_MENTORS] += load_of(t, i) > 0;
    return value;
}

static void look(struct trial *t)
{
    const struct matching_value value = value_of(t);
    const int order = t->is_found ? value_compare(&t->s->instance.objective, value, t->best) : 1;

    if (order < 0 || (order == 0 && t->others >= t->best_others)) return;
    t->is_found = true;
    t->best = value;
    t->best_others = t->others;
}

/* The participant has nobody: every mentor there is an edge to, free or not. */
static void try_all(struct trial *t, uint32_t participant, uint32_t left)
{
    const bool is_wisher = participant == t->wish.participant;

    for (size_t e = 0; e < t->s->instance.edge_count; e++) {
        const uint32_t mentor = t->s->edges[e].mentor;

        if (t->s->edges[e].participant != participant) continue;
        if (t->s->mentor_capacity[mentor] == 0 || left == mentor) continue;
        if (is_wisher && mentor == t->wish.banned) continue;
        if (is_wisher && t->wish.only != CHAIN_NOBODY && mentor != t->wish.only) continue;
        if (load_of(t, mentor) < t->s->mentor_capacity[mentor]) {
            t->mentor_of[participant] = mentor;
            look(t);
            t->mentor_of[participant] = CHAIN_NOBODY;
        }
        for (uint32_t x = 0; t->others < t->wish.others && x < t->s->instance.participants; x++) {
            if (t->mentor_of[x] != mentor || t->was_displaced[x]) continue;
            if (x == t->wish.participant) continue;
            t->mentor_of[x] = CHAIN_NOBODY;
            t->mentor_of[participant] = mentor;
            t->was_displaced[x] = true;
            t->others++;
            look(t); /* goes without */
            try_all(t, x, mentor);
            t->others--;
            t->was_displaced[x] = false;
            t->mentor_of[participant] = CHAIN_NOBODY;
            t->mentor_of[x] = mentor;
        }
    }
}

/* Somebody on the way who has moved on must not be displaced again: only those who stood there at
 * the beginning can be, which was_displaced and the order of changes see to. */
static void try_everything(struct trial *t)
{
    try_all(t, t->wish.participant, CHAIN_NOBODY);
}

static void draw_state(struct trial *t, uint64_t *seed)
{
    for (uint32_t i = 0; i < PEOPLE_MAX; i++)
        t->mentor_of[i] = CHAIN_NOBODY;
    for (size_t e = 0; e < t->s->instance.edge_count; e++) {
        const struct matching_edge edge = t->s->edges[e];

        if (edge.participant == t->wish.participant || draw(seed, 4) == 0) continue;
        if (t->mentor_of[edge.participant] != CHAIN_NOBODY) continue;
        if (load_of(t, edge.mentor) >= t->s->mentor_capacity[edge.mentor]) continue;
        t->mentor_of[edge.participant] = edge.mentor;
    }
}

static void draw_wish(struct trial *t, uint64_t *seed)
{
    t->wish = (struct chain_wish){draw(seed, t->s->instance.participants), CHAIN_NOBODY,
                                  CHAIN_NOBODY, draw(seed, 6)};
    if (draw(seed, 4) == 0) t->wish.only = draw(seed, t->s->instance.mentors);
    if (draw(seed, 4) == 0) t->wish.banned = draw(seed, t->s->instance.mentors);
}

/* The changes lead from state to state as told, and cost what the loss says. */
static void assert_leads_there(struct trial *t, const struct matching_move *move)
{
    struct matching_value before = value_of(t), after;

    for (uint32_t i = 0; i < move->change_count; i++) {
        const struct matching_change change = move->changes[i];

        if (!change.is_made && t->mentor_of[change.participant] == change.mentor)
            t->mentor_of[change.participant] = CHAIN_NOBODY;
    }
    for (uint32_t i = 0; i < move->change_count; i++)
        if (move->changes[i].is_made)
            t->mentor_of[move->changes[i].participant] = move->changes[i].mentor;
    after = value_of(t);
    for (unsigned k = 0; k < MATCHING_TERMS; k++)
        assert_int_equal(before.term[k] - after.term[k], move->loss.term[k]);
    for (uint32_t i = 0; i < t->s->instance.mentors; i++)
        assert_true(load_of(t, i) <= t->s->mentor_capacity[i]);
    assert_int_equal(value_compare(&t->s->instance.objective, after, t->best), 0);
}

static uint32_t others_of(const struct trial *t, const struct matching_move *move)
{
    uint32_t others = 0;

    for (uint32_t i = 0; i < move->change_count; i++)
        others += !move->changes[i].is_made && move->changes[i].participant != t->wish.participant;
    return others;
}

static bool check_one(struct sample *s, uint64_t *seed)
{
    struct trial t = {.s = s};
    struct matching_move move;
    struct error err = {0};
    struct matching *m;
    bool is_found;

    for (uint32_t i = 0; i < PEOPLE_MAX; i++)
        s->participant_capacity[i] = 1;
    m = matching_create(&s->instance, &err);
    assert_non_null(m);
    draw_wish(&t, seed);
    draw_state(&t, seed);
    try_everything(&t);
    is_found = chain_search(&(struct chain_state){m, t.mentor_of}, &t.wish, &move);
    assert_int_equal(is_found, t.is_found);
    if (is_found) {
        assert_int_equal(others_of(&t, &move), t.best_others);
        assert_leads_there(&t, &move);
    }
    matching_destroy(m);
    return is_found;
}

static void from_any_state_the_best_path_that_changes_few_is_found(void **unused)
{
    uint64_t seed = 7;
    struct sample s;
    int found = 0;

    (void)unused;
    for (int i = 0; i < 20000; i++) {
        sample_draw(&s, &seed, 5);
        if (s.instance.participants == 0 || s.instance.mentors == 0) continue;
        found += check_one(&s, &seed);
    }
    assert_true(found > 5000);
}

static void losses_are_compared_by_the_objective(void **unused)
{
    const struct matching_value many = {{-1, 0, -1, 5}}, points = {{0, 0, 0, -50}};
    struct matching_instance in = {
        .objective = matching_objective_default, .participants = 1, .mentors = 1};
    struct error err = {0};
    struct matching *m = matching_create(&in, &err);

    (void)unused;
    assert_true(chain_is_better(m, &many, &points));
    assert_false(chain_is_better(m, &points, &many));
    assert_false(chain_is_better(m, &many, &many));
    matching_destroy(m);
    assert_true(matching_objective_read("score", &in.objective, &err));
    m = matching_create(&in, &err);
    assert_true(chain_is_better(m, &points, &many));
    matching_destroy(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_any_state_the_best_path_that_changes_few_is_found),
        cmocka_unit_test(losses_are_compared_by_the_objective),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
