/* Where tokens are kept: a row for each, and a way from the hash of what is shown. */
#include "token/token.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static bool is_active(const void *row)
{
    const struct token *token = row;

    return token->has_person && token->state == TOKEN_STATE_ACTIVE;
}

static const struct index by_hash = {TOKENS_BY_HASH, {"hash"}, NULL};
static const struct index by_person = {TOKENS_BY_PERSON, {"person"}, is_active};

const struct table tokens = {TOKENS, &token_descriptor, {&by_hash, &by_person}};

bool token_find(struct txn *txn, const struct token_input *in, struct ids *found, struct error *err)
{
    const struct token like = {.has_person = true, .person = in->head.id};

    switch (in->type) {
    case TOKEN_ON_PERSON_ROLE_ENDED:
    case TOKEN_ON_PERSON_ERASED:
    case TOKEN_ON_PARTNER_DISABLED:
        return index_find(txn, &tokens, &by_person, &like, 1, NULL, IDS_MAX, found, err);
    case TOKEN_CREATE: return true; /* always a new one */
    case TOKEN_REVOKE: break;
    }
    bug("token_find: input type %u", in->type);
}

static bool find_hash(struct txn *txn, const struct hash *hash, struct token_case *c,
                      struct error *err)
{
    const struct token like = {.hash = *hash};
    struct ids found = {0};

    if (!index_find(txn, &tokens, &by_hash, &like, 1, NULL, 1, &found, err)) return false;
    c->is_hash_taken = found.count > 0;
    return true;
}

static bool load_shower(struct txn *txn, const struct token_create *ask, struct token_case *c,
                        struct error *err)
{
    if (!ask->has_person) return true;
    if (ask->role == ACTOR_ROLE_AGENCY_SYSTEM)
        return table_get(txn, &partners, ask->person, &c->partner, err);
    return table_get(txn, &persons, ask->person, &c->person, err);
}

static bool load_for_create(struct txn *txn, const struct token_input *in, struct token_case *c,
                            struct error *err)
{
    const struct token_create *ask = &in->token_create;

    if (!table_get(txn, &programmes, in->head.programme, &c->programme, err)) return false;
    if (ask->has_organisation &&
        !table_get(txn, &organisations, ask->organisation, &c->organisation, err))
        return false;
    return load_shower(txn, ask, c, err) && find_hash(txn, &ask->hash, c, err);
}

bool token_load(struct txn *txn, struct id id, const struct token_input *in, struct token_case *c,
                struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == TOKEN_CREATE && !load_for_create(txn, in, c, err)) return false;
    return table_get(txn, &tokens, id, &c->row, err);
}

AGGREGATE_FIND(token)
AGGREGATE_DECIDE(token)
AGGREGATE_EVOLVE(token)

const struct aggregate token_aggregate = {
    .contract = &token_contract,
    .table = &tokens,
    .case_size = sizeof(struct token_case),
    .find = token_find_,
    .load = token_load_,
    .decide = token_decide_,
    .evolve = token_evolve_,
};
