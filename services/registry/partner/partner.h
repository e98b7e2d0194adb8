/* Another organisation's system that sends us signed webhooks.
 *
 * Its secret is in the vault under a key of its own; who makes the secret is the operator's program.
 */
#pragma once

#include <string.h>

#include "contract/partner.h"
#include "core/near.h"
#include "hands/hands.h"
#include "organisation/organisation.h"
#include "programme/programme.h"

struct partner_case {
    struct partner row;
    struct programme programme;       /* of a creation: where to; undo: where it is */
    struct organisation organisation; /* of a creation: the one it names */
    struct origin origin;             /* of who makes its secret */
    struct guarded guarded;           /* it, where it referred somebody who is under protection */
};

/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool partner_may(const struct partner_case *c, const struct partner_input *in, struct error *err);
bool partner_decide(const struct partner_case *c, const struct partner_input *in,
                    struct partner_events *out, struct error *err);
void partner_evolve(struct partner *row, const struct partner_event *event);

/* What is signed with from now on, and what was until then, unless another is named: also of an endpoint. */
void partner_keep_secret(const struct partner_secret *was, const struct partner_secret *said,
                         struct partner_secret *secret);
/* What is to be sealed of a command. */
void partner_conceal(const struct partner_case *c, const struct partner_input *in,
                     struct concealed *what);

bool partner_load(struct txn *txn, struct id id, const struct partner_input *in,
                  struct partner_case *c, struct error *err);

/* Each of a programme's, in whatever state. */
bool partner_each_of(struct txn *txn, struct id programme,
                     bool (*visit)(void *cookie, struct id partner, struct error *err),
                     void *cookie, struct error *err);

extern const struct table partners;
extern const struct life partner_life;
extern const struct aggregate partner_aggregate;
