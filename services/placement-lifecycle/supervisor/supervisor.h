/* Who can supervise, and for which host. A view of the registry's events; its id is the person's. */
#pragma once

#include "contract/supervisor.h"
#include "core/near.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void supervisor_evolve(struct supervisor *row, const struct supervisor_event *event);
bool supervisor_find(struct txn *txn, const struct supervisor_input *in, struct ids *found,
                     struct error *err);

/* Adds them, if they are under protection: by their row, and without it. */
static inline void supervisor_guard(const struct supervisor *row, struct guarded *guarded)
{
    guarded_add(guarded, row->has_protection && row->protection != PROTECTION_NONE, row->id);
}
bool supervisor_guards_of(struct txn *txn, struct id supervisor, struct guarded *guarded,
                          struct error *err);

/* An organisation's. */
struct whom;
void supervisor_whom_of(struct id organisation, struct whom *whom);

extern const struct table supervisors;
extern const struct aggregate supervisor_aggregate;
