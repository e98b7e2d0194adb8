/* Settings are taken as they should be, or refused with the word for what would be right. */
#include "test.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"
#include "core/error.h"
#include "core/reach.h"

#define NAME           "FADDER_TEST"
#define SETTING(value) (&(const struct setting){.name = NAME, .default_value = (value)})
#define NUMBER(value, low, high) \
    (&(const struct setting){.name = NAME, .default_value = (value), .min = (low), .max = (high)})

static void set(const char *value)
{
    assert_int_equal(value == NULL ? unsetenv(NAME) : setenv(NAME, value, 1), 0);
}

static void assert_names_itself(const struct error *err)
{
    assert_int_equal(err->kind, ERROR_INVALID);
    assert_string_equal(err->code, "settings");
    assert_memory_equal(err->text, NAME, strlen(NAME));
}

static void what_is_not_set_is_its_default(void **state)
{
    static const char *const unset[] = {NULL, ""};
    struct settings_address address;
    struct error err;
    char text[16];
    int64_t number;

    (void)state;
    for (int i = 0; i < 2; i++) {
        set(unset[i]);
        assert_true(settings_text(SETTING("./var"), text, sizeof text, &err));
        assert_string_equal(text, "./var");
        assert_true(settings_integer(NUMBER("100", 1, 1000), &number, &err));
        assert_int_equal(number, 100);
        assert_true(settings_address(SETTING("127.0.0.1:8080"), &address, &err));
        assert_int_equal(address.port, 8080);
    }
}

static void text_is_one_line_of_utf8_that_fits(void **state)
{
    static const struct {
        const char *value;
        bool is_good;
    } rows[] = {{"/var/lib", true},    {"blåbär", true},      {"123456789", true},
                {"1234567890", false}, {"two\nlines", false}, {"tab\t", false},
                {"\x7f", false},       {"\xff\xfe", false},   {"a\x1b[m", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[10] = "before";
        struct error err;

        set(rows[i].value);
        assert_int_equal(settings_text(SETTING("x"), text, sizeof text, &err), rows[i].is_good);
        assert_string_equal(text, rows[i].is_good ? rows[i].value : "before");
        if (!rows[i].is_good) assert_names_itself(&err);
    }
}

static void a_number_is_decimal_and_in_range(void **state)
{
    static const struct {
        const char *value;
        bool is_good;
        int64_t number;
    } rows[] = {{"-5", true, -5},     {"0", true, 0},
                {"1000", true, 1000}, {"007", true, 7},
                {"-6", false, 0},     {"1001", false, 0},
                {"+5", false, 0},     {" 5", false, 0},
                {"5 ", false, 0},     {"0x5", false, 0},
                {"5.0", false, 0},    {"-", false, 0},
                {"1e2", false, 0},    {"99999999999999999999", false, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t number = 77;
        struct error err;

        set(rows[i].value);
        assert_int_equal(settings_integer(NUMBER("1", -5, 1000), &number, &err), rows[i].is_good);
        assert_int_equal(number, rows[i].is_good ? rows[i].number : 77);
        if (rows[i].is_good) continue;
        assert_string_equal(err.text, NAME " must be a whole number from -5 to 1000");
    }
}

static void a_number_that_no_integer_can_be_is_refused(void **state)
{
    struct error err;
    int64_t number;

    (void)state;
    set("9223372036854775807");
    assert_true(settings_integer(NUMBER("1", INT64_MIN, INT64_MAX), &number, &err));
    set("9223372036854775808");
    assert_false(settings_integer(NUMBER("1", INT64_MIN, INT64_MAX), &number, &err));
    set("-9223372036854775809");
    assert_false(settings_integer(NUMBER("1", INT64_MIN, INT64_MAX), &number, &err));
}

static void a_word_is_one_of_those_there_are(void **state)
{
    static const char *const words[] = {"error", "warning", "info", NULL};
    struct error err;
    unsigned place = 9;

    (void)state;
    set("warning");
    assert_true(settings_word(SETTING("info"), words, &place, &err));
    assert_int_equal(place, 1);
    set(NULL);
    assert_true(settings_word(SETTING("info"), words, &place, &err));
    assert_int_equal(place, 2);
    set("Info");
    assert_false(settings_word(SETTING("info"), words, &place, &err));
    assert_string_equal(err.text, NAME " must be error, warning or info");
}

static void an_address_is_host_and_port(void **state)
{
    static const struct {
        const char *value, *host;
        int port;
    } rows[] = {{"127.0.0.1:8080", "127.0.0.1", 8080},
                {"0.0.0.0:0", "0.0.0.0", 0},
                {"[::1]:25", "::1", 25},
                {"mail.example:65535", "mail.example", 65535},
                {"127.0.0.1", NULL, 0},
                {"127.0.0.1:", NULL, 0},
                {":8080", NULL, 0},
                {"127.0.0.1:65536", NULL, 0},
                {"127.0.0.1:-1", NULL, 0},
                {"127.0.0.1:80x", NULL, 0},
                {"::1:8080", NULL, 0},
                {"[::1]", NULL, 0},
                {"[]:80", NULL, 0},
                {"[127.0.0.1]:80", NULL, 0},
                {"[name]:80", NULL, 0},
                {"a b:80", NULL, 0},
                {"http://a:80", NULL, 0},
                {"user@host:80", NULL, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct settings_address address = {.host = "before"};
        bool is_good = rows[i].host != NULL;
        struct error err;

        set(rows[i].value);
        if (settings_address(SETTING("x:1"), &address, &err) != is_good)
            fail_msg("%s", rows[i].value);
        assert_string_equal(address.host, is_good ? rows[i].host : "before");
        assert_int_equal(address.port, rows[i].port);
        if (!is_good) assert_names_itself(&err);
    }
}

static bool holds(const struct reach_networks *networks, const char *address)
{
    uint8_t at[REACH_ADDRESS_SIZE] = {[10] = 0xFF, [11] = 0xFF};

    if (inet_pton(AF_INET, address, at + 12) != 1)
        assert_int_equal(inet_pton(AF_INET6, address, at), 1);
    return reach_holds(networks, at);
}

static void networks_hold_what_lies_in_them(void **state)
{
    static const struct {
        const char *networks, *address;
        bool is_held;
    } rows[] = {{"127.0.0.0/8", "127.0.0.1", true},
                {"127.0.0.0/8", "127.255.255.255", true},
                {"127.0.0.0/8", "128.0.0.0", false},
                {"127.0.0.0/8", "126.255.255.255", false},
                {"127.0.0.0/8", "::1", false},
                {"127.0.0.0/8", "::ffff:127.0.0.1", true},
                {"10.1.2.0/23", "10.1.3.255", true},
                {"10.1.2.0/23", "10.1.4.0", false},
                {"10.0.0.1", "10.0.0.1", true},
                {"10.0.0.1", "10.0.0.2", false},
                {"0.0.0.0/0", "192.0.2.1", true},
                {"0.0.0.0/0", "2001:db8::1", false},
                {"::/0", "2001:db8::1", true},
                {"fd00::/8", "fdff::1", true},
                {"fd00::/8", "fe00::1", false},
                {"2001:db8::/33", "2001:db8:7fff::", true},
                {"2001:db8::/33", "2001:db8:8000::", false},
                {"10.0.0.0/8, ::1/128 192.0.2.0/24", "::1", true},
                {"10.0.0.0/8, ::1/128 192.0.2.0/24", "192.0.2.9", true},
                {"10.0.0.0/8, ::1/128 192.0.2.0/24", "192.0.3.9", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reach_networks networks;
        struct error err;

        set(rows[i].networks);
        if (!settings_networks(SETTING(""), &networks, &err)) fail_msg("%s", err.text);
        if (holds(&networks, rows[i].address) != rows[i].is_held)
            fail_msg("%s in %s", rows[i].address, rows[i].networks);
    }
}

static void no_networks_hold_nothing(void **state)
{
    struct reach_networks networks = {.count = 5};
    struct error err;

    (void)state;
    set(NULL);
    assert_true(settings_networks(SETTING(""), &networks, &err));
    assert_int_equal(networks.count, 0);
    assert_false(holds(&networks, "127.0.0.1"));
}

static void what_is_no_network_is_refused(void **state)
{
    static const char *const rows[] = {"127.0.0.1/8",  "127.0.0.0/33", "127.0.0.0/-1", "127.0.0.0/",
                                       "127.0.0.0/8x", "127.0.0/8",    "fd00::1/8",    "::/129",
                                       "localhost",    "10.0.0.0/8 x", "127.0.0.0/0"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reach_networks networks = {.count = 5};
        struct error err;

        set(rows[i]);
        if (settings_networks(SETTING(""), &networks, &err)) fail_msg("%s was taken", rows[i]);
        assert_names_itself(&err);
        assert_int_equal(networks.count, 5);
    }
}

static void more_than_32_networks_are_refused(void **state)
{
    char list[33 * 10 + 1] = "";
    struct reach_networks networks;
    struct error err;

    (void)state;
    for (int i = 0; i < 32; i++)
        strcat(list, "10.0.0.1, ");
    set(list);
    assert_true(settings_networks(SETTING(""), &networks, &err));
    assert_int_equal(networks.count, 32);
    strcat(list, "10.0.0.1, ");
    set(list);
    assert_false(settings_networks(SETTING(""), &networks, &err));
    assert_names_itself(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_set_is_its_default),
        cmocka_unit_test(text_is_one_line_of_utf8_that_fits),
        cmocka_unit_test(a_number_is_decimal_and_in_range),
        cmocka_unit_test(a_number_that_no_integer_can_be_is_refused),
        cmocka_unit_test(a_word_is_one_of_those_there_are),
        cmocka_unit_test(an_address_is_host_and_port),
        cmocka_unit_test(networks_hold_what_lies_in_them),
        cmocka_unit_test(no_networks_hold_nothing),
        cmocka_unit_test(what_is_no_network_is_refused),
        cmocka_unit_test(more_than_32_networks_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
