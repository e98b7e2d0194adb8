/* What it would cost to have it otherwise: the cheapest residual path that makes it so. */
#include "matching/trail.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

static void add_value(struct matching_value *to, enum matching_term term, int64_t by)
{
    to->term[term] += by;
}

static int32_t score_of(const struct matching *m, uint32_t participant, uint32_t mentor)
{
    const struct side *p = &m->side[PARTICIPANT];

    return arcs_of(p, participant)[graph_find(p, participant, mentor)].score;
}

static void note(const struct matching *m, struct matching_move *move, uint32_t participant,
                 uint32_t mentor, bool is_made)
{
    const int sign = is_made ? -1 : 1; /* of a loss */

    add_value(&move->loss, MATCHING_PAIRS, sign);
    add_value(&move->loss, MATCHING_SCORE, sign * (int64_t)score_of(m, participant, mentor));
    if (move->change_count < MATCHING_CHANGES_MAX)
        move->changes[move->change_count] = (struct matching_change){participant, mentor, is_made};
    move->change_count++;
}

/* One arc of a path, as changes to pairs and to who has somebody. */
static void note_step(const struct matching *m, struct matching_move *move, struct spot from,
                      struct spot to)
{
    static const enum matching_term terms[2] = {MATCHING_PARTICIPANTS, MATCHING_MENTORS};
    const struct spot end = from.kind == HUB ? to : from;

    if (from.kind == PARTICIPANT && to.kind == MENTOR) {
        note(m, move, from.index, to.index, true);
    } else if (from.kind == MENTOR && to.kind == PARTICIPANT) {
        note(m, move, to.index, from.index, false);
    } else {
        const uint32_t load = m->side[end.kind].person[end.index].load;
        const bool gains = (from.kind == HUB) == (end.kind == PARTICIPANT);

        if (load == (gains ? 0 : 1)) add_value(&move->loss, terms[end.kind], gains ? -1 : 1);
    }
}

static void note_path(const struct trail *t, uint32_t end, struct matching_move *move)
{
    uint32_t count = 0, *states;

    for (uint32_t s = end; s != UINT32_MAX; s = t->parent[s])
        count++;
    states = graph_room(NULL, count, sizeof *states);
    for (uint32_t s = end, i = count; s != UINT32_MAX; s = t->parent[s])
        states[--i] = s;
    for (uint32_t i = 0; i + 1 < count; i++)
        note_step(t->m, move, trail_spot(t, states[i]), trail_spot(t, states[i + 1]));
    free(states);
}

static bool is_pair(const struct side *p, uint32_t participant, uint32_t mentor, bool *is_edge)
{
    const uint32_t at = graph_find(p, participant, mentor);

    *is_edge = at < p->person[participant].degree;
    return at < p->person[participant].load;
}

bool matching_with(const struct matching *m, uint32_t participant, uint32_t mentor,
                   struct matching_move *move)
{
    const struct side *p = &m->side[PARTICIPANT], *q = &m->side[MENTOR];
    bool is_edge, is_found;
    struct trail t;
    uint32_t end;

    if (is_pair(p, participant, mentor, &is_edge) || !is_edge) return false;
    if (p->person[participant].capacity == 0 || q->person[mentor].capacity == 0) return false;
    memset(move, 0, sizeof *move);
    note(m, move, participant, mentor, true);
    trail_open(&t, m);
    t.from = (struct spot){MENTOR, mentor};
    t.to = (struct spot){PARTICIPANT, participant};
    is_found = trail_search(&t, &end);
    if (is_found) note_path(&t, end, move);
    trail_close(&t);
    return is_found;
}

static uint32_t holder_of(const struct matching_move *move)
{
    const struct matching_change *pair = &move->changes[0];

    for (uint32_t i = 1; i < move->change_count && i < MATCHING_CHANGES_MAX; i++) {
        const struct matching_change *change = &move->changes[i];

        if (change->is_made || change->mentor != pair->mentor) continue;
        return change->participant == pair->participant ? UINT32_MAX : change->participant;
    }
    return UINT32_MAX;
}

enum matching_hindrance matching_hindrance(const struct matching_move *move, uint32_t *holder)
{
    static const struct matching_value nothing = {{0}};
    const int64_t *loss = move->loss.term;

    *holder = holder_of(move);
    if (loss[MATCHING_PARTICIPANTS] > 0 || loss[MATCHING_MENTORS] > 0 || loss[MATCHING_PAIRS] > 0)
        return MATCHING_FEWER;
    if (memcmp(loss, nothing.term, sizeof nothing.term) == 0) return MATCHING_EQUAL;
    return *holder == UINT32_MAX ? MATCHING_MOVES : MATCHING_TAKEN;
}

/* The participant goes without, and the mentor's place is given back, if nothing else: there always
 * is a way. */
static void replace(const struct matching *m, uint32_t participant, uint32_t mentor,
                    uint32_t others, struct matching_move *move)
{
    struct trail t;
    uint32_t end;

    memset(move, 0, sizeof *move);
    note(m, move, participant, mentor, false);
    trail_open(&t, m);
    t.from = (struct spot){PARTICIPANT, participant};
    t.to = (struct spot){MENTOR, mentor};
    t.banned[PARTICIPANT] = participant;
    t.banned[MENTOR] = mentor;
    t.others = others;
    if (!trail_search(&t, &end)) bug("matching: no way around %u and %u", participant, mentor);
    note_path(&t, end, move);
    trail_close(&t);
}

bool matching_without(const struct matching *m, uint32_t participant, uint32_t mentor,
                      struct matching_move *move)
{
    bool is_edge;

    if (!is_pair(&m->side[PARTICIPANT], participant, mentor, &is_edge)) return false;
    replace(m, participant, mentor, ANY_NUMBER, move);
    return true;
}

bool matching_without_changing(const struct matching *m, uint32_t participant, uint32_t mentor,
                               uint32_t others, struct matching_move *move,
                               struct matching_value *behind)
{
    struct matching_move best;

    if (!matching_without(m, participant, mentor, &best)) return false;
    replace(m, participant, mentor, others < MATCHING_OTHERS_MAX ? others : MATCHING_OTHERS_MAX,
            move);
    for (unsigned i = 0; i < MATCHING_TERMS; i++)
        behind->term[i] = move->loss.term[i] - best.loss.term[i];
    return true;
}

/* With one more place the arc from mentor to S has room; the gain is that of the cycle through it,
 * if it is one. */
void matching_one_more_place(const struct matching *m, struct matching_value *gain)
{
    const struct side *q = &m->side[MENTOR];
    struct trail t;
    uint32_t end;

    trail_open(&t, m);
    t.from = (struct spot){HUB, 0};
    t.to = (struct spot){UINT32_MAX, 0};
    trail_search(&t, &end);
    for (uint32_t i = 0; i < q->count; i++) {
        const struct person *person = &q->person[i];
        const uint32_t state = trail_state(&t, (struct spot){MENTOR, i}, 0);
        const int64_t ceiling = person->load == 0 ? -q->bonus : 0;
        struct matching_move move = {0};

        memset(&gain[i], 0, sizeof gain[i]);
        if (t.dist[state] == DIST_NONE || person->load < person->capacity) continue;
        if (t.dist[state] + ceiling - q->node[i].price >= 0) continue;
        note_path(&t, state, &move);
        note_step(m, &move, (struct spot){MENTOR, i}, (struct spot){HUB, 0});
        for (unsigned k = 0; k < MATCHING_TERMS; k++)
            gain[i].term[k] = -move.loss.term[k];
    }
    trail_close(&t);
}
