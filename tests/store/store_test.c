/* What one process that reads a store can do to another that writes it, by dying. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "core/error.h"
#include "store/store.h"

static const char *const maps[] = {"map", NULL};

enum { SIZE_MAX_BYTES = 64 << 20 };

static char directory[32];

/* A child that opens what the parent has made, begins to read, and dies of it. Made before the
 * parent opens anything: LMDB does not survive fork. */
static pid_t fork_reader(int go)
{
    const pid_t child = fork();
    struct error err;
    struct store *store;
    char byte;

    if (child != 0) return child;
    if (read(go, &byte, 1) != 1) _exit(1);
    store = store_open(directory, SIZE_MAX_BYTES, maps, STORE_GUEST, &err);
    if (store == NULL || txn_begin_read(store, &err) == NULL) _exit(2);
    _exit(0);
}

static void write_round(struct store *store, uint32_t round)
{
    static char value[100000];
    struct error err;
    struct txn *txn = txn_begin_write(store, &err);

    value[0] = (char)round;
    assert_non_null(txn);
    assert_true(
        txn_put(txn, 0, (struct bytes){"key", 3}, (struct bytes){value, sizeof value}, &err));
    assert_true(txn_commit(txn, &err));
}

static void a_reader_that_died_is_forgotten_and_its_pages_are_used_again(void **state)
{
    struct error err;
    struct store *store;
    int go[2], status;
    size_t before;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(go), 0);
    child = fork_reader(go[0]);
    store = store_open(directory, SIZE_MAX_BYTES, maps, STORE_SYNCED, &err);
    assert_non_null(store);
    for (uint32_t i = 0; i < 5; i++)
        write_round(store, i);
    assert_int_equal(write(go[1], "", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);

    before = store_used(store);
    for (uint32_t i = 0; i < 20; i++)
        write_round(store, i);
    assert_true(store_used(store) > before + 10 * 100000); /* each round is kept for the dead */
    assert_int_equal(store_forget_dead(store), 1);
    assert_int_equal(store_forget_dead(store), 0);
    write_round(store, 20);
    before = store_used(store);
    for (uint32_t i = 0; i < 20; i++)
        write_round(store, i);
    assert_int_equal(store_used(store), before);
    store_close(store);
}

static void a_file_that_was_cut_off_is_not_whole(void **state)
{
    struct error err;
    char path[64];
    struct store *store;

    (void)state;
    store = store_open(directory, SIZE_MAX_BYTES, maps, STORE_VIEW, &err);
    assert_non_null(store);
    for (uint32_t i = 0; i < 5; i++)
        write_round(store, i);
    assert_true(store_is_whole(store));
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    assert_int_equal(truncate(path, (off_t)store_used(store) - 1), 0);
    assert_false(store_is_whole(store));
    store_close(store);
}

static void what_leads_elsewhere_is_not_opened(void **state)
{
    static const char *const names[] = {"data.mdb", "lock.mdb"};
    char path[64], elsewhere[96];
    struct error err;

    (void)state;
    store_close(store_open(directory, SIZE_MAX_BYTES, maps, STORE_SYNCED, &err));
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        snprintf(elsewhere, sizeof elsewhere, "%s.elsewhere", path);
        assert_int_equal(rename(path, elsewhere), 0);
        assert_int_equal(symlink(elsewhere, path), 0);
        assert_null(store_open(directory, SIZE_MAX_BYTES, maps, STORE_SYNCED, &err));
        assert_non_null(strstr(err.text, strerror(ELOOP)));
        assert_int_equal(rename(elsewhere, path), 0);
    }
    store_close(store_open(directory, SIZE_MAX_BYTES, maps, STORE_SYNCED, &err));
}

static void one_that_is_full_has_room_when_it_is_opened_again(void **state)
{
    enum { SMALL = 1 << 20 };
    static char value[10000];
    struct error err;
    struct store *store = store_open(directory, SMALL, maps, STORE_SYNCED, &err);
    uint32_t n = 0;

    (void)state;
    assert_non_null(store);
    for (; store_has_room(store); n++) {
        struct txn *txn = txn_begin_write(store, &err);

        assert_true(txn_put(txn, 0, (struct bytes){&n, sizeof n},
                            (struct bytes){value, sizeof value}, &err));
        assert_true(txn_commit(txn, &err));
        assert_in_range(n, 0, SMALL / sizeof value);
    }
    store_close(store);
    store = store_open(directory, SMALL, maps, STORE_SYNCED, &err);
    assert_non_null(store);
    assert_true(store_has_room(store));
    store_close(store);
}

static int make_directory(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/store_test.XXXXXX");
    return mkdtemp(directory) == NULL;
}

static int drop_directory(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return system(command);
}

/* What was deleted. */

enum { VALUES = 200, VALUE_SIZE = 300 };

static const char secret[] = "Trattkantarell";

static void put_value(struct txn *txn, unsigned i, const char *text, size_t size)
{
    char value[4000];
    const unsigned char key[] = {(unsigned char)(i >> 8), (unsigned char)i};
    struct error err;

    memset(value, '.', sizeof value);
    memcpy(value, text, strlen(text));
    assert_true(
        txn_replace(txn, 0, (struct bytes){key, sizeof key}, (struct bytes){value, size}, &err));
}

static void put_values(struct store *store, const char *text, size_t size)
{
    struct error err;
    struct txn *txn = txn_begin_write(store, &err);

    assert_non_null(txn);
    for (unsigned i = 0; i < VALUES; i++)
        put_value(txn, i, text, size);
    assert_true(txn_commit(txn, &err));
}

static bool file_holds(const char *text)
{
    char path[64], *bytes;
    FILE *file;
    bool holds = false;
    long size;

    snprintf(path, sizeof path, "%s/data.mdb", directory);
    assert_non_null(file = fopen(path, "rb"));
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    assert_non_null(bytes = malloc((size_t)size));
    assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
    fclose(file);
    for (long i = 0; !holds && i + (long)strlen(text) <= size; i++)
        holds = memcmp(bytes + i, text, strlen(text)) == 0;
    free(bytes);
    return holds;
}

static bool scrub(struct store *store)
{
    struct scrub pass = {.page = 0};
    struct error err;

    while (!pass.is_done)
        assert_true(store_scrub(store, &pass, 16, &err));
    return !pass.is_held;
}

static void what_was_replaced_is_in_no_byte_of_the_file_when_it_was_scrubbed(void **state)
{
    struct error err;
    struct store *store = store_open(directory, SIZE_MAX_BYTES, maps, STORE_SYNCED, &err);
    struct txn *reader;

    (void)state;
    assert_non_null(store);
    put_values(store, secret, VALUE_SIZE);
    assert_non_null(reader = txn_begin_read(store, &err));
    put_values(store, "x", VALUE_SIZE / 2);
    assert_true(file_holds(secret));

    assert_false(scrub(store)); /* the reader sees it still */
    assert_true(file_holds(secret));
    txn_abort(reader);
    assert_true(scrub(store));
    assert_false(file_holds(secret));
    put_values(store, "y", VALUE_SIZE); /* what stood in memory neither */
    assert_false(file_holds(secret));
    store_close(store);

    store = store_open(directory, SIZE_MAX_BYTES, maps, STORE_SYNCED, &err);
    assert_non_null(store); /* and it is whole */
    put_values(store, "z", VALUE_SIZE);
    store_close(store);
}

/* A value with a page of its own is written from memory in which others stood before. */
static void nor_behind_what_was_written_along_with_it(void **state)
{
    enum { ITS_OWN = 2400 }; /* too long for a leaf, and shorter than a page */
    struct error err;
    struct store *store = store_open(directory, SIZE_MAX_BYTES, maps, STORE_SYNCED, &err);
    struct txn *txn;
    struct bytes found;
    const unsigned char last[] = {0xFF, VALUES - 1};

    (void)state;
    assert_non_null(store);
    put_values(store, secret, VALUE_SIZE);
    put_values(store, "x", VALUE_SIZE);
    for (unsigned i = 0; i < VALUES; i++) {
        assert_non_null(txn = txn_begin_write(store, &err));
        put_value(txn, 0xFF00 + i, "y", ITS_OWN);
        assert_true(txn_commit(txn, &err));
    }
    assert_true(scrub(store));
    assert_false(file_holds(secret));
    assert_non_null(txn = txn_begin_read(store, &err));
    assert_true(txn_get(txn, 0, (struct bytes){last, sizeof last}, &found, &err));
    assert_int_equal(found.size, ITS_OWN);
    assert_memory_equal(found.at, "y....", 5);
    assert_int_equal(((const char *)found.at)[ITS_OWN - 1], '.');
    txn_abort(txn);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_that_is_full_has_room_when_it_is_opened_again,
                                        make_directory, drop_directory),
        cmocka_unit_test_setup_teardown(
            a_reader_that_died_is_forgotten_and_its_pages_are_used_again, make_directory,
            drop_directory),
        cmocka_unit_test_setup_teardown(what_leads_elsewhere_is_not_opened, make_directory,
                                        drop_directory),
        cmocka_unit_test_setup_teardown(a_file_that_was_cut_off_is_not_whole, make_directory,
                                        drop_directory),
        cmocka_unit_test_setup_teardown(
            what_was_replaced_is_in_no_byte_of_the_file_when_it_was_scrubbed, make_directory,
            drop_directory),
        cmocka_unit_test_setup_teardown(nor_behind_what_was_written_along_with_it, make_directory,
                                        drop_directory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
