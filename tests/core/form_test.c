/* Forms: what a browser sends becomes what its JSON would be, with the same faults. */
#include <stdio.h>
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
        cmocka_unit_test(an_empty_command_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
