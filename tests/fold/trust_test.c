/* When a state may be believed: after a clean end, or in the boot that wrote it; never after the power went, nor
 * when it was folded by other code or from another journal. The disk loses what was not flushed. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/boot.h"
#include "base/crypto.h"
#include "base/files.h"
#include "core/error.h"
#include "disk.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "fold/positions.h"
#include "fold/trust.h"
#include "journal/journal.h"
#include "store/state.h"
#include "store/store.h"

static const struct aggregate *const nobody[] = {NULL};

static char home[32];
static int boot;
static struct kinds *kinds;
static struct fold *fold;
static struct files *files;
static struct journal *journal;
static struct store *state;

void __wrap_boot_id(char id[BOOT_ID_SIZE]);

void __wrap_boot_id(char id[BOOT_ID_SIZE])
{
    snprintf(id, BOOT_ID_SIZE, "boot-%d", boot);
}

static void commit_batch(void)
{
    struct batch *batch = batch_create();
    struct error err;

    journal_begin(journal, batch, 1000);
    assert_true(journal_commit(journal, batch, &err));
    batch_destroy(batch);
}

static void open_with(const char *fold_id)
{
    struct error err;

    journal = journal_open("toy/journal", "toy", 1000, &err);
    assert_non_null(journal);
    state = trust_open(files, "toy", fold_id, journal, fold, &err);
    if (state == NULL) fail_msg("%s", err.text);
}

/* Something that no fold would make: it is there as long as the state was believed. */
static void put_mark(void)
{
    struct error err;
    struct txn *txn = txn_begin_write(state, &err);

    assert_true(txn_put(txn, STATE_META, (struct bytes){"mark", 4}, (struct bytes){"x", 1}, &err));
    assert_true(txn_commit(txn, &err));
}

static bool was_believed(void)
{
    struct error err;
    struct txn *txn = txn_begin_read(state, &err);
    struct bytes value;
    bool is_there;

    assert_true(txn_get(txn, STATE_META, (struct bytes){"mark", 4}, &value, &err));
    is_there = value.at != NULL;
    txn_abort(txn);
    return is_there;
}

static bool stands_at_the_end(void)
{
    struct error err;
    struct txn *txn = txn_begin_read(state, &err);
    struct position stands;

    assert_true(state_stands(txn, &stands, &err));
    txn_abort(txn);
    return stands.batch == journal_head(journal).batch;
}

static void close_cleanly(const char *fold_id)
{
    struct error err;

    assert_true(trust_close(files, "toy", fold_id, state, &err));
    journal_close(journal);
}

/* As a process that is killed leaves it: nothing is said to anybody. */
static void die(void)
{
    store_close(state);
    journal_close(journal);
}

static void after_a_clean_end_it_is_believed_in_any_boot(void **unused)
{
    (void)unused;
    open_with("fold-1");
    put_mark();
    close_cleanly("fold-1");
    boot++;
    open_with("fold-1");
    assert_true(was_believed());
    commit_batch();
    die();
}

static void after_a_kill_it_is_believed_in_the_same_boot_only(void **unused)
{
    (void)unused;
    open_with("fold-1");
    put_mark();
    commit_batch();
    die();
    open_with("fold-1");
    assert_true(was_believed());
    assert_true(stands_at_the_end());
    die();
    boot++;
    open_with("fold-1");
    assert_false(was_believed());
    assert_true(stands_at_the_end());
    die();
}

static void when_the_power_goes_it_is_folded_anew(void **unused)
{
    (void)unused;
    open_with("fold-1");
    close_cleanly("fold-1"); /* the mark says clean, */
    open_with("fold-1");     /* and from here on no longer, before anything is written */
    put_mark();
    commit_batch();
    die();
    disk_lose_what_was_not_flushed("/");
    boot++;
    open_with("fold-1");
    assert_false(was_believed());
    assert_true(stands_at_the_end());
    put_mark();
    commit_batch();
    close_cleanly("fold-1");
    disk_lose_what_was_not_flushed("/"); /* of a clean end nothing is lost */
    boot++;
    open_with("fold-1");
    assert_true(was_believed());
    assert_true(stands_at_the_end());
    die();
}

static void a_commit_of_the_journal_is_there_when_the_power_goes(void **unused)
{
    uint64_t last;

    (void)unused;
    open_with("fold-1");
    for (int i = 0; i < 5; i++)
        commit_batch();
    last = journal_head(journal).batch;
    die();
    disk_lose_what_was_not_flushed("/");
    boot++;
    open_with("fold-1");
    assert_int_equal(journal_head(journal).batch, last);
    assert_true(stands_at_the_end());
    die();
}

static void other_code_folds_anew(void **unused)
{
    (void)unused;
    open_with("fold-1");
    put_mark();
    close_cleanly("fold-1");
    open_with("fold-2");
    assert_false(was_believed());
    put_mark();
    die();
    open_with("fold-1");
    assert_false(was_believed());
    die();
}

static void a_state_of_another_journal_is_folded_anew(void **unused)
{
    struct position head;

    (void)unused;
    open_with("fold-1");
    commit_batch();
    close_cleanly("fold-1");
    open_with("fold-1");
    put_mark();
    head = journal_head(journal);
    close_cleanly("fold-1");
    assert_int_equal(rename("toy/journal", "toy/old"), 0);
    journal =
        journal_open("toy/journal", "toy", 1000, &(struct error){0}); /* as long, but another */
    while (journal_head(journal).batch < head.batch)
        commit_batch();
    journal_close(journal);
    open_with("fold-1");
    assert_false(was_believed());
    die();
}

static void in_doubt_it_is_folded_anew(void **unused)
{
    (void)unused;
    open_with("fold-1");
    put_mark();
    close_cleanly("fold-1");
    trust_doubt(files, "toy");
    open_with("fold-1");
    assert_false(was_believed());
    die();
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    strcpy(home, "/tmp/fadder-trust-XXXXXX");
    if (mkdtemp(home) == NULL || chdir(home) != 0 || mkdir("toy", 0700) != 0) return 1;
    if ((files = files_open(".", &err)) == NULL) return 1;
    crypto_start();
    disk_watch();
    kinds = kinds_create(nobody);
    fold = fold_create(kinds, "toy");
    return 0;
}

static int tear_down(void **unused)
{
    static const char *const names[] = {
        "journal/data.mdb", "journal/lock.mdb", "journal", "old/data.mdb", "old/lock.mdb", "old",
        "state/data.mdb",   "state/lock.mdb",   "state",   "state.mark"};
    char path[64];

    (void)unused;
    files_close(files);
    fold_destroy(fold);
    kinds_destroy(kinds);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "toy/%s", names[i]);
        remove(path);
    }
    return rmdir("toy") != 0 || chdir("/") != 0 || rmdir(home) != 0;
}

#define IN_A_HOME(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOME(after_a_clean_end_it_is_believed_in_any_boot),
        IN_A_HOME(after_a_kill_it_is_believed_in_the_same_boot_only),
        IN_A_HOME(when_the_power_goes_it_is_folded_anew),
        IN_A_HOME(a_commit_of_the_journal_is_there_when_the_power_goes),
        IN_A_HOME(other_code_folds_anew),
        IN_A_HOME(a_state_of_another_journal_is_folded_anew),
        IN_A_HOME(in_doubt_it_is_folded_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
