/* What somebody shows to act in a role, for as long as it is good. Only its hash is kept: who reads
 * the tables cannot show it.
 *
 * It is bound to the organisation for which its person takes the part that goes with the role, and is
 * shown on behalf of that one; only a coordinator of the programme's association may act for none, which is
 * the whole programme. It ends with the part, also when that is taken for another organisation, with the
 * person, with the partner whose system shows it, or with the organisation; after a year at the latest. */
#pragma once

#include <string.h>

#include "contract/token.h"
#include "hands/hands.h"
#include "organisation/organisation.h"
#include "partner/partner.h"
#include "person/person.h"
#include "programme/programme.h"

struct ids;

struct token_case {
    struct token row;
    struct person person; /* who shows it; of a creation, who is to, also below */
    /* Of a creation: where to, and what it names. */
    struct programme programme;
    struct partner partner;           /* an agency's system shows its own */
    struct organisation organisation; /* on whose behalf; where that is not said, whose they are */
    struct id association;            /* the programme's; zero: it has none */
    struct origin origin;             /* of who makes it */
    struct guarded guarded; /* whom who shows it is near to, as the partner that it names */
    bool is_hash_taken;
};

/* For which organisation who is named takes the part that goes with the role; NULL: for none, or they do
 * not. Valid as long as the case. */
const struct id *token_organisation(const struct token_case *c, enum actor_role role);

bool token_decide(const struct token_case *c, const struct token_input *in,
                  struct token_events *out, struct error *err);
void token_evolve(struct token *row, const struct token_event *event);

/* Two weeks before it ends. */
struct instant token_due(const struct token *row, unsigned *command);

bool token_find(struct txn *txn, const struct token_input *in, struct ids *found,
                struct error *err);
bool token_load(struct txn *txn, struct id id, const struct token_input *in, struct token_case *c,
                struct error *err);

bool token_is_hash_taken(struct txn *txn, const struct hash *hash, bool *is_taken,
                         struct error *err);

/* One of somebody's by which they are an admin of the programme then; its state is NONE where there is none. */
bool token_find_admin(struct txn *txn, struct id person, struct id programme, struct instant at,
                      struct token *found, struct error *err);

extern const struct table tokens;
extern const struct life token_life;
extern const struct aggregate token_aggregate;
