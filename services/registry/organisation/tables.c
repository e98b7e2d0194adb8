/* Where organisations are kept. */
#include "organisation/organisation.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_state = {ORGANISATIONS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_kind = {ORGANISATIONS_BY_KIND, {"programme", "kind"}, NULL};
static const struct index by_parent = {ORGANISATIONS_BY_PARENT, {"parent"}, NULL};

const struct table organisations = {
    ORGANISATIONS, &organisation_descriptor, {&by_state, &by_kind, &by_parent}};

bool organisation_find_association(struct txn *txn, struct id programme, struct id *found,
                                   struct error *err)
{
    const struct organisation like = {.programme = programme,
                                      .kind = ORGANISATION_KIND_ASSOCIATION};
    struct ids of = {0};
    struct organisation row;

    *found = (struct id){{0}};
    if (!index_find(txn, &organisations, &by_kind, &like, 2, NULL, IDS_MAX, &of, err)) return false;
    for (uint32_t i = 0; i < of.count; i++) {
        if (!table_get(txn, &organisations, of.at[i], &row, err)) return false;
        if (row.state != ORGANISATION_STATE_OPEN) continue;
        *found = of.at[i];
        return true;
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
