/* Two services in one process: each has its own journal, state, sockets and threads; neither knows of the
 * other, and a signal ends both. They are toys with the programme's contract, in this same program, given
 * the word "together". */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "contract/programme.h"
#include "fold/aggregate.h"
#include "service/service.h"
#include "service/talk.h"
#include "store/table.h"

struct programme_case {
    struct programme row;
};

static const struct table toys = {.number = 1, .row = &programme_descriptor};

static bool programme_load(struct txn *txn, struct id id, const struct programme_input *in,
                           struct programme_case *c, struct error *err)
{
    (void)in;
    return table_get(txn, &toys, id, &c->row, err);
}

static bool programme_decide(const struct programme_case *c, const struct programme_input *in,
                             struct programme_events *out, struct error *err)
{
    struct programme_created *created;

    (void)c;
    (void)err;
    if (in->type != PROGRAMME_CREATE) return true;
    created = &programme_emit(out, PROGRAMME_CREATED, in->head.ids[0])->programme_created;
    created->countries.count = created->languages.count = 1;
    memcpy(created->slug, in->programme_create.slug, sizeof created->slug);
    strcpy(created->name, "Toy");
    return true;
}

static void programme_evolve(struct programme *row, const struct programme_event *event)
{
    row->state = PROGRAMME_STATE_OPEN;
    memcpy(row->slug, event->programme_created.slug, sizeof row->slug);
    strcpy(row->name, event->programme_created.name);
    row->countries = event->programme_created.countries;
    row->languages = event->programme_created.languages;
}

AGGREGATE_DECIDE(programme)
AGGREGATE_EVOLVE(programme)

static const struct aggregate toy_aggregate = {
    .contract = &programme_contract,
    .table = &toys,
    .case_size = sizeof(struct programme_case),
    .load = programme_load_,
    .decide = programme_decide_,
    .evolve = programme_evolve_,
};
static const struct aggregate *const aggregates[] = {&toy_aggregate, NULL};
static const struct service services[] = {
    {.name = "one", .fold_id = "toy", .aggregates = aggregates},
    {.name = "other", .fold_id = "toy", .aggregates = aggregates},
};

/* The process. */

static void *run(void *cookie)
{
    const struct service *service = cookie;
    char *argv[] = {(char[]){"toy"}, NULL};

    return service_main(service, 1, argv) == 0 ? NULL : cookie;
}

/* The second begins when the first is open. */
static int be_both(void)
{
    pthread_t threads[2];
    void *failed[2];

    for (size_t i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, run, (void *)(size_t)&services[i]) != 0) return 1;
        for (int n = 0; i == 0 && access("one/state/data.mdb", F_OK) != 0 && n < PATIENCE_MS; n++)
            usleep(1000);
    }
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], &failed[i]);
    return failed[0] != NULL || failed[1] != NULL;
}

static int verify(const char *name)
{
    const size_t i = strcmp(name, services[0].name) == 0 ? 0 : 1;
    char *argv[] = {(char[]){"toy"}, (char[]){"--verify"}, NULL};

    return service_main(&services[i], 2, argv);
}

/* Around it. */

static pid_t process;

/* A creation until it is answered: at first nobody may listen yet. */
static struct id create(const char *service, const char *slug)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    const struct bus_command command = talk_create(slug);
    const struct reply *reply;

    talk_dial(service);
    do {
        reply = talk_say(&command, LOST_MS);
        assert_int_equal(waitpid(process, NULL, WNOHANG), 0);
    } while (!reply->is_accepted && clock_steady_ms() < until_ms);
    assert_true(reply->is_accepted);
    return reply->accepted.aggregate;
}

static int64_t count(const char *service, struct id key)
{
    struct bus_query query = {
        .record = "programme", .role = ACTOR_ROLE_SYS, .has_key = true, .key = key, .limit = 1};
    const struct reply *reply;

    talk_dial(service);
    reply = talk_ask(&query);
    assert_true(reply->is_page);
    return reply->page.count;
}

static int end_of(pid_t pid)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    int status = -1;

    while (waitpid(pid, &status, WNOHANG) == 0)
        assert_true(clock_steady_ms() < until_ms);
    return status;
}

static void each_has_what_is_its_own(void **unused)
{
    struct id ones, others;

    (void)unused;
    ones = create("one", "first");
    others = create("other", "second");
    create("one", "third");
    assert_int_equal(count("one", ones), 1);
    assert_int_equal(count("other", others), 1);
    assert_int_equal(count("one", others), 0);
    assert_int_equal(count("other", ones), 0);
}

static void a_signal_ends_both(void **unused)
{
    (void)unused;
    kill(process, SIGTERM);
    assert_int_equal(end_of(process), 0);
    assert_int_equal(end_of(talk_start(TALK_SELF, "verify", "one")), 0);
    assert_int_equal(end_of(talk_start(TALK_SELF, "verify", "other")), 0);
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    process = talk_start(TALK_SELF, "together", NULL);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_what_is_its_own),
        cmocka_unit_test(a_signal_ends_both),
    };

    if (argc == 2) return be_both();
    if (argc == 3) return verify(argv[2]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
