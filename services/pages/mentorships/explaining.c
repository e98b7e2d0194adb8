/* Reasons as sentences: every value that is known finds its words. */
#include "mentorships/explaining.h"

#include "asking.h"
#include "contract/mentee.h"
#include "contract/mentorship.h"
#include "rows.h"

/* clang-format off */
static const enum words_key factors[] = {
    [PAIR_FACTOR_LANGUAGE] = WORDS_FACTOR_LANGUAGE,
    [PAIR_FACTOR_MUNICIPALITY] = WORDS_FACTOR_MUNICIPALITY,
    [PAIR_FACTOR_DISTANCE] = WORDS_FACTOR_DISTANCE,
    [PAIR_FACTOR_OCCUPATION_4] = WORDS_FACTOR_OCCUPATION_4,
    [PAIR_FACTOR_OCCUPATION_3] = WORDS_FACTOR_OCCUPATION_3,
    [PAIR_FACTOR_OCCUPATION_2] = WORDS_FACTOR_OCCUPATION_2,
    [PAIR_FACTOR_NETWORK] = WORDS_FACTOR_NETWORK,
    [PAIR_FACTOR_AVAILABILITY] = WORDS_FACTOR_AVAILABILITY,
    [PAIR_FACTOR_WISH] = WORDS_FACTOR_WISH,
    [PAIR_FACTOR_WAITING] = WORDS_FACTOR_WAITING,
};

static const enum words_key rules[] = {
    [MENTORSHIP_HARD_RULE_CONFLICT] = WORDS_RULE_CONFLICT,
    [MENTORSHIP_HARD_RULE_SUPERVISOR] = WORDS_RULE_SUPERVISOR,
    [MENTORSHIP_HARD_RULE_FORMER] = WORDS_RULE_FORMER,
    [MENTORSHIP_HARD_RULE_CLEARANCE] = WORDS_RULE_CLEARANCE,
    [MENTORSHIP_HARD_RULE_CAPACITY] = WORDS_RULE_CAPACITY,
    [MENTORSHIP_HARD_RULE_SAID_NO] = WORDS_RULE_SAID_NO,
};
/* clang-format on */

enum words_key explain_factor(unsigned factor)
{
    return factors[factor];
}

static void add(const struct call *call, struct explained *said, enum words_key key,
                const struct words_value *values)
{
    struct words_room room;

    if (said->count == EXPLAINED_MAX) return;
    room = words_begin(said->at[said->count++], EXPLAINED_SIZE);
    words_say(&room, call->language, key, values);
}

static const char *called_or(const struct call *call, bool has, struct id person,
                             enum words_key otherwise)
{
    const struct called *called = has ? name_of(call, person) : NULL;

    return called == NULL ? words_plain(call->language, otherwise) : called->name;
}

/* Each participant has one mentor, so pairs are as many as participants. */
#define LOSS(loss)                                                              \
    words_count("participants", WORDS_COUNT_PARTICIPANTS, (loss).participants), \
        words_count("mentors", WORDS_COUNT_MENTORS, (loss).mentors),            \
        words_count("pairs", WORDS_COUNT_PAIRS, (loss).participants),           \
        words_count("points", WORDS_COUNT_POINTS, (loss).score)

static bool is_of_people(struct mentorship_loss loss)
{
    return loss.participants != 0 || loss.mentors != 0;
}

static enum words_key key_of(const struct mentorship_passed_over *one)
{
    if (one->obstacle == MENTORSHIP_OBSTACLE_KEPT ||
        (!is_of_people(one->loss) && one->loss.score < 0))
        return WORDS_EXPLAIN_BETTER_KEPT;
    if (is_of_people(one->loss)) return WORDS_EXPLAIN_BETTER_TERMS;
    switch (one->obstacle) {
    case MENTORSHIP_OBSTACLE_EQUAL: return WORDS_EXPLAIN_BETTER_TIE;
    case MENTORSHIP_OBSTACLE_WAITED_LONGER: return WORDS_EXPLAIN_BETTER_LONGER;
    case MENTORSHIP_OBSTACLE_WORTH_MORE: return WORDS_EXPLAIN_BETTER_OTHER;
    case MENTORSHIP_OBSTACLE_MOVES_OTHERS:
    case MENTORSHIP_OBSTACLE_FEWER_SERVED:
    case MENTORSHIP_OBSTACLE_KEPT: break;
    }
    return WORDS_EXPLAIN_BETTER_CHAIN;
}

static void add_passed_over(const struct call *call, const struct mentorship_passed_overs *all,
                            struct explained *said)
{
    for (uint32_t i = 0; i < all->count; i++) {
        const struct mentorship_passed_over *one = &all->at[i];

        add(call, said, key_of(one),
            WORDS(words_text("mentor",
                             called_or(call, true, one->mentor, WORDS_PAGE_EXPLAIN_ANOTHER_MENTOR)),
                  words_number("score", one->points),
                  words_text("holder", called_or(call, one->has_participant, one->participant,
                                                 WORDS_PAGE_EXPLAIN_ANOTHER_PARTICIPANT)),
                  words_count("days", WORDS_COUNT_DAYS, one->days), LOSS(one->loss)));
    }
}

static void add_rules(const struct call *call, const struct mentorship_hard_rules *passed,
                      struct explained *said)
{
    char list[EXPLAINED_SIZE];
    struct words_room room = words_begin(list, sizeof list);

    for (uint32_t i = 0; i < passed->count; i++) {
        if (i > 0) words_say(&room, call->language, WORDS_EXPLAIN_COMMA, NULL);
        words_say(&room, call->language, rules[passed->at[i]], NULL);
    }
    if (passed->count > 0)
        add(call, said, WORDS_EXPLAIN_RULES_PASSED, WORDS(words_text("rules", list)));
}

static void add_runner_up(const struct call *call, const struct mentorship_runner_up *next,
                          struct explained *said)
{
    const enum words_key key = !next->has_mentor          ? WORDS_EXPLAIN_NO_RUNNER_UP
                               : is_of_people(next->loss) ? WORDS_EXPLAIN_RUNNER_UP_TERMS
                                                          : WORDS_EXPLAIN_RUNNER_UP;

    add(call, said, key,
        WORDS(words_text("mentor", called_or(call, next->has_mentor, next->mentor,
                                             WORDS_PAGE_EXPLAIN_ANOTHER_MENTOR)),
              LOSS(next->loss)));
}

void explain_suggestion(const struct call *call, const struct mentorship *row,
                        struct explained *said)
{
    said->count = 0;
    if (row->has_passed) add_rules(call, &row->passed, said);
    if (row->has_runner_up) add_runner_up(call, &row->runner_up, said);
    if (row->has_passed_over) add_passed_over(call, &row->passed_over, said);
    if (row->has_moved && row->moved > 0)
        add(call, said, WORDS_EXPLAIN_MOVED, WORDS(words_number("n", row->moved)));
    if (row->has_better)
        add(call, said, WORDS_EXPLAIN_BETTER,
            WORDS(words_count("points", WORDS_COUNT_POINTS, row->better)));
    if (row->has_outdone)
        add(call, said, WORDS_EXPLAIN_OUTDONE,
            WORDS(words_count("points", WORDS_COUNT_POINTS, row->outdone)));
    if (row->has_behind)
        add(call, said, WORDS_EXPLAIN_BEHIND,
            WORDS(words_count("participants", WORDS_COUNT_MORE_PARTICIPANTS,
                              row->behind.participants),
                  words_count("mentors", WORDS_COUNT_MORE_MENTORS, row->behind.mentors),
                  words_count("points", WORDS_COUNT_POINTS, row->behind.score)));
}

static void add_left_out(const struct call *call, const struct mentee_why *why,
                         struct explained *said)
{
    for (uint32_t i = 0; i < why->failed.count; i++)
        add(call, said, WORDS_EXPLAIN_RULE_FAILED,
            WORDS(words_text("rule", words_plain(call->language, rules[why->failed.at[i].rule])),
                  words_count("mentors", WORDS_COUNT_MENTORS, why->failed.at[i].mentors)));
    if (why->too_low > 0)
        add(call, said, WORDS_EXPLAIN_TOO_LOW,
            WORDS(words_count("mentors", WORDS_COUNT_MENTORS, why->too_low)));
}

void explain_nobody(const struct call *call, const struct mentee_why *why, struct explained *said)
{
    said->count = 0;
    if (why->has_by_hand) {
        add(call, said, WORDS_EXPLAIN_LEFT_TO_HAND, NULL);
        return;
    }
    add_passed_over(call, &why->passed_over, said);
    if (why->passed_over.count == 0)
        add(call, said, WORDS_EXPLAIN_NO_CANDIDATE,
            WORDS(words_count("mentors", WORDS_COUNT_MENTORS, why->mentors)));
    else if (why->failed.count > 0 || why->too_low > 0)
        add(call, said, WORDS_EXPLAIN_LEFT_OUT,
            WORDS(words_count("mentors", WORDS_COUNT_THE_MENTORS, why->mentors)));
    add_left_out(call, why, said);
}

void explain_cost(const struct call *call, const struct mentorship_loss *loss,
                  char text[EXPLAINED_SIZE])
{
    struct words_room room = words_begin(text, EXPLAINED_SIZE);

    if (loss == NULL)
        words_say(&room, call->language, WORDS_EXPLAIN_COST_UNKNOWN, NULL);
    else
        words_say(&room, call->language, WORDS_EXPLAIN_COST, WORDS(LOSS(*loss)));
}

/* Mentors only: who has the place instead is another's participant, and it matters not who. */
void explain_ask(struct call *call, const struct mentorship *row)
{
    const enum person_purpose purpose = ask_purpose(call->flight.who.role);

    for (uint32_t i = 0; row->has_alternatives && i < row->alternatives.count; i++)
        ask_listed(call, row->alternatives.at[i].mentor, purpose);
    for (uint32_t i = 0; row->has_passed_over && i < row->passed_over.count; i++)
        ask_listed(call, row->passed_over.at[i].mentor, purpose);
    if (row->has_runner_up && row->runner_up.has_mentor)
        ask_listed(call, row->runner_up.mentor, purpose);
}
