#include "service/toy.h"

#include <string.h>

#include "contract/programme.h"
#include "fold/aggregate.h"
#include "store/table.h"

struct programme_case {
    struct programme row;
};

static const struct table toys = {.number = 1, .row = &programme_descriptor};

static bool programme_load(struct txn *txn, struct id id, const struct programme_input *in,
                           struct programme_case *c, struct error *err)
{
    (void)in;
    return table_get(txn, &toys, id, &c->row, err);
}

static bool programme_decide(const struct programme_case *c, const struct programme_input *in,
                             struct programme_events *out, struct error *err)
{
    struct programme_created *created;

    (void)err;
    if (in->type == PROGRAMME_CLOSE)
        programme_emit(out, PROGRAMME_CLOSED, c->row.id)->programme_closed.reason =
            PROGRAMME_REASON_FINISHED;
    if (in->type != PROGRAMME_CREATE) return true;
    created = &programme_emit(out, PROGRAMME_CREATED, in->head.ids[0])->programme_created;
    created->countries.count = created->languages.count = 1;
    memcpy(created->slug, in->programme_create.slug, sizeof created->slug);
    strcpy(created->name, "Toy");
    created->from = in->programme_create.from;
    created->rules = in->programme_create.rules;
    return true;
}

static void programme_evolve(struct programme *row, const struct programme_event *event)
{
    row->state = PROGRAMME_STATE_CLOSED;
    if (event->type == PROGRAMME_CLOSED) return;
    row->state = PROGRAMME_STATE_OPEN;
    memcpy(row->slug, event->programme_created.slug, sizeof row->slug);
    strcpy(row->name, event->programme_created.name);
    row->countries = event->programme_created.countries;
    row->languages = event->programme_created.languages;
    row->from = event->programme_created.from;
}

static struct instant programme_due(const struct programme *row, unsigned *command)
{
    *command = PROGRAMME_CLOSE;
    return (struct instant){
        row->state == PROGRAMME_STATE_CLOSED ? 0 : row->from.day * INT64_C(86400000)};
}

AGGREGATE_DECIDE(programme)
AGGREGATE_EVOLVE(programme)
AGGREGATE_DUE(programme)

const struct aggregate toy_programme = {
    .contract = &programme_contract,
    .table = &toys,
    .case_size = sizeof(struct programme_case),
    .load = programme_load_,
    .decide = programme_decide_,
    .evolve = programme_evolve_,
    .due = programme_due_,
};
