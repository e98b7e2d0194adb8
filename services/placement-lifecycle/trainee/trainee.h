/* A trainee: an accepted referral that wants a placement, as planning needs it.
 *
 * A view: the registry's events bring it and take it away. It decides nothing. Its id is the
 * referral's.
 */
#pragma once

#include "contract/trainee.h"

struct aggregate;
struct guarded;
struct id;
struct ids;
struct table;
struct txn;

/* Whether a placement is among what somebody is referred for. */
bool trainee_is_wanted(const struct referral_wants *wants);

void trainee_evolve(struct trainee *row, const struct trainee_event *event);
bool trainee_find(struct txn *txn, const struct trainee_input *in, struct ids *found,
                  struct error *err);

/* Adds whom a referral is about, if they are under protection. */
bool trainee_guards(struct txn *txn, struct id referral, struct guarded *guarded,
                    struct error *err);

/* The referrals of those for whom an organisation is responsible, in order of id. */
bool trainee_find_wards(struct txn *txn, struct id organisation, const struct id *after,
                        struct id *next, bool *has, struct error *err);

extern const struct table trainees;
extern const struct aggregate trainee_aggregate;
