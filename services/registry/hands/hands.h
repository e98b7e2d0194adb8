/* By whose hands somebody acts: everybody who could have done it alone.
 *
 * Who makes a token, or a partner's secret, may have kept it, and is then whoever it is for; who lets somebody coordinate or
 * counsel may have made that somebody up. So what takes two people counts with who acts all of these: who made what they
 * show, who granted the part that they act in, and by whose hands those could. The operator leaves none. The list is written
 * down when the thing is made and stays with it. It has a few places only: of what has passed through more hands, as of what
 * is older than these lists, nobody knows, and it never counts as another person's.
 */
#pragma once

#include "contract/common.h"
#include "core/input.h"

struct txn;

struct origin {
    bool is_known; /* by whose hands */
    struct hands hands;
};

void origin_add(struct origin *origin, struct id one);
/* Those of something else besides; is_known: of that. */
void origin_join(struct origin *origin, bool is_known, const struct hands *hands);

bool hands_meet(const struct hands *one, const struct hands *other);

/* Of what was shown alone, whoever shows it. */
bool origin_load_credential(struct txn *txn, struct id credential, struct origin *origin,
                            struct error *err);
/* Of who acts, by what they show. */
bool origin_load(struct txn *txn, const struct actor *actor, struct id credential,
                 struct origin *origin, struct error *err);
