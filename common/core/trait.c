/* What stands for what was struck: as little as its field allows. */
#include "core/trait.h"

#include <stdint.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/patch.h"
#include "core/pattern.h"

/* What can stand for a text: the first that looks as it must. */
static const char *const fillers[] = {"", "-", "0000", "und", "https://-"};

static void blank(const struct field *field, char *at);

static void blank_text(const struct field *field, char *at)
{
    memset(at, 0, field_size(field));
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        const size_t size = strlen(fillers[i]);

        if ((int64_t)size < field->min || (int64_t)size > field->max ||
            (field->pattern != NULL && !pattern_match(field->pattern, fillers[i], size)))
            continue;
        memcpy(at, fillers[i], size + 1);
        return;
    }
    bug("%s: nothing can stand for it", field->name);
}

static void blank_word(const struct field *field, char *at)
{
    unsigned word;

    memcpy(&word, at, sizeof word);
    if (field->struck == 0)
        word = 0;
    else if (word < 64 && (field->struck >> word & 1) != 0)
        word = field->struck_as;
    memcpy(at, &word, sizeof word);
}

static int64_t nearest_to_zero(const struct field *field)
{
    return field->min > 0 ? field->min : field->max < 0 ? field->max : 0;
}

/* What need not be there is not. */
static void blank_object(const struct descriptor *object, char *at)
{
    for (size_t i = 0; i < object->count; i++) {
        const struct field *field = &object->fields[i];

        if (field->present == NO_FLAG) {
            blank(field, at + field->offset);
            continue;
        }
        at[field->present] = 0;
        memset(at + field->offset, 0, field_size(field));
    }
}

/* Of however many one is left; of none, none. */
static void blank_list(const struct field *field, char *at)
{
    uint32_t count;

    memcpy(&count, at, sizeof count);
    memset(at, 0, field_size(field));
    if (count == 0) return;
    count = 1;
    memcpy(at, &count, sizeof count);
    blank(field->item, at + field->first);
}

static void blank(const struct field *field, char *at)
{
    const int64_t zero = nearest_to_zero(field);
    const uint32_t size = (uint32_t)field->min;

    switch (field->type) {
    case FIELD_TEXT: blank_text(field, at); return;
    case FIELD_OBJECT: blank_object(field->object, at); return;
    case FIELD_LIST: blank_list(field, at); return;
    case FIELD_INT: memcpy(at, &zero, sizeof zero); return;
    case FIELD_BYTES:
        memset(at, 0, field_size(field));
        memcpy(at, &size, sizeof size);
        return;
    case FIELD_WORD: blank_word(field, at); return;
    case FIELD_ID:
    case FIELD_INSTANT:
    case FIELD_DATE:
    case FIELD_PARTIAL_DATE:
    case FIELD_BOOL: memset(at, 0, field_size(field)); return;
    }
    bug("%s: of no type", field->name);
}

void traits_strike(const struct descriptor *descriptor, void *value, unsigned traits)
{
    char *at = value;

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if ((field->trait & traits) == 0) continue;
        if (field->present == NO_FLAG || at[field->present] != 0) blank(field, at + field->offset);
    }
}

void traits_clear(const struct descriptor *descriptor, void *row, unsigned traits)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if ((field->trait & traits) == 0) continue;
        if (field->struck != 0) {
            blank_word(field, (char *)row + field->offset);
            continue;
        }
        memset((char *)row + field->offset, 0, field_size(field));
        if (field->present != NO_FLAG) ((char *)row)[field->present] = 0;
    }
}

unsigned traits_of(const struct descriptor *descriptor)
{
    unsigned traits = 0;

    for (size_t i = 0; i < descriptor->count; i++)
        traits |= descriptor->fields[i].trait;
    return traits;
}
