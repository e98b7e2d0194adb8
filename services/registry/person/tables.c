/* Where persons are kept, and what has to be known of others when something is asked of one. */
#include "person/person.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_organisation = {PERSONS_BY_ORGANISATION, {"organisation"}, NULL};
static const struct index by_agency = {PERSONS_BY_AGENCY, {"agency"}, NULL};

const struct table persons = {PERSONS, &person_descriptor, {&by_organisation, &by_agency}};

/* Whom mails do not reach may be an organisation, or have been erased meanwhile. */
static bool find_recipient(struct txn *txn, struct id id, struct ids *found, struct error *err)
{
    struct person row;

    return table_get(txn, &persons, id, &row, err) &&
           (row.state != PERSON_STATE_ACTIVE || ids_add(found, id, err));
}

bool person_find(struct txn *txn, const struct person_input *in, struct ids *found,
                 struct error *err)
{
    if (in->type == PERSON_REGISTER) return true; /* always somebody new */
    switch (in->type) {
    case PERSON_ON_REFERRAL: return ids_add(found, in->referral_whose.person, err);
    case PERSON_ON_RECIPIENT: return find_recipient(txn, in->head.id, found, err);
    case PERSON_COMMAND: break; /* these say whom they are about */
    }
    bug("person_find: input type %u", in->type);
}
