/* What is sealed stands apart from the journal: it is there before the batch that tells of it, goes when that did not
 * come to be, and is taken over from a journal that had it in itself. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/random.h"
#include "core/error.h"
#include "journal/blobs.h"
#include "journal/journal.h"

static char home[] = "/tmp/fadder-blobs-XXXXXX";
static struct blobs *blobs;
static struct batch *batch;
static const struct id owner = {{1}}, other = {{2}};

static struct id nth(int n)
{
    struct id id = {{0}};

    memcpy(id.bytes, &n, sizeof n);
    return id;
}

static void open_at(uint64_t head)
{
    struct error err;

    blobs_close(blobs);
    blobs = blobs_open("sealed", head, &err);
    assert_non_null(blobs);
}

static void begin_batch(int64_t number)
{
    batch_clear(batch);
    batch->header.number = number;
}

static void add(struct id of, int n)
{
    char text[16];

    snprintf(text, sizeof text, "blob %d", n);
    batch_add_blob(batch, of, nth(n), text, sizeof text);
}

static void write_batch(void)
{
    struct error err;

    assert_true(blobs_write(blobs, batch, &err));
}

static bool has(struct id of, int n)
{
    uint8_t blob[BLOB_MAX];
    char text[16];
    struct error err;
    size_t size;

    snprintf(text, sizeof text, "blob %d", n);
    assert_true(blobs_read(blobs, of, nth(n), blob, &size, &err));
    assert_true(size == 0 || (size == sizeof text && strcmp((char *)blob, text) == 0));
    return size > 0;
}

static void those_of_a_batch_that_did_not_come_to_be_are_swept(void **unused)
{
    (void)unused;
    open_at(0);
    begin_batch(1);
    add(owner, 1);
    write_batch();
    begin_batch(2);
    add(owner, 2);
    add(other, 3);
    write_batch();
    open_at(0); /* a journal that is older than its blobs: only the latest go */
    assert_true(has(owner, 1));
    assert_false(has(owner, 2) || has(other, 3));
    begin_batch(2);
    add(owner, 4);
    write_batch();
    open_at(2); /* it did */
    open_at(1); /* and who comes later cannot take it back */
    assert_true(has(owner, 1) && has(owner, 4));
}

static void all_that_an_owner_has_go_at_once(void **unused)
{
    enum { MANY = 150 };
    struct error err;
    size_t count;

    (void)unused;
    open_at(0);
    begin_batch(1);
    for (int i = 0; i < MANY; i++)
        add(owner, i);
    add(other, MANY);
    write_batch();
    assert_true(blobs_drop(blobs, owner, &count, &err));
    assert_int_equal(count, MANY);
    for (int i = 0; i < MANY; i++)
        assert_false(has(owner, i));
    assert_true(has(other, MANY));
    assert_true(blobs_drop(blobs, owner, &count, &err));
    assert_int_equal(count, 0);
}

/* As a version before this one left it: map 2 of its journal. */
static void what_a_journal_had_in_itself_is_taken_over(void **unused)
{
    enum { MANY = 130 };
    struct journal *journal;
    struct error err;
    struct store *store;
    struct txn *txn;

    (void)unused;
    store = store_open("journal", (size_t)64 << 30, journal_maps, STORE_SYNCED, &err);
    assert_non_null(store);
    assert_non_null(txn = txn_begin_write(store, &err));
    for (int i = 0; i < MANY; i++) {
        const struct id key[2] = {owner, nth(i)};
        char text[16] = "";

        snprintf(text, sizeof text, "blob %d", i);
        assert_true(txn_put(txn, 2, (struct bytes){key, sizeof key},
                            (struct bytes){text, sizeof text}, &err));
    }
    assert_true(txn_commit(txn, &err));
    store_close(store);
    assert_non_null(journal = journal_open("journal", "toy", 1000, &err));
    open_at(journal_head(journal).batch);
    for (int again = 0; again < 2; again++) {
        if (!journal_move_blobs(journal, blobs, &err)) fail_msg("%s", err.text);
        for (int i = 0; i < MANY; i++)
            assert_true(has(owner, i));
    }
    journal_close(journal);
    open_at(1);
    assert_true(has(owner, MANY - 1));
}

static int begin(void **unused)
{
    (void)unused;
    blobs = NULL;
    batch = batch_create();
    return 0;
}

static void remove_store(const char *name)
{
    char path[64];

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", name, i == 0 ? "data.mdb" : "lock.mdb");
        unlink(path);
    }
    rmdir(name);
}

static int end(void **unused)
{
    (void)unused;
    blobs_close(blobs);
    batch_destroy(batch);
    remove_store("sealed");
    remove_store("journal");
    return 0;
}

static int set_up(void **unused)
{
    (void)unused;
    crypto_start();
    return mkdtemp(home) == NULL || chdir(home) != 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    return chdir("/") != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(those_of_a_batch_that_did_not_come_to_be_are_swept, begin,
                                        end),
        cmocka_unit_test_setup_teardown(all_that_an_owner_has_go_at_once, begin, end),
        cmocka_unit_test_setup_teardown(what_a_journal_had_in_itself_is_taken_over, begin, end),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
