/* What deciding about a token may read; and the aggregate as a whole. */
#include "token/token.h"

#include "fold/aggregate.h"
#include "referral/referral.h"
#include "store/table.h"

static bool load_shower(struct txn *txn, const struct token_create *ask, struct token_case *c,
                        struct error *err)
{
    if (ask->role == ACTOR_ROLE_AGENCY_SYSTEM)
        return table_get(txn, &partners, ask->person, &c->partner, err) &&
               referral_guards_partner(txn, ask->person, &c->guarded, err);
    return table_get(txn, &persons, ask->person, &c->person, err);
}

static bool load_for_create(struct txn *txn, const struct token_input *in, struct token_case *c,
                            struct error *err)
{
    const struct token_create *ask = &in->token_create;

    const struct id *organisation;

    if (!table_get(txn, &programmes, in->head.programme, &c->programme, err) ||
        !load_shower(txn, ask, c, err))
        return false;
    organisation = ask->has_organisation ? &ask->organisation : token_organisation(c, ask->role);
    if (organisation != NULL &&
        !table_get(txn, &organisations, *organisation, &c->organisation, err))
        return false;
    return organisation_find_association(txn, in->head.programme, &c->association, err) &&
           token_is_hash_taken(txn, &ask->hash, &c->is_hash_taken, err) &&
           origin_load(txn, &in->head.actor, in->head.credential, &c->origin, err);
}

/* What their part is by then is looked up: they may be told late. */
static bool hears_of_part(enum token_input_type type)
{
    return type == TOKEN_ON_PERSON_ROLE_GRANTED || type == TOKEN_ON_PERSON_CHANGED;
}

bool token_load(struct txn *txn, struct id id, const struct token_input *in, struct token_case *c,
                struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == TOKEN_CREATE && !load_for_create(txn, in, c, err)) return false;
    if (hears_of_part(in->type) && !table_get(txn, &persons, in->head.id, &c->person, err))
        return false;
    return table_get(txn, &tokens, id, &c->row, err);
}

/* Who may have kept a token sees no more by it than they see themselves, as the admins that they are. Of one of which nobody
 * knows by whose hands it came, somebody may. */
static bool find_shared(struct txn *txn, struct token *token, const struct head *head,
                        struct error *err)
{
    struct person person;

    token->shared = !token->has_hands;
    for (uint32_t i = 0; token->has_hands && i < token->hands.count; i++) {
        if (id_equal(token->hands.at[i], token->person)) continue;
        if (!table_get(txn, &persons, token->hands.at[i], &person, err)) return false;
        token->shared |=
            !person_has_clearance(&person, token->programme, ACTOR_ROLE_PROGRAMME_ADMIN, head);
    }
    token->has_shared = token->shared;
    return true;
}

/* Whether who shows it is cleared, and is them: a partner's system is nobody. */
static bool token_complete(struct txn *txn, void *row, struct instant at, struct error *err)
{
    struct token *token = row;
    const struct head head = {.at = at, .country = token->country};
    struct person person;

    if (!token->has_person || token->role == ACTOR_ROLE_AGENCY_SYSTEM) return true;
    if (!table_get(txn, &persons, token->person, &person, err) ||
        !find_shared(txn, token, &head, err))
        return false;
    token->has_cleared = true;
    token->cleared =
        !token->shared && person_has_clearance(&person, token->programme, token->role, &head);
    return true;
}

/* For which organisation somebody takes part tells where they are. */
static bool token_guards(struct txn *txn, const void *row, struct guarded *guarded,
                         struct error *err)
{
    const struct token *token = row;

    return !token->has_person || person_guards(txn, token->person, guarded, err);
}

AGGREGATE_FIND(token)
AGGREGATE_DECIDE(token)
AGGREGATE_EVOLVE(token)
AGGREGATE_DUE(token)

const struct aggregate token_aggregate = {
    .contract = &token_contract,
    .life = &token_life,
    .table = &tokens,
    .case_size = sizeof(struct token_case),
    .find = token_find_,
    .load = token_load_,
    .decide = token_decide_,
    .evolve = token_evolve_,
    .guards = token_guards,
    .complete = token_complete,
    .due = token_due_,
};
