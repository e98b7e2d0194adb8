/* Where persons are kept, and what has to be known of others when something is asked of one. */
#include "person/person.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_organisation = {PERSONS_BY_ORGANISATION, {"organisation"}, NULL};

const struct table persons = {PERSONS, &person_descriptor, {&by_organisation}};

bool person_find(struct txn *txn, const struct person_input *in, struct ids *found,
                 struct error *err)
{
    (void)txn;
    switch (in->type) {
    case PERSON_ON_REFERRAL_RECEIVED: return ids_add(found, in->referral_received.person, err);
    case PERSON_ON_REFERRAL_UPDATED: return ids_add(found, in->referral_updated.person, err);
    case PERSON_ON_REFERRAL_PROTECTION_CHANGED:
        return ids_add(found, in->referral_protection_changed.person, err);
    case PERSON_REGISTER: return true; /* always somebody new */
    case PERSON_CHANGE:
    case PERSON_GRANT_ROLE:
    case PERSON_END_ROLE:
    case PERSON_END_DUE_ROLES:
    case PERSON_CHANGE_PROTECTION:
    case PERSON_READ:
    case PERSON_ERASE: break;
    }
    bug("person_find: input type %u", in->type);
}
