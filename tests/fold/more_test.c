/* One event that is told to more than sixteen: what a journal says of telling the rest is done again when it is
 * folded anew. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/random.h"
#include "contract/programme.h"
#include "core/error.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "fold/deadlines.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "journal/journal.h"
#include "matching_rules/matching_rules.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

enum { TOLD = 40, OFFER_DAYS = 9, AT_MS = 1000 };

static struct aggregate known; /* matching_rules, of which each programme has forty */
static const struct aggregate *const aggregates[] = {&known, NULL};
static char home[32];

static struct id nth(uint8_t n)
{
    return (struct id){{1, [15] = n}};
}

static bool find(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    (void)txn;
    (void)in;
    for (uint8_t n = 1; n <= TOLD && found->count <= TOLD_MAX; n++) {
        const struct id id = nth(n);

        if (found->has_after && memcmp(&id, &found->after, sizeof id) <= 0) continue;
        if (!ids_add(found, id, err)) return false;
    }
    return true;
}

static void add_created(struct batch *batch)
{
    static struct programme_created created;
    struct journal_event envelope = {.id = random_id(AT_MS),
                                     .type = "programme.created",
                                     .schema = 1,
                                     .service = "registry",
                                     .at = {AT_MS},
                                     .sequence = 1,
                                     .role = ACTOR_ROLE_SYS};
    uint8_t packed[EVENT_ROW_MAX];
    size_t size = sizeof packed;
    struct error err;

    strcpy(created.slug, "ada");
    strcpy(created.name, "Ada");
    created.countries.count = created.languages.count = 1;
    created.rules.offer_days = OFFER_DAYS;
    assert_true(pack(&programme_created_descriptor, &created, packed, &size, &err));
    assert_true(batch_add(batch, &envelope, packed, size, &err));
}

static bool is_told(struct store *state, uint8_t n)
{
    static struct matching_rules row;
    struct error err;
    struct txn *txn = txn_begin_read(state, &err);

    assert_true(table_get(txn, &all_matching_rules, nth(n), &row, &err));
    txn_abort(txn);
    return row.rules.offer_days == OFFER_DAYS;
}

static void the_rest_is_told_again_when_it_is_folded_anew(void **unused)
{
    struct error err;
    struct kinds *kinds = kinds_create(aggregates);
    struct fold *fold = fold_create(kinds, "toy");
    struct journal *journal = journal_open("journal", "toy", AT_MS, &err);
    struct batch *batch = batch_create();
    struct store *state = store_open("state", (size_t)1 << 26, state_maps, STORE_VIEW, &err);
    struct deadline more = {.is_more = true, .due_ms = AT_MS, .after = nth(TOLD_MAX)}, left;
    const struct id last = nth(2 * TOLD_MAX);
    struct txn *txn;

    (void)unused;
    assert_non_null(journal);
    assert_non_null(state);
    journal_begin(journal, batch, AT_MS);
    more.id = deadline_id((uint64_t)batch->header.first);
    add_created(batch);
    assert_true(journal_commit(journal, batch, &err));
    journal_begin(journal, batch, AT_MS);
    batch->header.fired.at[batch->header.fired.count++] = fold_fire(fold, &more, false);
    assert_true(journal_commit(journal, batch, &err));

    if (!fold_forward(fold, state, journal, 0, &err)) fail_msg("%s", err.text);
    for (uint8_t n = 1; n <= 2 * TOLD_MAX; n++)
        assert_true(is_told(state, n));
    assert_false(is_told(state, 2 * TOLD_MAX + 1));
    txn = txn_begin_read(state, &err);
    assert_true(deadline_next(txn, kinds, AT_MS, &left, &err));
    assert_true(left.is_there && left.is_more);
    assert_memory_equal(&left.after, &last, sizeof last);
    txn_abort(txn);

    store_close(state);
    batch_destroy(batch);
    journal_close(journal);
    fold_destroy(fold);
    kinds_destroy(kinds);
}

static int set_up(void **unused)
{
    (void)unused;
    strcpy(home, "/tmp/fadder-more-XXXXXX");
    if (mkdtemp(home) == NULL || chdir(home) != 0) return 1;
    crypto_start();
    known = matching_rules_aggregate;
    known.find = find;
    return 0;
}

static int tear_down(void **unused)
{
    static const char *const files[] = {"journal/data.mdb", "journal/lock.mdb", "journal",
                                        "state/data.mdb",   "state/lock.mdb",   "state"};

    (void)unused;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        remove(files[i]);
    return chdir("/") != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_is_told_again_when_it_is_folded_anew),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
