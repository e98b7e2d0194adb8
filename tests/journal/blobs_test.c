/* What is sealed stands apart from the journal: it is there before the batch that tells of it, goes when that did not
 * come to be, and is taken over from a journal that had it in itself. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/random.h"
#include "core/error.h"
#include "disk.h"
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

static struct journal *journal;

static void open_blobs(void)
{
    struct error err;

    blobs_close(blobs);
    if ((blobs = blobs_open("sealed", journal, &err)) == NULL) fail_msg("%s", err.text);
}

static void open_journal(void)
{
    struct error err;

    journal_close(journal);
    if ((journal = journal_open("journal", "toy", 1000, &err)) == NULL) fail_msg("%s", err.text);
}

static void begin_batch(void)
{
    journal_begin(journal, batch, 1000);
}

static void add(struct id of, int n)
{
    char text[16];

    snprintf(text, sizeof text, "blob %d", n);
    batch_add_blob(batch, of, nth(n), text, sizeof text);
}

/* Its blobs, that is; the batch itself comes to be with commit. */
static void write_blobs(void)
{
    struct error err;

    assert_true(blobs_write(blobs, batch, &err));
}

static void commit(void)
{
    struct error err;

    write_blobs();
    assert_true(journal_commit(journal, batch, &err));
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
    begin_batch();
    add(owner, 1);
    commit();
    begin_batch();
    add(owner, 2);
    add(other, 3);
    write_blobs();
    open_blobs();
    assert_true(has(owner, 1));
    assert_false(has(owner, 2) || has(other, 3));
    begin_batch();
    add(owner, 4);
    commit();
    open_blobs(); /* it did */
    open_blobs();
    assert_true(has(owner, 1) && has(owner, 4));
}

/* A batch of another epoch has the number of the one that did not come to be. */
static void another_batch_of_its_number_does_not_keep_them(void **unused)
{
    int fd;

    (void)unused;
    begin_batch();
    add(owner, 1);
    write_blobs();
    assert_true((fd = open("journal/restored", O_WRONLY | O_CREAT, 0600)) >= 0);
    close(fd);
    open_journal();
    assert_int_equal(journal_head(journal).batch, batch->header.number);
    open_blobs();
    assert_false(has(owner, 1));
}

static bool is_known(void *unused, const struct blob_key *key)
{
    (void)unused;
    return id_equal(key->owner, owner) && !id_equal(key->event, nth(50));
}

static void what_nobody_knows_goes(void **unused)
{
    enum { MANY = 150 };
    struct error err;
    size_t count;

    (void)unused;
    begin_batch();
    for (int i = 0; i < MANY; i++)
        add(i % 50 == 0 ? owner : other, i);
    commit();
    assert_true(blobs_keep(blobs, is_known, NULL, &count, &err));
    assert_int_equal(count, MANY - 2);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(has(i % 50 == 0 ? owner : other, i), i == 0 || i == 100);
    assert_true(blobs_keep(blobs, is_known, NULL, &count, &err));
    assert_int_equal(count, 0);
}

static bool file_holds(const char *text)
{
    static char bytes[1 << 20];
    FILE *file = fopen("sealed/data.mdb", "rb");
    size_t size;

    assert_non_null(file);
    size = fread(bytes, 1, sizeof bytes, file);
    assert_true(size < sizeof bytes);
    fclose(file);
    for (size_t i = 0; i + strlen(text) <= size; i++)
        if (memcmp(bytes + i, text, strlen(text)) == 0) return true;
    return false;
}

static void scrub(void)
{
    struct error err;

    for (bool is_done = false; !is_done;)
        assert_true(blobs_scrub(blobs, 16, &is_done, &err));
}

/* Also when it ended in between. */
static void no_byte_stays_of_what_was_dropped(void **unused)
{
    struct error err;

    (void)unused;
    begin_batch();
    add(owner, 1);
    add(owner, 2);
    commit();
    assert_true(blobs_are_clean(blobs));
    assert_true(blobs_drop_some(blobs, &(struct blob_key){owner, nth(1)}, 1, &err));
    assert_false(has(owner, 1));
    assert_true(has(owner, 2));
    assert_true(file_holds("blob 1"));
    open_blobs();
    assert_false(blobs_are_clean(blobs));
    scrub();
    assert_false(file_holds("blob 1"));
    assert_true(file_holds("blob 2") && has(owner, 2));
    open_blobs();
    assert_true(blobs_are_clean(blobs));
}

/* What is dropped while the file is gone through may stand where that has been. */
static void what_goes_meanwhile_is_gone_through_again(void **unused)
{
    enum { MANY = 2000 };
    struct error err;
    bool is_done;

    (void)unused;
    for (int i = 0; i < MANY; i++) {
        if (i % 200 == 0) begin_batch();
        add(owner, i);
        if (i % 200 == 199) commit();
    }
    assert_true(blobs_drop_some(blobs, &(struct blob_key){owner, nth(1)}, 1, &err));
    assert_true(blobs_scrub(blobs, 8, &is_done, &err));
    assert_false(is_done);
    assert_true(blobs_drop_some(blobs, &(struct blob_key){owner, nth(2)}, 1, &err));
    scrub();
    assert_false(blobs_are_clean(blobs));
    scrub();
    assert_true(blobs_are_clean(blobs));
}

static void all_that_an_owner_has_go_at_once(void **unused)
{
    enum { MANY = 150 };
    struct error err;
    size_t count;

    (void)unused;
    begin_batch();
    for (int i = 0; i < MANY; i++)
        add(owner, i);
    add(other, MANY);
    commit();
    assert_true(blobs_drop(blobs, owner, &count, &err));
    assert_int_equal(count, MANY);
    for (int i = 0; i < MANY; i++)
        assert_false(has(owner, i));
    assert_true(has(other, MANY));
    assert_true(blobs_drop(blobs, owner, &count, &err));
    assert_int_equal(count, 0);
}

static void what_is_written_is_there_when_the_power_goes(void **unused)
{
    (void)unused;
    begin_batch();
    add(owner, 1);
    commit();
    blobs_close(blobs);
    blobs = NULL;
    disk_lose_what_was_not_flushed("/sealed/");
    open_blobs();
    assert_true(has(owner, 1));
}

enum { KEPT = 130 };

/* As a version before this one left it: map 2 of its journal. */
static void keep_inside(void)
{
    struct error err;
    struct store *store;
    struct txn *txn;

    journal_close(journal);
    journal = NULL;
    store = store_open("journal", (size_t)64 << 30, journal_maps, STORE_SYNCED, &err);
    assert_non_null(store);
    assert_non_null(txn = txn_begin_write(store, &err));
    for (int i = 0; i < KEPT; i++) {
        const struct id key[2] = {owner, nth(i)};
        char text[16] = "";

        snprintf(text, sizeof text, "blob %d", i);
        assert_true(txn_put(txn, 2, (struct bytes){key, sizeof key},
                            (struct bytes){text, sizeof text}, &err));
    }
    assert_true(txn_commit(txn, &err));
    store_close(store);
    open_journal();
}

static void assert_all_are_there(void)
{
    for (int i = 0; i < KEPT; i++)
        assert_true(has(owner, i));
}

static void what_a_journal_had_in_itself_is_taken_over(void **unused)
{
    struct error err;
    bool is_inside;

    (void)unused;
    assert_true(journal_has_blobs(journal, &is_inside, &err) && !is_inside);
    keep_inside();
    assert_true(journal_has_blobs(journal, &is_inside, &err) && is_inside);
    for (int again = 0; again < 2; again++) {
        assert_true(blobs_adopt(blobs, journal, &err));
        assert_all_are_there();
    }
    assert_true(journal_has_blobs(journal, &is_inside, &err) && !is_inside);
    open_blobs();
    assert_all_are_there();
}

/* Whichever of the two disks gives way in the middle of it: none is lost. */
static void taking_over_may_fail_at_any_time(void **unused)
{
    static const char *const folders[] = {"/sealed/", "/journal/"};
    struct error err;

    (void)unused;
    keep_inside();
    for (size_t i = 0; i < 2; i++) {
        disk_fail(folders[i]);
        assert_false(blobs_adopt(blobs, journal, &err));
        disk_fail(NULL);
        open_journal();
        open_blobs();
    }
    assert_true(blobs_adopt(blobs, journal, &err));
    assert_all_are_there();
}

static int begin(void **unused)
{
    (void)unused;
    blobs = NULL;
    journal = NULL;
    batch = batch_create();
    disk_watch();
    open_journal();
    open_blobs();
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
    journal_close(journal);
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

#define IN_A_HOME(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOME(those_of_a_batch_that_did_not_come_to_be_are_swept),
        IN_A_HOME(another_batch_of_its_number_does_not_keep_them),
        IN_A_HOME(what_nobody_knows_goes),
        IN_A_HOME(no_byte_stays_of_what_was_dropped),
        IN_A_HOME(what_goes_meanwhile_is_gone_through_again),
        IN_A_HOME(all_that_an_owner_has_go_at_once),
        IN_A_HOME(what_is_written_is_there_when_the_power_goes),
        IN_A_HOME(what_a_journal_had_in_itself_is_taken_over),
        IN_A_HOME(taking_over_may_fail_at_any_time),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
