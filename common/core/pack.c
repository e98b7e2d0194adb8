/* msgpack written by msgpack-c into a buffer that is full when it is full. */
#include "core/pack.h"

#include <string.h>

#include <msgpack.h>

#include "core/check.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"
#include "core/instant.h"

struct packing {
    msgpack_packer to;
    char *at, *end;
    const struct field *faulty; /* the field that is past its limits, and in what */
    const char *what;
    char range[CHECK_RANGE_SIZE]; /* room to say one */
};

/* For msgpack-c: not 0 means that it did not fit. */
static int sink_write(void *cookie, const char *bytes, size_t count)
{
    struct packing *p = cookie;

    if (count > (size_t)(p->end - p->at)) return -1;
    memcpy(p->at, bytes, count);
    p->at += count;
    return 0;
}

/* nil says that a change removes it. */
static bool is_removed(const struct field *field, const char *value)
{
    return field->removed != 0 && *(const bool *)(value + field->removed);
}

static bool is_present(const struct field *field, const char *value)
{
    return field->present == NO_FLAG || *(const bool *)(value + field->present) ||
           is_removed(field, value);
}

static bool pack_object(struct packing *p, const struct descriptor *descriptor, const char *value);
static bool pack_field(struct packing *p, const struct field *field, const char *at);

/* Both these say whether to go on. */
static bool keeps(struct packing *p, const struct field *field, const char *what)
{
    if (what == NULL) return true;
    p->faulty = field;
    p->what = what;
    return false;
}

static bool fits(int result)
{
    return result == 0;
}

static bool pack_name(struct packing *p, const char *text)
{
    return fits(msgpack_pack_str_with_body(&p->to, text, strlen(text)));
}

static bool pack_text(struct packing *p, const struct field *field, const char *text)
{
    const size_t size = strnlen(text, 4 * (size_t)field->max + 1);

    return keeps(p, field, check_text(field, text, size)) &&
           fits(msgpack_pack_str_with_body(&p->to, text, size));
}

static bool pack_word(struct packing *p, const struct field *field, unsigned word)
{
    return keeps(p, field, word < field->max ? NULL : "none of its words") &&
           pack_name(p, field->words[word]);
}

static bool pack_number(struct packing *p, const struct field *field, int64_t number)
{
    const bool is_in = check_number(field, number) == NULL;

    return keeps(p, field, is_in ? NULL : check_range(field, p->range)) &&
           fits(msgpack_pack_int64(&p->to, number));
}

/* A whole day is a number, as it was before there were others. */
static bool pack_partial_date(struct packing *p, const struct field *field,
                              const struct partial_date *date)
{
    char text[DATE_TEXT_SIZE];

    if (!keeps(p, field, check_partial_date(field, date))) return false;
    if (date->first == date->last) return fits(msgpack_pack_int64(&p->to, date->first));
    partial_date_write(*date, text);
    return pack_name(p, text);
}

static bool pack_bytes(struct packing *p, const struct field *field, const char *at)
{
    const uint32_t size = *(const uint32_t *)at;

    return keeps(p, field, check_count(field, size)) &&
           fits(msgpack_pack_bin_with_body(&p->to, at + field->first, size));
}

static bool pack_list(struct packing *p, const struct field *field, const char *at)
{
    const uint32_t count = *(const uint32_t *)at;

    if (!keeps(p, field, check_count(field, count))) return false;
    if (!fits(msgpack_pack_array(&p->to, count))) return false;
    for (uint32_t i = 0; i < count; i++)
        if (!pack_field(p, field->item, at + field->first + (size_t)i * field->stride))
            return false;
    return true;
}

static bool pack_field(struct packing *p, const struct field *field, const char *at)
{
    switch (field->type) {
    case FIELD_ID: return fits(msgpack_pack_bin_with_body(&p->to, at, sizeof(struct id)));
    case FIELD_TEXT: return pack_text(p, field, at);
    case FIELD_WORD: return pack_word(p, field, *(const unsigned *)at);
    case FIELD_INSTANT: return pack_number(p, field, ((const struct instant *)at)->ms);
    case FIELD_DATE: return pack_number(p, field, ((const struct date *)at)->day);
    case FIELD_PARTIAL_DATE: return pack_partial_date(p, field, (const struct partial_date *)at);
    case FIELD_INT: return pack_number(p, field, *(const int64_t *)at);
    case FIELD_BOOL:
        return fits(*(const bool *)at ? msgpack_pack_true(&p->to) : msgpack_pack_false(&p->to));
    case FIELD_BYTES: return pack_bytes(p, field, at);
    case FIELD_OBJECT: return pack_object(p, field->object, at);
    case FIELD_LIST: return pack_list(p, field, at);
    }
    bug("pack: %s has type %u", field->name, field->type);
}

static bool pack_object(struct packing *p, const struct descriptor *descriptor, const char *value)
{
    size_t present = 0;

    for (size_t i = 0; i < descriptor->count; i++)
        present += is_present(&descriptor->fields[i], value);

    if (!fits(msgpack_pack_map(&p->to, present))) return false;
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (!is_present(field, value)) continue;
        if (!pack_name(p, field->name)) return false;
        if (is_removed(field, value) ? !fits(msgpack_pack_nil(&p->to))
                                     : !pack_field(p, field, value + field->offset))
            return false;
    }
    return true;
}

bool pack(const struct descriptor *descriptor, const void *value, void *buffer, size_t *size,
          struct error *err)
{
    struct packing p = {.at = buffer, .end = (char *)buffer + *size};

    msgpack_packer_init(&p.to, &p, sink_write);
    if (pack_object(&p, descriptor, value)) {
        *size = (size_t)(p.at - (char *)buffer);
        return true;
    }
    if (p.faulty != NULL) {
        error_set(err, ERROR_BROKEN, "not_packable", "%s cannot be packed: %s is %s",
                  descriptor->name, p.faulty->name, p.what);
        error_add_fault(err, p.faulty->name, p.what);
        return false;
    }
    return error_set(err, ERROR_BROKEN, "too_large", "%s does not fit %zu bytes", descriptor->name,
                     *size);
}
