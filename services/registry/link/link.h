/* A mentorship or placement of a referral, as far as the registry has to know: to follow what comes
 * of the referral, and to know who may see personal data, and until when.
 *
 * A view: other services own what happens, and only their events change it. All that the registry
 * says itself is how long those of a link that is over may still see whom it was about.
 */
#pragma once

#include <string.h>

#include "contract/link.h"
#include "programme/programme.h"

struct link_case {
    struct link row;
    struct programme programme; /* whose rules say how long */
};

/* Something has come of it or still may. */
bool link_is_left(enum link_state state);

bool link_decide(const struct link_case *c, const struct link_input *in, struct link_events *out,
                 struct error *err);
void link_evolve(struct link *row, const struct link_event *event);

bool link_find(struct txn *txn, const struct link_input *in, struct ids *found, struct error *err);
bool link_load(struct txn *txn, struct id id, const struct link_input *in, struct link_case *c,
               struct error *err);

/* A referral's that are left; and all of a participant's. */
bool link_find_left(struct txn *txn, struct id referral, uint32_t most, struct ids *found,
                    struct error *err);
bool link_find_of(struct txn *txn, struct id participant, uint32_t most, struct ids *found,
                  struct error *err);

extern const struct table links;
extern const struct aggregate link_aggregate;
