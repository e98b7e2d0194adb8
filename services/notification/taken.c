#include "taken.h"

void taken_note(struct taken *taken, struct id reader, struct instant at)
{
    if (!id_equal(taken->readers[0], reader)) {
        taken->readers[1] = taken->readers[0];
        taken->at[1] = taken->at[0];
    }
    taken->readers[0] = reader;
    taken->at[0] = at;
}

struct instant taken_for_others(const struct taken *taken, struct id reader, struct instant refused)
{
    for (unsigned i = 0; i < 2; i++)
        if (id_equal(taken->readers[i], reader) && taken->at[i].ms >= refused.ms)
            return (struct instant){0};
    return taken->at[id_equal(taken->readers[0], reader)];
}
