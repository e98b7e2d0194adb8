/* The side that wants fewer partners bids for places on the other, in rounds of ever smaller steps.
 *
 * A bidder raises the price of its best place to where its second best would do as well, plus a
 * step; whoever held the place bids again. Steps are score units, from a part of the score span
 * down to one. What the last round leaves inexact is for the exact search to mend: pairs that are
 * worth less than the bidder's best alternative are dissolved at the end.
 */
#include "matching/auction.h"

#include <stdlib.h>

struct place {
    int64_t price;
    uint32_t holder, arc; /* NOBODY; and which of its arcs leads here */
};

#define NOBODY UINT32_MAX

/* Parts of the score span; measured on random and on real instances, and not critical. */
enum { FIRST_STEP = 32, NEXT_STEP = 4 };

struct sale {
    const struct matching *m;
    const struct side *bidders, *sellers;
    struct place *places;
    size_t *first;     /* of a seller's places */
    int64_t *price;    /* of a seller's cheapest place, in score units like all money here */
    uint32_t *wanting; /* partners for whom a bidder still bids */
    uint32_t *waiting; /* a stack of bidders */
    uint32_t waiting_count;
    int64_t step;
    int64_t least; /* no price is below */
    int64_t quit;  /* a place that is worth no more than this is left alone */
};

static uint32_t places_of(const struct sale *s, uint32_t seller)
{
    return (uint32_t)(s->first[seller + 1] - s->first[seller]);
}

static bool holds(const struct sale *s, uint32_t bidder, uint32_t seller)
{
    for (size_t i = s->first[seller]; i < s->first[seller + 1]; i++)
        if (s->places[i].holder == bidder) return true;
    return false;
}

static struct place *cheapest(const struct sale *s, uint32_t seller)
{
    struct place *best = &s->places[s->first[seller]];

    for (size_t i = s->first[seller] + 1; i < s->first[seller + 1]; i++)
        if (s->places[i].price < best->price) best = &s->places[i];
    return best;
}

static uint32_t most_wanted(const struct person *person)
{
    return person->capacity < person->degree ? person->capacity : person->degree;
}

static void want(struct sale *s, uint32_t bidder)
{
    if (s->wanting[bidder]++ == 0) s->waiting[s->waiting_count++] = bidder;
}

struct choice {
    uint32_t arc; /* NOBODY: would rather go without */
    int64_t best, second;
};

static struct choice choose(const struct sale *s, uint32_t bidder)
{
    const struct person *person = &s->bidders->person[bidder];
    const struct arc *arcs = arcs_of(s->bidders, bidder);
    const bool has_some = s->wanting[bidder] < most_wanted(person);
    const int64_t *price = s->price, least = s->least;
    const uint32_t degree = person->degree;
    struct choice c = {NOBODY, s->quit, s->quit};

    for (uint32_t i = 0; i < degree; i++) {
        const int64_t score = arcs[i].score, value = score - price[arcs[i].to];

        if (score - least <= c.second) break; /* the arcs score less and less */
        if (value <= c.second) continue;
        if (has_some && holds(s, bidder, arcs[i].to)) continue;
        if (value > c.best)
            c = (struct choice){i, value, c.best};
        else
            c.second = value;
    }
    return c;
}

static bool bid(struct sale *s, uint32_t bidder)
{
    const struct choice c = choose(s, bidder);
    struct place *place;
    uint32_t seller;

    if (c.arc == NOBODY) return false;
    seller = arcs_of(s->bidders, bidder)[c.arc].to;
    place = cheapest(s, seller);
    if (place->holder != NOBODY) want(s, place->holder);
    place->holder = bidder;
    place->arc = c.arc;
    place->price += c.best - c.second + s->step;
    s->price[seller] = cheapest(s, seller)->price;
    return true;
}

static void bid_all(struct sale *s)
{
    for (uint32_t i = 0; i < s->bidders->count; i++)
        if (s->wanting[i] > 0) s->waiting[s->waiting_count++] = i;
    while (s->waiting_count > 0) {
        const uint32_t bidder = s->waiting[--s->waiting_count];

        while (s->wanting[bidder] > 0 && bid(s, bidder))
            s->wanting[bidder]--;
    }
}

static void find_least(struct sale *s)
{
    s->least = PRICE_MAX / 2;
    for (uint32_t i = 0; i < s->sellers->count; i++)
        if (s->price[i] < s->least) s->least = s->price[i];
}

/* What a bidder could have instead of the places that it holds. */
static int64_t best_other(const struct sale *s, uint32_t bidder)
{
    const struct arc *arcs = arcs_of(s->bidders, bidder);
    int64_t best = s->quit;

    for (uint32_t i = 0; i < s->bidders->person[bidder].degree; i++) {
        const int64_t value = arcs[i].score - s->price[arcs[i].to];

        if (arcs[i].score - s->least <= best) break;
        if (value > best && !holds(s, bidder, arcs[i].to)) best = value;
    }
    return best;
}

/* Free the places of those who could do better by more than slack. */
static void dissolve(struct sale *s, int64_t slack)
{
    int64_t *other = graph_room(NULL, s->bidders->count, sizeof *other);

    find_least(s);
    for (uint32_t i = 0; i < s->bidders->count; i++)
        other[i] = best_other(s, i);
    for (uint32_t i = 0; i < s->sellers->count; i++) {
        for (size_t k = s->first[i]; k < s->first[i + 1]; k++) {
            struct place *place = &s->places[k];
            const uint32_t holder = place->holder;

            if (holder == NOBODY) continue;
            if (arcs_of(s->bidders, holder)[place->arc].score - s->price[i] + slack >=
                other[holder])
                continue;
            place->holder = NOBODY;
            s->wanting[holder]++;
        }
    }
    free(other);
}

/* Returns how far the scores are apart. */
static int64_t measure(struct sale *s)
{
    int64_t low = INT64_MAX, high = INT64_MIN;

    for (uint32_t i = 0; i < s->bidders->count; i++) {
        const struct person *person = &s->bidders->person[i];
        const struct arc *arcs = arcs_of(s->bidders, i);

        if (person->degree == 0) continue;
        if (arcs[0].score > high) high = arcs[0].score;
        if (arcs[person->degree - 1].score < low) low = arcs[person->degree - 1].score;
    }
    if (low > high) return 0;
    /* Where pairs count, nobody goes without for the score; but fighting on past half the span is
     * for a place that will not be had, and the exact search finds that out faster. */
    s->quit = s->m->pair_weight > s->m->score_weight ? low - (high - low) / 2 - 1 : 0;
    return high - low;
}

static void open_sale(struct sale *s)
{
    const uint32_t bidders = s->bidders->count, sellers = s->sellers->count;
    size_t count = 0;

    s->first = graph_room(NULL, (size_t)sellers + 1, sizeof *s->first);
    s->price = graph_room(NULL, sellers, sizeof *s->price);
    s->wanting = graph_room(NULL, bidders, sizeof *s->wanting);
    s->waiting = graph_room(NULL, bidders, sizeof *s->waiting);
    for (uint32_t i = 0; i < sellers; i++) {
        s->first[i] = count;
        count += most_wanted(&s->sellers->person[i]);
        s->price[i] = s->first[i] == count ? PRICE_MAX / 2 : 0; /* nothing to sell */
    }
    s->first[sellers] = count;
    s->places = graph_room(NULL, count, sizeof *s->places);
    for (size_t i = 0; i < count; i++)
        s->places[i] = (struct place){0, NOBODY, 0};
    for (uint32_t i = 0; i < bidders; i++)
        s->wanting[i] = most_wanted(&s->bidders->person[i]);
}

static void close_sale(struct sale *s)
{
    free(s->first);
    free(s->price);
    free(s->wanting);
    free(s->waiting);
    free(s->places);
}

/* What weights say that scores did not: no pair that is worth less than it costs. */
static void drop_worse(struct matching *m, enum side_name name, uint32_t index)
{
    const struct side *side = &m->side[name];
    const struct node *others = m->side[!name].node;

    for (uint32_t i = side->person[index].load; i-- > 0;) {
        const struct arc arc = arcs_of(side, index)[i];

        if (arc_weight(m, arc) - others[arc.to].price >= side->node[index].price) continue;
        graph_unlink(m, name == PARTICIPANT ? index : arc.to, name == PARTICIPANT ? arc.to : index);
    }
}

static void take_over(const struct sale *s, struct matching *m, enum side_name bidding)
{
    struct side *bidders = &m->side[bidding], *sellers = &m->side[!bidding];
    /* Who has nothing to sell is too dear for everybody, and where nobody sells nothing is bought. */
    const int64_t least = s->least < PRICE_MAX / 2 ? s->least * m->score_weight : 0;

    for (uint32_t i = 0; i < sellers->count; i++) {
        sellers->node[i].price =
            places_of(s, i) > 0 ? s->price[i] * m->score_weight : graph_best(m, !bidding, i);
        for (size_t k = s->first[i]; k < s->first[i + 1]; k++) {
            const uint32_t holder = s->places[k].holder;

            if (holder == NOBODY) continue;
            graph_link(m, bidding == PARTICIPANT ? holder : i, bidding == PARTICIPANT ? i : holder);
        }
    }
    for (uint32_t i = 0; i < bidders->count; i++) {
        bidders->node[i].price = graph_best_other(m, bidding, i, 0, least);
        drop_worse(m, bidding, i);
    }
}

static uint64_t wanted(const struct side *side)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < side->count; i++)
        sum += most_wanted(&side->person[i]);
    return sum;
}

void auction(struct matching *m)
{
    const enum side_name bidding =
        wanted(&m->side[PARTICIPANT]) > wanted(&m->side[MENTOR]) ? MENTOR : PARTICIPANT;
    struct sale s = {.m = m, .bidders = &m->side[bidding], .sellers = &m->side[!bidding]};

    open_sale(&s);
    s.step = measure(&s) / FIRST_STEP;
    do {
        if (s.step < 1) s.step = 1;
        dissolve(&s, s.step);
        bid_all(&s);
        s.step /= NEXT_STEP;
    } while (s.step > 0);
    dissolve(&s, 0);
    take_over(&s, m, bidding);
    close_sale(&s);
}
