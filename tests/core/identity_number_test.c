/* Numbers that are published as examples, or of nobody alive: by Skatteverket in SKV 704 (640823-3234)
 * and SKV 707 (701063-2391); the Norwegian ones are of somebody born on the last day of 1899. */
#include <string.h>

#include "test.h"

#include "core/identity_number.h"

static const struct {
    const char *text;
    bool is_in;
} rows[] = {
    {"", false},
    {"A text without a digit", false},
    {"640823-3234", true},
    {"640823+3234", true},
    {"640823 3234", true},
    {"19640823-3234", true},
    {"19640823+3234", true},
    {"196408233234", true},
    {"701063-2391", true}, /* samordningsnummer */
    {"19701063-2391", true},
    {"Her number is 640823-3234, she says.", true},
    {"pnr640823-3234x", true},
    {"5 times 640823-3234", true},
    {"1234 640823-3234", true},
    {"\xC3\xA5"
     "640823-3234\xC3\xA5",
     true},
    {"6408233234", false},   /* ten in a row, as a telephone number has */
    {"640823-3235", false},  /* another check digit */
    {"640823-32345", false}, /* more digits */
    {"640823-323456", false},
    {"640823-323", false},   /* fewer */
    {"1640823-3234", false}, /* seven before the hyphen */
    {"640823--3234", false},
    {"640823/3234", false},
    {"641323-3237", false}, /* no such month, though the check digit is right */
    {"640832-3233", false}, /* no such day */
    {"640800-3231", false},
    {"640861-3237", true},    /* the first, of somebody with a samordningsnummer */
    {"640892-3230", false},   /* the thirty-second */
    {"17640823-3234", false}, /* no such century */
    {"21640823-3234", false},
    {"31129956715", true},
    {"311299 56715", true},
    {"fnr. 31129956715.", true},
    {"71129956709", true},  /* D-nummer */
    {"31129956716", false}, /* another second check digit */
    {"31129956723", false}, /* another first one */
    {"32129956715", false},
    {"311299-56715", false}, /* nobody writes it so */
    {"131129956715", false}, /* twelve digits, and no Swedish ones */
    {"AF-2026-000123", false},
    {"2026-11-22", false},
    {"+46 70 174 06 05", false},
    {"Call 08-123 456 78 between 2026-11-22 10:00 and 12:00", false},
    {"12345678901234567890123456789012345678901234567890", false},
    {"640823-", false},
    {"640823", false},
};

static void each_row_is_as_it_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (identity_number_is_in(rows[i].text, strlen(rows[i].text)) != rows[i].is_in)
            fail_msg("%s", rows[i].text);
}

static void a_text_ends_where_its_size_says(void **unused)
{
    (void)unused;
    assert_false(identity_number_is_in("640823-3234", 10));
    assert_false(identity_number_is_in("640823-3234", 7));
    assert_false(identity_number_is_in("31129956715", 10));
    assert_true(identity_number_is_in("640823-32345", 11));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_as_it_says),
        cmocka_unit_test(a_text_ends_where_its_size_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
