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

static bool is_telling(const struct field *field)
{
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
        if (strcmp(field->name, telling[i]) == 0) return true;
    return (field->flags & (FIELD_PLACE | FIELD_FREE_TEXT)) != 0;
}

bool remains_in(const struct descriptor *descriptor, const void *row)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        const char *at = (const char *)row + field->offset;

        if (!is_telling(field)) continue;
        if (field->present != NO_FLAG && !*((const bool *)row + field->present)) continue;
        if (field->type != FIELD_LIST || *(const uint32_t *)(const void *)at > 0) return true;
    }
    return false;
}
