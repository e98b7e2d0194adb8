/* Somebody whom our mails did not reach: a person, an organisation, or a programme's coordinators.
 *
 * Its id is theirs; nothing here knows the address. When an address is given up that is said once,
 * so that somebody can see to it, as it is when a mail is given up for another reason (missed); and
 * once that it is over, when what is known of them has changed
 * or a mail has reached them. Of who is erased or closed nothing is said any more.
 */
#pragma once

#include "contract/recipient.h"

struct aggregate;
struct ids;
struct table;
struct txn;

struct recipient_case {
    struct recipient row;
};

bool recipient_decide(const struct recipient_case *c, const struct recipient_input *in,
                      struct recipient_events *out, struct error *err);
void recipient_evolve(struct recipient *row, const struct recipient_event *event);

bool recipient_find(struct txn *txn, const struct recipient_input *in, struct ids *found,
                    struct error *err);
bool recipient_load(struct txn *txn, struct id id, const struct recipient_input *in,
                    struct recipient_case *c, struct error *err);

extern const struct table recipients;
extern const struct aggregate recipient_aggregate;
