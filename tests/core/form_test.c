/* Forms: what a browser sends becomes what its JSON would be, with the same faults. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#include "contract/driver.h"
#include "contract/tram.h"
#include "core/error.h"
#include "core/form.h"

static const struct date today = {20785}; /* 2026-11-28 */
static struct error err;
static struct tram tram;
static struct form form;

static bool parse(const char *text)
{
    return form_parse(text, strlen(text), &form, &err);
}

static bool read_tram(const char *text)
{
    memset(&tram, 0xFF, sizeof tram);
    return parse(text) && form_read(&form, &tram_descriptor, today, &tram, &err);
}

static void assert_fault(const char *field, const char *what)
{
    for (uint32_t i = 0; i < err.fault_count; i++)
        if (strcmp(err.faults[i].field, field) == 0) {
            assert_string_equal(err.faults[i].what, what);
            return;
        }
    fail_msg("no fault in %s", field);
}

#define WHOLE                                                                                 \
    "id=01939d4e-8c00-7abc-8def-0123456789ab&state=built&number=-5&built=1860-06-26"          \
    "&seen=2026-11-22T10%3A00%3A00Z&is_open=yes&name=%C3%85kan&plate=ABC-123&key=AP8%3D"      \
    "&makers=ASEA&makers=&makers=Hawker&stops%5B0%5D.name=Slussen&stops%5B3%5D.name=Odenplan" \
    "&stops[3].doors=1&stops[3].doors=9&first.name=Alk%c3%a4rret"

static void every_type_is_read(void **unused)
{
    (void)unused;
    if (!read_tram(WHOLE "&remark=a+%22b%22+%5C%0D%0Anext&_command=7"))
        fail_msg("%s %s", err.text, err.fault_count > 0 ? err.faults[0].field : "");
    assert_int_equal(tram.id.bytes[1], 0x93);
    assert_int_equal(tram.state, TRAM_STATE_BUILT);
    assert_int_equal(tram.number, -5);
    assert_int_equal(tram.built.day, -40000);
    assert_int_equal(tram.seen.ms, 1795341600000);
    assert_true(tram.is_open);
    assert_string_equal(tram.name, "\xC3\x85kan");
    assert_string_equal(tram.remark, "a \"b\" \\\nnext");
    assert_int_equal(tram.makers.count, 2);
    assert_string_equal(tram.makers.at[1], "Hawker");
    assert_int_equal(tram.stops.count, 2);
    assert_string_equal(tram.stops.at[1].name, "Odenplan");
    assert_int_equal(tram.stops.at[1].doors.count, 2);
    assert_int_equal(tram.stops.at[1].doors.at[1], 9);
    assert_string_equal(tram.first.name, "Alk\xC3\xA4rret");
    assert_string_equal(form_value(&form, "_command"), "7");
    assert_null(form_value(&form, "command"));
}

static const char *without(const char *part)
{
    static char text[sizeof WHOLE];
    const char *at = strstr(WHOLE, part), *end = at + strcspn(at + 1, "&") + 1;

    snprintf(text, sizeof text, "%.*s%s", (int)(at - WHOLE), WHOLE, end);
    return text;
}

static const char *understand(const void *cookie, const struct field *field, const char *typed)
{
    assert_string_equal(cookie, "cookie");
    return strcmp(field->name, "name") == 0 && strcmp(typed, "ours") == 0 ? "theirs" : typed;
}

static void what_was_typed_may_stand_for_something_else(void **unused)
{
    char text[sizeof WHOLE + 128];

    (void)unused;
    snprintf(text, sizeof text, "%s&name=ours&remark=ours", without("&name="));
    assert_true(parse(text));
    form.understand = understand;
    form.cookie = "cookie";
    assert_true(form_read(&form, &tram_descriptor, today, &tram, &err));
    assert_string_equal(tram.name, "theirs");
    assert_string_equal(tram.remark, "ours");
    assert_true(read_tram(text));
    assert_string_equal(tram.name, "ours");
}

static void a_day_may_be_three_fields(void **unused)
{
    char text[sizeof WHOLE + 128];

    (void)unused;
    snprintf(text, sizeof text, "%s&built.day=6&built.month=2&built.year=1877", without("&built="));
    assert_true(read_tram(text));
    assert_int_equal(tram.built.day, -33931);
    snprintf(text, sizeof text, "%s&built.day=&built.month=2&built.year=1877", without("&built="));
    assert_false(read_tram(text));
    assert_fault("built", "not a date such as 2026-11-22");
    snprintf(text, sizeof text, "%s&since.day=&since.month=&since.year=1860", WHOLE);
    assert_true(read_tram(text));
    assert_true(tram.has_since);
    snprintf(text, sizeof text, "%s&since.day=&since.month=&since.year=", WHOLE);
    assert_true(read_tram(text));
    assert_false(tram.has_since);
}

static void what_nobody_filled_in_is_nothing(void **unused)
{
    (void)unused;
    assert_true(read_tram(WHOLE "&remark=&owner=++"));
    assert_false(tram.has_remark || tram.has_owner);
    assert_false(read_tram(without("&plate=")));
    assert_fault("plate", "missing");
}

static void a_row_that_nobody_filled_in_is_none(void **unused)
{
    (void)unused;
    assert_true(read_tram(WHOLE "&stops[1].name=&stops[1].doors=&stops[2].name="));
    assert_int_equal(tram.stops.count, 2);
    assert_string_equal(tram.stops.at[1].name, "Odenplan");
    assert_true(read_tram(WHOLE "&stops[1].name=&stops[1].doors=&stops[2].name=Skanstull"));
    assert_int_equal(tram.stops.count, 3);
    assert_false(read_tram(WHOLE "&stops[1].name=&stops[1].doors=3"));
    assert_fault("stops[1].name", "too short");
    assert_false(read_tram(WHOLE "&stops[1].name=&stops[1].colour="));
    assert_fault("stops[1].colour", "no field here");
}

static void faults_are_those_of_json(void **unused)
{
    char text[sizeof WHOLE + 128];

    (void)unused;
    snprintf(text, sizeof text, "%s&number=1e3", without("&number="));
    assert_false(read_tram(text));
    assert_fault("number", "not a whole number");
    snprintf(text, sizeof text, "%s&number=007", without("&number="));
    assert_false(read_tram(text));
    snprintf(text, sizeof text, "%s&is_open=perhaps", without("&is_open="));
    assert_false(read_tram(text));
    assert_fault("is_open", "neither true nor false");
    snprintf(text, sizeof text, "%s&stops[0].doors=99", WHOLE);
    assert_false(read_tram(text));
    assert_string_equal(err.faults[0].field, "stops[0].doors[0]");
    assert_int_equal(tram.number, 0); /* nothing of it is left */
}

static void what_a_command_does_not_know_is_not_passed_over(void **unused)
{
    (void)unused;
    assert_false(read_tram(WHOLE "&colour=blue&first.colour=blue"));
    assert_fault("colour", "no field here");
    assert_fault("first.colour", "no field here");
    assert_int_equal(tram.number, 0);
}

static void what_is_no_form_is_refused(void **unused)
{
    static const char *const wrong[] = {"a",      "a=%",     "a=%4",  "a=%zz",      "=%FF",
                                        "a=%00b", "%C0%80=", "a&b=1", "a=%ED%A0%80"};
    static char large[FORM_SIZE_MAX + 2];
    char many[FORM_PAIRS_MAX * 4 + 8] = "";

    (void)unused;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (parse(wrong[i])) fail_msg("%s", wrong[i]);
        assert_string_equal(err.code, "not_a_form");
    }
    assert_false(form_parse("a=\0b", 4, &form, &err));
    memset(large, 'a', sizeof large);
    large[1] = '=';
    assert_true(form_parse(large, FORM_SIZE_MAX, &form, &err));
    assert_false(form_parse(large, FORM_SIZE_MAX + 1, &form, &err));
    for (int i = 0; i < FORM_PAIRS_MAX; i++)
        strcat(many, "a=&");
    assert_true(parse(many));
    strcat(many, "a=");
    assert_false(parse(many));
    assert_true(parse(""));
    assert_int_equal(form.count, 0);
}

/* A form in parts. */

#define TYPE  "multipart/form-data; boundary=x--y"
#define FIELD "Content-Disposition: form-data; name="

static bool parse_parts(const char *type, const char *bytes, size_t size)
{
    return form_parse_parts(type, bytes, size, &form, &err);
}

#define PARTS(type, text) parse_parts(type, text, sizeof(text) - 1)

static void a_form_in_parts_is_read(void **unused)
{
    (void)unused;
    assert_true(PARTS(TYPE,
                      "--x--y\r\n" FIELD "\"a\"\r\n\r\none\r\ntwo--x\r\n--x--y\r\n" FIELD
                      "\"empty\"\r\n\r\n\r\n--x--y\r\nX: y\r\n" FIELD
                      "\"file\"; filename=\"a\"\r\nContent-Type: text/csv\r\n\r\n\xC3\x85;\n\r\n"
                      "--x--y--\r\n"));
    assert_int_equal(form.count, 3);
    assert_string_equal(form_value(&form, "a"), "one\ntwo--x");
    assert_string_equal(form_value(&form, "empty"), "");
    assert_string_equal(form_value(&form, "file"), "\xC3\x85;\n");
    assert_null(form.unread);
    assert_true(PARTS("multipart/form-data; boundary=\"x--y\"; charset=utf-8", "--x--y--"));
    assert_int_equal(form.count, 0);
}

static void a_file_that_is_no_text_is_nothing(void **unused)
{
    (void)unused;
    assert_true(PARTS(TYPE, "--x--y\r\n" FIELD "\"file\"\r\n\r\n\xC5;\r\n--x--y\r\n" FIELD
                            "\"a\"\r\n\r\nb\r\n--x--y--\r\n"));
    assert_string_equal(form.unread, "file");
    assert_string_equal(form_value(&form, "file"), "");
    assert_string_equal(form_value(&form, "a"), "b");
    assert_true(PARTS(TYPE, "--x--y\r\n" FIELD "\"file\"\r\n\r\nP\0K\r\n--x--y--\r\n"));
    assert_string_equal(form.unread, "file");
    assert_string_equal(form_value(&form, "file"), "");
}

static void what_are_no_parts_is_refused(void **unused)
{
    static const char *const faulty[] = {
        "",
        "--x--y",
        "--x--y\r\n",
        "--x--z--\r\n",
        "--x--y\r\n" FIELD "\"a\"\r\n\r\nb",
        "--x--y\r\n" FIELD "\"a\"\r\n\r\nb\r\n--x--y",
        "--x--y\r\n" FIELD "\"a\"\r\n\r\nb--x--y--",
        "--x--y\r\n" FIELD "\"a\r\n\"\r\n\r\nb\r\n--x--y--",
        "--x--y\r\nContent-Type: text/csv\r\n\r\nb\r\n--x--y--",
        "--x--y\r\n" FIELD "\"a\"\r\nb\r\n--x--y--",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++) {
        char *exact = malloc(strlen(faulty[i]) + 1); /* so that a byte too far is seen */

        memcpy(exact, faulty[i], strlen(faulty[i]));
        exact[strlen(faulty[i])] = '\0';
        if (parse_parts(TYPE, exact, strlen(exact))) fail_msg("taken: %s", faulty[i]);
        free(exact);
    }
    assert_false(PARTS("multipart/form-data", "--x--y--"));
    assert_false(PARTS("multipart/form-data; boundary=", "----"));
}

static void an_empty_command_is_read(void **unused)
{
    (void)unused;
    assert_true(parse("_button=yes"));
    assert_true(form_read(&form, &tram_scrap_descriptor, today, NULL, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(what_was_typed_may_stand_for_something_else),
        cmocka_unit_test(a_day_may_be_three_fields),
        cmocka_unit_test(what_nobody_filled_in_is_nothing),
        cmocka_unit_test(a_row_that_nobody_filled_in_is_none),
        cmocka_unit_test(faults_are_those_of_json),
        cmocka_unit_test(what_a_command_does_not_know_is_not_passed_over),
        cmocka_unit_test(what_is_no_form_is_refused),
        cmocka_unit_test(a_form_in_parts_is_read),
        cmocka_unit_test(a_file_that_is_no_text_is_nothing),
        cmocka_unit_test(what_are_no_parts_is_refused),
        cmocka_unit_test(an_empty_command_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
