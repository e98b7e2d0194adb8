/* A mentee: an accepted referral that wants a mentor, as matching needs it.
 *
 * The registry's events bring it and take it away, and those of its mentorships move it. Its own are
 * what the participant wishes, whose mentor they must not be, and why nobody is proposed. Its id is
 * the referral's.
 */
#pragma once

#include "contract/mentee.h"
#include "core/near.h"

struct aggregate;
struct ids;
struct table;
struct txn;
struct whom;

struct mentee_case {
    struct mentee row;
};

/* Whether a mentor is among what somebody is referred for. */
bool mentee_is_wanted(const struct referral_wants *wants);

/* A mentor is looked for, whether or not somebody is proposed. */
bool mentee_is_seeking(const struct mentee *row);

/* A conflict of interest with this mentor has been stated. */
bool mentee_has_conflict(const struct mentee *row, struct id mentor);

bool mentee_decide(const struct mentee_case *c, const struct mentee_input *in,
                   struct mentee_events *out, struct error *err);

void mentee_evolve(struct mentee *row, const struct mentee_event *event);

bool mentee_load(struct txn *txn, struct id id, const struct mentee_input *in,
                 struct mentee_case *c, struct error *err);
bool mentee_find(struct txn *txn, const struct mentee_input *in, struct ids *found,
                 struct error *err);

/* Fills in whether a match goes by what they wish, and when they have time. */
bool mentee_complete(struct txn *txn, void *row, struct instant at, struct error *err);

/* Those who seek in a programme, `most` at the most, in order of id, which is by age of the
 * referral: behind `after` (NULL: from the first). */
bool mentee_find_seeking(struct txn *txn, struct id programme, const struct id *after,
                         uint32_t most, struct ids *found, struct error *err);

/* Adds whom a referral is about, if they are under protection: by its row, and without it. */
static inline void mentee_guard(const struct mentee *row, struct guarded *guarded)
{
    guarded_add(guarded, row->protection != PROTECTION_NONE, row->person);
}
bool mentee_guards(struct txn *txn, struct id referral, struct guarded *guarded, struct error *err);

/* Those for whom an organisation is responsible: a way to them, and the least behind `after` (NULL: the first). */
void mentee_whom_wards(struct id organisation, struct whom *whom);
bool mentee_find_wards(struct txn *txn, struct id organisation, const struct id *after,
                       struct id *next, bool *has, struct error *err);

extern const struct table mentees;
extern const struct life mentee_life;
extern const struct aggregate mentee_aggregate;
