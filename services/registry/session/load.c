/* What deciding about a session may read; and the aggregate as a whole. */
#include "session/session.h"

#include "fold/aggregate.h"
#include "store/table.h"

static bool load_person(struct txn *txn, const struct session_input *in, struct session_case *c,
                        struct error *err)
{
    struct id person = c->row.person;

    if (in->type == SESSION_REQUEST) person = in->session_request.person;
    if (in->type == SESSION_VISIT) person = in->session_visit.person;
    return table_get(txn, &persons, person, &c->person, err) &&
           table_get(txn, &programmes, in->head.programme, &c->programme, err) &&
           organisation_find_association(txn, in->head.programme, &c->association, err) &&
           token_find_admin(txn, person, in->head.programme, in->head.at, &c->admin, err) &&
           (in->type != SESSION_REQUEST ||
            session_count_requested(txn, person, &c->requested, err));
}

/* What their part is by then is looked up: they may be told late. */
static bool looks_at_person(enum session_input_type type)
{
    return type == SESSION_REQUEST || type == SESSION_VISIT || type == SESSION_ENTER ||
           type == SESSION_ACT_AS || type == SESSION_ON_PERSON_ROLE_GRANTED ||
           type == SESSION_ON_PERSON_CHANGED || type == SESSION_ON_TOKEN_REVOKED;
}

bool session_load(struct txn *txn, struct id id, const struct session_input *in,
                  struct session_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    return table_get(txn, &sessions, id, &c->row, err) &&
           (!looks_at_person(in->type) || load_person(txn, in, c, err));
}

static bool find_roles(struct txn *txn, struct session *session, const struct person *person,
                       const struct head *head, struct error *err)
{
    struct session_case c = {.row = *session, .person = *person};

    if (!token_find_admin(txn, person->id, session->programme, head->at, &c.admin, err))
        return false;
    session->has_may_act_as = true;
    session_may_act_as(&c, head, &session->may_act_as);
    return true;
}

/* Whether who shows it is cleared, what they read, and as what else they could go on. */
static bool session_complete(struct txn *txn, void *row, struct instant at, struct error *err)
{
    struct session *session = row;
    const struct head head = {.at = at, .country = session->country};
    struct person person;

    if (!session->has_role) return true;
    if (!table_get(txn, &persons, session->person, &person, err)) return false;
    session->has_cleared = session->cleared =
        person_has_clearance(&person, session->programme, session->role, &head);
    session->has_language = true;
    session->language = person.language;
    return session->has_about || session->state != SESSION_STATE_OPEN ||
           find_roles(txn, session, &person, &head, err);
}

/* For which organisation somebody takes part tells where they are. */
static bool session_guards(struct txn *txn, const void *row, struct guarded *guarded,
                           struct error *err)
{
    return person_guards(txn, ((const struct session *)row)->person, guarded, err);
}

AGGREGATE_FIND(session)
AGGREGATE_DECIDE(session)
AGGREGATE_EVOLVE(session)
AGGREGATE_CONCEAL(session)
AGGREGATE_DUE(session)

const struct aggregate session_aggregate = {
    .contract = &session_contract,
    .life = &session_life,
    .table = &sessions,
    .case_size = sizeof(struct session_case),
    .find = session_find_,
    .load = session_load_,
    .may = session_may_,
    .conceal = session_conceal_,
    .decide = session_decide_,
    .evolve = session_evolve_,
    .complete = session_complete,
    .guards = session_guards,
    .due = session_due_,
};
