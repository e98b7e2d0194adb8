/* For whom somebody stands after each of the registry's events. */
#include "party/party.h"

static void stand(struct party *row, enum person_part part, bool has, struct id organisation)
{
    if (part == PERSON_PART_SIGNATORY) {
        row->has_signs = has;
        row->signs = organisation;
    }
    if (part == PERSON_PART_SUPERVISOR) {
        row->has_supervises = has;
        row->supervises = organisation;
    }
    if (part == PERSON_PART_COORDINATOR) {
        row->has_coordinates = has;
        row->coordinates = organisation;
    }
}

static void leave(struct party *row, enum person_part part)
{
    stand(row, part, false, (struct id){{0}});
}

bool party_is_of(const struct party *row, struct id host)
{
    return (row->has_signs && id_equal(row->signs, host)) ||
           (row->has_supervises && id_equal(row->supervises, host)) ||
           (row->has_coordinates && id_equal(row->coordinates, host));
}

void party_evolve(struct party *row, const struct party_event *event)
{
    const struct person_role_granted *as = &event->person_role_granted;

    switch (event->type) {
    case PARTY_AFTER_PERSON_ROLE_GRANTED:
        stand(row, as->part, as->has_organisation, as->organisation);
        return;
    case PARTY_AFTER_PERSON_ROLE_ENDED: leave(row, event->person_role_ended.part); return;
    case PARTY_AFTER_PERSON_ERASED:
        leave(row, PERSON_PART_SIGNATORY);
        leave(row, PERSON_PART_SUPERVISOR);
        leave(row, PERSON_PART_COORDINATOR);
        return;
    }
    bug("party_evolve: event type %u", event->type);
}
