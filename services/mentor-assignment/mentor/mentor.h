/* A mentor: how many places there are, whether offers can be made, and what a match goes by.
 *
 * The person and the role are the registry's; the places are ours. Which of them are taken is
 * counted from mentorships when a case is loaded and kept nowhere, so no counter can come apart
 * from them. Of a mentor who is protected no place is kept.
 */
#pragma once

#include "contract/mentor.h"
#include "core/near.h"

struct aggregate;
struct ids;
struct table;
struct txn;
struct whom;

struct mentor_case {
    struct mentor row;
    int64_t taken;
};

bool mentor_decide(const struct mentor_case *c, const struct mentor_input *in,
                   struct mentor_events *out, struct error *err);
void mentor_evolve(struct mentor *row, const struct mentor_event *event);

bool mentor_find(struct txn *txn, const struct mentor_input *in, struct ids *found,
                 struct error *err);
bool mentor_load(struct txn *txn, struct id id, const struct mentor_input *in,
                 struct mentor_case *c, struct error *err);

/* Fills in whether a match goes by what they offer, and when they have time. */
bool mentor_complete(struct txn *txn, void *row, struct instant at, struct error *err);

/* Those of a programme whom offers could be made to, were a place free: in order of id, behind
 * `after` (NULL: from the first), until found is full. */
bool mentor_find_available(struct txn *txn, struct id programme, const struct id *after,
                           struct ids *found, struct error *err);

/* Those of an organisation, in the same way; and all of them, for lists. */
bool mentor_find_of(struct txn *txn, struct id organisation, const struct id *after,
                    struct ids *found, struct error *err);
bool mentor_whom(struct txn *txn, struct id organisation, struct whom *whom, struct error *err);

/* Adds them, if they are under protection: by their row, and without it. */
static inline void mentor_guard(const struct mentor *row, struct guarded *guarded)
{
    guarded_add(guarded, row->has_protection && row->protection != PROTECTION_NONE, row->id);
}
bool mentor_guards_of(struct txn *txn, struct id mentor, struct guarded *guarded,
                      struct error *err);

/* Whether they are one for this organisation. */
bool mentor_is_of(struct txn *txn, struct id mentor, struct id organisation, bool *is,
                  struct error *err);

extern const struct table mentors;
extern const struct life mentor_life;
extern const struct aggregate mentor_aggregate;
