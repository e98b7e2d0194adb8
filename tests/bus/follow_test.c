/* A line against a producer that forges: what does not hold together is asked for again and never handed
 * out; what holds is handed out in order, once. The producer has a journal of its own, and sends what a test
 * makes of it. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "core/error.h"
#include "core/pack.h"
#include "journal/journal.h"

enum { BATCHES = 5, ROWS = 4, FRAME_BYTES = 65536 };

static char home[] = "/tmp/fadder-follow-XXXXXX";
static struct bus *bus;
static struct socket *reads;
static struct journal *journal;
static struct line *line;
static struct foreign foreign;
static struct bus_pull pull; /* the last that came */
static char peer[PEER_NAME_MAX + 1];
static int64_t now_ms;
static int dialled;

/* The producer. */

static void commit_batches(void)
{
    struct batch *batch = batch_create();
    struct error err;

    for (int n = 0; n < BATCHES; n++) {
        journal_begin(journal, batch, 1000 + n);
        for (int i = 0; i < ROWS; i++) {
            struct journal_event envelope = {.id = random_id(1000),
                                             .type = "tram.built",
                                             .schema = 1,
                                             .service = "forger",
                                             .sequence = 1,
                                             .role = ACTOR_ROLE_SYS};

            assert_true(batch_add(batch, &envelope, "\x80", 1, &err));
        }
        assert_true(journal_commit(journal, batch, &err));
    }
    batch_destroy(batch);
}

/* A batch as it is sent: to be sent so, or forged first. */
struct sent {
    size_t header_size, hashes_size, rows_size;
    uint8_t header[FRAME_BYTES], hashes[FRAME_BYTES], rows[FRAME_BYTES];
};

static void add_row(struct sent *sent, uint32_t index, struct bytes row)
{
    uint8_t *at = sent->rows + sent->rows_size;

    at[0] = (uint8_t)index;
    at[1] = (uint8_t)(index >> 8);
    at[2] = (uint8_t)row.size;
    at[3] = (uint8_t)(row.size >> 8);
    memcpy(at + 4, row.at, row.size);
    sent->rows_size += 4 + row.size;
}

/* Its rows by their places, as many as `count`. */
static struct sent *sent_of(uint64_t number, const uint32_t *indexes, size_t count)
{
    static struct sent sent;
    struct error err;
    struct txn *txn = journal_begin_read(journal, &err);
    struct batch_view view;

    assert_true(journal_batch(txn, number, &view, &err) && view.header.at != NULL);
    memcpy(sent.header, view.header.at, view.header.size);
    sent.header_size = view.header.size;
    memcpy(sent.hashes, view.hashes, view.events * HASH_SIZE);
    sent.hashes_size = view.events * HASH_SIZE;
    sent.rows_size = 0;
    for (size_t i = 0; i < count; i++) {
        struct bytes row;

        assert_true(journal_row(txn, view.first + indexes[i] % view.events, &row, &err));
        add_row(&sent, indexes[i], row);
    }
    txn_abort(txn);
    return &sent;
}

static struct sent *whole(uint64_t number)
{
    static const uint32_t all[] = {0, 1, 2, 3};

    return sent_of(number, all, number == 1 ? 0 : ROWS);
}

/* Who forges has the hash right. */
static void hash_of(const struct sent *sent, uint8_t hash[HASH_SIZE])
{
    struct glimpse previous;

    assert_true(unpack_glimpse(sent->header, sent->header_size, "previous", &previous));
    batch_hash(previous.at, (struct bytes){sent->header, sent->header_size}, sent->hashes,
               sent->hashes_size / HASH_SIZE, hash);
}

static void deliver_as(struct id session, const struct sent *sent)
{
    static uint8_t letter[3 * FRAME_BYTES + 64];
    uint8_t hash[HASH_SIZE];
    const struct bytes parts[] = {
        {"B", 1},
        {&session, sizeof session},
        {hash, HASH_SIZE},
        {(uint8_t[]){(uint8_t)sent->header_size, (uint8_t)(sent->header_size >> 8), 0, 0}, 4},
        {sent->header, sent->header_size},
        {sent->hashes, sent->hashes_size},
        {sent->rows, sent->rows_size}};
    size_t size = 0;

    hash_of(sent, hash);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        memcpy(letter + size, parts[i].at, parts[i].size);
        size += parts[i].size;
    }
    assert_true(socket_send(reads, peer, &(struct frame){letter, size}, 1));
}

static void deliver(const struct sent *sent)
{
    deliver_as(pull.session, sent);
}

/* Until it pulls anew: where from. */
static int64_t wait_for_pull(void)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    bool ready, is_there = false;
    struct message *message;
    struct error err;

    while (!is_there) {
        assert_true(clock_steady_ms() < until_ms);
        bus_wait(&reads, 1, NULL, 0, 10, &ready);
        while ((message = socket_receive(reads)) != NULL) {
            const struct frame frame = message_frame(message, 0);

            snprintf(peer, sizeof peer, "%s", message_peer(message));
            if (*(const char *)frame.at == 'L') {
                is_there = true;
                assert_true(unpack(&bus_pull_descriptor, (const char *)frame.at + 1, frame.size - 1,
                                   &pull, &err));
            }
            message_destroy(message);
        }
        line_turn(line, now_ms += 100);
        follower_next(line_follower(line), &foreign);
    }
    return pull.from.batch;
}

/* Whether something comes of what was delivered: a batch that holds, or a new question. */
static bool is_taken(void)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct socket *sockets[] = {line_socket(line), reads};
    bool ready[2] = {false, false};

    while (!ready[1]) {
        assert_true(clock_steady_ms() < until_ms);
        line_turn(line, now_ms += 300);
        if (follower_next(line_follower(line), &foreign)) return true;
        if (follower_trouble(line_follower(line)) != NULL) return false;
        bus_wait(sockets, 2, NULL, 0, 10, ready);
    }
    return false;
}

static void consume(void)
{
    follower_consumed(line_follower(line), &foreign, UINT32_MAX);
}

static void take(uint64_t number)
{
    deliver(whole(number));
    assert_true(is_taken());
    assert_int_equal(foreign.after.batch, number);
    consume();
}

/* It asks again, from the same place. */
static void assert_asked_again(uint64_t from)
{
    assert_false(is_taken());
    assert_int_equal(wait_for_pull(), from);
}

static void follow_until(const struct journal_position *from, const struct journal_position *until)
{
    static const char *const types[] = {"tram.built", NULL};
    char name[32];
    struct error err;

    line_close(line);
    snprintf(name, sizeof name, "tester.%d", ++dialled);
    line = line_open(bus, name, "forger", types, from, until, &err);
    assert_non_null(line);
    assert_int_equal(wait_for_pull(), from->batch);
}

static void follow_from(const struct journal_position *from)
{
    follow_until(from, NULL);
}

static int begin(void **unused)
{
    const struct journal_position zero = {.within = 0};

    (void)unused;
    follow_from(&zero);
    return 0;
}

/* Tests. */

static void what_holds_is_handed_out_in_order(void **unused)
{
    (void)unused;
    take(1);
    deliver(whole(2));
    assert_true(is_taken());
    assert_int_equal(foreign.count, ROWS);
    for (uint32_t i = 0; i < ROWS; i++)
        assert_int_equal(foreign.rows[i].index, i);
    consume();
    take(3);
}

static void a_row_that_is_not_what_its_hash_says_is_not_handed_out(void **unused)
{
    struct sent *sent;

    (void)unused;
    take(1);
    sent = whole(2);
    sent->rows[sent->rows_size - 1] ^= 1;
    deliver(sent);
    assert_asked_again(1);
    take(2);
}

static void a_batch_that_does_not_follow_from_the_one_before_is_not_handed_out(void **unused)
{
    struct sent *sent;

    (void)unused;
    take(1);
    sent = whole(2);
    for (size_t i = 0; i + 8 < sent->header_size; i++) /* "previous", then c4 32 */
        if (memcmp(sent->header + i, "previous", 8) == 0) sent->header[i + 10] ^= 1;
    deliver(sent);
    assert_asked_again(1);
    take(2);
}

static void a_batch_that_is_left_out_is_asked_for(void **unused)
{
    (void)unused;
    take(1);
    deliver(whole(3));
    assert_asked_again(1);
    take(2);
    take(3);
}

static void a_row_that_comes_twice_or_out_of_order_is_not_handed_out(void **unused)
{
    static const uint32_t doubled[] = {0, 1, 1, 2}, backwards[] = {1, 0}, beyond[] = {ROWS};

    (void)unused;
    take(1);
    deliver(sent_of(2, doubled, 4));
    assert_asked_again(1);
    deliver(sent_of(2, backwards, 2));
    assert_asked_again(1);
    deliver(sent_of(2, beyond, 1));
    assert_asked_again(1);
    take(2);
}

static void hashes_that_are_fewer_than_its_events_are_not_believed(void **unused)
{
    struct sent *sent;

    (void)unused;
    take(1);
    sent = sent_of(2, NULL, 0);
    sent->hashes_size -= HASH_SIZE;
    deliver(sent);
    assert_asked_again(1);
    sent = sent_of(2, NULL, 0);
    sent->hashes_size -= 1;
    deliver(sent);
    assert_asked_again(1);
    take(2);
}

static void what_was_taken_already_is_passed_over(void **unused)
{
    (void)unused;
    take(1);
    take(2);
    deliver(whole(2));
    deliver(whole(3));
    assert_true(is_taken());
    assert_int_equal(foreign.after.batch, 3);
}

/* Another registration of the same name may have wanted other types. */
static void what_is_of_another_session_is_nobodys(void **unused)
{
    struct bus_diverged diverged = {.code = "other_hash", .text = "Another's."};
    char packed[1024] = {'D'};
    size_t size = sizeof packed - 1;
    struct error err;

    (void)unused;
    take(1);
    deliver_as(random_key_id(), sent_of(2, NULL, 0));
    diverged.session = random_key_id();
    assert_true(pack(&bus_diverged_descriptor, &diverged, packed + 1, &size, &err));
    assert_true(socket_send(reads, peer, &(struct frame){packed, size + 1}, 1));
    deliver(whole(2));
    assert_true(is_taken());
    assert_int_equal(foreign.count, ROWS);
    assert_null(follower_trouble(line_follower(line)));
}

static void a_producer_that_says_so_stops_it(void **unused)
{
    struct bus_diverged diverged = {.code = "other_hash", .text = "Come apart.", .has_end = true};
    char packed[1024] = {'D'};
    size_t size = sizeof packed - 1;
    struct error err;

    (void)unused;
    take(1);
    diverged.session = pull.session;
    diverged.end.batch = 7;
    diverged.end.hash.size = HASH_SIZE;
    assert_true(pack(&bus_diverged_descriptor, &diverged, packed + 1, &size, &err));
    assert_true(socket_send(reads, peer, &(struct frame){packed, size + 1}, 1));
    deliver(whole(2));
    assert_false(is_taken());
    assert_string_equal(follower_trouble(line_follower(line))->code, "other_hash");
    assert_int_equal(follower_trouble(line_follower(line))->end.batch, 7);
}

static void a_batch_that_was_taken_in_part_must_be_the_same(void **unused)
{
    struct journal_position position;

    (void)unused;
    take(1);
    deliver(whole(2));
    assert_true(is_taken());
    follower_consumed(line_follower(line), &foreign, 2);
    position = *follower_position(line_follower(line));
    follow_from(&position);
    assert_true(pull.from.has_part);
    take(2);
    position.part.at[0] ^= 1;
    follow_from(&position);
    deliver(whole(2));
    assert_asked_again(1);
}

/* Of three batches, and some of the next. */
static struct journal_position some(void)
{
    struct journal_position position;

    for (uint64_t n = 1; n <= 3; n++)
        take(n);
    deliver(whole(4));
    assert_true(is_taken());
    follower_consumed(line_follower(line), &foreign, 1);
    position = *follower_position(line_follower(line));
    return position;
}

static void what_is_filled_in_comes_to_where_the_rest_stands(void **unused)
{
    const struct journal_position zero = {.within = 0};
    struct journal_position until = some();

    (void)unused;
    follow_until(&zero, &until);
    assert_int_equal(pull.until.batch, 3);
    assert_true(pull.until.has_part);
    for (uint64_t n = 1; n <= 4; n++)
        take(n);
    until.part.at[0] ^= 1;
    follow_until(&zero, &until);
    for (uint64_t n = 1; n <= 3; n++)
        take(n);
    deliver(whole(4));
    assert_asked_again(3);
    until.hash.at[0] ^= 1;
    follow_until(&zero, &until);
    take(1);
    take(2);
    deliver(whole(3));
    assert_asked_again(2);
}

static int set_up(void **unused)
{
    char endpoint[128];
    struct error err;

    (void)unused;
    if (mkdtemp(home) == NULL || chdir(home) != 0 || mkdir("run", 0700) != 0) return 1;
    crypto_start();
    service_endpoint("forger", "reads", endpoint);
    if ((bus = bus_open(".", &err)) == NULL ||
        (reads = bus_serve(bus, "forger", endpoint, &err)) == NULL ||
        (journal = journal_open("journal", "forger", 1000, &err)) == NULL)
        return 1;
    commit_batches();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    line_close(line);
    socket_close(reads);
    bus_close(bus);
    journal_close(journal);
    unlink("journal/data.mdb");
    unlink("journal/lock.mdb");
    rmdir("journal");
    unlink("run/forger.reads");
    rmdir("run");
    unlink("keys/bus/forger.public");
    unlink("keys/bus/tester.public");
    rmdir("keys/bus");
    unlink("keys/bus.forger.secret");
    unlink("keys/bus.tester.secret");
    rmdir("keys");
    return chdir("/") != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_holds_is_handed_out_in_order, begin),
        cmocka_unit_test_setup(a_row_that_is_not_what_its_hash_says_is_not_handed_out, begin),
        cmocka_unit_test_setup(a_batch_that_does_not_follow_from_the_one_before_is_not_handed_out,
                               begin),
        cmocka_unit_test_setup(a_batch_that_is_left_out_is_asked_for, begin),
        cmocka_unit_test_setup(a_row_that_comes_twice_or_out_of_order_is_not_handed_out, begin),
        cmocka_unit_test_setup(hashes_that_are_fewer_than_its_events_are_not_believed, begin),
        cmocka_unit_test_setup(what_was_taken_already_is_passed_over, begin),
        cmocka_unit_test_setup(what_is_of_another_session_is_nobodys, begin),
        cmocka_unit_test_setup(a_producer_that_says_so_stops_it, begin),
        cmocka_unit_test_setup(a_batch_that_was_taken_in_part_must_be_the_same, begin),
        cmocka_unit_test_setup(what_is_filled_in_comes_to_where_the_rest_stands, begin),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
