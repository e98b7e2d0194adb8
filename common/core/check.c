#include "core/check.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/date.h"
#include "core/descriptor.h"
#include "core/identity_number.h"
#include "core/instant.h"
#include "core/pattern.h"
#include "core/text.h"

const char *check_number(const struct field *field, int64_t number)
{
    return number < field->min || number > field->max ? "out of range" : NULL;
}

static void write_limit(const struct field *field, int64_t limit, char text[INSTANT_TEXT_SIZE])
{
    if (field->type == FIELD_INT)
        snprintf(text, INSTANT_TEXT_SIZE, "%" PRId64, limit);
    else if (field->type == FIELD_INSTANT)
        instant_write((struct instant){limit}, text);
    else
        date_write((struct date){limit}, text);
}

const char *check_range(const struct field *field, char what[CHECK_RANGE_SIZE])
{
    char least[INSTANT_TEXT_SIZE], most[INSTANT_TEXT_SIZE];

    write_limit(field, field->min, least);
    write_limit(field, field->max, most);
    snprintf(what, CHECK_RANGE_SIZE, "not from %s to %s", least, most);
    return what;
}

const char *check_partial_date(const struct field *field, const struct partial_date *date)
{
    if (!partial_date_is(*date)) return "neither a day nor a month nor a year";
    return date->first < field->min || date->last > field->max ? "out of range" : NULL;
}

/* Of what is of the pattern but for its length, that is what is wrong. */
static const char *too_long(const struct field *field, const char *text, size_t size)
{
    const bool is_like = field->pattern == NULL || pattern_match(field->pattern, text, size);

    return is_like ? "too long" : field->looks;
}

const char *check_text(const struct field *field, const char *text, size_t size)
{
    uint32_t characters;

    if (size > 4 * (uint64_t)field->max) return too_long(field, text, size);
    if (!text_check((const uint8_t *)text, size, &characters)) return "not UTF-8 without NUL";
    if (characters > field->max) return too_long(field, text, size);
    if (field->pattern != NULL &&
        (characters < field->min || !pattern_match(field->pattern, text, size)))
        return field->looks;
    return characters < field->min ? "too short" : NULL;
}

const char *check_written(const struct field *field, const char *text, size_t size,
                          struct date today)
{
    if ((field->flags & FIELD_FREE_TEXT) == 0) return NULL;
    if (!(field->form == FORM_NAME ? identity_number_is_in_name(text, size, today)
                                   : identity_number_is_in(text, size, today)))
        return NULL;
    return "a text with what looks like a national identity number: leave it out; if it is "
           "another, write letters before it (AF-6408233234)";
}

const char *check_count(const struct field *field, uint64_t count)
{
    if (count > (uint64_t)field->max) return "longer than it may be";
    if (count < (uint64_t)field->min) return "shorter than it may be";
    return NULL;
}
