/* Where readings are kept: a row for each, and the way from who was read. */
#include "reading/reading.h"

#include "fold/aggregate.h"
#include "person/person.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_person = {READINGS_BY_PERSON, {"person"}, NULL};
static const struct index by_programme = {READINGS_BY_PROGRAMME, {"programme"}, NULL};

const struct table readings = {READINGS, &reading_descriptor, {&by_person, &by_programme}};

/* Those of before had no ids. */
bool reading_find(struct txn *txn, const struct reading_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    switch (in->type) {
    case READING_ON_PERSON_WAS_READ:
        return !in->person_was_read.has_reading || ids_add(found, in->person_was_read.reading, err);
    case READING_ON_QUESTION_WAS_READ:
        return !in->question_was_read.has_reading ||
               ids_add(found, in->question_was_read.reading, err);
    }
    bug("reading_find: input type %u", in->type);
}

/* To the programme's admin, until the person is erased. */
static bool reading_knows(struct txn *txn, const struct reading *row, const struct knowing *who,
                          bool *is_known, struct error *err)
{
    struct person person;

    (void)who;
    if (!table_get(txn, &persons, row->person, &person, err)) return false;
    *is_known = person.state == PERSON_STATE_ACTIVE;
    return true;
}

/* On whose behalf somebody was read tells where they are. */
static bool reading_guards(struct txn *txn, const void *row, struct guarded *guarded,
                           struct error *err)
{
    return person_guards(txn, ((const struct reading *)row)->person, guarded, err);
}

AGGREGATE_FIND(reading)
AGGREGATE_EVOLVE(reading)
AGGREGATE_KNOWS(reading)

const struct aggregate reading_aggregate = {
    .contract = &reading_contract,
    .table = &readings,
    .find = reading_find_,
    .evolve = reading_evolve_,
    .knows = reading_knows_,
    .guards = reading_guards,
};
