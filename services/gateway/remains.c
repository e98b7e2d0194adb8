/* By the names of what tells, and by the marks of the schemas. */
#include "remains.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/descriptor.h"

/* Of a record that is about somebody: where nothing is left, these are empty or absent. */
static const char *const telling[] = {"municipality", "languages", "occupations",  "wishes",
                                      "offers",       "networks",  "availability", "external_id",
                                      "why",          "sealed"};

/* A record of somebody, and not of what was done for them or with them, which names them in a field. */
static bool is_theirs(const struct descriptor *descriptor)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if (strcmp(descriptor->fields[i].name, "person") == 0 ||
            strcmp(descriptor->fields[i].name, "mentor") == 0)
            return false;
    return true;
}

/* For which organisation a token was or a mentorship is the organisation's matter too: that they belong to it says their own
 * record alone. */
static bool is_telling(const struct descriptor *descriptor, const struct field *field)
{
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
        if (strcmp(field->name, telling[i]) == 0) return true;
    if ((field->flags & FIELD_FREE_TEXT) != 0) return true;
    return (field->flags & FIELD_PLACE) != 0 && (field->type != FIELD_ID || is_theirs(descriptor));
}

bool remains_in(const struct descriptor *descriptor, const void *row)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        const char *at = (const char *)row + field->offset;

        if (!is_telling(descriptor, field)) continue;
        if (field->present != NO_FLAG && !*((const bool *)row + field->present)) continue;
        if (field->type != FIELD_LIST || *(const uint32_t *)(const void *)at > 0) return true;
    }
    return false;
}
