#include "core/place.h"

#include <stdio.h>

#include "core/error.h"

/* How much of text is used; what does not fit is left out. */
static size_t write(const struct place *place, char *text)
{
    size_t used = place->around == NULL ? 0 : write(place->around, text);
    const size_t room = FAULT_FIELD_MAX - used;
    int size;

    if (place->name == NULL)
        size = snprintf(text + used, room, "[%u]", (unsigned)place->index);
    else
        size = snprintf(text + used, room, "%s%s", used > 0 ? "." : "", place->name);
    return (size_t)size < room ? used + (size_t)size : FAULT_FIELD_MAX - 1;
}

void place_fault(const struct place *place, const char *what, struct error *err)
{
    char text[FAULT_FIELD_MAX];

    write(place, text);
    error_add_fault(err, text, what);
}
