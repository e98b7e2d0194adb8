/* Somebody who is or was under protection, or was erased, as notification needs them: whether mails to them may lie in files. A
 * view; its id is the person's.
 */
#pragma once

#include "contract/secrecy.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void secrecy_evolve(struct secrecy *row, const struct secrecy_event *event);
bool secrecy_find(struct txn *txn, const struct secrecy_input *in, struct ids *found,
                  struct error *err);

extern const struct table secrecies;
extern const struct aggregate secrecy_aggregate;
