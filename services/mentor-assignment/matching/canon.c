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

static const struct spot nowhere = {NONE, 0};

/* One end of the search. Seen from the participant everything runs backwards, which is the same
 * as forwards with the sides exchanged. */
struct wave {
    enum side_name paired; /* the side that goes on to its partners; the other to non-partners */
    struct spot *queue;
    uint32_t head, tail;
    struct spot *from[3]; /* by side: whence reached */
    uint32_t *seen[3];    /* == round */
};

struct canon {
    struct matching *m;
    struct wave wave[2]; /* from the mentor, from the participant */
    uint32_t round;
    bool *settled; /* by participant */
    uint32_t participant;
    uint32_t *kept; /* mentors that the participant keeps */
    uint32_t kept_count;
    struct tight tight;
    uint32_t *part; /* of the tight graph, by tight_number */
    uint32_t home;  /* the participant's part */
    size_t wasted;  /* how many were seen in vain since the parts were found */
    bool is_fresh;  /* the waves tell of this participant as it stands */
};

static bool keeps(const struct canon *c, uint32_t mentor)
{
    for (uint32_t i = 0; i < c->kept_count; i++)
        if (c->kept[i] == mentor) return true;
    return false;
}

/* --- Both waves -------------------------------------------------------------------------------- */

static void wave_put(struct canon *c, struct wave *w, struct spot to, struct spot from)
{
    if (w->seen[to.kind][to.index] == c->round) return;
    if (c->part[tight_number(&c->tight, to)] != c->home) return;
    if (to.kind == PARTICIPANT && c->settled[to.index]) return;
    w->seen[to.kind][to.index] = c->round;
    w->from[to.kind][to.index] = from;
    w->queue[w->tail++] = to;
}

static void spread_hub(struct canon *c, struct wave *w)
{
    const struct spot hub = {HUB, 0};

    for (uint32_t i = 0; i < c->tight.near_hub_count; i++) {
        const struct spot s = c->tight.near_hub[i];
        const struct side *side = &c->m->side[s.kind];

        if (s.kind == (uint32_t)w->paired ? tight_at_floor(side, s.index)
                                          : tight_at_ceiling(side, s.index))
            wave_put(c, w, s, hub);
    }
}

/* The participant's own pairs that are kept lead nowhere. */
static bool is_kept_pair(const struct canon *c, struct spot a, struct spot b)
{
    const uint32_t participant = a.kind == PARTICIPANT ? a.index : b.index;

    return participant == c->participant && keeps(c, a.kind == PARTICIPANT ? b.index : a.index);
}

static void spread(struct canon *c, struct wave *w, struct spot s)
{
    const struct spot hub = {HUB, 0};
    const enum side_name name = (enum side_name)s.kind;
    const struct matching *m = c->m;
    const struct side *side = &m->side[name];
    const struct node *others = m->side[!name].node;
    const struct person *person = &side->person[s.index];
    const struct arc *arcs = arcs_of(side, s.index);
    const bool to_partners = name == w->paired;
    const uint32_t begin = to_partners ? 0 : person->load;
    const uint32_t end = to_partners ? person->load : person->degree;
    const int64_t price = side->node[s.index].price;
    const int64_t least = to_partners ? INT64_MIN : price + c->tight.least[!name];

    if (to_partners ? tight_at_ceiling(side, s.index) : tight_at_floor(side, s.index))
        wave_put(c, w, hub, s);
    for (uint32_t i = begin; i < end; i++) {
        const struct spot to = {!name, arcs[i].to};
        const int64_t weight = arc_weight(m, arcs[i]);

        if (weight < least) break; /* and so on: they score less and less */
        if (price + others[to.index].price != weight) continue;
        if (to_partners && is_kept_pair(c, s, to)) continue;
        wave_put(c, w, to, s);
    }
}

static bool both_saw(const struct canon *c, struct spot s)
{
    return c->wave[0].seen[s.kind][s.index] == c->round &&
           c->wave[1].seen[s.kind][s.index] == c->round;
}

/* The next of a wave; whether the waves have met there. */
static bool advance(struct canon *c, struct wave *w, struct spot *met)
{
    const struct spot s = w->queue[w->head++];
    uint32_t before = w->tail;

    if (s.kind == HUB)
        spread_hub(c, w);
    else
        spread(c, w, s);
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
    wave_put(c, &c->wave[1], (struct spot){PARTICIPANT, c->participant}, nowhere);
}

/* What earlier searches for the same participant saw stays seen: from the mentors' end it leads
 * nowhere, from the participant's end it is a start. */
static bool search(struct canon *c, uint32_t mentor, struct spot *met)
{
    const struct spot start = {MENTOR, mentor};
    struct wave *forth = &c->wave[0], *back = &c->wave[1];

    if (!c->is_fresh) begin(c);
    if (forth->seen[MENTOR][mentor] == c->round) return false;
    if (back->seen[MENTOR][mentor] != c->round && back->head == back->tail) return false;
    forth->head = forth->tail = 0;
    wave_put(c, forth, start, nowhere);
    *met = start;
    if (both_saw(c, start)) return true;
    while (forth->head < forth->tail && back->head < back->tail)
        if (advance(c, forth, met) || advance(c, back, met)) return true;
    c->wasted += forth->tail;
    return false;
}

/* --- Turning a cycle --------------------------------------------------------------------------- */

static void turn(struct canon *c, struct spot a, struct spot b, bool linking)
{
    if (a.kind == HUB || b.kind == HUB) return;
    if (a.kind == MENTOR && !linking) graph_unlink(c->m, b.index, a.index);
    if (a.kind == PARTICIPANT && linking) graph_link(c->m, a.index, b.index);
}

static void turn_all(struct canon *c, struct spot met, bool linking)
{
    for (struct spot s = met; c->wave[0].from[s.kind][s.index].kind != NONE;) {
        const struct spot before = c->wave[0].from[s.kind][s.index];

        turn(c, before, s, linking);
        s = before;
    }
    for (struct spot s = met; c->wave[1].from[s.kind][s.index].kind != NONE;) {
        const struct spot after = c->wave[1].from[s.kind][s.index];

        turn(c, s, after, linking);
        s = after;
    }
}

/* --- Participant by participant ---------------------------------------------------------------- */

struct wish {
    uint32_t mentor, rank;
    int32_t score;
    bool chosen;
};

static int by_preference(const void *left, const void *right)
{
    const struct wish *a = left, *b = right;

    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* *has_choice: whether an edge that is no pair may become one. */
static uint32_t wishes_of(const struct canon *c, struct wish *wishes, bool *has_choice)
{
    const struct side *p = &c->m->side[PARTICIPANT];
    const struct person *person = &p->person[c->participant];
    const struct arc *arcs = arcs_of(p, c->participant);
    uint32_t count = 0;

    for (uint32_t i = 0; i < person->degree; i++) {
        if (i >= person->load && tight_ends(&c->tight, PARTICIPANT, c->participant, arcs[i])) break;
        if (!tight_is(&c->tight, PARTICIPANT, c->participant, arcs[i])) continue;
        if (i >= person->load) {
            if (c->part[tight_number(&c->tight, (struct spot){MENTOR, arcs[i].to})] != c->home)
                continue;
            *has_choice = true;
        }
        wishes[count++] = (struct wish){arcs[i].to, c->m->side[MENTOR].rank[arcs[i].to],
                                        arcs[i].score, i < person->load};
    }
    return count;
}

static bool is_partner(const struct canon *c, uint32_t mentor)
{
    const struct side *p = &c->m->side[PARTICIPANT];
    const struct arc *arcs = arcs_of(p, c->participant);

    for (uint32_t i = 0; i < p->person[c->participant].load; i++)
        if (arcs[i].to == mentor) return true;
    return false;
}

static void settle_one(struct canon *c, struct wish *wishes)
{
    const struct spot self = {PARTICIPANT, c->participant};
    const uint32_t capacity = c->m->side[PARTICIPANT].person[c->participant].capacity;
    bool has_choice = false;
    uint32_t count;
    struct spot met;

    c->kept_count = 0;
    c->is_fresh = false;
    c->home = c->part[tight_number(&c->tight, self)];
    count = wishes_of(c, wishes, &has_choice);
    if (!has_choice) {
        c->settled[c->participant] = true;
        return;
    }
    if (count > 1) qsort(wishes, count, sizeof *wishes, by_preference);
    for (uint32_t i = 0; i < count && c->kept_count < capacity; i++) {
        const uint32_t mentor = wishes[i].mentor;

        if (!is_partner(c, mentor)) {
            if (!search(c, mentor, &met)) continue;
            turn_all(c, met, false);
            turn_all(c, met, true);
            graph_link(c->m, c->participant, mentor);
        }
        c->is_fresh = false;
        c->kept[c->kept_count++] = mentor;
    }
    c->settled[c->participant] = true;
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

static void open_wave(struct wave *w, const struct matching *m, enum side_name paired)
{
    const uint32_t counts[3] = {m->side[0].count, m->side[1].count, 1};

    w->paired = paired;
    w->queue = graph_room(NULL, (size_t)counts[0] + counts[1] + 1, sizeof *w->queue);
    for (unsigned k = 0; k < 3; k++) {
        w->from[k] = graph_room(NULL, counts[k], sizeof *w->from[k]);
        w->seen[k] = blank(counts[k], sizeof *w->seen[k]);
    }
}

static void close_wave(struct wave *w)
{
    free(w->queue);
    for (unsigned k = 0; k < 3; k++) {
        free(w->from[k]);
        free(w->seen[k]);
    }
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

static uint32_t highest_degree(const struct side *side)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < side->count; i++)
        if (side->person[i].degree > most) most = side->person[i].degree;
    return most;
}

/* Parts fall apart as participants are settled, and cycles are looked for in vain. */
static void find_parts(struct canon *c)
{
    tight_parts(&c->tight, c->part);
    c->wasted = 0;
}

void canon(struct matching *m)
{
    const struct side *p = &m->side[PARTICIPANT];
    const uint32_t most = highest_degree(p);
    struct canon c = {.m = m};
    struct turn *turns = take_turns(p);
    struct wish *wishes = graph_room(NULL, most, sizeof *wishes);

    open_wave(&c.wave[0], m, MENTOR);
    open_wave(&c.wave[1], m, PARTICIPANT);
    tight_open(&c.tight, m);
    c.part = graph_room(NULL, (size_t)p->count + m->side[MENTOR].count + 1, sizeof *c.part);
    c.tight.gone = c.settled = blank(p->count, sizeof *c.settled);
    find_parts(&c);
    c.kept = graph_room(NULL, most, sizeof *c.kept);
    for (uint32_t i = 0; i < p->count; i++) {
        c.participant = turns[i].index;
        settle_one(&c, wishes);
        if (c.wasted > WASTE * (size_t)(p->count + m->side[MENTOR].count)) find_parts(&c);
    }
    close_wave(&c.wave[0]);
    close_wave(&c.wave[1]);
    tight_close(&c.tight);
    free(c.part);
    free(c.settled);
    free(c.kept);
    free(turns);
    free(wishes);
}
