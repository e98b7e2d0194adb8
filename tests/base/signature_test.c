/* Standard Webhooks 1.0.0: the published vector, and every reason to say no. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/signature.h"
#include "core/error.h"

#define SECRET    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID        "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define TIMESTAMP "1614265330"
#define BODY      "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
static const int64_t now_ms = 1614265330000;

static struct signature_secret secret(const char *text)
{
    struct signature_secret read;
    struct error err;

    if (!signature_read_secret(text, &read, &err)) fail_msg("%s: %s", text, err.text);
    return read;
}

static void the_published_message_is_signed_as_published(void **state)
{
    struct signature_secret key = secret(SECRET);
    char text[SIGNATURE_TEXT_SIZE];

    (void)state;
    signature_sign(&key, ID, 1614265330, BODY, strlen(BODY), text);
    assert_string_equal(text, SIGNATURE);
}

struct row {
    const char *what, *id, *timestamp, *signatures, *body;
    int64_t later_ms;
    enum signature_verdict verdict;
};

#define OTHER "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define LONG  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* clang-format off */
static const struct row rows[] = {
    {"as published",             ID, TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_GOOD},
    {"second of two",            ID, TIMESTAMP, OTHER " " SIGNATURE, BODY, 0, SIGNATURE_GOOD},
    {"first of two",             ID, TIMESTAMP, SIGNATURE " " OTHER, BODY, 0, SIGNATURE_GOOD},
    {"after other versions",     ID, TIMESTAMP, "v1a,hnO3f9T8 v2,x y " SIGNATURE, BODY, 0, SIGNATURE_GOOD},
    {"more spaces",              ID, TIMESTAMP, "  " SIGNATURE "  ", BODY, 0, SIGNATURE_GOOD},
    {"300 s old",                ID, TIMESTAMP, SIGNATURE, BODY, 300999, SIGNATURE_GOOD},
    {"301 s old",                ID, TIMESTAMP, SIGNATURE, BODY, 301000, SIGNATURE_TOO_OLD},
    {"300 s ahead",              ID, TIMESTAMP, SIGNATURE, BODY, -300000, SIGNATURE_GOOD},
    {"301 s ahead",              ID, TIMESTAMP, SIGNATURE, BODY, -301000, SIGNATURE_TOO_NEW},
    {"another body",             ID, TIMESTAMP, SIGNATURE, BODY " ", 0, SIGNATURE_WRONG},
    {"no body",                  ID, TIMESTAMP, SIGNATURE, "", 0, SIGNATURE_WRONG},
    {"another id",               ID "x", TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_WRONG},
    {"another time",             ID, "1614265331", SIGNATURE, BODY, 0, SIGNATURE_WRONG},
    {"another spelling of it",   ID, "01614265330", SIGNATURE, BODY, 0, SIGNATURE_WRONG},
    {"only other versions",      ID, TIMESTAMP, "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, 0, SIGNATURE_WRONG},
    {"an upper-case version",    ID, TIMESTAMP, "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, 0, SIGNATURE_WRONG},
    {"a dot after v1",           ID, TIMESTAMP, "v1.g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, 0, SIGNATURE_WRONG},
    {"a comma between",          ID, TIMESTAMP, OTHER "," SIGNATURE, BODY, 0, SIGNATURE_WRONG},
    {"no padding",               ID, TIMESTAMP, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE", BODY, 0, SIGNATURE_WRONG},
    {"other bits in the last",   ID, TIMESTAMP, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=", BODY, 0, SIGNATURE_WRONG},
    {"one byte less",            ID, TIMESTAMP, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1A==", BODY, 0, SIGNATURE_WRONG},
    {"one byte more",            ID, TIMESTAMP, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OEA", BODY, 0, SIGNATURE_WRONG},
    {"nothing after v1",         ID, TIMESTAMP, "v1,", BODY, 0, SIGNATURE_WRONG},
    {"an empty list",            ID, TIMESTAMP, "", BODY, 0, SIGNATURE_WRONG},
    {"wrong and old",            ID, TIMESTAMP, OTHER, BODY, 301000, SIGNATURE_TOO_OLD},
    {"no id",                    NULL, TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_MISSING_HEADER},
    {"no time",                  ID, NULL, SIGNATURE, BODY, 0, SIGNATURE_MISSING_HEADER},
    {"no signature",             ID, TIMESTAMP, NULL, BODY, 0, SIGNATURE_MISSING_HEADER},
    {"an empty id",              "", TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"an id with a dot",         "msg.1", TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"an id with a space",       "msg 1", TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"an id past ASCII",         "msg\xc3\xa5", TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"an id of 129",             LONG LONG "x", TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"an id of 128",             LONG LONG, TIMESTAMP, SIGNATURE, BODY, 0, SIGNATURE_WRONG},
    {"an empty time",            ID, "", SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"a signed time",            ID, "+1614265330", SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"a time before 1970",       ID, "-1614265330", SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"a time with a fraction",   ID, "1614265330.5", SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"a time with a space",      ID, " 1614265330", SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"a time in hexadecimal",    ID, "0x6037b5f2", SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"a time of 13 digits",      ID, "1614265330000", SIGNATURE, BODY, 0, SIGNATURE_MALFORMED},
    {"a time of 12 digits",      ID, "999999999999", SIGNATURE, BODY, 0, SIGNATURE_TOO_NEW},
};
/* clang-format on */

static struct signature_message message_of(const struct row *row)
{
    return (struct signature_message){row->id, row->timestamp, row->signatures, row->body,
                                      strlen(row->body)};
}

static void each_message_gets_its_verdict(void **state)
{
    struct signature_secret key = secret(SECRET);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct signature_message message = message_of(&rows[i]);
        enum signature_verdict verdict =
            signature_verify(&key, 1, &message, now_ms + rows[i].later_ms);

        if (verdict != rows[i].verdict)
            fail_msg("%s: %s", rows[i].what, signature_verdict_word(verdict));
    }
}

static void without_a_partner_nothing_is_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct signature_message message = message_of(&rows[i]);

        assert_int_equal(signature_verify(NULL, 0, &message, now_ms), SIGNATURE_NO_SUCH_PARTNER);
    }
}

static void what_stands_in_for_a_partners_secret_lets_nobody_in(void **state)
{
    struct signature_secret nobody = {.size = SIGNATURE_SECRET_MADE};
    struct signature_message message = {ID, TIMESTAMP, NULL, BODY, strlen(BODY)};
    char text[SIGNATURE_TEXT_SIZE];

    (void)state;
    signature_sign(&nobody, ID, 1614265330, BODY, strlen(BODY), text);
    message.signatures = text;
    assert_int_equal(signature_verify(NULL, 0, &message, now_ms), SIGNATURE_NO_SUCH_PARTNER);
}

static void while_a_secret_changes_both_are_good(void **state)
{
    struct signature_secret keys[2];
    struct signature_message message = {ID, TIMESTAMP, SIGNATURE, BODY, strlen(BODY)};

    (void)state;
    signature_make_secret(&keys[0]);
    keys[1] = secret(SECRET);
    assert_int_equal(signature_verify(keys, 2, &message, now_ms), SIGNATURE_GOOD);
    assert_int_equal(signature_verify(keys, 1, &message, now_ms), SIGNATURE_WRONG);
}

static void a_header_past_its_limit_is_malformed(void **state)
{
    struct signature_secret key = secret(SECRET);
    char header[SIGNATURE_HEADER_MAX + 2];
    struct signature_message message = {ID, TIMESTAMP, header, BODY, strlen(BODY)};

    (void)state;
    memset(header, ' ', sizeof header);
    memcpy(header, SIGNATURE, strlen(SIGNATURE));
    header[SIGNATURE_HEADER_MAX] = '\0';
    assert_int_equal(signature_verify(&key, 1, &message, now_ms), SIGNATURE_GOOD);
    header[SIGNATURE_HEADER_MAX] = ' ';
    header[SIGNATURE_HEADER_MAX + 1] = '\0';
    assert_int_equal(signature_verify(&key, 1, &message, now_ms), SIGNATURE_MALFORMED);
}

static void a_body_may_hold_any_bytes(void **state)
{
    static const char body[] = "\0\xff\n\0";
    struct signature_secret key = secret(SECRET);
    char text[SIGNATURE_TEXT_SIZE];
    struct signature_message message = {ID, TIMESTAMP, text, body, sizeof body};

    (void)state;
    signature_sign(&key, ID, 1614265330, body, sizeof body, text);
    assert_int_equal(signature_verify(&key, 1, &message, now_ms), SIGNATURE_GOOD);
    message.size--;
    assert_int_equal(signature_verify(&key, 1, &message, now_ms), SIGNATURE_WRONG);
}

static void a_secret_is_whsec_and_24_to_64_bytes(void **state)
{
    static const struct {
        size_t size;
        bool is_good;
    } sizes[] = {{23, false}, {24, true}, {32, true}, {64, true}, {65, false}, {0, false}};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t bytes[65] = {1, 2, 3};
        char text[120] = "whsec_";
        struct signature_secret read;
        struct error err;

        crypto_base64_encode(bytes, sizes[i].size, text + 6);
        assert_int_equal(signature_read_secret(text, &read, &err), sizes[i].is_good);
        if (!sizes[i].is_good) continue;
        assert_int_equal(read.size, sizes[i].size);
        assert_memory_equal(read.bytes, bytes, read.size);
    }
}

static void what_is_no_secret_is_refused_and_not_repeated(void **state)
{
    static const char *const texts[] = {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
                                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
                                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS-",
                                        "whsec_",
                                        ""};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct signature_secret read = {.size = 99};
        struct error err;

        if (signature_read_secret(texts[i], &read, &err)) fail_msg("\"%s\" was taken", texts[i]);
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_null(strstr(err.text, "MfKQ"));
        assert_int_equal(read.size, 99);
    }
}

static void a_made_secret_is_written_and_read_again(void **state)
{
    struct signature_secret made, other, read;
    char text[SIGNATURE_SECRET_TEXT_SIZE];

    (void)state;
    signature_make_secret(&made);
    signature_make_secret(&other);
    assert_memory_not_equal(made.bytes, other.bytes, made.size);
    signature_write_secret(&made, text);
    read = secret(text);
    assert_int_equal(read.size, made.size);
    assert_memory_equal(read.bytes, made.bytes, made.size);
}

static void the_longest_secret_fits_its_text(void **state)
{
    struct signature_secret longest = {.size = SIGNATURE_SECRET_MAX};
    char text[SIGNATURE_SECRET_TEXT_SIZE];

    (void)state;
    signature_write_secret(&longest, text);
    assert_int_equal(strlen(text), sizeof text - 1);
}

static int start(void **state)
{
    (void)state;
    crypto_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_message_is_signed_as_published),
        cmocka_unit_test(each_message_gets_its_verdict),
        cmocka_unit_test(without_a_partner_nothing_is_good),
        cmocka_unit_test(what_stands_in_for_a_partners_secret_lets_nobody_in),
        cmocka_unit_test(while_a_secret_changes_both_are_good),
        cmocka_unit_test(a_header_past_its_limit_is_malformed),
        cmocka_unit_test(a_body_may_hold_any_bytes),
        cmocka_unit_test(a_secret_is_whsec_and_24_to_64_bytes),
        cmocka_unit_test(what_is_no_secret_is_refused_and_not_repeated),
        cmocka_unit_test(a_made_secret_is_written_and_read_again),
        cmocka_unit_test(the_longest_secret_fits_its_text),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
