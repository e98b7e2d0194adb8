/* Telephone numbers as people and systems write them; those of Sweden are of the series that PTS
 * keeps for films and examples (070-174 06 05 to 99, 08-465 004 00). */
#include <string.h>

#include "test.h"

#include "core/error.h"
#include "intake/phone.h"

static const struct {
    const char *text;
    enum country country;
    const char *phone; /* NULL: what else is said, in part */
    const char *what;
} rows[] = {
    {"+46701740605", COUNTRY_SE, "+46701740605", NULL},
    {"+46701740605", COUNTRY_NO, "+46701740605", NULL},
    {"+46 70 174 06 05", COUNTRY_SE, "+46701740605", NULL},
    {"+46 (0)70-174 06 05", COUNTRY_SE, "+46701740605", NULL},
    {"+46 ( 0 ) 70 174 06 05", COUNTRY_SE, "+46701740605", NULL},
    {"(+46) 70 174 06 05", COUNTRY_SE, "+46701740605", NULL},
    {"+46(70)1740605", COUNTRY_SE, "+46701740605", NULL},
    {"+46 070 174 06 05", COUNTRY_NO, "+46701740605", NULL},
    {"070-174 06 05", COUNTRY_SE, "+46701740605", NULL},
    {"070/174 06 05", COUNTRY_SE, "+46701740605", NULL},
    {"070.174.06.05", COUNTRY_SE, "+46701740605", NULL},
    {"(070) 1740605", COUNTRY_SE, "+46701740605", NULL},
    {"(0)70 1740605", COUNTRY_SE, "+46701740605", NULL},
    {"  0701740605\t", COUNTRY_SE, "+46701740605", NULL},
    {"070\u00A0174\u202F06\u200905", COUNTRY_SE, "+46701740605", NULL},
    {"070\u2013174\u201106\u221205", COUNTRY_SE, "+46701740605", NULL},
    {"\u202A+46701740605\u202C", COUNTRY_SE, "+46701740605",
     NULL}, /* pasted from a list of contacts */
    {"\uFF0B\uFF14\uFF16\uFF17\uFF10\uFF11\uFF17\uFF14\uFF10\uFF16\uFF10\uFF15", COUNTRY_SE,
     "+46701740605", NULL},
    {"0046701740605", COUNTRY_SE, "+46701740605", NULL},
    {"00 46 70 174 06 05", COUNTRY_NO, "+46701740605", NULL},
    {"0046 (0)70 174 06 05", COUNTRY_SE, "+46701740605", NULL},
    {"46701740605", COUNTRY_SE, "+46701740605", NULL}, /* systems leave the plus out */
    {"08-465 004 00", COUNTRY_SE, "+46846500400", NULL},
    {"08-46 50 04", COUNTRY_SE, "+468465004", NULL},
    {"tel:+46-70-174-06-05", COUNTRY_NO, "+46701740605", NULL},
    {"TEL:+46701740605", COUNTRY_NO, "+46701740605", NULL},
    {"tel:+46701740605;verified=yes", COUNTRY_NO, "+46701740605", NULL},
    {"tel:0701740605;phone-context=+46", COUNTRY_NO, "+46701740605", NULL},
    {"tel:701740605;x=y;phone-context=+46;z=1", COUNTRY_NO, "+46701740605", NULL},
    {"tel:+46701740605;phone-context=+47", COUNTRY_NO, "+46701740605", NULL},
    {"tel:070-1740605", COUNTRY_SE, "+46701740605", NULL},
    {"22 86 44 00", COUNTRY_NO, "+4722864400", NULL},
    {"47 86 44 00", COUNTRY_NO, "+4747864400", NULL}, /* begins as the country does */
    {"4722864400", COUNTRY_NO, "+4722864400", NULL},
    {"+47 (0) 22 86 44 00", COUNTRY_SE, "+4722864400", NULL},
    {"+45 33 92 33 92", COUNTRY_SE, "+4533923392", NULL},
    {"00358 9 1234567", COUNTRY_SE, "+35891234567", NULL},
    {"+252 61 5551234", COUNTRY_SE, "+252615551234", NULL},
    {"+123456789012345", COUNTRY_SE, "+123456789012345", NULL},

    {"", COUNTRY_SE, NULL, "no telephone number"},
    {"   ", COUNTRY_SE, NULL, "no telephone number"},
    {"-", COUNTRY_SE, NULL, "no telephone number"},
    {"+", COUNTRY_SE, NULL, "no telephone number"},
    {"112", COUNTRY_SE, NULL, "no telephone number"},
    {"070-174 06 05, 08-465 004 00", COUNTRY_SE, NULL, "no telephone number"},
    {"++46701740605", COUNTRY_SE, NULL, "no telephone number"},
    {"070+1740605", COUNTRY_SE, NULL, "no telephone number"},
    {"+0701740605", COUNTRY_SE, NULL, "no telephone number"},
    {"000701740605", COUNTRY_SE, NULL, "no telephone number"},
    {"+123456", COUNTRY_SE, NULL, "no telephone number"},
    {"0701740605\n", COUNTRY_SE, NULL, "no telephone number"},
    {"1234567890123456789012345", COUNTRY_SE, NULL, "no telephone number"},
    {"070-174 06 05 ankn 12", COUNTRY_SE, NULL, "letters or an extension"},
    {"070-CALL-ME", COUNTRY_SE, NULL, "letters or an extension"},
    {"08-465 004 00#12", COUNTRY_SE, NULL, "letters or an extension"},
    {"tel:+46846500400;ext=12", COUNTRY_SE, NULL, "letters or an extension"},
    {"+1234567890123456", COUNTRY_SE, NULL, "too short or too long"},
    {"+46 70 174", COUNTRY_SE, NULL, "too short or too long"},
    {"+46 70 174 06 05 99", COUNTRY_SE, NULL, "too short or too long"},
    {"+47 228 644 000", COUNTRY_SE, NULL, "too short or too long"},
    {"+47 0228 6440", COUNTRY_SE, NULL, "too short or too long"},
    {"0701740605", COUNTRY_NO, NULL, "whose country is not known"},
    {"22 86 44 00", COUNTRY_SE, NULL, "whose country is not known"},
    {"701740605", COUNTRY_SE, NULL, "whose country is not known"},
    {"4533923392", COUNTRY_SE, NULL, "whose country is not known"},
};

static void assert_row(size_t i)
{
    char phone[PHONE_MAX + 1] = "untouched";
    const char *what = phone_read(rows[i].text, strlen(rows[i].text), rows[i].country, phone);

    if (rows[i].phone != NULL && what != NULL) fail_msg("%s is %s", rows[i].text, what);
    if (rows[i].phone != NULL && strcmp(phone, rows[i].phone) != 0)
        fail_msg("%s becomes %s", rows[i].text, phone);
    if (rows[i].phone == NULL && what == NULL) fail_msg("%s becomes %s", rows[i].text, phone);
    if (rows[i].phone == NULL && strstr(what, rows[i].what) == NULL)
        fail_msg("%s is %s", rows[i].text, what);
    if (rows[i].phone == NULL) assert_string_equal(phone, "untouched");
    if (rows[i].phone == NULL) assert_in_range(strlen(what), 1, ERROR_TEXT_MAX - 1);
}

static void each_is_kept_or_refused_as_it_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_row(i);
}

static void what_is_kept_is_kept_as_it_is(void **unused)
{
    char phone[PHONE_MAX + 1];

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].phone == NULL) continue;
        assert_null(phone_read(rows[i].phone, strlen(rows[i].phone), rows[i].country, phone));
        assert_string_equal(phone, rows[i].phone);
    }
}

static void a_text_ends_where_its_size_says(void **unused)
{
    char phone[PHONE_MAX + 1];

    (void)unused;
    assert_null(phone_read("0701740605x", 10, COUNTRY_SE, phone));
    assert_string_equal(phone, "+46701740605");
    assert_non_null(phone_read("tel:", 4, COUNTRY_SE, phone));
    assert_non_null(phone_read("tel:;ext=", 9, COUNTRY_SE, phone));
    assert_null(phone_read("tel:0701740605;phone-context=+461", 32, COUNTRY_SE, phone));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_kept_or_refused_as_it_says),
        cmocka_unit_test(what_is_kept_is_kept_as_it_is),
        cmocka_unit_test(a_text_ends_where_its_size_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
