/* An event that had been set aside and is told at last makes a deadline due at once: that is fired in the batch behind,
 * as whoever folds the journal anew tells deadlines before events. The aggregate is a toy (service/toy.h) that hears of
 * mentorships.
 */
#include "domain/turn.h"

#include "contract/mentorship.h"
#include "contract/programme.h"
#include "service/toy.h"

static struct contract contract;
static struct aggregate toy;
static const struct aggregate *const aggregates[] = {&toy, NULL};
static struct id programme;
static bool is_stubborn;

static bool find(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    unsigned input;

    (void)txn;
    memcpy(&input, in, sizeof input);
    if (input < contract.command_count) return true;
    if (is_stubborn) return error_set(err, ERROR_BROKEN, "toy", "It cannot be found out.");
    return ids_add(found, programme, err);
}

/* What it hears of ends it: its first day was long ago. */
static void evolve(void *row, const void *event)
{
    struct programme *one = row;
    unsigned type;

    memcpy(&type, event, sizeof type);
    if (type < contract.event_count)
        toy_programme.evolve(row, event);
    else
        one->from.day = 1;
}

static void a_deadline_behind_it_waits_for_the_next_batch(void **unused)
{
    static const struct subscription ended = {&mentorship_ended_descriptor, "north"};
    struct actor sys = {.role = ROLE_SYS};
    struct programme row;

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
    assert_null(turn_say(&toy, PROGRAMME_CREATE, sys, (struct id){{0}}, NULL));
    programme = turn.said;
    is_stubborn = true;
    turn_hear("mentorship.ended", turn_id("mentorship", 1), NULL);
    assert_int_equal(turn.deaths, 2);
    is_stubborn = false;
    turn_get(toy.table, programme, &row);
    assert_int_equal(row.state, PROGRAMME_STATE_OPEN);
    turn_release((struct id){{0}});
    assert_int_equal(turn_until(turn.now), 1);
    turn_get(toy.table, programme, &row);
    assert_int_equal(row.state, PROGRAMME_STATE_CLOSED);
    turn_close(); /* the state is the fold of the journal */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_behind_it_waits_for_the_next_batch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
