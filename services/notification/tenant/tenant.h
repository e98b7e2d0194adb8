/* A programme as notification needs it: what it is called, and who coordinates it.
 *
 * A view; its id is the programme's. Coordinators read the mailbox that the programme states; where
 * it states none, that of the association that owns it: the first organisation of that kind that is
 * there. What was to be said before that association was there is not for it: it stays with the
 * programme, waits for a mailbox of its own, and is given up like all that waits in vain.
 */
#pragma once

#include "contract/tenant.h"

struct aggregate;
struct ids;
struct table;
struct txn;

void tenant_evolve(struct tenant *row, const struct tenant_event *event);
bool tenant_find(struct txn *txn, const struct tenant_input *in, struct ids *found,
                 struct error *err);

enum tenant_mailbox { TENANT_MAILBOX_NONE, TENANT_MAILBOX_OWN, TENANT_MAILBOX_OWNERS };

/* Where a message to its coordinators goes. */
enum tenant_mailbox tenant_mailbox_for(const struct tenant *row, struct id message);

/* Whether what asks for nothing waits for the next morning: it is known, and does not want everything at once. */
bool tenant_may_wait(const struct tenant *row);

/* Whether its coordinators can be told nothing, and somebody has to see to it. */
bool tenant_is_mute(const struct tenant *row);

extern const struct table tenants;
extern const struct aggregate tenant_aggregate;
