/* Text, ids and base64: what comes in as characters. */
#include <string.h>

#include "test.h"

#include "core/base64.h"
#include "core/id.h"
#include "core/text.h"

static bool check(const char *text, size_t size, uint32_t *characters)
{
    return text_check((const uint8_t *)text, size, characters);
}

static void characters_are_counted_not_bytes(void **unused)
{
    uint32_t count = 99;

    (void)unused;
    assert_true(check("", 0, &count));
    assert_int_equal(count, 0);
    assert_true(check("sixteen of ASCII", 16, &count));
    assert_int_equal(count, 16);
    assert_true(
        check("Ra\xCC\x8Aksm\xC3\xB6rg\xC3\xA5s \xF0\x9F\x9A\x8B \xE2\x82\xAC", 23, &count));
    assert_int_equal(count, 15);
}

/* Also where a run of ASCII is read eight at a time. */
static void what_is_not_utf_8_is_found_wherever_it_stands(void **unused)
{
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\xAF",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF8\x88\x80\x80\x80",
                                      "\xFF",
                                      "\xC3(",
                                      "\xE2\x82("};
    uint32_t count;

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        for (size_t at = 0; at < 20; at++) {
            char text[48];
            const size_t size = strlen(bad[i]);

            memset(text, 'x', sizeof text);
            memcpy(text + at, bad[i], size);
            if (check(text, sizeof text, &count)) fail_msg("bad %zu at %zu", i, at);
            if (check(text, at + size, &count)) fail_msg("bad %zu at the end, %zu", i, at);
        }
    for (size_t at = 0; at < 20; at++) {
        char text[20];

        memset(text, 'x', sizeof text);
        assert_true(check(text, sizeof text, &count));
        text[at] = '\0';
        assert_false(check(text, sizeof text, &count));
    }
}

static void a_character_that_is_cut_off_is_none(void **unused)
{
    uint32_t count;

    (void)unused;
    for (size_t size = 1; size < 4; size++)
        assert_false(check("\xF0\x9F\x9A\x8B", size, &count));
}

static void an_id_is_written_and_read_as_rfc_9562_has_it(void **unused)
{
    static const char text[] = "01939d4e-8c00-7abc-8def-0123456789ab";
    static const uint8_t bytes[] = {0x01, 0x93, 0x9d, 0x4e, 0x8c, 0x00, 0x7a, 0xbc,
                                    0x8d, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab};
    struct id id;
    char back[ID_TEXT_SIZE];

    (void)unused;
    assert_true(id_read(text, 36, &id));
    assert_memory_equal(id.bytes, bytes, sizeof bytes);
    id_write(id, back);
    assert_string_equal(back, text);
    assert_true(id_read("01939D4E-8C00-7ABC-8DEF-0123456789AB", 36, &id));
    assert_memory_equal(id.bytes, bytes, sizeof bytes);
}

static void what_is_no_id_is_not_read(void **unused)
{
    static const char good[] = "01939d4e-8c00-7abc-8def-0123456789ab";
    struct id id = {{42}};

    (void)unused;
    for (size_t at = 0; at < 36; at++) {
        char bad[37];

        memcpy(bad, good, sizeof bad);
        bad[at] = bad[at] == '-' ? '0' : 'g';
        assert_false(id_read(bad, 36, &id));
        bad[at] = '-';
        assert_int_equal(id_read(bad, 36, &(struct id){{0}}), good[at] == '-');
    }
    assert_false(id_read(good, 35, &id));
    assert_false(id_read("01939d4e-8c00-7abc-8def-0123456789ab0", 37, &id));
    assert_false(id_read("{01939d4e-8c00-7abc-8def-0123456789ab}", 38, &id));
    assert_int_equal(id.bytes[0], 42);
}

/* RFC 4648, section 10. */
static const char *const vectors[][2] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static void base64_is_as_rfc_4648_has_it(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const size_t size = strlen(vectors[i][0]);
        char text[16] = {0}, back[8];
        size_t count = size;

        assert_int_equal(base64_size(size), strlen(vectors[i][1]));
        base64_write(vectors[i][0], size, text);
        assert_string_equal(text, vectors[i][1]);
        assert_true(base64_read(text, strlen(text), back, &count));
        assert_int_equal(count, size);
        assert_memory_equal(back, vectors[i][0], size);
    }
}

static void every_byte_goes_through_base64(void **unused)
{
    uint8_t bytes[256], back[256];
    char text[344];
    size_t count = sizeof back;

    (void)unused;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    base64_write(bytes, sizeof bytes, text);
    assert_true(base64_read(text, sizeof text, back, &count));
    assert_memory_equal(bytes, back, sizeof bytes);
}

static void what_is_not_the_one_base64_is_refused(void **unused)
{
    static const char *const bad[] = {
        "Zg",   "Zg=",  "Zg===",  "=",    "====",     "Zm9v=",    "Z===",      "Zh==",
        "Zm9=", "Zm-_", "Zm9v\n", "Zm 9", "Zg==Zg==", "Zm8=Zm8=", "Zm9vZ\0A=", "Z=9v",
    };
    char bytes[16];

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (base64_read(bad[i], strlen(bad[i]), bytes, &(size_t){sizeof bytes}))
            fail_msg("%s", bad[i]);
    assert_false(base64_read("Zm9v", 4, bytes, &(size_t){2}));
    assert_true(base64_read("Zm9v", 4, bytes, &(size_t){3}));
}

static void shown(const char *from, size_t size, enum text_reader reader, const char *expected)
{
    char to[64 * TEXT_SHOWN_MAX];

    assert_true(size <= 64);
    size = text_show(from, size, reader, to);
    if (size != strlen(expected) || memcmp(to, expected, size) != 0)
        fail_msg("'%.*s' instead of '%s'", (int)size, to, expected);
}

static void what_is_not_what_it_looks_like_is_written_out(void **unused)
{
    static const char *const rows[][3] = {
        {"r\xC3\xA4ksm\xC3\xB6rg\xC3\xA5s \xF0\x9F\x9A\x8B\t1\n2\r\n", NULL, NULL},
        {"\xD8\xB3\xE2\x80\x8C\xD8\xA7", NULL, NULL}, /* a joiner of Persian */
        {"\x1B[31mred", "\\u{1b}[31mred", "\\u001b[31mred"},
        {"a\rb", "a\\u{0d}b", "a\\u000db"},
        {"\x07\x7F", "\\u{07}\\u{7f}", "\\u0007\\u007f"},
        {"\xC2\x9B"
         "2J",
         "\\u{9b}2J", "\\u009b2J"},
        {"\xE2\x80\xAE"
         "gnp",
         "\\u{202e}gnp", "\\u202egnp"},
        {"\xE2\x81\xA6\xE2\x81\xA9", "\\u{2066}\\u{2069}", "\\u2066\\u2069"},
        {"\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C", "\\u{200e}\\u{200f}\\u{061c}",
         "\\u200e\\u200f\\u061c"},
        {"\xE2\x80\xA8\xEF\xBB\xBF", "\\u{2028}\\u{feff}", "\\u2028\\ufeff"},
        {"\xF3\xA0\x81\x81", "\\u{e0041}", "\\udb40\\udc41"},
        {"\xFF\xC3(", "\\x{ff}\\x{c3}(", NULL},
        {"\xED\xA0\x80", "\\x{ed}\\x{a0}\\x{80}", NULL},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *expected = rows[i][1] == NULL ? rows[i][0] : rows[i][1];

        shown(rows[i][0], strlen(rows[i][0]), TEXT_FOR_PEOPLE, expected);
        if (rows[i][2] != NULL) shown(rows[i][0], strlen(rows[i][0]), TEXT_FOR_JSON, rows[i][2]);
    }
    shown("\0", 1, TEXT_FOR_PEOPLE, "\\x{00}");
}

static void what_is_cut_off_waits(void **unused)
{
    static const struct {
        const char *text;
        size_t cut;
    } rows[] = {
        {"", 0},
        {"a", 0},
        {"\xC3", 1},
        {"a\xC3\xA4", 0},
        {"a\xE2\x80", 2},
        {"\xE2\x80\xAE", 0},
        {"\xF0\x9F\x9A", 3},
        {"\xF0\x9F\x9A\x8B", 0},
        {"\x80\x80", 0},
        {"a\r", 1},
        {"a\r\n", 0},
        {"\xFF", 1},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (text_cut(rows[i].text, strlen(rows[i].text)) != rows[i].cut) fail_msg("row %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(what_is_not_utf_8_is_found_wherever_it_stands),
        cmocka_unit_test(a_character_that_is_cut_off_is_none),
        cmocka_unit_test(what_is_not_what_it_looks_like_is_written_out),
        cmocka_unit_test(what_is_cut_off_waits),
        cmocka_unit_test(an_id_is_written_and_read_as_rfc_9562_has_it),
        cmocka_unit_test(what_is_no_id_is_not_read),
        cmocka_unit_test(base64_is_as_rfc_4648_has_it),
        cmocka_unit_test(every_byte_goes_through_base64),
        cmocka_unit_test(what_is_not_the_one_base64_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
