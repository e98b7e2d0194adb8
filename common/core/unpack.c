/* msgpack read by hand, because what comes from a socket is hostile: no length is believed beyond
 * the bytes that are there, nothing is allocated, nesting is bounded. */
#include "core/pack.h"

#include <string.h>

#include "core/check.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/place.h"

/* The cursor: one msgpack item at a time, as github.com/msgpack/msgpack/blob/master/spec.md says. */

enum item_type {
    ITEM_NONE, /* a byte that begins nothing */
    ITEM_INT,
    ITEM_BOOL,
    ITEM_TEXT,
    ITEM_BYTES,
    ITEM_LIST,
    ITEM_MAP,
    ITEM_OTHER, /* nil, floats, extensions: well formed, but no field of ours */
};

struct item {
    enum item_type type;
    int64_t number; /* ITEM_INT; ITEM_BOOL: 1 is true */
    uint64_t count; /* of bytes, elements or pairs: a claim, except that the bytes are there */
    const uint8_t *bytes; /* ITEM_TEXT and ITEM_BYTES */
};

struct cursor {
    const uint8_t *at, *end;
};

/* What the lead bytes from c0 to df begin: how wide the number after them is, and how many bytes
 * follow besides what that number counts. */
/* clang-format off */
static const struct lead {
    enum item_type type;
    uint8_t width, more;
} leads[32] = {
    /* c0 */ {ITEM_OTHER, 0, 0},  {ITEM_NONE, 0, 0},  {ITEM_BOOL, 0, 0},  {ITEM_BOOL, 0, 0},
    /* c4 */ {ITEM_BYTES, 1, 0},  {ITEM_BYTES, 2, 0}, {ITEM_BYTES, 4, 0}, {ITEM_OTHER, 1, 1},
    /* c8 */ {ITEM_OTHER, 2, 1},  {ITEM_OTHER, 4, 1}, {ITEM_OTHER, 0, 4}, {ITEM_OTHER, 0, 8},
    /* cc */ {ITEM_INT, 1, 0},    {ITEM_INT, 2, 0},   {ITEM_INT, 4, 0},   {ITEM_INT, 8, 0},
    /* d0 */ {ITEM_INT, 1, 0},    {ITEM_INT, 2, 0},   {ITEM_INT, 4, 0},   {ITEM_INT, 8, 0},
    /* d4 */ {ITEM_OTHER, 0, 2},  {ITEM_OTHER, 0, 3}, {ITEM_OTHER, 0, 5}, {ITEM_OTHER, 0, 9},
    /* d8 */ {ITEM_OTHER, 0, 17}, {ITEM_TEXT, 1, 0},  {ITEM_TEXT, 2, 0},  {ITEM_TEXT, 4, 0},
    /* dc */ {ITEM_LIST, 2, 0},   {ITEM_LIST, 4, 0},  {ITEM_MAP, 2, 0},   {ITEM_MAP, 4, 0},
};
/* clang-format on */

static bool take(struct cursor *in, uint64_t count, const uint8_t **bytes)
{
    if (count > (uint64_t)(in->end - in->at)) return false;
    *bytes = in->at;
    in->at += count;
    return true;
}

/* The number that a lead byte announces, which is the value of an integer and the count of others. */
static bool next_wide(struct cursor *in, uint8_t first, struct item *item)
{
    const struct lead *lead = &leads[first - 0xC0];
    const uint64_t sign = first >= 0xD0 && first <= 0xD3 ? UINT64_C(1) << (8 * lead->width - 1) : 0;
    const uint8_t *bytes;
    uint64_t number = 0;

    if (lead->type == ITEM_NONE || !take(in, lead->width, &bytes)) return false;
    for (int i = 0; i < lead->width; i++)
        number = number << 8 | bytes[i];

    *item = (struct item){.type = lead->type};
    if (lead->type == ITEM_BOOL)
        item->number = first & 1;
    else if (lead->type != ITEM_INT)
        item->count = number + lead->more;
    else if (sign == 0 && number > INT64_MAX)
        item->type = ITEM_OTHER;
    else
        item->number = (int64_t)((number ^ sign) - sign); /* carries the sign up */
    return true;
}

static bool next(struct cursor *in, struct item *item)
{
    const uint8_t *first;

    if (!take(in, 1, &first)) return false;
    if (*first < 0x80)
        *item = (struct item){.type = ITEM_INT, .number = *first};
    else if (*first < 0x90)
        *item = (struct item){.type = ITEM_MAP, .count = *first & 0x0F};
    else if (*first < 0xA0)
        *item = (struct item){.type = ITEM_LIST, .count = *first & 0x0F};
    else if (*first < 0xC0)
        *item = (struct item){.type = ITEM_TEXT, .count = *first & 0x1F};
    else if (*first >= 0xE0)
        *item = (struct item){.type = ITEM_INT, .number = *first - 0x100};
    else if (!next_wide(in, *first, item))
        return false;
    return item->type == ITEM_LIST || item->type == ITEM_MAP || take(in, item->count, &item->bytes);
}

/* Pass one value over, whatever it holds. Each turn takes a byte, so a false count ends soon. */
static bool skip(struct cursor *in, int depth)
{
    struct item item;
    uint64_t inside = 0;

    if (depth > DEPTH_MAX || !next(in, &item)) return false;
    if (item.type == ITEM_LIST) inside = item.count;
    if (item.type == ITEM_MAP) inside = 2 * item.count;
    while (inside-- > 0)
        if (!skip(in, depth + 1)) return false;
    return true;
}

/* The scalars. Each reader returns NULL, or what is wrong. */

static const char *read_id(const struct item *item, struct id *to)
{
    if (item->type != ITEM_BYTES || item->count != sizeof *to) return "not an id";
    memcpy(to, item->bytes, sizeof *to);
    return NULL;
}

static const char *read_text(const struct field *field, const struct item *item, char *to)
{
    const char *what;

    if (item->type != ITEM_TEXT) return "not a text";
    what = check_text(field, (const char *)item->bytes, item->count);
    if (what == NULL) memcpy(to, item->bytes, item->count); /* a NUL is behind it already */
    return what;
}

static bool is_word(const struct item *item, const char *word)
{
    return item->count == strlen(word) && memcmp(item->bytes, word, item->count) == 0;
}

static const char *read_word(const struct field *field, const struct item *item, unsigned *to)
{
    if (item->type != ITEM_TEXT) return "not a word";
    for (unsigned i = 0; i < field->max; i++) {
        if (!is_word(item, field->words[i])) continue;
        *to = i;
        return NULL;
    }
    return field->words[field->max];
}

static const char *read_number(const struct field *field, const struct item *item, int64_t *to)
{
    const char *what;

    if (item->type != ITEM_INT) return "not a whole number";
    what = check_number(field, item->number);
    if (what == NULL) *to = item->number;
    return what;
}

static const char *read_partial_date(const struct field *field, const struct item *item,
                                     struct partial_date *to)
{
    struct partial_date date = {item->number, item->number};
    const bool is_text = item->type == ITEM_TEXT && item->count < DATE_TEXT_SIZE &&
                         partial_date_read((const char *)item->bytes, (uint32_t)item->count, &date);
    const char *what;

    if (item->type != ITEM_INT && !is_text) return "neither a day nor a month nor a year";
    what = check_partial_date(field, &date);
    if (what == NULL) *to = date;
    return what;
}

static const char *read_bool(const struct item *item, bool *to)
{
    if (item->type != ITEM_BOOL) return "neither true nor false";
    *to = item->number != 0;
    return NULL;
}

static const char *read_bytes(const struct field *field, const struct item *item, char *to)
{
    const char *what;

    if (item->type != ITEM_BYTES) return "not bytes";
    what = check_count(field, item->count);
    if (what != NULL) return what;
    *(uint32_t *)to = (uint32_t)item->count;
    if (item->count > 0) memcpy(to + field->first, item->bytes, item->count);
    return NULL;
}

static const char *read_scalar(const struct field *field, const struct item *item, void *to)
{
    switch (field->type) {
    case FIELD_ID: return read_id(item, to);
    case FIELD_TEXT: return read_text(field, item, to);
    case FIELD_WORD: return read_word(field, item, to);
    case FIELD_INSTANT: return read_number(field, item, &((struct instant *)to)->ms);
    case FIELD_DATE: return read_number(field, item, &((struct date *)to)->day);
    case FIELD_PARTIAL_DATE: return read_partial_date(field, item, to);
    case FIELD_INT: return read_number(field, item, to);
    case FIELD_BOOL: return read_bool(item, to);
    case FIELD_BYTES: return read_bytes(field, item, to);
    case FIELD_OBJECT: return "not an object";
    case FIELD_LIST: return "not a list";
    }
    bug("unpack: %s has type %u", field->name, field->type);
}

/* One message. What returns bool here is false when the bytes are not whole msgpack; what the
 * schema does not allow is a fault, and reading goes on behind it. */

struct unpacking {
    const struct descriptor *descriptor;
    struct cursor in;
    bool is_faulty;
    struct error *err;
};

static void fault(struct unpacking *u, const struct place *place, const char *what)
{
    if (!u->is_faulty)
        error_set(u->err, ERROR_INVALID, "invalid", "%s has faulty fields", u->descriptor->name);
    u->is_faulty = true;
    place_fault(place, what, u->err);
}

static bool unpack_object(struct unpacking *u, const struct descriptor *descriptor, uint64_t count,
                          char *to, const struct place *around, int depth);
static bool unpack_list(struct unpacking *u, const struct field *field, uint64_t count, char *to,
                        const struct place *place, int depth);

static bool unpack_value(struct unpacking *u, const struct field *field, char *to,
                         const struct place *place, int depth)
{
    const struct cursor start = u->in;
    const char *what;
    struct item item;

    if (!next(&u->in, &item)) return false;
    if (item.type == ITEM_MAP && field->type == FIELD_OBJECT)
        return unpack_object(u, field->object, item.count, to, place, depth);
    if (item.type == ITEM_LIST && field->type == FIELD_LIST)
        return unpack_list(u, field, item.count, to, place, depth);

    what = read_scalar(field, &item, to);
    if (what != NULL) fault(u, place, what);
    if (item.type != ITEM_MAP && item.type != ITEM_LIST) return true;
    u->in = start;
    return skip(&u->in, depth);
}

static bool unpack_list(struct unpacking *u, const struct field *field, uint64_t count, char *to,
                        const struct place *place, int depth)
{
    const char *what = check_count(field, count);

    if (what != NULL) {
        fault(u, place, what);
        while (count-- > 0)
            if (!skip(&u->in, depth + 1)) return false;
        return true;
    }
    *(uint32_t *)to = (uint32_t)count;
    to += field->first;
    for (uint32_t i = 0; i < count; i++, to += field->stride)
        if (!unpack_value(u, field->item, to, &(struct place){place, NULL, i}, depth + 1))
            return false;
    return true;
}

/* Fields come in the order of the schema from our own writers, so `likely` is tried first. */
static size_t find_field(const struct descriptor *descriptor, const struct item *key, size_t likely)
{
    for (size_t i = likely; i < descriptor->count; i++)
        if (is_word(key, descriptor->fields[i].name)) return i;
    for (size_t i = 0; i < likely; i++)
        if (is_word(key, descriptor->fields[i].name)) return i;
    return descriptor->count;
}

static bool is_nil(const struct cursor *in)
{
    return in->at < in->end && *in->at == 0xC0;
}

static bool unpack_member(struct unpacking *u, const struct field *field, char *value,
                          bool is_second, const struct place *around, int depth)
{
    const struct place place = {around, field->name, 0};

    if (is_second) {
        fault(u, &place, "there twice");
        return skip(&u->in, depth);
    }
    if (field->removed != 0 && is_nil(&u->in)) {
        *(bool *)(value + field->removed) = true;
        return skip(&u->in, depth);
    }
    if (field->present != NO_FLAG) *(bool *)(value + field->present) = true;
    return unpack_value(u, field, value + field->offset, &place, depth);
}

static bool unpack_object(struct unpacking *u, const struct descriptor *descriptor, uint64_t count,
                          char *to, const struct place *around, int depth)
{
    uint64_t seen = 0; /* bit i: field i was there */
    size_t likely = 0;

    while (count-- > 0) {
        struct item key;
        size_t i;

        if (!next(&u->in, &key) || key.type != ITEM_TEXT) return false;
        i = find_field(descriptor, &key, likely);
        if (i == descriptor->count) {
            if (!skip(&u->in, depth + 1)) return false;
            continue;
        }
        if (!unpack_member(u, &descriptor->fields[i], to, seen >> i & 1, around, depth + 1))
            return false;
        seen |= UINT64_C(1) << i;
        likely = i + 1;
    }
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if ((seen >> i & 1) == 0 && field->present == NO_FLAG)
            fault(u, &(struct place){around, field->name, 0}, "missing");
    }
    return true;
}

static bool unpack_whole(struct unpacking *u, void *value)
{
    struct item map;

    return next(&u->in, &map) && map.type == ITEM_MAP &&
           unpack_object(u, u->descriptor, map.count, value, NULL, 1) && u->in.at == u->in.end;
}

bool unpack(const struct descriptor *descriptor, const void *bytes, size_t size, void *value,
            struct error *err)
{
    const uint8_t *begin = bytes;
    struct unpacking u = {descriptor, {begin, begin + size}, false, err};
    bool is_whole;

    if (descriptor->size > 0) memset(value, 0, descriptor->size);
    is_whole = unpack_whole(&u, value);
    if (is_whole && !u.is_faulty) return true;
    if (!is_whole)
        error_set(err, ERROR_INVALID, "not_msgpack", "%s: what it says ends at byte %td of %zu",
                  descriptor->name, u.in.at - begin, size);
    if (descriptor->size > 0) memset(value, 0, descriptor->size);
    return false;
}

bool unpack_glimpse(const void *bytes, size_t size, const char *name, struct glimpse *glimpse)
{
    struct cursor in = {bytes, (const uint8_t *)bytes + size};
    struct item map, key, value;

    if (!next(&in, &map) || map.type != ITEM_MAP) return false;
    for (uint64_t n = 0; n < map.count; n++) {
        if (!next(&in, &key) || key.type != ITEM_TEXT) return false;
        if (is_word(&key, name)) {
            if (!next(&in, &value)) return false;
            if (value.type != ITEM_TEXT && value.type != ITEM_BYTES) value.bytes = NULL;
            *glimpse = (struct glimpse){value.bytes, (size_t)value.count, value.number};
            return true;
        }
        if (!skip(&in, 2)) return false;
    }
    return false;
}
