/* JSON read by descriptors, on top of jansson: every constraint is checked, and every faulty field
 * named by its place. */
#include "core/json.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "core/base64.h"
#include "core/check.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"
#include "core/nearest.h"
#include "core/place.h"
#include "core/sign.h"

struct reading {
    const char *what; /* is read: a message's name */
    struct date today;
    bool is_faulty;
    bool has_maker; /* who reads it makes what is left out and FIELD_MADE */
    struct error *err;
    enum { REFUSED, PASSED_OVER_OUTSIDE, COUNTED } strangers; /* fields that we do not know */
    uint32_t stranger_count;
    char range[CHECK_RANGE_SIZE]; /* room to say one */
};

static void fault(struct reading *r, const struct place *place, const char *what)
{
    if (!r->is_faulty) error_set(r->err, ERROR_INVALID, "invalid", "%s has faulty fields", r->what);
    r->is_faulty = true;
    place_fault(place, what, r->err);
}

/* The scalars. Each reader returns NULL, or what is wrong. */

static const char *read_id(const json_t *json, struct id *to)
{
    const bool is_id =
        json_is_string(json) && id_read(json_string_value(json), json_string_length(json), to);

    return is_id ? NULL : "not a UUID";
}

/* Also of blanks alone. */
static bool is_empty(const json_t *json)
{
    const char *at = json_string_value(json), *end = at + json_string_length(json);

    if (at == NULL) return false;
    while (at < end && (sign_peek(at, end) == SIGN_BLANK || strchr("\t\r\n", *at) != NULL))
        sign_next(&at, end);
    return at == end;
}

static const char *read_text(const struct reading *r, const struct field *field, const json_t *json,
                             char *to)
{
    const char *text = json_string_value(json), *what;
    const size_t size = json_string_length(json);

    if (text == NULL) return "not a text";
    what = check_text(field, text, size);
    if (what != NULL) return what;
    if (field->min > 0 && field->form != FORM_NAME && is_empty(json))
        return "blank: there has to be something to read"; /* a name says so itself */
    what = check_written(field, text, size, r->today);
    if (what != NULL) return what;
    memcpy(to, text, size); /* a NUL is behind it already */
    return NULL;
}

/* The word that another stands for. */
static const char *meant(const struct field *field, const char *text)
{
    for (const char *const *also = field->also; also != NULL && *also != NULL; also += 2)
        if (strcmp(text, also[0]) == 0) return also[1];
    return text;
}

static const char *read_word(const struct field *field, const json_t *json, unsigned *to)
{
    const char *text = json_string_value(json);

    if (text == NULL) return "not a text";
    if (strlen(text) != json_string_length(json)) return field->words[field->max];
    text = meant(field, text);
    for (unsigned i = 0; i < field->max; i++) {
        if (strcmp(text, field->words[i]) != 0) continue;
        if (field_is_ours(field, i)) break;
        *to = i;
        return NULL;
    }
    return field->words[field->max];
}

static const char *keep_to(struct reading *r, const struct field *field, int64_t number)
{
    return check_number(field, number) == NULL ? NULL : check_range(field, r->range);
}

static const char *read_instant(struct reading *r, const struct field *field, const json_t *json,
                                struct instant *to)
{
    const bool is_instant =
        json_is_string(json) && json_string_length(json) <= 64 &&
        instant_read(json_string_value(json), (uint32_t)json_string_length(json), to);

    return is_instant ? keep_to(r, field, to->ms) : "not an instant such as 2026-11-22T10:00:00Z";
}

static const char *read_date(struct reading *r, const struct field *field, const json_t *json,
                             struct date *to)
{
    const bool is_date = json_is_string(json) && json_string_length(json) <= 64 &&
                         date_read(json_string_value(json), (uint32_t)json_string_length(json), to);

    return is_date ? keep_to(r, field, to->day) : "not a date such as 2026-11-22";
}

static const char *read_partial_date(struct reading *r, const struct field *field,
                                     const json_t *json, struct partial_date *to)
{
    const bool is_date =
        json_is_string(json) && json_string_length(json) < DATE_TEXT_SIZE &&
        partial_date_read(json_string_value(json), (uint32_t)json_string_length(json), to);

    if (!is_date)
        return "neither a day such as 1987-05-17, nor a month (1987-05), nor a year (1987)";
    return check_partial_date(field, to) == NULL ? NULL : check_range(field, r->range);
}

static const char *read_int(struct reading *r, const struct field *field, const json_t *json,
                            int64_t *to)
{
    if (!json_is_integer(json)) return "not a whole number";
    *to = json_integer_value(json);
    return keep_to(r, field, *to);
}

static const char *read_bool(const json_t *json, bool *to)
{
    if (!json_is_boolean(json)) return "neither true nor false";
    *to = json_is_true(json);
    return NULL;
}

static const char *read_bytes(const struct field *field, const json_t *json, char *to)
{
    const char *text = json_string_value(json);
    size_t count = (size_t)field->max;

    if (text == NULL) return "not a text";
    if (json_string_length(json) > base64_size(count)) return "longer than it may be";
    if (!base64_read(text, json_string_length(json), to + field->first, &count))
        return "not base64";
    *(uint32_t *)to = (uint32_t)count;
    return check_count(field, count);
}

/* What holds more. Both read on behind a fault, so that all are named. */

static void read_value(struct reading *r, const struct field *field, const json_t *json, char *to,
                       const struct place *place);

/* What is said again in a set counts once, in a list as often as it is said. */
static bool counts(const struct field *field, const json_t *list, size_t at)
{
    const json_t *item = json_array_get(list, at);

    for (size_t i = 0; field->form == FORM_SET && i < at; i++)
        if (json_equal(json_array_get(list, i), item)) return false;
    return true;
}

/* So much of a set is looked at, for each that it may have: each is laid beside all before it. */
enum { SAID_MAX = 4 };

static size_t count_items(const struct field *field, const json_t *list)
{
    const size_t size = json_array_size(list);
    size_t count = 0;

    if (size > SAID_MAX * (size_t)field->max) return size;
    for (size_t i = 0; i < size; i++)
        count += counts(field, list, i);
    return count;
}

static const char *read_list(struct reading *r, const struct field *field, const json_t *json,
                             char *to, const struct place *place)
{
    const size_t count = count_items(field, json), size = json_array_size(json);
    const char *what = json_is_array(json) ? check_count(field, count) : "not a list";

    if (what != NULL) return what;
    *(uint32_t *)to = (uint32_t)count;
    to += field->first;
    for (uint32_t i = 0; i < size; i++) {
        if (!counts(field, json, i)) continue;
        read_value(r, field->item, json_array_get(json, i), to, &(struct place){place, NULL, i});
        to += field->stride;
    }
    return NULL;
}

/* A name as a schema could have it. Anything else may be somebody's data in the wrong place, and is
 * not said back. */
static bool is_plain(const char *name)
{
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-0123456789";
    const size_t size = strlen(name);

    return size > 0 && size <= 32 && strspn(name, all) == size && strchr(all, name[0]) < all + 52;
}

static void fault_stranger(struct reading *r, const struct descriptor *descriptor, const char *name,
                           const struct place *around)
{
    const struct place place = {around, is_plain(name) ? name : "?", 0};
    size_t least = NEAREST_NONE;
    char what[128] = "no field here";

    if (r->is_faulty && r->err->fault_count == FAULTS_MAX) return;
    for (size_t i = 0; i < descriptor->count; i++)
        if (nearest_is(name, strlen(name), descriptor->fields[i].name, &least))
            snprintf(what, sizeof what, "no field here; perhaps `%.48s` is meant",
                     descriptor->fields[i].name);
    fault(r, &place, what);
}

static bool has_field(const struct descriptor *descriptor, const char *name)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if (strcmp(descriptor->fields[i].name, name) == 0) return true;
    return false;
}

/* Fields that the schema does not have. */
static void meet_strangers(struct reading *r, const struct descriptor *descriptor,
                           const json_t *json, const struct place *around)
{
    json_t *all = (json_t *)(uintptr_t)json; /* jansson knows no iterating over what is const */
    const char *name;
    json_t *inside;

    if (r->strangers == PASSED_OVER_OUTSIDE && around == NULL) return;
    json_object_foreach(all, name, inside)
    {
        if (has_field(descriptor, name)) continue;
        r->stranger_count++;
        if (r->strangers != COUNTED) fault_stranger(r, descriptor, name, around);
    }
}

static bool may_be_left_out(const struct reading *r, const struct field *field)
{
    return field->present != NO_FLAG || (r->has_maker && (field->flags & FIELD_MADE) != 0);
}

/* What the maker alone makes. */
static bool is_ours(const struct reading *r, const struct field *field)
{
    return r->has_maker && (field->flags & FIELD_MADE) != 0 && (field->flags & FIELD_INTERNAL) != 0;
}

/* null is no value of anything, and what may be left out is by an empty text too: so forms send what
 * nobody filled in. */
static bool is_left_out(const struct reading *r, const struct field *field, const json_t *json)
{
    if (json == NULL || json_is_null(json)) return true;
    return may_be_left_out(r, field) && is_empty(json);
}

static const char *read_object(struct reading *r, const struct descriptor *descriptor,
                               const json_t *json, char *to, const struct place *around)
{
    size_t known = 0;

    if (!json_is_object(json)) return "not an object";
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        const struct place place = {around, field->name, 0};
        const json_t *member = json_object_get(json, field->name);

        known += member != NULL;
        if (field->removed != 0 && (json_is_null(member) || is_empty(member))) {
            *(bool *)(to + field->removed) = true;
            continue;
        }
        if ((field->flags & FIELD_KEPT) != 0 && (json_is_null(member) || is_empty(member))) {
            fault(r, &place, "not to be removed: it can only be another");
            continue;
        }
        if (is_ours(r, field) && !is_left_out(r, field, member)) {
            fault(r, &place, "not to be chosen: leave it out, it is made here and shown once");
            continue;
        }
        if (!is_left_out(r, field, member)) {
            if (field->present != NO_FLAG) *(bool *)(to + field->present) = true;
            read_value(r, field, member, to + field->offset, &place);
        } else if (!may_be_left_out(r, field)) {
            fault(r, &place, "missing");
        }
    }
    if (known < json_object_size(json)) meet_strangers(r, descriptor, json, around);
    return NULL;
}

static const char *read_what(struct reading *r, const struct field *field, const json_t *json,
                             void *to, const struct place *place)
{
    switch (field->type) {
    case FIELD_ID: return read_id(json, to);
    case FIELD_TEXT: return read_text(r, field, json, to);
    case FIELD_WORD: return read_word(field, json, to);
    case FIELD_INSTANT: return read_instant(r, field, json, to);
    case FIELD_DATE: return read_date(r, field, json, to);
    case FIELD_PARTIAL_DATE: return read_partial_date(r, field, json, to);
    case FIELD_INT: return read_int(r, field, json, to);
    case FIELD_BOOL: return read_bool(json, to);
    case FIELD_BYTES: return read_bytes(field, json, to);
    case FIELD_OBJECT: return read_object(r, field->object, json, to, place);
    case FIELD_LIST: return read_list(r, field, json, to, place);
    }
    bug("json: %s has type %u", field->name, field->type);
}

static void read_value(struct reading *r, const struct field *field, const json_t *json, char *to,
                       const struct place *place)
{
    const char *what = read_what(r, field, json, to, place);

    if (what != NULL) fault(r, place, what);
}

/* The whole. */

/* Whether it nests no deeper than it may; jansson itself bounds what this meets. */
static bool is_shallow(json_t *json, int depth)
{
    const char *name;
    json_t *inside;
    size_t i;

    if (!json_is_object(json) && !json_is_array(json)) return true;
    if (depth == JSON_DEPTH_MAX) return false;
    json_object_foreach(json, name, inside) if (!is_shallow(inside, depth + 1)) return false;
    json_array_foreach(json, i, inside) if (!is_shallow(inside, depth + 1)) return false;
    return true;
}

/* What jansson says is not handed on: it quotes. */
static bool not_json(const json_error_t *why, struct error *err)
{
    const enum json_error_code code = json_error_code(why);

    if (code == json_error_out_of_memory) bug("json: out of memory");
    if (code == json_error_duplicate_key || code == json_error_null_byte_in_key)
        return error_set(err, ERROR_INVALID, "invalid",
                         "An object has a name twice, or one with NUL in it, before byte %d.",
                         why->position);
    if (code == json_error_numeric_overflow)
        return error_set(err, ERROR_INVALID, "invalid", "A number is too large, before byte %d.",
                         why->position);
    if (code == json_error_stack_overflow)
        return error_set(err, ERROR_INVALID, "invalid", "It nests deeper than %d.", JSON_DEPTH_MAX);
    return error_set(err, ERROR_INVALID, "not_json", "It is not JSON: byte %d, line %d, column %d.",
                     why->position, why->line, why->column);
}

/* The caller's to json_decref; NULL when it is none. */
static json_t *parse(const char *bytes, size_t size, struct error *err)
{
    json_error_t why;
    json_t *json;

    if (size > JSON_SIZE_MAX) {
        error_set(err, ERROR_INVALID, "too_large", "More than %d bytes of JSON.", JSON_SIZE_MAX);
        return NULL;
    }
    json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &why);
    if (json == NULL) {
        not_json(&why, err);
    } else if (!is_shallow(json, 0)) {
        error_set(err, ERROR_INVALID, "invalid", "It nests deeper than %d.", JSON_DEPTH_MAX);
        json_decref(json);
        json = NULL;
    }
    return json;
}

static void clear(const struct descriptor *descriptor, void *value)
{
    if (descriptor->size > 0) memset(value, 0, descriptor->size);
}

static bool read_whole(struct reading *r, const struct descriptor *descriptor, const char *bytes,
                       size_t size, void *value)
{
    json_t *json = parse(bytes, size, r->err);
    const char *what = NULL;

    clear(descriptor, value);
    if (json == NULL) return false;
    what = read_object(r, descriptor, json, value, NULL);
    json_decref(json);
    if (what == NULL && !r->is_faulty) return true;

    clear(descriptor, value);
    if (what == NULL) return false;
    return error_set(r->err, ERROR_INVALID, "invalid", "%s is %s", descriptor->name, what);
}

bool json_read(const struct descriptor *descriptor, const char *bytes, size_t size,
               struct date today, void *value, struct error *err)
{
    struct reading r = {.what = descriptor->name, .today = today, .err = err, .has_maker = true};

    return read_whole(&r, descriptor, bytes, size, value);
}

bool json_read_some(const struct descriptor *descriptor, const char *bytes, size_t size,
                    struct date today, void *value, struct error *err)
{
    struct reading r = {
        .what = descriptor->name, .today = today, .err = err, .strangers = PASSED_OVER_OUTSIDE};

    return read_whole(&r, descriptor, bytes, size, value);
}

/* A webhook. */

static void read_type(struct reading *r, const json_t *json, json_pick *pick, void *cookie,
                      struct json_hook *hook)
{
    const struct place place = {NULL, "type", 0};
    const size_t size = json_string_length(json);

    if (!json_is_string(json)) {
        fault(r, &place, json == NULL ? "missing" : "not a text");
    } else if (size >= JSON_TYPE_SIZE || strlen(json_string_value(json)) != size) {
        fault(r, &place, "none of the types that are taken here");
    } else {
        memcpy(hook->type, json_string_value(json), size + 1);
        hook->data = pick(cookie, hook->type);
        if (hook->data == NULL) fault(r, &place, "none of the types that are taken here");
    }
}

static void read_timestamp(struct reading *r, const json_t *json, struct json_hook *hook)
{
    static const struct field field = {.type = FIELD_INSTANT, .max = 253402300799999 /* 9999 */};
    const struct place place = {NULL, "timestamp", 0};

    if (json == NULL)
        fault(r, &place, "missing");
    else
        read_value(r, &field, json, (char *)&hook->timestamp, &place);
}

static void read_data(struct reading *r, const json_t *json, const struct descriptor *descriptor,
                      char *value)
{
    const struct place place = {NULL, "data", 0};
    const char *what = "missing";

    if (json == NULL && descriptor->count == 0) return;
    r->what = descriptor->name;
    if (json != NULL) what = read_object(r, descriptor, json, value, NULL);
    if (what != NULL) fault(r, &place, what);
}

static bool read_hook(struct reading *r, const json_t *json, json_pick *pick, void *cookie,
                      void *value, struct json_hook *hook)
{
    if (!json_is_object(json))
        return error_set(r->err, ERROR_INVALID, "invalid", "%s is not an object", r->what);

    read_type(r, json_object_get(json, "type"), pick, cookie, hook);
    read_timestamp(r, json_object_get(json, "timestamp"), hook);
    if (hook->data == NULL) return false;
    clear(hook->data, value);
    read_data(r, json_object_get(json, "data"), hook->data, value);
    hook->strangers = r->stranger_count;
    if (r->is_faulty) clear(hook->data, value);
    return !r->is_faulty;
}

bool json_read_hook(const char *bytes, size_t size, struct date today, json_pick *pick,
                    void *cookie, void *value, struct json_hook *hook, struct error *err)
{
    struct reading r = {.what = "The webhook", .today = today, .err = err, .strangers = COUNTED};
    json_t *json = parse(bytes, size, err);
    bool is_read;

    memset(hook, 0, sizeof *hook);
    if (json == NULL) return false;
    is_read = read_hook(&r, json, pick, cookie, value, hook);
    json_decref(json);
    return is_read;
}
