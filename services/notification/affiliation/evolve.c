/* Whose a mentor is after each of the registry's events. */
#include "affiliation/affiliation.h"

static void join(struct affiliation *row, const struct person_role_granted *as)
{
    row->has_organisation = as->has_organisation;
    row->organisation = as->organisation;
}

static void leave(struct affiliation *row)
{
    row->has_organisation = false;
    row->organisation = (struct id){{0}};
}

void affiliation_evolve(struct affiliation *row, const struct affiliation_event *event)
{
    switch (event->type) {
    case AFFILIATION_AFTER_PERSON_ROLE_GRANTED: join(row, &event->person_role_granted); return;
    case AFFILIATION_AFTER_PERSON_PROTECTION_CHANGED: return;
    case AFFILIATION_AFTER_PERSON_RESTRICTED: row->has_restricted = row->restricted = true; return;
    case AFFILIATION_AFTER_PERSON_RESTRICTION_LIFTED:
        row->has_restricted = row->restricted = false;
        return;
    case AFFILIATION_AFTER_PERSON_ROLE_ENDED: leave(row); return;
    case AFFILIATION_AFTER_PERSON_ERASED:
        leave(row);
        row->has_restricted = row->restricted = false;
        return;
    }
    bug("affiliation_evolve: event type %u", event->type);
}
