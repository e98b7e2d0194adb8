/* An endpoint as notification needs it: where a partner's webhooks go, and whether they may.
 *
 * A view; its id is the endpoint's. The registry opens and disables it; a delivery that was answered
 * 410 closes it here at once, until it is given a new secret. Which of the two came last, the registry says. While that it was disabled can be taken back, what there
 * is to be said waits.
 */
#pragma once

#include "contract/outlet.h"
#include "core/reach.h"

struct aggregate;
struct ids;
struct table;
struct txn;

enum { OUTLETS_MAX = REACH_ENDPOINTS_MAX }; /* of one partner that are told of anything */

void outlet_evolve(struct outlet *row, const struct outlet_event *event);
bool outlet_find(struct txn *txn, const struct outlet_input *in, struct ids *found,
                 struct error *err);

/* Whether it is disabled and may be back: nothing is sent there, and nothing given up. */
bool outlet_may_return(const struct outlet *row, struct instant now);

/* A partner's active ones, then those that may be back; at most OUTLETS_MAX. */
bool outlet_find_told(struct txn *txn, struct id partner, struct instant now, struct ids *found,
                      struct error *err);

extern const struct table outlets;
extern const struct aggregate outlet_aggregate;
