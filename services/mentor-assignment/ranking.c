#include "ranking.h"

#include <assert.h>
#include <string.h>

/* What each factor can add. */
enum {
    FIRST_LANGUAGE = 40, /* the one that the mentee speaks best */
    ANY_LANGUAGE = 25,
    SAME_MUNICIPALITY = 20,
    SAME_OCCUPATION = 30, /* the same code, or four digits of it */
    SAME_GROUP = 20,      /* three digits */
    SAME_FIELD = 10,      /* two */
    FREE_PLACE = 2,       /* each */
    FREE_PLACES_MAX = 10,
    WAITING_WEEK = 1, /* each */
    WAITING_MAX = 20,
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool speaks(const struct spokens *languages, const char *language)
{
    for (uint32_t i = 0; i < languages->count; i++)
        if (strcmp(languages->at[i], language) == 0) return true;
    return false;
}

static int64_t language_points(const struct mentee *mentee, const struct mentor *mentor)
{
    for (uint32_t i = 0; i < mentee->languages.count; i++)
        if (speaks(&mentor->languages, mentee->languages.at[i]))
            return i == 0 ? FIRST_LANGUAGE : ANY_LANGUAGE;
    return 0;
}

static int64_t municipality_points(const struct mentee *mentee, const struct mentor *mentor)
{
    if (!mentee->has_municipality || !mentor->has_municipality) return 0;
    return strcmp(mentee->municipality, mentor->municipality) == 0 ? SAME_MUNICIPALITY : 0;
}

/* Codes of one scheme tell by their first digits what they have in common; JobTech's do not. */
static int64_t relation(const struct occupation *a, const struct occupation *b)
{
    size_t common = 0;

    if (a->scheme != b->scheme) return 0;
    if (strcmp(a->code, b->code) == 0) return SAME_OCCUPATION;
    if (a->scheme == OCCUPATION_SCHEME_JOBTECH) return 0;
    while (a->code[common] != '\0' && a->code[common] == b->code[common])
        common++;
    if (common >= 4) return SAME_OCCUPATION;
    if (common == 3) return SAME_GROUP;
    return common == 2 ? SAME_FIELD : 0;
}

static int64_t occupation_points(const struct mentee *mentee, const struct mentor *mentor)
{
    int64_t most = 0;

    for (uint32_t i = 0; i < mentee->occupations.count; i++) {
        for (uint32_t j = 0; j < mentor->occupations.count; j++) {
            const int64_t points = relation(&mentee->occupations.at[i], &mentor->occupations.at[j]);

            if (points > most) most = points;
        }
    }
    return most;
}

static int64_t places_points(const struct candidate *candidate)
{
    const int64_t spare = candidate->mentor->capacity - candidate->taken;

    return spare > 0 ? least(spare * FREE_PLACE, FREE_PLACES_MAX) : 0;
}

static int64_t waiting_points(const struct mentee *mentee, struct instant now)
{
    const int64_t week_ms = INT64_C(7) * 24 * 60 * 60 * 1000;
    const int64_t waited_ms = now.ms - mentee->waiting_since.ms;

    return waited_ms > 0 ? least(waited_ms / week_ms * WAITING_WEEK, WAITING_MAX) : 0;
}

static void add(struct ranked *ranked, enum mentorship_factor factor, int64_t points)
{
    struct mentorship_explanation *explanation = &ranked->explanation;

    assert(explanation->count < sizeof explanation->at / sizeof explanation->at[0]);
    explanation->at[explanation->count++] = (struct mentorship_part){factor, points};
    ranked->total += points;
}

void ranking_score(const struct mentee *mentee, const struct candidate *candidate,
                   struct instant now, struct ranked *ranked)
{
    const struct mentor *mentor = candidate->mentor;

    memset(ranked, 0, sizeof *ranked);
    ranked->candidate = candidate;
    add(ranked, MENTORSHIP_FACTOR_LANGUAGE, language_points(mentee, mentor));
    add(ranked, MENTORSHIP_FACTOR_MUNICIPALITY, municipality_points(mentee, mentor));
    add(ranked, MENTORSHIP_FACTOR_OCCUPATION, occupation_points(mentee, mentor));
    add(ranked, MENTORSHIP_FACTOR_PLACES, places_points(candidate));
    add(ranked, MENTORSHIP_FACTOR_WAITING, waiting_points(mentee, now));
}

static bool is_better(const struct ranked *a, const struct ranked *b)
{
    if (a->total != b->total) return a->total > b->total;
    if (a->candidate->taken != b->candidate->taken)
        return a->candidate->taken < b->candidate->taken;
    return memcmp(&a->candidate->mentor->id, &b->candidate->mentor->id, sizeof(struct id)) < 0;
}

size_t ranking_best(const struct mentee *mentee, const struct candidate *candidates, size_t count,
                    struct instant now, struct ranked *best, size_t most)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        struct ranked next;
        size_t place;

        ranking_score(mentee, &candidates[i], now, &next);
        for (place = found; place > 0 && is_better(&next, &best[place - 1]); place--)
            if (place < most) best[place] = best[place - 1];
        if (place == most) continue;
        best[place] = next;
        if (found < most) found++;
    }
    return found;
}
