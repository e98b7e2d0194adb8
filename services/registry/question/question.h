/* What a mentor asks about a mentorship, in words, and what the coordinator answers.
 *
 * Mentor-assignment has no vault, so what people write to each other is kept here, under the key of
 * the participant it is about: the last question and its answer. Whether anything may be asked
 * follows from the mentorship's own events; its id is the mentorship's.
 */
#pragma once

#include <string.h>

#include "contract/question.h"
#include "person/person.h"

struct concealed;

struct question_case {
    struct question row;
    struct person participant; /* of a command, as all below */
    struct person mentor;      /* whose club's coordinator answers */
    struct person reader;      /* who asks to read */
};

/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool question_may(const struct question_case *c, const struct question_input *in,
                  struct error *err);
bool question_decide(const struct question_case *c, const struct question_input *in,
                     struct question_events *out, struct error *err);
void question_evolve(struct question *row, const struct question_event *event);

/* How long what was said is kept when it is over: as long as that may be taken back. */
enum { QUESTION_KEPT_MS = 3600000 };
bool question_has_words(const struct question *row);
struct instant question_due(const struct question *row, unsigned *command);

/* What is to be sealed of a command; and what a `read` opens. */
void question_conceal(const struct question_case *c, const struct question_input *in,
                      struct concealed *what);
void question_open(const struct question_case *c, const struct question_input *in, struct id *owner,
                   struct sealed *sealed);

bool question_find(struct txn *txn, const struct question_input *in, struct ids *found,
                   struct error *err);
bool question_load(struct txn *txn, struct id id, const struct question_input *in,
                   struct question_case *c, struct error *err);

extern const struct table questions;
extern const struct life question_life;
extern const struct aggregate question_aggregate;
