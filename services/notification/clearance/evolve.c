/* What is known of a coordinator's clearance after each of the registry's events. */
#include "clearance/clearance.h"

static void clear(struct clearance *row, bool is_cleared)
{
    row->has_cleared = row->cleared = is_cleared;
}

static void grant(struct clearance *row, const struct person_role_granted *as)
{
    row->has_organisation = as->has_organisation;
    row->organisation = as->organisation;
    clear(row, as->cleared);
}

void clearance_evolve(struct clearance *row, const struct clearance_event *event)
{
    switch (event->type) {
    case CLEARANCE_AFTER_PERSON_ROLE_GRANTED: grant(row, &event->person_role_granted); return;
    case CLEARANCE_AFTER_PERSON_CLEARANCE_CONFIRMED: clear(row, true); return;
    case CLEARANCE_AFTER_PERSON_ROLE_ENDED:
    case CLEARANCE_AFTER_PERSON_ERASED: clear(row, false); return;
    }
    bug("clearance_evolve: event type %u", event->type);
}
