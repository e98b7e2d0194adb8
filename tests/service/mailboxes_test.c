/* Whose mailbox an address is: the registry's own program is asked, before and after a change, an erasure and a start. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "test.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/random.h"
#include "contract/person.h"
#include "core/pack.h"
#include "service/talk.h"

static pid_t service;
static struct id programme, ada, ines;

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

static struct id say(const struct descriptor *descriptor, const void *body, struct id aggregate)
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
    if (!reply->is_accepted) fail_msg("%s: %s", descriptor->name, reply->error.text);
    return reply->accepted.aggregate;
}

static struct id add(const char *email)
{
    struct person_register body = {
        .has_part = true, .part = PERSON_PART_MENTOR, .language = LANGUAGE_SV};

    strcpy(body.details.given_name, "Ada");
    body.details.has_email = true;
    strcpy(body.details.email, email);
    return say(&person_register_descriptor, &body, (struct id){{0}});
}

static struct bus_query question(const char *address)
{
    struct bus_query query = {.record = "person",
                              .role = ACTOR_ROLE_SYS,
                              .open = true,
                              .has_filter = true,
                              .filter = "email",
                              .has_value = true,
                              .limit = 8};

    snprintf(query.value, sizeof query.value, "%s", address);
    return query;
}

/* How many have that address, the first of whom is that one. */
static int64_t found(const char *address, struct id first)
{
    struct bus_query query = question(address);
    const struct reply *reply = talk_ask(&query);
    struct person row;
    struct error err;

    if (!reply->is_page) fail_msg("%s: %s", address, reply->error.text);
    if (reply->page.count == 0) return 0;
    assert_true(unpack(&person_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err));
    assert_true(id_equal(row.id, first));
    return reply->page.count;
}

static void an_address_is_somebodys_however_it_is_typed(void **unused)
{
    (void)unused;
    ada = add("Ada.Ek@Example.org");
    ines = add("ines@example.org");
    assert_int_equal(found("ada.ek@example.org", ada), 1);
    assert_int_equal(found("  <ADA.EK@EXAMPLE.ORG> ", ada), 1);
    assert_int_equal(found("ines@example.org", ines), 1);
    assert_int_equal(found("nobody@example.org", ines), 0);
    assert_int_equal(found("da.ek@example.org", ines), 0);
    assert_int_equal(found("no address", ines), 0);
}

static void two_may_share_one(void **unused)
{
    (void)unused;
    add("ines@example.org");
    assert_int_equal(found("ines@example.org", ines), 2);
}

static void what_is_changed_is_found_as_it_is_now(void **unused)
{
    struct person_change change = {.has_details = true};

    (void)unused;
    change.details.has_email = true;
    strcpy(change.details.email, "ada@example.net");
    say(&person_change_descriptor, &change, ada);
    assert_int_equal(found("ada.ek@example.org", ada), 0);
    assert_int_equal(found("ada@example.net", ada), 1);
    stop();
    start();
    assert_int_equal(found("ada@example.net", ada), 1);
}

static void who_was_erased_is_not_found(void **unused)
{
    (void)unused;
    say(&person_erase_descriptor, NULL, ada);
    assert_int_equal(found("ada@example.net", ada), 0);
    assert_int_equal(found("ines@example.org", ines), 2);
}

static void only_who_may_open_what_is_sealed_asks_so(void **unused)
{
    struct bus_query query = question("ines@example.org");

    (void)unused;
    query.open = false;
    assert_string_equal(talk_ask(&query)->error.code, "invalid");
    query = question("ines@example.org");
    query.role = ACTOR_ROLE_PROGRAMME_ADMIN;
    query.has_programme = true;
    query.programme = programme;
    assert_string_equal(talk_ask(&query)->error.code, "invalid");
}

static int set_up(void **state)
{
    struct bus_command create = talk_create("mailboxes");

    (void)state;
    talk_begin();
    crypto_start();
    talk_dial("registry");
    start();
    programme = talk_say(&create, PATIENCE_MS)->accepted.aggregate;
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
        cmocka_unit_test(an_address_is_somebodys_however_it_is_typed),
        cmocka_unit_test(two_may_share_one),
        cmocka_unit_test(what_is_changed_is_found_as_it_is_now),
        cmocka_unit_test(who_was_erased_is_not_found),
        cmocka_unit_test(only_who_may_open_what_is_sealed_asks_so),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
