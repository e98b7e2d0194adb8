#include <string.h>

#include "test.h"

#include "core/pattern.h"

static const struct {
    const char *pattern, *text;
    bool is_match;
} rows[] = {
    {"^abc$", "abc", true},
    {"^abc$", "ab", false},
    {"^abc$", "abcd", false},
    {"^$", "", true},
    {"^$", "a", false},
    {"^[a-z]+$", "", false},
    {"^[a-z]+$", "az", true},
    {"^[a-z]+$", "a{", false}, /* the character behind z */
    {"^[a-z]+$", "a`", false}, /* the character before a */
    {"^[a-z]*$", "", true},
    {"^[A-z]+$", "A_z", true}, /* from one half of ASCII well into the other */
    {"^[!-~]+$", "!0@Az~", true},
    {"^[!-~]+$", "a b", false},
    {"^[+0-9][0-9 -]*$", "+46 70-17", true},
    {"^[+0-9][0-9 -]*$", "4+6", false},
    {"^[A-Z]{3}-[0-9]{2,4}$", "ABC-12", true},
    {"^[A-Z]{3}-[0-9]{2,4}$", "ABC-1234", true},
    {"^[A-Z]{3}-[0-9]{2,4}$", "ABC-1", false},
    {"^[A-Z]{3}-[0-9]{2,4}$", "ABC-12345", false},
    {"^[A-Z]{3}-[0-9]{2,4}$", "AB-12", false},
    {"^http[s]?://[!-~]+$", "http://x", true},
    {"^http[s]?://[!-~]+$", "https://x", true},
    {"^http[s]?://[!-~]+$", "httpss://x", false},
    {"^[^0-9]+[0-9]$", "abc1", true},
    {"^[^0-9]+[0-9]$", "\xC3\xA5\xF0\x9F\x9A\x8B!1", true},
    {"^[^0-9]{3}$", "\xC3\xA5\xF0\x9F\x9A\x8B!", true}, /* characters, not bytes */
    {"^[^0-9]{2}$", "\xC3\xA5\xF0\x9F\x9A\x8B!", false},
    {"^[^0-9]{4}$", "\xC3\xA5\xF0\x9F\x9A\x8B!", false},
    {"^[a-z]+$", "\xC3\xA5", false},
};

static void each_row_is_as_it_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (pattern_match(rows[i].pattern, rows[i].text, strlen(rows[i].text)) != rows[i].is_match)
            fail_msg("%s and %s", rows[i].pattern, rows[i].text);
}

static void a_text_ends_where_its_size_says(void **unused)
{
    (void)unused;
    assert_true(pattern_match("^[a-z]+$", "abc1", 3));
    assert_true(pattern_match("^[^a]+$", "\xF0\x9F\x9A\x8B", 2)); /* cut: its caller checks UTF-8 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_as_it_says),
        cmocka_unit_test(a_text_ends_where_its_size_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
