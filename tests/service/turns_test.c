/* An input that has to be tried alone has its turn soon, however much another journal has to tell meanwhile. The
 * service is the toy of view.h; it follows the registry, and one that creates programmes as well. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "test.h"

#include "contract/programme.h"
#include "fold/aggregate.h"
#include "service/service.h"
#include "service/talk.h"
#include "service/toy.h"
#include "service/view.h"

enum { MANY = 64, BACKLOG = 60 * MANY };

static pid_t registry, other, toy;

static int be_other(char **argv)
{
    static struct contract contract;
    static struct aggregate aggregate;
    static const struct aggregate *const aggregates[] = {&aggregate, NULL};
    static const struct admission admissions[] = {{"programme.created", VIEW_TOY, false},
                                                  {NULL, NULL, false}};
    static const struct service service = {
        .name = "other", .fold_id = "other", .aggregates = aggregates, .admissions = admissions};

    contract = programme_contract;
    contract.service = "other";
    aggregate = toy_programme;
    aggregate.contract = &contract;
    return service_main(&service, 1, argv);
}

static void make_backlog(void)
{
    static struct bus_command burst[MANY];
    char slug[32];

    talk_dial("other");
    for (int n = 0; n < BACKLOG; n += MANY) {
        for (int i = 0; i < MANY; i++) {
            snprintf(slug, sizeof slug, "other-%d", n + i);
            burst[i] = talk_create(slug);
        }
        assert_int_equal(talk_say_all(burst, MANY), MANY);
    }
}

/* What the toy has journaled, until the end of the programme is there. */
struct heard {
    int before, after;
    bool is_closed;
};

static void hear(void *cookie, struct bytes type)
{
    static const char closed[] = "programme.closed";
    struct heard *heard = cookie;

    if (type.size == sizeof closed - 1 && memcmp(type.at, closed, type.size) == 0)
        heard->is_closed = true;
    else if (heard->is_closed)
        heard->after++;
    else
        heard->before++;
}

static bool is_all_there(struct id unused)
{
    (void)unused;
    return view_count("programme.created") == BACKLOG;
}

static void wait_for_death(void)
{
    int status;

    assert_int_equal(waitpid(toy, &status, 0), toy);
    assert_true(WIFSIGNALED(status));
}

static int taken;

static bool is_at_it(struct id unused)
{
    (void)unused;
    return view_count("programme.created") > taken;
}

/* The registry is heard when it is busy with what the other has to tell. */
static void start_toy(void)
{
    SEND_SIGNAL(registry, SIGSTOP);
    toy = talk_start(TALK_SELF, "ocxw", NULL);
    talk_dial(VIEW_TOY);
    view_wait(is_at_it, (struct id){{0}});
    taken = view_count("programme.created");
    SEND_SIGNAL(registry, SIGCONT);
}

/* The end of a programme kills it, twice. */
static void a_suspect_has_its_turn_soon(void **unused)
{
    struct heard heard = {.before = 0};
    struct id programme;

    (void)unused;
    talk_dial("registry");
    programme = view_create(0);
    view_close(programme);
    make_backlog();
    fclose(fopen("deadly", "w"));
    for (int deaths = 0; deaths < 2; deaths++) {
        start_toy();
        wait_for_death();
    }
    start_toy();
    view_wait(is_all_there, programme);
    view_all(VIEW_TOY, hear, &heard);
    assert_true(heard.is_closed); /* and set aside */
    assert_true(heard.before < heard.after);
}

static void stop(pid_t pid)
{
    SEND_SIGNAL(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    registry = talk_start(REGISTRY, NULL, NULL);
    other = talk_start(TALK_SELF, "O", NULL);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    stop(toy);
    stop(other);
    stop(registry);
    talk_end();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suspect_has_its_turn_soon),
    };

    if (argc > 1) return strcmp(argv[1], "O") == 0 ? be_other(argv + 1) : view_main(argv + 1);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
