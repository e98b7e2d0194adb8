/* From a plan to suggestions: what stands is kept where it can be, what is new is said in an order
 * in which each can be accepted, and what would change too many is found along a chain that changes
 * few. */
#include "propose.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "matching/chain.h"
#include "reasons.h"

static void *room_for(size_t count, size_t size)
{
    void *room = calloc(count + 1, size);

    if (room == NULL) bug("out of memory");
    return room;
}

/* What is under way, by index in the matching unless it says otherwise. */
struct proposing {
    struct plan *plan;
    uint32_t *mentor_of; /* as it is to be */
    uint32_t *moved;     /* by position: others that were changed for them */
    int64_t *better; /* by position: points more than a suggestion that stood; 0: it is not that */
    uint32_t *waiting; /* positions of those without, who waited longest first */
    uint32_t waiting_count;
};

/* Who gets whom. */

static int64_t since(const struct plan *plan, uint32_t position)
{
    return plan->participants[position].waiting_since.ms;
}

static void list_waiting(struct proposing *p)
{
    const struct plan *plan = p->plan;

    p->waiting_count = 0;
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        uint32_t at = p->waiting_count;

        if (p->mentor_of[plan->participants[i].index] != CHAIN_NOBODY) continue;
        for (; at > 0 && since(plan, p->waiting[at - 1]) > since(plan, i); at--)
            p->waiting[at] = p->waiting[at - 1]; /* in order already but for a few */
        p->waiting[at] = i;
        p->waiting_count++;
    }
}

/* Places that nothing is proposed for, by mentor's position. */
static uint32_t *free_places(const struct proposing *p)
{
    const struct plan *plan = p->plan;
    uint32_t *places = room_for(plan->mentor_count, sizeof *places);

    for (uint32_t k = 0; k < plan->mentor_count; k++)
        places[k] = plan->mentors[k].places;
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        const uint32_t mentor = p->mentor_of[plan->participants[i].index];

        if (mentor != CHAIN_NOBODY) places[plan->mentor_at[mentor]]--;
    }
    return places;
}

static size_t waiting_edges(const struct proposing *p, struct matching_edge **edges)
{
    const struct plan *plan = p->plan;
    size_t count = 0;

    *edges = room_for((size_t)p->waiting_count * plan->mentor_count, sizeof **edges);
    for (uint32_t i = 0; i < p->waiting_count; i++) {
        const uint32_t index = plan->participants[p->waiting[i]].index;
        const size_t first = count;

        count += matching_edges_of(plan->matching, index, *edges + count, plan->mentor_count);
        for (size_t e = first; e < count; e++)
            (*edges)[e] =
                (struct matching_edge){i, plan->mentor_at[(*edges)[e].mentor], (*edges)[e].score};
    }
    return count;
}

static uint32_t best_of(const struct plan *plan, uint32_t participant)
{
    struct matching_edge pair;

    return matching_mentors_of(plan->matching, participant, &pair, 1) == 1 ? pair.mentor
                                                                           : CHAIN_NOBODY;
}

/* Whether the best there could be leaves all that is proposed as it is: then it is what is wanted. */
static bool take_best(struct proposing *p)
{
    const struct plan *plan = p->plan;

    for (uint32_t i = 0; i < plan->participant_count; i++) {
        const uint32_t index = plan->participants[i].index;

        if (p->mentor_of[index] != CHAIN_NOBODY && p->mentor_of[index] != best_of(plan, index))
            return false;
    }
    for (uint32_t i = 0; i < p->waiting_count; i++) {
        const uint32_t index = plan->participants[p->waiting[i]].index;

        p->mentor_of[index] = best_of(plan, index);
    }
    return true;
}

/* All who wait, matched together among the free places; the others stay as they are. */
static void match_together(struct proposing *p)
{
    const struct plan *plan = p->plan;
    uint32_t *places = free_places(p);
    struct matching_edge *edges;
    const size_t edge_count = waiting_edges(p, &edges);
    const struct matching_instance instance = {.objective = plan->rules.objective,
                                               .participants = p->waiting_count,
                                               .mentors = plan->mentor_count,
                                               .mentor_capacity = places,
                                               .edges = edges,
                                               .edge_count = edge_count};
    struct error err;
    struct matching *m = matching_create(&instance, &err);

    if (m == NULL) bug("a part of a matching does not fit: %s", err.text);
    matching_solve(m);
    for (uint32_t i = 0; i < p->waiting_count; i++) {
        struct matching_edge pair;

        if (matching_mentors_of(m, i, &pair, 1) == 1)
            p->mentor_of[plan->participants[p->waiting[i]].index] =
                plan->mentors[pair.mentor].index;
    }
    matching_destroy(m);
    free(edges);
    free(places);
}

static void apply(struct proposing *p, uint32_t position, const struct matching_move *move)
{
    const uint32_t own = p->plan->participants[position].index;

    for (uint32_t i = 0; i < move->change_count; i++)
        if (!move->changes[i].is_made) {
            p->mentor_of[move->changes[i].participant] = CHAIN_NOBODY;
            p->moved[position] += move->changes[i].participant != own;
        }
    for (uint32_t i = 0; i < move->change_count; i++)
        if (move->changes[i].is_made)
            p->mentor_of[move->changes[i].participant] = move->changes[i].mentor;
}

/* One after the other, who waited longest first. */
static void find_paths(struct proposing *p)
{
    static const struct matching_value nothing = {{0}};
    const struct plan *plan = p->plan;

    for (uint32_t i = 0, tried = 0; i < p->waiting_count && tried < PROPOSE_PATHS_MAX; i++) {
        const uint32_t index = plan->participants[p->waiting[i]].index;
        const struct chain_wish wish = {index, CHAIN_NOBODY, CHAIN_NOBODY,
                                        plan->rules.changes_most};
        struct matching_move move;

        if (p->mentor_of[index] != CHAIN_NOBODY) continue;
        tried++;
        if (chain_search(&(struct chain_state){plan->matching, p->mentor_of}, &wish, &move) &&
            chain_is_better(plan->matching, &move.loss, &nothing))
            apply(p, p->waiting[i], &move);
    }
}

/* Who gets somebody much better. */

#define DAY_MS INT64_C(86400000)

static bool has_stood(const struct plan *plan, const struct plan_participant *who)
{
    const int64_t days = plan->rules.replace_days;

    return who->has_suggestion && plan->now.ms - who->suggested_at.ms >= days * DAY_MS;
}

/* As it is to be, so far: what is suggested to them now. */
static bool is_kept(const struct proposing *p, const struct plan_participant *who)
{
    const struct plan *plan = p->plan;
    const uint32_t mentor = p->mentor_of[who->index];

    return who->has_suggestion && mentor != CHAIN_NOBODY &&
           id_equal(plan->mentors[plan->mentor_at[mentor]].id, who->suggested);
}

static bool have_all_stood(const struct plan *plan, const struct matching_move *move)
{
    for (uint32_t i = 0; i < move->change_count; i++)
        if (!move->changes[i].is_made &&
            !has_stood(plan,
                       &plan->participants[plan->participant_at[move->changes[i].participant]]))
            return false;
    return true;
}

/* kept: what it costs to have the present mentor. */
static bool is_much_better(const struct plan *plan, struct matching_value loss,
                           const struct matching_value *kept)
{
    static const struct matching_value nothing = {{0}};

    for (unsigned t = 0; t < MATCHING_TERMS; t++)
        loss.term[t] -= kept->term[t];
    return chain_is_better(plan->matching, &loss, &nothing) &&
           -loss.term[MATCHING_SCORE] >= plan->rules.replace_points;
}

static bool find_path(const struct proposing *p, uint32_t participant, uint32_t mentor,
                      uint32_t others, struct matching_move *move)
{
    return chain_search(&(struct chain_state){p->plan->matching, p->mentor_of},
                        &(struct chain_wish){participant, mentor, CHAIN_NOBODY, others}, move);
}

static int64_t present_points(const struct proposing *p, uint32_t position)
{
    const struct plan *plan = p->plan;
    unsigned rules;

    return plan_score(plan, position,
                      plan->mentor_at[p->mentor_of[plan->participants[position].index]], &rules)
        .total;
}

static bool try_better(struct proposing *p, uint32_t position, const struct matching_edge *edge,
                       const struct matching_value *kept)
{
    const struct plan *plan = p->plan;
    struct matching_move move;

    if (!find_path(p, edge->participant, edge->mentor, plan->rules.changes_most, &move) ||
        !is_much_better(plan, move.loss, kept) || !have_all_stood(plan, &move))
        return false;
    apply(p, position, &move);
    return true;
}

static bool has_enough(const struct plan *plan, const struct matching_edge *edge, int64_t points)
{
    return edge->score > points && edge->score - points >= plan->rules.replace_points;
}

/* The best first. Whether any was tried. */
static bool find_better(struct proposing *p, uint32_t position)
{
    const struct plan *plan = p->plan;
    const uint32_t index = plan->participants[position].index, present = p->mentor_of[index];
    const int64_t points = present_points(p, position);
    struct matching_edge edges[PROPOSE_BETTER_MAX];
    const uint32_t count = matching_edges_of(plan->matching, index, edges, PROPOSE_BETTER_MAX);
    struct matching_move kept;

    if (count == 0 || !has_enough(plan, &edges[0], points)) return false;
    p->mentor_of[index] = CHAIN_NOBODY;
    if (!find_path(p, index, present, 0, &kept)) bug("a suggestion that stands cannot be made");
    for (uint32_t i = 0; i < count && i < PROPOSE_BETTER_MAX; i++) {
        edges[i].participant = index;
        if (!has_enough(plan, &edges[i], points)) break;
        if (!try_better(p, position, &edges[i], &kept.loss)) continue;
        p->better[position] = edges[i].score - points;
        return true;
    }
    p->mentor_of[index] = present;
    return true;
}

/* Some of them each time, in turn. */
static void find_all_better(struct proposing *p)
{
    struct plan *plan = p->plan;

    for (uint32_t i = 0, tried = 0; i < plan->participant_count && tried < PROPOSE_PATHS_MAX; i++) {
        const uint32_t position = plan->better_turn++ % plan->participant_count;
        const struct plan_participant *who = &plan->participants[position];

        if (is_kept(p, who) && has_stood(plan, who)) tried += find_better(p, position);
    }
}

/* In which order it is said. */

/* By position: what is said of each, and how often each mentor is spoken for while it is. */
struct saying {
    const struct proposing *p;
    const struct reasons *reasons;
    struct proposals *to;
    bool *is_pending;     /* gets another mentor than there is now */
    uint32_t *suggested;  /* mentor's position of the suggestion there is, or PLAN_NONE */
    uint32_t *spoken_for; /* by mentor's position */
};

static uint32_t wanted_of(const struct saying *s, uint32_t position)
{
    const struct plan *plan = s->p->plan;
    const uint32_t mentor = s->p->mentor_of[plan->participants[position].index];

    return mentor == CHAIN_NOBODY ? PLAN_NONE : plan->mentor_at[mentor];
}

static void begin_saying(struct saying *s)
{
    const struct plan *plan = s->p->plan;

    s->is_pending = room_for(plan->participant_count, sizeof *s->is_pending);
    s->suggested = room_for(plan->participant_count, sizeof *s->suggested);
    s->spoken_for = room_for(plan->mentor_count, sizeof *s->spoken_for);
    s->to->suggested = room_for(plan->participant_count, sizeof *s->to->suggested);
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        const struct plan_participant *who = &plan->participants[i];

        s->suggested[i] = who->has_suggestion ? plan_find_mentor(plan, who->suggested) : PLAN_NONE;
        if (s->suggested[i] != PLAN_NONE) s->spoken_for[s->suggested[i]]++;
        s->is_pending[i] = wanted_of(s, i) != PLAN_NONE && wanted_of(s, i) != s->suggested[i];
    }
}

static void say(struct saying *s, uint32_t position, uint32_t displaced)
{
    const struct plan *plan = s->p->plan;
    struct mentorship_suggest *body = &s->to->suggested[s->to->count++];
    const uint32_t mentor = wanted_of(s, position);

    reasons_for(s->reasons, position, body);
    body->seen_mentee = plan->participants[position].version;
    body->seen_mentor = plan->mentors[mentor].version;
    body->moved = s->p->moved[position];
    body->has_better = s->p->better[position] > 0;
    body->better = s->p->better[position];
    if (displaced != PLAN_NONE) {
        body->has_displaces = true;
        body->displaces = plan->participants[displaced].suggestion;
        s->suggested[displaced] = PLAN_NONE;
        s->spoken_for[mentor]--;
    }
    if (s->suggested[position] != PLAN_NONE) s->spoken_for[s->suggested[position]]--;
    s->suggested[position] = mentor;
    s->spoken_for[mentor]++;
    s->is_pending[position] = false;
}

/* Those whose mentor has a place free by now. Whether there were any. */
static bool say_free(struct saying *s)
{
    const struct plan *plan = s->p->plan;
    bool is_any = false;

    for (uint32_t i = 0; i < plan->participant_count; i++) {
        const uint32_t mentor = wanted_of(s, i);

        if (!s->is_pending[i] || s->spoken_for[mentor] >= plan->mentors[mentor].places) continue;
        say(s, i, PLAN_NONE);
        is_any = true;
    }
    return is_any;
}

/* Nobody moves unless somebody does: whoever has the place and will not keep it goes first. */
static bool say_displacing(struct saying *s)
{
    const struct plan *plan = s->p->plan;

    for (uint32_t i = 0; i < plan->participant_count; i++) {
        if (!s->is_pending[i]) continue;
        for (uint32_t x = 0; x < plan->participant_count; x++) {
            if (x == i || s->suggested[x] != wanted_of(s, i) || wanted_of(s, x) == s->suggested[x])
                continue;
            say(s, i, x);
            return true;
        }
    }
    return false;
}

static void say_all(const struct proposing *p, const struct reasons *reasons, struct proposals *to)
{
    struct saying s = {.p = p, .reasons = reasons, .to = to};

    begin_saying(&s);
    while (say_free(&s) || say_displacing(&s))
        continue;
    free(s.is_pending);
    free(s.suggested);
    free(s.spoken_for);
}

/* Who gets nobody. */

static void explain(struct plan *plan, uint32_t position, const struct reasons *reasons,
                    struct proposals *to)
{
    const struct plan_participant *who = &plan->participants[position];
    struct unproposed *one = &to->unproposed[to->unproposed_count];

    one->referral = who->referral;
    one->version = who->version;
    reasons_against(reasons, position, &one->body.why);
    if (!who->has_why || memcmp(&who->why, &one->body.why, sizeof who->why) != 0)
        to->unproposed_count++;
}

/* Some of them each time, in turn. */
static void explain_some(struct proposing *p, const struct reasons *reasons, struct proposals *to)
{
    struct plan *plan = p->plan;
    const bool is_large = (uint64_t)plan->participant_count * plan->mentor_count > PLAN_LARGE;
    uint32_t left = is_large ? PROPOSE_REASONS_LARGE : PROPOSE_REASONS_MAX;

    to->unproposed = room_for(PROPOSE_REASONS_MAX + PLAN_BY_HAND_MAX, sizeof *to->unproposed);
    list_waiting(p);
    if (left > p->waiting_count) left = p->waiting_count;
    for (; left > 0; left--)
        explain(plan, p->waiting[plan->turn++ % p->waiting_count], reasons, to);
}

static void leave_to_hand(const struct plan *plan, struct proposals *to)
{
    for (uint32_t i = 0; i < plan->by_hand_count; i++) {
        struct unproposed *one = &to->unproposed[to->unproposed_count++];

        *one = (struct unproposed){.referral = plan->by_hand[i].referral,
                                   .version = plan->by_hand[i].version};
        one->body.why.has_by_hand = one->body.why.by_hand = true;
    }
}

/* Who else could be proposed. */

static bool is_there(const struct plan *plan, uint32_t position, struct id mentor)
{
    const uint32_t at = plan_find_mentor(plan, mentor);
    unsigned rules;
    struct score score;

    if (at == PLAN_NONE || plan->mentors[at].places == 0) return false;
    score = plan_score(plan, position, at, &rules);
    return rules == 0 && score.total >= plan->rules.least_points;
}

/* Somebody who was listed is there no more; for who was never there is room: misses_somebody. */
static bool lacks_alternatives(const struct plan *plan, uint32_t position)
{
    const struct mentorship_alternatives *listed = &plan->participants[position].alternatives;

    for (uint32_t i = 0; i < listed->count; i++)
        if (!is_there(plan, position, listed->at[i].mentor)) return true;
    return false;
}

static bool is_listed(const struct mentorship_alternatives *listed, struct id mentor)
{
    for (uint32_t i = 0; i < listed->count; i++)
        if (id_equal(listed->at[i].mentor, mentor)) return true;
    return false;
}

/* Whether there is somebody for a place in the list that is free, or with more points than who has fewest in it. */
static bool misses_somebody(const struct plan *plan, uint32_t position)
{
    const struct plan_participant *who = &plan->participants[position];
    const struct mentorship_alternatives *listed = &who->alternatives;
    const bool is_full = listed->count == sizeof listed->at / sizeof listed->at[0];
    struct matching_edge *edges = room_for(plan->mentor_count, sizeof *edges);
    const uint32_t count = matching_edges_of(plan->matching, who->index, edges, plan->mentor_count);
    int64_t missed = INT64_MIN, least = INT64_MAX; /* points: the best first */

    for (uint32_t i = 0; i < count; i++) {
        const struct plan_mentor *mentor = &plan->mentors[plan->mentor_at[edges[i].mentor]];

        if (mentor->places == 0 || id_equal(mentor->id, who->suggested)) continue;
        if (is_listed(listed, mentor->id))
            least = edges[i].score;
        else if (missed == INT64_MIN)
            missed = edges[i].score;
    }
    free(edges);
    return missed != INT64_MIN && (!is_full || missed > least);
}

/* Whether others are in it: what they cost changes with whatever is proposed to anybody. */
static bool are_others(const struct mentorship_alternatives *listed,
                       const struct mentorship_alternatives *now)
{
    for (uint32_t i = 0; i < now->count; i++)
        if (!is_listed(listed, now->at[i].mentor)) return true;
    return listed->count != now->count;
}

static void list_alternatives(const struct plan *plan, uint32_t position,
                              const struct reasons *reasons, struct proposals *to)
{
    const struct plan_participant *who = &plan->participants[position];
    struct listed *one = &to->listed[to->listed_count];

    one->mentorship = who->suggestion;
    one->version = who->suggestion_version;
    reasons_alternatives(reasons, position, &one->body.alternatives);
    if (are_others(&who->alternatives, &one->body.alternatives)) to->listed_count++;
}

/* Where somebody in the list has gone; some of them each time, in turn. */
static uint32_t list_lacking(struct proposing *p, uint32_t left, const struct reasons *reasons,
                             struct proposals *to)
{
    struct plan *plan = p->plan;

    for (uint32_t i = 0; i < plan->participant_count && left > 0; i++) {
        const uint32_t position = plan->alternatives_turn++ % plan->participant_count;

        if (!is_kept(p, &plan->participants[position]) || !lacks_alternatives(plan, position))
            continue;
        list_alternatives(plan, position, reasons, to);
        left--;
    }
    return left;
}

/* Where somebody has come: dearer to find, so that only some are looked at each time, in turn. */
static void list_missing(struct proposing *p, uint32_t left, const struct reasons *reasons,
                         struct proposals *to)
{
    struct plan *plan = p->plan;

    for (uint32_t i = 0, looks = 0;
         i < plan->participant_count && looks < PROPOSE_REASONS_MAX && left > 0; i++) {
        const uint32_t position = plan->missing_turn++ % plan->participant_count;

        if (!is_kept(p, &plan->participants[position]) || lacks_alternatives(plan, position))
            continue;
        looks++;
        if (!misses_somebody(plan, position)) continue;
        list_alternatives(plan, position, reasons, to);
        left--;
    }
}

/* Of suggestions that stand. */
static void list_some(struct proposing *p, const struct reasons *reasons, struct proposals *to)
{
    const struct plan *plan = p->plan;
    const bool is_large = (uint64_t)plan->participant_count * plan->mentor_count > PLAN_LARGE;
    const uint32_t most = is_large ? PROPOSE_REASONS_LARGE : PROPOSE_REASONS_MAX;

    to->listed = room_for(PROPOSE_REASONS_MAX, sizeof *to->listed);
    list_missing(p, list_lacking(p, most, reasons, to), reasons, to);
}

void propose_next(struct plan *plan, struct proposals *to)
{
    struct proposing p = {.plan = plan};
    struct reasons reasons;

    memset(to, 0, sizeof *to);
    if (plan->matching == NULL) return;
    p.mentor_of = room_for(plan->participant_indices, sizeof *p.mentor_of);
    p.moved = room_for(plan->participant_count, sizeof *p.moved);
    p.better = room_for(plan->participant_count, sizeof *p.better);
    p.waiting = room_for(plan->participant_count, sizeof *p.waiting);
    plan_present(plan, p.mentor_of);
    list_waiting(&p);
    if (!take_best(&p)) {
        if (p.waiting_count > PROPOSE_FEW) match_together(&p);
        find_paths(&p);
        find_all_better(&p);
    }
    reasons_open(&reasons, plan, p.mentor_of);
    say_all(&p, &reasons, to);
    explain_some(&p, &reasons, to);
    leave_to_hand(plan, to);
    list_some(&p, &reasons, to);
    free(p.mentor_of);
    free(p.moved);
    free(p.better);
    free(p.waiting);
}

void proposals_drop(struct proposals *proposals)
{
    free(proposals->suggested);
    free(proposals->unproposed);
    free(proposals->listed);
    *proposals = (struct proposals){0};
}
