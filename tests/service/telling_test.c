/* An event that concerns more than are told at once: each is told once, the telling comes to an end, and a
 * refold makes the same of it. The registry's own program. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/random.h"
#include "contract/person.h"
#include "contract/token.h"
#include "core/pack.h"
#include "service/talk.h"

enum { OTHERS = 40 }; /* more than two times sixteen */

static pid_t service;
static struct id programme, person;

static void start(void)
{
    struct bus_query query = {.record = "programme"};

    service = talk_start(REGISTRY, NULL, NULL);
    while (!talk_ask_within(&query, 1000)->is_page)
        assert_int_equal(waitpid(service, NULL, WNOHANG), 0);
}

static void stop(void)
{
    SEND_SIGNAL(service, SIGTERM);
    assert_int_equal(waitpid(service, NULL, 0), service);
}

static struct bus_accepted say(const struct descriptor *descriptor, const void *body,
                               struct id aggregate)
{
    struct bus_command command = {.role = ACTOR_ROLE_SYS,
                                  .print = {.size = 16},
                                  .id = random_id(clock_now_ms()),
                                  .version = VERSION_ANY,
                                  .has_programme = true,
                                  .programme = programme,
                                  .has_country = true,
                                  .has_aggregate = !id_equal(aggregate, (struct id){{0}}),
                                  .aggregate = aggregate};
    size_t size = sizeof command.body.at;
    const struct reply *reply;
    struct error err;

    snprintf(command.type, sizeof command.type, "%s", descriptor->name);
    assert_true(pack(descriptor, body, command.body.at, &size, &err));
    command.body.size = (uint32_t)size;
    reply = talk_say(&command, PATIENCE_MS);
    if (!reply->is_accepted) fail_msg("%s: %s", command.type, reply->error.text);
    return reply->accepted;
}

static struct id add_token(enum actor_role role)
{
    struct token_create body = {.role = role,
                                .person = person,
                                .hash = {.size = 32},
                                .has_expires = true,
                                .expires = {clock_now_ms() + INT64_C(86400000)}};

    random_bytes(body.hash.at, 32);
    return say(&token_create_descriptor, &body, (struct id){{0}}).aggregate;
}

static enum token_state state_of(struct id id)
{
    struct bus_query query = {.record = "token", .has_key = true, .key = id};
    const struct reply *reply = talk_ask(&query);
    struct token row;
    struct error err;

    assert_true(reply->is_page && reply->page.count == 1);
    assert_true(unpack(&token_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err));
    return row.state;
}

/* The journal's head, as the answer to a command tells it. */
static int64_t say_something(void)
{
    static int said;
    char slug[32];
    struct bus_command command;

    snprintf(slug, sizeof slug, "something-%d", said++);
    command = talk_create(slug);
    return talk_say(&command, PATIENCE_MS)->accepted.batch;
}

static void those_beyond_the_sixteenth_are_told_and_then_it_ends(void **state)
{
    struct id others[OTHERS], mentors;
    int64_t first, last;
    int status;
    pid_t pid;

    (void)state;
    for (int i = 0; i < OTHERS; i++) /* not what the event is about: they stay as they are */
        others[i] = add_token(ACTOR_ROLE_COORDINATOR);
    mentors = add_token(ACTOR_ROLE_MENTOR);
    first = say(&person_end_role_descriptor, &(struct person_end_role){.part = PERSON_PART_MENTOR},
                person)
                .batch;
    for (int64_t until = clock_steady_ms() + PATIENCE_MS;
         state_of(mentors) == TOKEN_STATE_ACTIVE && clock_steady_ms() < until;)
        usleep(10000);
    assert_int_equal(state_of(mentors), TOKEN_STATE_REVOKED);
    for (int i = 0; i < OTHERS; i++)
        assert_int_equal(state_of(others[i]), TOKEN_STATE_ACTIVE);

    last = say_something(); /* behind all that was due: 41 tokens are three turns of sixteen */
    assert_in_range(last - first, 1, 4);
    for (int i = 0; i < 20; i++)
        assert_int_equal(say_something(), ++last); /* nothing is told any more in between */

    stop();
    talk_remove("registry/state");
    start();
    assert_int_equal(state_of(mentors), TOKEN_STATE_REVOKED);
    pid = talk_start(REGISTRY, "--verify", NULL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int set_up(void **state)
{
    struct bus_command create = talk_create("telling");
    struct person_register body = {
        .has_part = true, .part = PERSON_PART_COORDINATOR, .language = LANGUAGE_SV};
    const struct person_grant_role grant = {.part = PERSON_PART_MENTOR};

    (void)state;
    talk_begin();
    crypto_start();
    talk_dial("registry");
    start();
    programme = talk_say(&create, PATIENCE_MS)->accepted.aggregate;
    strcpy(body.details.given_name, "Astrid");
    body.details.has_family_name = true;
    strcpy(body.details.family_name, "Lind");
    person = say(&person_register_descriptor, &body, (struct id){{0}}).aggregate;
    say(&person_grant_role_descriptor, &grant, person);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stop();
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_beyond_the_sixteenth_are_told_and_then_it_ends),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
