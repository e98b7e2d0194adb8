/* Where a municipality's centre lies: a programme loads those that it needs, so that a match can go
 * by distance. */
#pragma once

#include "contract/municipality.h"

struct aggregate;
struct ids;
struct table;
struct txn;

struct municipality_case {
    struct municipality row;
};

bool municipality_decide(const struct municipality_case *c, const struct municipality_input *in,
                         struct municipality_events *out, struct error *err);
void municipality_evolve(struct municipality *row, const struct municipality_event *event);

bool municipality_find(struct txn *txn, const struct municipality_input *in, struct ids *found,
                       struct error *err);
bool municipality_load(struct txn *txn, struct id id, const struct municipality_input *in,
                       struct municipality_case *c, struct error *err);

/* The one of this code; version 0: it has not been located. */
bool municipality_get(struct txn *txn, struct id programme, const char *code,
                      struct municipality *row, struct error *err);

extern const struct table municipalities;
extern const struct life municipality_life;
extern const struct aggregate municipality_aggregate;
