/* A value that uses every field to its limit; texts are made of one character. */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "core/date.h"
#include "core/descriptor.h"
#include "core/id.h"
#include "core/instant.h"

static inline void fill_field(const struct field *field, char *at, const char *character);

static inline void fill(const struct descriptor *descriptor, void *value, const char *character)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (field->present != NO_FLAG) *(bool *)((char *)value + field->present) = true;
        fill_field(field, (char *)value + field->offset, character);
    }
}

/* One item of a pattern: a character that it takes; how often at least, and whether more often. */
static inline const char *fill_item(const char *at, char *c, int64_t *least, bool *is_open)
{
    *c = *at;
    if (*at == '[') {
        *c = at[1] == '^' ? 'a' : at[1]; /* none of ours excludes an a */
        at = strchr(at, ']');
    }
    at++;
    *least = *at == '*' || *at == '?' ? 0 : 1;
    *is_open = *at == '*' || *at == '+';
    if (*at == '{') {
        *least = 0;
        while (*++at >= '0' && *at <= '9')
            *least = 10 * *least + (*at - '0');
        if (*at == ',') at = strchr(at, '}');
    }
    return *at == '*' || *at == '+' || *at == '?' || *at == '}' ? at + 1 : at;
}

/* As long a text as the pattern and the limit let it be: its first open item takes the rest. */
static inline void fill_pattern(const struct field *field, char *at)
{
    int64_t needed = 0, least;
    bool is_open, is_stretched = false;
    char c;

    for (const char *p = field->pattern + 1; *p != '$';) {
        p = fill_item(p, &c, &least, &is_open);
        needed += least;
    }
    for (const char *p = field->pattern + 1; *p != '$';) {
        p = fill_item(p, &c, &least, &is_open);
        if (is_open && !is_stretched) least += field->max - needed;
        is_stretched |= is_open;
        memset(at, c, (size_t)least);
        at += least;
    }
}

static inline void fill_text(const struct field *field, char *at, const char *character)
{
    const size_t size = strlen(character);

    for (int64_t n = 0; n < field->max; n++, at += size)
        memcpy(at, character, size);
}

static inline void fill_field(const struct field *field, char *at, const char *character)
{
    switch (field->type) {
    case FIELD_ID: memset(at, 0xA5, sizeof(struct id)); return;
    case FIELD_TEXT:
        if (field->pattern != NULL)
            fill_pattern(field, at);
        else
            fill_text(field, at, character);
        return;
    case FIELD_WORD: *(unsigned *)at = (unsigned)field->max - 1; return;
    case FIELD_INSTANT: ((struct instant *)at)->ms = field->max; return;
    case FIELD_DATE: ((struct date *)at)->day = field->max; return;
    case FIELD_PARTIAL_DATE: /* the last year of all */
        *(struct partial_date *)at = (struct partial_date){field->max - 364, field->max};
        return;
    case FIELD_INT: *(int64_t *)at = field->max; return;
    case FIELD_BOOL: *(bool *)at = true; return;
    case FIELD_BYTES:
        *(uint32_t *)at = (uint32_t)field->max;
        memset(at + field->first, 0xA5, (size_t)field->max);
        return;
    case FIELD_OBJECT: fill(field->object, at, character); return;
    case FIELD_LIST:
        *(uint32_t *)at = (uint32_t)field->max;
        for (int64_t i = 0; i < field->max; i++)
            fill_field(field->item, at + field->first + (size_t)i * field->stride, character);
        return;
    }
}
