/* Field by field, by their names. */
#include "core/patch.h"

#include <string.h>

#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"
#include "core/instant.h"

size_t field_size(const struct field *field)
{
    switch (field->type) {
    case FIELD_TEXT: return 4 * (size_t)field->max + 1;
    case FIELD_OBJECT: return field->object->size;
    case FIELD_LIST: return field->first + (size_t)field->max * field->stride;
    case FIELD_BYTES: return field->first + (size_t)field->max;
    case FIELD_ID: return sizeof(struct id);
    case FIELD_WORD: return sizeof(unsigned);
    case FIELD_BOOL: return sizeof(bool);
    case FIELD_INSTANT: return sizeof(struct instant);
    case FIELD_DATE: return sizeof(struct date);
    case FIELD_PARTIAL_DATE: return sizeof(struct partial_date);
    case FIELD_INT: return sizeof(int64_t);
    }
    bug("field %s has type %u", field->name, field->type);
}

/* NULL: there is none of that name and type. */
static const struct field *find(const struct descriptor *descriptor, const struct field *like)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (field->type != like->type || strcmp(field->name, like->name) != 0) continue;
        return field->type == FIELD_OBJECT || field_size(field) == field_size(like) ? field : NULL;
    }
    return NULL;
}

static void set(const struct field *field, char *value, const void *from)
{
    if (field->present != NO_FLAG) *(bool *)(value + field->present) = from != NULL;
    if (from != NULL)
        memcpy(value + field->offset, from, field_size(field));
    else
        memset(value + field->offset, 0, field_size(field));
}

static bool is_there(const struct field *field, const char *value)
{
    return field->present == NO_FLAG || *(const bool *)(value + field->present);
}

void patch_carry(const struct descriptor *from, const void *source, const struct descriptor *to,
                 void *target)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct field *field = &from->fields[i], *other = find(to, field);
        const char *at = source;

        if (other == NULL || (field->type == FIELD_OBJECT && field->object != other->object))
            continue;
        set(other, target, is_there(field, at) ? at + field->offset : NULL);
        if (field->removed != 0 && other->removed != 0)
            *((bool *)target + other->removed) = *(const bool *)(at + field->removed);
    }
}

/* An object as a whole, or what is new in it. */
static void say_anew(const struct field *field, const char *said, const struct field *other,
                     char *value)
{
    if (field->type != FIELD_OBJECT || field->object == other->object) {
        set(other, value, said);
        return;
    }
    if (other->present != NO_FLAG) *(bool *)(value + other->present) = true;
    patch_apply(field->object, said, other->object, value + other->offset);
}

static const struct field *object_of(const struct descriptor *whole, const char *name)
{
    for (size_t i = 0; i < whole->count; i++)
        if (whole->fields[i].type == FIELD_OBJECT && strcmp(whole->fields[i].name, name) == 0)
            return &whole->fields[i];
    bug("%s has no object %s", whole->name, name);
}

/* Of one field, in two structs that may be unlike: `other` is where it is in the second. */
static bool is_same(const struct field *field, const char *one, const struct field *other,
                    const char *two)
{
    const bool is_in_one = is_there(field, one);

    if (is_in_one != is_there(other, two)) return false;
    return !is_in_one || memcmp(one + field->offset, two + other->offset, field_size(field)) == 0;
}

void patch_renew(const struct descriptor *whole, const char *word, const void *said, void *value)
{
    const struct field *last = object_of(whole, word);
    const bool is_known = is_there(last, value);
    const char *now = (const char *)said + last->offset;
    const char *before = (const char *)value + last->offset;

    for (size_t i = 0; i < last->object->count; i++) {
        const struct field *field = &last->object->fields[i], *other = find(whole, field);
        const bool is_said = is_there(field, now);

        if (other == NULL || (is_known && is_same(field, now, field, before))) continue;
        if (is_known && !is_said && !is_same(field, before, other, value)) continue;
        set(other, value, is_said ? now + field->offset : NULL);
    }
    set(last, value, now);
}

bool patch_has_new_mailbox(const struct descriptor *whole, const void *before, const void *after)
{
    for (size_t i = 0; i < whole->count; i++) {
        const struct field *field = &whole->fields[i];

        if (field->form == FORM_MAILBOX && is_there(field, after) &&
            !is_same(field, before, field, after))
            return true;
    }
    return false;
}

void patch_apply(const struct descriptor *patch, const void *said, const struct descriptor *whole,
                 void *value)
{
    for (size_t i = 0; i < patch->count; i++) {
        const struct field *field = &patch->fields[i], *other = find(whole, field);
        const char *at = said;

        if (other == NULL) continue;
        if (field->removed != 0 && *(const bool *)(at + field->removed))
            set(other, value, NULL);
        else if (is_there(field, at))
            say_anew(field, at + field->offset, other, value);
    }
}
