/* Reasons as sentences: every number that is known finds its words. */
#include "match/tell.h"

#include <string.h>

static const char *const *sayings(const struct teller *teller)
{
    return match_sayings[teller->language];
}

static bool is_of_people(struct told_loss loss)
{
    return loss.participants != 0 || loss.mentors != 0 || loss.pairs != 0;
}

void tell_parts(const struct teller *teller, const long long part[SCORE_FACTORS])
{
    match_print(teller->file, "%s\n|---|---:|\n", sayings(teller)[SAY_FACTOR_HEAD]);
    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        match_print(teller->file, "| %s | %lld |\n", match_factor_names[teller->language][f],
                    part[f]);
    match_print(teller->file, "\n");
}

void tell_passed(const struct teller *teller, unsigned rules)
{
    char list[512] = "";

    for (unsigned r = 0; r < MATCH_RULES; r++) {
        if ((rules >> r & 1) == 0) continue;
        if (list[0] != '\0') strncat(list, ", ", sizeof list - strlen(list) - 1);
        strncat(list, match_rule_names[teller->language][r], sizeof list - strlen(list) - 1);
    }
    if (list[0] == '\0') return;
    match_print(teller->file, sayings(teller)[SAY_RULES_PASSED], list);
    match_print(teller->file, "\n");
}

void tell_runner_up(const struct teller *teller, const char *mentor, struct told_loss loss)
{
    const char *const *say = sayings(teller);

    match_print(teller->file, "\n");
    if (mentor == NULL)
        match_print(teller->file, say[SAY_NO_RUNNER_UP], loss.participants, loss.mentors,
                    loss.pairs, loss.points);
    else if (is_of_people(loss))
        match_print(teller->file, say[SAY_RUNNER_UP_TERMS], mentor, loss.participants, loss.mentors,
                    loss.pairs, loss.points);
    else
        match_print(teller->file, say[SAY_RUNNER_UP], mentor, loss.points);
    match_print(teller->file, "\n");
}

void tell_better(const struct teller *teller, const struct told_better *better)
{
    const char *const *say = sayings(teller);
    const struct told_loss *loss = &better->loss;

    match_print(teller->file, "- ");
    if (better->obstacle == TOLD_KEPT || (!is_of_people(*loss) && loss->points < 0))
        match_print(teller->file, say[SAY_BETTER_KEPT], better->mentor, better->points);
    else if (is_of_people(*loss))
        match_print(teller->file, say[SAY_BETTER_TERMS], better->mentor, better->points,
                    loss->participants, loss->mentors, loss->pairs, loss->points);
    else if (better->obstacle == TOLD_EQUAL)
        match_print(teller->file, say[SAY_BETTER_TIE], better->mentor, better->points);
    else if (better->obstacle == TOLD_WAITED_LONGER)
        match_print(teller->file, say[SAY_BETTER_LONGER], better->mentor, better->points,
                    better->holder, better->days, loss->points);
    else if (better->obstacle == TOLD_WORTH_MORE)
        match_print(teller->file, say[SAY_BETTER_OTHER], better->mentor, better->points,
                    better->holder, loss->points);
    else
        match_print(teller->file, say[SAY_BETTER_CHAIN], better->mentor, better->points,
                    loss->points);
    match_print(teller->file, "\n");
}

void tell_nobody(const struct teller *teller, long long mentors, bool has_candidates,
                 const long long failed[MATCH_RULES], long long too_low)
{
    const char *const *say = sayings(teller);
    long long left_out = too_low;

    for (unsigned r = 0; r < MATCH_RULES; r++)
        left_out += failed[r];
    if (has_candidates && left_out == 0) return;
    match_print(teller->file, say[has_candidates ? SAY_LEFT_OUT : SAY_NO_CANDIDATE], mentors);
    match_print(teller->file, "\n\n");
    for (unsigned r = 0; r < MATCH_RULES; r++) {
        if (failed[r] == 0) continue;
        match_print(teller->file, "- ");
        match_print(teller->file, say[SAY_RULE_FAILED], match_rule_names[teller->language][r],
                    failed[r]);
        match_print(teller->file, "\n");
    }
    if (too_low > 0) {
        match_print(teller->file, "- ");
        match_print(teller->file, say[SAY_TOO_LOW], too_low);
        match_print(teller->file, "\n");
    }
    match_print(teller->file, "\n");
}
