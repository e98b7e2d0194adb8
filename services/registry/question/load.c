/* What deciding about a question may read; and the aggregate as a whole. */
#include "question/question.h"

#include "fold/aggregate.h"
#include "store/table.h"

bool question_load(struct txn *txn, struct id id, const struct question_input *in,
                   struct question_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (!table_get(txn, &questions, id, &c->row, err)) return false;
    if (!question_is_command(in->type)) return true;
    return table_get(txn, &persons, c->row.participant, &c->participant, err) &&
           table_get(txn, &persons, c->row.mentor, &c->mentor, err) &&
           table_get(txn, &persons, in->head.actor.id, &c->reader, err);
}

/* An organisation's coordinators see what its own mentors ask, as long as there is anything to ask. */
static bool question_knows(struct txn *txn, const struct question *row, const struct knowing *who,
                           bool *is_known, struct error *err)
{
    struct person mentor;

    if (!table_get(txn, &persons, row->mentor, &mentor, err)) return false;
    *is_known = row->state != QUESTION_STATE_CLOSED &&
                person_takes_part_for(&mentor, PERSON_PART_MENTOR, who->organisation);
    return true;
}

static bool add_mentor(struct txn *txn, struct id mentor, struct whom *whom, struct error *err)
{
    (void)txn;
    (void)err;
    whom_add(whom, mentor);
    return true;
}

static bool question_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                          struct error *err)
{
    return person_each_mentor_of(txn, who->organisation, add_mentor, whom, err);
}

static bool question_guards(struct txn *txn, const void *row, struct guarded *guarded,
                            struct error *err)
{
    const struct question *question = row;

    return person_guards(txn, question->participant, guarded, err) &&
           person_guards(txn, question->mentor, guarded, err);
}

AGGREGATE_FIND(question)
AGGREGATE_DECIDE(question)
AGGREGATE_EVOLVE(question)
AGGREGATE_CONCEAL(question)
AGGREGATE_DUE(question)
AGGREGATE_OPEN(question)
AGGREGATE_KNOWS(question)

const struct aggregate question_aggregate = {
    .contract = &question_contract,
    .life = &question_life,
    .table = &questions,
    .case_size = sizeof(struct question_case),
    .find = question_find_,
    .load = question_load_,
    .may = question_may_,
    .conceal = question_conceal_,
    .decide = question_decide_,
    .evolve = question_evolve_,
    .due = question_due_,
    .open = question_open_,
    .knows = question_knows_,
    .guards = question_guards,
    .whom = question_whom,
};
