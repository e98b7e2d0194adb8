/* A mentorship as notification needs it: who has heard of it. A view; its id is the mentorship's. */
#pragma once

#include "contract/request.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void request_evolve(struct request *row, const struct request_event *event);
bool request_find(struct txn *txn, const struct request_input *in, struct ids *found,
                  struct error *err);

extern const struct table requests;
extern const struct aggregate request_aggregate;
