/* Where sessions are kept: a row for each, and a way from the hash of what a device shows. */
#include "session/session.h"

#include "store/table.h"
#include "tables.h"

static bool is_under_way(const void *row)
{
    const struct session *session = row;

    return session->state == SESSION_STATE_REQUESTED || session->state == SESSION_STATE_OPEN;
}

static bool is_requested(const void *row)
{
    return ((const struct session *)row)->state == SESSION_STATE_REQUESTED;
}

static bool is_bound(const void *row)
{
    return is_under_way(row) && ((const struct session *)row)->has_bound_to;
}

static const struct index by_hash = {SESSIONS_BY_HASH, {"hash"}, NULL};
static const struct index by_person = {SESSIONS_BY_PERSON, {"person"}, is_under_way};
static const struct index requested_by = {SESSIONS_REQUESTED_BY, {"person"}, is_requested};
static const struct index of_person = {SESSIONS_OF_PERSON, {"person"}, NULL};
static const struct index by_bound_to = {SESSIONS_BY_BOUND_TO, {"bound_to"}, is_bound};
static const struct index by_programme = {SESSIONS_BY_PROGRAMME, {"programme"}, NULL};

const struct table sessions = {
    SESSIONS,
    &session_descriptor,
    {&by_hash, &by_person, &requested_by, &of_person, &by_bound_to, &by_programme}};

/* Of whom it made an admin. */
static bool find_by_token(struct txn *txn, struct id id, struct ids *found, struct error *err)
{
    struct session like = {.has_bound_to = false};
    struct token token;

    if (!table_get(txn, &tokens, id, &token, err)) return false;
    if (token.role != ACTOR_ROLE_PROGRAMME_ADMIN || !token.has_person) return true;
    like.person = token.person;
    return index_find(txn, &sessions, &by_person, &like, 1, NULL, IDS_MAX, found, err);
}

bool session_find(struct txn *txn, const struct session_input *in, struct ids *found,
                  struct error *err)
{
    const struct session like = {
        .person = in->head.id, .has_bound_to = true, .bound_to = in->head.id};

    if (in->type == SESSION_REQUEST || in->type == SESSION_VISIT)
        return true; /* always a new one */
    switch (in->type) {
    case SESSION_ON_PERSON:
        return index_find(txn, &sessions, &by_person, &like, 1, NULL, IDS_MAX, found, err);
    case SESSION_ON_TOKEN: return find_by_token(txn, in->head.id, found, err);
    case SESSION_ON_ORGANISATION: /* for which its person takes part */
        return index_find(txn, &sessions, &by_bound_to, &like, 1, NULL, IDS_MAX, found, err);
    case SESSION_COMMAND: break; /* these say which one they are about */
    }
    bug("session_find: input type %u", in->type);
}

bool session_count_requested(struct txn *txn, struct id person, int64_t *requested,
                             struct error *err)
{
    const struct session like = {.person = person};
    struct ids found = {0};

    if (!index_find(txn, &sessions, &requested_by, &like, 1, NULL, SESSION_CODES, &found, err))
        return false;
    *requested = found.count;
    return true;
}
