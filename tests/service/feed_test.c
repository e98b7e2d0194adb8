/* Both ends of following, without the way between: what a feed has for a follower is what the follower takes, however
 * letters are damaged, lost or doubled. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/follow.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "journal/journal.h"
#include "service/feed.h"

enum { BATCHES = 30, ROWS = 4, DAMAGES = 20000 };

static char home[] = "/tmp/fadder-feed-XXXXXX";
static const char *const built[] = {"tram.built", NULL}, *const all[] = {"*", NULL};
static struct journal *journal;
static struct batch *batch;
static struct feed *feed;
static struct follower *follower;
static struct foreign foreign;
static struct bus_pull pull; /* the last */
static bool is_asked;
static int64_t now_ms, credits;

static void add(const char *type, const char *service, size_t body_size)
{
    static uint8_t body[EVENT_ROW_MAX] = {0x80};
    struct journal_event envelope = {
        .id = random_id(1000), .schema = 1, .sequence = 1, .role = ACTOR_ROLE_SYS};
    struct error err;

    strcpy(envelope.type, type);
    strcpy(envelope.service, service);
    assert_true(batch_add(batch, &envelope, body, body_size, &err));
}

static void commit(void)
{
    struct error err;

    assert_true(journal_commit(journal, batch, &err));
}

/* Of each batch's rows half are built, one is another's; the first batch begins the epoch. */
static void fill(void)
{
    for (int n = 1; n < BATCHES; n++) {
        journal_begin(journal, batch, 1000 + n);
        for (int i = 0; i < ROWS; i++)
            add(i % 2 == 0 ? "tram.built" : "tram.sold", i == 3 ? "museum" : "works", 1);
        commit();
    }
}

/* What the follower says. */
static void on_letter(void *unused, struct bytes letter)
{
    struct bus_credit credit;
    struct error err;
    const char *at = letter.at;

    (void)unused;
    if (*at == 'L') {
        assert_true(unpack(&bus_pull_descriptor, at + 1, letter.size - 1, &pull, &err));
        is_asked = true;
    } else {
        assert_int_equal(*at, 'K');
        assert_true(unpack(&bus_credit_descriptor, at + 1, letter.size - 1, &credit, &err));
        feed_credit(feed, credit.bytes);
        credits++;
    }
}

static void follow(const char *const *types, const struct journal_position *from,
                   const struct journal_position *until)
{
    follower_destroy(follower);
    follower = follower_create("works", types, from, until, on_letter, NULL);
    is_asked = false;
    follower_turn(follower, now_ms += 1000);
    assert_true(is_asked);
}

/* The answer to what it asked; the code of the refusal, or NULL. */
static const char *begin_feed(void)
{
    static struct bus_diverged diverged;
    struct error err;
    bool is_welcome;

    is_asked = false;
    assert_true(feed_begin(feed, &pull, &is_welcome, &diverged, &err));
    assert_memory_equal(&diverged.session, &pull.session, sizeof pull.session);
    return is_welcome ? NULL : diverged.code;
}

static uint64_t head(void)
{
    return journal_head(journal).batch;
}

/* The next letter; its size, 0: there is none. */
static size_t next_letter(uint8_t letter[FEED_LETTER_MAX])
{
    struct error err;
    size_t size = 0;

    if (feed_has_next(feed, head())) assert_true(feed_next(feed, letter, &size, &err));
    return size;
}

static uint8_t letter[FEED_LETTER_MAX];

static void hear(size_t size)
{
    follower_hear(follower, (struct bytes){letter, size}, now_ms);
}

static const struct journal_position zero;

static void a_follower_takes_what_it_wants_of_each_batch(void **unused)
{
    (void)unused;
    follow(built, &zero, NULL);
    assert_null(begin_feed());
    for (uint64_t number = 1; number <= head(); number++) {
        hear(next_letter(letter));
        assert_true(follower_next(follower, &foreign));
        assert_int_equal(foreign.after.batch, number);
        assert_int_equal(foreign.count, number == 1 ? 0 : 2);
        for (uint32_t i = 0; i < foreign.count; i++)
            assert_int_equal(foreign.rows[i].index, 2 * i);
        follower_consumed(follower, &foreign, UINT32_MAX);
    }
    assert_int_equal(next_letter(letter), 0);
    follow(all, &zero, NULL);
    assert_null(begin_feed());
    for (int i = 0; i < 2; i++) {
        hear(next_letter(letter));
        assert_true(follower_next(follower, &foreign));
        if (i == 0) follower_consumed(follower, &foreign, UINT32_MAX);
    }
    assert_int_equal(foreign.count, ROWS);
}

static void who_wants_as_many_types_as_there_can_be_is_served(void **unused)
{
    static char names[TYPES_MAX][64 + 1];
    const char *types[TYPES_MAX + 1] = {NULL};

    (void)unused;
    for (size_t i = 0; i < TYPES_MAX; i++) {
        memset(names[i], 'a', sizeof names[i] - 1);
        types[i] = names[i];
    }
    types[TYPES_MAX - 1] = "tram.built";
    follow(types, &zero, NULL);
    assert_int_equal(pull.types.count, TYPES_MAX);
    assert_string_equal(pull.types.at[0], names[0]);
    assert_null(begin_feed());
    hear(next_letter(letter));
    assert_true(follower_next(follower, &foreign));
    follower_consumed(follower, &foreign, UINT32_MAX);
    hear(next_letter(letter));
    assert_true(follower_next(follower, &foreign));
    assert_int_equal(foreign.count, 2);
}

static void no_more_is_on_the_way_than_there_is_credit_for(void **unused)
{
    size_t sent = 0, size;

    (void)unused;
    follow(built, &zero, NULL);
    pull.credit = 1000;
    assert_null(begin_feed());
    while ((size = next_letter(letter)) > 0)
        sent += size;
    assert_true(sent >= 1000 && sent < 3000);
    feed_credit(feed, 500);
    assert_true(next_letter(letter) > 0);
    feed_end(feed);
    feed_credit(feed, 100000);
    assert_int_equal(next_letter(letter), 0);
}

static void credit_comes_back_with_what_is_consumed(void **unused)
{
    (void)unused;
    journal_begin(journal, batch, 5000);
    for (int i = 0; i < BATCH_SOFT_EVENTS; i++)
        add("tram.built", "works", 1500);
    commit();
    credits = 0;
    follow(built, &zero, NULL);
    assert_null(begin_feed());
    for (size_t size; (size = next_letter(letter)) > 0;) {
        hear(size);
        assert_true(follower_next(follower, &foreign));
        follower_consumed(follower, &foreign, UINT32_MAX);
    }
    assert_int_equal(foreign.count, BATCH_SOFT_EVENTS);
    assert_int_equal(credits, 1);
}

static struct journal_position position_at(uint64_t number)
{
    struct journal_position position = {.batch = (int64_t)number};
    struct position place;
    struct error err;
    struct txn *txn = journal_begin_read(journal, &err);
    bool is_there;

    assert_true(journal_place(txn, number, &is_there, &place, &err) && is_there);
    txn_abort(txn);
    position.epoch = place.epoch;
    position.hash.size = HASH_SIZE;
    memcpy(position.hash.at, place.hash, HASH_SIZE);
    return position;
}

static const char *refusal(struct journal_position from, const struct journal_position *until)
{
    follow(built, &from, until);
    return begin_feed();
}

static void each_place_of_a_follower_has_to_be_there(void **unused)
{
    struct journal_position five = position_at(5), wrong = five, part = position_at(5);

    (void)unused;
    assert_null(refusal(five, NULL));
    assert_null(refusal(zero, &five));
    wrong.hash.at[7] ^= 1;
    assert_string_equal(refusal(wrong, NULL), "other_hash");
    assert_string_equal(refusal(zero, &wrong), "other_hash");
    assert_string_equal(refusal(wrong, &five), "other_hash");
    wrong = five;
    wrong.epoch.bytes[3] ^= 1;
    assert_string_equal(refusal(wrong, NULL), "other_hash");
    wrong = five;
    wrong.batch = (int64_t)head() + 1;
    assert_string_equal(refusal(wrong, NULL), "unknown_position");
    part.within = 1;
    part.has_part = true;
    part.part = position_at(6).hash;
    assert_null(refusal(part, NULL));
    assert_null(refusal(zero, &part));
    part.part.at[0] ^= 1;
    assert_string_equal(refusal(part, NULL), "other_batch");
    part = position_at(head());
    part.within = 1;
    part.has_part = true;
    part.part = five.hash; /* of a batch that is not there yet */
    assert_string_equal(refusal(part, NULL), "other_batch");
}

/* Whatever comes of the way: what is taken is what was journaled, or nothing is. */
static void however_a_letter_is_damaged_nothing_else_is_taken(void **unused)
{
    static uint8_t damaged[FEED_LETTER_MAX];
    static struct foreign healthy;
    size_t size;
    int taken = 0, refused = 0;

    (void)unused;
    follow(all, &zero, NULL);
    assert_null(begin_feed());
    hear(next_letter(letter));
    assert_true(follower_next(follower, &foreign));
    follower_consumed(follower, &foreign, UINT32_MAX);
    size = next_letter(letter);
    hear(size);
    assert_true(follower_next(follower, &healthy));
    for (int n = 0; n < DAMAGES; n++) {
        struct follower *other =
            follower_create("works", all, follower_position(follower), NULL, on_letter, NULL);
        size_t cut = random_number() % 8 == 0 ? random_number() % (size + 1) : size;

        follower_turn(other, now_ms += 1000);
        memcpy(damaged, letter, size);
        memcpy(damaged + 1, &pull.session, sizeof pull.session);
        for (uint32_t flips = random_number() % 3; flips > 0 && cut > 17; flips--)
            damaged[17 + random_number() % (cut - 17)] ^= (uint8_t)(1u << random_number() % 8);
        follower_hear(other, (struct bytes){damaged, cut}, now_ms);
        if (follower_next(other, &foreign)) {
            taken++;
            assert_int_equal(foreign.after.batch, healthy.after.batch);
            assert_memory_equal(foreign.after.hash.at, healthy.after.hash.at, HASH_SIZE);
            assert_true(foreign.count <=
                        healthy.count); /* one that is cut off behind a row holds */
            for (uint32_t i = 0; i < foreign.count; i++) {
                const struct bytes row = healthy.rows[foreign.rows[i].index].row;

                assert_int_equal(foreign.rows[i].row.size, row.size);
                assert_memory_equal(foreign.rows[i].row.at, row.at, row.size);
            }
        } else {
            refused++;
        }
        follower_destroy(other);
    }
    assert_true(taken > DAMAGES / 10 && refused > DAMAGES / 10);
}

static void what_is_of_another_session_is_passed_over(void **unused)
{
    size_t size;

    (void)unused;
    follow(built, &zero, NULL);
    assert_null(begin_feed());
    size = next_letter(letter);
    letter[1] ^= 1;
    hear(size);
    assert_false(follower_next(follower, &foreign));
    letter[1] ^= 1;
    hear(size);
    assert_true(follower_next(follower, &foreign));
}

/* However much a follower says that may be on the way. */
static void one_letter_adds_so_much_credit_and_no_more(void **unused)
{
    size_t sent = 0, size;

    (void)unused;
    follow(built, &zero, NULL);
    pull.credit = 0;
    assert_null(begin_feed());
    feed_credit(feed, INT64_MAX);
    feed_credit(feed, INT64_MAX); /* and it does not run over */
    while ((size = next_letter(letter)) > 0)
        sent += size;
    assert_true(sent > 0);
}

static void a_packed_batch_of_the_largest_size_travels(void **unused)
{
    struct journal_position before;
    size_t size;

    (void)unused;
    journal_begin(journal, batch, 6000);
    while (batch->header.events < BATCH_EVENTS && batch->used + EVENT_ROW_MAX <= BATCH_BYTES)
        add("tram.built", "works", 1500);
    commit();
    before = position_at(head() - 1);
    follow(all, &before, NULL);
    assert_null(begin_feed());
    size = next_letter(letter);
    assert_in_range(size, 600 * 1024, MESSAGE_MAX);
    hear(size);
    assert_true(follower_next(follower, &foreign));
    assert_int_equal(foreign.count, batch->header.events);
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    crypto_start();
    if (mkdtemp(home) == NULL || chdir(home) != 0) return 1;
    batch = batch_create();
    if ((journal = journal_open("journal", "works", 1000, &err)) == NULL) return 1;
    feed = feed_create(journal, "works");
    fill();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    follower_destroy(follower);
    feed_destroy(feed);
    batch_destroy(batch);
    journal_close(journal);
    unlink("journal/data.mdb");
    unlink("journal/lock.mdb");
    return rmdir("journal") != 0 || chdir("/") != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_follower_takes_what_it_wants_of_each_batch),
        cmocka_unit_test(who_wants_as_many_types_as_there_can_be_is_served),
        cmocka_unit_test(no_more_is_on_the_way_than_there_is_credit_for),
        cmocka_unit_test(credit_comes_back_with_what_is_consumed),
        cmocka_unit_test(each_place_of_a_follower_has_to_be_there),
        cmocka_unit_test(however_a_letter_is_damaged_nothing_else_is_taken),
        cmocka_unit_test(what_is_of_another_session_is_passed_over),
        cmocka_unit_test(one_letter_adds_so_much_credit_and_no_more),
        cmocka_unit_test(a_packed_batch_of_the_largest_size_travels),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
