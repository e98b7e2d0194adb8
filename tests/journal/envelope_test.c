/* That what is decided fits into its row whatever its envelope says: a body has EVENT_ROW_MAX less
 * ENVELOPE_MAX, and the service ends where that is not enough. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "contract/all.h"
#include "contract/journal.h"
#include "core/error.h"
#include "core/pack.h"
#include "journal/journal.h"

enum { ROW_HEAD = 6 };

static size_t largest(const struct contract *contract, const struct descriptor *event)
{
    struct journal_event envelope = {
        .schema = 65535,
        .sequence = 1000000000,
        .at = {253402300799999}, /* the end of the year 9999 */
        .role = ACTOR_ROLE_VOLUNTEER_COORDINATOR,
        .has_actor = true,
        .has_credential = true,
        .has_cause = true,
        .has_trace = true,
        .has_programme = true,
        .has_country = true,
        .has_late = true,
        .late = true,
    };
    uint8_t packed[EVENT_ROW_MAX];
    size_t size = sizeof packed;
    struct error err;

    snprintf(envelope.type, sizeof envelope.type, "%s", event->name);
    snprintf(envelope.service, sizeof envelope.service, "%s", contract->service);
    if (!pack(&journal_event_descriptor, &envelope, packed, &size, &err)) fail_msg("%s", err.text);
    return ROW_HEAD + size;
}

static void the_largest_envelope_of_each_event_leaves_the_body_its_room(void **state)
{
    (void)state;
    for (size_t i = 0; i < contract_count; i++)
        for (size_t e = 0; e < contracts[i]->event_count; e++)
            assert_in_range(largest(contracts[i], contracts[i]->events[e]), 200, ENVELOPE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_envelope_of_each_event_leaves_the_body_its_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
