/* Who can supervise after each of the registry's events. */
#include "supervisor/supervisor.h"

void supervisor_evolve(struct supervisor *row, const struct supervisor_event *event)
{
    switch (event->type) {
    case SUPERVISOR_AFTER_PERSON_ROLE_GRANTED:
        row->state = SUPERVISOR_STATE_ACTIVE;
        row->cleared = event->person_role_granted.cleared;
        row->has_organisation = event->person_role_granted.has_organisation;
        row->organisation = event->person_role_granted.organisation;
        row->has_protection = event->person_role_granted.has_protection;
        row->protection = event->person_role_granted.protection;
        return;
    case SUPERVISOR_AFTER_PERSON_PROTECTION_CHANGED:
        row->has_protection = true;
        row->protection = event->person_protection_changed.protection;
        return;
    case SUPERVISOR_AFTER_PERSON_CLEARANCE_CONFIRMED: row->cleared = true; return;
    case SUPERVISOR_AFTER_PERSON_RESTRICTED: row->has_restricted = row->restricted = true; return;
    case SUPERVISOR_AFTER_PERSON_RESTRICTION_LIFTED:
        row->has_restricted = row->restricted = false;
        return;
    case SUPERVISOR_AFTER_PERSON_ROLE_ENDED: row->state = SUPERVISOR_STATE_GONE; return;
    case SUPERVISOR_AFTER_PERSON_ERASED:
        row->state = SUPERVISOR_STATE_GONE;
        row->has_restricted = row->restricted = false;
        return;
    }
    bug("supervisor_evolve: event type %u", event->type);
}
