/* fadder explain: why this mentor, or why nobody, in words. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "contract/mentee.h"
#include "contract/mentorship.h"
#include "core/error.h"
#include "match/tell.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "words/words.h"

static const char explain[] = "explain";

/* As numbers they are the same in the schemas and in the words. */
_Static_assert((int)PAIR_FACTOR_WAITING == (int)SCORE_WAITING, "factors");
_Static_assert((int)MENTORSHIP_HARD_RULE_CAPACITY == (int)SCORE_CAPACITY, "hard rules");
_Static_assert(MENTORSHIP_HARD_RULE_SAID_NO == MATCH_RULES - 1, "hard rules");

static const enum told_obstacle obstacles[] = {
    [MENTORSHIP_OBSTACLE_WAITED_LONGER] = TOLD_WAITED_LONGER,
    [MENTORSHIP_OBSTACLE_WORTH_MORE] = TOLD_WORTH_MORE,
    [MENTORSHIP_OBSTACLE_MOVES_OTHERS] = TOLD_MOVES_OTHERS,
    [MENTORSHIP_OBSTACLE_EQUAL] = TOLD_EQUAL,
    [MENTORSHIP_OBSTACLE_FEWER_SERVED] = TOLD_FEWER_SERVED,
    [MENTORSHIP_OBSTACLE_KEPT] = TOLD_KEPT,
};

/* Each participant has one mentor, so pairs are as many as participants. */
static struct told_loss loss_of(const struct mentorship_loss *loss)
{
    return (struct told_loss){loss->participants, loss->mentors, loss->participants, loss->score};
}

static void tell_all_better(const struct teller *teller,
                            const struct mentorship_passed_overs *passed_over)
{
    for (uint32_t i = 0; i < passed_over->count; i++) {
        const struct mentorship_passed_over *one = &passed_over->at[i];
        char mentor[ID_TEXT_SIZE], holder[ID_TEXT_SIZE];
        struct told_better better = {.mentor = mentor,
                                     .holder = holder,
                                     .points = one->points,
                                     .days = one->days,
                                     .obstacle = obstacles[one->obstacle]};

        id_write(one->mentor, mentor);
        id_write(one->participant, holder);
        if (one->has_loss) better.loss = loss_of(&one->loss);
        tell_better(teller, &better);
    }
    if (passed_over->count > 0) match_print(teller->file, "\n");
}

static void tell_alternatives(const struct teller *teller,
                              const struct mentorship_alternatives *alternatives)
{
    if (alternatives->count == 0) return;
    tell(teller, WORDS_EXPLAIN_ALTERNATIVES_HEAD, NULL);
    match_print(teller->file, "\n|---|---:|---|\n");
    for (uint32_t i = 0; i < alternatives->count; i++) {
        const struct mentorship_alternative *one = &alternatives->at[i];
        char mentor[ID_TEXT_SIZE];

        id_write(one->mentor, mentor);
        match_print(teller->file, "| %s | %lld | ", mentor, (long long)one->points);
        if (one->has_loss)
            tell(
                teller, WORDS_EXPLAIN_COST,
                WORDS(words_count("participants", WORDS_COUNT_PARTICIPANTS, one->loss.participants),
                      words_count("mentors", WORDS_COUNT_MENTORS, one->loss.mentors),
                      words_count("points", WORDS_COUNT_POINTS, one->loss.score)));
        else
            tell(teller, WORDS_EXPLAIN_COST_UNKNOWN, NULL);
        match_print(teller->file, " |\n");
    }
    match_print(teller->file, "\n");
}

static void tell_suggestion(const struct teller *teller, const struct mentorship *row)
{
    long long part[SCORE_FACTORS] = {0};
    unsigned passed = 0;
    char mentor[ID_TEXT_SIZE];

    for (uint32_t i = 0; i < row->explanation.count; i++)
        part[row->explanation.at[i].factor] = row->explanation.at[i].points;
    tell_parts(teller, part);
    for (uint32_t i = 0; i < row->passed.count; i++)
        passed |= 1u << row->passed.at[i];
    tell_passed(teller, passed);
    id_write(row->runner_up.mentor, mentor);
    if (row->has_runner_up)
        tell_runner_up(teller, row->runner_up.has_mentor ? mentor : NULL,
                       loss_of(&row->runner_up.loss));
    match_print(teller->file, "\n");
    tell_all_better(teller, &row->passed_over);
    tell_alternatives(teller, &row->alternatives);
    if (row->has_moved && row->moved > 0) {
        tell(teller, WORDS_EXPLAIN_MOVED, WORDS(words_number("n", row->moved)));
        match_print(teller->file, "\n\n");
    }
    if (row->has_better) {
        tell(teller, WORDS_EXPLAIN_BETTER,
             WORDS(words_count("points", WORDS_COUNT_POINTS, row->better)));
        match_print(teller->file, "\n\n");
    }
    if (!row->has_behind) return;
    tell(teller, WORDS_EXPLAIN_BEHIND,
         WORDS(words_count("participants", WORDS_COUNT_MORE_PARTICIPANTS, row->behind.participants),
               words_count("mentors", WORDS_COUNT_MORE_MENTORS, row->behind.mentors),
               words_count("points", WORDS_COUNT_POINTS, row->behind.score)));
    match_print(teller->file, "\n\n");
}

static void tell_mentorship(const struct teller *teller, const struct mentorship *row)
{
    char id[ID_TEXT_SIZE], participant[ID_TEXT_SIZE], mentor[ID_TEXT_SIZE];

    id_write(row->id, id);
    id_write(row->participant, participant);
    id_write(row->mentor, mentor);
    match_print(teller->file, "## ");
    if (row->has_total)
        tell(teller, WORDS_EXPLAIN_PAIR,
             WORDS(words_text("participant", participant), words_text("mentor", mentor),
                   words_count("points", WORDS_COUNT_POINTS, row->total)));
    else
        tell(teller, WORDS_EXPLAIN_BY_HAND,
             WORDS(words_text("participant", participant), words_text("mentor", mentor)));
    match_print(teller->file, "\n\n");
    tell(teller, WORDS_EXPLAIN_STATE,
         WORDS(words_text("mentorship", id),
               words_text("state", mentorship_state_words[row->state])));
    match_print(teller->file, "\n\n");
    if (row->has_outdone) {
        tell(teller, WORDS_EXPLAIN_OUTDONE,
             WORDS(words_count("points", WORDS_COUNT_POINTS, row->outdone)));
        match_print(teller->file, "\n\n");
    }
    if (row->has_total) tell_suggestion(teller, row);
}

static bool visit_mentorship(void *cookie, const void *row)
{
    tell_mentorship(cookie, row);
    return true;
}

static void tell_why(const struct teller *teller, const struct mentee_why *why)
{
    long long failed[MATCH_RULES] = {0};

    if (why->has_by_hand) {
        tell(teller, WORDS_EXPLAIN_LEFT_TO_HAND, NULL);
        match_print(teller->file, "\n\n");
        return;
    }
    for (uint32_t i = 0; i < why->failed.count; i++)
        failed[why->failed.at[i].rule] = why->failed.at[i].mentors;
    tell_all_better(teller, &why->passed_over);
    tell_nobody(teller, why->mentors, why->passed_over.count > 0, failed, why->too_low);
}

static int64_t days_since(struct instant then)
{
    return (clock_now_ms() - then.ms) / INT64_C(86400000);
}

/* Nothing is open: how it stands with the search. */
static void tell_search(const struct teller *teller, const struct mentee *row)
{
    char person[ID_TEXT_SIZE];

    id_write(row->person, person);
    if (row->state == MENTEE_STATE_SEARCHING && row->has_why) {
        match_print(teller->file, "## ");
        tell(teller, WORDS_EXPLAIN_WITHOUT,
             WORDS(words_text("participant", person),
                   words_count("days", WORDS_COUNT_DAYS, days_since(row->waiting_since))));
        match_print(teller->file, "\n\n");
        tell_why(teller, &row->why);
        return;
    }
    if (row->state == MENTEE_STATE_SEARCHING && !row->is_held)
        tell(teller, WORDS_EXPLAIN_NOT_LOOKED, WORDS(words_text("participant", person)));
    else
        tell(teller, WORDS_EXPLAIN_SEEKS_NOT,
             WORDS(words_text("participant", person),
                   words_text("state", row->is_held ? "held" : mentee_state_words[row->state])));
    match_print(teller->file, "\n");
}

/* All that was ever proposed for a referral, the oldest first, and how its search stands. */
static bool tell_referral(const struct teller *teller, const char *id, const struct mentee *row,
                          struct error *err)
{
    const struct ask_for nobody = {0};
    struct teller copy = *teller;

    if (!ask_rows(&nobody, find_record("mentorship", NULL), "referral", id, visit_mentorship, &copy,
                  err))
        return false;
    if (row->open == 0) tell_search(teller, row);
    return true;
}

static bool find_and_tell(const struct teller *teller, const char *text, struct id id,
                          struct error *err)
{
    const struct ask_for nobody = {0};
    struct mentorship mentorship;
    struct mentee mentee;

    if (ask_row(&nobody, find_record("mentorship", NULL), id, &mentorship, err)) {
        tell_mentorship(teller, &mentorship);
        return true;
    }
    if (err->kind != ERROR_NOT_FOUND) return false;
    if (ask_row(&nobody, find_record("mentee", NULL), id, &mentee, err))
        return tell_referral(teller, text, &mentee, err);
    if (err->kind != ERROR_NOT_FOUND) return false;
    return error_set(err, ERROR_NOT_FOUND, "not_found",
                     "There is no mentorship %s, and no accepted referral that wants a mentor.",
                     text);
}

int command_explain(int argc, char **argv)
{
    struct option options[] = {
        {.name = "ID", .what = "a mentorship's or a referral's", .is_required = true},
        {.name = "--language", .value = "L", .what = WORDS_LANGUAGE_CODES "; en where not given"},
    };
    struct teller teller;
    struct error err;
    struct id id;
    int code;
    bool is_ok;

    if (!options_read(
            argc, argv, explain,
            "Says in words why a mentor was proposed: points, hard rules, the runner-up,\n"
            "better-looking mentors and what is in the way, alternatives. Of a referral:\n"
            "everything that was proposed, or why there is nobody. Persons are ids.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    if (!id_read(options[0].given, strlen(options[0].given), &id))
        return options_refuse(explain, &options[0], "it must be an id, a UUID");
    if (!words_language_read(options[1].given, &teller.language))
        return options_refuse(explain, &options[1], "it must be " WORDS_LANGUAGE_CODES);
    if (!home_enter(&err) || (teller.file = match_open("-", true, &err)) == NULL)
        return ask_failed(explain, &err);
    is_ok = find_and_tell(&teller, options[0].given, id, &err);
    if (!match_close(teller.file, is_ok ? &err : &(struct error){0})) is_ok = false;
    ask_end();
    return is_ok ? EXIT_DONE : ask_failed(explain, &err);
}
