/* Where webhooks may go, by what is written: what would never be delivered is told from what may be. Which
 * addresses are public, the tests of outside show. */
#include "test.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/reach.h"

static struct reach_networks networks(const char *address, unsigned bits)
{
    struct reach_networks made = {.count = 1, .at[0] = {.at = {[10] = 0xFF, [11] = 0xFF}}};

    made.at[0].bits = 96 + bits;
    assert_int_equal(inet_pton(AF_INET, address, made.at[0].at + 12), 1);
    return made;
}

static const char *const words[] = {
    [REACH_FINE] = "fine",       [REACH_NO_ADDRESS] = "no address", [REACH_USER] = "user",
    [REACH_NO_NAME] = "no name", [REACH_NOWHERE] = "nowhere",       [REACH_NO_PORT] = "no port",
    [REACH_PLAIN] = "plain",     [REACH_OUR_OWN] = "our own",
};

struct row {
    const char *url;
    enum reach reach;
};

static void check(const struct row *rows, size_t count, const struct reach_networks *admitted)
{
    for (size_t i = 0; i < count; i++) {
        const enum reach reach = reach_of(rows[i].url, admitted);

        if (reach != rows[i].reach)
            fail_msg("%s is %s and not %s", rows[i].url, words[reach], words[rows[i].reach]);
    }
}

static void https_to_the_public_internet_is_fine(void **unused)
{
    static const struct row rows[] = {
        {"https://hooks.example.org", REACH_FINE},
        {"https://hooks.example.org/a?b=http://127.0.0.1#c@d", REACH_FINE},
        {"https://hooks.example.org?to=a@b", REACH_FINE},
        {"HTTPS://HOOKS.example.org.:8443/", REACH_FINE},
        {"https://hooks.example.org:65535", REACH_FINE},
        {"https://hooks.example.org:/x", REACH_FINE}, /* RFC 3986, 3.2.3: a port may be empty */
        {"https://xn--bcher-kva.example.org/", REACH_FINE},
        {"https://8.8.8.8/", REACH_FINE},
        {"https://[2606:4700::1111]:443/", REACH_FINE},
        {"https://1.2.3.4.example.org/", REACH_FINE},
        {"https://localhost.example.org/", REACH_FINE},
        {"https://10.example.org/", REACH_FINE},
    };

    (void)unused;
    check(rows, sizeof rows / sizeof rows[0], NULL);
}

static void what_is_no_address_is_none(void **unused)
{
    static const struct row rows[] = {
        {"", REACH_NO_ADDRESS},
        {"https:/", REACH_NO_ADDRESS},
        {"https://", REACH_NO_ADDRESS},
        {"https:///x", REACH_NO_ADDRESS},
        {"https://:8443/", REACH_NO_ADDRESS},
        {"https://?x", REACH_NO_ADDRESS},
        {"ftp://hooks.example.org", REACH_NO_ADDRESS},
        {"hooks.example.org", REACH_NO_ADDRESS},
        {"https://.example.org", REACH_NO_ADDRESS},
        {"https://hooks..org", REACH_NO_ADDRESS},
        {"https://ho oks.org", REACH_NO_ADDRESS},
        {"https://hooks%2eorg", REACH_NO_ADDRESS},
        {"https://[::1", REACH_NO_ADDRESS},
        {"https://[hooks.example.org]/", REACH_NO_ADDRESS},
        {"https://::1/", REACH_NO_ADDRESS},
        {"https://user@hooks.example.org/", REACH_USER},
        {"https://user:word@hooks.example.org", REACH_USER},
        {"https://hooks.example.org@10.0.0.1/", REACH_USER},
        {"https://hooks.example.org:0/", REACH_NO_PORT},
        {"https://hooks.example.org:00000", REACH_NO_PORT},
        {"https://hooks.example.org:65536", REACH_NO_PORT},
        {"https://hooks.example.org:4294967739", REACH_NO_PORT},
        {"https://hooks.example.org:x", REACH_NO_PORT},
        {"https://[2606:4700::1111]x", REACH_NO_PORT},
    };

    (void)unused;
    check(rows, sizeof rows / sizeof rows[0], NULL);
}

static void what_no_host_is_called_is_told_from_what_leads_nowhere(void **unused)
{
    static const struct row rows[] = {
        {"https://256.1.1.1/", REACH_NO_NAME},
        {"https://1.2.3.4.5/", REACH_NO_NAME},
        {"https://hooks.example.7/", REACH_NO_NAME},
        {"https://-x.org/", REACH_NO_NAME},
        {"https://x-.org/", REACH_NO_NAME},
        {"https://a_b.example.org/", REACH_NO_NAME},
        {"https://abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd.org/",
         REACH_NO_NAME},
        {"https://example.invalid/", REACH_NO_NAME},
        {"http://x.onion/", REACH_NO_NAME},
        {"https://metadata/", REACH_NOWHERE},
        {"https://xn--a/", REACH_NOWHERE},
        {"https://mylocalhost/", REACH_NOWHERE},
        {"https://printer.local/", REACH_NOWHERE},
        {"https://printer.LOCAL.:8443/", REACH_NOWHERE},
        {"https://hooks.internal/", REACH_NOWHERE},
        {"https://hooks.home.arpa/", REACH_NOWHERE},
        {"https://hooks.test/", REACH_NOWHERE},
        {"http://hooks.example/", REACH_NOWHERE},
        {"https://hooks.notlocal/", REACH_FINE},
        {"https://local.example.org/", REACH_FINE},
    };

    (void)unused;
    check(rows, sizeof rows / sizeof rows[0], NULL);
}

static void names_of_a_network_of_ones_own_go_where_one_is_admitted(void **unused)
{
    static const struct row rows[] = {
        {"http://metadata/", REACH_FINE},
        {"https://printer.local/", REACH_FINE},
        {"https://printer.invalid/", REACH_NO_NAME},
    };
    static const struct row here[] = {{"https://metadata/", REACH_NOWHERE},
                                      {"https://printer.local/", REACH_NOWHERE}};
    const struct reach_networks ten = networks("10.0.0.0", 8), loopback = networks("127.0.0.0", 8);
    const struct reach_networks loopback6 = {.count = 1, .at[0] = {.at = {[15] = 1}, .bits = 128}};

    (void)unused;
    check(rows, sizeof rows / sizeof rows[0], &ten);
    check(here, 2, &loopback); /* this machine has no other names than localhost */
    check(here, 2, &loopback6);
}

static void our_own_networks_are_seen_however_they_are_written(void **unused)
{
    static const struct row rows[] = {
        {"https://127.0.0.1/", REACH_OUR_OWN},
        {"https://127.1/", REACH_OUR_OWN},
        {"https://0x7f.1/", REACH_OUR_OWN},
        {"https://0177.0.0.01/", REACH_OUR_OWN},
        {"https://2130706433/", REACH_OUR_OWN},
        {"https://0X7F000001/", REACH_OUR_OWN},
        {"https://127.0.0.1./", REACH_OUR_OWN},
        {"https://10.0.258/", REACH_OUR_OWN},
        {"https://169.254.169.254/latest", REACH_OUR_OWN},
        {"https://192.168.1.1:8443", REACH_OUR_OWN},
        {"https://[::1]/", REACH_OUR_OWN},
        {"https://[::ffff:10.1.2.3]/", REACH_OUR_OWN},
        {"https://[64:ff9b::a00:1]/", REACH_OUR_OWN},
        {"https://[fd00::1]/", REACH_OUR_OWN},
        {"https://localhost/", REACH_OUR_OWN},
        {"https://LocalHost.:1/", REACH_OUR_OWN},
        {"https://hooks.localhost", REACH_OUR_OWN},
        {"http://10.0.0.1/", REACH_OUR_OWN},
        {"http://8.8.8.8/", REACH_PLAIN},
        {"http://hooks.example.org/", REACH_PLAIN},
    };

    (void)unused;
    check(rows, sizeof rows / sizeof rows[0], NULL);
}

static void what_is_admitted_may_be_plain(void **unused)
{
    static const struct row rows[] = {
        {"http://127.0.0.1:8000/", REACH_FINE}, {"https://127.9.9.9/", REACH_FINE},
        {"http://localhost/", REACH_FINE},      {"http://0x7f.1/", REACH_FINE},
        {"http://10.0.0.1/", REACH_OUR_OWN},    {"https://10.0.0.1/", REACH_OUR_OWN},
        {"http://8.8.8.8/", REACH_PLAIN},       {"https://8.8.8.8/", REACH_FINE},
        {"http://[::1]/", REACH_OUR_OWN},       {"http://127.0.0.1:0/", REACH_NO_PORT},
        {"http://relay.intern/", REACH_PLAIN},  {"http://hooks.example.org/", REACH_PLAIN},
        {"https://relay.intern/", REACH_FINE}, /* where it leads to is seen at connecting */
    };
    const struct reach_networks loopback = networks("127.0.0.0", 8);
    const struct reach_networks loopback6 = {.count = 1, .at[0] = {.at = {[15] = 1}, .bits = 128}};

    (void)unused;
    check(rows, sizeof rows / sizeof rows[0], &loopback);
    assert_int_equal(reach_of("http://localhost/", &loopback6), REACH_FINE);
    assert_int_equal(reach_of("http://127.0.0.1/", &loopback6), REACH_OUR_OWN);
}

static void a_network_ends_with_its_last_bit(void **unused)
{
    const struct reach_networks seventeen = networks("10.1.128.0", 17);

    (void)unused;
    assert_int_equal(reach_of("http://10.1.128.0/", &seventeen), REACH_FINE);
    assert_int_equal(reach_of("http://10.1.255.255/", &seventeen), REACH_FINE);
    assert_int_equal(reach_of("http://10.1.127.255/", &seventeen), REACH_OUR_OWN);
    assert_int_equal(reach_of("http://10.2.128.0/", &seventeen), REACH_OUR_OWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(https_to_the_public_internet_is_fine),
        cmocka_unit_test(what_is_no_address_is_none),
        cmocka_unit_test(what_no_host_is_called_is_told_from_what_leads_nowhere),
        cmocka_unit_test(names_of_a_network_of_ones_own_go_where_one_is_admitted),
        cmocka_unit_test(our_own_networks_are_seen_however_they_are_written),
        cmocka_unit_test(what_is_admitted_may_be_plain),
        cmocka_unit_test(a_network_ends_with_its_last_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
