/* What the solver can tell, put into the codes and numbers that are journaled: parts of a score,
 * hard rules, the runner-up, better-looking mentors and what is in their way, alternatives. */
#include "reasons.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "matching/chain.h"

enum { LOOKED_AT = 8 }; /* candidates whose margins are worked out */

/* Another mentor of one participant's. */
struct other {
    struct matching_edge edge;
    bool is_possible; /* with what it costs: move.loss */
    struct matching_move move;
};

/* One participant, and the others who would score most. */
struct outlook {
    const struct reasons *reasons;
    uint32_t position, participant; /* of the plan, of the matching */
    uint32_t mentor;                /* of the matching, or CHAIN_NOBODY */
    uint32_t candidates;            /* mentors with whom there is an edge */
    uint32_t count;
    struct other others[LOOKED_AT];
};

/* Margins. */

static int64_t within(int64_t number, int64_t most)
{
    return number > most ? most : number < -most ? -most : number;
}

static struct mentorship_loss loss_of(const struct matching_value *value)
{
    return (struct mentorship_loss){.participants =
                                        within(value->term[MATCHING_PARTICIPANTS], 1000),
                                    .mentors = within(value->term[MATCHING_MENTORS], 1000),
                                    .score = within(value->term[MATCHING_SCORE], 1000000000)};
}

static void subtract(struct matching_value *from, const struct matching_value *what)
{
    for (unsigned t = 0; t < MATCHING_TERMS; t++)
        from->term[t] -= what->term[t];
}

/* The best way from where the participant has nobody, by changing few others. */
static bool find_chain(const struct outlook *o, uint32_t only, uint32_t banned, uint32_t others,
                       struct matching_move *move)
{
    const struct plan *plan = o->reasons->plan;
    const size_t size = plan->participant_indices * sizeof(uint32_t);
    uint32_t *mentor_of = malloc(size + 1);
    bool is_found;

    if (mentor_of == NULL) bug("out of memory");
    memcpy(mentor_of, o->reasons->mentor_of, size);
    mentor_of[o->participant] = CHAIN_NOBODY;
    is_found = chain_search(&(struct chain_state){plan->matching, mentor_of},
                            &(struct chain_wish){o->participant, only, banned, others}, move);
    free(mentor_of);
    return is_found;
}

/* As margins of what is proposed: the participant has somebody now, whom the way begins without. */
static bool find_margin(const struct outlook *o, uint32_t only, uint32_t banned,
                        struct matching_move *move)
{
    struct matching_move present = {.loss = {{0}}};

    if (!find_chain(o, only, banned, o->reasons->plan->rules.changes_most, move)) return false;
    if (o->mentor != CHAIN_NOBODY) find_chain(o, o->mentor, CHAIN_NOBODY, 0, &present);
    subtract(&move->loss, &present.loss);
    return true;
}

static bool find_with(const struct outlook *o, uint32_t mentor, struct matching_move *move)
{
    if (o->reasons->is_best)
        return matching_with(o->reasons->plan->matching, o->participant, mentor, move);
    return find_margin(o, mentor, CHAIN_NOBODY, move);
}

static bool find_without(const struct outlook *o, struct matching_move *move)
{
    if (o->reasons->is_best)
        return matching_without(o->reasons->plan->matching, o->participant, o->mentor, move);
    return find_margin(o, CHAIN_NOBODY, o->mentor, move);
}

/* Opening. */

static struct matching_value value_of(const struct plan *plan, const uint32_t *mentor_of)
{
    bool *has_somebody = calloc(plan->mentor_count + (size_t)1, 1);
    struct matching_value value = {{0}};

    if (has_somebody == NULL) bug("out of memory");
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        const uint32_t mentor = mentor_of[plan->participants[i].index];
        unsigned rules;

        if (mentor == CHAIN_NOBODY) continue;
        value.term[MATCHING_PARTICIPANTS]++;
        value.term[MATCHING_PAIRS]++;
        value.term[MATCHING_SCORE] += plan_score(plan, i, plan->mentor_at[mentor], &rules).total;
        if (!has_somebody[plan->mentor_at[mentor]]) value.term[MATCHING_MENTORS]++;
        has_somebody[plan->mentor_at[mentor]] = true;
    }
    free(has_somebody);
    return value;
}

static bool is_all_the_same(const struct plan *plan, const uint32_t *mentor_of)
{
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        const uint32_t index = plan->participants[i].index;
        struct matching_edge pair = {.mentor = CHAIN_NOBODY};

        matching_mentors_of(plan->matching, index, &pair, 1);
        if (pair.mentor != mentor_of[index]) return false;
    }
    return true;
}

void reasons_open(struct reasons *reasons, const struct plan *plan, const uint32_t *mentor_of)
{
    struct matching_value behind = matching_value(plan->matching);
    const struct matching_value present = value_of(plan, mentor_of);

    subtract(&behind, &present);
    *reasons =
        (struct reasons){plan, mentor_of, is_all_the_same(plan, mentor_of), loss_of(&behind)};
}

static bool is_large(const struct plan *plan)
{
    return (uint64_t)plan->participant_count * plan->mentor_count > PLAN_LARGE;
}

static uint32_t places_of(const struct plan *plan, uint32_t mentor)
{
    return plan->mentors[plan->mentor_at[mentor]].places;
}

/* Those who would score most, and who have a place at all. */
static void look(struct outlook *o, const struct reasons *reasons, uint32_t position)
{
    const struct plan *plan = reasons->plan;
    struct matching_edge *edges = malloc((plan->mentor_count + (size_t)1) * sizeof *edges);

    if (edges == NULL) bug("out of memory");
    memset(o, 0, sizeof *o);
    o->reasons = reasons;
    o->position = position;
    o->participant = plan->participants[position].index;
    o->mentor = reasons->mentor_of[o->participant];
    o->candidates = matching_edges_of(plan->matching, o->participant, edges, plan->mentor_count);
    for (uint32_t i = 0; i < o->candidates && o->count < LOOKED_AT; i++) {
        struct other *other = &o->others[o->count];

        if (edges[i].mentor == o->mentor || places_of(plan, edges[i].mentor) == 0) continue;
        other->edge = edges[i];
        if (!is_large(plan)) other->is_possible = find_with(o, edges[i].mentor, &other->move);
        o->count++;
    }
    free(edges);
}

/* Telling. */

static struct id mentor_id(const struct plan *plan, uint32_t mentor)
{
    return plan->mentors[plan->mentor_at[mentor]].id;
}

/* Whoever has the place, and whether for the longer wait. */
static void name_holder(const struct outlook *o, uint32_t holder, struct mentorship_passed_over *to)
{
    const struct plan *plan = o->reasons->plan;
    const struct plan_participant *own = &plan->participants[o->position],
                                  *other = &plan->participants[plan->participant_at[holder]];
    const int64_t days = (own->waiting_since.ms - other->waiting_since.ms) / INT64_C(86400000);

    to->has_participant = true;
    to->participant = other->person;
    to->has_days = days > 0;
    to->days = days > 0 ? days : 0;
}

static enum mentorship_obstacle obstacle_of(enum matching_hindrance hindrance, bool is_longer)
{
    switch (hindrance) {
    case MATCHING_FEWER: return MENTORSHIP_OBSTACLE_FEWER_SERVED;
    case MATCHING_EQUAL: return MENTORSHIP_OBSTACLE_EQUAL;
    case MATCHING_MOVES: return MENTORSHIP_OBSTACLE_MOVES_OTHERS;
    case MATCHING_TAKEN:
        return is_longer ? MENTORSHIP_OBSTACLE_WAITED_LONGER : MENTORSHIP_OBSTACLE_WORTH_MORE;
    }
    bug("obstacle_of: %d", (int)hindrance);
}

static void pass_over(const struct outlook *o, const struct other *other,
                      struct mentorship_passed_over *to)
{
    enum matching_hindrance hindrance;
    uint32_t holder;

    memset(to, 0, sizeof *to);
    to->mentor = mentor_id(o->reasons->plan, other->edge.mentor);
    to->points = other->edge.score;
    to->obstacle = MENTORSHIP_OBSTACLE_KEPT;
    if (!other->is_possible) return;
    to->has_loss = true;
    to->loss = loss_of(&other->move.loss);
    hindrance = matching_hindrance(&other->move, &holder);
    if (holder != UINT32_MAX) name_holder(o, holder, to);
    to->obstacle = obstacle_of(hindrance, to->has_days);
}

/* Those with more points than whoever is proposed; without anybody, the best. */
static void pass_all_over(const struct outlook *o, int64_t points,
                          struct mentorship_passed_overs *to)
{
    const uint32_t most = sizeof to->at / sizeof to->at[0];

    memset(to, 0, sizeof *to);
    for (uint32_t i = 0; i < o->count && to->count < most; i++)
        if (o->others[i].edge.score > points) pass_over(o, &o->others[i], &to->at[to->count++]);
}

static bool comes_before(const struct outlook *o, const struct other *a, const struct other *b)
{
    if (a->is_possible != b->is_possible) return a->is_possible;
    return a->is_possible &&
           chain_is_better(o->reasons->plan->matching, &a->move.loss, &b->move.loss);
}

/* The cheapest first; where nothing is known of the cost, by points as they stand. */
static void list_alternatives(const struct outlook *o, struct mentorship_alternatives *to)
{
    const struct other *order[LOOKED_AT];
    const uint32_t most = sizeof to->at / sizeof to->at[0];

    for (uint32_t i = 0; i < o->count; i++) {
        uint32_t at = i;

        for (; at > 0 && comes_before(o, &o->others[i], order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = &o->others[i];
    }
    memset(to, 0, sizeof *to);
    for (uint32_t i = 0; i < o->count && to->count < most; i++)
        to->at[to->count++] = (struct mentorship_alternative){
            .mentor = mentor_id(o->reasons->plan, order[i]->edge.mentor),
            .points = order[i]->edge.score,
            .has_loss = order[i]->is_possible,
            .loss = loss_of(&order[i]->move.loss),
        };
}

static void tell_runner_up(const struct outlook *o, struct mentorship_suggest *body)
{
    struct matching_move move;

    if (!find_without(o, &move)) return;
    body->has_runner_up = true;
    body->runner_up.loss = loss_of(&move.loss);
    for (uint32_t i = 0; i < move.change_count && i < MATCHING_CHANGES_MAX; i++) {
        if (!move.changes[i].is_made || move.changes[i].participant != o->participant) continue;
        body->runner_up.has_mentor = true;
        body->runner_up.mentor = mentor_id(o->reasons->plan, move.changes[i].mentor);
    }
}

static const enum pair_factor factors[SCORE_FACTORS] = {
    [SCORE_LANGUAGE] = PAIR_FACTOR_LANGUAGE,
    [SCORE_MUNICIPALITY] = PAIR_FACTOR_MUNICIPALITY,
    [SCORE_DISTANCE] = PAIR_FACTOR_DISTANCE,
    [SCORE_OCCUPATION_4] = PAIR_FACTOR_OCCUPATION_4,
    [SCORE_OCCUPATION_3] = PAIR_FACTOR_OCCUPATION_3,
    [SCORE_OCCUPATION_2] = PAIR_FACTOR_OCCUPATION_2,
    [SCORE_NETWORK] = PAIR_FACTOR_NETWORK,
    [SCORE_AVAILABILITY] = PAIR_FACTOR_AVAILABILITY,
    [SCORE_WISH] = PAIR_FACTOR_WISH,
    [SCORE_WAITING] = PAIR_FACTOR_WAITING,
};

static void tell_parts(const struct score *score, struct mentorship_suggest *body)
{
    body->total = score->total;
    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        body->explanation.at[body->explanation.count++] =
            (struct mentorship_part){.factor = factors[f], .points = score->part[f]};
}

/* A list of hard rules has a place for each, and no more. */
#define HARD_RULES (sizeof mentorship_hard_rule_words / sizeof mentorship_hard_rule_words[0] - 1)
_Static_assert(HARD_RULES == sizeof((struct mentorship_hard_rules *)0)->at /
                                 sizeof(enum mentorship_hard_rule),
               "those that are checked");
_Static_assert(HARD_RULES ==
                   sizeof((struct mentee_failures *)0)->at / sizeof(struct mentee_failure),
               "those that may leave somebody out");

/* Each of them has been checked: there would be no edge, and no place, otherwise. */
static void tell_passed(struct mentorship_suggest *body)
{
    const uint32_t all = sizeof body->passed.at / sizeof body->passed.at[0];

    for (uint32_t i = 0; i < all; i++)
        body->passed.at[body->passed.count++] = (enum mentorship_hard_rule)i;
}

void reasons_for(const struct reasons *reasons, uint32_t position, struct mentorship_suggest *body)
{
    const struct plan *plan = reasons->plan;
    const struct plan_participant *who = &plan->participants[position];
    const uint32_t mentor = plan->mentor_at[reasons->mentor_of[who->index]];
    unsigned rules;
    const struct score score = plan_score(plan, position, mentor, &rules);
    struct outlook outlook;

    look(&outlook, reasons, position);
    memset(body, 0, sizeof *body);
    body->referral = who->referral;
    body->mentor = plan->mentors[mentor].id;
    tell_parts(&score, body);
    tell_passed(body);
    tell_runner_up(&outlook, body);
    pass_all_over(&outlook, score.total, &body->passed_over);
    list_alternatives(&outlook, &body->alternatives);
    body->behind = reasons->behind;
    body->has_behind = reasons->behind.participants != 0 || reasons->behind.mentors != 0 ||
                       reasons->behind.score != 0;
}

void reasons_alternatives(const struct reasons *reasons, uint32_t position,
                          struct mentorship_alternatives *alternatives)
{
    struct outlook outlook;

    look(&outlook, reasons, position);
    list_alternatives(&outlook, alternatives);
}

void reasons_against(const struct reasons *reasons, uint32_t position, struct mentee_why *why)
{
    enum { RULES = sizeof why->failed.at / sizeof why->failed.at[0] };
    const struct plan *plan = reasons->plan;
    int64_t failed[RULES] = {0};
    struct outlook outlook;

    memset(why, 0, sizeof *why);
    why->mentors = plan->mentor_count;
    for (uint32_t k = 0; k < plan->mentor_count; k++) {
        unsigned rules;
        const struct score score = plan_score(plan, position, k, &rules);

        if (plan->mentors[k].places == 0) rules |= 1u << MENTORSHIP_HARD_RULE_CAPACITY;
        for (unsigned r = 0; r < RULES; r++)
            failed[r] += rules >> r & 1;
        why->too_low += rules == 0 && score.total < plan->rules.least_points;
    }
    for (unsigned r = 0; r < RULES; r++)
        if (failed[r] > 0)
            why->failed.at[why->failed.count++] =
                (struct mentee_failure){.rule = (enum mentorship_hard_rule)r, .mentors = failed[r]};
    look(&outlook, reasons, position);
    pass_all_over(&outlook, INT64_MIN, &why->passed_over);
}
