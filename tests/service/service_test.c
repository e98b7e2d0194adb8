/* A service as its neighbours see it: the registry's own program, killed and damaged. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "contract/journal.h"
#include "core/error.h"
#include "core/pack.h"
#include "journal/journal.h"
#include "service/talk.h"
#include "store/state.h"
#include "store/store.h"

static const char *home;
static pid_t service;
static int made; /* programmes so far */

static pid_t start(const char *option)
{
    return talk_start(REGISTRY, option, NULL);
}

static void stop(int signal_number)
{
    int status;

    SEND_SIGNAL(service, signal_number);
    assert_int_equal(waitpid(service, &status, 0), service);
    if (signal_number == SIGTERM) assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    service = 0;
}

static int verify(void)
{
    const pid_t pid = start("--verify");
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One request, one answer. */

struct waiting {
    bool is_there;
    struct reply reply;
};

static void on_answer(void *cookie, const struct reply *reply)
{
    struct waiting *waiting = cookie;

    waiting->is_there = true;
    waiting->reply = *reply;
}

static void wait_for(struct waiting *waiting)
{
    struct socket *sockets[PEER_DOORS];
    bool ready[PEER_DOORS];

    peer_sockets(talk_peer(), sockets);
    while (!waiting->is_there) {
        peer_flush(talk_peer());
        bus_wait(sockets, PEER_DOORS, NULL, 0, 50, ready);
        peer_turn(talk_peer(), clock_steady_ms());
    }
}

static const struct reply *say(const struct bus_command *command)
{
    return talk_say(command, PATIENCE_MS);
}

static const char *next_slug(void)
{
    static char slug[32];

    snprintf(slug, sizeof slug, "programme-%d", made++);
    return slug;
}

static const struct reply *ask(struct bus_query *query)
{
    strcpy(query->record, "programme");
    return talk_ask(query);
}

static bool is_known(struct id programme)
{
    struct bus_query query = {.has_key = true, .key = programme};

    return ask(&query)->page.count == 1;
}

static int64_t count_programmes(void)
{
    struct bus_query query = {.has_after = false};
    int64_t count = 0;

    for (bool is_more = true; is_more; query.has_after = true) {
        const struct reply *page = ask(&query);

        assert_true(page->is_page);
        count += page->page.count;
        is_more = page->page.has_next;
        query.after = page->page.next;
    }
    return count;
}

static void begin(void)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct bus_query query = {.record = "programme"};

    service = start(NULL);
    while (!talk_ask_within(&query, LOST_MS)->is_page)
        assert_true(clock_steady_ms() < until_ms);
}

/* The tests. */

static void what_is_answered_is_on_disk_and_said_again_the_same(void **unused)
{
    struct bus_command command = talk_create(next_slug());
    struct bus_accepted first;
    const struct reply *again;

    (void)unused;
    first = say(&command)->accepted;
    assert_false(first.has_again);
    stop(SIGKILL);
    begin();
    assert_true(is_known(first.aggregate));
    again = say(&command);
    assert_true(again->is_accepted);
    assert_memory_equal(&again->accepted.aggregate, &first.aggregate, sizeof first.aggregate);
    assert_int_equal(again->accepted.batch, first.batch);
    assert_true(again->accepted.has_again && again->accepted.again);

    command.print.at[3] ^= 1;
    again = say(&command);
    assert_false(again->is_accepted);
    assert_string_equal(again->error.code, "idempotency_mismatch");
    assert_int_equal(count_programmes(), made);
}

static void a_refused_command_leaves_nothing_and_names_the_field(void **unused)
{
    struct bus_command command = talk_create("programme-0"); /* which is there already */
    const struct reply *reply = say(&command);

    (void)unused;
    assert_false(reply->is_accepted);
    assert_int_equal(reply->error.fault_count, 1);
    assert_string_equal(reply->error.faults[0].field, "slug");
    assert_int_equal(count_programmes(), made);
}

static void what_was_written_is_read_at_once(void **unused)
{
    struct bus_query query = {.has_key = true};

    (void)unused;
    for (int i = 0; i < 50; i++) {
        const struct bus_command command = talk_create(next_slug());
        const struct bus_accepted accepted = say(&command)->accepted;

        query.key = accepted.aggregate;
        query.at_least = accepted.batch;
        assert_int_equal(ask(&query)->page.count, 1);
    }
}

static void killed_at_any_moment_it_has_all_that_it_answered(void **unused)
{
    (void)unused;
    for (int round = 0; round < 12; round++) {
        struct bus_command commands[24];
        struct waiting *waiting = calloc(24, sizeof *waiting);
        struct timespec pause = {0, (random() % 6) * 1000000};
        struct error err;

        for (int i = 0; i < 24; i++) {
            commands[i] = talk_create(next_slug());
            assert_true(peer_command(talk_peer(), &commands[i], clock_steady_ms(), 600, on_answer,
                                     &waiting[i], &err));
            peer_flush(talk_peer());
        }
        nanosleep(&pause, NULL);
        stop(SIGKILL);
        for (int i = 0; i < 24; i++)
            wait_for(&waiting[i]);
        begin();
        for (int i = 0; i < 24; i++) {
            const struct reply *again = say(&commands[i]); /* the same id: no second one */

            assert_true(again->is_accepted);
            if (waiting[i].reply.is_accepted)
                assert_memory_equal(&again->accepted.aggregate,
                                    &waiting[i].reply.accepted.aggregate, sizeof(struct id));
        }
        assert_int_equal(count_programmes(), made);
        free(waiting);
    }
    assert_int_equal(verify(), 0);
}

static void without_its_state_it_folds_the_journal(void **unused)
{
    char path[64];

    (void)unused;
    stop(SIGKILL);
    snprintf(path, sizeof path, "%s/registry/state", home);
    talk_remove(path);
    begin();
    assert_int_equal(count_programmes(), made);
    assert_int_equal(verify(), 0);
}

static bool change_first(void *cookie, struct bytes key, struct bytes value)
{
    struct bytes *first = cookie;

    (void)value;
    first->size = key.size;
    first->at = memcpy(malloc(key.size), key.at, key.size);
    return false;
}

static void verify_names_a_row_that_the_journal_does_not_make(void **unused)
{
    struct bytes first = {NULL, 0};
    struct store *state;
    struct txn *txn;
    struct error err;
    char path[64];

    (void)unused;
    stop(SIGTERM);
    assert_int_equal(verify(), 0);
    snprintf(path, sizeof path, "%s/registry/state", home);
    assert_non_null(state = store_open(path, 1 << 30, state_maps, STORE_VIEW, &err));
    assert_non_null(txn = txn_begin_write(state, &err));
    assert_true(txn_scan(txn, STATE_ROWS, (struct bytes){"", 0}, (struct bytes){"", 0},
                         change_first, &first, &err));
    assert_true(txn_put(txn, STATE_ROWS, first, (struct bytes){"\x80", 1}, &err));
    assert_true(txn_commit(txn, &err));
    store_close(state);
    assert_int_equal(verify(), 1);
    talk_remove(path);
    begin();
    assert_int_equal(verify(), 0);
    free((void *)(size_t)first.at);
}

static void a_damaged_journal_is_refused(void **unused)
{
    static const char *const maps[] = {"batches", "events", "sealed", NULL};
    struct bytes key, value;
    struct store *journal;
    struct txn *txn;
    struct error err;
    char path[64], was[EVENT_ROW_MAX], row[EVENT_ROW_MAX];
    uint8_t number[8];
    size_t size;
    int status;

    (void)unused;
    stop(SIGTERM);
    snprintf(path, sizeof path, "%s/registry/journal", home);
    assert_non_null(journal = store_open(path, 1 << 30, maps, STORE_SYNCED, &err));
    assert_non_null(txn = txn_begin_write(journal, &err));
    assert_true(txn_last(txn, 1, &key, &value, &err));
    memcpy(number, key.at, sizeof number);
    size = value.size;
    memcpy(was, value.at, size);
    memcpy(row, was, size);
    row[size - 1] ^= 1;
    assert_true(txn_put(txn, 1, (struct bytes){number, 8}, (struct bytes){row, size}, &err));
    assert_true(txn_commit(txn, &err));
    assert_int_equal(waitpid(start(NULL), &status, 0) > 0, 1);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_int_equal(verify(), 1);
    assert_non_null(txn = txn_begin_write(journal, &err));
    assert_true(txn_put(txn, 1, (struct bytes){number, 8}, (struct bytes){was, size}, &err));
    assert_true(txn_commit(txn, &err));
    store_close(journal);
    begin();
}

/* As the striker does it: another row in the place of the first event's, and how it was struck behind it. by: 0,
 * nothing stands there. was: what is put back afterwards. */
static void put_struck(struct txn *txn, int64_t by, uint8_t was[EVENT_ROW_MAX], size_t *size)
{
    uint8_t key[9] = {0, 0, 0, 0, 0, 0, 0, 1}, row[EVENT_STRUCK_MAX], packed[128];
    const struct bytes number = {key, 8}, behind = {key, 9};
    struct journal_strike strike = {.event = 1, .by = by, .hash = {.size = HASH_SIZE}};
    size_t row_size, packed_size = sizeof packed;
    struct journal_event envelope;
    struct bytes found, body;
    struct error err;

    assert_true(txn_get(txn, 1, number, &found, &err));
    memcpy(was, found.at, *size = found.size);
    assert_true(row_read((struct bytes){was, *size}, &envelope, &body, &err));
    envelope.has_was = true;
    envelope.was.size = HASH_SIZE;
    row_hash((struct bytes){was, *size}, envelope.was.at);
    assert_true(row_write(&envelope, body.at, body.size, row, &row_size, &err));
    row_hash((struct bytes){row, row_size}, strike.hash.at);
    assert_true(txn_put(txn, 1, number, (struct bytes){row, row_size}, &err));
    if (by == 0) return;
    assert_true(pack(&journal_strike_descriptor, &strike, packed, &packed_size, &err));
    assert_true(txn_put(txn, 1, behind, (struct bytes){packed, packed_size}, &err));
}

static void a_row_that_nothing_permits_to_be_struck_is_found(void **unused)
{
    static const char *const maps[] = {"batches", "events", "sealed", NULL};
    uint8_t key[9] = {0, 0, 0, 0, 0, 0, 0, 1}, was[EVENT_ROW_MAX];
    struct store *journal;
    struct txn *txn;
    struct error err;
    char path[64];
    size_t size;

    (void)unused;
    stop(SIGTERM);
    assert_int_equal(verify(), 0);
    snprintf(path, sizeof path, "%s/registry/journal", home);
    assert_non_null(journal = store_open(path, 1 << 30, maps, STORE_SYNCED, &err));
    for (int64_t by = 0; by < 3; by += 2) { /* nothing; an event that has nothing to do with it */
        assert_non_null(txn = txn_begin_write(journal, &err));
        put_struck(txn, by, was, &size);
        assert_true(txn_commit(txn, &err));
        assert_int_equal(verify(), 1);
        assert_non_null(txn = txn_begin_write(journal, &err));
        assert_true(txn_put(txn, 1, (struct bytes){key, 8}, (struct bytes){was, size}, &err));
        assert_true(txn_drop(txn, 1, (struct bytes){key, 9}, &err));
        assert_true(txn_commit(txn, &err));
    }
    store_close(journal);
    assert_int_equal(verify(), 0);
    begin();
}

static void two_verifications_at_once_do_not_meet(void **unused)
{
    enum { AT_ONCE = 4 };
    pid_t pids[AT_ONCE];
    int status;

    (void)unused;
    for (int i = 0; i < AT_ONCE; i++)
        pids[i] = start("--verify");
    for (int i = 0; i < AT_ONCE; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

static void what_a_killed_verification_left_is_gone_after_a_start(void **unused)
{
    char path[128];
    int fd;

    (void)unused;
    snprintf(path, sizeof path, "%s/registry/copy.left", home);
    assert_int_equal(mkdir(path, 0700), 0);
    strcat(path, "/data.mdb");
    assert_true((fd = open(path, O_CREAT | O_WRONLY, 0600)) >= 0);
    close(fd);
    stop(SIGTERM);
    begin();
    snprintf(path, sizeof path, "%s/registry/copy.left", home);
    assert_int_equal(access(path, F_OK), -1);
}

/* Its maker died before it was written: nothing has been keyed with it yet. One that is cut is another
 * matter, and is said. */
static void a_print_key_without_bytes_is_made_anew(void **unused)
{
    const struct bus_command command = talk_create(next_slug());
    char path[128], saved[32];
    int fd, status;
    pid_t pid;

    (void)unused;
    snprintf(path, sizeof path, "%s/keys/print.registry", home);
    assert_true((fd = open(path, O_RDWR)) >= 0);
    assert_int_equal(read(fd, saved, sizeof saved), sizeof saved);
    stop(SIGKILL);
    assert_int_equal(ftruncate(fd, 5), 0);
    pid = start(NULL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_int_equal(ftruncate(fd, 0), 0);
    begin();
    assert_true(say(&command)->is_accepted);
    stop(SIGTERM);
    close(fd);
    assert_true((fd = open(path, O_WRONLY | O_TRUNC)) >= 0);
    assert_int_equal(write(fd, saved, sizeof saved), sizeof saved);
    close(fd);
    begin();
}

static const char *code_said_by(const char *peer, enum actor_role role)
{
    struct bus_command command = talk_create(next_slug());
    const struct reply *reply;

    command.role = role;
    talk_dial_as("registry", peer);
    reply = say(&command);
    if (!reply->is_accepted) made--;
    return reply->is_accepted ? "accepted" : reply->error.code;
}

static void the_gateway_speaks_for_people_and_strangers_for_nobody(void **unused)
{
    (void)unused;
    assert_string_equal(code_said_by("gateway", ACTOR_ROLE_SYS), "not_admitted");
    assert_string_equal(code_said_by("gateway.2", ACTOR_ROLE_SYS), "not_admitted");
    assert_string_equal(code_said_by("gateway", ACTOR_ROLE_TM), "not_admitted");
    assert_string_equal(code_said_by("operator.x", ACTOR_ROLE_TM), "not_admitted");
    assert_string_equal(code_said_by("gateway", ACTOR_ROLE_MENTOR), "forbidden");
    assert_string_equal(code_said_by("stranger", ACTOR_ROLE_SYS), "not_admitted");
    assert_string_equal(code_said_by("notification", ACTOR_ROLE_SYS), "not_admitted");
    assert_string_equal(code_said_by("gatewayx", ACTOR_ROLE_MENTOR), "not_admitted");
    assert_string_equal(code_said_by("operator.x", ACTOR_ROLE_SYS), "accepted");
    talk_dial("registry");
}

static void the_same_id_with_another_body_is_a_mistake(void **unused)
{
    struct bus_command command = talk_create(next_slug());

    (void)unused;
    assert_true(say(&command)->is_accepted);
    command.print.at[0] ^= 1;
    assert_string_equal(say(&command)->error.code, "idempotency_mismatch");
    command.print.at[0] ^= 1;
    assert_true(say(&command)->is_accepted);
}

static void a_second_one_on_the_same_home_is_refused(void **unused)
{
    int status;

    (void)unused;
    assert_true(waitpid(start(NULL), &status, 0) > 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_true(is_known((struct id){{0}}) == false);
}

/* Following. */

static uint64_t follow_until(struct line *line, int64_t head)
{
    static struct foreign foreign;
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    uint64_t rows = 0;

    while (follower_position(line_follower(line))->batch < head && clock_steady_ms() < until_ms) {
        struct socket *socket = line_socket(line);
        bool ready;

        line_turn(line, clock_steady_ms());
        while (follower_next(line_follower(line), &foreign)) {
            rows += foreign.count;
            follower_consumed(line_follower(line), &foreign, UINT32_MAX);
        }
        if (follower_trouble(line_follower(line)) != NULL) return UINT64_MAX;
        bus_wait(&socket, 1, NULL, 0, 20, &ready);
    }
    assert_true(follower_position(line_follower(line))->batch >= head);
    return rows;
}

static void a_follower_hears_everything_once_across_a_kill(void **unused)
{
    static const char *const types[] = {"programme.created", NULL}, *const others[] = {
                                                                        "token.created", NULL};
    struct journal_position from = {.within = 0}, other;
    struct line *line, *deaf;
    struct bus_command command;
    struct error err;
    uint64_t heard;

    (void)unused;
    assert_non_null(
        line = line_open(talk_bus(), "operator.tester", "registry", types, &from, NULL, &err));
    assert_non_null(
        deaf = line_open(talk_bus(), "operator.tester2", "registry", others, &from, NULL, &err));
    command = talk_create(next_slug());
    heard = follow_until(line, say(&command)->accepted.batch);
    assert_int_equal(heard, made);
    stop(SIGKILL);
    begin();
    command = talk_create(next_slug());
    heard += follow_until(line, say(&command)->accepted.batch);
    assert_int_equal(heard, made);
    assert_int_equal(follow_until(deaf, follower_position(line_follower(line))->batch), 0);

    other = *follower_position(line_follower(line));
    other.hash.at[0] ^= 1;
    line_close(deaf);
    assert_non_null(
        deaf = line_open(talk_bus(), "operator.tester3", "registry", types, &other, NULL, &err));
    assert_int_equal(follow_until(deaf, other.batch + 1), UINT64_MAX);
    line_close(line);
    line_close(deaf);
}

/* What a line is told that stands there. */
static struct bus_diverged trouble_at(const struct journal_position *from,
                                      const struct journal_position *until)
{
    static const char *const types[] = {"token.created", NULL};
    static int dialled;
    char name[32];
    struct error err;
    struct bus_diverged trouble;
    struct line *line;

    snprintf(name, sizeof name, "operator.astray%d", dialled++);
    line = line_open(talk_bus(), name, "registry", types, from, until, &err);
    assert_non_null(line);
    assert_int_equal(follow_until(line, INT64_MAX), UINT64_MAX);
    trouble = *follower_trouble(line_follower(line));
    line_close(line);
    return trouble;
}

static void whoever_took_what_is_not_there_is_told_where_to_go_on(void **unused)
{
    static const char *const types[] = {"token.created", NULL};
    struct journal_position start = {.within = 0}, here, gone;
    const struct bus_command command = talk_create(next_slug());
    const int64_t head = say(&command)->accepted.batch;
    struct bus_diverged trouble;
    struct error err;
    struct line *line =
        line_open(talk_bus(), "operator.astray", "registry", types, &start, NULL, &err);

    (void)unused;
    assert_non_null(line);
    assert_int_equal(follow_until(line, head), 0);
    here = gone = *follower_position(line_follower(line));
    line_close(line);

    gone.batch += 5;
    trouble = trouble_at(&gone, NULL);
    assert_string_equal(trouble.code, "unknown_position");
    assert_false(trouble.has_until || trouble.has_fork); /* two may go on in one epoch */
    assert_int_equal(trouble.end.batch, head);
    trouble = trouble_at(&start, &gone);
    assert_string_equal(trouble.code, "unknown_position");
    assert_true(trouble.has_until && trouble.until);
    trouble = trouble_at(&gone, &here);
    assert_false(trouble.has_until);

    gone = here;
    gone.hash.at[0] ^= 1;
    assert_string_equal(trouble_at(&start, &gone).code, "other_hash");
    gone = here;
    gone.epoch.bytes[0] ^= 1;
    assert_string_equal(trouble_at(&gone, NULL).code, "other_hash");
    gone = start;
    gone.has_part = true; /* of the first batch, but another one */
    gone.part.size = HASH_SIZE;
    trouble = trouble_at(&gone, NULL);
    assert_string_equal(trouble.code, "other_batch");
    assert_true(trouble.has_fork);
    assert_int_equal(trouble.fork.batch, 0);
}

static void a_restored_journal_begins_another_epoch_that_followers_go_on_into(void **unused)
{
    static const char *const types[] = {"programme.created", NULL};
    struct journal_position from = {.within = 0}, before;
    struct bus_command command = talk_create(next_slug());
    struct line *line;
    struct error err;
    char path[64];
    uint64_t heard;
    int fd;

    (void)unused;
    assert_non_null(
        line = line_open(talk_bus(), "operator.tester4", "registry", types, &from, NULL, &err));
    heard = follow_until(line, say(&command)->accepted.batch);
    before = *follower_position(line_follower(line));
    stop(SIGKILL);
    snprintf(path, sizeof path, "%s/registry/journal/%s", home, journal_restored);
    assert_true((fd = open(path, O_CREAT | O_WRONLY, 0600)) >= 0);
    close(fd);
    begin();
    assert_int_equal(access(path, F_OK), -1);
    command = talk_create(next_slug());
    heard += follow_until(line, say(&command)->accepted.batch);
    assert_int_equal(heard, made);
    assert_memory_not_equal(&follower_position(line_follower(line))->epoch, &before.epoch,
                            sizeof before.epoch);
    line_close(line);
    assert_int_equal(verify(), 0);
}

/* Damaged messages. */

static void mutate(uint8_t *bytes, size_t size)
{
    for (long n = random() % 4 + 1; n > 0; n--)
        bytes[(size_t)random() % size] = (uint8_t)random();
}

static char answer_to_pull(struct socket *socket, const struct bus_pull *pull)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    char packed[512] = {'L'};
    size_t size = sizeof packed - 1;
    struct message *message;
    struct error err;
    char letter;
    bool ready;

    assert_true(pack(&bus_pull_descriptor, pull, packed + 1, &size, &err));
    assert_true(socket_send(socket, NULL, &(struct frame){packed, size + 1}, 1));
    while ((message = socket_receive(socket)) == NULL) {
        assert_true(clock_steady_ms() < until_ms);
        bus_wait(&socket, 1, NULL, 0, 20, &ready);
    }
    letter = *(const char *)message_frame(message, 0).at;
    message_destroy(message);
    return letter;
}

/* One more than there is room for is told so, and asks again; when another goes, it is served. */
static void nobody_waits_in_silence_to_be_served(void **unused)
{
    enum { MANY = 33 };
    struct socket *sockets[MANY];
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct bus_pull pull = {.from = {.hash = {.size = HASH_SIZE}},
                            .types = {1, {"programme.created"}}};
    char endpoint[128], name[32];
    struct error err;

    (void)unused;
    service_endpoint("registry", "reads", endpoint);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "operator.many%d", i);
        assert_non_null(sockets[i] = bus_dial(talk_bus(), "registry", endpoint, name, &err));
        while (i < MANY - 1 && answer_to_pull(sockets[i], &pull) == 'Z') { /* for who just left */
            assert_true(clock_steady_ms() < until_ms);
            usleep(50000);
        }
    }
    assert_int_equal(answer_to_pull(sockets[MANY - 1], &pull), 'Z');
    socket_close(sockets[0]);
    while (answer_to_pull(sockets[MANY - 1], &pull) == 'Z') {
        assert_true(clock_steady_ms() < until_ms);
        usleep(50000);
    }
    for (int i = 1; i < MANY; i++)
        socket_close(sockets[i]);
}

static void damaged_messages_change_nothing(void **unused)
{
    static const char *const doors[PEER_DOORS] = {"commands", "reads", "lookups"};
    struct socket *sockets[PEER_DOORS];
    char endpoint[128];
    struct error err;

    (void)unused;
    for (int i = 0; i < PEER_DOORS; i++) {
        service_endpoint("registry", doors[i], endpoint);
        assert_non_null(sockets[i] = bus_dial(talk_bus(), "registry", endpoint, "stranger", &err));
    }
    for (int i = 0; i < 4000; i++) {
        struct bus_command command = talk_create(next_slug());
        uint8_t frame[4096] = {(uint8_t) "CQLKYABP"[random() % 8]};
        size_t size = sizeof frame - 1;
        struct message *message;

        made--;
        assert_true(pack(&bus_command_descriptor, &command, frame + 1, &size, &err));
        mutate(frame, size + 1);
        socket_send(sockets[i % PEER_DOORS], NULL,
                    &(struct frame){frame, random() % 8 ? size + 1 : 0}, 1);
        while ((message = socket_receive(sockets[i % PEER_DOORS])) != NULL) {
            if (message_count(message) > 0)
                assert_false(*(const char *)message_frame(message, 0).at == 'A');
            message_destroy(message);
        }
    }
    assert_int_equal(count_programmes(), made); /* a stranger may say nothing, damaged or whole */
    assert_int_equal(waitpid(service, NULL, WNOHANG), 0);
    for (int i = 0; i < PEER_DOORS; i++)
        socket_close(sockets[i]);
    assert_int_equal(verify(), 0);
}

static int set_up(void **unused)
{
    (void)unused;
    home = talk_begin();
    talk_dial("registry");
    begin();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    if (service != 0) stop(SIGKILL);
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_answered_is_on_disk_and_said_again_the_same),
        cmocka_unit_test(a_refused_command_leaves_nothing_and_names_the_field),
        cmocka_unit_test(what_was_written_is_read_at_once),
        cmocka_unit_test(killed_at_any_moment_it_has_all_that_it_answered),
        cmocka_unit_test(without_its_state_it_folds_the_journal),
        cmocka_unit_test(verify_names_a_row_that_the_journal_does_not_make),
        cmocka_unit_test(a_damaged_journal_is_refused),
        cmocka_unit_test(a_row_that_nothing_permits_to_be_struck_is_found),
        cmocka_unit_test(two_verifications_at_once_do_not_meet),
        cmocka_unit_test(what_a_killed_verification_left_is_gone_after_a_start),
        cmocka_unit_test(a_print_key_without_bytes_is_made_anew),
        cmocka_unit_test(the_gateway_speaks_for_people_and_strangers_for_nobody),
        cmocka_unit_test(the_same_id_with_another_body_is_a_mistake),
        cmocka_unit_test(a_second_one_on_the_same_home_is_refused),
        cmocka_unit_test(a_follower_hears_everything_once_across_a_kill),
        cmocka_unit_test(whoever_took_what_is_not_there_is_told_where_to_go_on),
        cmocka_unit_test(a_restored_journal_begins_another_epoch_that_followers_go_on_into),
        cmocka_unit_test(nobody_waits_in_silence_to_be_served),
        cmocka_unit_test(damaged_messages_change_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
