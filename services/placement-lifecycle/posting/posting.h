/* Seats that a host offers at one object of work: drafted, submitted, published by somebody other
 * than its author, paused or closed, archived.
 *
 * Seats taken are counted from placements when a case is loaded (invariant I2 is kept there, in
 * placement). The row also says how many are taken and whether it is full, for those who read it:
 * that is folded from the same placements' events, and decides nothing.
 */
#pragma once

#include "contract/posting.h"
#include "placement_rules/placement_rules.h"

struct posting_case {
    struct posting row; /* all zero for a creation */
    struct placement_rules rules;
    int64_t taken;
};

bool posting_decide(const struct posting_case *c, const struct posting_input *in,
                    struct posting_events *out, struct error *err);
void posting_evolve(struct posting *row, const struct posting_event *event);
struct instant posting_due(const struct posting *row, unsigned *command);

bool posting_find(struct txn *txn, const struct posting_input *in, struct ids *found,
                  struct error *err);
bool posting_load(struct txn *txn, struct id id, const struct posting_input *in,
                  struct posting_case *c, struct error *err);

struct whom;
void posting_whom_of(struct id host, struct whom *whom);

extern const struct table postings;
extern const struct life posting_life;
extern const struct aggregate posting_aggregate;
