/* Assigning mentors through the real tables: stories, fifty offers for one place, and the search. */
#include "turn.h"

#include "matching_rules/matching_rules.h"
#include "mentee/mentee.h"
#include "mentor/mentor.h"
#include "mentorship/mentorship.h"
#include "search.h"
#include "supervision/supervision.h"

#define DAY_MS INT64_C(86400000)

static const struct aggregate *const aggregates[] = {
    &matching_rules_aggregate, &mentor_aggregate,     &mentee_aggregate,
    &supervision_aggregate,    &mentorship_aggregate, NULL,
};

static struct search *search;

static int open_turn(void **unused)
{
    struct programme_created created = {
        .rules = {.offer_days = 7,
                  .offer_reminder_days = 5,
                  .sign_days = 14,
                  .sign_reminder_days = 10,
                  .complete_days = 14,
                  .meeting_target = 5,
                  .target_days = 240},
    };

    (void)unused;
    turn_open(aggregates, "mentor-assignment");
    turn_hear("programme.created", turn.programme, &created);
    search = search_create();
    return 0;
}

static int close_turn(void **unused)
{
    (void)unused;
    search_destroy(search);
    turn_close();
    return 0;
}

static const struct actor coordinator = {ROLE_CO, {"co"}, {{0}}};

static struct id mentor(int n, int64_t capacity, const char *language)
{
    const struct id id = turn_id("mentor", n);
    struct person_role_granted granted = {.part = PERSON_PART_MENTOR, .languages.count = 1};

    strcpy(granted.languages.at[0], language);
    turn_hear("person.role_granted", id, &granted);
    assert_null(turn_say(&mentor_aggregate, MENTOR_SET_CAPACITY, coordinator, id,
                         &(struct mentor_set_capacity){capacity}));
    return id;
}

static struct id referral_of(int n, struct id person)
{
    const struct id id = turn_id("referral", n);
    struct referral_accepted accepted = {
        .person = person,
        .languages = {1, {"so"}},
        .wants = {2, {REFERRAL_WANT_PLACEMENT, REFERRAL_WANT_MENTOR}},
        .waiting_since = turn.now,
    };

    turn_hear("referral.accepted", id, &accepted);
    return id;
}

static struct id referral(int n)
{
    return referral_of(n, turn_id("person", n));
}

static const char *propose(struct id of, struct id with)
{
    return turn_say(&mentorship_aggregate, MENTORSHIP_PROPOSE, coordinator, (struct id){{0}},
                    &(struct mentorship_propose){.referral = of, .mentor = with});
}

static struct mentorship mentorship(struct id id)
{
    struct mentorship row;

    turn_get(&mentorships, id, &row);
    return row;
}

static struct mentee mentee(struct id id)
{
    struct mentee row;

    turn_get(&mentees, id, &row);
    return row;
}

static const char *say(struct id id, unsigned command, enum role role)
{
    const struct mentorship row = mentorship(id);
    const struct actor actor = {role, role == ROLE_PT ? row.participant : row.mentor, {{0}}};
    union {
        struct mentorship_log_meeting meeting;
        struct mentorship_hold hold;
        char any[256];
    } body = {0};

    if (command == MENTORSHIP_LOG_MEETING) body.meeting.minutes = 60;
    return turn_say(&mentorship_aggregate, command, actor, id, &body);
}

static int64_t taken_of(struct id id)
{
    struct error err;
    int64_t taken;

    turn_begin();
    assert_true(mentorship_count_taken(turn.txn, id, &taken, &err));
    turn_end(false);
    return taken;
}

/* All that a whole round finds. */
static size_t look(struct proposal *all, size_t most)
{
    struct found found;
    struct error err;
    size_t count = 0;

    turn_begin();
    do {
        assert_true(search_next(search, turn.txn, turn.now, &found, &err));
        for (size_t i = 0; i < found.count; i++) {
            assert_true(count < most);
            all[count++] = found.at[i];
        }
    } while (!found.is_round);
    turn_end(false);
    return count;
}

/* What the first step of a round finds. */
static size_t look_once(struct proposal *all)
{
    struct found found;
    struct error err;

    turn_begin();
    assert_true(search_next(search, turn.txn, turn.now, &found, &err));
    turn_end(false);
    memcpy(all, found.at, found.count * sizeof *all);
    return found.count;
}

static struct id say_proposal(const struct proposal *proposal)
{
    assert_true(id_equal(proposal->programme, turn.programme));
    assert_int_equal(proposal->country, COUNTRY_NO);
    assert_null(turn_say(&mentorship_aggregate, MENTORSHIP_PROPOSE,
                         (struct actor){.role = ROLE_SYS}, (struct id){{0}}, &proposal->body));
    return turn.said;
}

static void from_the_referral_to_the_last_meeting_with_a_decline_on_the_way(void **unused)
{
    const struct id ada = mentor(1, 2, "so"), eva = mentor(2, 1, "so"), kim = mentor(3, 1, "sv");
    struct proposal found[16];
    struct id first, second, third, of;

    (void)unused;
    of = referral(1);
    assert_int_equal(look(found, 16), 3);
    assert_true(id_equal(found[0].body.mentor, ada)); /* two places */
    assert_true(id_equal(found[1].body.mentor, eva));
    assert_true(id_equal(found[2].body.mentor, kim)); /* no language in common */
    for (int i = 0; i < 3; i++)
        assert_int_equal(found[i].body.rank, i + 1);
    first = say_proposal(&found[0]);
    second = say_proposal(&found[1]);
    third = say_proposal(&found[2]);
    assert_true(id_equal(mentorship(first).programme, turn.programme));
    assert_int_equal(mentorship(first).country, COUNTRY_NO);
    assert_int_equal(look(found, 16), 0); /* somebody has to look at these first */

    assert_null(say(first, MENTORSHIP_OFFER, ROLE_CO));
    assert_int_equal(taken_of(ada), 1);
    assert_null(say(first, MENTORSHIP_DECLINE, ROLE_ME));
    assert_int_equal(taken_of(ada), 0);
    assert_null(say(second, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(second, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_int_equal(mentorship(third).state, MENTORSHIP_STATE_SUPERSEDED);
    assert_int_equal(mentee(of).state, MENTEE_STATE_MATCHED);
    assert_ptr_equal(propose(of, kim), mentorship_has_mentor.code);

    assert_null(say(second, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME));
    assert_null(say(second, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT));
    assert_null(say(second, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_CO));
    assert_int_equal(taken_of(eva), 1);
    assert_null(say(second, MENTORSHIP_END, ROLE_PT)); /* the search is open again */
    assert_int_equal(taken_of(eva), 0);
    assert_int_equal(mentee(of).state, MENTEE_STATE_SEARCHING);
    assert_int_equal(look(found, 16), 1); /* Ada said no, Eva is a former mentor */
    assert_true(id_equal(found[0].body.mentor, kim));
    assert_ptr_equal(propose(of, eva), mentorship_former_mentor.code);

    third = say_proposal(&found[0]);
    assert_null(say(third, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(third, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_null(say(third, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT));
    assert_null(say(third, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME));
    assert_null(say(third, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_ME));
    assert_null(say(third, MENTORSHIP_LOG_MEETING, ROLE_PT));
    assert_null(say(third, MENTORSHIP_COMPLETE, ROLE_ME));
    assert_null(say(third, MENTORSHIP_COMPLETE, ROLE_PT));
    assert_int_equal(mentee(of).state, MENTEE_STATE_COMPLETED);
    assert_int_equal(look(found, 16), 0);
}

static void an_offer_nobody_answers_is_reminded_of_and_expires(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "sv"), of = referral(1);
    struct proposal found[16];
    struct id id;

    (void)unused;
    assert_null(propose(of, ada));
    id = turn.said;
    assert_null(say(id, MENTORSHIP_OFFER, ROLE_CO));
    assert_int_equal(turn_until(instant_add_days(turn.now, 5)), 1);
    assert_int_equal(mentorship(id).state, MENTORSHIP_STATE_OFFERED);
    assert_int_equal(turn_until(instant_add_days(turn.now, 30)), 1); /* after a long outage */
    assert_int_equal(mentorship(id).state, MENTORSHIP_STATE_EXPIRED);
    assert_int_equal(taken_of(ada), 0);
    assert_int_equal(look(found, 16), 1);
    assert_true(id_equal(found[0].body.mentor, eva));
}

static void fifty_offers_for_one_place(void **unused)
{
    const struct id ada = mentor(1, 1, "so");
    struct id ids[50];
    int given = 0;

    (void)unused;
    for (int n = 0; n < 50; n++) {
        assert_null(propose(referral(n), ada));
        ids[n] = turn.said;
    }
    for (int n = 0; n < 50; n++) {
        const char *code = say(ids[n], MENTORSHIP_OFFER, ROLE_CO);

        if (code != NULL) assert_ptr_equal(code, mentorship_mentor_full.code);
        given += code == NULL;
    }
    assert_int_equal(given, 1);
    assert_int_equal(taken_of(ada), 1);
}

static void a_mentor_who_leaves_takes_every_open_mentorship_along(void **unused)
{
    const struct id ada = mentor(1, 20, "so");
    const struct person_role_ended ended = {.part = PERSON_PART_MENTOR};
    struct id ids[50];

    (void)unused;
    for (int n = 0; n < 50; n++) {
        assert_null(propose(referral(n), ada));
        ids[n] = turn.said;
        if (n < 20) assert_null(say(ids[n], MENTORSHIP_OFFER, ROLE_CO));
    }
    turn_hear("person.role_ended", ada, &ended);
    assert_int_equal(turn_until(turn.now), 3); /* sixteen at a time, the first at once */
    for (int n = 0; n < 50; n++) {
        assert_int_equal(mentorship(ids[n]).state, MENTORSHIP_STATE_WITHDRAWN);
        assert_int_equal(mentee(turn_id("referral", n)).open, 0);
    }
    assert_int_equal(taken_of(ada), 0);
    assert_ptr_equal(propose(turn_id("referral", 0), ada), mentorship_mentor_unavailable.code);
}

static void a_cancelled_referral_ends_what_there_is_once(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "so"), of = referral(1);
    const struct referral_cancelled cancelled = {.person = turn_id("person", 1)};
    struct id first, second;
    int64_t version;

    (void)unused;
    assert_null(propose(of, ada));
    first = turn.said;
    assert_null(propose(of, eva));
    second = turn.said;
    assert_null(say(second, MENTORSHIP_OFFER, ROLE_CO));
    turn_hear("referral.cancelled", of, &cancelled);
    assert_int_equal(mentorship(first).state, MENTORSHIP_STATE_WITHDRAWN);
    assert_int_equal(mentorship(second).state, MENTORSHIP_STATE_WITHDRAWN);
    assert_int_equal(mentorship(second).reason, MENTORSHIP_REASON_REFERRAL_CANCELLED);
    assert_int_equal(mentee(of).state, MENTEE_STATE_CLOSED);
    version = mentorship(second).version;
    turn_hear("referral.cancelled", of, &cancelled);
    assert_int_equal(mentorship(second).version, version);
    assert_ptr_equal(propose(of, ada), mentorship_not_searching.code);
}

static void nobody_is_mentor_and_supervisor_of_the_same_person(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), of = referral(1), placement = turn_id("place", 1);
    struct placement_requirement_met met = {.participant = turn_id("person", 1),
                                            .kind = PLACEMENT_REQUIREMENT_SUPERVISOR,
                                            .has_supervisor = true,
                                            .supervisor = ada};
    struct proposal found[16];

    (void)unused;
    turn_hear("placement.requirement_met", placement, &met);
    assert_int_equal(look(found, 16), 0);
    assert_ptr_equal(propose(of, ada), mentorship_is_supervisor.code);
    turn_hear("placement.completed", placement, NULL);
    assert_int_equal(look(found, 16), 1);
    assert_null(propose(of, ada));
}

static void who_is_protected_is_proposed_to_cleared_mentors_only(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "so"), of = referral(1);
    struct person_role_granted granted = {.part = PERSON_PART_MENTOR, .cleared = true};
    const struct referral_protection_changed changed = {.protection = PROTECTION_CONFIDENTIAL};
    struct proposal found[16];

    (void)unused;
    turn_hear("person.role_granted", eva, &granted);
    turn_hear("referral.protection_changed", of, &changed);
    assert_int_equal(look(found, 16), 1);
    assert_true(id_equal(found[0].body.mentor, eva));
    assert_ptr_equal(propose(of, ada), mentorship_not_cleared.code);
}

static void a_place_is_proposed_a_few_times_and_not_to_everybody(void **unused)
{
    struct proposal found[128];

    (void)unused;
    mentor(1, 1, "so");
    mentor(2, 0, "so");
    for (int n = 0; n < 60; n++)
        referral(n);
    assert_int_equal(look_once(found), SEARCH_PER_PLACE);
    for (int i = 0; i < SEARCH_PER_PLACE; i++)
        say_proposal(&found[i]);
    assert_int_equal(look(found, 128), 0);
}

static void everybody_is_looked_at_in_time_also_behind_those_nobody_suits(void **unused)
{
    const struct referral_protection_changed changed = {.protection = PROTECTION_STRICTLY};
    struct proposal found[128];

    (void)unused;
    mentor(1, 1, "so"); /* not cleared */
    for (int n = 100; n < 160; n++)
        turn_hear("referral.protection_changed", referral(n), &changed);
    referral(999);
    assert_int_equal(look(found, 128), 1);
    assert_true(id_equal(found[0].body.referral, turn_id("referral", 999)));
}

static void a_person_of_two_referrals_gets_one_mentor(void **unused)
{
    const struct id ada = mentor(1, 5, "so"), bo = turn_id("person", 1);
    const struct id first = referral_of(1, bo), second = referral_of(2, bo);
    struct proposal found[16];
    struct id a, b;

    (void)unused;
    mentor(2, 5, "so");
    assert_null(propose(first, ada));
    a = turn.said;
    assert_int_equal(look(found, 16), 0);
    assert_null(propose(second, turn_id("mentor", 2)));
    b = turn.said;
    assert_null(say(a, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(a, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_int_equal(mentorship(b).state, MENTORSHIP_STATE_SUPERSEDED);
    assert_int_equal(mentee(second).open, 0);
    assert_int_equal(look(found, 16), 0);
}

static void an_erased_person_leaves_nothing_but_ids(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), bo = turn_id("person", 1);
    struct mentor row;

    (void)unused;
    for (int n = 0; n < 20; n++) /* more than one event is told to at once */
        referral_of(n, bo);
    assert_null(propose(turn_id("referral", 0), ada));
    turn_hear("person.erased", bo, NULL);
    assert_int_equal(turn_until(turn.now), 1);
    for (int n = 0; n < 20; n++) {
        assert_int_equal(mentee(turn_id("referral", n)).languages.count, 0);
        assert_int_equal(mentee(turn_id("referral", n)).state, MENTEE_STATE_CLOSED);
    }
    assert_int_equal(taken_of(ada), 0);
    turn_hear("person.erased", ada, NULL);
    turn_get(&mentors, ada, &row);
    assert_int_equal(row.state, MENTOR_STATE_GONE);
    assert_int_equal(row.languages.count, 0);
}

static void what_is_not_known_is_not_made_up(void **unused)
{
    const struct person_role_granted other = {.part = PERSON_PART_COORDINATOR};
    const struct referral_accepted accepted = {.wants = {1, {REFERRAL_WANT_PLACEMENT}}};
    const struct id nobody = turn_id("nobody", 1);
    struct mentor row;

    (void)unused;
    turn_hear("person.role_granted", nobody, &other);
    turn_hear("person.erased", nobody, NULL);
    turn_get(&mentors, nobody, &row);
    assert_int_equal(row.version, 0);
    turn_hear("referral.accepted", nobody, &accepted);
    turn_hear("referral.cancelled", nobody, NULL);
    assert_int_equal(mentee(nobody).version, 0);
}

#define STORY(story) cmocka_unit_test_setup_teardown(story, open_turn, close_turn)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(from_the_referral_to_the_last_meeting_with_a_decline_on_the_way),
        STORY(an_offer_nobody_answers_is_reminded_of_and_expires),
        STORY(fifty_offers_for_one_place),
        STORY(a_mentor_who_leaves_takes_every_open_mentorship_along),
        STORY(a_cancelled_referral_ends_what_there_is_once),
        STORY(nobody_is_mentor_and_supervisor_of_the_same_person),
        STORY(who_is_protected_is_proposed_to_cleared_mentors_only),
        STORY(a_place_is_proposed_a_few_times_and_not_to_everybody),
        STORY(everybody_is_looked_at_in_time_also_behind_those_nobody_suits),
        STORY(a_person_of_two_referrals_gets_one_mentor),
        STORY(an_erased_person_leaves_nothing_but_ids),
        STORY(what_is_not_known_is_not_made_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
