/* Where tokens are kept: a row for each, and a way from the hash of what is shown. */
#include "token/token.h"

#include "store/table.h"
#include "tables.h"

static bool is_active(const void *row)
{
    const struct token *token = row;

    return token->has_person && token->state == TOKEN_STATE_ACTIVE;
}

static bool is_bound_and_active(const void *row)
{
    const struct token *token = row;

    return token->has_bound_to && token->state == TOKEN_STATE_ACTIVE;
}

static const struct index by_hash = {TOKENS_BY_HASH, {"hash"}, NULL};
static const struct index by_person = {TOKENS_BY_PERSON, {"person"}, is_active};
static const struct index by_bound_to = {TOKENS_BY_BOUND_TO, {"bound_to"}, is_bound_and_active};
static const struct index of_person = {TOKENS_OF_PERSON, {"person"}, NULL};
static const struct index by_programme = {TOKENS_BY_PROGRAMME, {"programme"}, NULL};

const struct table tokens = {
    TOKENS, &token_descriptor, {&by_hash, &by_person, &of_person, &by_bound_to, &by_programme}};

bool token_find(struct txn *txn, const struct token_input *in, struct ids *found, struct error *err)
{
    const struct token like = {
        .has_person = true, .person = in->head.id, .has_bound_to = true, .bound_to = in->head.id};

    if (in->type == TOKEN_CREATE) return true; /* always a new one */
    switch (in->type) {
    case TOKEN_ON_PERSON:
    case TOKEN_ON_PARTNER: /* as whom it is shown */
        return index_find(txn, &tokens, &by_person, &like, 1, NULL, IDS_MAX, found, err);
    case TOKEN_ON_ORGANISATION: /* for which its person takes part */
        return index_find(txn, &tokens, &by_bound_to, &like, 1, NULL, IDS_MAX, found, err);
    case TOKEN_COMMAND: break; /* these say which one they are about */
    }
    bug("token_find: input type %u", in->type);
}

bool token_is_hash_taken(struct txn *txn, const struct hash *hash, bool *is_taken,
                         struct error *err)
{
    const struct token like = {.hash = *hash};
    struct ids found = {0};

    if (!index_find(txn, &tokens, &by_hash, &like, 1, NULL, 1, &found, err)) return false;
    *is_taken = found.count > 0;
    return true;
}

bool token_find_admin(struct txn *txn, struct id person, struct id programme, struct instant at,
                      struct token *found, struct error *err)
{
    const struct token like = {.has_person = true, .person = person};
    struct ids all = {0};

    if (!index_find(txn, &tokens, &by_person, &like, 1, NULL, IDS_MAX, &all, err)) return false;
    for (uint32_t i = 0; i < all.count; i++) {
        if (!table_get(txn, &tokens, all.at[i], found, err)) return false;
        if (found->role == ACTOR_ROLE_PROGRAMME_ADMIN && found->expires.ms > at.ms &&
            id_equal(found->programme, programme))
            return true;
    }
    *found = (struct token){.state = TOKEN_STATE_NONE};
    return true;
}
