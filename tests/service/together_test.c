/* Two services in one process: each has its own journal, state, sockets and threads; neither knows of the
 * other, and a signal ends both; then both live once more. One that cannot start harms neither. The home is
 * relative, as by default. They are toys (toy.h), in this same program, given
 * the word "together". */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "contract/programme.h"
#include "service/service.h"
#include "service/talk.h"
#include "service/toy.h"

static const struct aggregate *const aggregates[] = {&toy_programme, NULL};
static const struct service services[] = {
    {.name = "one", .fold_id = "toy", .aggregates = aggregates},
    {.name = "other", .fold_id = "toy", .aggregates = aggregates},
};

/* The process. */

static int live(const struct service *service)
{
    char *argv[] = {(char[]){"toy"}, NULL};

    return service_main(service, 1, argv);
}

static void mark_ended(const struct service *service)
{
    char path[32];
    int fd;

    snprintf(path, sizeof path, "home/%s.ended", service->name);
    if ((fd = open(path, O_WRONLY | O_CREAT, 0600)) >= 0) close(fd);
}

static void *run(void *cookie)
{
    const struct service *service = cookie;

    if (live(service) != 0) return cookie;
    mark_ended(service);
    return live(service) == 0 ? NULL : cookie;
}

/* The second begins when the first is open. */
static int be_both(void)
{
    pthread_t threads[2];
    void *failed[2];

    for (size_t i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, run, (void *)(size_t)&services[i]) != 0) return 1;
        for (int n = 0; i == 0 && access("home/one/state/data.mdb", F_OK) != 0 && n < PATIENCE_MS;
             n++)
            usleep(1000);
    }
    if (live(&services[0]) != 1) return 1; /* it runs already */
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

static void wait_for(const char *path)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (access(path, F_OK) != 0)
        assert_true(clock_steady_ms() < until_ms);
}

static void a_signal_ends_both_and_each_can_begin_again(void **unused)
{
    struct id ones, others;

    (void)unused;
    SEND_SIGNAL(process, SIGTERM);
    wait_for("one.ended");
    wait_for("other.ended");
    ones = create("one", "fourth");
    others = create("other", "fifth");
    assert_int_equal(count("one", ones), 1);
    assert_int_equal(count("other", others), 1);
    SEND_SIGNAL(process, SIGTERM);
    assert_int_equal(end_of(process), 0);
    assert_int_equal(end_of(talk_start(TALK_SELF, "verify", "one")), 0);
    assert_int_equal(end_of(talk_start(TALK_SELF, "verify", "other")), 0);
}

static int set_up(void **unused)
{
    char home[256];

    (void)unused;
    snprintf(home, sizeof home, "%s/home", talk_begin());
    assert_int_equal(mkdir(home, 0700), 0);
    setenv("FADDER_HOME", "./home", 1);
    process = talk_start(TALK_SELF, "together", NULL);
    setenv("FADDER_HOME", home, 1);
    return chdir(home);
}

static int tear_down(void **unused)
{
    (void)unused;
    SEND_SIGNAL(process, SIGKILL);
    waitpid(process, NULL, 0);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_what_is_its_own),
        cmocka_unit_test(a_signal_ends_both_and_each_can_begin_again),
    };

    if (argc == 2) return be_both();
    if (argc == 3) return verify(argv[2]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
