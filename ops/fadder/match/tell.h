/* Reasons in words: why this mentor and no other, why nobody. Whoever knows them as codes and
 * numbers has them said here, whether they were worked out just now or stored long ago.
 */
#pragma once

#include <stdbool.h>

#include "match/match.h"
#include "matching/score.h"
#include "words/words.h"

/* Those of services/mentor-assignment/matching/score.h, then who was asked for the same person in vain. */
enum { MATCH_RULES = SCORE_RULES + 1 };

struct teller {
    struct match_file *file;
    enum language language;
};

/* A name that others have made, so that Markdown takes nothing in it for its own, and on one line; what begins as a
 * formula does has a ' before it, so that no spreadsheet calculates it into which a table of it is taken over. */
enum { TELL_NAME_SIZE = 256 };
/* What does not fit is left out. NULL: NULL; otherwise it lives as long as room. */
const char *tell_safe(const char *name, char room[TELL_NAME_SIZE]);
void tell_name(const struct teller *teller, const char *name);

/* A text of the catalogue as it is; values: WORDS, or NULL. */
void tell(const struct teller *teller, enum words_key key, const struct words_value *values);

/* How much less there would be, in all; negative: more. */
struct told_loss {
    long long participants, mentors, pairs, points;
};

/* A mentor with more points, and what is in the way. */
enum told_obstacle {
    TOLD_WAITED_LONGER, /* holder has the place, and has waited `days` longer */
    TOLD_WORTH_MORE,    /* holder has it */
    TOLD_MOVES_OTHERS,
    TOLD_EQUAL, /* in all it is as good */
    TOLD_FEWER_SERVED,
    TOLD_KEPT, /* for open proposals; the loss is not known */
};

struct told_better {
    const char *mentor, *holder;
    long long points, days;
    enum told_obstacle obstacle;
    struct told_loss loss;
};

/* A table of the parts that a score is the sum of. */
void tell_parts(const struct teller *teller, const long long part[SCORE_FACTORS]);
/* Hard rules, by bits, that were checked and say yes. */
void tell_passed(const struct teller *teller, unsigned rules);
/* What would be without this pair; mentor NULL: nobody. */
void tell_runner_up(const struct teller *teller, const char *mentor, struct told_loss loss);
void tell_better(const struct teller *teller, const struct told_better *better);
/* Of how many mentors whom each hard rule leaves out, and who fits too little; has_candidates: but
 * there are some who could be proposed. */
void tell_nobody(const struct teller *teller, long long mentors, bool has_candidates,
                 const long long failed[MATCH_RULES], long long too_low);
