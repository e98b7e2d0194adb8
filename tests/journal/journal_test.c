/* The chain on disk: time does not go back, what does not hold is not opened, a batch ends in time, and two
 * that parted find where. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/random.h"
#include "core/error.h"
#include "journal/journal.h"
#include "store/number.h"

static char home[32];
static struct journal *journal;
static struct batch *batch;

static bool open_journal(int64_t now_ms, struct error *err)
{
    return (journal = journal_open("journal", "toy", now_ms, err)) != NULL;
}

static void reopen(int64_t now_ms)
{
    struct error err;

    journal_close(journal);
    assert_true(open_journal(now_ms, &err));
}

static void add_event(size_t body_size)
{
    static const uint8_t body[1024] = {0x80};
    struct journal_event envelope = {.id = random_id(1000),
                                     .type = "toy.happened",
                                     .schema = 1,
                                     .service = "toy",
                                     .sequence = 1,
                                     .role = ACTOR_ROLE_SYS};
    struct error err;

    assert_true(batch_add(batch, &envelope, body, body_size, &err));
}

static int64_t commit_at(int64_t now_ms, int events)
{
    struct error err;

    journal_begin(journal, batch, now_ms);
    for (int i = 0; i < events; i++)
        add_event(1);
    assert_true(journal_commit(journal, batch, &err));
    return batch->header.at.ms;
}

/* A value in its store, changed behind its back; map 0: batches, 1: events. */
static void flip(unsigned map, uint64_t number, size_t at)
{
    struct error err;
    uint8_t key[8], copy[4096];
    struct bytes value;
    struct store *store;
    struct txn *txn;

    journal_close(journal);
    journal = NULL;
    store = store_open("journal", (size_t)64 << 30, journal_maps, STORE_SYNCED, &err);
    assert_non_null(store);
    number_write(key, number);
    assert_non_null(txn = txn_begin_write(store, &err));
    assert_true(txn_get(txn, map, (struct bytes){key, sizeof key}, &value, &err));
    assert_in_range(value.size, at + 1, sizeof copy);
    memcpy(copy, value.at, value.size);
    copy[at] ^= 1;
    assert_true(
        txn_put(txn, map, (struct bytes){key, sizeof key}, (struct bytes){copy, value.size}, &err));
    assert_true(txn_commit(txn, &err));
    store_close(store);
}

static void assert_not_opened(void)
{
    struct error err;

    assert_false(open_journal(5000, &err));
    assert_int_equal(err.kind, ERROR_BROKEN);
}

static void time_does_not_go_back(void **unused)
{
    (void)unused;
    assert_int_equal(commit_at(3000, 1), 3000);
    assert_int_equal(commit_at(2000, 1), 3000);
    reopen(1000);
    assert_int_equal(commit_at(2500, 1), 3000);
    assert_int_equal(commit_at(4000, 1), 4000);
}

static void a_last_batch_that_does_not_match_its_hash_is_not_opened(void **unused)
{
    const uint64_t last = journal_head(journal).batch;

    (void)unused;
    flip(0, last, 0); /* the hash itself */
    assert_not_opened();
    flip(0, last, 0);
    flip(0, last, HASH_SIZE + 4 + 30); /* and its header */
    assert_not_opened();
    flip(0, last, HASH_SIZE + 4 + 30);
    reopen(5000);
}

static void a_last_event_that_does_not_match_its_hash_is_not_opened(void **unused)
{
    struct error err;
    struct txn *txn;
    struct batch_view view;
    struct bytes row;
    uint64_t event;
    uint8_t copy[EVENT_ROW_MAX], key[8];
    struct store *store;

    (void)unused;
    commit_at(5000, 2);
    txn = journal_begin_read(journal, &err);
    assert_true(journal_batch(txn, journal_head(journal).batch, &view, &err));
    event = view.first + 1;
    txn_abort(txn);
    flip(1, event, 20); /* its checksum tells */
    assert_not_opened();
    flip(1, event, 20);

    /* Another row with a good checksum: only the hash tells. */
    store = store_open("journal", (size_t)64 << 30, journal_maps, STORE_SYNCED, &err);
    assert_non_null(txn = txn_begin_write(store, &err));
    number_write(key, view.first);
    assert_true(txn_get(txn, 1, (struct bytes){key, sizeof key}, &row, &err));
    memcpy(copy, row.at, row.size);
    number_write(key, event);
    assert_true(
        txn_put(txn, 1, (struct bytes){key, sizeof key}, (struct bytes){copy, row.size}, &err));
    assert_true(txn_commit(txn, &err));
    store_close(store);
    assert_not_opened();
}

static void an_event_that_was_altered_long_ago_is_not_read(void **unused)
{
    struct error err;
    struct txn *txn;
    struct bytes row;

    (void)unused;
    commit_at(5000, 2);
    commit_at(5000, 1);
    flip(1, 1, 20);
    assert_true(open_journal(5000, &err));
    txn = journal_begin_read(journal, &err);
    assert_false(journal_row(txn, 1, &row, &err));
    assert_int_equal(err.kind, ERROR_BROKEN);
    assert_true(journal_row(txn, 2, &row, &err));
    assert_false(journal_row(txn, 4, &row, &err));
    txn_abort(txn);
}

static void another_services_is_not_opened(void **unused)
{
    struct error err;

    (void)unused;
    assert_null(journal_open("journal", "other", 5000, &err));
}

static void a_batch_is_full_before_an_input_could_exceed_it(void **unused)
{
    (void)unused;
    journal_begin(journal, batch, 6000);
    for (int i = 0; i < BATCH_SOFT_EVENTS; i++) {
        assert_false(batch_is_full(batch));
        add_event(1);
    }
    assert_true(batch_is_full(batch));
    journal_begin(journal, batch, 6000);
    while (batch->used < BATCH_SOFT_BYTES) {
        assert_false(batch_is_full(batch));
        add_event(1000);
    }
    assert_true(batch_is_full(batch));
    journal_begin(journal, batch, 6000);
    batch->header.commands.count = BATCH_SOFT_EVENTS;
    assert_true(batch_is_full(batch));
    journal_begin(journal, batch, 6000);
    batch->header.fired.count = BATCH_SOFT_EVENTS;
    assert_true(batch_is_full(batch));
    journal_begin(journal, batch, 6000);
    assert_false(batch_is_full(batch));
}

/* Striking. */

static const uint8_t secret[] = {0x81, 0xA5, 'p', 'l', 'a', 'c', 'e', 0xA4, '1', '4', '8', '0'};
static const uint8_t blank[] = {0x81, 0xA5, 'p', 'l', 'a', 'c', 'e', 0xA1, '0'};

static struct journal_event event_of(void)
{
    return (struct journal_event){.id = {{7}},
                                  .type = "toy.happened",
                                  .schema = 1,
                                  .service = "toy",
                                  .sequence = 1,
                                  .role = ACTOR_ROLE_SYS};
}

static struct bytes row_of(struct txn *txn, uint64_t number)
{
    struct error err;
    struct bytes row;

    assert_true(journal_row(txn, number, &row, &err));
    return row;
}

static void read_view(struct txn *txn, uint64_t number, struct batch_view *view)
{
    struct error err;

    assert_true(journal_batch(txn, number, view, &err));
}

/* The event with the secret, and then something else; its number. */
static uint64_t commit_secret(void)
{
    const struct journal_event envelope = event_of();
    struct error err;

    journal_begin(journal, batch, 5000);
    assert_true(batch_add(batch, &envelope, secret, sizeof secret, &err));
    assert_true(journal_commit(journal, batch, &err));
    return (uint64_t)batch->header.first;
}

/* It is struck, by the event that follows it; was: what it says stood there. */
static void strike(uint64_t number, const uint8_t was[HASH_SIZE], struct error *err)
{
    struct journal_event envelope = event_of();
    uint8_t row[EVENT_STRUCK_MAX];
    size_t size;

    envelope.has_was = true;
    envelope.was.size = HASH_SIZE;
    memcpy(envelope.was.at, was, HASH_SIZE);
    assert_true(row_write(&envelope, blank, sizeof blank, row, &size, err));
    journal_begin(journal, batch, 6000);
    batch_add_strike(
        batch,
        &(struct journal_strike){.event = (int64_t)number, .by = (int64_t)number + 1, .counted = 5},
        (struct bytes){row, size});
    assert_false(batch_is_empty(batch));
    assert_true(journal_commit(journal, batch, err));
}

static void a_struck_row_stands_in_its_place_and_its_batch_keeps_the_hash(void **unused)
{
    const uint64_t number = commit_secret(), at = journal_head(journal).batch;
    struct batch_view before, after;
    uint8_t hashes[2][HASH_SIZE], was[HASH_SIZE];
    struct journal_event envelope;
    struct journal_strike struck;
    struct error err;
    struct bytes body;
    struct txn *txn;
    bool is_struck;

    (void)unused;
    assert_non_null(txn = journal_begin_read(journal, &err));
    read_view(txn, at, &before);
    memcpy(hashes[0], before.hash, HASH_SIZE);
    memcpy(hashes[1], before.hashes, HASH_SIZE);
    assert_false(row_is_struck(row_of(txn, number), was));
    assert_true(journal_struck(txn, number, &is_struck, &struck, &err));
    assert_false(is_struck);
    txn_abort(txn);
    commit_at(5000, 1);
    strike(number, hashes[1], &err);

    assert_non_null(txn = journal_begin_read(journal, &err));
    read_view(txn, at, &after);
    assert_memory_equal(after.hash, hashes[0], HASH_SIZE);
    assert_memory_equal(after.hashes, hashes[1], HASH_SIZE);
    assert_true(row_is_struck(row_of(txn, number), was));
    assert_memory_equal(was, hashes[1], HASH_SIZE);
    assert_true(row_stands_for(row_of(txn, number), hashes[1]));
    assert_true(row_read(row_of(txn, number), &envelope, &body, &err));
    assert_int_equal(body.size, sizeof blank);
    assert_memory_equal(body.at, blank, sizeof blank);
    assert_true(journal_struck(txn, number, &is_struck, &struck, &err));
    assert_true(is_struck);
    assert_int_equal(struck.by, number + 1);
    assert_int_equal(struck.counted, 5);
    row_hash(row_of(txn, number), was);
    assert_memory_equal(struck.hash.at, was, HASH_SIZE); /* the header of the batch binds it */
    txn_abort(txn);
}

static void one_that_was_struck_last_is_opened_and_one_that_says_another_hash_is_not(void **unused)
{
    const uint64_t number = commit_secret();
    uint8_t was[HASH_SIZE];
    struct batch_view view;
    struct bytes row;
    struct error err;
    struct store *store;
    struct txn *txn;
    uint8_t key[8], copy[EVENT_STRUCK_MAX];
    size_t size;

    (void)unused;
    assert_non_null(txn = journal_begin_read(journal, &err));
    read_view(txn, journal_head(journal).batch, &view);
    memcpy(was, view.hashes, HASH_SIZE);
    txn_abort(txn);
    strike(number, was, &err); /* in a batch without rows: the one before is not the last */
    reopen(6000);

    /* In the last batch, put there behind its back. */
    const uint64_t last = commit_secret();
    for (int is_other = 0; is_other < 2; is_other++) {
        assert_non_null(txn = journal_begin_read(journal, &err));
        row = row_of(txn, number);
        memcpy(copy, row.at, size = row.size);
        txn_abort(txn);
        journal_close(journal);
        journal = NULL;
        if (is_other) {
            struct journal_event envelope = event_of();

            envelope.has_was = true;
            envelope.was.size = HASH_SIZE;
            assert_true(row_write(&envelope, blank, sizeof blank, copy, &size, &err));
        }
        store = store_open("journal", (size_t)64 << 30, journal_maps, STORE_SYNCED, &err);
        assert_non_null(txn = txn_begin_write(store, &err));
        number_write(key, last);
        assert_true(
            txn_put(txn, 1, (struct bytes){key, sizeof key}, (struct bytes){copy, size}, &err));
        assert_true(txn_commit(txn, &err));
        store_close(store);
        if (is_other)
            assert_not_opened();
        else
            reopen(6000);
    }
}

/* Forks. */

static void restore(void)
{
    char marker[64];
    int fd;

    snprintf(marker, sizeof marker, "journal/%s", journal_restored);
    assert_true((fd = open(marker, O_CREAT | O_WRONLY, 0600)) >= 0);
    close(fd);
    reopen(7000);
    assert_true(journal_was_restored(journal));
    assert_int_not_equal(access(marker, F_OK), 0);
}

static struct position fork_of(struct id epoch, uint64_t number, bool *is_known)
{
    struct error err;
    struct position fork;
    struct txn *txn = journal_begin_read(journal, &err);

    assert_true(journal_fork(txn, epoch, number, is_known, &fork, &err));
    txn_abort(txn);
    return fork;
}

static void who_stood_beyond_the_end_of_an_epoch_parted_there(void **unused)
{
    struct position first, second, fork;
    bool is_known;

    (void)unused;
    for (int i = 0; i < 20; i++)
        commit_at(7000, i % 3);
    first = journal_head(journal);
    restore();
    second = journal_head(journal);
    assert_memory_not_equal(&second.epoch, &first.epoch, sizeof first.epoch);
    for (int i = 0; i < 7; i++)
        commit_at(7000, 1);
    second = journal_head(journal);
    restore();
    commit_at(7000, 1);

    fork = fork_of(first.epoch, first.batch + 3, &is_known);
    assert_true(is_known);
    assert_memory_equal(&fork.epoch, &first.epoch, sizeof fork.epoch);
    assert_int_equal(fork.batch, first.batch);
    assert_memory_equal(fork.hash, first.hash, HASH_SIZE);
    fork = fork_of(second.epoch, second.batch + 1, &is_known);
    assert_true(is_known);
    assert_int_equal(fork.batch, second.batch);
    fork_of(second.epoch, second.batch, &is_known); /* that one it has: another hash, then */
    assert_false(is_known);
    fork_of(journal_head(journal).epoch, journal_head(journal).batch + 1, &is_known);
    assert_false(is_known); /* two go on in one epoch */
    fork_of(random_key_id(), 5, &is_known);
    assert_false(is_known);
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    strcpy(home, "/tmp/fadder-journal-XXXXXX");
    if (mkdtemp(home) == NULL || chdir(home) != 0) return 1;
    crypto_start();
    batch = batch_create();
    return !open_journal(1000, &err);
}

static int tear_down(void **unused)
{
    (void)unused;
    batch_destroy(batch);
    journal_close(journal);
    unlink("journal/data.mdb");
    unlink("journal/lock.mdb");
    return rmdir("journal") != 0 || chdir("/") != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(time_does_not_go_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_last_batch_that_does_not_match_its_hash_is_not_opened,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_last_event_that_does_not_match_its_hash_is_not_opened,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_that_was_altered_long_ago_is_not_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_services_is_not_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_batch_is_full_before_an_input_could_exceed_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_struck_row_stands_in_its_place_and_its_batch_keeps_the_hash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            one_that_was_struck_last_is_opened_and_one_that_says_another_hash_is_not, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(who_stood_beyond_the_end_of_an_epoch_parted_there, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
