/* The codecs against every descriptor there is, each value used to its limits. */
#include <string.h>

#include "test.h"

#include "core/every.h"
#include "core/fill.h"

#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"
#include "core/pack.h"

enum {
    VALUE_MAX = 1 << 20,
    PACKED_MAX = 1 << 20,
    CHANGED_MAX = 60,  /* bytes of one message that are changed, spread over it */
    EVENT_MAX = 1940,  /* of a row in the journal */
    ROW_HEAD_MAX = 16, /* what stands in a row besides envelope and body */
};

static _Alignas(16) char value[VALUE_MAX], back[VALUE_MAX];
static char packed[PACKED_MAX], again[PACKED_MAX];
static struct error err;

static size_t filled_with(const struct descriptor *descriptor, const char *character)
{
    size_t size = sizeof packed;

    assert_in_range(descriptor->size, 0, sizeof value);
    memset(value, 0, descriptor->size);
    fill(descriptor, value, character);
    if (!pack(descriptor, value, packed, &size, &err)) fail_msg("%s", err.text);
    return size;
}

static size_t filled(const struct descriptor *descriptor)
{
    return filled_with(descriptor, "\xF0\x9F\x9A\x8B"); /* a tram */
}

static void round_trip(const struct descriptor *descriptor)
{
    const size_t size = filled(descriptor);

    memset(back, 0x55, descriptor->size);
    if (!unpack(descriptor, packed, size, back, &err)) fail_msg("%s", err.text);
    assert_memory_equal(value, back, descriptor->size);
}

static void what_is_packed_comes_back(void **unused)
{
    (void)unused;
    visit_each(round_trip);
}

static void cut(const struct descriptor *descriptor)
{
    const size_t size = filled(descriptor), step = 1 + size / CHANGED_MAX;

    for (size_t at = 0; at < size; at += step) {
        assert_false(unpack(descriptor, packed, at, back, &err));
        assert_string_equal(err.code, "not_msgpack");
    }
    assert_false(unpack(descriptor, packed, size + 1, back, &err));
}

static void what_is_cut_off_anywhere_is_refused(void **unused)
{
    (void)unused;
    visit_each(cut);
}

/* Refused, or as good a value as any. */
static void change(const struct descriptor *descriptor)
{
    static const char zeroes[VALUE_MAX];
    const size_t size = filled(descriptor), step = 1 + size / CHANGED_MAX;

    for (size_t at = 0; at < size; at += step) {
        const char was = packed[at];

        for (unsigned to = 0; to<256; to += size> 64 ? 1 + (unsigned)(at % 7) : 1) {
            packed[at] = (char)to;
            if (unpack(descriptor, packed, size, back, &err)) {
                assert_true(pack(descriptor, back, again, &(size_t){sizeof again}, &err));
            } else {
                assert_int_equal(err.kind, ERROR_INVALID);
                assert_memory_equal(back, zeroes, descriptor->size);
            }
        }
        packed[at] = was;
    }
}

static void a_changed_byte_does_no_harm(void **unused)
{
    (void)unused;
    visit_each(change);
}

static bool has_internal(const struct descriptor *descriptor)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if ((descriptor->fields[i].flags & FIELD_INTERNAL) != 0) return true;
    return false;
}

static void thin(const struct descriptor *descriptor, char *at);

/* One that is full of the same is one of one. */
static void thin_list(const struct field *field, char *at)
{
    uint32_t count;

    memcpy(&count, at, sizeof count);
    if (field->form == FORM_SET && count > 1) {
        memset(at + field->first + field->stride, 0, (size_t)(count - 1) * field->stride);
        count = 1;
        memcpy(at, &count, sizeof count);
    }
    for (uint32_t i = 0; field->item->type == FIELD_OBJECT && i < count; i++)
        thin(field->item->object, at + field->first + (size_t)i * field->stride);
}

/* Sets as they are read: of what is in one again and again, one. */
static void thin(const struct descriptor *descriptor, char *at)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        while (field->type == FIELD_WORD && field_is_ours(field, *(unsigned *)(at + field->offset)))
            --*(unsigned *)(at + field->offset); /* which JSON does not say */
        if (field->type == FIELD_OBJECT) thin(field->object, at + field->offset);
        if (field->type == FIELD_LIST) thin_list(field, at + field->offset);
    }
}

static void through_json(const struct descriptor *descriptor)
{
    size_t size = sizeof packed;

    if (has_internal(descriptor)) return; /* never all shown */
    filled(descriptor);
    thin(descriptor, value);
    if (!json_write(descriptor, value, packed, &size, &err)) fail_msg("%s", err.text);
    memset(back, 0x55, descriptor->size);
    if (!json_read(descriptor, packed, size, (struct date){0}, back, &err))
        fail_msg("%s: %s is %s", err.text, err.faults[0].field, err.faults[0].what);
    assert_memory_equal(value, back, descriptor->size);
}

static void what_is_written_as_json_comes_back(void **unused)
{
    (void)unused;
    visit_each(through_json);
}

/* The journal takes no larger row: the runtime refuses what would need one. That may happen to
 * somebody who writes to every limit in emoji, never in letters. */
static void every_event_fits_its_row(void **unused)
{
    const size_t envelope = filled(&journal_event_descriptor);

    (void)unused;
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->event_count; n++) {
            const size_t body = filled_with(contracts[i]->events[n], "x");

            if (ROW_HEAD_MAX + envelope + body > EVENT_MAX)
                fail_msg("%s: %zu bytes with its envelope", contracts[i]->events[n]->name,
                         ROW_HEAD_MAX + envelope + body);
        }
}

static void every_command_and_answer_fits_the_bus(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->command_count; n++) {
            const struct command *command = &contracts[i]->commands[n];

            assert_in_range(filled(command->body), 1, sizeof((struct bus_body *)0)->at);
            if (command->answer != NULL)
                assert_in_range(filled(command->answer), 1, sizeof((struct bus_answer *)0)->at);
            if (command->opens != NULL)
                assert_in_range(filled(command->opens), 1, sizeof((struct bus_body *)0)->at);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_comes_back),
        cmocka_unit_test(what_is_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_changed_byte_does_no_harm),
        cmocka_unit_test(what_is_written_as_json_comes_back),
        cmocka_unit_test(every_event_fits_its_row),
        cmocka_unit_test(every_command_and_answer_fits_the_bus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
