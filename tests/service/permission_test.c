/* What each program may say, read and follow: every program against what it needs, and what is another's. */
#include "test.h"

#include <string.h>

#include "contract/all.h"
#include "contract/bus.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/input.h"
#include "fold/aggregate.h"
#include "service/permission.h"
#include "service/service.h"

static const struct admission admissions[] = {{"person.read", "notification", false},
                                              {"person", "notification", false},
                                              {"endpoint", "notification", true},
                                              {"audit.note", "gateway", false},
                                              {NULL, NULL, false}};

static bool says(const char *peer, const char *type, enum actor_role role)
{
    static const struct aggregate *aggregates[32];
    const struct service service = {
        .name = "registry", .aggregates = aggregates, .admissions = admissions};
    static struct aggregate every[32];
    struct bus_command command = {.role = role};
    struct error err;
    size_t count = 0;

    for (size_t i = 0; i < contract_count && count < 31; i++) {
        if (strcmp(contracts[i]->service, "registry") != 0) continue;
        every[count].contract = contracts[i];
        aggregates[count] = &every[count];
        count++;
    }
    strcpy(command.type, type);
    if (permission_to_say(&service, peer, &command, &err)) return true;
    assert_string_equal(err.code, "not_admitted");
    assert_non_null(strstr(err.text, type));
    return false;
}

static bool reads(const char *peer, const char *record, bool opens)
{
    static const struct aggregate *const none[] = {NULL};
    const struct service service = {
        .name = "registry", .aggregates = none, .admissions = admissions};
    struct bus_query query = {.open = opens};
    struct error err;

    strcpy(query.record, record);
    if (permission_to_read(&service, peer, &query, &err)) return true;
    assert_string_equal(err.code, "not_admitted");
    assert_non_null(strstr(err.text, record));
    return false;
}

static bool follows(const char *peer, const char *service_name, const char *type)
{
    const struct service service = {.name = service_name};
    struct bus_pull pull = {.types = {.count = 1}};
    struct error err;

    strcpy(pull.types.at[0], type);
    if (permission_to_follow(&service, peer, &pull, &err)) return true;
    assert_string_equal(err.code, "not_admitted");
    assert_non_null(strstr(err.text, type));
    return false;
}

static void who_speaks_for_people_says_what_has_a_route(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < contract_count; i++) {
        for (size_t n = 0; n < contracts[i]->command_count; n++) {
            const struct command *command = &contracts[i]->commands[n];
            const char *type = command->body->name;
            const bool is_outside = command->route != NULL || command->hook != NULL;

            if (strcmp(contracts[i]->service, "registry") != 0) continue;
            if (strcmp(type, "audit.note") == 0) { /* whom it has refused it alone knows */
                assert_true(says("gateway", type, ACTOR_ROLE_SYS));
                assert_false(says("notification", type, ACTOR_ROLE_SYS));
                assert_false(says("gateway", type, ACTOR_ROLE_TM));
                continue;
            }
            assert_int_equal(says("gateway", type, ACTOR_ROLE_COORDINATOR), is_outside);
            assert_false(says("gateway", type, ACTOR_ROLE_SYS));
            assert_true(says("operator.7", type, ACTOR_ROLE_SYS));
            assert_true(says("worker", type, ACTOR_ROLE_SYS));
            assert_false(says("operator", type, ACTOR_ROLE_TM));
            assert_int_equal(says("notification.sender", type, ACTOR_ROLE_SYS),
                             strcmp(type, "person.read") == 0);
            assert_false(says("placement-lifecycle", type, ACTOR_ROLE_SYS));
            assert_false(says("stranger", type, ACTOR_ROLE_SYS));
        }
    }
}

static void records_are_read_by_who_needs_them(void **unused)
{
    (void)unused;
    assert_true(reads("gateway", "person", true));
    assert_true(reads("operator.7", "referral", true));
    assert_false(reads("worker.1", "person", false));
    assert_true(reads("notification.sender", "person", false));
    assert_false(reads("notification.sender", "person", true));
    assert_true(reads("notification.sender", "endpoint", true));
    assert_false(reads("notification.sender", "referral", false));
    assert_false(reads("mentor-assignment", "person", false));
    assert_false(reads("stranger", "runtime.status", false));
}

static void events_are_followed_by_who_subscribes(void **unused)
{
    size_t all = 0;

    (void)unused;
    for (size_t i = 0; i < contract_count; i++) {
        const struct contract *contract = contracts[i];

        for (size_t n = 0; n < contract->subscription_count; n++) {
            const struct subscription *to = &contract->subscriptions[n];

            assert_true(follows(contract->service, to->service, to->event->name));
            all++;
        }
    }
    assert_true(all > 20);
    assert_true(follows("operator.7", "registry", "*"));
    for (size_t i = 0; i < contract_count; i++)
        assert_false(follows(contracts[i]->service, "registry", "*"));
    assert_false(follows("gateway", "registry", "person.registered"));
    assert_false(follows("placement-lifecycle", "registry", "partner.created"));
    assert_false(follows("stranger", "registry", "programme.created"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_speaks_for_people_says_what_has_a_route),
        cmocka_unit_test(records_are_read_by_who_needs_them),
        cmocka_unit_test(events_are_followed_by_who_subscribes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
