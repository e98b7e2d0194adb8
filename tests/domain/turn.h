/* One input's way through the real tables, as the writer takes it, less the journal: load, decide,
 * fold, tell whoever in the service hears of it. And deadlines, in due order. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#include "core/error.h"
#include "core/input.h"
#include "fold/deadlines.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

static struct {
    char directory[32];
    struct store *store;
    struct kinds *kinds;
    struct fold *fold;
    struct txn *txn; /* while something is said */
    struct instant now;
    struct id programme;
    uint64_t number; /* of the last event */
    struct id said;  /* the aggregate that the last command was about */
    struct {
        struct journal_event envelope;
        char body[8192];
        const struct kind *kind;
    } foreign; /* the last event of others */
} turn;

static inline struct id turn_id(const char *what, int n)
{
    char text[32] = "";
    struct id id;

    snprintf(text, sizeof text, "%s %d", what, n);
    memcpy(id.bytes, text, sizeof id.bytes);
    return id;
}

static inline void turn_open(const struct aggregate *const *aggregates, const char *service)
{
    struct error err;

    memset(&turn, 0, sizeof turn);
    strcpy(turn.directory, "/tmp/fadder-XXXXXX");
    assert_non_null(mkdtemp(turn.directory));
    turn.store = store_open(turn.directory, (size_t)64 << 20, state_maps, STORE_VIEW, &err);
    assert_non_null(turn.store);
    turn.kinds = kinds_create(aggregates);
    turn.fold = fold_create(turn.kinds, service);
    turn.now.ms = INT64_C(20000) * 86400000 + 1000;
    turn.programme = turn_id("programme", 1);
}

static inline void turn_close(void)
{
    char path[64];

    fold_destroy(turn.fold);
    kinds_destroy(turn.kinds);
    store_close(turn.store);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", turn.directory, i == 0 ? "data.mdb" : "lock.mdb");
        unlink(path);
    }
    rmdir(turn.directory);
}

static inline void turn_begin(void)
{
    struct error err;

    turn.txn = txn_begin_write(turn.store, &err);
    assert_non_null(turn.txn);
}

static inline void turn_end(bool is_kept)
{
    struct error err;

    if (is_kept)
        assert_true(txn_commit(turn.txn, &err));
    else
        txn_abort(turn.txn);
    turn.txn = NULL;
}

static inline void turn_tell(const struct happened *happened, const struct told *told);

static inline void turn_fold(struct journal_event *envelope, const struct kind *kind,
                             const void *body)
{
    const struct happened happened = {envelope, kind, body, ++turn.number};
    struct told *told = calloc(1, sizeof *told);
    struct error err;

    if (!fold_event(turn.fold, turn.txn, &happened, told, &err)) fail_msg("%s", err.text);
    turn_tell(&happened, told);
    free(told);
}

/* What the input comes to: the code of the refusal, or NULL. */
static inline const char *turn_decide(const struct aggregate *aggregate, struct id id,
                                      const void *in)
{
    const struct contract *contract = aggregate->contract;
    const struct head *head = (const void *)((const char *)in + contract->input_head);
    char *c = calloc(1, aggregate->case_size), *out = calloc(1, contract->events_size);
    struct error err = {0};
    const char *code = NULL;
    size_t count;

    if (!aggregate->load(turn.txn, id, in, c, &err) || !aggregate->decide(c, in, out, &err))
        code = err.code;
    memcpy(&count, out, sizeof count);
    for (size_t i = 0; code == NULL && i < count; i++) {
        const char *event = out + contract->events_at + i * contract->event_size;
        struct journal_event envelope = {
            .at = turn.now, .has_programme = true, .has_country = true};
        unsigned type;

        memcpy(&type, event, sizeof type);
        memcpy(&envelope.aggregate, event + sizeof type, sizeof envelope.aggregate);
        envelope.programme = head->programme;
        envelope.country = head->country;
        turn_fold(&envelope,
                  kinds_find(turn.kinds, contract->events[type]->name,
                             strlen(contract->events[type]->name)),
                  event + contract->event_body);
    }
    free(c);
    free(out);
    return code;
}

static inline void turn_tell(const struct happened *happened, const struct told *told)
{
    for (size_t t = 0; t < told->count; t++) {
        const struct aggregate *aggregate = turn.kinds->aggregates[told->at[t].aggregate];
        char *in = calloc(1, aggregate->contract->input_size);

        for (uint32_t n = 0; aggregate->decide != NULL && n < told->at[t].ids.count; n++) {
            fold_input(aggregate, told->at[t].subscription, happened, in);
            assert_null(turn_decide(aggregate, told->at[t].ids.at[n], in));
        }
        free(in);
    }
}

/* A command, with its body, by somebody. version -1: as it is now. */
static inline const char *turn_say(const struct aggregate *aggregate, unsigned command,
                                   struct actor actor, struct id id, const void *body)
{
    static int fresh;
    const struct contract *contract = aggregate->contract;
    const struct command *what = &contract->commands[command];
    struct head head = {.at = turn.now,
                        .actor = actor,
                        .programme = turn.programme,
                        .country = COUNTRY_NO,
                        .id = id,
                        .version = what->is_creation ? 0 : VERSION_ANY};
    char *in = calloc(1, contract->input_size);
    const char *code;

    for (int i = 0; i < FRESH_IDS; i++)
        head.ids[i] = turn_id("fresh", 100000 + ++fresh); /* sorted by age */
    memcpy(in, &command, sizeof command);
    memcpy(in + contract->input_head, &head, sizeof head);
    if (body != NULL) memcpy(in + contract->input_body, body, what->body->size);
    turn.said = what->is_creation ? head.ids[0] : id;
    turn_begin();
    code = turn_decide(aggregate, turn.said, in);
    turn_end(code == NULL);
    free(in);
    return code;
}

/* Something happened elsewhere. */
static inline void turn_hear(const char *type, struct id id, const void *body)
{
    const struct kind *kind = kinds_find(turn.kinds, type, strlen(type));

    assert_non_null(kind);
    turn.foreign.kind = kind;
    turn.foreign.envelope = (struct journal_event){.at = turn.now,
                                                   .aggregate = id,
                                                   .has_programme = true,
                                                   .programme = turn.programme,
                                                   .has_country = true,
                                                   .country = COUNTRY_NO};
    memset(turn.foreign.body, 0, sizeof turn.foreign.body);
    if (body != NULL) memcpy(turn.foreign.body, body, kind->descriptor->size);
    turn_begin();
    turn_fold(&turn.foreign.envelope, kind, turn.foreign.body);
    turn_end(true);
}

static inline void turn_go_on_telling(const struct deadline *deadline)
{
    const struct happened happened = {&turn.foreign.envelope, turn.foreign.kind, turn.foreign.body,
                                      deadline_number(deadline->id)};
    struct told *told = calloc(1, sizeof *told);
    struct error err;

    assert_true(fold_more(turn.fold, turn.txn, &happened, deadline, told, &err));
    turn_tell(&happened, told);
    free(told);
}

static inline void turn_fire_row(const struct deadline *deadline)
{
    const struct aggregate *aggregate = turn.kinds->aggregates[deadline->aggregate];
    const struct contract *contract = aggregate->contract;
    struct head head = {.at = turn.now,
                        .actor = {.role = ROLE_TM},
                        .programme = turn.programme,
                        .id = deadline->id,
                        .version = VERSION_ANY};
    char *row = calloc(1, aggregate->table->row->size), *in = calloc(1, contract->input_size);
    unsigned command;
    struct error err;

    assert_true(table_get(turn.txn, aggregate->table, deadline->id, row, &err));
    assert_int_equal(aggregate->due(row, &command).ms, deadline->due_ms);
    memcpy(in, &command, sizeof command);
    memcpy(in + contract->input_head, &head, sizeof head);
    assert_null(turn_decide(aggregate, deadline->id, in));
    free(row);
    free(in);
}

/* Fire every deadline that is due up to then: how many. Each must change something. */
static inline int turn_until(struct instant then)
{
    struct deadline deadline;
    struct error err;
    int fired = 0;

    for (; fired < 1000; fired++) {
        turn_begin();
        assert_true(deadline_next(turn.txn, turn.kinds, then.ms, &deadline, &err));
        if (!deadline.is_there) break;
        if (deadline.due_ms > turn.now.ms) turn.now.ms = deadline.due_ms;
        assert_true(deadline_drop(turn.txn, turn.kinds, &deadline, &err));
        if (deadline.is_more)
            turn_go_on_telling(&deadline);
        else
            turn_fire_row(&deadline);
        turn_end(true);
    }
    assert_true(fired < 1000);
    turn_end(false);
    if (then.ms > turn.now.ms) turn.now = then;
    return fired;
}

static inline void turn_get(const struct table *table, struct id id, void *row)
{
    struct error err;

    turn_begin();
    assert_true(table_get(turn.txn, table, id, row, &err));
    turn_end(false);
}
