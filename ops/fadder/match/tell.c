/* Reasons as sentences: every number that is known finds its words. */
#include "match/tell.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "letters/letters.h"

/* There is room for a list of all rules, and for a sentence with one, whatever the catalogues say. */
enum { LIST_SIZE = 2 * MATCH_RULES * WORDS_TEXT_MAX, SENTENCE_SIZE = 2 * LIST_SIZE };

static const enum words_key factors[SCORE_FACTORS] = {
    [SCORE_LANGUAGE] = WORDS_FACTOR_LANGUAGE,
    [SCORE_MUNICIPALITY] = WORDS_FACTOR_MUNICIPALITY,
    [SCORE_DISTANCE] = WORDS_FACTOR_DISTANCE,
    [SCORE_OCCUPATION_4] = WORDS_FACTOR_OCCUPATION_4,
    [SCORE_OCCUPATION_3] = WORDS_FACTOR_OCCUPATION_3,
    [SCORE_OCCUPATION_2] = WORDS_FACTOR_OCCUPATION_2,
    [SCORE_NETWORK] = WORDS_FACTOR_NETWORK,
    [SCORE_AVAILABILITY] = WORDS_FACTOR_AVAILABILITY,
    [SCORE_WISH] = WORDS_FACTOR_WISH,
    [SCORE_WAITING] = WORDS_FACTOR_WAITING,
};

static const enum words_key rules[MATCH_RULES] = {
    [SCORE_CONFLICT] = WORDS_RULE_CONFLICT, [SCORE_SUPERVISOR] = WORDS_RULE_SUPERVISOR,
    [SCORE_FORMER] = WORDS_RULE_FORMER,     [SCORE_CLEARANCE] = WORDS_RULE_CLEARANCE,
    [SCORE_CAPACITY] = WORDS_RULE_CAPACITY, [SCORE_RULES] = WORDS_RULE_SAID_NO,
};

void tell(const struct teller *teller, enum words_key key, const struct words_value *values)
{
    char text[SENTENCE_SIZE];
    struct words_room room = words_begin(text, sizeof text);

    words_say(&room, teller->language, key, values);
    assert(!room.is_cut);
    match_print(teller->file, "%s", text);
}

/* What Markdown, and GitHub's, has a use for within a line; '(' has none when '[' has gone. */
static bool is_markup(char c)
{
    return c != '\0' && strchr("\\`*_[]<>|&~:@$#", c) != NULL;
}

static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7F;
}

/* Whether a spreadsheet would take it for a formula, in either width: what is first seen of it counts. */
static bool is_formula(const char *name)
{
    char *folded;
    bool is;

    while (*name == ' ' || is_control(*name)) {
        if (*name == '\0') return false;
        name++;
    }
    folded = letters_fold(name);
    is = folded[0] != '\0' && strchr("=+-@", folded[0]) != NULL;
    free(folded);
    return is;
}

/* One byte of a name as it is put into `to`; returns how many that are. */
static size_t put_safe(char c, char to[2])
{
    if (is_markup(c)) {
        to[0] = '\\';
        to[1] = c;
        return 2;
    }
    to[0] = is_control(c) ? ' ' : c;
    return 1;
}

const char *tell_safe(const char *name, char room[TELL_NAME_SIZE])
{
    size_t used = 0;

    if (name == NULL) return NULL;
    if (is_formula(name)) room[used++] = '\'';
    for (; *name != '\0' && used + 2 < TELL_NAME_SIZE; name++)
        used += put_safe(*name, room + used);
    room[used] = '\0';
    return room;
}

void tell_name(const struct teller *teller, const char *name)
{
    char two[2];

    if (is_formula(name)) match_print(teller->file, "'");
    for (; *name != '\0'; name++)
        match_print(teller->file, "%.*s", (int)put_safe(*name, two), two);
}

static bool is_of_people(struct told_loss loss)
{
    return loss.participants != 0 || loss.mentors != 0 || loss.pairs != 0;
}

void tell_parts(const struct teller *teller, const long long part[SCORE_FACTORS])
{
    tell(teller, WORDS_EXPLAIN_FACTOR_HEAD, NULL);
    match_print(teller->file, "\n|---|---:|\n");
    for (unsigned f = 0; f < SCORE_FACTORS; f++) {
        match_print(teller->file, "| ");
        tell(teller, factors[f], NULL);
        match_print(teller->file, " | %lld |\n", part[f]);
    }
    match_print(teller->file, "\n");
}

void tell_passed(const struct teller *teller, unsigned passed)
{
    char list[LIST_SIZE];
    struct words_room room = words_begin(list, sizeof list);

    for (unsigned r = 0; r < MATCH_RULES; r++) {
        if ((passed >> r & 1) == 0) continue;
        if (room.used > 0) words_say(&room, teller->language, WORDS_EXPLAIN_COMMA, NULL);
        words_say(&room, teller->language, rules[r], NULL);
    }
    if (room.used == 0) return;
    tell(teller, WORDS_EXPLAIN_RULES_PASSED, WORDS(words_text("rules", list)));
    match_print(teller->file, "\n");
}

void tell_runner_up(const struct teller *teller, const char *mentor, struct told_loss loss)
{
    const enum words_key key = mentor == NULL       ? WORDS_EXPLAIN_NO_RUNNER_UP
                               : is_of_people(loss) ? WORDS_EXPLAIN_RUNNER_UP_TERMS
                                                    : WORDS_EXPLAIN_RUNNER_UP;
    char name[TELL_NAME_SIZE];

    match_print(teller->file, "\n");
    tell(teller, key,
         WORDS(words_text("mentor", tell_safe(mentor, name)),
               words_count("participants", WORDS_COUNT_PARTICIPANTS, loss.participants),
               words_count("mentors", WORDS_COUNT_MENTORS, loss.mentors),
               words_count("pairs", WORDS_COUNT_PAIRS, loss.pairs),
               words_count("points", WORDS_COUNT_POINTS, loss.points)));
    match_print(teller->file, "\n");
}

static enum words_key key_of(const struct told_better *better)
{
    if (better->obstacle == TOLD_KEPT || (!is_of_people(better->loss) && better->loss.points < 0))
        return WORDS_EXPLAIN_BETTER_KEPT;
    if (is_of_people(better->loss)) return WORDS_EXPLAIN_BETTER_TERMS;
    if (better->obstacle == TOLD_EQUAL) return WORDS_EXPLAIN_BETTER_TIE;
    if (better->obstacle == TOLD_WAITED_LONGER) return WORDS_EXPLAIN_BETTER_LONGER;
    if (better->obstacle == TOLD_WORTH_MORE) return WORDS_EXPLAIN_BETTER_OTHER;
    return WORDS_EXPLAIN_BETTER_CHAIN;
}

void tell_better(const struct teller *teller, const struct told_better *better)
{
    const struct told_loss *loss = &better->loss;
    char mentor[TELL_NAME_SIZE], holder[TELL_NAME_SIZE];

    match_print(teller->file, "- ");
    tell(teller, key_of(better),
         WORDS(words_text("mentor", tell_safe(better->mentor, mentor)),
               words_number("score", better->points),
               words_text("holder", tell_safe(better->holder, holder)),
               words_count("days", WORDS_COUNT_DAYS, better->days),
               words_count("participants", WORDS_COUNT_PARTICIPANTS, loss->participants),
               words_count("mentors", WORDS_COUNT_MENTORS, loss->mentors),
               words_count("pairs", WORDS_COUNT_PAIRS, loss->pairs),
               words_count("points", WORDS_COUNT_POINTS, loss->points)));
    match_print(teller->file, "\n");
}

/* Whom a rule leaves out, as a line of a list. */
static void tell_left_out(const struct teller *teller, enum words_key rule, long long mentors)
{
    char name[LIST_SIZE];
    struct words_room room = words_begin(name, sizeof name);

    match_print(teller->file, "- ");
    words_say(&room, teller->language, rule, NULL);
    tell(teller, WORDS_EXPLAIN_RULE_FAILED,
         WORDS(words_text("rule", name), words_count("mentors", WORDS_COUNT_MENTORS, mentors)));
    match_print(teller->file, "\n");
}

void tell_nobody(const struct teller *teller, long long mentors, bool has_candidates,
                 const long long failed[MATCH_RULES], long long too_low)
{
    long long left_out = too_low;

    for (unsigned r = 0; r < MATCH_RULES; r++)
        left_out += failed[r];
    if (has_candidates && left_out == 0) return;
    if (has_candidates)
        tell(teller, WORDS_EXPLAIN_LEFT_OUT,
             WORDS(words_count("mentors", WORDS_COUNT_THE_MENTORS, mentors)));
    else
        tell(teller, WORDS_EXPLAIN_NO_CANDIDATE,
             WORDS(words_count("mentors", WORDS_COUNT_MENTORS, mentors)));
    match_print(teller->file, "\n\n");
    for (unsigned r = 0; r < MATCH_RULES; r++)
        if (failed[r] != 0) tell_left_out(teller, rules[r], failed[r]);
    if (too_low > 0) {
        match_print(teller->file, "- ");
        tell(teller, WORDS_EXPLAIN_TOO_LOW,
             WORDS(words_count("mentors", WORDS_COUNT_MENTORS, too_low)));
        match_print(teller->file, "\n");
    }
    match_print(teller->file, "\n");
}
