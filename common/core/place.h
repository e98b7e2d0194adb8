/* Where in a message one is, so that a fault can say so: "person.email", "languages[2]". Places are
 * on the stack of whoever goes down into a message, each pointing to the one around it. */
#pragma once

#include <stdint.h>

struct error;

struct place {
    const struct place *around; /* NULL: the message itself is */
    const char *name;           /* of a field; NULL: an element of a list */
    uint32_t index;             /* of the element */
};

/* Add a fault there to an error that has been set. */
void place_fault(const struct place *place, const char *what, struct error *err);
