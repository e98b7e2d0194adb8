/* What whoever watches over a programme's data has to see, besides the readings: that somebody was refused something, or
 * was let in nowhere; that somebody was cleared; that a protection changed. Who, what, about whom, when, and how often.
 *
 * What is refused leaves nothing behind where it is refused, so the gateway, through which everybody comes, says it here:
 * folded together there, so that a storm of refusals is some dozens of rows (common/front/refusals.h). What a program of ours
 * was not admitted to each service says itself, at most once a minute (common/service/turned_away.h). What is cleared and
 * protected is heard of from the person. A row is never changed; the journal's chain tells if somebody did.
 *
 * A programme's data protection officer sees all of it, a person what concerns themself, the operator everything.
 */
#pragma once

#include "contract/audit.h"
#include "link/link.h"
#include "person/person.h"
#include "referral/referral.h"

struct audit_case {
    struct audit row;
    /* Of these the one that it was about, if it is any. */
    struct person person;
    struct referral referral;
    struct link link;
};

bool audit_decide(const struct audit_case *c, const struct audit_input *in,
                  struct audit_events *out, struct error *err);
void audit_evolve(struct audit *row, const struct audit_event *event);

bool audit_find(struct txn *txn, const struct audit_input *in, struct ids *found,
                struct error *err);
bool audit_load(struct txn *txn, struct id id, const struct audit_input *in, struct audit_case *c,
                struct error *err);

extern const struct life audit_life;
extern const struct table audits;
extern const struct aggregate audit_aggregate;
