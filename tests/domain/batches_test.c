/* What becomes of a batch that fails, and of an event that had been set aside and is told at last: if it makes a
 * deadline due at once, that is fired in the batch behind, as whoever folds the journal anew tells deadlines before
 * events. The aggregate is a toy (service/toy.h) that hears of mentorships.
 */
#include "domain/turn.h"

#include "contract/mentorship.h"
#include "contract/programme.h"
#include "fold/fold.h"
#include "service/toy.h"
#include "sim/world.h"

static struct contract contract;
static struct aggregate toy;
static const struct aggregate *const aggregates[] = {&toy, NULL};
enum { MANY = TOLD_MAX + 4, DAY_MS = 86400000, HOUR_MS = 3600000, FAR = 24000 };

static struct id programmes[MANY];
static size_t count; /* of them */
static bool is_stubborn;

static const char told[] = "Told";

static bool add_open(struct txn *txn, struct id id, struct ids *found, struct error *err)
{
    struct programme row;

    return table_get(txn, toy.table, id, &row, err) &&
           (row.state != PROGRAMME_STATE_OPEN || ids_add(found, id, err));
}

/* Those that are open, in order of id. */
static bool find(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    unsigned input;

    memcpy(&input, in, sizeof input);
    if (input < contract.command_count) return true;
    if (is_stubborn) return error_set(err, ERROR_BROKEN, "toy", "It cannot be found out.");
    for (size_t i = 0; i < count; i++)
        if (!found->has_after || memcmp(&programmes[i], &found->after, sizeof found->after) > 0)
            if (!add_open(txn, programmes[i], found, err)) return false;
    return true;
}

/* What one hears of ends it, if it is the only one: its first day was long ago. Else it is called another name. */
static void evolve(void *row, const void *event)
{
    struct programme *one = row;
    unsigned type;

    memcpy(&type, event, sizeof type);
    if (type < contract.event_count)
        toy_programme.evolve(row, event);
    else if (count == 1)
        one->from.day = 1;
    else
        strcpy(one->name, told);
}

static int begin(void **unused)
{
    static const struct subscription ended = {&mentorship_ended_descriptor, "north"};

    (void)unused;
    contract = programme_contract;
    contract.service = "toy";
    contract.subscriptions = &ended;
    contract.subscription_count = 1;
    toy = toy_programme;
    toy.contract = &contract;
    toy.find = find;
    toy.evolve = evolve;
    turn_open(aggregates, "toy");
    turn.programme = (struct id){{0}};
    is_stubborn = false;
    count = 0;
    return 0;
}

/* The state is the fold of the journal. */
static int end(void **unused)
{
    (void)unused;
    turn_close();
    return 0;
}

static const struct actor sys = {.role = ROLE_SYS};

static void create(int64_t from_day)
{
    const struct programme_create body = {.from = {from_day}};

    assert_null(turn_say(&toy, PROGRAMME_CREATE, sys, (struct id){{0}}, &body));
    programmes[count++] = turn.said;
}

static struct programme programme(size_t n)
{
    struct programme row;

    turn_get(toy.table, programmes[n], &row);
    return row;
}

static void a_deadline_behind_it_waits_for_the_next_batch(void **unused)
{
    (void)unused;
    create(FAR);
    is_stubborn = true;
    turn_hear("mentorship.ended", turn_id("mentorship", 1), NULL);
    assert_int_equal(turn.deaths, 2);
    is_stubborn = false;
    assert_int_equal(programme(0).state, PROGRAMME_STATE_OPEN);
    turn_release((struct id){{0}});
    assert_int_equal(turn_until(turn.now), 1);
    assert_int_equal(programme(0).state, PROGRAMME_STATE_CLOSED);
}

/* Going on with telling, later, stands behind the end of one that is still to be told: that comes first, in a batch
 * of its own, as whoever folds anew asks whom to tell before any event of the batch. */
static void going_on_with_telling_begins_a_batch(void **unused)
{
    const int64_t tomorrow = turn.now.ms / DAY_MS + 1;

    (void)unused;
    for (int i = 0; i < MANY - 1; i++)
        create(FAR);
    create(tomorrow);
    turn.ahead_ms = tomorrow * DAY_MS + HOUR_MS - turn.now.ms;
    turn_hear("mentorship.ended", turn_id("mentorship", 3), NULL);
    assert_string_equal(programme(TOLD_MAX - 1).name, told);
    assert_string_not_equal(programme(TOLD_MAX).name, told);
    turn.now.ms += turn.ahead_ms + HOUR_MS;
    assert_int_equal(turn_until(turn.now), 2);
    for (size_t n = TOLD_MAX; n < MANY - 1; n++)
        assert_string_equal(programme(n).name, told);
    assert_int_equal(programme(MANY - 1).state, PROGRAMME_STATE_CLOSED);
    assert_string_not_equal(programme(MANY - 1).name, told);
}

/* Commands come first in every other turn; behind them is an event that the service fails with. */
static void what_was_accepted_in_a_batch_that_is_given_up_is_not_answered(void **unused)
{
    const struct programme_create body = {.from = {FAR}};

    (void)unused;
    turn_idle(2);
    is_stubborn = true;
    turn_happen("mentorship.ended", turn_id("mentorship", 2), NULL);
    assert_int_equal(turn_say_at_once(&toy, PROGRAMME_CREATE, sys, &body, 4), 0);
    assert_int_equal(turn.deaths, 1);
    is_stubborn = false;
    assert_int_equal(turn_say_at_once(&toy, PROGRAMME_CREATE, sys, &body, 4), 4);
}

static void what_others_say_waits_while_the_clock_is_not_believed(void **unused)
{
    (void)unused;
    create(FAR);
    create(FAR);
    turn_idle(3);
    world_shift(INT64_C(400) * DAY_MS);
    turn_happen("mentorship.ended", turn_id("mentorship", 4), NULL);
    turn_idle(5);
    assert_string_not_equal(programme(0).name, told);
    world_shift(0);
    turn_idle(2);
    assert_string_equal(programme(0).name, told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_deadline_behind_it_waits_for_the_next_batch, begin, end),
        cmocka_unit_test_setup_teardown(going_on_with_telling_begins_a_batch, begin, end),
        cmocka_unit_test_setup_teardown(what_others_say_waits_while_the_clock_is_not_believed,
                                        begin, end),
        cmocka_unit_test_setup_teardown(
            what_was_accepted_in_a_batch_that_is_given_up_is_not_answered, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
