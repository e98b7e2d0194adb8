/* Assigning mentors through the real tables: stories, fifty offers for one place, and what the matcher
 * proposes. */
#include "domain/turn.h"

#include "consent/consent.h"
#include "core/trait.h"
#include "fold/strikes.h"
#include "matching_rules/matching_rules.h"
#include "mentee/mentee.h"
#include "mentor/mentor.h"
#include "mentorship/mentorship.h"
#include "municipality/municipality.h"
#include "propose.h"
#include "supervision/supervision.h"

#define DAY_MS INT64_C(86400000)

static const struct aggregate *const aggregates[] = {
    &matching_rules_aggregate, &mentor_aggregate,      &mentee_aggregate,
    &municipality_aggregate,   &supervision_aggregate, &mentorship_aggregate,
    &mentor_meeting_aggregate, &consent_aggregate,     NULL,
};

static struct plan *plan;

static struct match_settings changing(int64_t most)
{
    return (struct match_settings){.has_changes_most = true, .changes_most = most};
}

static void set_matching(struct match_settings matching)
{
    turn_hear("programme.matching_set", turn.programme, &(struct programme_matching_set){matching});
}

static int open_turn(void **unused)
{
    const struct programme_created created = {
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
    plan = plan_create(turn.programme);
    return 0;
}

static int close_turn(void **unused)
{
    (void)unused;
    plan_destroy(plan);
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

/* What a coordinator of that organisation sees. */
static bool is_known(const struct aggregate *aggregate, struct id id, struct id organisation)
{
    static _Alignas(16) char row[sizeof(struct mentorship) + sizeof(struct mentee)];
    const struct knowing who = {.organisation = organisation, .at = turn.now};
    struct error err;
    bool is_known;

    turn_begin();
    assert_true(table_get(turn.txn, aggregate->table, id, row, &err));
    is_known = turn_knows(aggregate, row, &who);
    turn_end();
    return is_known;
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

    if (command == MENTORSHIP_LOG_MEETING)
        body.meeting =
            (struct mentorship_log_meeting){.minutes = 60, .has_also = true, .also = true};
    return turn_say(&mentorship_aggregate, command, actor, id, &body);
}

static int64_t taken_of(struct id id)
{
    struct error err;
    int64_t taken;

    turn_begin();
    assert_true(mentorship_count_taken(turn.txn, id, &taken, &err));
    turn_end();
    return taken;
}

static struct listed listed[16]; /* what the last look found anew */
static size_t listed_count;

/* What the matcher finds: what it would propose. Why somebody has nobody, to `why` for one of them. */
static size_t look_for(struct id referral, struct mentorship_suggest *all, size_t most,
                       struct mentee_why *why)
{
    struct matching_rules rules;
    struct proposals found;
    struct error err;
    size_t count;

    turn_begin();
    assert_true(table_get(turn.txn, &all_matching_rules, turn.programme, &rules, &err));
    assert_true(plan_look(plan, turn.txn, &rules, turn.now, &err));
    turn_end();
    propose_next(plan, &found);
    count = found.count;
    assert_true(count <= most);
    memcpy(all, found.suggested, count * sizeof *all);
    assert_true(found.listed_count <= sizeof listed / sizeof listed[0]);
    memcpy(listed, found.listed, found.listed_count * sizeof *listed);
    listed_count = found.listed_count;
    if (why != NULL) memset(why, 0, sizeof *why);
    for (size_t i = 0; why != NULL && i < found.unproposed_count; i++)
        if (id_equal(found.unproposed[i].referral, referral)) *why = found.unproposed[i].body.why;
    proposals_drop(&found);
    return count;
}

static size_t look(struct mentorship_suggest *all, size_t most)
{
    return look_for((struct id){{0}}, all, most, NULL);
}

static const char *suggest(const struct mentorship_suggest *body)
{
    return turn_say(&mentorship_aggregate, MENTORSHIP_SUGGEST, (struct actor){.role = ROLE_SYS},
                    (struct id){{0}}, body);
}

static struct id say_proposal(const struct mentorship_suggest *body)
{
    assert_null(suggest(body));
    return turn.said;
}

/* As the matcher goes on until there is nothing to say: how many were said. */
static size_t settle(void)
{
    static struct mentorship_suggest found[256];
    size_t said = 0, count;

    for (int round = 0; round < 20 && (count = look(found, 256)) > 0; round++)
        for (size_t i = 0; i < count; i++) {
            const char *code = suggest(&found[i]);

            if (code != NULL) assert_string_equal(code, mentorship_outdated.code);
            said += code == NULL;
        }
    assert_int_equal(look(found, 256), 0);
    return said;
}

/* The open suggestion of a referral's participant. */
static struct mentorship suggestion_of(struct id referral)
{
    const struct id person = mentee(referral).person;
    struct mentorship row = {.state = MENTORSHIP_STATE_NONE};
    struct ids ids = {0};
    struct error err;

    turn_begin();
    assert_true(mentorship_find_with(turn.txn, person, &ids, &err));
    if (ids.count == 1) assert_true(table_get(turn.txn, &mentorships, ids.at[0], &row, &err));
    turn_end();
    return row;
}

static void from_the_referral_to_the_last_meeting_with_a_decline_on_the_way(void **unused)
{
    const struct id ada = mentor(1, 2, "so"), eva = mentor(2, 1, "so"), kim = mentor(3, 1, "sv");
    struct mentorship_suggest found[16];
    struct id first, second, third, of;

    (void)unused;
    of = referral(1);
    assert_int_equal(look(found, 16), 1); /* one at a time */
    assert_true(id_equal(found[0].mentor, ada));
    assert_int_equal(found[0].alternatives.count, 2); /* and the others beside it */
    assert_true(id_equal(found[0].alternatives.at[0].mentor, eva));
    assert_true(id_equal(found[0].alternatives.at[1].mentor, kim)); /* no language in common */
    first = say_proposal(&found[0]);
    assert_true(id_equal(mentorship(first).programme, turn.programme));
    assert_int_equal(mentorship(first).country, COUNTRY_NO);
    assert_int_equal(look(found, 16), 0); /* somebody has to look at these first */

    assert_null(say(first, MENTORSHIP_OFFER, ROLE_CO));
    assert_int_equal(taken_of(ada), 1);
    assert_null(say(first, MENTORSHIP_DECLINE, ROLE_ME));
    assert_int_equal(taken_of(ada), 0);
    assert_int_equal(look(found, 16), 1); /* the next */
    assert_true(id_equal(found[0].mentor, eva));
    second = say_proposal(&found[0]);
    assert_null(propose(of, kim)); /* by hand: the suggestion gives way */
    third = turn.said;
    assert_int_equal(mentorship(second).state, MENTORSHIP_STATE_SUPERSEDED);
    assert_int_equal(look(found, 16), 0);
    assert_null(propose(of, eva));
    second = turn.said;
    assert_null(say(second, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(second, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_int_equal(mentorship(third).state, MENTORSHIP_STATE_SUPERSEDED);
    assert_int_equal(mentee(of).state, MENTEE_STATE_MATCHED);
    assert_string_equal(propose(of, kim), mentorship_has_mentor.code);

    assert_null(say(second, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME));
    assert_null(say(second, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT));
    assert_null(say(second, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_CO));
    assert_int_equal(taken_of(eva), 1);
    assert_null(say(second, MENTORSHIP_END, ROLE_PT)); /* the search is open again */
    assert_int_equal(taken_of(eva), 0);
    assert_int_equal(mentee(of).state, MENTEE_STATE_SEARCHING);
    assert_int_equal(look(found, 16), 1); /* Ada said no, Eva is a former mentor */
    assert_true(id_equal(found[0].mentor, kim));
    assert_string_equal(propose(of, eva), mentorship_former_mentor.code);

    third = say_proposal(&found[0]);
    assert_null(say(third, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(third, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_null(say(third, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT));
    assert_null(say(third, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME));
    assert_null(say(third, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_ME));
    assert_null(say(third, MENTORSHIP_LOG_MEETING, ROLE_PT)); /* the one that the mentor told of */
    assert_int_equal(mentorship(third).meetings, 1);
    assert_int_equal(mentorship(third).minutes, 60);
    assert_null(say(third, MENTORSHIP_LOG_MEETING, ROLE_ME)); /* another one, and both tell of it */
    assert_null(say(third, MENTORSHIP_LOG_MEETING, ROLE_PT));
    assert_int_equal(mentorship(third).meetings, 2);
    assert_int_equal(mentorship(third).minutes, 120);
    assert_null(say(third, MENTORSHIP_COMPLETE, ROLE_ME));
    assert_null(say(third, MENTORSHIP_COMPLETE, ROLE_PT));
    assert_int_equal(mentee(of).state, MENTEE_STATE_COMPLETED);
    assert_int_equal(look(found, 16), 0);
}

static void what_a_mentor_said_by_mistake_is_taken_back(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "so");
    struct mentorship_suggest found[16];
    struct id of, first, next;

    (void)unused;
    of = referral(1);
    assert_null(propose(of, ada));
    first = turn.said;
    assert_null(say(first, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(first, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_int_equal(mentee(of).state, MENTEE_STATE_MATCHED);
    assert_null(say(first, MENTORSHIP_UNDO, ROLE_ME));
    assert_int_equal(mentorship(first).state, MENTORSHIP_STATE_OFFERED);
    assert_int_equal(mentee(of).state, MENTEE_STATE_SEARCHING);
    assert_int_equal(mentee(of).open, 1);

    assert_null(say(first, MENTORSHIP_DECLINE, ROLE_ME));
    assert_int_equal(mentee(of).open, 0);
    assert_int_equal(look(found, 16), 1);
    assert_true(id_equal(found[0].mentor, eva));
    next = say_proposal(&found[0]);
    assert_null(say(first, MENTORSHIP_UNDO, ROLE_ME)); /* what was suggested gives way */
    assert_int_equal(mentorship(next).state, MENTORSHIP_STATE_SUPERSEDED);
    assert_int_equal(mentee(of).open, 1);
    assert_int_equal(taken_of(ada), 1);
    assert_null(say(first, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_int_equal(mentee(of).state, MENTEE_STATE_MATCHED);
}

static int64_t struck_meetings(struct id of)
{
    const struct date today = {turn.now.ms / 86400000};
    struct ids found = {0};
    struct mentor_meeting row;
    struct error err;
    int64_t struck = 0;

    turn_begin();
    assert_true(mentor_meeting_find_on(turn.txn, of, today, &found, &err));
    turn_end();
    for (uint32_t i = 0; i < found.count; i++) {
        turn_get(&mentor_meetings, found.at[i], &row);
        struck += row.struck;
    }
    return struck;
}

/* By the mentor, who does not say that it is another one. */
static const char *log_again(struct id id)
{
    const struct actor mentor = {ROLE_ME, mentorship(id).mentor, {{0}}};
    const struct mentorship_log_meeting met = {.minutes = 60};

    return turn_say(&mentorship_aggregate, MENTORSHIP_LOG_MEETING, mentor, id, &met);
}

static void a_meeting_that_was_not_is_struck(void **unused)
{
    const struct id ada = mentor(1, 1, "so");
    struct id first;

    (void)unused;
    assert_null(propose(referral(1), ada));
    first = turn.said;
    assert_null(say(first, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(first, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_null(say(first, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT));
    assert_null(say(first, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME));
    assert_string_equal(say(first, MENTORSHIP_UNDO, ROLE_ME), "not_now");
    assert_null(say(first, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_ME));
    assert_string_equal(log_again(first), mentorship_met_twice.code);
    assert_null(say(first, MENTORSHIP_LOG_MEETING, ROLE_ME));
    assert_int_equal(mentorship(first).meetings, 2);
    assert_null(say(first, MENTORSHIP_UNDO, ROLE_ME));
    assert_int_equal(mentorship(first).meetings, 1);
    assert_int_equal(struck_meetings(first), 1);
    assert_null(
        say(first, MENTORSHIP_LOG_MEETING, ROLE_PT)); /* confirms the first, not what is struck */
    assert_int_equal(mentorship(first).meetings, 1);
    assert_null(say(first, MENTORSHIP_LOG_MEETING, ROLE_PT));
    assert_int_equal(mentorship(first).meetings, 2);
}

static void an_offer_nobody_answers_is_reminded_of_and_expires(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "sv"), of = referral(1);
    struct mentorship_suggest found[16];
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
    assert_true(id_equal(found[0].mentor, eva));
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

        if (code != NULL) assert_string_equal(code, mentorship_mentor_full.code);
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
    assert_string_equal(propose(turn_id("referral", 0), ada), mentorship_mentor_unavailable.code);
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
    assert_string_equal(propose(of, ada), mentorship_not_searching.code);
}

static void who_is_taken_up_again_may_have_the_mentor_they_had(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), of = referral(1);
    struct mentorship_suggest found[16];
    struct id id;

    (void)unused;
    assert_null(propose(of, ada));
    id = turn.said;
    assert_null(say(id, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(id, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_null(say(id, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME));
    assert_null(say(id, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT));
    assert_null(say(id, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_CO));
    turn_hear("referral.cancelled", of, NULL);
    assert_int_equal(mentorship(id).state, MENTORSHIP_STATE_ENDED_EARLY);
    assert_int_equal(mentee(of).state, MENTEE_STATE_CLOSED);
    assert_int_equal(look(found, 16), 0);

    referral(1); /* is accepted again */
    assert_int_equal(mentee(of).state, MENTEE_STATE_SEARCHING);
    assert_int_equal(look(found, 16), 1); /* neither of the two had said no */
    assert_true(id_equal(found[0].mentor, ada));
    say_proposal(&found[0]);
    assert_null(say(turn.said, MENTORSHIP_OFFER, ROLE_CO));
}

/* Proposed by hand, and on to the first meeting. */
static struct id meet(struct id of, struct id with)
{
    struct id id;

    assert_null(propose(of, with));
    id = turn.said;
    assert_null(say(id, MENTORSHIP_OFFER, ROLE_CO));
    assert_null(say(id, MENTORSHIP_ACCEPT, ROLE_ME));
    assert_null(say(id, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_ME));
    assert_null(say(id, MENTORSHIP_SIGN_CONFIDENTIALITY, ROLE_PT));
    assert_null(say(id, MENTORSHIP_HOLD_FIRST_MEETING, ROLE_CO));
    return id;
}

/* A part may have been ended by mistake. */
static void who_takes_part_again_may_be_with_whom_they_were_with(void **unused)
{
    static const enum person_part parts[] = {PERSON_PART_MENTOR, PERSON_PART_PARTICIPANT};
    struct mentorship_suggest found[16];

    (void)unused;
    for (int n = 0; n < 2; n++) {
        const struct id ada = mentor(n, 1, "so"), of = referral(n), begun = meet(of, ada);
        const struct id who = n == 0 ? ada : mentee(of).person;
        struct id next;

        turn_hear("person.role_ended", who, &(struct person_role_ended){.part = parts[n]});
        turn_until(turn.now);
        assert_int_equal(mentorship(begun).state, MENTORSHIP_STATE_ENDED_EARLY);
        assert_int_equal(mentorship(begun).reason, MENTORSHIP_REASON_ROLE_ENDED);
        if (n == 0) mentor(n, 1, "so"); /* the part is granted again */
        assert_int_equal(look(found, 16), 1);
        assert_true(id_equal(found[0].mentor, ada));

        next = say_proposal(&found[0]);
        assert_null(say(next, MENTORSHIP_OFFER, ROLE_CO));
        turn_hear("person.role_ended", who, &(struct person_role_ended){.part = parts[n]});
        turn_until(turn.now);
        assert_int_equal(mentorship(next).state, MENTORSHIP_STATE_WITHDRAWN);
        if (n == 0) mentor(n, 1, "so");
        assert_int_equal(look(found, 16), 1); /* was asked, and did not say no */
        assert_true(id_equal(found[0].mentor, ada));
        meet(of, ada);
    }
}

static void nobody_is_mentor_and_supervisor_of_the_same_person(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), of = referral(1), placement = turn_id("place", 1);
    struct placement_requirement_met met = {.participant = turn_id("person", 1),
                                            .kind = PLACEMENT_REQUIREMENT_SUPERVISOR,
                                            .has_supervisor = true,
                                            .supervisor = ada};
    struct mentorship_suggest found[16];

    (void)unused;
    turn_hear("placement.requirement_met", placement, &met);
    assert_int_equal(look(found, 16), 0);
    assert_string_equal(propose(of, ada), mentorship_is_supervisor.code);
    turn_hear("placement.completed", placement, NULL);
    assert_int_equal(look(found, 16), 1);
    assert_null(propose(of, ada));
}

static void a_club_sees_a_mentee_while_one_of_its_mentors_is_proposed_or_more(void **unused)
{
    const struct id club = turn_id("club", 1), other_club = turn_id("club", 2);
    const struct id ada = mentor(1, 1, "so"), of = referral(1);
    struct person_role_granted granted = {.part = PERSON_PART_MENTOR, .languages = {1, {"so"}}};
    struct id first;

    (void)unused;
    granted.has_organisation = true;
    granted.organisation = club;
    turn_hear("person.role_granted", ada, &granted);
    assert_false(is_known(&mentee_aggregate, of, club));
    assert_null(propose(of, ada));
    first = turn.said;
    assert_true(is_known(&mentee_aggregate, of, club));
    assert_false(is_known(&mentee_aggregate, of, other_club));
    assert_true(is_known(&mentorship_aggregate, first, club));
    assert_false(is_known(&mentorship_aggregate, first, other_club));
    assert_null(say(first, MENTORSHIP_OFFER, ROLE_CO));
    assert_true(is_known(&mentee_aggregate, of, club));
    assert_null(say(first, MENTORSHIP_DECLINE, ROLE_ME));
    assert_false(is_known(&mentee_aggregate, of, club));
    assert_true(is_known(&mentorship_aggregate, first, club)); /* what its mentors were asked */
}

/* Nothing is known of them that a match goes by: the matcher says so, once, and leaves them to who is cleared. */
static void who_is_protected_is_proposed_by_hand_to_cleared_mentors_only(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "so"), of = referral(1);
    struct person_role_granted granted = {.part = PERSON_PART_MENTOR};
    const struct referral_protection_changed changed = {.protection = PROTECTION_CONFIDENTIAL};
    const struct actor cleared = {.role = ROLE_SYS};
    struct person_clearance_confirmed confirmed = {.part = PERSON_PART_SUPERVISOR};
    struct mentorship_suggest found[16];
    struct mentee_why why;

    (void)unused;
    /* Who is cleared is so when another has confirmed it. */
    turn_hear("person.role_granted", eva, &granted);
    turn_hear("referral.protection_changed", of, &changed);
    turn_hear("person.clearance_confirmed", eva, &confirmed); /* as something else */
    assert_string_equal(propose(of, eva), mentorship_not_cleared.code);
    confirmed.part = PERSON_PART_MENTOR;
    turn_hear("person.clearance_confirmed", turn_id("nobody", 1), &confirmed);
    turn_hear("person.clearance_confirmed", eva, &confirmed);
    assert_int_equal(look_for(of, found, 16, &why), 0);
    assert_true(why.has_by_hand && why.by_hand);
    assert_int_equal(mentee(of).state, MENTEE_STATE_SEARCHING); /* waits */
    assert_null(
        turn_say(&mentee_aggregate, MENTEE_EXPLAIN, cleared, of, &(struct mentee_explain){why}));
    assert_int_equal(look_for(of, found, 16, &why), 0);
    assert_false(why.has_by_hand);
    assert_string_equal(propose(of, ada), mentorship_not_cleared.code);
    assert_null(propose(of, eva));
}

/* Nor is a mentor of whom nothing is known. */
static void a_mentor_who_is_protected_is_proposed_by_hand(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), of = referral(1);
    const struct person_protection_changed raised = {.protection = PROTECTION_MARKED};
    struct mentorship_suggest found[16];

    (void)unused;
    turn_hear("person.protection_changed", ada, &raised);
    assert_int_equal(look(found, 16), 0);
    assert_null(propose(of, ada));
}

static void a_place_is_proposed_once_to_who_has_waited_longest(void **unused)
{
    struct mentorship_suggest found[16];

    (void)unused;
    mentor(1, 1, "so");
    mentor(2, 0, "so");
    for (int n = 60; n-- > 0;) {
        referral(n);
        turn.now = instant_add_days(turn.now, 1);
    }
    assert_int_equal(look(found, 16), 1);
    assert_true(id_equal(found[0].referral, turn_id("referral", 59)));
    say_proposal(&found[0]);
    assert_int_equal(look(found, 16), 0);
}

static void everybody_is_looked_at_in_time_also_behind_those_nobody_suits(void **unused)
{
    const struct id ada = mentor(1, 1, "so");
    struct mentorship_suggest found[128];
    struct mentee_why why;

    (void)unused;
    for (int n = 100; n < 160; n++)
        assert_null(turn_say(&mentee_aggregate, MENTEE_DECLARE_CONFLICT, coordinator, referral(n),
                             &(struct mentee_declare_conflict){ada}));
    referral(999);
    assert_int_equal(look_for(turn_id("referral", 100), found, 128, &why), 1);
    assert_true(id_equal(found[0].referral, turn_id("referral", 999)));
    assert_int_equal(why.mentors, 1);
    assert_int_equal(why.failed.count, 1);
    assert_int_equal(why.failed.at[0].rule, MENTORSHIP_HARD_RULE_CONFLICT);
    assert_int_equal(why.failed.at[0].mentors, 1);
}

static void a_person_of_two_referrals_gets_one_mentor(void **unused)
{
    const struct id ada = mentor(1, 5, "so"), bo = turn_id("person", 1);
    const struct id first = referral_of(1, bo), second = referral_of(2, bo);
    struct mentorship_suggest found[16];
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

/* Who could be there instead, and what it costs. */

static struct id seeking(int n, const char *first, const char *second)
{
    const struct id id = turn_id("referral", n);
    struct referral_accepted accepted = {.person = turn_id("person", n),
                                         .languages = {second == NULL ? 1 : 2, {{0}}},
                                         .wants = {1, {REFERRAL_WANT_MENTOR}},
                                         .waiting_since = turn.now};

    strcpy(accepted.languages.at[0], first);
    if (second != NULL) strcpy(accepted.languages.at[1], second);
    turn_hear("referral.accepted", id, &accepted);
    return id;
}

/* Kim was asked for the first, Ada is proposed to the second; then Kim declines. Only Ada speaks the
 * first one's language, and Eva the second one's other. */
static void one_declines(struct id *first, struct id *second, struct id *ada, struct id *eva)
{
    const struct id kim = mentor(3, 1, "so");
    struct id offered;

    *first = seeking(1, "so", NULL);
    assert_null(propose(*first, kim));
    offered = turn.said;
    assert_null(say(offered, MENTORSHIP_OFFER, ROLE_CO));
    *ada = mentor(1, 1, "so");
    *second = seeking(2, "so", "ti");
    assert_int_equal(settle(), 1);
    assert_true(id_equal(suggestion_of(*second).mentor, *ada));
    *eva = mentor(2, 1, "ti");
    assert_int_equal(settle(), 0); /* just as good: nothing changes for that */
    assert_null(turn_say(&mentor_aggregate, MENTOR_PAUSE, coordinator, kim, NULL));
    assert_null(say(offered, MENTORSHIP_DECLINE, ROLE_ME));
}

static void after_a_decline_others_are_moved_as_far_as_the_rules_allow(void **unused)
{
    struct id first, second, ada, eva;

    (void)unused;
    one_declines(&first, &second, &ada, &eva);
    assert_int_equal(settle(), 2);
    assert_true(id_equal(suggestion_of(first).mentor, ada));
    assert_true(id_equal(suggestion_of(second).mentor, eva));
    assert_int_equal(suggestion_of(first).moved, 1);
    assert_false(suggestion_of(first).has_behind);
}

static void what_the_rules_do_not_allow_is_said_to_be_lost(void **unused)
{
    struct id first, second, ada, eva;
    struct mentorship row;

    (void)unused;
    set_matching(changing(0));
    one_declines(&first, &second, &ada, &eva);
    assert_int_equal(settle(), 1);
    assert_true(id_equal(suggestion_of(second).mentor, ada)); /* stays */
    row = suggestion_of(first);
    assert_true(id_equal(row.mentor, eva));
    assert_true(row.has_behind);
    assert_int_equal(row.behind.participants, 0);
    assert_int_equal(row.behind.score, score_rules_default.weight[SCORE_LANGUAGE]);
    assert_int_equal(row.passed_over.count, 1);
    assert_true(id_equal(row.passed_over.at[0].mentor, ada));
    assert_int_equal(row.passed_over.at[0].obstacle, MENTORSHIP_OBSTACLE_KEPT);
}

static void the_place_goes_to_who_has_waited_longer_and_that_is_said(void **unused)
{
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "sv");
    struct id first, second;
    struct mentorship row;

    (void)unused;
    first = seeking(1, "so", NULL);
    turn.now = instant_add_days(turn.now, 41);
    second = seeking(2, "so", NULL);
    assert_int_equal(settle(), 2);
    row = suggestion_of(second);
    assert_true(id_equal(suggestion_of(first).mentor, ada));
    assert_true(id_equal(row.mentor, eva));
    assert_int_equal(row.passed_over.count, 1);
    assert_true(id_equal(row.passed_over.at[0].mentor, ada));
    assert_true(id_equal(row.passed_over.at[0].participant, turn_id("person", 1)));
    assert_int_equal(row.passed_over.at[0].days, 41);
    assert_int_equal(row.passed_over.at[0].obstacle, MENTORSHIP_OBSTACLE_EQUAL);
    assert_int_equal(row.explanation.count, SCORE_FACTORS);
    assert_int_equal(row.passed.count, 6);
}

static void what_a_factor_weighs_is_the_programmes_own(void **unused)
{
    struct match_settings matching = changing(2);
    const struct id of = seeking(1, "so", NULL);
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "sv");

    (void)unused;
    settle();
    assert_true(id_equal(suggestion_of(of).mentor, ada));
    matching.has_weights = true;
    matching.weights = (struct match_weights){1, {{PAIR_FACTOR_LANGUAGE, -7}}};
    set_matching(matching);
    assert_int_equal(settle(), 0); /* who is proposed stays until somebody needs the place */
    assert_null(say(suggestion_of(of).id, MENTORSHIP_WITHDRAW, ROLE_CO));
    settle();
    assert_true(id_equal(suggestion_of(of).mentor, eva));
    matching.has_least_points = true;
    matching.least_points = 1;
    set_matching(matching);
    assert_null(say(suggestion_of(of).id, MENTORSHIP_WITHDRAW, ROLE_CO));
    assert_int_equal(settle(), 0); /* nobody has as much */
}

static void a_suggestion_that_cannot_be_made_any_more_is_replaced(void **unused)
{
    const struct id of = seeking(1, "so", NULL);
    const struct id ada = mentor(1, 1, "so"), eva = mentor(2, 1, "so"), kim = mentor(3, 1, "so");
    const struct mentee_declare_conflict conflict = {eva};

    (void)unused;
    settle();
    assert_true(id_equal(suggestion_of(of).mentor, ada));
    assert_null(turn_say(&mentor_aggregate, MENTOR_PAUSE, coordinator, ada, NULL));
    assert_int_equal(settle(), 1);
    assert_true(id_equal(suggestion_of(of).mentor, eva));
    assert_null(turn_say(&mentee_aggregate, MENTEE_DECLARE_CONFLICT, coordinator, of, &conflict));
    assert_int_equal(settle(), 1);
    assert_true(id_equal(suggestion_of(of).mentor, kim));
    assert_int_equal(mentee(of).open, 1);
}

static void pass_hours(int64_t hours)
{
    turn.now.ms += hours * DAY_MS / 24;
}

static void what_nobody_acts_upon_for_a_day_gives_way_to_a_much_better_mentor(void **unused)
{
    const struct id of = seeking(1, "so", NULL), ada = mentor(1, 1, "sv");
    struct id first, eva;
    struct mentorship row;

    (void)unused;
    assert_int_equal(settle(), 1);
    first = suggestion_of(of).id;
    eva = mentor(2, 1, "so");
    pass_hours(23);
    assert_int_equal(settle(), 0); /* somebody may be looking at it */
    pass_hours(1);
    assert_int_equal(settle(), 1);
    row = suggestion_of(of);
    assert_true(id_equal(row.mentor, eva));
    assert_true(row.has_better);
    assert_int_equal(row.better, score_rules_default.weight[SCORE_LANGUAGE]);
    row = mentorship(first);
    assert_int_equal(row.state, MENTORSHIP_STATE_SUPERSEDED);
    assert_true(id_equal(row.mentor, ada));
    assert_true(row.has_outdone);
    assert_int_equal(row.outdone, score_rules_default.weight[SCORE_LANGUAGE]);
    assert_int_equal(mentee(of).open, 1);
    assert_int_equal(mentee(of).state, MENTEE_STATE_SEARCHING);
}

static void what_is_hardly_better_replaces_nothing(void **unused)
{
    struct match_settings matching = {.has_replace_points = true, .replace_points = 21};
    const struct id of = seeking(1, "so", NULL), ada = mentor(1, 1, "sv");

    (void)unused;
    set_matching(matching);
    assert_int_equal(settle(), 1);
    mentor(2, 1, "so");
    pass_hours(48);
    assert_int_equal(settle(), 0);
    assert_true(id_equal(suggestion_of(of).mentor, ada));
    matching.has_replace_days = true;
    matching.replace_days = 3;
    matching.replace_points = 20;
    set_matching(matching);
    assert_int_equal(settle(), 0);
    pass_hours(24);
    assert_int_equal(settle(), 1);
}

static void what_somebody_has_acted_upon_is_replaced_by_nobody_better(void **unused)
{
    const struct id of = seeking(1, "so", NULL), ada = mentor(1, 1, "sv");

    (void)unused;
    assert_int_equal(settle(), 1);
    assert_null(say(suggestion_of(of).id, MENTORSHIP_OFFER, ROLE_CO));
    mentor(2, 1, "so");
    pass_hours(48);
    assert_int_equal(settle(), 0);
    assert_true(id_equal(suggestion_of(of).mentor, ada));
}

/* Eva would be better for the first, and Kim as good for the second as Eva. */
static void nobody_is_moved_for_a_better_one_whose_own_has_not_stood_as_long(void **unused)
{
    const struct id first = seeking(1, "so", NULL), ada = mentor(1, 1, "sv");
    struct id second, eva, kim, old;

    (void)unused;
    assert_int_equal(settle(), 1);
    pass_hours(20);
    second = seeking(2, "so", "ti");
    eva = mentor(2, 1, "so");
    assert_int_equal(settle(), 1);
    assert_true(id_equal(suggestion_of(second).mentor, eva));
    old = suggestion_of(second).id;
    kim = mentor(3, 1, "ti");
    pass_hours(20);
    assert_int_equal(settle(), 0);
    assert_true(id_equal(suggestion_of(first).mentor, ada));
    pass_hours(20);
    assert_int_equal(settle(), 2);
    assert_true(id_equal(suggestion_of(first).mentor, eva));
    assert_true(suggestion_of(first).has_better);
    assert_true(id_equal(suggestion_of(second).mentor, kim));
    assert_false(suggestion_of(second).has_better);
    assert_false(mentorship(old).has_outdone);
}

static struct id mentor_in(int n, const char *language, const char *municipality)
{
    const struct id id = turn_id("mentor", n);
    struct person_role_granted granted = {
        .part = PERSON_PART_MENTOR, .languages.count = 1, .has_municipality = true};

    strcpy(granted.languages.at[0], language);
    strcpy(granted.municipality, municipality);
    turn_hear("person.role_granted", id, &granted);
    assert_null(turn_say(&mentor_aggregate, MENTOR_SET_CAPACITY, coordinator, id,
                         &(struct mentor_set_capacity){1}));
    return id;
}

static struct id seeking_in(int n, const char *language, const char *municipality)
{
    const struct id id = turn_id("referral", n);
    struct referral_accepted accepted = {.person = turn_id("person", n),
                                         .languages.count = 1,
                                         .has_municipality = true,
                                         .wants = {1, {REFERRAL_WANT_MENTOR}},
                                         .waiting_since = turn.now};

    strcpy(accepted.languages.at[0], language);
    strcpy(accepted.municipality, municipality);
    turn_hear("referral.accepted", id, &accepted);
    return id;
}

/* A language is 20 points, a municipality 15. */
static struct match_settings replacing(int64_t points)
{
    return (struct match_settings){.has_replace_points = true, .replace_points = points};
}

static void what_it_costs_another_is_no_gain(void **unused)
{
    const struct id first = seeking(1, "so", NULL);
    struct id second, eva, kim;

    (void)unused;
    mentor(1, 1, "sv");
    assert_int_equal(settle(), 1); /* 0 points */
    second = seeking_in(2, "so", "0301");
    eva = mentor(2, 1, "so");
    assert_int_equal(settle(), 1); /* 20 */
    kim = mentor_in(3, "sv", "0301");
    pass_hours(48);
    assert_int_equal(settle(), 0); /* 20 more for the first, 5 fewer for the second */
    set_matching(replacing(15));
    assert_int_equal(settle(), 2);
    assert_true(id_equal(suggestion_of(first).mentor, eva));
    assert_true(id_equal(suggestion_of(second).mentor, kim));
}

static void what_is_better_for_another_makes_nobody_much_better(void **unused)
{
    const struct id first = seeking_in(1, "ti", "0301");
    struct id second, eva, kim;

    (void)unused;
    mentor(1, 1, "sv");
    assert_int_equal(settle(), 1); /* 0 points */
    second = seeking_in(2, "so", "0301");
    eva = mentor_in(2, "sv", "0301");
    settle();
    assert_true(id_equal(suggestion_of(second).mentor, eva)); /* 15 */
    kim = mentor(3, 1, "so");
    pass_hours(48);
    assert_int_equal(settle(), 0); /* 15 more for the first, 5 for the second */
    set_matching(replacing(15));
    assert_int_equal(settle(), 2);
    assert_true(id_equal(suggestion_of(first).mentor, eva));
    assert_true(id_equal(suggestion_of(second).mentor, kim));
}

static const char *list_anew(size_t i)
{
    return turn_say(&mentorship_aggregate, MENTORSHIP_LIST_ALTERNATIVES,
                    (struct actor){.role = ROLE_SYS}, listed[i].mentorship, &listed[i].body);
}

static void a_suggestion_that_stands_is_told_who_else_there_is_by_now(void **unused)
{
    const struct id of = seeking(1, "so", NULL), ada = mentor(1, 1, "so");
    struct id eva, kim;

    (void)unused;
    assert_int_equal(settle(), 1);
    assert_int_equal(suggestion_of(of).alternatives.count, 0);
    assert_int_equal(listed_count, 0);
    eva = mentor(2, 1, "so");
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 1);
    assert_null(list_anew(0));
    assert_true(id_equal(suggestion_of(of).mentor, ada));
    assert_int_equal(suggestion_of(of).alternatives.count, 1);
    assert_true(id_equal(suggestion_of(of).alternatives.at[0].mentor, eva));
    kim = mentor(3, 1, "so");
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 1); /* there is room for her too */
    assert_null(list_anew(0));
    assert_int_equal(suggestion_of(of).alternatives.count, 2);
    assert_true(id_equal(suggestion_of(of).alternatives.at[0].mentor, eva));
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 0); /* those that are listed are still there */
    assert_null(turn_say(&mentor_aggregate, MENTOR_PAUSE, coordinator, eva, NULL));
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 1);
    assert_null(list_anew(0));
    assert_int_equal(suggestion_of(of).alternatives.count, 1);
    assert_true(id_equal(suggestion_of(of).alternatives.at[0].mentor, kim));
    assert_null(turn_say(&mentor_aggregate, MENTOR_PAUSE, coordinator, kim, NULL));
    assert_int_equal(settle(), 0);
    assert_null(list_anew(0));
    assert_int_equal(suggestion_of(of).alternatives.count, 0);
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 0);
}

static void who_is_better_than_the_last_beside_one_that_stands_comes_into_the_list(void **unused)
{
    const struct id of = seeking_in(1, "so", "0301");
    struct id best;

    (void)unused;
    mentor(1, 1, "so");
    assert_int_equal(settle(), 1);
    for (int n = 2; n <= 6; n++)
        mentor(n, 1, "sv");
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 1);
    assert_null(list_anew(0));
    assert_int_equal(suggestion_of(of).alternatives.count, 5);

    mentor(7, 1, "sv");
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 0); /* no better than any of those */
    best = mentor_in(8, "sv", "0301");
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 1);
    assert_null(list_anew(0));
    assert_int_equal(suggestion_of(of).alternatives.count, 5);
    assert_true(id_equal(suggestion_of(of).alternatives.at[0].mentor, best));
    assert_int_equal(settle(), 0);
    assert_int_equal(listed_count, 0);
}

static void what_has_changed_meanwhile_is_left_out_and_tried_again(void **unused)
{
    const struct id ada = mentor(1, 1, "so");
    const struct id first = seeking(1, "so", NULL), second = seeking(2, "so", NULL);
    struct mentorship_suggest found[4];

    (void)unused;
    assert_int_equal(look(found, 4), 1);
    assert_null(propose(second, ada)); /* a coordinator was quicker */
    assert_string_equal(suggest(&found[0]), mentorship_mentor_full.code);
    assert_int_equal(settle(), 0); /* the place is spoken for */
    assert_null(say(suggestion_of(second).id, MENTORSHIP_WITHDRAW, ROLE_CO));
    assert_int_equal(settle(), 1);
    assert_true(id_equal(suggestion_of(first).mentor, ada));
}

/* A number below limit, the same every time. */
static uint32_t draw(uint32_t limit)
{
    static uint64_t seed = 88172645463325252u;

    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 16) % limit);
}

static void change_something(void)
{
    static const char *const languages[] = {"so", "ti", "ar", "sv"};
    const int n = (int)draw(24);
    const struct id someone = turn_id("mentor", n), referral = turn_id("referral", n);
    const struct mentee_declare_conflict conflict = {turn_id("mentor", (int)draw(24))};
    struct mentorship row;

    switch (draw(8)) {
    case 0: seeking(n, languages[draw(4)], languages[draw(4)]); return;
    case 1:
    case 2: mentor(n, draw(4), languages[draw(4)]); return;
    case 3: turn_say(&mentor_aggregate, MENTOR_PAUSE, coordinator, someone, NULL); return;
    case 4: turn_say(&mentor_aggregate, MENTOR_RESUME, coordinator, someone, NULL); return;
    case 5:
        turn_say(&mentee_aggregate, MENTEE_DECLARE_CONFLICT, coordinator, referral, &conflict);
        return;
    case 6: turn.now = instant_add_days(turn.now, draw(5)); return;
    default: break;
    }
    row = suggestion_of(referral);
    if (row.state == MENTORSHIP_STATE_PROPOSED) say(row.id, MENTORSHIP_OFFER, ROLE_CO);
    if (row.state == MENTORSHIP_STATE_OFFERED) say(row.id, MENTORSHIP_DECLINE, ROLE_ME);
}

/* The plan that is kept from look to look is worth as much as one that begins anew. */
static void assert_as_good_as_new(void)
{
    struct plan *fresh = plan_create(turn.programme);
    struct matching_value kept, anew;
    struct matching_rules rules;
    struct error err;

    turn_begin();
    assert_true(table_get(turn.txn, &all_matching_rules, turn.programme, &rules, &err));
    assert_true(plan_look(plan, turn.txn, &rules, turn.now, &err));
    assert_true(plan_look(fresh, turn.txn, &rules, turn.now, &err));
    turn_end();
    kept = matching_value(plan->matching);
    anew = matching_value(fresh->matching);
    for (unsigned t = 0; t < MATCHING_TERMS; t++)
        assert_int_equal(kept.term[t], anew.term[t]);
    plan_destroy(fresh);
}

/* I1 for suggestions: no mentor is spoken for more often than there are places. */
static void assert_nobody_is_spoken_for_too_often(void)
{
    for (uint32_t i = 0; i < plan->mentor_count; i++) {
        struct error err;
        struct mentor row;
        int64_t open;

        turn_begin();
        assert_true(table_get(turn.txn, &mentors, plan->mentors[i].id, &row, &err));
        assert_true(mentorship_count_open(turn.txn, row.id, &open, &err));
        turn_end();
        if (open > row.capacity) assert_int_equal(plan->mentors[i].places, 0);
    }
}

static void from_look_to_look_the_plan_is_as_good_as_a_new_one(void **unused)
{
    (void)unused;
    for (int n = 0; n < 400; n++) {
        change_something();
        assert_as_good_as_new();
        if (draw(3) == 0) {
            settle();
            assert_nobody_is_spoken_for_too_often();
        }
    }
    assert_true(plan->updates > 200);
    assert_true(plan->solves < 50);
}

/* What somebody said about a match by what they wish or offer. */
static void consent(struct id person, bool is_given, enum person_consent_purpose purpose)
{
    if (is_given)
        turn_hear("person.consent_given", person,
                  &(struct person_consent_given){.purpose = purpose, .words = "2026-11"});
    else
        turn_hear("person.consent_withdrawn", person,
                  &(struct person_consent_withdrawn){.purpose = purpose});
}

static struct id asking_for_studies(int n)
{
    static const struct mentor_describe offers = {
        .has_offers = true,
        .offers = {1, {MATCH_WISH_STUDIES}},
        .has_availability = true,
        .availability = {1, {TIME_OF_WEEK_SUN_EVENING}},
    };
    static const struct mentee_wish wishes = {
        .has_wishes = true,
        .wishes = {1, {MATCH_WISH_STUDIES}},
        .has_availability = true,
        .availability = {1, {TIME_OF_WEEK_SUN_EVENING}},
    };

    assert_null(
        turn_say(&mentor_aggregate, MENTOR_DESCRIBE, coordinator, mentor(n, 1, "so"), &offers));
    assert_null(turn_say(&mentee_aggregate, MENTEE_WISH, coordinator, referral(n), &wishes));
    return turn_id("person", n);
}

/* As it is shown. */
static struct mentorship shown_to(struct id referral)
{
    struct mentorship row = suggestion_of(referral);
    struct error err;

    turn_begin();
    assert_true(mentorship_aggregate.complete(turn.txn, &row, turn.now, &err));
    turn_end();
    return row;
}

static bool goes_by(const struct mentorship *row, enum pair_factor factor)
{
    for (uint32_t i = 0; i < row->explanation.count; i++)
        if (row->explanation.at[i].factor == factor) return row->explanation.at[i].points > 0;
    return false;
}

static bool goes_by_wishes(const struct mentorship *row)
{
    const bool is_by_wish = goes_by(row, PAIR_FACTOR_WISH);
    int64_t total = 0;

    for (uint32_t i = 0; i < row->explanation.count; i++)
        total += row->explanation.at[i].points;
    assert_int_equal(row->total, total);
    assert_true(goes_by(row, PAIR_FACTOR_LANGUAGE));
    assert_int_equal(goes_by(row, PAIR_FACTOR_AVAILABILITY), is_by_wish);
    return is_by_wish;
}

static void what_somebody_wishes_counts_while_both_consent(void **unused)
{
    static const struct {
        bool participant, mentor;
        enum person_consent_purpose purpose;
        bool counts;
    } rows[] = {
        {false, false, PERSON_CONSENT_PURPOSE_WISHES, false},
        {true, false, PERSON_CONSENT_PURPOSE_WISHES, false},
        {false, true, PERSON_CONSENT_PURPOSE_WISHES, false},
        {true, true, PERSON_CONSENT_PURPOSE_GOALS, false},
        {true, true, PERSON_CONSENT_PURPOSE_WISHES, true},
    };
    struct mentorship row;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct id bo = asking_for_studies(1);

        if (rows[i].participant) consent(bo, true, rows[i].purpose);
        if (rows[i].mentor) consent(turn_id("mentor", 1), true, rows[i].purpose);
        assert_int_equal(settle(), 1);
        row = suggestion_of(turn_id("referral", 1));
        assert_int_equal(goes_by_wishes(&row), rows[i].counts);
        close_turn(unused);
        open_turn(unused);
    }
}

/* Also of what was found before. */
static void what_is_consented_to_no_more_is_not_told(void **unused)
{
    const struct id bo = asking_for_studies(1), of = turn_id("referral", 1);
    struct mentorship row;

    (void)unused;
    consent(bo, true, PERSON_CONSENT_PURPOSE_WISHES);
    consent(turn_id("mentor", 1), true, PERSON_CONSENT_PURPOSE_WISHES);
    assert_int_equal(settle(), 1);
    consent(bo, false, PERSON_CONSENT_PURPOSE_GOALS);
    row = shown_to(of);
    assert_true(goes_by_wishes(&row));
    consent(bo, false, PERSON_CONSENT_PURPOSE_WISHES);
    row = shown_to(of);
    assert_false(goes_by_wishes(&row));
    consent(bo, true, PERSON_CONSENT_PURPOSE_WISHES);
    consent(turn_id("mentor", 1), false, PERSON_CONSENT_PURPOSE_WISHES);
    row = shown_to(of);
    assert_false(goes_by_wishes(&row));
}

static void whether_they_consent_stands_on_the_record(void **unused)
{
    const struct id bo = asking_for_studies(1), of = turn_id("referral", 1);
    struct mentee row = mentee(of);
    struct error err;

    (void)unused;
    for (int is = 0; is < 2; is++) {
        if (is) consent(bo, true, PERSON_CONSENT_PURPOSE_WISHES);
        turn_begin();
        assert_true(mentee_aggregate.complete(turn.txn, &row, turn.now, &err));
        turn_end();
        assert_int_equal(row.has_wishes_consented && row.wishes_consented, is);
    }
    assert_int_equal(mentee(of).version, row.version); /* which is another's event */
}

static unsigned permitted_of(struct id who, size_t *count)
{
    struct permissions all;
    struct error err;
    unsigned traits = 0;

    turn_begin();
    assert_true(strikes_permitted(turn.txn, who, &all, &err));
    turn_end();
    for (size_t i = 0; i < all.count; i++)
        traits |= all.at[i].traits;
    *count = all.count;
    return traits;
}

/* Who takes part again after all that was kept of them was thinned says it anew; and what is hidden then is hidden. */
static void what_is_said_after_a_thinning_stays_until_it_may_be_struck(void **unused)
{
    const struct id bo = asking_for_studies(1);
    const struct person_hidden hidden = {.protection = PROTECTION_MARKED};
    struct permissions all;
    struct error err;
    size_t count;

    (void)unused;
    turn_hear("person.thinned", turn_id("person", 1),
              &(struct person_thinned){.has_referral = true, .referral = bo, .at = turn.now});
    assert_int_equal(permitted_of(bo, &count),
                     TRAIT_LANGUAGE | TRAIT_OCCUPATION | TRAIT_WISH | TRAIT_ABSENCE);
    turn_begin();
    assert_true(strikes_permitted(turn.txn, bo, &all, &err));
    turn_end();
    assert_false(all.at[0].is_final);
    turn_hear("person.hidden", turn_id("person", 1),
              &(struct person_hidden){
                  .protection = hidden.protection, .has_referral = true, .referral = bo});
    assert_true((permitted_of(bo, &count) & TRAIT_PLACE) != 0);
}

/* One permission does not take the place of another that is for something else. */
static void what_may_be_struck_of_somebody_adds_up(void **unused)
{
    const struct id bo = asking_for_studies(1);
    const struct person_protection_changed raised = {.protection = PROTECTION_MARKED};
    const struct person_hidden hidden = {.protection = PROTECTION_MARKED};
    const unsigned wish = traits_of(&mentee_wished_descriptor);
    unsigned traits;
    size_t count;

    (void)unused;
    consent(bo, false, PERSON_CONSENT_PURPOSE_GOALS);
    assert_int_equal(permitted_of(bo, &count), 0);
    consent(bo, false, PERSON_CONSENT_PURPOSE_WISHES);
    assert_int_equal(permitted_of(bo, &count), wish);
    turn_hear("person.protection_changed", bo, &raised);
    traits = permitted_of(bo, &count);
    assert_int_equal(count, 2);
    assert_int_equal(traits & wish, wish);
    assert_int_not_equal(traits & ~wish, 0);
    turn_hear("person.hidden", bo, &hidden); /* that goes further than both */
    assert_int_equal(permitted_of(bo, &count) & traits, traits);
    assert_int_equal(count, 1);
    consent(bo, false, PERSON_CONSENT_PURPOSE_WISHES); /* what was said since is struck too */
    assert_int_equal(permitted_of(bo, &count) & traits, traits);
    assert_int_equal(count, 2);
    turn_hear("person.erased", bo, NULL);
    turn_hear("person.protection_changed", bo, &raised);
    permitted_of(bo, &count);
    assert_int_equal(count, 1);
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

/* It was accepted for a placement alone: of that nobody here had heard. */
static void who_wants_a_mentor_besides_is_a_mentee_from_then_on(void **unused)
{
    const struct id of = turn_id("referral", 9);
    const struct referral_accepted accepted = {.person = turn_id("person", 9),
                                               .wants = {1, {REFERRAL_WANT_PLACEMENT}}};
    struct referral_updated updated = {
        .person = turn_id("person", 9),
        .waiting_since = {77},
        .wants = {2, {REFERRAL_WANT_PLACEMENT, REFERRAL_WANT_MENTOR}}};

    (void)unused;
    turn_hear("referral.accepted", of, &accepted);
    turn_hear("referral.updated", of, &updated); /* of before, it was not said */
    assert_int_equal(mentee(of).state, MENTEE_STATE_NONE);
    updated.has_wants_anew = true;
    updated.wants_anew = (struct referral_wants){1, {REFERRAL_WANT_MENTOR}};
    turn_hear("referral.updated", of, &updated);
    assert_int_equal(mentee(of).state, MENTEE_STATE_SEARCHING);
    assert_int_equal(mentee(of).waiting_since.ms, 77);
}

#define STORY(story) cmocka_unit_test_setup_teardown(story, open_turn, close_turn)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(who_wants_a_mentor_besides_is_a_mentee_from_then_on),
        STORY(from_the_referral_to_the_last_meeting_with_a_decline_on_the_way),
        STORY(what_a_mentor_said_by_mistake_is_taken_back),
        STORY(a_meeting_that_was_not_is_struck),
        STORY(an_offer_nobody_answers_is_reminded_of_and_expires),
        STORY(fifty_offers_for_one_place),
        STORY(a_mentor_who_leaves_takes_every_open_mentorship_along),
        STORY(a_cancelled_referral_ends_what_there_is_once),
        STORY(who_is_taken_up_again_may_have_the_mentor_they_had),
        STORY(who_takes_part_again_may_be_with_whom_they_were_with),
        STORY(nobody_is_mentor_and_supervisor_of_the_same_person),
        STORY(a_club_sees_a_mentee_while_one_of_its_mentors_is_proposed_or_more),
        STORY(who_is_protected_is_proposed_by_hand_to_cleared_mentors_only),
        STORY(a_mentor_who_is_protected_is_proposed_by_hand),
        STORY(a_place_is_proposed_once_to_who_has_waited_longest),
        STORY(everybody_is_looked_at_in_time_also_behind_those_nobody_suits),
        STORY(a_person_of_two_referrals_gets_one_mentor),
        STORY(after_a_decline_others_are_moved_as_far_as_the_rules_allow),
        STORY(what_the_rules_do_not_allow_is_said_to_be_lost),
        STORY(the_place_goes_to_who_has_waited_longer_and_that_is_said),
        STORY(what_a_factor_weighs_is_the_programmes_own),
        STORY(a_suggestion_that_cannot_be_made_any_more_is_replaced),
        STORY(what_nobody_acts_upon_for_a_day_gives_way_to_a_much_better_mentor),
        STORY(what_is_hardly_better_replaces_nothing),
        STORY(what_somebody_has_acted_upon_is_replaced_by_nobody_better),
        STORY(nobody_is_moved_for_a_better_one_whose_own_has_not_stood_as_long),
        STORY(what_it_costs_another_is_no_gain),
        STORY(what_is_better_for_another_makes_nobody_much_better),
        STORY(a_suggestion_that_stands_is_told_who_else_there_is_by_now),
        STORY(who_is_better_than_the_last_beside_one_that_stands_comes_into_the_list),
        STORY(what_has_changed_meanwhile_is_left_out_and_tried_again),
        STORY(from_look_to_look_the_plan_is_as_good_as_a_new_one),
        STORY(what_somebody_wishes_counts_while_both_consent),
        STORY(what_is_consented_to_no_more_is_not_told),
        STORY(whether_they_consent_stands_on_the_record),
        STORY(what_is_said_after_a_thinning_stays_until_it_may_be_struck),
        STORY(what_may_be_struck_of_somebody_adds_up),
        STORY(an_erased_person_leaves_nothing_but_ids),
        STORY(what_is_not_known_is_not_made_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
