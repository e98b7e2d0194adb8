/* The JSON codec, field by field: tram.json has one of every type. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "contract/driver.h"
#include "contract/tram.h"
#include "core/json.h"

static const struct date today = {20785}; /* 2026-11-28 */
static struct error err;
static struct tram tram;
static struct tram_see see;

static const char whole[] =
    "{\"id\":\"01939d4e-8c00-7abc-8def-0123456789ab\",\"state\":\"built\",\"number\":-5,"
    "\"built\":\"1860-06-26\",\"seen\":\"2026-11-22T10:00:00.000Z\",\"is_open\":true,"
    "\"name\":\"\xC3\x85kan\",\"plate\":\"ABC-123\",\"remark\":\"a \\\"b\\\" \\\\ \\n\\u0001/\","
    "\"key\":\"AP8=\",\"makers\":[\"ASEA\",\"Hawker\"],"
    "\"stops\":[{\"name\":\"Slussen\"},{\"name\":\"Odenplan\",\"doors\":[1,9]}],"
    "\"first\":{\"name\":\"Alk\xC3\xA4rret\"},"
    "\"owner\":\"00000000-0000-0000-0000-000000000000\",\"since\":\"1860-06\"}";

static bool read_tram(const char *text)
{
    return json_read(&tram_descriptor, text, strlen(text), today, &tram, &err);
}

static bool read_see(const char *text)
{
    return json_read(&tram_see_descriptor, text, strlen(text), today, &see, &err);
}

static void assert_fault(uint32_t i, const char *field, const char *what)
{
    assert_in_range(i, 0, err.fault_count - 1);
    assert_string_equal(err.faults[i].field, field);
    assert_string_equal(err.faults[i].what, what);
}

static void a_text_of_blanks_says_nothing(void **unused)
{
    static const char *const blanks[] = {" ", "  \\t", "\\n", "\xC2\xA0"};

    (void)unused;
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        char text[256];

        snprintf(text, sizeof text, "{\"stop\":{\"name\":\"%s\"}}", blanks[i]);
        assert_false(read_see(text));
        assert_fault(0, "stop.name", "blank: there has to be something to read");
    }
}

static void every_type_is_read(void **unused)
{
    (void)unused;
    assert_true(read_tram(whole));
    assert_int_equal(tram.id.bytes[1], 0x93);
    assert_int_equal(tram.state, TRAM_STATE_BUILT);
    assert_int_equal(tram.number, -5);
    assert_int_equal(tram.built.day, -40000);
    assert_int_equal(tram.seen.ms, 1795341600000);
    assert_true(tram.is_open && tram.has_name && tram.has_remark && tram.has_owner);
    assert_string_equal(tram.name, "\xC3\x85kan");
    assert_string_equal(tram.remark, "a \"b\" \\ \n\001/");
    assert_int_equal(tram.key.size, 2);
    assert_memory_equal(tram.key.at, "\x00\xFF", 2);
    assert_int_equal(tram.makers.count, 2);
    assert_string_equal(tram.makers.at[1], "Hawker");
    assert_int_equal(tram.stops.count, 2);
    assert_false(tram.stops.at[0].has_doors);
    assert_int_equal(tram.stops.at[1].doors.at[1], 9);
    assert_int_equal(tram.since.first, -40025);
    assert_int_equal(tram.since.last, -39996);
    assert_false(tram.has_secret);
}

static void what_is_read_is_written_the_same(void **unused)
{
    char text[sizeof whole];
    size_t size = sizeof whole - 1;

    (void)unused;
    assert_true(read_tram(whole));
    assert_true(json_write(&tram_descriptor, &tram, text, &size, &err));
    assert_int_equal(size, sizeof whole - 1);
    assert_memory_equal(text, whole, size);
}

static void what_is_internal_is_not_written(void **unused)
{
    char text[sizeof whole];
    size_t size = sizeof text;

    (void)unused;
    assert_true(read_tram(whole));
    tram.has_secret = true;
    tram.secret = 42;
    assert_true(json_write(&tram_descriptor, &tram, text, &size, &err));
    assert_int_equal(size, sizeof whole - 1);
}

static void what_does_not_fit_is_an_error(void **unused)
{
    char text[sizeof whole];

    (void)unused;
    assert_true(read_tram(whole));
    for (size_t room = 0; room < sizeof whole - 1; room++) {
        assert_false(json_write(&tram_descriptor, &tram, text, &(size_t){room}, &err));
        assert_string_equal(err.code, "too_large");
    }
}

static void numbers_are_written_to_their_ends(void **unused)
{
    static const struct field field = {.name = "n", .type = FIELD_INT, .present = NO_FLAG};
    static const struct descriptor number = {"number", sizeof(int64_t), 1, &field, NULL};
    static const int64_t numbers[] = {0, -1, 10, INT64_MAX, INT64_MIN};
    static const char *const texts[] = {"{\"n\":0}", "{\"n\":-1}", "{\"n\":10}",
                                        "{\"n\":9223372036854775807}",
                                        "{\"n\":-9223372036854775808}"};

    (void)unused;
    for (size_t i = 0; i < 5; i++) {
        char text[64] = {0};
        size_t size = sizeof text;

        assert_true(json_write(&number, &numbers[i], text, &size, &err));
        assert_string_equal(text, texts[i]);
    }
}

static const char tram_with[] =
    "{\"id\":\"01939d4e-8c00-7abc-8def-0123456789ab\",\"state\":\"built\","
    "\"number\":7,\"built\":\"1950-01-01\","
    "\"seen\":\"2026-11-22T10:00:00Z\",\"is_open\":true,\"plate\":\"ABC-"
    "123\",\"key\":\"AAAAAAAAAAA=\","
    "\"makers\":[],\"stops\":[],\"first\":{\"name\":\"X\"},%s}";

static bool read_whole_with(const char *more)
{
    char text[1024];

    snprintf(text, sizeof text, tram_with, more);
    return read_tram(text);
}

/* As forms and other systems send what nobody filled in. */
static void nothing_is_what_is_left_out(void **unused)
{
    static const char *const nothing[] = {"\"name\":null,\"owner\":null",
                                          "\"name\":\"\",\"owner\":\"\"",
                                          "\"name\":\" \\t\\n\",\"owner\":\" \xC2\xA0\""};

    (void)unused;
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        if (!read_whole_with(nothing[i]))
            fail_msg("%s: %s", err.faults[0].field, err.faults[0].what);
        assert_false(tram.has_name || tram.has_owner);
        assert_string_equal(tram.name, "");
    }
    assert_true(read_whole_with("\"name\":\" x\""));
    assert_true(tram.has_name);
    assert_false(read_see("{\"stop\":{\"name\":null}}"));
    assert_fault(0, "stop.name", "missing");
    assert_false(read_see("{\"stop\":{\"name\":\"\"}}"));
    assert_fault(0, "stop.name", "too short");
    assert_false(read_see("{\"stop\":{\"name\":\" \\t\\u200b\"}}"));
    assert_fault(0, "stop.name", "blank: there has to be something to read");
    assert_false(read_see("{\"stop\":{\"name\":\"X\",\"doors\":[null]}}"));
    assert_fault(0, "stop.doors[0]", "not a whole number");
}

static void a_day_of_which_little_is_known_is_shown_as_it_was_said(void **unused)
{
    static const char *const said[] = {"\"since\":\"1860-06-26\"", "\"since\":\"1860-06\"",
                                       "\"since\":\"1860\""};
    static const char *const strange[] = {"\"since\":1860", "\"since\":\"1860-06-26T10:00:00Z\"",
                                          "\"since\":\"18\"", "\"since\":[]"};
    char text[sizeof whole + 64];

    (void)unused;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        size_t size = sizeof text - 1;

        assert_true(read_whole_with(said[i]));
        assert_true(json_write(&tram_descriptor, &tram, text, &size, &err));
        text[size] = '\0';
        assert_non_null(strstr(text, said[i]));
    }
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
        assert_false(read_whole_with(strange[i]));
}

static void a_message_without_a_body_is_an_empty_object(void **unused)
{
    char text[2];
    size_t size = sizeof text;

    (void)unused;
    assert_true(json_write(&tram_scrap_descriptor, NULL, text, &size, &err));
    assert_memory_equal(text, "{}", 2);
    assert_true(json_read(&tram_scrap_descriptor, " { } ", 5, today, NULL, &err));
    assert_false(json_read(&tram_scrap_descriptor, "{\"x\":1}", 7, today, NULL, &err));
    assert_true(json_read_some(&tram_scrap_descriptor, "{\"x\":1}", 7, today, NULL, &err));
}

static bool is_remark_faulty(const char *text, struct date day)
{
    assert_false(json_read(&tram_descriptor, text, strlen(text), day, &tram, &err));
    for (uint32_t i = 0; i < err.fault_count; i++)
        if (strcmp(err.faults[i].field, "remark") == 0) return true;
    return false;
}

static void whose_number_a_text_may_hold_depends_on_the_day(void **unused)
{
    const struct date earlier = {2790}; /* 1977-08-22: whose it would be is twelve */

    (void)unused;
    assert_true(is_remark_faulty("{\"remark\":\"19640823-3234\"}", today));
    assert_false(is_remark_faulty("{\"remark\":\"19640823-3234\"}", earlier));
}

static void a_word_that_only_rules_say_is_refused(void **unused)
{
    struct field fields[64];
    struct descriptor ours = tram_descriptor;
    const char *text = "{\"id\":\"x\",\"state\":\"scrapped\"}";

    (void)unused;
    assert_false(read_tram(text));
    assert_string_not_equal(err.faults[1].field, "state");
    memcpy(fields, tram_descriptor.fields, tram_descriptor.count * sizeof fields[0]);
    for (size_t i = 0; i < ours.count; i++)
        if (fields[i].type == FIELD_WORD) fields[i].ours = UINT64_C(1) << TRAM_STATE_SCRAPPED;
    ours.fields = fields;
    assert_false(json_read(&ours, text, strlen(text), today, &tram, &err));
    assert_fault(1, "state", "none of these: none, built, scrapped");
}

static void every_faulty_field_is_named_by_its_path(void **unused)
{
    static const struct tram zero;

    (void)unused;
    assert_false(read_tram(
        "{\"id\":\"x\",\"state\":\"gone\",\"number\":2001,\"built\":\"today\","
        "\"seen\":\"2026-11-22\",\"is_open\":1,\"name\":\"long enough\",\"plate\":\"abc-12\","
        "\"remark\":\"640823-3234\",\"key\":\"%\",\"makers\":[\"A\",7],"
        "\"stops\":[1,{\"doors\":[1,\"x\",3]},{\"name\":\"X\",\"doors\":[0,\"x\"]}],"
        "\"first\":[],\"owner\":7,\"since\":\"1860-6\"}"));
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_string_equal(err.code, "invalid");
    assert_fault(0, "id", "not a UUID");
    assert_fault(1, "state", "none of these: none, built, scrapped");
    assert_fault(2, "number", "not from -5 to 2000");
    assert_fault(3, "built", "not a date such as 2026-11-22");
    assert_fault(4, "seen", "not an instant such as 2026-11-22T10:00:00Z");
    assert_fault(5, "is_open", "neither true nor false");
    assert_fault(6, "name", "too long");
    assert_fault(7, "plate", "not three capitals, a hyphen, two to four digits, such as ABC-123");
    assert_fault(8, "remark",
                 "a text with what looks like a national identity number: leave it out; if it is "
                 "another, write letters before it (AF-6408233234)");
    assert_fault(9, "key", "not base64");
    assert_fault(10, "makers[1]", "not a text");
    assert_fault(11, "stops[0]", "not an object");
    assert_fault(12, "stops[1].name", "missing");
    assert_fault(13, "stops[1].doors", "longer than it may be");
    assert_fault(14, "stops[2].doors[0]", "not from 1 to 9");
    assert_fault(15, "stops[2].doors[1]", "not a whole number");
    assert_fault(16, "first", "not an object");
    assert_fault(17, "owner", "not a UUID");
    assert_fault(18, "since",
                 "neither a day such as 1987-05-17, nor a month (1987-05), nor a year (1987)");
    assert_int_equal(err.fault_count, 19);
    assert_memory_equal(&tram, &zero, sizeof zero);

    assert_false(read_tram("{\"key\":\"AAAAAAAAAAAAAAAA\",\"seen\":\"1969-12-31T23:59:59Z\"}"));
    assert_fault(0, "id", "missing");
    assert_fault(4, "seen", "not from 1970-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z");
    assert_fault(7, "key", "longer than it may be");
}

static void limits_of_text_count_characters(void **unused)
{
    (void)unused;
    assert_true(read_see("{\"stop\":{\"name\":\"\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5"
                         "\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5\xC3\xA5\"}}"));
    assert_true(read_see("{\"stop\":{\"name\":\"\\ud83d\\ude8b\"}}"));
    assert_string_equal(see.stop.name, "\xF0\x9F\x9A\x8B");
    assert_false(read_see("{\"stop\":{\"name\":\"elevenchars\"}}"));
    assert_fault(0, "stop.name", "too long");
    assert_false(read_see("{\"stop\":{\"name\":\"a\\u0000b\"}}"));
    assert_fault(0, "stop.name", "not UTF-8 without NUL");
}

/* Bodies by what is wrong with them: not JSON at all, or JSON that we do not take. */
static const struct {
    const char *text, *code;
} bodies[] = {
    {"", "not_json"},
    {" ", "not_json"},
    {"{", "not_json"},
    {"{}{}", "not_json"},
    {"{} x", "not_json"},
    {"{\"stop\"}", "not_json"},
    {"{\"stop\":{\"name\":\"X\"},}", "not_json"},
    {"{'stop':1}", "not_json"},
    {"{\"a\":01}", "not_json"},
    {"{\"a\":+1}", "not_json"},
    {"{\"a\":.5}", "not_json"},
    {"{\"a\":NaN}", "not_json"},
    {"{\"a\":True}", "not_json"},
    {"{\"a\":\"\t\"}", "not_json"},
    {"{\"a\":\"\\x\"}", "not_json"},
    {"{\"a\":\"\\ud83d\"}", "not_json"},
    {"{\"a\":\"\xC0\xAF\"}", "not_json"},
    {"{\"a\":\"\xED\xA0\x80\"}", "not_json"},
    {"\xEF\xBB\xBF{}", "not_json"},
    {"/* no */{}", "not_json"},
    {"[]", "invalid"},
    {"1", "invalid"},
    {"null", "invalid"},
    {"\"x\"", "invalid"},
    {"{}", "invalid"},
    {"{\"stop\":{\"name\":\"X\"},\"a\":1,\"a\":1}", "invalid"},
    {"{\"stop\":{\"name\":\"X\"},\"stop\":{\"name\":\"X\"}}", "invalid"},
    {"{\"stop\":{\"name\":\"X\",\"name\":\"X\"}}", "invalid"},
    {"{\"stop\":{\"name\":\"X\"},\"a\":{\"b\":1,\"b\":1}}", "invalid"},
    {"{\"stop\":{\"name\":\"X\"},\"a\\u0000b\":1}", "invalid"},
    {"{\"stop\":{\"name\":\"X\"},\"a\":9223372036854775808}", "invalid"},
    {"{\"stop\":{\"name\":\"X\"},\"a\":1e400}", "invalid"},
    {"{\"stop\":null}", "invalid"},
};

static void what_is_not_json_is_told_from_what_is_not_ours(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        if (read_see(bodies[i].text)) fail_msg("%s", bodies[i].text);
        assert_int_equal(err.kind, ERROR_INVALID);
        if (strcmp(err.code, bodies[i].code) != 0)
            fail_msg("%s: %s, %s", bodies[i].text, err.code, err.text);
    }
    assert_false(read_see("{\"stop\":\n  x}"));
    assert_string_equal(err.text, "It is not JSON: byte 12, line 2, column 3.");
    assert_false(
        json_read(&tram_see_descriptor, "{\"stop\":{\"name\":\"X\"}}\0", 23, today, &see, &err));
    assert_string_equal(err.code, "not_json");
}

static void what_was_sent_is_not_quoted(void **unused)
{
    (void)unused;
    assert_false(read_see("{\"stop\":{\"name\":\"Secret\" oops}}"));
    assert_null(strstr(err.text, "ecret"));
    assert_false(read_see("{\"Secret\":1,\"Secret\":1}"));
    assert_null(strstr(err.text, "ecret"));
}

static void a_field_we_do_not_know_is_refused_with_the_one_that_may_be_meant(void **unused)
{
    (void)unused;
    assert_false(read_see("{\"x\":{\"y\":[1.5,null,{}]},\"stpo\":1,"
                          "\"stop\":{\"nmae\":null,\"Door\":[1],\"name\":\"X\"}}"));
    assert_fault(0, "stop.nmae", "no field here");
    assert_fault(1, "stop.Door", "no field here; perhaps `doors` is meant");
    assert_fault(2, "x", "no field here");
    assert_fault(3, "stpo", "no field here");
    assert_int_equal(err.fault_count, 4);
    assert_string_equal(err.text, "tram.see has faulty fields");
    assert_false(read_tram("{\"makrs\":[],\"is-open\":true}"));
    assert_fault(err.fault_count - 2, "makrs", "no field here; perhaps `makers` is meant");
    assert_fault(err.fault_count - 1, "is-open", "no field here; perhaps `is_open` is meant");
}

static void what_is_no_name_of_a_field_is_not_said_back(void **unused)
{
    (void)unused;
    assert_false(read_see("{\"640823-3234\":1,\"stop\":{\"name\":\"X\",\"\":2,"
                          "\"a name that somebody has\":3}}"));
    assert_fault(0, "stop.?", "no field here");
    assert_fault(1, "stop.?", "no field here");
    assert_fault(2, "?", "no field here");
}

static void what_somebody_else_reads_is_passed_over_outside_but_not_inside(void **unused)
{
    static const char good[] = "{\"x\":1,\"stop\":{\"name\":\"X\"}}";
    static const char bad[] = "{\"x\":1,\"stop\":{\"name\":\"X\",\"y\":1}}";

    (void)unused;
    assert_true(json_read_some(&tram_see_descriptor, good, sizeof good - 1, today, &see, &err));
    assert_false(json_read_some(&tram_see_descriptor, bad, sizeof bad - 1, today, &see, &err));
    assert_fault(0, "stop.y", "no field here");
}

static void what_is_made_where_it_is_left_out_is_not_missed(void **unused)
{
    static const struct field field = {.name = "n",
                                       .type = FIELD_INT,
                                       .present = NO_FLAG,
                                       .min = 5,
                                       .max = 9,
                                       .flags = FIELD_MADE};
    static const struct descriptor made = {"made", sizeof(int64_t), 1, &field, NULL};
    int64_t number = 7;

    (void)unused;
    assert_true(json_read(&made, "{}", 2, today, &number, &err));
    assert_int_equal(number, 0);
    assert_true(json_read(&made, "{\"n\":6}", 7, today, &number, &err));
    assert_int_equal(number, 6);
    assert_false(json_read(&made, "{\"n\":0}", 7, today, &number, &err));
    assert_fault(0, "n", "not from 5 to 9");
    assert_false(json_read_some(&made, "{}", 2, today, &number, &err));
    assert_fault(0, "n", "missing");
}

/* By whoever makes it; who makes nothing is told it as anything else. */
static void what_is_made_here_alone_is_not_to_be_chosen(void **unused)
{
    static const struct field field = {.name = "n",
                                       .type = FIELD_INT,
                                       .present = NO_FLAG,
                                       .min = 5,
                                       .max = 9,
                                       .flags = FIELD_MADE | FIELD_INTERNAL};
    static const struct descriptor made = {"made", sizeof(int64_t), 1, &field, NULL};
    int64_t number;

    (void)unused;
    assert_true(json_read(&made, "{}", 2, today, &number, &err));
    assert_true(json_read(&made, "{\"n\":null}", 10, today, &number, &err));
    assert_false(json_read(&made, "{\"n\":6}", 7, today, &number, &err));
    assert_fault(0, "n", "not to be chosen: leave it out, it is made here and shown once");
    assert_true(json_read_some(&made, "{\"n\":6}", 7, today, &number, &err));
    assert_int_equal(number, 6);
}

static void nesting_has_an_end(void **unused)
{
    char text[4096] = "{\"stop\":{\"name\":\"X\"},\"x\":";
    const size_t begin = strlen(text);

    (void)unused;
    for (size_t depth = 1; depth < 1500; depth++) {
        memset(text + begin, '[', depth);
        memset(text + begin + depth, ']', depth);
        text[begin + 2 * depth] = '}';
        text[begin + 2 * depth + 1] = '\0';
        assert_false(read_see(text));
        if (depth < JSON_DEPTH_MAX) assert_fault(0, "x", "no field here");
        if (depth < JSON_DEPTH_MAX) continue;
        assert_string_equal(err.text, "It nests deeper than 16.");
        depth += 250;
    }
}

static void a_body_has_a_largest_size(void **unused)
{
    static char text[JSON_SIZE_MAX + 1];

    (void)unused;
    memset(text, ' ', sizeof text);
    memcpy(text, "{}", 2);
    assert_true(json_read(&tram_scrap_descriptor, text, JSON_SIZE_MAX, today, NULL, &err));
    assert_false(json_read(&tram_scrap_descriptor, text, JSON_SIZE_MAX + 1, today, NULL, &err));
    assert_string_equal(err.code, "too_large");
}

/* Webhooks. */

static const struct descriptor *pick(void *cookie, const char *type)
{
    (void)cookie;
    if (strcmp(type, "tram.seen") == 0) return &tram_see_descriptor;
    return strcmp(type, "tram.gone") == 0 ? &tram_scrap_descriptor : NULL;
}

static bool read_hook(const char *text, struct json_hook *hook)
{
    return json_read_hook(text, strlen(text), today, pick, NULL, &see, hook, &err);
}

static void a_webhook_is_read_by_its_type(void **unused)
{
    struct json_hook hook;

    (void)unused;
    assert_true(read_hook("{\"data\":{\"stop\":{\"name\":\"X\",\"z\":{\"a\":1}},\"x\":1,\"y\":2},"
                          "\"more\":1,\"type\":\"tram.seen\","
                          "\"timestamp\":\"2026-11-22T10:00:00Z\"}",
                          &hook));
    assert_int_equal(hook.strangers, 3);
    assert_string_equal(hook.type, "tram.seen");
    assert_int_equal(hook.timestamp.ms, 1795341600000);
    assert_ptr_equal(hook.data, &tram_see_descriptor);
    assert_string_equal(see.stop.name, "X");
    assert_true(
        read_hook("{\"type\":\"tram.gone\",\"timestamp\":\"2026-11-22T10:00:00Z\"}", &hook));
    assert_int_equal(hook.strangers, 0);
}

static void a_faulty_webhook_is_told_all_that_is_wrong(void **unused)
{
    struct json_hook hook;

    (void)unused;
    assert_false(read_hook("{\"type\":\"tram.seen\",\"data\":{\"stop\":{},\"by\":1}}", &hook));
    assert_fault(0, "timestamp", "missing");
    assert_fault(1, "stop.name", "missing");
    assert_fault(2, "by", "not a UUID");
    assert_int_equal(err.fault_count, 3);

    assert_false(read_hook("{\"type\":\"tram.lost\",\"timestamp\":\"now\",\"data\":{}}", &hook));
    assert_fault(0, "type", "none of the types that are taken here");
    assert_fault(1, "timestamp", "not an instant such as 2026-11-22T10:00:00Z");
    assert_int_equal(err.fault_count, 2);

    assert_false(read_hook("{\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":{}}", &hook));
    assert_fault(0, "type", "missing");
    assert_false(read_hook("{\"type\":7}", &hook));
    assert_fault(0, "type", "not a text");
    assert_false(read_hook("{\"type\":\"tram.seen\\u0000\"}", &hook));
    assert_fault(0, "type", "none of the types that are taken here");

    assert_false(
        read_hook("{\"type\":\"tram.seen\",\"timestamp\":\"2026-11-22T10:00:00Z\"}", &hook));
    assert_fault(0, "data", "missing");
    assert_false(read_hook(
        "{\"type\":\"tram.seen\",\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":[]}", &hook));
    assert_fault(0, "data", "not an object");

    assert_false(read_hook("[]", &hook));
    assert_string_equal(err.code, "invalid");
    assert_false(read_hook("{", &hook));
    assert_string_equal(err.code, "not_json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_of_blanks_says_nothing),
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(what_is_read_is_written_the_same),
        cmocka_unit_test(what_is_internal_is_not_written),
        cmocka_unit_test(what_does_not_fit_is_an_error),
        cmocka_unit_test(numbers_are_written_to_their_ends),
        cmocka_unit_test(nothing_is_what_is_left_out),
        cmocka_unit_test(a_day_of_which_little_is_known_is_shown_as_it_was_said),
        cmocka_unit_test(a_message_without_a_body_is_an_empty_object),
        cmocka_unit_test(whose_number_a_text_may_hold_depends_on_the_day),
        cmocka_unit_test(a_word_that_only_rules_say_is_refused),
        cmocka_unit_test(every_faulty_field_is_named_by_its_path),
        cmocka_unit_test(limits_of_text_count_characters),
        cmocka_unit_test(what_is_not_json_is_told_from_what_is_not_ours),
        cmocka_unit_test(what_was_sent_is_not_quoted),
        cmocka_unit_test(a_field_we_do_not_know_is_refused_with_the_one_that_may_be_meant),
        cmocka_unit_test(what_is_no_name_of_a_field_is_not_said_back),
        cmocka_unit_test(what_somebody_else_reads_is_passed_over_outside_but_not_inside),
        cmocka_unit_test(what_is_made_where_it_is_left_out_is_not_missed),
        cmocka_unit_test(what_is_made_here_alone_is_not_to_be_chosen),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(a_body_has_a_largest_size),
        cmocka_unit_test(a_webhook_is_read_by_its_type),
        cmocka_unit_test(a_faulty_webhook_is_told_all_that_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
