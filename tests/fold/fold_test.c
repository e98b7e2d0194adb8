/* A batch folded by hand: what does not go on from the row that it is about is not folded. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/random.h"
#include "contract/programme.h"
#include "core/error.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "journal/journal.h"
#include "service/toy.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

static const struct aggregate *const aggregates[] = {&toy_programme, NULL};
static const struct id ada = {{1}};

static char home[32];
static struct store *store;
static struct kinds *kinds;
static struct fold *fold;
static struct journal_header *header;

static bool fold_one(const char *type, const struct descriptor *descriptor, const void *body,
                     int64_t sequence, struct error *err)
{
    static uint8_t row[EVENT_STRUCK_MAX];
    uint8_t packed[EVENT_ROW_MAX];
    struct journal_event envelope = {.id = random_id(1000),
                                     .schema = 1,
                                     .service = "registry",
                                     .aggregate = ada,
                                     .sequence = sequence,
                                     .role = ACTOR_ROLE_SYS};
    const struct position head = {.batch = (uint64_t)++header->number};
    size_t packed_size = sizeof packed, size;
    struct txn *txn = txn_begin_write(store, err);
    bool is_ok;

    strcpy(envelope.type, type);
    assert_true(pack(descriptor, body, packed, &packed_size, err));
    assert_true(row_write(&envelope, packed, packed_size, row, &size, err));
    header->events = 1;
    header->first = header->number;
    is_ok = fold_batch(fold, txn, header, &(struct bytes){row, size}, head, NULL, err);
    if (is_ok)
        assert_true(txn_commit(txn, err));
    else
        txn_abort(txn);
    return is_ok;
}

static void an_event_that_is_not_the_next_of_its_aggregate_is_not_folded(void **unused)
{
    static struct programme_created created;
    const struct programme_closed closed = {.reason = PROGRAMME_REASON_FINISHED};
    struct error err;

    (void)unused;
    strcpy(created.slug, "ada");
    strcpy(created.name, "Ada");
    created.countries.count = created.languages.count = 1;
    created.rules.offer_days = 7;
    assert_false(fold_one("programme.created", &programme_created_descriptor, &created, 2, &err));
    assert_int_equal(err.kind, ERROR_BROKEN);
    assert_true(fold_one("programme.created", &programme_created_descriptor, &created, 1, &err));
    assert_false(fold_one("programme.closed", &programme_closed_descriptor, &closed, 3, &err));
    assert_false(fold_one("programme.closed", &programme_closed_descriptor, &closed, 1, &err));
    assert_true(fold_one("programme.closed", &programme_closed_descriptor, &closed, 2, &err));
}

static void what_only_a_newer_version_knows_is_not_folded(void **unused)
{
    const struct programme_closed closed = {.reason = PROGRAMME_REASON_FINISHED};
    struct error err;

    (void)unused;
    assert_false(fold_one("programme.painted", &programme_closed_descriptor, &closed, 1, &err));
    assert_string_equal(err.code, "upgrade_me");
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    strcpy(home, "/tmp/fadder-fold-XXXXXX");
    if (mkdtemp(home) == NULL || chdir(home) != 0) return 1;
    crypto_start();
    kinds = kinds_create(aggregates);
    fold = fold_create(kinds, "registry");
    header = calloc(1, sizeof *header);
    store = store_open("state", (size_t)1 << 26, state_maps, STORE_VIEW, &err);
    return store == NULL;
}

static int tear_down(void **unused)
{
    (void)unused;
    fold_destroy(fold);
    kinds_destroy(kinds);
    store_close(store);
    free(header);
    unlink("state/data.mdb");
    unlink("state/lock.mdb");
    return rmdir("state") != 0 || chdir("/") != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_event_that_is_not_the_next_of_its_aggregate_is_not_folded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_only_a_newer_version_knows_is_not_folded, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
