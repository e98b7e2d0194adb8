/* The msgpack codec, field by field: tram.json has one of every type. */
#include <string.h>

#include "test.h"

#include "contract/driver.h"
#include "contract/tram.h"
#include "core/pack.h"

static struct error err;
static char packed[1024];
static size_t size;

static const struct tram tram = {
    .id = {{1, 2, 3}},
    .state = TRAM_STATE_BUILT,
    .number = -5,
    .built = {-40000},
    .seen = {1795341600000},
    .is_open = true,
    .has_name = true,
    .name = "\xC3\x85kan",
    .plate = "ABC-123",
    .key = {2, {0, 255}},
    .makers = {2, {"ASEA", "Hawker"}},
    .stops = {2, {{.name = "Slussen"}, {"Odenplan", true, {2, {1, 9}}}}},
    .first = {.name = "Alkärret"},
    .has_owner = true,
    .owner = {{9}},
    .has_since = true,
    .since = {-40177, -39812}, /* 1860 */
};

static bool pack_tram(const struct tram *value)
{
    size = sizeof packed;
    return pack(&tram_descriptor, value, packed, &size, &err);
}

/* What unpack says of bytes given as text: NULL, or the error's code. */
static const char *unpack_code(const struct descriptor *descriptor, const char *bytes, size_t count)
{
    static char back[sizeof(struct tram)];

    return unpack(descriptor, bytes, count, back, &err) ? NULL : err.code;
}

#define UNPACK(descriptor, bytes) unpack_code(&descriptor, bytes, sizeof(bytes) - 1)

static void assert_fault(uint32_t i, const char *field, const char *what)
{
    assert_in_range(i, 0, err.fault_count - 1);
    assert_string_equal(err.faults[i].field, field);
    assert_string_equal(err.faults[i].what, what);
}

static void every_type_comes_back_as_it_was(void **unused)
{
    struct tram back;

    (void)unused;
    assert_true(pack_tram(&tram));
    memset(&back, 0x55, sizeof back);
    assert_true(unpack(&tram_descriptor, packed, size, &back, &err));
    assert_memory_equal(&tram, &back, sizeof back); /* padding and unused elements are zero */
}

static void the_bytes_are_msgpack_as_it_is_written_down(void **unused)
{
    static const char expected[] = "\x82\xA4stop\x82\xA4name\xA1X\xA5"
                                   "doors\x92\x01\x09\xA2"
                                   "by\xC4\x10\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    const struct tram_see see = {.stop = {"X", true, {2, {1, 9}}}, .has_by = true, .by = {{7}}};

    (void)unused;
    size = sizeof packed;
    assert_true(pack(&tram_see_descriptor, &see, packed, &size, &err));
    assert_int_equal(size, sizeof expected); /* whose own NUL is the id's last byte */
    assert_memory_equal(packed, expected, size);
}

static void a_message_without_a_body_is_an_empty_map(void **unused)
{
    (void)unused;
    size = 1;
    assert_true(pack(&tram_scrap_descriptor, NULL, packed, &size, &err));
    assert_int_equal(size, 1);
    assert_int_equal((unsigned char)packed[0], 0x80);
    assert_true(unpack(&tram_scrap_descriptor, packed, 1, NULL, &err));
}

static void what_does_not_fit_is_an_error(void **unused)
{
    (void)unused;
    assert_true(pack_tram(&tram));
    for (size_t room = 0; room < size; room++) {
        size_t left = room;

        assert_false(pack(&tram_descriptor, &tram, packed, &left, &err));
        assert_string_equal(err.code, "too_large");
    }
}

static void nothing_is_packed_that_could_not_be_read_back(void **unused)
{
    static const char *const whats[] = {
        "none of its words",
        "not from -5 to 2000",
        "not from 0001-01-01 to 9999-12-31",
        "not from 1970-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z",
        "not three capitals, a hyphen, two to four digits, such as ABC-123",
        "too long",
        "not UTF-8 without NUL",
        "longer than it may be",
        "longer than it may be",
        "shorter than it may be",
        "neither a day nor a month nor a year",
    };
    enum { COUNT = sizeof whats / sizeof whats[0] };
    struct tram bad[COUNT];

    (void)unused;
    for (size_t i = 0; i < COUNT; i++)
        bad[i] = tram;
    bad[0].state = 3;
    bad[1].number = 2001;
    bad[2].built.day = 2932897;
    bad[3].seen.ms = -1;
    bad[4].plate[0] = 'a';
    memset(bad[5].name, 'x', sizeof bad[5].name);
    bad[6].name[0] = '\xC3', bad[6].name[1] = 'x';
    bad[7].key.size = 9;
    bad[8].stops.at[1].doors.count = 3;
    bad[9].stops.at[1].doors.count = 0;
    bad[10].since.first++;
    for (size_t i = 0; i < COUNT; i++) {
        assert_false(pack_tram(&bad[i]));
        assert_string_equal(err.code, "not_packable");
        assert_int_equal(err.kind, ERROR_BROKEN);
        if (strstr(err.text, whats[i]) == NULL) fail_msg("%zu: %s", i, err.text);
    }
}

static void assert_since(const char *bytes, size_t count, int64_t first, int64_t last)
{
    static const struct field field = {.name = "since",
                                       .type = FIELD_PARTIAL_DATE,
                                       .present = NO_FLAG,
                                       .min = -719162,
                                       .max = 2932896};
    static const struct descriptor since = {"since", sizeof(struct partial_date), 1, &field, NULL};
    struct partial_date date = {7, 7};
    char again[64];
    size_t length = sizeof again;

    assert_int_equal(unpack(&since, bytes, count, &date, &err), first != 0);
    assert_int_equal(date.first, first);
    assert_int_equal(date.last, last);
    if (first == 0) return;
    assert_true(pack(&since, &date, again, &length, &err));
    assert_int_equal(length, count);
    assert_memory_equal(again, bytes, count);
}

#define SINCE(bytes, first, last) \
    assert_since("\x81\xA5since" bytes, sizeof("\x81\xA5since" bytes) - 1, first, last)

/* A whole day is the number that it was before anything else could be said. */
static void a_day_is_a_number_and_what_is_less_known_a_text(void **unused)
{
    (void)unused;
    SINCE("\xCD\x22\xB6", 8886, 8886);
    SINCE("\xA7"
          "1994-05",
          8886, 8916);
    SINCE("\xA4"
          "1994",
          8766, 9130);
    SINCE("\xA4"
          "199x",
          0, 0);
    SINCE("\xA5"
          "19940",
          0, 0);
    SINCE("\xAC"
          "1994-05-0111",
          0, 0);
    SINCE("\xCE\x00\x2C\xC0\xA1", 0, 0); /* the day behind the last */
    SINCE("\xC3", 0, 0);
    SINCE("\xC4\x04"
          "1994",
          0, 0);
}

static void a_length_is_not_believed(void **unused)
{
    (void)unused;
    assert_string_equal(UNPACK(tram_build_descriptor, "\xdd\x08\x00\x00\x00"), "not_msgpack");
    assert_string_equal(UNPACK(tram_build_descriptor, "\xdf\xff\xff\xff\xff"), "not_msgpack");
    assert_string_equal(UNPACK(tram_build_descriptor, "\x81\xa1x\xdd\x08\x00\x00\x00"),
                        "not_msgpack");
    assert_string_equal(UNPACK(tram_build_descriptor, "\x81\xa1x\xc6\xff\xff\xff\xff"),
                        "not_msgpack");
    assert_string_equal(UNPACK(tram_descriptor, "\x81\xa5stops\xdd\xff\xff\xff\xff"),
                        "not_msgpack");
    assert_string_equal(UNPACK(tram_descriptor, "\x81\xa3key\xc6\xff\xff\xff\xff"), "not_msgpack");
}

static void numbers_of_every_width_keep_their_sign(void **unused)
{
    struct tram_build build;

    (void)unused;
    assert_true(unpack(&tram_build_descriptor, "\x81\xa6number\xd1\xff\xfb", 11, &build, &err));
    assert_int_equal(build.number, -5);
    assert_true(
        unpack(&tram_build_descriptor, "\x81\xa6number\xd3\0\0\0\0\0\0\x07\xd0", 17, &build, &err));
    assert_int_equal(build.number, 2000);
    assert_non_null(UNPACK(tram_build_descriptor, "\x81\xa6number\xd0\xfa")); /* -6 */
    assert_fault(0, "number", "out of range");
    assert_non_null(
        UNPACK(tram_build_descriptor, "\x81\xa6number\xcf\xff\xff\xff\xff\xff\xff\xff\xff"));
    assert_fault(0, "number", "not a whole number");
}

static void fields_of_newer_writers_are_passed_over(void **unused)
{
    (void)unused;
    assert_null(UNPACK(tram_see_descriptor, "\x82\xa1x\x92\xc0\x81\xa1y\xca\0\0\0\0"
                                            "\xa4stop\x82\xa1z\xc3\xa4name\xa1X"));
}

static void what_nests_deeper_than_eight_is_refused(void **unused)
{
    (void)unused;
    assert_null(UNPACK(tram_scrap_descriptor, "\x81\xa1x\x91\x91\x91\x91\x91\x91\xc0"));
    assert_string_equal(UNPACK(tram_scrap_descriptor, "\x81\xa1x\x91\x91\x91\x91\x91\x91\x91\xc0"),
                        "not_msgpack");
}

static void every_faulty_field_is_named_by_its_path(void **unused)
{
    (void)unused;
    assert_string_equal(UNPACK(tram_descriptor, "\x8b"
                                                "\xa2id\xa1x"
                                                "\xa5state\xa4gone"
                                                "\xa5"
                                                "built\xc3"
                                                "\xa7is_open\x01"
                                                "\xa5plate\xa6"
                                                "ABC-1X"
                                                "\xa3key\xa1x"
                                                "\xa6makers\x92\xa0\xa1"
                                                "A"
                                                "\xa5stops\x92\x2a\x82\xa4name\x01\xa5"
                                                "doors\x93\x01\x02\x03"
                                                "\xa5"
                                                "first\x82\xa5"
                                                "doors\x90\xa4name\xa1X"
                                                "\xa5owner\xc0"
                                                "\xa5owner\xc0"),
                        "invalid");
    assert_fault(0, "id", "not an id");
    assert_fault(1, "state", "none of these: none, built, scrapped");
    assert_fault(2, "built", "not a whole number");
    assert_fault(3, "is_open", "neither true nor false");
    assert_fault(4, "plate", "not three capitals, a hyphen, two to four digits, such as ABC-123");
    assert_fault(5, "key", "not bytes");
    assert_fault(6, "makers[0]", "too short");
    assert_fault(7, "stops[0]", "not an object");
    assert_fault(8, "stops[1].name", "not a text");
    assert_fault(9, "stops[1].doors", "longer than it may be");
    assert_fault(10, "first.doors", "shorter than it may be");
    assert_fault(11, "owner", "not an id");
    assert_fault(12, "owner", "there twice");
    assert_fault(13, "number", "missing");
    assert_fault(14, "seen", "missing");
    assert_int_equal(err.fault_count, 15);
}

static void faults_past_the_thirty_second_are_not_named(void **unused)
{
    char bytes[3 + 40 * 4] = "\xde\x00\x28"; /* forty times `by`, which is no id */

    (void)unused;
    for (size_t at = 3; at < sizeof bytes; at += 4)
        memcpy(bytes + at,
               "\xa2"
               "by\x07",
               4);
    assert_string_equal(unpack_code(&tram_see_descriptor, bytes, sizeof bytes), "invalid");
    assert_int_equal(err.fault_count, FAULTS_MAX);
}

static void text_is_utf_8_and_nothing_else(void **unused)
{
    static const char *const bad[] = {"\x80",
                                      "\xC0\xAF",
                                      "\xC3",
                                      "\xE0\x80\xAF",
                                      "\xED\xA0\x80",
                                      "\xF0\x80\x80\xAF",
                                      "\xF5\x80\x80\x80",
                                      "\xF4\x90\x80\x80"};

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char bytes[32] = "\x81\xa4stop\x81\xa4name";
        const size_t count = strlen(bad[i]);

        bytes[12] = (char)(0xA0 + count);
        memcpy(bytes + 13, bad[i], count);
        assert_non_null(unpack_code(&tram_see_descriptor, bytes, 13 + count));
        assert_fault(0, "stop.name", "not UTF-8 without NUL");
    }
    assert_non_null(UNPACK(tram_see_descriptor, "\x81\xa4stop\x81\xa4name\xa1\0"));
    assert_fault(0, "stop.name", "not UTF-8 without NUL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_as_it_was),
        cmocka_unit_test(the_bytes_are_msgpack_as_it_is_written_down),
        cmocka_unit_test(a_message_without_a_body_is_an_empty_map),
        cmocka_unit_test(what_does_not_fit_is_an_error),
        cmocka_unit_test(nothing_is_packed_that_could_not_be_read_back),
        cmocka_unit_test(a_day_is_a_number_and_what_is_less_known_a_text),
        cmocka_unit_test(a_length_is_not_believed),
        cmocka_unit_test(numbers_of_every_width_keep_their_sign),
        cmocka_unit_test(fields_of_newer_writers_are_passed_over),
        cmocka_unit_test(what_nests_deeper_than_eight_is_refused),
        cmocka_unit_test(every_faulty_field_is_named_by_its_path),
        cmocka_unit_test(faults_past_the_thirty_second_are_not_named),
        cmocka_unit_test(text_is_utf_8_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
