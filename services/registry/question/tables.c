/* Where questions are kept: a row for each mentorship that was offered, and ways to those that wait
 * and to a mentor's. */
#include "question/question.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_state = {QUESTIONS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_mentor = {QUESTIONS_BY_MENTOR, {"mentor"}, NULL};

const struct table questions = {QUESTIONS, &question_descriptor, {&by_state, &by_mentor}};

/* What nobody was asked to, nobody asks about. */
bool question_find(struct txn *txn, const struct question_input *in, struct ids *found,
                   struct error *err)
{
    struct question row;

    if (in->type != QUESTION_ON_MENTORSHIP_OFFERED) {
        if (!table_get(txn, &questions, in->head.id, &row, err)) return false;
        if (row.state == QUESTION_STATE_NONE) return true;
    }
    return ids_add(found, in->head.id, err);
}
