/* Where organisations are kept. */
#include "organisation/organisation.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_state = {ORGANISATIONS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_kind = {ORGANISATIONS_BY_KIND, {"programme", "kind"}, NULL};
static const struct index by_parent = {ORGANISATIONS_BY_PARENT, {"parent"}, NULL};

const struct table organisations = {
    ORGANISATIONS, &organisation_descriptor, {&by_state, &by_kind, &by_parent}};

static bool find_associations(struct txn *txn, struct id programme, struct ids *found,
                              struct error *err)
{
    const struct organisation like = {.programme = programme,
                                      .kind = ORGANISATION_KIND_ASSOCIATION};

    return index_find(txn, &organisations, &by_kind, &like, 2, NULL, IDS_MAX, found, err);
}

bool organisation_find_association(struct txn *txn, struct id programme, struct id *found,
                                   struct error *err)
{
    struct ids of = {0};
    struct organisation row;

    *found = (struct id){{0}};
    if (!find_associations(txn, programme, &of, err)) return false;
    for (uint32_t i = 0; i < of.count; i++) {
        if (!table_get(txn, &organisations, of.at[i], &row, err)) return false;
        if (row.state != ORGANISATION_STATE_OPEN) continue;
        *found = of.at[i];
        return true;
    }
    return true;
}

/* An id begins with the milliseconds at which it was made (RFC 9562). */
static int64_t made_ms(struct id id)
{
    int64_t ms = 0;

    for (size_t i = 0; i < 6; i++)
        ms = ms << 8 | id.bytes[i];
    return ms;
}

bool organisation_has_association_since(struct txn *txn, struct id programme, struct instant at,
                                        bool *has, struct error *err)
{
    struct ids of = {0};
    struct organisation row;

    *has = false;
    if (!find_associations(txn, programme, &of, err)) return false;
    for (uint32_t i = 0; i < of.count && !*has; i++) {
        if (!table_get(txn, &organisations, of.at[i], &row, err)) return false;
        *has = row.state == ORGANISATION_STATE_OPEN && made_ms(row.id) >= at.ms;
    }
    return true;
}

/* Whom mails do not reach may be somebody else. */
bool organisation_find(struct txn *txn, const struct organisation_input *in, struct ids *found,
                       struct error *err)
{
    struct organisation row;

    switch (in->type) {
    case ORGANISATION_ON_RECIPIENT:
        return table_get(txn, &organisations, in->head.id, &row, err) &&
               (row.state == ORGANISATION_STATE_NONE || ids_add(found, in->head.id, err));
    case ORGANISATION_COMMAND: return true; /* always another */
    }
    bug("organisation_find: input type %u", in->type);
}
