/* Where a partner wants to hear from us: an address, and a secret in the vault that we sign with. One that
 * answers 410 is gone until it has a new secret. */
#pragma once

#include <string.h>

#include "contract/endpoint.h"
#include "partner/partner.h"

enum { ENDPOINT_TEST_MS = 60000 }; /* between two test events */

struct endpoint_case {
    struct endpoint row;
    struct partner partner; /* of a creation: the one it names; undo: its own */
    int64_t active;         /* of the partner's, where there would be one more */
    struct guarded guarded; /* the partner, where it referred somebody who is under protection */
};

/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool endpoint_may(const struct endpoint_case *c, const struct endpoint_input *in,
                  struct error *err);
bool endpoint_decide(const struct endpoint_case *c, const struct endpoint_input *in,
                     struct endpoint_events *out, struct error *err);
void endpoint_evolve(struct endpoint *row, const struct endpoint_event *event);

/* What is to be sealed of a command. */
void endpoint_conceal(const struct endpoint_case *c, const struct endpoint_input *in,
                      struct concealed *what);

bool endpoint_find(struct txn *txn, const struct endpoint_input *in, struct ids *found,
                   struct error *err);
/* How many of the partner's are active, from an index; there are at most REACH_ENDPOINTS_MAX. */
bool endpoint_count_active(struct txn *txn, struct id partner, int64_t *active, struct error *err);
bool endpoint_load(struct txn *txn, struct id id, const struct endpoint_input *in,
                   struct endpoint_case *c, struct error *err);

extern const struct table endpoints;
extern const struct life endpoint_life;
extern const struct aggregate endpoint_aggregate;
