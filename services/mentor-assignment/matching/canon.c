/* From any optimum to the one that ranks prefer.
 *
 * Optimal prices show all optima: they differ by cycles of tight residual arcs. Participants are
 * settled one after the other; for each, its tight edges by falling score and then mentor rank. An
 * edge that is not chosen is tried by looking for a tight path from its mentor back to its
 * participant: from both ends at once, so that a search fails as soon as the smaller end has
 * nowhere to go. Who has been settled is not touched again.
 */
#include "matching/canon.h"

#include <stdlib.h>
#include <string.h>

#include "matching/tight.h"

#define NONE UINT32_MAX
/* Parts are found anew when so many times everybody has been seen in vain: cheap enough by then. */
enum { WASTE = 1 };

/* One end of the search. Seen from the participant everything runs backwards, which is the same
 * as forwards with the sides exchanged. */
struct wave {
    enum side_name paired; /* the side that goes on to its partners; the other to non-partners */
    uint32_t *queue, head, tail;
    struct step {
        uint32_t seen;       /* == round */
        uint32_t from, edge; /* whence reached, and along which; NONE: it begins here; along none */
    } * steps;               /* by vertex */
};

struct canon {
    struct tight tight;
    struct wave wave[2]; /* from the mentor, from the participant */
    uint32_t round;
    uint32_t participant;
    uint32_t *kept; /* by mentor: the participant who keeps them, + 1 */
    uint32_t *part; /* of the tight graph, by vertex */
    uint32_t home;  /* the participant's part */
    size_t wasted;  /* how many were seen in vain since the parts were found */
    bool is_fresh;  /* the waves tell of this participant as it stands */
};

/* Both waves. */

static void wave_put(struct canon *c, struct wave *w, uint32_t to, uint32_t from, uint32_t edge)
{
    if (w->steps[to].seen == c->round || c->part[to] != c->home) return;
    if (to < c->tight.mentors && c->tight.gone[to]) return;
    w->steps[to] = (struct step){c->round, from, edge};
    w->queue[w->tail++] = to;
}

static void spread_hub(struct canon *c, struct wave *w)
{
    const struct tight *t = &c->tight;

    for (uint32_t i = 0; i < t->near_hub_count; i++) {
        const uint32_t v = t->near_hub[i];

        if (tight_side(t, v) == w->paired ? tight_at_floor(t, v) : tight_at_ceiling(t, v))
            wave_put(c, w, v, t->hub, NONE);
    }
}

/* The participant's own pairs that are kept lead nowhere. */
static bool is_kept_pair(const struct canon *c, uint32_t a, uint32_t b)
{
    const uint32_t participant = a < b ? a : b, mentor = a < b ? b : a;

    return participant == c->participant && c->kept[mentor - c->tight.mentors] == participant + 1;
}

static void spread(struct canon *c, struct wave *w, uint32_t v)
{
    const struct tight *t = &c->tight;
    const bool to_partners = tight_side(t, v) == w->paired;

    if (to_partners ? tight_at_ceiling(t, v) : tight_at_floor(t, v))
        wave_put(c, w, t->hub, v, NONE);
    for (uint32_t e = t->first[v]; e < t->first[v + 1]; e++) {
        const struct tight_edge *edge = &t->edges[e];

        if (edge->is_pair != to_partners) continue;
        if (to_partners && is_kept_pair(c, v, edge->to)) continue;
        wave_put(c, w, edge->to, v, e);
    }
}

static bool both_saw(const struct canon *c, uint32_t v)
{
    return c->wave[0].steps[v].seen == c->round && c->wave[1].steps[v].seen == c->round;
}

/* The next of a wave; whether the waves have met there. */
static bool advance(struct canon *c, struct wave *w, uint32_t *met)
{
    const uint32_t v = w->queue[w->head++];
    uint32_t before = w->tail;

    if (v == c->tight.hub)
        spread_hub(c, w);
    else
        spread(c, w, v);
    for (; before < w->tail; before++) {
        if (!both_saw(c, w->queue[before])) continue;
        *met = w->queue[before];
        return true;
    }
    return false;
}

static void begin(struct canon *c)
{
    c->round++;
    c->is_fresh = true;
    c->wave[1].head = c->wave[1].tail = 0;
    wave_put(c, &c->wave[1], c->participant, NONE, NONE);
}

/* What earlier searches for the same participant saw stays seen: from the mentors' end it leads
 * nowhere, from the participant's end it is a start. */
static bool search(struct canon *c, uint32_t mentor, uint32_t *met)
{
    struct wave *forth = &c->wave[0], *back = &c->wave[1];

    if (!c->is_fresh) begin(c);
    if (forth->steps[mentor].seen == c->round) return false;
    if (back->steps[mentor].seen != c->round && back->head == back->tail) return false;
    forth->head = forth->tail = 0;
    wave_put(c, forth, mentor, NONE, NONE);
    *met = mentor;
    if (both_saw(c, mentor)) return true;
    while (forth->head < forth->tail && back->head < back->tail)
        if (advance(c, forth, met) || advance(c, back, met)) return true;
    c->wasted += forth->tail;
    return false;
}

/* Participant by participant. */

/* The halves of the cycle that met there: what was a pair is none, and the other way round. */
static void turn(struct canon *c, uint32_t met)
{
    for (unsigned k = 0; k < 2; k++)
        for (uint32_t v = met; c->wave[k].steps[v].from != NONE; v = c->wave[k].steps[v].from)
            if (c->wave[k].steps[v].edge != NONE) tight_flip(&c->tight, c->wave[k].steps[v].edge);
}

/* Whether an edge that is no pair may become one. */
static bool has_choice(const struct canon *c)
{
    const struct tight *t = &c->tight;

    for (uint32_t e = t->first[c->participant]; e < t->first[c->participant + 1]; e++)
        if (!t->edges[e].is_pair && c->part[t->edges[e].to] == c->home) return true;
    return false;
}

static void settle_one(struct canon *c, uint32_t participant)
{
    struct tight *t = &c->tight;
    const uint32_t capacity = t->m->side[PARTICIPANT].person[participant].capacity;
    uint32_t kept = 0, met;

    c->participant = participant;
    c->is_fresh = false;
    c->home = c->part[participant];
    if (has_choice(c))
        for (uint32_t e = t->first[participant]; e < t->first[participant + 1] && kept < capacity;
             e++) {
            const uint32_t mentor = t->edges[e].to;

            if (!t->edges[e].is_pair) {
                if (c->part[mentor] != c->home || !search(c, mentor, &met)) continue;
                turn(c, met);
                tight_flip(t, e);
            }
            c->is_fresh = false;
            c->kept[mentor - t->mentors] = participant + 1;
            kept++;
        }
    t->gone[participant] = true;
}

struct turn {
    uint32_t rank, index;
};

static int by_rank(const void *left, const void *right)
{
    const struct turn *a = left, *b = right;

    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* Zeroed. */
static void *blank(size_t count, size_t size)
{
    void *room = graph_room(NULL, count, size);

    memset(room, 0, count * size);
    return room;
}

static struct turn *take_turns(const struct side *p)
{
    struct turn *turns = graph_room(NULL, p->count, sizeof *turns);
    bool is_in_order = true;

    for (uint32_t i = 0; i < p->count; i++) {
        turns[i] = (struct turn){p->rank[i], i};
        if (i > 0 && p->rank[i] < p->rank[i - 1]) is_in_order = false;
    }
    if (!is_in_order) qsort(turns, p->count, sizeof *turns, by_rank);
    return turns;
}

/* Parts fall apart as participants are settled, and cycles are looked for in vain. */
static void find_parts(struct canon *c)
{
    tight_parts(&c->tight, c->part);
    c->wasted = 0;
}

void canon(struct matching *m)
{
    struct turn *turns = take_turns(&m->side[PARTICIPANT]);
    struct canon c = {.wave = {{.paired = MENTOR}, {.paired = PARTICIPANT}}};
    size_t vertices;

    tight_open(&c.tight, m);
    vertices = c.tight.hub + (size_t)1;
    for (unsigned k = 0; k < 2; k++) {
        c.wave[k].queue = graph_room(NULL, vertices, sizeof *c.wave[k].queue);
        c.wave[k].steps = blank(vertices, sizeof *c.wave[k].steps);
    }
    c.part = graph_room(NULL, vertices, sizeof *c.part);
    c.kept = blank(m->side[MENTOR].count, sizeof *c.kept);
    find_parts(&c);
    for (uint32_t i = 0; i < c.tight.mentors; i++) {
        settle_one(&c, turns[i].index);
        if (c.wasted > WASTE * vertices) find_parts(&c);
    }
    for (unsigned k = 0; k < 2; k++) {
        free(c.wave[k].queue);
        free(c.wave[k].steps);
    }
    free(c.part);
    free(c.kept);
    free(turns);
    tight_close(&c.tight);
}
