/* Terms in order of importance, as one number each. */
#include "matching/objective.h"

#include <stddef.h>
#include <string.h>

#include "core/error.h"

const struct matching_objective matching_objective_default = {
    4, {MATCHING_PARTICIPANTS, MATCHING_MENTORS, MATCHING_PAIRS, MATCHING_SCORE}};

static const char *const names[MATCHING_TERMS] = {
    [MATCHING_PARTICIPANTS] = "participants",
    [MATCHING_MENTORS] = "mentors",
    [MATCHING_PAIRS] = "pairs",
    [MATCHING_SCORE] = "score",
};

static bool term_read(const char *word, size_t length, enum matching_term *term)
{
    for (unsigned t = 0; t < MATCHING_TERMS; t++) {
        if (strlen(names[t]) != length || memcmp(names[t], word, length) != 0) continue;
        *term = (enum matching_term)t;
        return true;
    }
    return false;
}

bool matching_objective_read(const char *list, struct matching_objective *objective,
                             struct error *err)
{
    struct matching_objective read = {0};

    for (;;) {
        const size_t length = strcspn(list, ",");
        enum matching_term term;

        if (!term_read(list, length, &term))
            return error_set(err, ERROR_INVALID, "matching.objective",
                             "\"%.*s\" is not a term of an objective: participants, mentors, pairs "
                             "or score",
                             length > 32 ? 32 : (int)length, list);
        if (objective_has(&read, term))
            return error_set(err, ERROR_INVALID, "matching.objective",
                             "the objective names %s twice", names[term]);
        read.term[read.count++] = term;
        if (list[length] == '\0') break;
        list += length + 1;
    }
    *objective = read;
    return true;
}

bool objective_has(const struct matching_objective *objective, enum matching_term term)
{
    for (uint32_t i = 0; i < objective->count; i++)
        if (objective->term[i] == term) return true;
    return false;
}

static bool is_sound(const struct matching_objective *objective)
{
    struct matching_objective seen = {0};

    if (objective->count == 0 || objective->count > MATCHING_TERMS) return false;
    for (uint32_t i = 0; i < objective->count; i++) {
        if ((unsigned)objective->term[i] >= MATCHING_TERMS) return false;
        if (objective_has(&seen, objective->term[i])) return false;
        seen.term[seen.count++] = objective->term[i];
    }
    return true;
}

/* Two solutions next to each other differ by a simple cycle of the residual graph. That meets S
 * once at most, so it changes each count by one at most, and the score by no more than `swing`.
 * A term that weighs more than all later ones together can change therefore comes first. */
bool objective_weigh(const struct matching_objective *objective, uint64_t smaller_side,
                     uint64_t score_span, struct matching_value *weight, struct error *err)
{
    struct matching_value w = {{0}};
    int64_t swing, next = 1;

    if (!is_sound(objective))
        return error_set(err, ERROR_INVALID, "matching.objective",
                         "an objective names one to four different terms");
    if (__builtin_mul_overflow(smaller_side + 1, score_span, &swing) ||
        __builtin_add_overflow(swing, 1, &swing))
        goto overflow;
    for (uint32_t i = objective->count; i-- > 0;) {
        const enum matching_term term = objective->term[i];
        int64_t most;

        w.term[term] = next;
        if (__builtin_mul_overflow(next, term == MATCHING_SCORE ? swing : 1, &most) ||
            __builtin_add_overflow(next, most, &next) || next > OBJECTIVE_WEIGHT_MAX)
            goto overflow;
    }
    *weight = w;
    return true;

overflow:
    return error_set(err, ERROR_INVALID, "matching.overflow",
                     "scores %llu apart among %llu people on the smaller side do not fit this "
                     "objective in 64 bits: use smaller scores",
                     (unsigned long long)score_span, (unsigned long long)smaller_side);
}
