/* Depth first, with an upper bound for what each step may still bring: the best walk, which may meet
 * somebody twice. As long as the present state has no better one near by the best walk is a path,
 * and it is found at once; what remains is cut off by the bounds. */
#include "matching/chain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "matching/graph.h"

/* What a way is worth, and of how many others it takes the mentor. */
struct worth {
    int64_t value;
    uint32_t others;
};

#define WORTH_NONE ((struct worth){INT64_MIN, 0})

/* Somebody gets a mentor's place: a free one, or that of `displaced`. */
struct step {
    uint32_t mentor, displaced; /* CHAIN_NOBODY: nobody is, the way ends here */
};

/* steps[0 … count); the last displaced, if there is one, goes without. */
struct way {
    uint32_t count;
    struct step steps[MATCHING_OTHERS_MAX + 1];
};

struct chain {
    const struct matching *m;
    const struct chain_wish *wish;
    const uint32_t *mentor_of;
    uint32_t *first, *members; /* of each mentor, by first[mentor] … first[mentor + 1] */
    struct worth *bounds;      /* by how many others may still be displaced, and participant */
    bool *is_bound;
    uint32_t tried;
    struct way way, best; /* under way, and the best until now */
    struct worth best_worth;
};

static bool is_more(struct worth a, struct worth b)
{
    return a.value != b.value ? a.value > b.value : a.others < b.others;
}

static struct worth plus(struct worth a, int64_t value, uint32_t others)
{
    return (struct worth){a.value + value, a.others + others};
}

static uint32_t load_of(const struct chain *c, uint32_t mentor)
{
    return c->first[mentor + 1] - c->first[mentor];
}

/* Members of each mentor one after the other: counted, then filled in from behind. */
static void index_members(struct chain *c)
{
    const uint32_t participants = c->m->side[PARTICIPANT].count, mentors = c->m->side[MENTOR].count;

    c->first = graph_room(NULL, mentors + (size_t)1, sizeof *c->first);
    c->members = graph_room(NULL, participants, sizeof *c->members);
    memset(c->first, 0, (mentors + (size_t)1) * sizeof *c->first);
    for (uint32_t i = 0; i < participants; i++)
        if (c->mentor_of[i] != CHAIN_NOBODY) c->first[c->mentor_of[i]]++;
    for (uint32_t i = 0, sum = 0; i <= mentors; i++)
        c->first[i] = sum += c->first[i];
    for (uint32_t i = participants; i-- > 0;)
        if (c->mentor_of[i] != CHAIN_NOBODY) c->members[--c->first[c->mentor_of[i]]] = i;
}

static bool is_allowed(const struct chain *c, uint32_t participant, uint32_t mentor)
{
    if (c->m->side[MENTOR].person[mentor].capacity == 0) return false;
    if (participant != c->wish->participant) return mentor != c->mentor_of[participant];
    return mentor != c->wish->banned && (c->wish->only == CHAIN_NOBODY || mentor == c->wish->only);
}

/* A free place, if the mentor has one. */
static struct worth end_at(const struct chain *c, uint32_t mentor)
{
    const struct side *q = &c->m->side[MENTOR];
    const uint32_t load = load_of(c, mentor);

    if (load >= q->person[mentor].capacity) return WORTH_NONE;
    return (struct worth){load == 0 ? q->bonus : 0, 0};
}

static int64_t weight_of(const struct chain *c, uint32_t participant, uint32_t mentor)
{
    const struct side *p = &c->m->side[PARTICIPANT];

    return arc_weight(c->m, arcs_of(p, participant)[graph_find(p, participant, mentor)]);
}

static struct worth bound(struct chain *c, uint32_t participant, uint32_t left);

/* The most that comes of getting a place with the mentor, whoever gets it. */
static struct worth bound_at(struct chain *c, uint32_t mentor, uint32_t left)
{
    struct worth most = end_at(c, mentor);

    for (uint32_t i = c->first[mentor]; left > 0 && i < c->first[mentor + 1]; i++) {
        const uint32_t displaced = c->members[i];
        const struct worth next =
            plus(bound(c, displaced, left - 1), -weight_of(c, displaced, mentor), 1);

        if (is_more(next, most)) most = next;
    }
    return most;
}

/* The most that can come of it when this participant has to find somebody else, or go without. */
static struct worth bound(struct chain *c, uint32_t participant, uint32_t left)
{
    const struct side *p = &c->m->side[PARTICIPANT];
    const size_t at = (size_t)left * p->count + participant;
    struct worth most = {-p->bonus, 0};

    if (c->is_bound[at]) return c->bounds[at];
    for (uint32_t i = 0; i < p->person[participant].degree; i++) {
        const struct arc arc = arcs_of(p, participant)[i];
        struct worth next;

        if (!is_allowed(c, participant, arc.to)) continue;
        next = bound_at(c, arc.to, left);
        if (next.value == INT64_MIN) continue;
        next.value += arc_weight(c->m, arc);
        if (is_more(next, most)) most = next;
    }
    c->is_bound[at] = true;
    return c->bounds[at] = most;
}

static bool is_on_the_way(const struct chain *c, uint32_t participant)
{
    if (participant == c->wish->participant) return true;
    for (uint32_t i = 0; i < c->way.count; i++)
        if (c->way.steps[i].displaced == participant) return true;
    return false;
}

static void finish(struct chain *c, struct worth worth)
{
    if (!is_more(worth, c->best_worth)) return;
    c->best_worth = worth;
    c->best = c->way;
}

static void go_on(struct chain *c, uint32_t participant, struct worth worth, uint32_t left);

static void take(struct chain *c, struct step step, struct worth worth, uint32_t left)
{
    c->way.steps[c->way.count++] = step;
    if (step.displaced == CHAIN_NOBODY)
        finish(c, worth);
    else
        go_on(c, step.displaced, worth, left);
    c->way.count--;
}

/* All that can be done with one mentor's places, as far as it may be more than the best. */
static void try_mentor(struct chain *c, uint32_t mentor, struct worth worth, uint32_t left)
{
    const struct worth end = end_at(c, mentor);

    if (end.value != INT64_MIN && is_more(plus(worth, end.value, 0), c->best_worth))
        take(c, (struct step){mentor, CHAIN_NOBODY}, plus(worth, end.value, 0), left);
    for (uint32_t i = c->first[mentor]; left > 0 && i < c->first[mentor + 1]; i++) {
        const uint32_t displaced = c->members[i];
        const struct worth then = plus(worth, -weight_of(c, displaced, mentor), 1);
        const struct worth most = bound(c, displaced, left - 1);

        if (is_on_the_way(c, displaced)) continue;
        if (is_more(plus(then, most.value, most.others), c->best_worth))
            take(c, (struct step){mentor, displaced}, then, left - 1);
    }
}

/* What the participant's arc may bring at the most. */
static struct worth promise(struct chain *c, struct arc arc, struct worth worth, uint32_t left)
{
    const struct worth most = bound_at(c, arc.to, left);

    if (most.value == INT64_MIN) return WORTH_NONE;
    return plus(worth, arc_weight(c->m, arc) + most.value, most.others);
}

/* The most promising arc first, then those that still promise more than the best. */
static void go_on(struct chain *c, uint32_t participant, struct worth worth, uint32_t left)
{
    const struct side *p = &c->m->side[PARTICIPANT];
    const struct arc *arcs = arcs_of(p, participant);
    const uint32_t degree = p->person[participant].degree;
    struct worth most = WORTH_NONE;
    uint32_t first = degree;

    if (participant != c->wish->participant) finish(c, plus(worth, -p->bonus, 0));
    if (++c->tried > CHAIN_STEPS_MAX) return;
    for (uint32_t i = 0; i < degree; i++) {
        const struct worth next =
            is_allowed(c, participant, arcs[i].to) ? promise(c, arcs[i], worth, left) : WORTH_NONE;

        if (next.value == INT64_MIN || !is_more(next, most)) continue;
        most = next;
        first = i;
    }
    if (first == degree || !is_more(most, c->best_worth)) return;
    try_mentor(c, arcs[first].to, plus(worth, arc_weight(c->m, arcs[first]), 0), left);
    for (uint32_t i = 0; i < degree; i++)
        if (i != first && is_allowed(c, participant, arcs[i].to) &&
            is_more(promise(c, arcs[i], worth, left), c->best_worth))
            try_mentor(c, arcs[i].to, plus(worth, arc_weight(c->m, arcs[i]), 0), left);
}

/* Telling. */

static void note(const struct chain *c, struct matching_move *move, uint32_t participant,
                 uint32_t mentor, bool is_made)
{
    const struct side *p = &c->m->side[PARTICIPANT];
    const int32_t score = arcs_of(p, participant)[graph_find(p, participant, mentor)].score;
    const int sign = is_made ? -1 : 1; /* of a loss */

    assert(move->change_count < MATCHING_CHANGES_MAX);
    move->changes[move->change_count++] = (struct matching_change){participant, mentor, is_made};
    move->loss.term[MATCHING_PAIRS] += sign;
    move->loss.term[MATCHING_SCORE] += sign * (int64_t)score;
}

static void tell(const struct chain *c, struct matching_move *move)
{
    uint32_t participant = c->wish->participant;

    memset(move, 0, sizeof *move);
    move->loss.term[MATCHING_PARTICIPANTS] = -1;
    for (uint32_t i = 0; i < c->best.count; i++) {
        const struct step step = c->best.steps[i];

        note(c, move, participant, step.mentor, true);
        if (step.displaced == CHAIN_NOBODY) {
            if (load_of(c, step.mentor) == 0) move->loss.term[MATCHING_MENTORS]--;
            return;
        }
        participant = step.displaced;
        note(c, move, participant, step.mentor, false);
    }
    move->loss.term[MATCHING_PARTICIPANTS]++; /* the last one goes without */
}

bool chain_search(const struct chain_state *state, const struct chain_wish *wish,
                  struct matching_move *move)
{
    const size_t participants = state->matching->side[PARTICIPANT].count;
    const uint32_t others = wish->others < MATCHING_OTHERS_MAX ? wish->others : MATCHING_OTHERS_MAX;
    const size_t states = participants * (others + (size_t)1);
    struct chain c = {.m = state->matching,
                      .wish = wish,
                      .mentor_of = state->mentor_of,
                      .best_worth = WORTH_NONE};

    assert(state->mentor_of[wish->participant] == CHAIN_NOBODY);
    index_members(&c);
    c.bounds = graph_room(NULL, states, sizeof *c.bounds);
    c.is_bound = graph_room(NULL, states, sizeof *c.is_bound);
    memset(c.is_bound, 0, states * sizeof *c.is_bound);
    go_on(&c, wish->participant, (struct worth){c.m->side[PARTICIPANT].bonus, 0}, others);
    if (c.best.count > 0) tell(&c, move);
    free(c.first);
    free(c.members);
    free(c.bounds);
    free(c.is_bound);
    return c.best.count > 0;
}

bool chain_is_better(const struct matching *m, const struct matching_value *loss,
                     const struct matching_value *than)
{
    for (uint32_t i = 0; i < m->objective.count; i++) {
        const enum matching_term term = m->objective.term[i];

        if (loss->term[term] != than->term[term]) return loss->term[term] < than->term[term];
    }
    return false;
}
