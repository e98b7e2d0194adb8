/* Whether somebody consents to a match by what they wish or offer, and when they have time. Until they have said so, a match
 * goes by the rest. A view of the registry's events; its id is the person's. */
#pragma once

#include "contract/consent.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void consent_evolve(struct consent *row, const struct consent_event *event);
bool consent_find(struct txn *txn, const struct consent_input *in, struct ids *found,
                  struct error *err);

/* Whether this person does, now. */
bool consent_is_given(struct txn *txn, struct id person, bool *is_given, struct error *err);

extern const struct table consents;
extern const struct aggregate consent_aggregate;
