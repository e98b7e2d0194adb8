/* E-mail addresses as people write them; the A-labels are what Python's idna and the registries' own
 * pages make of the same names. */
#include <string.h>

#include "test.h"

#include "core/error.h"
#include "intake/mailbox.h"

#define TEN        "abcdefghij"
#define SIXTY      TEN TEN TEN TEN TEN TEN
#define LABELS_188 SIXTY "abc." SIXTY "ab." SIXTY "." /* with their dots */

static const struct {
    const char *text;
    const char *mailbox; /* NULL: what else is said, in part */
    const char *what;
} rows[] = {
    {"ada@example.org", "ada@example.org", NULL},
    {"Ada.Lovelace+x@Example.ORG", "Ada.Lovelace+x@example.org", NULL},
    {"o'hara!#$%&*/=?^_`{|}~-@a-b.se", "o'hara!#$%&*/=?^_`{|}~-@a-b.se", NULL},
    {"0@1.no", "0@1.no", NULL},
    {" ada@example.org\t", "ada@example.org", NULL},
    {"\u00A0ada@example.org\u200B", "ada@example.org", NULL},
    {"<ada@example.org>", "ada@example.org", NULL},
    {"mailto:ada@example.org", "ada@example.org", NULL},
    {"<MAILTO:ada@example.org>", "ada@example.org", NULL},
    {"ada@r\u00E4ksm\u00F6rg\u00E5s.se", "ada@xn--rksmrgs-5wao1o.se", NULL},
    {"ada@R\u00C4KSM\u00D6RG\u00C5S.SE", "ada@xn--rksmrgs-5wao1o.se", NULL},
    {"ada@ra\u0308ksmo\u0308rga\u030As.se", "ada@xn--rksmrgs-5wao1o.se", NULL}, /* decomposed */
    {"ada@XN--RKSMRGS-5WAO1O.se", "ada@xn--rksmrgs-5wao1o.se", NULL},
    {"ada@bl\u00E5b\u00E6r.no", "ada@xn--blbr-roah.no", NULL},
    {"ada@fa\u00DF.de", "ada@xn--fa-hia.de", NULL},
    {"ada@\u4F8B\u3048\u3002jp", "ada@xn--r8jz45g.jp", NULL}, /* with that script's own full stop */
    {"ada@example\uFF0Eorg", "ada@example.org", NULL},
    {"ada@r3---x.se", "ada@r3---x.se", NULL},
    {SIXTY "abcd@example.org", SIXTY "abcd@example.org", NULL},
    {SIXTY "abcd@" LABELS_188 "d", SIXTY "abcd@" LABELS_188 "d", NULL}, /* 254 in all */

    {"", NULL, "no e-mail address"},
    {" ", NULL, "no e-mail address"},
    {"ada", NULL, "no e-mail address"},
    {"@example.org", NULL, "no e-mail address"},
    {"<>", NULL, "no e-mail address"},
    {"mailto:", NULL, "no e-mail address"},
    {"\u00E5sa@example.org", NULL, "before the @ may stand a to z"},
    {"ada lovelace@example.org", NULL, "before the @ may stand a to z"},
    {"Ada <ada@example.org>", NULL, "before the @ may stand a to z"},
    {"a(x)@example.org", NULL, "before the @ may stand a to z"},
    {"a\\b@example.org", NULL, "before the @ may stand a to z"},
    {"a:b@example.org", NULL, "before the @ may stand a to z"},
    {"a;b@example.org", NULL, "before the @ may stand a to z"},
    {"a\r\nRCPT TO:<b@c.se>@example.org", NULL, "before the @ may stand a to z"},
    {"\"ada lovelace\"@example.org", NULL, "quotation marks"},
    {"\"ada@home\"@example.org", NULL, "quotation marks"},
    {".ada@example.org", NULL, "dots stand alone"},
    {"ada.@example.org", NULL, "dots stand alone"},
    {"a..b@example.org", NULL, "dots stand alone"},
    {"ada@mail.internal", "ada@mail.internal", NULL}, /* a server of one's own may know it */
    {"ada@example.invalid", NULL, "domain cannot be"},
    {"ada@x.onion", NULL, "domain cannot be"},
    {"ada@example", NULL, "has no dot"},
    {"ada@localhost", NULL, "has no dot"},
    {"ada@r\u00E4ksm\u00F6rg\u00E5s", NULL, "has no dot"},
    {"ada@example.org.", NULL, "ends in a dot"},
    {"ada@r\u00E4ksm\u00F6rg\u00E5s.se.", NULL, "ends in a dot"},
    {"ada@", NULL, "whose domain cannot be"},
    {"ada@.org", NULL, "whose domain cannot be"},
    {"ada@example..org", NULL, "whose domain cannot be"},
    {"ada@-example.org", NULL, "whose domain cannot be"},
    {"ada@example-.org", NULL, "whose domain cannot be"},
    {"ada@exam_ple.org", NULL, "whose domain cannot be"},
    {"ada@r\u00E4ks_m\u00F6rg\u00E5s.se", NULL, "whose domain cannot be"},
    {"ada@exam\uFF3Fple.org", NULL, "whose domain cannot be"},
    {"ada@exam ple.org", NULL, "whose domain cannot be"},
    {"ada@example.org?subject=x", NULL, "whose domain cannot be"},
    {"ada@example.org,eva@example.org", NULL, "whose domain cannot be"},
    {"ada@eva@example.org", NULL, "whose domain cannot be"},
    {"ada@example.org\r\nDATA", NULL, "whose domain cannot be"},
    {"ada@[127.0.0.1]", NULL, "whose domain cannot be"},
    {"ada@127.0.0.1", NULL, "whose domain cannot be"},
    {"ada@xn--a.se", NULL, "whose domain cannot be"}, /* no A-label of anything */
    {"ada@\U0001F682.se", NULL, "whose domain cannot be"},
    {"ada@" SIXTY "abcd.se", NULL, "whose domain cannot be"}, /* labels have 63 */
    {SIXTY "abcde@example.org", NULL, "longer than"},
    {SIXTY "abcd@" LABELS_188 "de", NULL, "longer than"},
    {"ada@" LABELS_188 SIXTY "." SIXTY, NULL, "longer than"},
};

static void assert_row(size_t i)
{
    char mailbox[MAILBOX_MAX + 1] = "untouched";
    const char *what = mailbox_read(rows[i].text, strlen(rows[i].text), mailbox);

    if (rows[i].mailbox != NULL && what != NULL) fail_msg("%s is %s", rows[i].text, what);
    if (rows[i].mailbox != NULL && strcmp(mailbox, rows[i].mailbox) != 0)
        fail_msg("%s becomes %s", rows[i].text, mailbox);
    if (rows[i].mailbox == NULL && what == NULL) fail_msg("%s becomes %s", rows[i].text, mailbox);
    if (rows[i].mailbox == NULL && strstr(what, rows[i].what) == NULL)
        fail_msg("%s is %s", rows[i].text, what);
    if (rows[i].mailbox == NULL) assert_string_equal(mailbox, "untouched");
}

static void each_is_kept_or_refused_as_it_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_row(i);
}

static void what_is_kept_is_kept_as_it_is(void **unused)
{
    char mailbox[MAILBOX_MAX + 1];

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].mailbox == NULL) continue;
        assert_null(mailbox_read(rows[i].mailbox, strlen(rows[i].mailbox), mailbox));
        assert_string_equal(mailbox, rows[i].mailbox);
    }
}

static void what_is_said_fits_a_fault(void **unused)
{
    char mailbox[MAILBOX_MAX + 1];
    struct fault fault;

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *what = mailbox_read(rows[i].text, strlen(rows[i].text), mailbox);

        if (what != NULL) assert_in_range(strlen(what), 1, sizeof fault.what - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_kept_or_refused_as_it_says),
        cmocka_unit_test(what_is_kept_is_kept_as_it_is),
        cmocka_unit_test(what_is_said_fits_a_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
