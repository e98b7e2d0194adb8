/* Answers by command: remembered for 30 days of the batches' own time, then forgotten together with the lists
 * that lead to them. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "fold/answers.h"
#include "store/number.h"
#include "store/state.h"
#include "store/store.h"

static const int64_t day_ms = 86400000;

static char home[32];
static struct store *store;
static struct txn *txn;
static struct journal_header *header;

static struct id command_of(int batch, uint32_t n)
{
    struct id id = {{0}};

    number_write(id.bytes, (uint64_t)batch * 1000 + n);
    return id;
}

static void end_batch(int number, int64_t at_ms, uint32_t commands)
{
    struct error err;

    memset(header, 0, sizeof *header);
    header->number = number;
    header->at.ms = at_ms;
    for (uint32_t n = 0; n < commands; n++) {
        struct journal_command *command = &header->commands.at[header->commands.count++];

        command->id = command_of(number, n);
        command->print.size = 16;
        command->version = number;
        assert_true(answer_put(txn, command, (uint64_t)number, &err));
    }
    assert_true(answer_expire(txn, header, &err));
}

static bool is_remembered(int batch, uint32_t n)
{
    struct answer answer;
    struct error err;
    bool is_there;

    assert_true(answer_get(txn, command_of(batch, n), &is_there, &answer, &err));
    if (is_there) assert_int_equal(answer.version, batch);
    return is_there;
}

static bool count_one(void *cookie, struct bytes key, struct bytes value)
{
    (void)key;
    (void)value;
    ++*(size_t *)cookie;
    return true;
}

static size_t entries(void)
{
    struct error err;
    size_t count = 0;

    assert_true(txn_scan(txn, STATE_ANSWERS, (struct bytes){"", 0}, (struct bytes){"", 0},
                         count_one, &count, &err));
    return count;
}

static void an_answer_is_remembered_for_thirty_days_and_no_longer(void **unused)
{
    (void)unused;
    end_batch(1, 1000, 3);
    end_batch(2, 1000 + 30 * day_ms, 1);
    assert_true(is_remembered(1, 0));
    end_batch(3, 1000 + 30 * day_ms + 1, 1);
    for (uint32_t n = 0; n < 3; n++)
        assert_false(is_remembered(1, n));
    assert_true(is_remembered(2, 0));
    assert_true(is_remembered(3, 0));
    assert_int_equal(entries(), 4); /* two answers and two lists: nothing is left of the first */
}

static void more_is_forgotten_than_comes(void **unused)
{
    int number = 1;

    (void)unused;
    for (; number <= 40; number++)
        end_batch(number, 1000, 2);
    for (int n = 0; n < 10; n++)
        end_batch(number++, 1000 + 31 * day_ms, 1);
    assert_false(is_remembered(40, 1));
    assert_int_equal(entries(), 2 * 10);
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    strcpy(home, "/tmp/fadder-answers-XXXXXX");
    if (mkdtemp(home) == NULL || chdir(home) != 0) return 1;
    header = calloc(1, sizeof *header);
    store = store_open("state", (size_t)1 << 26, state_maps, STORE_VIEW, &err);
    return store == NULL || (txn = txn_begin_write(store, &err)) == NULL;
}

static int tear_down(void **unused)
{
    (void)unused;
    txn_abort(txn);
    store_close(store);
    free(header);
    unlink("state/data.mdb");
    unlink("state/lock.mdb");
    return rmdir("state") != 0 || chdir("/") != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_is_remembered_for_thirty_days_and_no_longer,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_is_forgotten_than_comes, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
