#define _GNU_SOURCE /* memmem */
/* A machine's clock that jumps: nothing is stamped by it and no deadline fires until it is back or an
 * operator says that it is right; a machine that was off is none that jumped. The service is a toy
 * (toy.h), in this same program, given the word "toy". */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/boot.h"
#include "base/clock.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "contract/organisation.h"
#include "contract/programme.h"
#include "core/error.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "journal/journal.h"
#include "service/service.h"
#include "service/talk.h"
#include "service/toy.h"
#include "store/table.h"

static const int64_t hour_ms = 3600000, day_ms = 86400000;

/* The toy's world, in a file that both see. */
struct world {
    _Atomic int64_t shift_ms; /* of its clock */
    _Atomic int boot;
};

static struct world *world;
static bool is_toy;

int64_t __real_clock_now_ms(void);
int64_t __wrap_clock_now_ms(void);
void __wrap_boot_id(char id[BOOT_ID_SIZE]);

int64_t __wrap_clock_now_ms(void)
{
    return __real_clock_now_ms() + (is_toy ? world->shift_ms : 0);
}

void __wrap_boot_id(char id[BOOT_ID_SIZE])
{
    snprintf(id, BOOT_ID_SIZE, "boot-%d", world->boot);
}

static void open_world(void)
{
    const int fd = open("world", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0 && ftruncate(fd, sizeof *world) == 0);
    world = mmap(NULL, sizeof *world, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(world != MAP_FAILED);
    close(fd);
}

/* The toy. */

static const struct table others = {.number = 2, .row = &organisation_descriptor};
static const struct aggregate other = {.contract = &organisation_contract, .table = &others};
static const struct aggregate *const aggregates[] = {&toy_programme, &other, NULL};
static const struct aggregate *const exchanged[] = {&other, &toy_programme, NULL};

/* "exchanged": a version that names its aggregates in another order. */
static int be_toy(char **argv)
{
    static struct service toy = {.name = "toy", .fold_id = "toy", .aggregates = aggregates};

    if (strcmp(argv[1], "exchanged") == 0) toy.aggregates = exchanged;
    is_toy = true;
    open_world();
    return service_main(&toy, 1, argv);
}

/* Around it. */

static pid_t service;
static int made;

static void start_as(const char *word)
{
    service = talk_start(TALK_SELF, word, NULL);
    talk_dial("toy");
}

static void start(void)
{
    start_as("toy");
}

static void stop(void)
{
    SEND_SIGNAL(service, SIGTERM);
    assert_int_equal(waitpid(service, NULL, 0), service);
}

static void start_again_in(int boot, int64_t shift_ms)
{
    stop();
    world->boot = boot;
    world->shift_ms = shift_ms;
    start();
}

/* One that closes in so many days of the true clock. */
static struct bus_command creation(int64_t days)
{
    struct programme_create body = {.rules = {.offer_days = 7, .sign_days = 14, .info_days = 84}};
    struct bus_command command = {.type = "programme.create",
                                  .role = ACTOR_ROLE_SYS,
                                  .print = {.size = 16},
                                  .id = random_id(clock_now_ms())};
    size_t size = sizeof command.body.at;
    struct error err;

    snprintf(body.slug, sizeof body.slug, "toy-%d", made++);
    strcpy(body.name, "Toy");
    body.countries.count = body.languages.count = 1;
    body.from.day = clock_now_ms() / day_ms + days;
    assert_true(pack(&programme_create_descriptor, &body, command.body.at, &size, &err));
    command.body.size = (uint32_t)size;
    return command;
}

static struct id create(int64_t days)
{
    const struct bus_command command = creation(days);
    const struct reply *reply = talk_say(&command, PATIENCE_MS);

    if (!reply->is_accepted) fail_msg("%s", reply->error.text);
    return reply->accepted.aggregate;
}

static enum programme_state state_of(struct id id)
{
    struct bus_query query = {.record = "programme", .has_key = true, .key = id};
    const struct reply *reply = talk_ask(&query);
    struct programme row;
    struct error err;

    assert_true(reply->is_page && reply->page.count == 1);
    assert_true(unpack(&programme_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err));
    return row.state;
}

static void wait_until_closed(struct id id)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (state_of(id) != PROGRAMME_STATE_CLOSED)
        assert_true(clock_steady_ms() < until_ms);
}

static bool is_believed(void)
{
    struct bus_query query = {.record = "runtime.status"};
    const struct reply *reply = talk_ask(&query);
    static const char none[] = "\nfadder_clock_jump_seconds 0\n";

    return memmem(reply->rows[0].at, reply->rows[0].size, none, strlen(none)) != NULL;
}

static void wait_until_believed(bool is)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (is_believed() != is)
        assert_true(clock_steady_ms() < until_ms);
}

static void assert_refused(void)
{
    const struct bus_command command = creation(100);
    const struct reply *reply = talk_say(&command, PATIENCE_MS);

    assert_false(reply->is_accepted);
    assert_string_equal(reply->error.code, "clock_jumped");
    assert_int_equal(reply->error.kind, ERROR_BUSY);
}

static const struct reply *confirm(void)
{
    const struct bus_command command = {.type = "runtime.trust_clock",
                                        .role = ACTOR_ROLE_SYS,
                                        .print = {.size = 16},
                                        .id = random_id(clock_now_ms()),
                                        .version = -1,
                                        .body = {.size = 1, .at = {0x80}}};

    return talk_say(&command, PATIENCE_MS);
}

/* The time of its journal's last batch, and whether the last closing was marked as late. */
static int64_t look_at_journal(bool *was_late)
{
    static const char *const all[] = {"*", NULL};
    static struct foreign foreign;
    const struct journal_position from = {.within = 0};
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct error err;
    struct line *line = line_open(talk_bus(), "operator.tester", "toy", all, &from, NULL, &err);
    struct socket *socket = line_socket(line);
    struct glimpse at = {.number = 0};
    uint64_t head = 0;
    bool ready;

    while (!follower_head(line_follower(line), clock_steady_ms(), &head) ||
           (uint64_t)follower_position(line_follower(line))->batch < head) {
        assert_true(clock_steady_ms() < until_ms);
        line_turn(line, clock_steady_ms());
        while (follower_next(line_follower(line), &foreign)) {
            for (uint32_t i = 0; i < foreign.count; i++) {
                struct journal_event envelope;
                struct bytes body;

                assert_true(row_read(foreign.rows[i].row, &envelope, &body, &err));
                if (strcmp(envelope.type, "programme.closed") == 0)
                    *was_late = envelope.has_late && envelope.late;
            }
            assert_true(unpack_glimpse(foreign.header.at, foreign.header.size, "at", &at));
            follower_consumed(line_follower(line), &foreign, UINT32_MAX);
        }
        bus_wait(&socket, 1, NULL, 0, 20, &ready);
    }
    line_close(line);
    return at.number;
}

static int64_t journal_time(void)
{
    bool was_late;

    return look_at_journal(&was_late);
}

static bool last_was_late(void)
{
    bool was_late = false;

    look_at_journal(&was_late);
    return was_late;
}

static void a_clock_that_jumps_ahead_and_back_leaves_nothing_behind(void **unused)
{
    const struct id later = create(100);

    (void)unused;
    world->shift_ms = 400 * day_ms;
    wait_until_believed(false);
    assert_refused();
    world->shift_ms = 0;
    wait_until_believed(true);
    assert_int_equal(state_of(later), PROGRAMME_STATE_OPEN);
    wait_until_closed(create(-1));
    assert_true(journal_time() < clock_now_ms() + hour_ms);
    assert_int_equal(state_of(later), PROGRAMME_STATE_OPEN);
}

static void so_does_one_that_goes_back(void **unused)
{
    (void)unused;
    world->shift_ms = -2 * hour_ms;
    wait_until_believed(false);
    assert_refused();
    world->shift_ms = 0;
    wait_until_believed(true);
    create(100);
}

static void half_an_hour_is_no_jump(void **unused)
{
    (void)unused;
    world->shift_ms = hour_ms / 2;
    create(100);
    world->shift_ms = hour_ms;
    create(100); /* an hour and a half from where it was, in two steps */
    world->shift_ms = hour_ms + hour_ms / 2;
    create(100);
    assert_true(is_believed());
    world->shift_ms = hour_ms;
    create(100);
    world->shift_ms = hour_ms / 2;
    create(100);
    world->shift_ms = 0;
    create(100);
    assert_true(is_believed());
}

static void a_jump_between_two_starts_is_one_too(void **unused)
{
    const struct id later = create(100);

    (void)unused;
    start_again_in(0, 400 * day_ms);
    wait_until_believed(false);
    assert_refused();
    assert_int_equal(state_of(later), PROGRAMME_STATE_OPEN);
    world->shift_ms = 0;
    wait_until_believed(true);
    assert_int_equal(state_of(later), PROGRAMME_STATE_OPEN);
}

static void an_operator_says_that_it_is_right(void **unused)
{
    const struct id soon = create(2);

    (void)unused;
    assert_false(confirm()->is_accepted); /* there is nothing to confirm */
    world->shift_ms = 3 * day_ms;
    wait_until_believed(false);
    talk_dial_as("toy", "gateway.test");
    assert_string_equal(confirm()->error.code, "not_admitted");
    talk_dial("toy");
    assert_int_equal(state_of(soon), PROGRAMME_STATE_OPEN);
    assert_true(confirm()->is_accepted);
    wait_until_closed(soon);
    create(100);
    assert_true(is_believed());
}

/* From here on the clock is three days ahead, and that is right. */
static void a_machine_may_have_been_off_but_not_for_a_year(void **unused)
{
    const struct id soon = create(10), later = create(200);

    (void)unused;
    start_again_in(1, 13 * day_ms);
    wait_until_closed(soon);
    assert_true(last_was_late()); /* by days */
    assert_true(is_believed());
    start_again_in(2, 400 * day_ms);
    wait_until_believed(false);
    assert_refused();
    world->shift_ms = 14 * day_ms; /* it is set, after a while */
    wait_until_believed(true);
    create(300);
    assert_int_equal(state_of(later), PROGRAMME_STATE_OPEN);
    start_again_in(3, 14 * day_ms - 2 * hour_ms); /* before what was written down */
    wait_until_believed(false);
    assert_refused();
    assert_true(confirm()->is_accepted);
    create(300);
}

static void deadlines_are_whose_they_are_in_whatever_order_aggregates_stand(void **unused)
{
    const struct id soon = create(40);

    (void)unused;
    stop();
    world->boot++;
    world->shift_ms = 42 * day_ms;
    start_as("exchanged");
    wait_until_closed(soon);
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    open_world();
    start();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    SEND_SIGNAL(service, SIGKILL);
    waitpid(service, NULL, 0);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_jumps_ahead_and_back_leaves_nothing_behind),
        cmocka_unit_test(so_does_one_that_goes_back),
        cmocka_unit_test(half_an_hour_is_no_jump),
        cmocka_unit_test(a_jump_between_two_starts_is_one_too),
        cmocka_unit_test(an_operator_says_that_it_is_right),
        cmocka_unit_test(a_machine_may_have_been_off_but_not_for_a_year),
        cmocka_unit_test(deadlines_are_whose_they_are_in_whatever_order_aggregates_stand),
    };

    if (argc > 1) return be_toy(argv);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
