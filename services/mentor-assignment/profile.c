/* Rows of mentors and mentees as the solver's scores want them, and a programme's rules as its
 * weights. */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

#include "coding.h"
#include "core/error.h"

#define DAY_MS INT64_C(86400000)

/* Rules. */

static const enum score_factor factors[SCORE_FACTORS] = {
    [PAIR_FACTOR_LANGUAGE] = SCORE_LANGUAGE,
    [PAIR_FACTOR_MUNICIPALITY] = SCORE_MUNICIPALITY,
    [PAIR_FACTOR_DISTANCE] = SCORE_DISTANCE,
    [PAIR_FACTOR_OCCUPATION_4] = SCORE_OCCUPATION_4,
    [PAIR_FACTOR_OCCUPATION_3] = SCORE_OCCUPATION_3,
    [PAIR_FACTOR_OCCUPATION_2] = SCORE_OCCUPATION_2,
    [PAIR_FACTOR_NETWORK] = SCORE_NETWORK,
    [PAIR_FACTOR_AVAILABILITY] = SCORE_AVAILABILITY,
    [PAIR_FACTOR_WISH] = SCORE_WISH,
    [PAIR_FACTOR_WAITING] = SCORE_WAITING,
};

static const enum matching_term terms[MATCHING_TERMS] = {
    [MATCH_TERM_PARTICIPANTS] = MATCHING_PARTICIPANTS,
    [MATCH_TERM_MENTORS] = MATCHING_MENTORS,
    [MATCH_TERM_PAIRS] = MATCHING_PAIRS,
    [MATCH_TERM_SCORE] = MATCHING_SCORE,
};

static void take_weights(const struct match_weights *weights, struct score_rules *to)
{
    for (uint32_t i = 0; i < weights->count; i++)
        to->weight[factors[weights->at[i].factor]] = (int32_t)weights->at[i].weight;
}

static void take_objective(const struct match_objective *objective, struct matching_objective *to)
{
    to->count = objective->count;
    for (uint32_t i = 0; i < objective->count; i++)
        to->term[i] = terms[objective->at[i]];
}

void profile_rules_of(const struct matching_rules *rules, struct profile_rules *to)
{
    const struct match_settings *said = &rules->matching;

    *to = (struct profile_rules){.score = score_rules_default,
                                 .objective = matching_objective_default,
                                 .least_points = INT64_MIN,
                                 .changes_most = PROFILE_CHANGES_MOST,
                                 .overdue_days = PROFILE_OVERDUE_DAYS,
                                 .replace_days = PROFILE_REPLACE_DAYS,
                                 .replace_points = PROFILE_REPLACE_POINTS};
    if (!rules->has_matching) return;
    if (said->has_weights) take_weights(&said->weights, &to->score);
    if (said->has_objective) take_objective(&said->objective, &to->objective);
    if (said->has_distance_most_km) to->score.distance_most_km = (uint32_t)said->distance_most_km;
    if (said->has_availability_most)
        to->score.availability_most = (uint32_t)said->availability_most;
    if (said->has_waiting_most_weeks)
        to->score.waiting_most_weeks = (uint32_t)said->waiting_most_weeks;
    if (said->has_least_points) to->least_points = said->least_points;
    if (said->has_changes_most) to->changes_most = (uint32_t)said->changes_most;
    if (said->has_overdue_days) to->overdue_days = (uint32_t)said->overdue_days;
    if (said->has_replace_days) to->replace_days = (uint32_t)said->replace_days;
    if (said->has_replace_points) to->replace_points = (uint32_t)said->replace_points;
}

/* Codes. */

static uint32_t own_number(struct profile_codes *codes, const char *code)
{
    const size_t size = sizeof *codes->at;
    uint32_t i = 0;

    while (i < codes->count && strcmp(codes->at[i], code) != 0)
        i++;
    if (i == PROFILE_CODES_MAX) return 0;
    if (i == codes->count) {
        if ((i & (i - 1)) == 0 &&
            (codes->at = realloc(codes->at, (i == 0 ? 1 : 2 * i) * size)) == NULL)
            bug("out of memory");
        strcpy(codes->at[codes->count++], code);
    }
    return i + 1;
}

void profile_codes_drop(struct profile_codes *codes)
{
    free(codes->at);
    *codes = (struct profile_codes){0};
}

/* A concept of JobTech's past the last number still meets the other schemes. */
static void take_occupations(const struct occupations *from, struct profile_codes *codes,
                             struct score_occupations *to)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct occupation *at = &from->at[i];
        const bool has_number = at->scheme == OCCUPATION_SCHEME_JOBTECH;

        coding_occupation(at->scheme, at->code, has_number ? own_number(codes, at->code) : 0, to);
    }
}

static void take_languages(const struct spokens *from, struct score_codes *to)
{
    for (uint32_t i = 0; i < from->count; i++)
        to->at[to->count++] = coding_language(from->at[i]);
}

static void take_wishes(const struct match_wishes *from, struct score_codes *to)
{
    for (uint32_t i = 0; i < from->count; i++)
        to->at[to->count++] = (uint32_t)from->at[i] + 1;
}

static uint32_t times_of(const struct availability *from)
{
    uint32_t times = 0;

    for (uint32_t i = 0; i < from->count; i++)
        times |= UINT32_C(1) << from->at[i];
    return times;
}

static void take_place(bool is_known, enum country country, const char *municipality,
                       const struct municipality *place, struct score_person *to)
{
    if (is_known) to->municipality = coding_municipality(country, municipality);
    if (!is_known || place == NULL) return;
    to->has_place = true;
    to->easting = (int32_t)place->easting;
    to->northing = (int32_t)place->northing;
}

/* Persons. */

static enum score_protection protection_of(enum protection protection)
{
    switch (protection) {
    case PROTECTION_NONE: return SCORE_PROTECTION_NONE;
    case PROTECTION_MARKED: return SCORE_PROTECTION_MARKED;
    case PROTECTION_CONFIDENTIAL: return SCORE_PROTECTION_CONFIDENTIAL;
    case PROTECTION_STRICTLY: return SCORE_PROTECTION_STRICTLY;
    }
    bug("protection %u", protection);
}

void profile_mentee(const struct mentee *row, const struct municipality *place, struct instant now,
                    struct profile_codes *codes, struct score_person *to)
{
    const int64_t waited_ms = now.ms - row->waiting_since.ms;

    memset(to, 0, sizeof *to);
    take_languages(&row->languages, &to->languages);
    take_occupations(&row->occupations, codes, &to->occupations);
    if (row->wishes_consented) {
        take_wishes(&row->wishes, &to->wishes);
        to->times = times_of(&row->availability);
    }
    take_place(row->has_municipality, row->country, row->municipality, place, to);
    to->waiting_days = waited_ms > 0 ? (uint32_t)(waited_ms / DAY_MS) : 0;
    to->protection = protection_of(row->protection);
    to->capacity = 1;
}

void profile_mentor(const struct mentor *row, const struct municipality *place,
                    struct profile_codes *codes, struct score_person *to)
{
    memset(to, 0, sizeof *to);
    take_languages(&row->languages, &to->languages);
    take_occupations(&row->occupations, codes, &to->occupations);
    take_occupations(&row->networks, codes, &to->networks);
    if (row->wishes_consented) {
        take_wishes(&row->offers, &to->wishes);
        to->times = times_of(&row->availability);
    }
    take_place(row->has_municipality, row->country, row->municipality, place, to);
    to->protection = row->cleared ? SCORE_PROTECTION_STRICTLY : SCORE_PROTECTION_NONE;
    to->capacity = (uint32_t)row->capacity;
}
