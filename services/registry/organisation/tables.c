/* Where organisations are kept. */
#include "organisation/organisation.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_state = {ORGANISATIONS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_parent = {ORGANISATIONS_BY_PARENT, {"parent"}, NULL};

const struct table organisations = {
    ORGANISATIONS, &organisation_descriptor, {&by_state, &by_parent}};

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
