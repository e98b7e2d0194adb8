/* By whose hands who acts does: looked up in what they show, and in their part. */
#include "hands/hands.h"

#include "session/session.h"
#include "store/table.h"
#include "tenancy.h"
#include "token/token.h"

/* A credential is a token, a session or a partner's signature. A session is made by nobody but who reads their mails. */
static bool join_credential(struct txn *txn, struct id credential, struct origin *origin,
                            struct error *err)
{
    struct token token;
    struct session session;
    struct partner partner;

    if (!table_get(txn, &tokens, credential, &token, err)) return false;
    if (token.state != TOKEN_STATE_NONE) {
        origin_join(origin, token.has_hands, &token.hands);
        return true;
    }
    if (!table_get(txn, &sessions, credential, &session, err)) return false;
    if (session.state == SESSION_STATE_OPEN) return true;
    if (!table_get(txn, &partners, credential, &partner, err)) return false;
    origin_join(origin, partner.has_hands, &partner.hands);
    return true;
}

/* In which an admin or a coordinator acts, and a counsellor; nobody else asks for, confirms or grants what takes two. */
static bool join_part(struct txn *txn, const struct actor *actor, struct origin *origin,
                      struct error *err)
{
    const bool is_counsellor = actor->role == ROLE_CN;
    struct person row;

    if (!table_get(txn, &persons, actor->id, &row, err)) return false;
    origin_join(origin, is_counsellor ? row.has_counsellor_hands : row.has_coordinator_hands,
                is_counsellor ? &row.counsellor_hands : &row.coordinator_hands);
    origin_add(origin, actor->id);
    return true;
}

bool origin_load_credential(struct txn *txn, struct id credential, struct origin *origin,
                            struct error *err)
{
    *origin = (struct origin){.is_known = true};
    return join_credential(txn, credential, origin, err);
}

bool origin_load(struct txn *txn, const struct actor *actor, struct id credential,
                 struct origin *origin, struct error *err)
{
    *origin = (struct origin){.is_known = true};
    if (actor->role == ROLE_SYS || actor->role == ROLE_TM) return true;
    if (!join_credential(txn, credential, origin, err)) return false;
    return actor->role == ROLE_AG || join_part(txn, actor, origin, err);
}
