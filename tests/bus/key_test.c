/* The programs' keys: made once, each for its own user only, and refused when they are not. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/files.h"
#include "bus/key.h"
#include "core/error.h"

static const char secret[] = "keys/bus.gateway.secret", public[] = "keys/bus/gateway.public";
static struct files *files;

static unsigned mode_of(const char *name)
{
    struct stat is;

    assert_int_equal(lstat(name, &is), 0);
    return is.st_mode & 0777;
}

static void is_refused(const char *with)
{
    struct bus_key key;
    struct error err;

    assert_false(bus_key_own(files, "gateway", &key, &err));
    if (strstr(err.text, secret) == NULL || strstr(err.text, with) == NULL)
        fail_msg("it says: %s", err.text);
}

static void own(struct bus_key *key)
{
    struct error err;

    if (!bus_key_own(files, "gateway", key, &err)) fail_msg("%s", err.text);
}

static void what_is_missing_is_made_and_stays(void **unused)
{
    struct bus_key first, again;
    uint8_t known[BUS_KEY_SIZE];

    (void)unused;
    assert_false(bus_key_of(files, "gateway", known));
    own(&first);
    own(&again);
    assert_memory_equal(&first, &again, sizeof first);
    assert_true(bus_key_of(files, "gateway", known));
    assert_memory_equal(known, first.public, sizeof known);
    assert_int_equal(mode_of("keys"), 0700);
    assert_int_equal(mode_of("keys/bus"), 0755);
    assert_int_equal(mode_of(secret), 0600);
    assert_int_equal(mode_of(public), 0644);
}

static void what_others_may_read_is_no_secret(void **unused)
{
    struct bus_key key;

    (void)unused;
    own(&key);
    assert_int_equal(chmod(secret, 0640), 0);
    is_refused("(mode 640); it has to be 600");
    assert_int_equal(chmod(secret, 0600), 0);
    own(&key);
    if (geteuid() != 0) return;
    assert_int_equal(chown(secret, 12345, 12345), 0);
    is_refused("belongs to user 12345; it has to be of user 0");
}

static void a_link_leads_nowhere(void **unused)
{
    struct bus_key key;

    (void)unused;
    own(&key);
    assert_int_equal(rename(secret, "keys/elsewhere"), 0);
    assert_int_equal(symlink("elsewhere", secret), 0);
    is_refused("it has to be a plain file");
    assert_int_equal(unlink(secret), 0);
    assert_int_equal(mkfifo(secret, 0600), 0);
    is_refused("has to be a plain file");
}

static void a_damaged_one_is_said(void **unused)
{
    struct bus_key key;

    (void)unused;
    own(&key);
    assert_int_equal(truncate(secret, 20), 0);
    is_refused("is damaged");
}

static void what_is_public_follows_what_is_secret(void **unused)
{
    struct bus_key first, other;
    uint8_t known[BUS_KEY_SIZE];

    (void)unused;
    own(&first);
    assert_int_equal(unlink(secret), 0);
    own(&other);
    assert_memory_not_equal(first.secret, other.secret, sizeof first.secret);
    assert_true(bus_key_of(files, "gateway", known));
    assert_memory_equal(known, other.public, sizeof known);
}

/* Whose it is does not matter: each may run as a user of its own. */
static void what_others_published_is_known_where_they_alone_write_to_it(void **unused)
{
    uint8_t known[BUS_KEY_SIZE];
    struct bus_key key;

    (void)unused;
    own(&key);
    if (geteuid() == 0) assert_int_equal(chown(public, 12345, (gid_t)-1), 0);
    assert_true(bus_key_of(files, "gateway", known));
    assert_memory_equal(known, key.public, sizeof known);
    assert_int_equal(chmod(public, 0664), 0);
    assert_false(bus_key_of(files, "gateway", known));
    assert_int_equal(rename(public, "elsewhere"), 0);
    assert_int_equal(chmod("elsewhere", 0644), 0);
    assert_int_equal(symlink("../../elsewhere", public), 0);
    assert_false(bus_key_of(files, "gateway", known));
}

static void only_whole_keys_of_programs_are_listed(void **unused)
{
    struct bus_known known[BUS_PROGRAMS_MAX];
    struct bus_key key;
    char name[64];

    (void)unused;
    own(&key);
    assert_true(files_publish(files, "keys/bus/odd.public", "odd\n", 4));
    assert_int_equal(link(public, "keys/bus/gateway.2.public"), 0);
    assert_true(files_publish(files, "keys/bus/gateway.public.old", "odd\n", 4));
    assert_int_equal(bus_key_all(files, known), 1);
    assert_string_equal(known[0].program, "gateway");
    assert_memory_equal(known[0].public, key.public, sizeof key.public);
    for (int i = 0; i < BUS_PROGRAMS_MAX + 5; i++) {
        struct error err;

        snprintf(name, sizeof name, "program-%d", i);
        assert_true(bus_key_own(files, name, &key, &err));
    }
    assert_int_equal(bus_key_all(files, known), BUS_PROGRAMS_MAX);
}

static void *make(void *cookie)
{
    struct bus_key *key = cookie;
    struct error err;

    if (!bus_key_own(files, "gateway", key, &err)) memset(key, 0, sizeof *key);
    return NULL;
}

static void of_many_who_begin_at_once_one_makes_it(void **unused)
{
    enum { MANY = 8 };
    struct bus_key keys[MANY], settled;
    pthread_t threads[MANY];

    (void)unused;
    for (int i = 0; i < MANY; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make, &keys[i]), 0);
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    own(&settled);
    for (int i = 0; i < MANY; i++)
        assert_memory_equal(&keys[i], &settled, sizeof settled);
}

static int set_up(void **unused)
{
    char home[] = "/tmp/fadder-key-XXXXXX";
    struct error err;

    (void)unused;
    if (mkdtemp(home) == NULL || chdir(home) != 0) return 1;
    return (files = files_open(".", &err)) == NULL;
}

static int tear_down(void **unused)
{
    char here[64], remove[96];

    (void)unused;
    files_close(files);
    if (getcwd(here, sizeof here) == NULL || chdir("/") != 0) return 1;
    snprintf(remove, sizeof remove, "rm -r %s", here);
    return system(remove) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_missing_is_made_and_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_others_may_read_is_no_secret, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_leads_nowhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_one_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_public_follows_what_is_secret, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_others_published_is_known_where_they_alone_write_to_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_whole_keys_of_programs_are_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_many_who_begin_at_once_one_makes_it, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
