/* Where a municipality lies after each event. */
#include "municipality/municipality.h"

#include <string.h>

void municipality_evolve(struct municipality *row, const struct municipality_event *event)
{
    const struct municipality_located *said = &event->municipality_located;

    memcpy(row->code, said->code, sizeof row->code);
    row->easting = said->easting;
    row->northing = said->northing;
}
