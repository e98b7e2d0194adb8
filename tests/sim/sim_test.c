/* Two services in one thread and a world of their own (world.h): one makes programmes as it is told to, the other
 * follows it. A thousand steps by seed: turns of each, commands, time that passes, messages that are lost, processes
 * that are killed, power that goes, also in the middle of a write. Afterwards, and whatever happened: what was accepted
 * is there, once; the follower has all of it, in order, once; each state is the fold of its journal.
 *
 *     SIM_SEED=7 SIM_STEPS=100000 sim_sim_test     one run, of that seed
 */
#include "test.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "contract/programme.h"
#include "core/ending.h"
#include "core/error.h"
#include "core/pack.h"
#include "disk.h"
#include "fold/aggregate.h"
#include "fold/positions.h"
#include "journal/journal.h"
#include "matching_rules/matching_rules.h"
#include "service/node.h"
#include "service/running.h"
#include "service/service.h"
#include "service/talk.h"
#include "service/threads.h"
#include "service/toy.h"
#include "service/verify.h"
#include "sim/world.h"
#include "store/store.h"

enum {
    STEPS = 1000,
    RUNS = 10,
    SETTLING = 100000, /* steps at most */
    COMMANDS = 400,    /* under way at once */
    BURST = 60,        /* and said at once */
    MADE_MAX = 100000,
    TIMEOUT_MS = 3000,
};

/* The services. */

enum { NORTH, SOUTH, NODES, CLIENT = NODES };

static const char *const machines[NODES] = {"machine-0", "machine-1"};

static struct aggregate north_aggregate, south_aggregate;
static struct contract north_contract, south_contract;
static const struct aggregate *const north_aggregates[] = {&north_aggregate, NULL};
static const struct aggregate *const south_aggregates[] = {&south_aggregate, NULL};
static const struct admission admissions[] = {{"programme.created", "south", false},
                                              {"programme.changed", "south", false},
                                              {"programme.closed", "south", false},
                                              {NULL, NULL, false}};

static const struct service services[NODES] = {
    {.name = "north", .fold_id = "north", .aggregates = north_aggregates, .admissions = admissions},
    {.name = "south", .fold_id = "south", .aggregates = south_aggregates},
};

static bool is_calm; /* nothing happens any more but what must */

/* Now and then it comes upon a bug of its own. */
static bool decide(const void *c, const void *in, void *out, struct error *err)
{
    if (!is_calm && world_chance(500)) bug("a bug, by chance");
    return toy_programme.decide(c, in, out, err);
}

static bool find_programme(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    const struct matching_rules_input *input = in;

    (void)txn;
    return ids_add(found, input->head.id, err);
}

static void make_services(void)
{
    static struct subscription subscriptions[3];

    north_contract = programme_contract;
    north_contract.service = "north";
    north_aggregate = toy_programme;
    north_aggregate.contract = &north_contract;
    north_aggregate.decide = decide;
    for (size_t i = 0; i < 3; i++) {
        subscriptions[i] = matching_rules_contract.subscriptions[i];
        subscriptions[i].service = "north";
    }
    south_contract = matching_rules_contract;
    south_contract.subscriptions = subscriptions;
    south_contract.subscription_count = 3;
    south_aggregate = matching_rules_aggregate;
    south_aggregate.contract = &south_contract;
    south_aggregate.find = find_programme;
}

/* Nodes. */

struct node {
    struct files *files; /* its machine's disk: a folder of its own */
    struct running *running;
    struct writer *writer;
    struct reading *reader;
    struct lookups *lookups;
};

static struct node nodes[NODES];

static void enter(unsigned machine)
{
    world_enter(machine);
    log_as(machine < NODES ? services[machine].name : "client");
}

static void close_node(unsigned which, bool is_clean)
{
    struct node *node = &nodes[which];

    enter(which);
    if (node->writer != NULL) writer_close(node->writer);
    if (node->reader != NULL) reader_close(node->reader);
    if (node->lookups != NULL) lookups_close(node->lookups);
    if (node->running != NULL) node_close(node->running, is_clean);
    *node = (struct node){.files = node->files};
}

static bool open_node(unsigned which)
{
    struct node *node = &nodes[which];
    struct error err;

    enter(which);
    node->running = node_create(&services[which], node->files, VAULT_GROWS_AT_ONCE);
    if (node_open(node->running, &err) &&
        (node->writer = writer_open(node->running, &err)) != NULL) {
        node->reader = reader_open(node->running);
        node->lookups = lookups_open(node->running);
        return true;
    }
    if (strcmp(err.code, "store") != 0 && strcmp(err.code, "mark") != 0)
        fail_msg("%s: %s: %s", services[which].name, err.code, err.text);
    close_node(which, false);
    return false;
}

static void kill_node(unsigned which)
{
    close_node(which, false);
    while (!open_node(which))
        disk_fail(NULL);
}

/* Its memory is gone, and what it wrote without flushing. */
static void cut_power(unsigned which)
{
    char folder[32];

    snprintf(folder, sizeof folder, "/%s/", machines[which]);
    close_node(which, false);
    disk_fail(NULL);
    disk_lose_what_was_not_flushed(folder);
    world_reboot(which);
    while (!open_node(which))
        ;
}

static jmp_buf ended;
static bool is_turning;

_Noreturn void __wrap_ending(enum ending how);

/* Of a node whose turn it is, the node ends; else it is this test. */
_Noreturn void __wrap_ending(enum ending how)
{
    if (!is_turning) abort();
    longjmp(ended, 1 + (int)how);
}

static void turn_writer(unsigned which)
{
    struct error err;

    enter(which);
    is_turning = true;
    if (setjmp(ended) != 0)
        kill_node(which);
    else if (!writer_turn(nodes[which].writer, &err))
        cut_power(which); /* the disk gave way */
    is_turning = false;
}

static void turn_reader(unsigned which)
{
    enter(which);
    reader_turn(nodes[which].reader);
    lookups_turn(nodes[which].lookups);
}

/* Who tells north what to do. */

struct said {
    struct bus_command command;
    bool is_there, is_asked;
};

static struct peer *peer;
static struct said said[COMMANDS];
static struct id accepted[MADE_MAX]; /* programmes */
static size_t accepted_count, made;

static void hear(void *cookie, const struct reply *reply)
{
    struct said *one = cookie;

    one->is_asked = false;
    if (!reply->is_accepted && reply->error.kind == ERROR_BUSY) return; /* it is asked again */
    one->is_there = false;
    if (!reply->is_accepted || strcmp(one->command.type, "programme.create") != 0) return;
    assert_true(accepted_count < MADE_MAX);
    accepted[accepted_count++] = reply->accepted.aggregate;
}

/* One that closes by itself in some days, or never. */
static struct bus_command creation(void)
{
    struct programme_create body = {.rules = {.offer_days = 7, .sign_days = 14, .info_days = 84}};
    struct bus_command command = {.type = "programme.create",
                                  .role = ACTOR_ROLE_SYS,
                                  .print = {.size = 16},
                                  .id = random_id(clock_now_ms())};
    size_t size = sizeof command.body.at;
    struct error err;

    snprintf(body.slug, sizeof body.slug, "programme-%zu", made++);
    snprintf(body.name, sizeof body.name, "Programme");
    body.countries.count = body.languages.count = 1;
    body.from.day = clock_now_ms() / 86400000 + (world_chance(2) ? 1 + world_dice(3) : 3000);
    assert_true(pack(&programme_create_descriptor, &body, command.body.at, &size, &err));
    command.body.size = (uint32_t)size;
    return command;
}

static void say_one(struct said *one)
{
    if (one->is_there) return;
    one->is_there = true;
    one->command = accepted_count > 0 && world_chance(3)
                       ? talk_close(accepted[world_dice((uint32_t)accepted_count)], -1)
                       : creation();
}

static void say_something(void)
{
    for (uint32_t n = world_dice(BURST); n > 0; n--)
        say_one(&said[world_dice(COMMANDS)]);
}

static void turn_client(void)
{
    struct error err;

    enter(CLIENT);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!said[i].is_there || said[i].is_asked) continue;
        said[i].is_asked = peer_command(peer, &said[i].command, clock_steady_ms(), TIMEOUT_MS, hear,
                                        &said[i], &err);
    }
    peer_flush(peer);
    peer_turn(peer, clock_steady_ms());
}

/* Steps. */

static const int64_t year_ms = INT64_C(365) * 86400000;

static void fail_disk_soon(unsigned which)
{
    char folder[32];

    snprintf(folder, sizeof folder, "/%s/", machines[which]);
    disk_fail_after(folder, world_dice(12));
}

static void step(void)
{
    const unsigned which = world_dice(NODES);

    world_pass(world_chance(50) ? world_dice(12 * 3600 * 1000) : world_dice(40));
    switch (world_dice(100)) {
    case 0: world_cut(); break;
    case 1: kill_node(which); break;
    case 2: cut_power(which); break;
    case 3: fail_disk_soon(which); break;
    case 4: world_shift(world_chance(2) ? 0 : world_chance(2) ? year_ms : -year_ms); break;
    default:
        switch (world_dice(4)) {
        case 0: turn_writer(which); break;
        case 1: turn_reader(which); break;
        case 2: turn_client(); break;
        case 3: say_something(); break;
        default: break;
        }
    }
}

static bool is_quiet(void)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (said[i].is_there) return false;
    return true;
}

static int64_t lag(void)
{
    struct journal_position position;
    struct error err;
    struct txn *txn = txn_begin_read(nodes[SOUTH].running->state, &err);

    assert_non_null(txn);
    assert_true(state_position(txn, "north", &position, &err));
    txn_abort(txn);
    return (int64_t)journal_head(nodes[NORTH].running->journal).batch - position.batch;
}

/* Nothing more happens to them: they come to an end with what there is. */
static void settle(void)
{
    world_calm(is_calm = true);
    world_shift(0);
    disk_fail(NULL);
    for (int i = 0; i < SETTLING; i++) {
        world_pass(100);
        turn_client();
        for (unsigned which = 0; which < NODES; which++) {
            turn_writer(which);
            turn_reader(which);
        }
        if (i % 100 == 99 && is_quiet() && lag() == 0) return;
    }
    fail_msg("it does not come to an end: %lld batches behind", (long long)lag());
}

/* What must hold. */

struct rows {
    size_t count, room;
    struct row {
        uint8_t hash[HASH_SIZE];
        struct id aggregate;
        bool is_creation;
    } * at;
};

/* No batch is of a time that was not yet, whatever the clocks said. */
static void check_time(const struct batch_view *view)
{
    struct glimpse at;

    assert_true(unpack_glimpse(view->header.at, view->header.size, "at", &at));
    assert_true(at.number <= world_now_ms());
}

/* North's events in a journal. */
static struct rows rows_of(unsigned which)
{
    struct rows rows = {0};
    struct journal_event envelope;
    struct batch_view view;
    char name[32], path[FILES_PATH_MAX];
    struct error err;
    struct journal *journal;
    struct bytes row, body;
    struct txn *txn;

    snprintf(name, sizeof name, "%s/journal", services[which].name);
    files_path(nodes[which].files, name, path);
    assert_non_null(journal = journal_open_guest(path, &err));
    assert_non_null(txn = journal_begin_read(journal, &err));
    for (uint64_t number = 1;; number++) {
        assert_true(journal_batch(txn, number, &view, &err));
        if (view.header.at == NULL) break;
        check_time(&view);
        for (uint32_t i = 0; i < view.events; i++) {
            assert_true(journal_row(txn, view.first + i, &row, &err));
            assert_true(row_read(row, &envelope, &body, &err));
            if (strcmp(envelope.service, "north") != 0) continue;
            if (rows.count == rows.room) {
                rows.room = rows.room == 0 ? 1024 : 2 * rows.room;
                rows.at = realloc(rows.at, rows.room * sizeof *rows.at);
                assert_non_null(rows.at);
            }
            row_hash(row, rows.at[rows.count].hash);
            rows.at[rows.count].aggregate = envelope.aggregate;
            rows.at[rows.count++].is_creation = strcmp(envelope.type, "programme.created") == 0;
        }
    }
    txn_abort(txn);
    journal_close(journal);
    return rows;
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

/* What was made is what was said, each once; and what was accepted is among it. */
static void check_programmes(const struct rows *rows)
{
    struct id *created = calloc(rows->count + 1, sizeof *created);
    size_t count = 0;

    assert_non_null(created);
    for (size_t i = 0; i < rows->count; i++)
        if (rows->at[i].is_creation) created[count++] = rows->at[i].aggregate;
    assert_int_equal(count, made);
    qsort(created, count, sizeof *created, compare_ids);
    for (size_t i = 1; i < count; i++)
        assert_memory_not_equal(&created[i - 1], &created[i], sizeof *created);
    assert_int_equal(accepted_count, made);
    for (size_t i = 0; i < accepted_count; i++)
        assert_non_null(bsearch(&accepted[i], created, count, sizeof *created, compare_ids));
    free(created);
}

static void check(void)
{
    struct rows north = rows_of(NORTH), south = rows_of(SOUTH);

    check_programmes(&north);
    assert_int_equal(south.count, north.count);
    for (size_t i = 0; i < north.count; i++)
        assert_memory_equal(south.at[i].hash, north.at[i].hash, HASH_SIZE);
    for (unsigned which = 0; which < NODES; which++) {
        enter(which);
        assert_int_equal(verify_run(&services[which], nodes[which].files, NULL), 0);
    }
    free(north.at);
    free(south.at);
}

/* One run, in a process of its own, which writes the hashes of both journals' heads into a file. */

static uint64_t seed;
static unsigned steps;
static const char *heads_path;

static void write_heads(void)
{
    const int fd = open(heads_path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    assert_true(fd >= 0);
    for (unsigned which = 0; which < NODES; which++) {
        const struct position head = journal_head(nodes[which].running->journal);

        assert_int_equal(write(fd, head.hash, HASH_SIZE), HASH_SIZE);
    }
    close(fd);
}

static void one_run(void **unused)
{
    struct bus *bus;
    struct error err;

    (void)unused;
    world_begin(seed);
    make_services();
    disk_watch();
    for (unsigned which = 0; which < NODES; which++)
        assert_true(open_node(which));
    assert_non_null(bus = bus_open(".", &err));
    assert_non_null(peer = peer_open(bus, "north", "operator.sim", &err));
    for (unsigned i = 0; i < steps; i++)
        step();
    settle();
    peer_close(peer);
    bus_close(bus);
    write_heads();
    for (unsigned which = 0; which < NODES; which++)
        close_node(which, true);
    check();
    printf("seed %llu: %zu programmes\n", (unsigned long long)seed, made);
}

static int begin_run(void **unused)
{
    struct error err;

    (void)unused;
    talk_begin();
    for (unsigned which = 0; which < NODES; which++)
        if ((nodes[which].files = files_open(machines[which], &err)) == NULL) return 1;
    return 0;
}

static int end_run(void **unused)
{
    (void)unused;
    for (unsigned which = 0; which < NODES; which++)
        files_close(nodes[which].files);
    talk_end();
    return 0;
}

/* seed, steps, file. */
static int be_run(char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_run, begin_run, end_run),
    };

    seed = strtoull(argv[1], NULL, 10);
    steps = (unsigned)strtoul(argv[2], NULL, 10);
    heads_path = argv[3];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

static void run_apart(uint64_t of_seed, unsigned of_steps, uint8_t heads[NODES * HASH_SIZE])
{
    char path[] = "/tmp/fadder-heads-XXXXXX", words[2][24];
    const int fd = mkstemp(path);
    int status;
    pid_t pid;

    assert_true(fd >= 0);
    snprintf(words[0], sizeof words[0], "%llu", (unsigned long long)of_seed);
    snprintf(words[1], sizeof words[1], "%u", of_steps);
    fflush(NULL);
    if ((pid = fork()) == 0) {
        execl(TALK_SELF, TALK_SELF, words[0], words[1], path, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(unlink(path), 0);
    if (status != 0) fail_msg("again: SIM_SEED=%s SIM_STEPS=%s", words[0], words[1]);
    assert_int_equal(read(fd, heads, NODES * HASH_SIZE), NODES * HASH_SIZE);
    close(fd);
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);

    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void whatever_happens_what_was_accepted_is_there_once(void **unused)
{
    const uint64_t first = number_of("SIM_SEED", (uint64_t)time(NULL) << 16 ^ (uint64_t)getpid());
    const unsigned runs = getenv("SIM_SEED") != NULL ? 1 : RUNS;
    uint8_t heads[NODES * HASH_SIZE];

    (void)unused;
    for (unsigned i = 0; i < runs; i++)
        run_apart(first + i, (unsigned)number_of("SIM_STEPS", STEPS), heads);
}

/* Nothing else decides what happens: neither the machine's clock, nor its generator, nor its disk. */
static void the_same_seed_is_the_same_history(void **unused)
{
    uint8_t once[NODES * HASH_SIZE], again[NODES * HASH_SIZE];

    (void)unused;
    run_apart(number_of("SIM_SEED", 1), STEPS, once);
    run_apart(number_of("SIM_SEED", 1), STEPS, again);
    assert_memory_equal(once, again, sizeof once);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_what_was_accepted_is_there_once),
        cmocka_unit_test(the_same_seed_is_the_same_history),
    };

    if (argc == 4) return be_run(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
