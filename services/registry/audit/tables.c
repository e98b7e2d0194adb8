/* Where it is kept: a row for each thing noted, and ways from whom it concerns, who it was, and of what kind. */
#include "audit/audit.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_person = {AUDITS_BY_PERSON, {"person"}, NULL};
static const struct index by_kind = {AUDITS_BY_KIND, {"programme", "kind"}, NULL};
static const struct index by_actor = {AUDITS_BY_ACTOR, {"actor"}, NULL};
static const struct index by_programme = {AUDITS_BY_PROGRAMME, {"programme"}, NULL};

const struct table audits = {
    AUDITS, &audit_descriptor, {&by_person, &by_kind, &by_actor, &by_programme}};

/* What is heard has the event's own id, so that each is one of its own. */
bool audit_find(struct txn *txn, const struct audit_input *in, struct ids *found, struct error *err)
{
    (void)txn;
    switch (in->type) {
    case AUDIT_NOTE:
    case AUDIT_TURN_AWAY: return true; /* always something new */
    case AUDIT_ON_PERSON_ROLE_GRANTED:
        return (!in->person_role_granted.cleared && !in->person_role_granted.uncleared) ||
               ids_add(found, in->head.event, err);
    case AUDIT_ON_PERSON_ROLE_ENDED:
        return !in->person_role_ended.cleared || ids_add(found, in->head.event, err);
    case AUDIT_ON_PERSON_WAS_READ:
        return !in->person_was_read.exported || ids_add(found, in->head.event, err);
    case AUDIT_ON_PERSON_CLEARANCE_REFUSED:
    case AUDIT_ON_PERSON_LOWERING_REFUSED:
    case AUDIT_ON_PERSON_CLEARANCE_CONFIRMED:
    case AUDIT_ON_PERSON_ERASURE_ASKED:
    case AUDIT_ON_PERSON_ERASURE_WITHDRAWN:
    case AUDIT_ON_PERSON_ERASURE_REFUSED:
    case AUDIT_ON_PERSON_ERASED:
    case AUDIT_ON_PERSON_MAILBOX_HELD:
    case AUDIT_ON_PERSON_MAILBOX_TAKEN:
    case AUDIT_ON_PERSON_RESTRICTED:
    case AUDIT_ON_PERSON_RESTRICTION_LIFTED:
    case AUDIT_ON_PERSON_PROTECTION_CHANGED: return ids_add(found, in->head.event, err);
    }
    bug("audit_find: input type %u", in->type);
}
