/* What a matter is after each of the registry's events. */
#include "matter/matter.h"

#include <string.h>

static void take_external_id(struct matter *row, const char *said)
{
    row->has_external_id = true;
    memcpy(row->external_id, said, sizeof row->external_id);
}

static void set_hidden(struct matter *row, bool is_hidden)
{
    row->has_hidden = row->hidden = is_hidden;
}

/* Of who is protected from the first day only the vault knows it. */
static void receive(struct matter *row, const struct referral_received *as)
{
    row->partner = as->partner;
    row->has_organisation = as->has_organisation;
    row->organisation = as->organisation;
    row->has_person = true;
    row->person = as->person;
    set_hidden(row, as->protection != PROTECTION_NONE);
    if (as->protection == PROTECTION_NONE || !as->has_alias) take_external_id(row, as->external_id);
}

static void drop_external_id(struct matter *row)
{
    row->has_external_id = false;
    memset(row->external_id, 0, sizeof row->external_id);
}

/* The vault has it, and says it when they are told. */
static void hide(struct matter *row)
{
    set_hidden(row, true);
    drop_external_id(row);
}

static void show(struct matter *row, const struct person_shown *said)
{
    set_hidden(row, false);
    if (said->has_external_id) take_external_id(row, said->external_id);
}

static void accept(struct matter *row, const struct referral_accepted *as)
{
    row->sequence++;
    row->has_responsible = as->has_responsible;
    row->responsible = as->responsible;
}

static void take_back(struct matter *row, const struct referral_undone *said)
{
    row->sequence++;
    row->has_responsible = said->has_responsible;
    row->responsible = said->responsible;
}

/* Who was hidden stays so. */
static void forget(struct matter *row)
{
    drop_external_id(row);
    row->has_person = false;
    row->person = (struct id){{0}};
    row->has_restricted = row->restricted = false;
    row->sequence++; /* the partner is told of that too */
}

static void restrict_use(struct matter *row, bool is_restricted)
{
    row->has_restricted = row->restricted = is_restricted;
    row->sequence++; /* the partner is told of that too: GDPR, article 19 */
}

void matter_evolve(struct matter *row, const struct matter_event *event)
{
    switch (event->type) {
    case MATTER_AFTER_REFERRAL_RECEIVED: receive(row, &event->referral_received); return;
    case MATTER_AFTER_PERSON_HIDDEN: hide(row); return;
    case MATTER_AFTER_PERSON_THINNED: return;
    case MATTER_AFTER_PERSON_SHOWN: show(row, &event->person_shown); return;
    case MATTER_AFTER_PERSON_ERASED: forget(row); return;
    case MATTER_AFTER_PERSON_RESTRICTED: restrict_use(row, true); return;
    case MATTER_AFTER_PERSON_RESTRICTION_LIFTED: restrict_use(row, false); return;
    case MATTER_AFTER_REFERRAL_ACCEPTED: accept(row, &event->referral_accepted); return;
    case MATTER_AFTER_REFERRAL_UNDONE: take_back(row, &event->referral_undone); return;
    case MATTER_AFTER_REFERRAL_HANDED_OVER: /* no partner is told */
        row->has_responsible = true;
        row->responsible = event->referral_handed_over.responsible;
        return;
    case MATTER_AFTER_REFERRAL_REJECTED:
    case MATTER_AFTER_REFERRAL_WAITLISTED:
    case MATTER_AFTER_REFERRAL_MATCHED:
    case MATTER_AFTER_REFERRAL_STARTED:
    case MATTER_AFTER_REFERRAL_COMPLETED:
    case MATTER_AFTER_REFERRAL_HELD:
    case MATTER_AFTER_REFERRAL_RESUMED:
    case MATTER_AFTER_REFERRAL_FAILED:
    case MATTER_AFTER_REFERRAL_CANCELLED:
    case MATTER_AFTER_REFERRAL_INFO_ASKED:
    case MATTER_AFTER_REFERRAL_REMINDED:
    case MATTER_AFTER_REFERRAL_EXPIRED:
    case MATTER_AFTER_REFERRAL_DUPLICATE_LINKED:
    case MATTER_AFTER_REFERRAL_ENTERED_IN_ERROR:
    case MATTER_AFTER_REFERRAL_REOPENED: row->sequence++; return;
    }
    bug("matter_evolve: event type %u", event->type);
}
