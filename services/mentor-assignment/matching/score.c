/* A pair's factors and hard rules, worked out from two profiles and a programme's weights. */
#include "matching/score.h"

const struct score_rules score_rules_default = {
    .weight = {[SCORE_LANGUAGE] = 20,
               [SCORE_MUNICIPALITY] = 15,
               [SCORE_DISTANCE] = 10,
               [SCORE_OCCUPATION_4] = 30,
               [SCORE_OCCUPATION_3] = 20,
               [SCORE_OCCUPATION_2] = 10,
               [SCORE_NETWORK] = 15,
               [SCORE_AVAILABILITY] = 3,
               [SCORE_WISH] = 5,
               [SCORE_WAITING] = 1},
    .distance_most_km = 50,
    .availability_most = 3,
    .waiting_most_weeks = 26,
    .hard = (1u << SCORE_RULES) - 1,
};

static uint32_t in_common(const struct score_codes *a, const struct score_codes *b)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t k = 0; k < b->count; k++)
            if (a->at[i] == b->at[k] && a->at[i] != 0) {
                count++;
                break;
            }
    return count;
}

/* Two codes of three letters of five bits each: what it is spoken of as, and its own. */
enum { LANGUAGE_BITS = 15, LANGUAGE = (1 << LANGUAGE_BITS) - 1 };

static uint32_t letters_of(const char *code)
{
    uint32_t letters = 0;

    for (unsigned i = 0; i < 3 && code[i] >= 'a' && code[i] <= 'z'; i++)
        letters = letters << 5 | (uint32_t)(code[i] - 'a' + 1);
    return letters;
}

uint32_t score_language(const char *code, const char *macro)
{
    return letters_of(macro) << LANGUAGE_BITS | letters_of(code);
}

static bool languages_meet(uint32_t a, uint32_t b)
{
    const uint32_t own_a = a & LANGUAGE, own_b = b & LANGUAGE;

    if (own_a == 0 || own_b == 0) return false;
    return own_a == own_b || own_a == b >> LANGUAGE_BITS || own_b == a >> LANGUAGE_BITS;
}

static bool have_language(const struct score_codes *a, const struct score_codes *b)
{
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t k = 0; k < b->count; k++)
            if (languages_meet(a->at[i], b->at[k])) return true;
    return false;
}

/* From the front: whose it is, in whose terms (three bits each), and four digits of four bits; behind
 * those, codes that have none. */
enum { OF = 29, AS = 26, SCHEME = 7, VALUE = (1 << AS) - 1, NO_DIGIT = 0xf, DIGITS_MAX = 0xffff };

static uint32_t in_terms(enum score_scheme of, enum score_scheme as, uint32_t value)
{
    return (uint32_t)of << OF | (uint32_t)as << AS | (value & VALUE);
}

uint32_t score_occupation(enum score_scheme of, enum score_scheme as, const char *code)
{
    uint32_t digits = 0, count = 0;
    bool is_known = false;

    for (; count < 4 && code[count] >= '0' && code[count] <= '9'; count++) {
        digits = digits << 4 | (uint32_t)(code[count] - '0');
        is_known |= code[count] != '0';
    }
    if (count < 2 || !is_known) return 0;
    for (; count < 4; count++)
        digits = digits << 4 | NO_DIGIT;
    return in_terms(of, as, digits);
}

uint32_t score_occupation_own(enum score_scheme of, uint32_t number)
{
    return in_terms(of, of, DIGITS_MAX + 1 + number);
}

/* In whose terms occupations of two schemes are compared; SCORE_SCHEMES: in none. */
static const enum score_scheme meetings[SCORE_SCHEMES][SCORE_SCHEMES] = {
    [SCORE_SCHEMELESS] = {SCORE_SCHEMELESS, SCORE_SCHEMES, SCORE_SCHEMES, SCORE_SCHEMES,
                          SCORE_SCHEMES},
    [SCORE_SSYK] = {SCORE_SCHEMES, SCORE_SSYK, SCORE_ISCO, SCORE_ISCO, SCORE_SSYK},
    [SCORE_STYRK] = {SCORE_SCHEMES, SCORE_ISCO, SCORE_STYRK, SCORE_ISCO, SCORE_ISCO},
    [SCORE_ISCO] = {SCORE_SCHEMES, SCORE_ISCO, SCORE_ISCO, SCORE_ISCO, SCORE_ISCO},
    [SCORE_JOBTECH] = {SCORE_SCHEMES, SCORE_SSYK, SCORE_ISCO, SCORE_ISCO, SCORE_JOBTECH},
};

/* In the same terms, and by their first two digits or all that stands for them: hardly any two are. */
static bool are_near(uint32_t x, uint32_t y)
{
    return ((x ^ y) & ((UINT32_C(1) << OF) - (UINT32_C(1) << 8))) == 0;
}

static bool are_comparable(uint32_t x, uint32_t y)
{
    return are_near(x, y) && meetings[x >> OF][y >> OF] == (x >> AS & SCHEME);
}

/* How many digits two codes have in common, from the front, where that is worth something; 4: they are
 * the same. */
static uint32_t digits_alike(uint32_t x, uint32_t y)
{
    const uint32_t a = x & VALUE, b = y & VALUE;
    uint32_t digits = 0;

    if (!are_comparable(x, y) || a == 0 || b == 0) return 0;
    if (a > DIGITS_MAX || b > DIGITS_MAX) return a == b ? 4 : 0;
    for (uint32_t shift = 12; digits < 4; digits++, shift -= 4) {
        const uint32_t digit = a >> shift & 0xf;

        if (digit == NO_DIGIT || digit != (b >> shift & 0xf)) break;
    }
    return digits;
}

/* Of the nearest two; 0 or 1: nothing. */
static uint32_t digits_in_common(const struct score_occupations *a,
                                 const struct score_occupations *b)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < a->count && most < 4; i++)
        for (uint32_t k = 0; k < b->count; k++) {
            const uint32_t digits = digits_alike(a->at[i], b->at[k]);

            if (digits > most) most = digits;
        }
    return most;
}

static uint64_t square_root(uint64_t square)
{
    uint64_t low = 0, high = UINT64_C(1) << 32;

    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;

        if (middle * middle <= square)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static uint64_t distance_km(const struct score_person *a, const struct score_person *b)
{
    const int64_t x = ((int64_t)a->easting - b->easting) / 4; /* quarters: their squares fit */
    const int64_t y = ((int64_t)a->northing - b->northing) / 4;

    return square_root((uint64_t)(x * x + y * y)) * 4 / 1000;
}

static int32_t near(const struct score_rules *rules, const struct score_person *a,
                    const struct score_person *b)
{
    const int64_t most = rules->distance_most_km;
    int64_t km;

    if (!a->has_place || !b->has_place || most == 0) return 0;
    km = (int64_t)distance_km(a, b);
    return km >= most ? 0 : (int32_t)(rules->weight[SCORE_DISTANCE] * (most - km) / most);
}

static uint32_t at_most(uint32_t number, uint32_t most)
{
    return number < most ? number : most;
}

static uint32_t times_in_common(uint32_t a, uint32_t b)
{
    uint32_t count = 0;

    for (uint32_t both = a & b; both != 0; both &= both - 1)
        count++;
    return count;
}

/* A weight at most a million, a number at most a thousand: fits. */
static int32_t times(int32_t weight, uint32_t number)
{
    return weight * (int32_t)at_most(number, 1000);
}

static void add_occupation(const struct score_rules *rules, uint32_t digits, struct score *s)
{
    static const enum score_factor factors[] = {
        [2] = SCORE_OCCUPATION_2, [3] = SCORE_OCCUPATION_3, [4] = SCORE_OCCUPATION_4};

    if (digits >= 2) s->part[factors[digits]] = rules->weight[factors[digits]];
}

static void add_parts(const struct score_rules *rules, const struct score_person *p,
                      const struct score_person *q, struct score *s)
{
    const int32_t *weight = rules->weight;

    s->part[SCORE_LANGUAGE] =
        times(weight[SCORE_LANGUAGE], have_language(&p->languages, &q->languages));
    if (p->municipality != 0 && p->municipality == q->municipality)
        s->part[SCORE_MUNICIPALITY] = weight[SCORE_MUNICIPALITY];
    else
        s->part[SCORE_DISTANCE] = near(rules, p, q);
    add_occupation(rules, digits_in_common(&p->occupations, &q->occupations), s);
    if (digits_in_common(&p->occupations, &q->networks) >= 2)
        s->part[SCORE_NETWORK] = weight[SCORE_NETWORK];
    s->part[SCORE_AVAILABILITY] =
        times(weight[SCORE_AVAILABILITY],
              at_most(times_in_common(p->times, q->times), rules->availability_most));
    s->part[SCORE_WISH] = times(weight[SCORE_WISH], in_common(&p->wishes, &q->wishes));
    s->part[SCORE_WAITING] =
        times(weight[SCORE_WAITING], at_most(p->waiting_days / 7, rules->waiting_most_weeks));
    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        s->total += s->part[f];
}

struct score score_pair(const struct score_rules *rules, const struct score_person *participant,
                        const struct score_person *mentor, struct score_relation relation)
{
    struct score s = {{0}, 0, 0};

    if (relation.is_conflict) s.failed |= 1u << SCORE_CONFLICT;
    if (relation.is_supervisor) s.failed |= 1u << SCORE_SUPERVISOR;
    if (relation.is_former) s.failed |= 1u << SCORE_FORMER;
    if (participant->protection > mentor->protection) s.failed |= 1u << SCORE_CLEARANCE;
    if (mentor->capacity == 0) s.failed |= 1u << SCORE_CAPACITY;
    s.failed &= rules->hard;
    add_parts(rules, participant, mentor, &s);
    return s;
}
