/* For which hosts a person stands, in whatever part. A view of the registry's events; its id is the person's. */
#pragma once

#include "contract/party.h"

struct aggregate;
struct ids;
struct table;
struct txn;

bool party_is_of(const struct party *row, struct id host);

void party_evolve(struct party *row, const struct party_event *event);
bool party_find(struct txn *txn, const struct party_input *in, struct ids *found,
                struct error *err);

extern const struct table parties;
extern const struct aggregate party_aggregate;
