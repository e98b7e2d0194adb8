/* What is known of a reading. */
#include "reading/reading.h"

void reading_evolve(struct reading *row, const struct reading_event *event)
{
    const struct person_was_read *said = &event->person_was_read;

    row->person = event->id;
    row->at = said->at;
    row->role = said->role;
    row->has_reader = said->has_reader;
    row->reader = said->reader;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->purpose = said->purpose;
    row->what = said->what;
}
