/* What a raise of somebody's protection permits to be struck: what was told before it, and nothing of after. */
#include "test.h"

#include "contract/journal.h"
#include "fold/strikes.h"

enum { BY = 10, AT_MS = 5000 };

static const struct permission raised = {
    .by = BY, .at_ms = AT_MS, .traits = 1, .service = "registry"};

static bool is_covered(const struct permission *by, const char *service, uint64_t number,
                       int64_t at_ms)
{
    struct journal_event event = {.at = {at_ms}};

    for (size_t i = 0; service[i] != '\0'; i++)
        event.service[i] = service[i];
    return permission_covers(by, number, &event, "notification");
}

static void what_one_service_says_comes_in_its_order(void **unused)
{
    (void)unused;
    assert_true(is_covered(&raised, "registry", BY - 1, AT_MS));
    assert_false(is_covered(&raised, "registry", BY + 1, AT_MS));
    assert_false(is_covered(&raised, "registry", BY + 1, AT_MS + 1));
}

static void what_another_told_before_may_come_after(void **unused)
{
    (void)unused;
    assert_true(is_covered(&raised, "placement-lifecycle", BY - 1, AT_MS + 1));
    assert_true(is_covered(&raised, "placement-lifecycle", BY + 1, AT_MS - 1));
    assert_false(is_covered(&raised, "placement-lifecycle", BY + 1, AT_MS));
    assert_false(is_covered(&raised, "placement-lifecycle", BY + 1, AT_MS + 1));
}

/* Whose journal it is had taken in the raise, though their batch began before it. */
static void what_one_tells_oneself_after_hearing_of_it_stays(void **unused)
{
    (void)unused;
    assert_true(is_covered(&raised, "notification", BY - 1, AT_MS + 1));
    assert_false(is_covered(&raised, "notification", BY + 1, AT_MS - 1));
}

static void an_erasure_is_for_good(void **unused)
{
    struct permission erased = raised;

    (void)unused;
    erased.is_final = true;
    assert_true(is_covered(&erased, "registry", BY + 1, AT_MS + 1));
    erased.by = 0;
    assert_false(is_covered(&erased, "registry", BY - 1, AT_MS - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_service_says_comes_in_its_order),
        cmocka_unit_test(what_another_told_before_may_come_after),
        cmocka_unit_test(what_one_tells_oneself_after_hearing_of_it_stays),
        cmocka_unit_test(an_erasure_is_for_good),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
