/* Rules as JSON, read by a descriptor that is made here, not in a schema. */
#include "match/rules.h"

#include <stdlib.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"
#include "match/match.h"

const struct match_rules match_rules_default = {
    .score = {.weight = {20, 15, 10, 30, 20, 10, 15, 3, 5, 1},
              .distance_most_km = 50,
              .availability_most = 3,
              .waiting_most_weeks = 26,
              .hard = (1u << SCORE_RULES) - 1},
    .least_score = -MATCHING_SCORE_MAX,
    .overdue_days = 90,
};

const char *const match_factor_words[SCORE_FACTORS + 1] = {
    "language",
    "municipality",
    "distance",
    "occupation_4",
    "occupation_3",
    "occupation_2",
    "network",
    "availability",
    "wish",
    "waiting",
    ("none of these: language, municipality, distance, occupation_4, occupation_3, occupation_2, "
     "network, availability, wish, waiting")};

const char *const match_rule_words[SCORE_RULES + 1] = {
    "conflict",  "supervisor", "former",
    "clearance", "capacity",   "none of these: conflict, supervisor, former, clearance, capacity"};

/* The file as a struct. */

struct weight {
    unsigned factor;
    int64_t weight;
};

struct form {
    bool has_weights, has_off, has_km, has_times, has_weeks, has_least, has_overdue;
    struct {
        uint32_t count;
        struct weight at[SCORE_FACTORS];
    } weights;
    struct {
        uint32_t count;
        unsigned at[SCORE_RULES];
    } off;
    int64_t km, times, weeks, least, overdue;
};

static const struct field weight_fields[] = {
    {.name = "factor",
     .type = FIELD_WORD,
     .offset = offsetof(struct weight, factor),
     .present = NO_FLAG,
     .max = SCORE_FACTORS,
     .words = match_factor_words},
    {.name = "weight",
     .type = FIELD_INT,
     .offset = offsetof(struct weight, weight),
     .present = NO_FLAG,
     .min = -SCORE_WEIGHT_MAX,
     .max = SCORE_WEIGHT_MAX},
};
static const struct descriptor weight_descriptor = {"weight", sizeof(struct weight), 2,
                                                    weight_fields, NULL};
static const struct field weight_item = {
    .name = "weight", .type = FIELD_OBJECT, .present = NO_FLAG, .object = &weight_descriptor};
static const struct field off_item = {.name = "rule",
                                      .type = FIELD_WORD,
                                      .present = NO_FLAG,
                                      .max = SCORE_RULES,
                                      .words = match_rule_words};

#define NUMBER(called, member, flag, least_value, most_value)                         \
    {                                                                                 \
        .name = called, .type = FIELD_INT, .offset = offsetof(struct form, member),   \
        .present = offsetof(struct form, flag), .min = least_value, .max = most_value \
    }

static const struct field form_fields[] = {
    {.name = "weights",
     .type = FIELD_LIST,
     .offset = offsetof(struct form, weights),
     .present = offsetof(struct form, has_weights),
     .max = SCORE_FACTORS,
     .item = &weight_item,
     .stride = sizeof(struct weight),
     .first = offsetof(struct form, weights.at) - offsetof(struct form, weights)},
    {.name = "switched_off",
     .type = FIELD_LIST,
     .offset = offsetof(struct form, off),
     .present = offsetof(struct form, has_off),
     .max = SCORE_RULES,
     .item = &off_item,
     .stride = sizeof(unsigned),
     .first = offsetof(struct form, off.at) - offsetof(struct form, off)},
    NUMBER("distance_most_km", km, has_km, 0, 10000),
    NUMBER("availability_most", times, has_times, 0, 21),
    NUMBER("waiting_most_weeks", weeks, has_weeks, 0, 1000),
    NUMBER("least_score", least, has_least, -MATCHING_SCORE_MAX, MATCHING_SCORE_MAX),
    NUMBER("overdue_days", overdue, has_overdue, 0, 36500),
};
static const struct descriptor form_descriptor = {
    "rules", sizeof(struct form), sizeof form_fields / sizeof form_fields[0], form_fields, NULL};

static bool take_weights(const struct form *form, struct score_rules *rules, struct error *err)
{
    bool seen[SCORE_FACTORS] = {false};

    for (uint32_t i = 0; i < form->weights.count; i++) {
        const unsigned factor = form->weights.at[i].factor;

        if (seen[factor])
            return error_set(err, ERROR_INVALID, "match.rules", "the rules weigh %s twice",
                             match_factor_words[factor]);
        seen[factor] = true;
        rules->weight[factor] = (int32_t)form->weights.at[i].weight;
    }
    return true;
}

static bool take(const struct form *form, struct match_rules *rules, struct error *err)
{
    if (!take_weights(form, &rules->score, err)) return false;
    for (uint32_t i = 0; i < form->off.count; i++)
        rules->score.hard &= ~(1u << form->off.at[i]);
    if (form->has_km) rules->score.distance_most_km = (uint32_t)form->km;
    if (form->has_times) rules->score.availability_most = (uint32_t)form->times;
    if (form->has_weeks) rules->score.waiting_most_weeks = (uint32_t)form->weeks;
    if (form->has_least) rules->least_score = (int32_t)form->least;
    if (form->has_overdue) rules->overdue_days = (uint32_t)form->overdue;
    return true;
}

bool match_rules_load(const char *path, struct match_rules *rules, struct error *err)
{
    const struct date no_day = {0}; /* no rule is a text in which somebody's number could stand */
    struct match_rules read = match_rules_default;
    struct form *form = calloc(1, sizeof *form);
    struct error why;
    char *bytes;
    size_t size;
    bool ok = false;

    if (form == NULL) bug("match: no memory");
    if (!match_load(path, &bytes, &size, err)) goto done;
    if (!json_read(&form_descriptor, bytes, size, no_day, form, &why))
        error_set(err, ERROR_INVALID, "match.rules", "%.60s: %.60s%s%.30s%s%.40s", path, why.text,
                  why.fault_count > 0 ? ": " : "", why.fault_count > 0 ? why.faults[0].field : "",
                  why.fault_count > 0 ? " is " : "", why.fault_count > 0 ? why.faults[0].what : "");
    else
        ok = take(form, &read, err);
    free(bytes);
    if (ok) *rules = read;

done:
    free(form);
    return ok;
}
