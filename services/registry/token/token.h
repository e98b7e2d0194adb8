/* What somebody shows to act in a role, for as long as it is good. Only its hash is kept: who reads
 * the tables cannot show it. It ends with the part that its person takes, with the person, with the
 * partner whose system shows it, or with the organisation for which it is shown; after a year at the latest. */
#pragma once

#include <string.h>

#include "contract/token.h"
#include "organisation/organisation.h"
#include "partner/partner.h"
#include "person/person.h"
#include "programme/programme.h"

struct ids;

struct token_case {
    struct token row;
    /* Of a creation: where to, and what it names. */
    struct programme programme;
    struct organisation organisation;
    struct person person;
    struct partner partner; /* an agency's system shows its own */
    bool is_hash_taken;
};

bool token_decide(const struct token_case *c, const struct token_input *in,
                  struct token_events *out, struct error *err);
void token_evolve(struct token *row, const struct token_event *event);

bool token_find(struct txn *txn, const struct token_input *in, struct ids *found,
                struct error *err);
bool token_load(struct txn *txn, struct id id, const struct token_input *in, struct token_case *c,
                struct error *err);

bool token_is_hash_taken(struct txn *txn, const struct hash *hash, bool *is_taken,
                         struct error *err);

extern const struct table tokens;
extern const struct life token_life;
extern const struct aggregate token_aggregate;
