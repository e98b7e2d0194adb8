/* Placements through the real tables: from the posting to the outcome, fifty plans for one seat. */
#include "domain/turn.h"

#include "core/life.h"
#include "core/trait.h"
#include "day/day.h"
#include "hosting/hosting.h"
#include "mentoring/mentoring.h"
#include "party/party.h"
#include "placement/placement.h"
#include "placement_rules/placement_rules.h"
#include "posting/posting.h"
#include "supervisor/supervisor.h"
#include "trainee/trainee.h"

#define DAY_MS INT64_C(86400000)

static const struct aggregate *const aggregates[] = {
    &placement_rules_aggregate,
    &trainee_aggregate,
    &supervisor_aggregate,
    &mentoring_aggregate,
    &hosting_aggregate,
    &party_aggregate,
    &posting_aggregate,
    &placement_aggregate,
    &day_aggregate,
    NULL,
};

static struct actor coordinator, host, counsellor, supervisor;
static struct id tramway, agency, tora;

static int open_turn(void **unused)
{
    const struct programme_created created = {0};
    struct person_role_granted granted = {.part = PERSON_PART_SUPERVISOR, .has_organisation = true};

    (void)unused;
    turn_open(aggregates, "placement-lifecycle");
    turn_hear("programme.created", turn.programme, &created);
    tramway = turn_id("tramway", 1);
    agency = turn_id("agency", 1);
    tora = turn_id("tora", 1);
    coordinator = (struct actor){ROLE_CO, turn_id("co", 1), {{0}}};
    host = (struct actor){ROLE_HO, turn_id("ho", 1), tramway};
    counsellor = (struct actor){ROLE_CN, turn_id("cn", 1), agency};
    supervisor = (struct actor){ROLE_SU, tora, tramway};
    granted.organisation = tramway;
    turn_hear("person.role_granted", tora, &granted);
    turn_hear("organisation.created", tramway, &(struct organisation_created){0});
    return 0;
}

static int close_turn(void **unused)
{
    (void)unused;
    turn_close();
    return 0;
}

static struct id referral(int n)
{
    const struct id id = turn_id("referral", n);
    const struct referral_accepted accepted = {
        .person = turn_id("person", n),
        .has_organisation = true,
        .organisation = agency,
        .wants = {1, {REFERRAL_WANT_PLACEMENT}},
        .waiting_since = turn.now,
    };

    turn_hear("referral.accepted", id, &accepted);
    return id;
}

static const char *offer_seats(struct id of, int64_t seats)
{
    const int64_t today = instant_date(turn.now).day;
    const struct posting_create ask = {
        .host = of,
        .title = "Plåtarbeten",
        .site = "Alkärrshallen",
        .occupation = {OCCUPATION_SCHEME_SSYK, "7233"},
        .object = {"DL 1", POSTING_KIND_TRAM, POSTING_CONDITION_RUNNING, "Byta plåt"},
        .seats = seats,
        .from = {today},
        .until = {today + 30}};

    return turn_say(&posting_aggregate, POSTING_CREATE, (struct actor){ROLE_HO, host.id, of},
                    (struct id){{0}}, &ask);
}

static struct id published(int64_t seats)
{
    struct id id;

    assert_null(offer_seats(tramway, seats));
    id = turn.said;
    assert_null(turn_say(&posting_aggregate, POSTING_SUBMIT, host, id, NULL));
    assert_null(turn_say(&posting_aggregate, POSTING_PUBLISH, coordinator, id, NULL));
    return id;
}

static const char *plan(struct id of, struct id on)
{
    return turn_say(&placement_aggregate, PLACEMENT_PLAN, coordinator, (struct id){{0}},
                    &(struct placement_plan){.referral = of, .posting = on});
}

static const char *say(struct id id, unsigned command, struct actor actor, const void *body)
{
    return turn_say(&placement_aggregate, command, actor, id, body);
}

static const char *meet(struct id id, enum placement_requirement kind)
{
    struct placement_meet_requirement ask = {.kind = kind};

    ask.has_supervisor = kind == PLACEMENT_REQUIREMENT_SUPERVISOR;
    ask.supervisor = tora;
    ask.has_valid_until = kind == PLACEMENT_REQUIREMENT_DRAWING_ACCESS;
    ask.valid_until.day = instant_date(turn.now).day + 20;
    return say(id, PLACEMENT_MEET_REQUIREMENT, counsellor, &ask);
}

static void meet_all(struct id id)
{
    for (enum placement_requirement kind = 0; kind <= PLACEMENT_REQUIREMENT_INSURANCE; kind++)
        assert_null(meet(id, kind));
}

static struct placement placement(struct id id)
{
    struct placement row;

    turn_get(&placements, id, &row);
    return row;
}

static struct posting posting(struct id id)
{
    struct posting row;

    turn_get(&postings, id, &row);
    return row;
}

static struct day day(struct id id)
{
    struct day row;

    turn_get(&days, id, &row);
    return row;
}

/* What is counted and what the row says of itself. */
static int64_t taken_of(struct id id)
{
    struct error err;
    int64_t taken;

    turn_begin();
    assert_true(placement_count_seats(turn.txn, id, &taken, &err));
    turn_end();
    assert_int_equal(posting(id).taken, taken);
    assert_int_equal(posting(id).full, taken >= posting(id).details.seats);
    return taken;
}

static struct id line_of(struct id id)
{
    struct day like = {.programme = turn.programme, .placement = id};
    struct ids found = {0};
    struct error err;

    turn_begin();
    assert_true(
        index_find(turn.txn, &days, days.indexes[0], &like, 2, NULL, IDS_MAX, &found, &err));
    turn_end();
    assert_true(found.count > 0);
    return found.at[found.count - 1];
}

static void from_the_posting_to_a_job_at_the_host(void **unused)
{
    const struct id on = published(2), of = referral(1);
    const struct actor bo = {ROLE_PT, turn_id("person", 1), {{0}}};
    struct placement_log_day ask = {.on = instant_date(turn.now), .minutes = 300};
    struct id id, first, second;

    (void)unused;
    assert_null(plan(of, on));
    id = turn.said;
    assert_int_equal(taken_of(on), 1);
    assert_string_equal(plan(of, on), placement_has_placement.code);
    assert_null(meet(id, PLACEMENT_REQUIREMENT_AGREEMENT));
    assert_null(meet(id, PLACEMENT_REQUIREMENT_SUPERVISOR));
    assert_null(meet(id, PLACEMENT_REQUIREMENT_DRAWING_ACCESS));
    assert_null(meet(id, PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION));
    assert_int_equal(placement(id).state, PLACEMENT_STATE_PLANNED);
    assert_null(meet(id, PLACEMENT_REQUIREMENT_INSURANCE));
    assert_int_equal(placement(id).state, PLACEMENT_STATE_READY);
    assert_null(say(id, PLACEMENT_START, supervisor, NULL));

    assert_null(say(id, PLACEMENT_LOG_DAY, supervisor, &ask));
    first = line_of(id);
    assert_string_equal(say(id, PLACEMENT_LOG_DAY, supervisor, &ask), placement_day_twice.code);
    assert_null(say(id, PLACEMENT_DISPUTE_DAY, bo, &(struct placement_dispute_day){.day = first}));
    ask.minutes = 240;
    ask.has_corrects = true;
    ask.corrects = first;
    assert_null(say(id, PLACEMENT_LOG_DAY, supervisor, &ask));
    second = line_of(id);
    assert_int_equal(day(first).state, DAY_STATE_CORRECTED);
    assert_int_equal(day(first).minutes, 300);
    assert_null(say(id, PLACEMENT_AGREE_DAY, bo, &(struct placement_agree_day){.day = second}));
    assert_int_equal(day(second).state, DAY_STATE_AGREED);
    assert_true(id_equal(day(second).programme, turn.programme));
    ask.activity = PLACEMENT_ACTIVITY_TRAINING;
    ask.has_corrects = false;
    assert_null(say(id, PLACEMENT_LOG_DAY, supervisor, &ask));
    assert_null(say(id, PLACEMENT_STRIKE_DAY, supervisor,
                    &(struct placement_strike_day){.day = line_of(id)}));
    assert_null(say(id, PLACEMENT_LOG_DAY, supervisor, &ask)); /* it is no longer there */
    assert_null(say(id, PLACEMENT_STRIKE_DAY, supervisor,
                    &(struct placement_strike_day){.day = line_of(id)}));
    assert_int_equal(placement(id).minutes, 240);

    turn_until(instant_add_days(turn.now, 31));
    assert_int_equal(placement(id).state, PLACEMENT_STATE_COMPLETED);
    assert_int_equal(taken_of(on), 0);
    assert_int_equal(posting(on).state, POSTING_STATE_CLOSED);
    assert_null(say(id, PLACEMENT_ASSESS, supervisor, &(struct placement_assess){0}));
    assert_null(say(id, PLACEMENT_AGREE, bo, NULL));
    assert_null(say(id, PLACEMENT_RECORD_OUTCOME, counsellor,
                    &(struct placement_record_outcome){.outcome = PLACEMENT_OUTCOME_JOB_AT_HOST,
                                                       .has_contract = true}));
    assert_int_equal(turn_until(instant_add_days(turn.now, 400)),
                     4); /* of the day book, and asked twice more */
    assert_int_equal(placement(id).reminded_days, 180);
}

static void fifty_plans_for_one_seat(void **unused)
{
    const struct id on = published(1);
    int planned = 0;

    (void)unused;
    for (int n = 0; n < 50; n++) {
        const char *code = plan(referral(n), on);

        if (code != NULL) assert_string_equal(code, placement_no_seat.code);
        planned += code == NULL;
    }
    assert_int_equal(planned, 1);
    assert_int_equal(taken_of(on), 1);
}

static void a_seat_is_free_again_however_it_is_left(void **unused)
{
    const struct id on = published(1);
    const struct referral_cancelled cancelled = {.person = turn_id("person", 4)};

    (void)unused;
    assert_null(plan(referral(1), on));
    assert_null(say(turn.said, PLACEMENT_CANCEL, host, &(struct placement_cancel){0}));
    assert_int_equal(taken_of(on), 0);

    assert_null(plan(referral(2), on));
    meet_all(turn.said);
    assert_null(say(turn.said, PLACEMENT_REPORT_NO_SHOW, supervisor, NULL));
    assert_int_equal(taken_of(on), 0);

    assert_null(plan(referral(3), on));
    meet_all(turn.said);
    assert_null(say(turn.said, PLACEMENT_START, host, NULL));
    assert_int_equal(taken_of(on), 1);
    assert_null(say(turn.said, PLACEMENT_END, counsellor, &(struct placement_end){0}));
    assert_int_equal(taken_of(on), 0);

    assert_null(plan(referral(4), on));
    turn_hear("referral.cancelled", turn_id("referral", 4), &cancelled);
    assert_int_equal(placement(turn.said).state, PLACEMENT_STATE_CANCELLED);
    assert_int_equal(taken_of(on), 0);
    assert_string_equal(plan(turn_id("referral", 4), on), placement_not_open.code);
}

static bool is_known(struct id id, struct id person)
{
    const struct posting row = posting(id);
    const struct knowing who = {.person = person, .at = turn.now};
    bool is_known;

    turn_begin();
    is_known = turn_knows(&posting_aggregate, &row, &who);
    turn_end();
    return is_known;
}

static void a_participant_sees_where_they_will_be_from_the_agreement_on(void **unused)
{
    const struct id on = published(2), other = published(1), person = turn_id("person", 1);

    (void)unused;
    assert_null(plan(referral(1), on));
    assert_null(meet(turn.said, PLACEMENT_REQUIREMENT_INSURANCE));
    assert_false(is_known(on, person));
    assert_null(meet(turn.said, PLACEMENT_REQUIREMENT_AGREEMENT));
    assert_true(is_known(on, person));
    assert_false(is_known(other, person));
    assert_false(is_known(on, turn_id("person", 2)));
    assert_null(say(turn.said, PLACEMENT_CANCEL, host, &(struct placement_cancel){0}));
    assert_false(is_known(on, person));
}

/* Who is not cleared may have kept the token of somebody who is protected. */
static void what_somebody_else_may_have_kept_does_not_tell_where_they_are(void **unused)
{
    const struct id on = published(1), person = turn_id("person", 1), of = referral(1);
    const struct referral_protection_changed hiding = {.person = person,
                                                       .protection = PROTECTION_MARKED};
    struct knowing own = {.person = person,
                          .at = turn.now,
                          .near = {.role = ROLE_PT, .person = person}},
                   shared = own;
    struct posting row;

    (void)unused;
    shared.near.is_shared = true;
    assert_null(plan(of, on));
    assert_null(meet(turn.said, PLACEMENT_REQUIREMENT_AGREEMENT));
    row = posting(on);
    turn_begin();
    assert_true(turn_knows(&posting_aggregate, &row, &own));
    assert_true(turn_knows(&posting_aggregate, &row, &shared)); /* nobody looks for them */
    turn_end();
    turn_hear("referral.protection_changed", of, &hiding);
    turn_begin();
    assert_true(turn_knows(&posting_aggregate, &row, &own));
    assert_false(turn_knows(&posting_aggregate, &row, &shared));
    turn_end();
}

static const struct nearness of_the_club = {.role = ROLE_CO},
                             who_is_cleared = {.role = ROLE_CO, .is_cleared = true};

static bool sees_posting(struct id id, struct id club, struct nearness near)
{
    const struct posting row = posting(id);
    const struct knowing who = {
        .organisation = club, .programme = turn.programme, .at = turn.now, .near = near};
    bool sees;

    turn_begin();
    sees = turn_knows(&posting_aggregate, &row, &who);
    turn_end();
    return sees;
}

static bool sees_supervisor(struct id id, struct id club, struct nearness near)
{
    const struct knowing who = {
        .organisation = club, .programme = turn.programme, .at = turn.now, .near = near};
    struct supervisor row;
    bool sees;

    turn_get(&supervisors, id, &row);
    turn_begin();
    sees = turn_knows(&supervisor_aggregate, &row, &who);
    turn_end();
    return sees;
}

/* For whom a club is responsible. */
static struct id ward(int n, struct id club)
{
    const struct id id = referral(n);

    turn_hear("referral.handed_over", id,
              &(struct referral_handed_over){.person = turn_id("person", n), .responsible = club});
    return id;
}

static void a_club_sees_its_own_postings_and_supervisors(void **unused)
{
    const struct id on = published(1), club = turn_id("club", 1);
    const struct person_protection_changed hiding = {.protection = PROTECTION_MARKED};

    (void)unused;
    assert_true(sees_posting(on, tramway, of_the_club));
    assert_false(sees_posting(on, club, of_the_club));
    assert_true(sees_supervisor(tora, tramway, of_the_club));
    assert_false(sees_supervisor(tora, club, of_the_club));
    turn_hear("person.protection_changed", tora, &hiding);
    assert_false(sees_supervisor(tora, tramway, of_the_club)); /* it would tell where they are */
    assert_true(sees_supervisor(tora, tramway, who_is_cleared));
}

static void and_those_that_somebody_has_for_whom_it_is_responsible(void **unused)
{
    const struct id on = published(2), other = published(1), club = turn_id("club", 1);
    struct id id;

    (void)unused;
    assert_null(plan(ward(1, club), on));
    id = turn.said;
    assert_true(sees_posting(on, club, of_the_club));
    assert_false(sees_posting(other, club, of_the_club));
    assert_false(sees_posting(on, turn_id("club", 2), of_the_club));
    assert_false(sees_supervisor(tora, club, of_the_club));
    assert_null(meet(id, PLACEMENT_REQUIREMENT_SUPERVISOR));
    assert_true(sees_supervisor(tora, club, of_the_club));
    assert_null(say(id, PLACEMENT_CANCEL, host, &(struct placement_cancel){0}));
    assert_false(sees_posting(on, club, of_the_club));
    assert_false(sees_supervisor(tora, club, of_the_club));
}

static bool sees_placement(struct id id, struct id club)
{
    const struct placement row = placement(id);
    const struct knowing who = {
        .organisation = club, .programme = turn.programme, .at = turn.now, .near = of_the_club};
    bool sees;

    turn_begin();
    sees = turn_knows(&placement_aggregate, &row, &who);
    turn_end();
    return sees;
}

static void a_club_sees_and_acts_on_the_placement_of_whom_it_is_responsible_for(void **unused)
{
    const struct id on = published(2), club = turn_id("club", 1), of = ward(1, club);
    const struct actor clubs = {ROLE_CO, coordinator.id, club},
                       another = {ROLE_CO, coordinator.id, turn_id("club", 2)};
    const struct placement_cancel cancel = {0};
    struct id id;

    (void)unused;
    assert_null(plan(of, on));
    id = turn.said;
    assert_true(sees_placement(id, club));
    assert_false(sees_placement(id, another.organisation));
    assert_string_equal(say(id, PLACEMENT_CANCEL, another, &cancel), life_unknown.code);
    assert_null(say(id, PLACEMENT_CANCEL, clubs, &cancel));
    assert_true(sees_placement(id, club)); /* and what became of it */
    turn_hear("referral.handed_over", of,
              &(struct referral_handed_over){.person = turn_id("person", 1),
                                             .responsible = another.organisation});
    assert_false(sees_placement(id, club));
    assert_true(sees_placement(id, another.organisation));
}

static void where_somebody_protected_is_shows_in_no_posting(void **unused)
{
    const struct id on = published(2), club = turn_id("club", 1), of = ward(1, club);
    const struct referral_protection_changed hiding = {.person = turn_id("person", 1),
                                                       .protection = PROTECTION_MARKED};

    (void)unused;
    assert_null(plan(of, on));
    assert_null(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR));
    turn_hear("referral.protection_changed", of, &hiding);
    assert_false(sees_posting(on, club, of_the_club));
    assert_false(sees_supervisor(tora, club, of_the_club));
    assert_true(sees_posting(on, club, who_is_cleared));
    assert_true(sees_supervisor(tora, club, who_is_cleared));
}

/* A row is another version when it was said of it. */
static int64_t said_of(struct id id, int64_t version)
{
    return placement(id).version - version;
}

static void who_has_to_do_with_two_placements_hears_once_that_somebody_is_hidden(void **unused)
{
    const struct id on = published(2), whose = turn_id("person", 1), of = referral(1);
    const struct person_hidden hidden = {.protection = PROTECTION_MARKED};
    int64_t before, now;
    struct id over, next;

    (void)unused;
    assert_null(plan(of, on));
    over = turn.said;
    meet_all(over);
    assert_null(say(over, PLACEMENT_START, host, NULL));
    assert_null(say(over, PLACEMENT_END, counsellor, &(struct placement_end){0}));
    assert_null(plan(of, on));
    next = turn.said;
    before = placement(over).version;
    now = placement(next).version;
    turn_hear("person.hidden", turn_id("person", 2), &hidden);
    turn_hear("person.hidden", tora, &hidden);
    assert_int_equal(said_of(over, before) + said_of(next, now), 0);
    turn_hear("person.hidden", whose, &hidden);
    assert_int_equal(said_of(over, before), 1); /* she has still to assess */
    assert_int_equal(said_of(next, now), 1);    /* and the host hears of that one */

    assert_null(meet(next, PLACEMENT_REQUIREMENT_SUPERVISOR));
    now = placement(next).version;
    turn_hear("person.hidden", whose, &hidden);
    assert_int_equal(said_of(over, before), 1);
    assert_int_equal(said_of(next, now), 1);
}

static void and_a_supervisor_who_is_cleared_goes_on(void **unused)
{
    const struct id on = published(1), of = referral(1);
    const struct person_hidden hidden = {.protection = PROTECTION_MARKED};
    struct placement_case c = {0};
    struct placement_events *said = calloc(1, sizeof *said);
    struct placement_input in = {.type = PLACEMENT_ON_PERSON_HIDDEN, .person_hidden = hidden};
    struct error err;

    (void)unused;
    assert_non_null(said);
    assert_null(plan(of, on));
    assert_null(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR));
    c.row = placement(turn.said);
    assert_true(placement_decide(&c, &in, said, &err));
    assert_int_equal(said->count, 1);
    assert_true(said->at[0].placement_relieved.has_supervisor);
    assert_false(said->at[0].placement_relieved.said);
    c.of_now.cleared = true;
    assert_true(placement_decide(&c, &in, said, &err));
    assert_int_equal(said->count, 2);
    assert_false(said->at[1].placement_relieved.has_supervisor); /* the host's alone */
    c.is_host_told = true;
    assert_true(placement_decide(&c, &in, said, &err));
    assert_int_equal(said->count, 2);
    free(said);
}

static void what_was_taken_back_within_the_hour_still_can_be(void **unused)
{
    const struct id on = published(1), of = referral(1);
    const struct person_hidden hidden = {.protection = PROTECTION_MARKED};
    struct id id;

    (void)unused;
    assert_null(plan(of, on));
    id = turn.said;
    assert_null(say(id, PLACEMENT_CANCEL, coordinator, &(struct placement_cancel){0}));
    turn_hear("person.hidden", turn_id("person", 1), &hidden);
    assert_null(say(id, PLACEMENT_UNDO, coordinator, NULL));
}

/* The coordinator is the programme's; that she signs for the host besides, or supervises there, is known from the registry. */
static void who_has_a_part_at_the_host_approves_nothing_of_it(void **unused)
{
    static const enum person_part parts[] = {PERSON_PART_SIGNATORY, PERSON_PART_SUPERVISOR,
                                             PERSON_PART_COORDINATOR};
    const struct placement_meet_requirement ask = {.kind = PLACEMENT_REQUIREMENT_AGREEMENT};
    const struct id on = published(4);

    (void)unused;
    for (int i = 0; i < 3; i++) {
        const struct person_role_granted granted = {
            .part = parts[i], .has_organisation = true, .organisation = tramway};
        const struct person_role_ended ended = {.part = parts[i]};
        struct id id;

        assert_null(plan(referral(i + 1), on));
        id = turn.said;
        turn_hear("person.role_granted", coordinator.id, &granted);
        assert_string_equal(say(id, PLACEMENT_MEET_REQUIREMENT, coordinator, &ask),
                            placement_hosts_own.code);
        turn_hear("person.role_ended", coordinator.id, &ended);
        assert_null(say(id, PLACEMENT_MEET_REQUIREMENT, coordinator, &ask));
    }
}

static void and_who_is_erased_has_none(void **unused)
{
    const struct person_role_granted granted = {
        .part = PERSON_PART_SIGNATORY, .has_organisation = true, .organisation = tramway};
    struct party row;

    (void)unused;
    turn_hear("person.erased", host.id, &(struct person_erased){0});
    turn_get(&parties, host.id, &row);
    assert_true(id_equal(row.id, (struct id){{0}}));
    turn_hear("person.role_granted", host.id, &granted);
    turn_hear("person.erased", host.id, &(struct person_erased){0});
    turn_get(&parties, host.id, &row);
    assert_false(party_is_of(&row, tramway));
}

static const char *plan_as(struct actor who, struct id of, struct id on)
{
    return turn_say(&placement_aggregate, PLACEMENT_PLAN, who, (struct id){{0}},
                    &(struct placement_plan){.referral = of, .posting = on});
}

/* An id that somebody came by is not enough. */
static void a_host_plans_for_whom_it_looks_after_or_had_before(void **unused)
{
    const struct actor theirs = {ROLE_CO, coordinator.id, tramway};
    const struct id on = published(3), stranger = referral(1), own = ward(2, tramway);

    (void)unused;
    assert_string_equal(plan_as(host, stranger, on), placement_no_such_trainee.code);
    assert_string_equal(plan_as(theirs, stranger, on), placement_no_such_trainee.code);
    assert_string_equal(plan_as(host, turn_id("nobody", 1), on), placement_no_such_trainee.code);
    assert_null(plan_as(host, own, on));
    assert_null(say(turn.said, PLACEMENT_CANCEL, host, &(struct placement_cancel){0}));
    assert_null(plan_as(theirs, own, on));

    assert_null(plan(stranger, on));
    assert_null(say(turn.said, PLACEMENT_CANCEL, host, &(struct placement_cancel){0}));
    assert_null(plan_as(host, stranger, on));
}

static void seats_in_use_bind_the_posting(void **unused)
{
    const struct id on = published(2);
    struct posting_change ask = {.has_seats = true, .seats = 1};

    (void)unused;
    for (int n = 0; n < 2; n++)
        assert_null(plan(referral(n), on));
    assert_string_equal(turn_say(&posting_aggregate, POSTING_CHANGE, host, on, &ask),
                        posting_seats_taken.code);
    assert_string_equal(
        turn_say(&posting_aggregate, POSTING_WITHDRAW, host, on, &(struct posting_withdraw){0}),
        posting_seats_in_use.code);
    ask.seats = 3;
    assert_null(turn_say(&posting_aggregate, POSTING_CHANGE, host, on, &ask));
    assert_null(plan(referral(2), on));
    assert_int_equal(taken_of(on), 3);
}

static void an_access_that_expires_and_a_supervisor_who_leaves_undo_readiness(void **unused)
{
    const struct id on = published(40);
    const struct person_role_ended ended = {.part = PERSON_PART_SUPERVISOR};
    struct id ids[40];

    (void)unused;
    for (int n = 0; n < 40; n++) {
        assert_null(plan(referral(n), on));
        ids[n] = turn.said;
        meet_all(ids[n]);
    }
    turn_hear("person.role_ended", tora, &ended);
    assert_int_equal(turn_until(turn.now), 2); /* sixteen at a time, the first at once */
    for (int n = 0; n < 40; n++) {
        assert_int_equal(placement(ids[n]).state, PLACEMENT_STATE_PLANNED);
        assert_false(placement(ids[n]).has_supervisor);
    }
    assert_string_equal(meet(ids[0], PLACEMENT_REQUIREMENT_SUPERVISOR),
                        placement_no_such_supervisor.code);
}

static void a_supervisor_is_cleared_when_another_has_confirmed_it(void **unused)
{
    const struct id on = published(1), of = referral(1);
    const struct referral_protection_changed hidden = {.protection = PROTECTION_MARKED};
    struct person_clearance_confirmed confirmed = {.part = PERSON_PART_MENTOR};

    (void)unused;
    assert_null(plan(of, on));
    turn_hear("referral.protection_changed", of, &hidden);
    turn_hear("person.clearance_confirmed", tora, &confirmed); /* as something else */
    assert_string_equal(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR),
                        placement_not_cleared.code);
    confirmed.part = PERSON_PART_SUPERVISOR;
    turn_hear("person.clearance_confirmed", tora, &confirmed);
    assert_null(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR));
}

static void nobody_is_mentor_and_supervisor_of_the_same_person(void **unused)
{
    const struct id on = published(1), mentorship = turn_id("mentorship", 1);
    const struct mentorship_accepted accepted = {.participant = turn_id("person", 1),
                                                 .mentor = tora};
    const struct mentorship_undone held = {.step = MENTORSHIP_SAID_HOLD,
                                           .state = MENTORSHIP_RESTORED_ACTIVE},
                                   mistaken = {.step = MENTORSHIP_SAID_ACCEPT,
                                               .state = MENTORSHIP_RESTORED_OFFERED},
                                   ended = {.step = MENTORSHIP_SAID_END,
                                            .state = MENTORSHIP_RESTORED_ON_HOLD};

    (void)unused;
    assert_null(plan(referral(1), on));
    turn_hear("mentorship.accepted", mentorship, &accepted);
    assert_string_equal(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR),
                        placement_supervisor_is_mentor.code);
    turn_hear("mentorship.undone", mentorship, &held); /* a pause: they are still the mentor */
    assert_string_equal(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR),
                        placement_supervisor_is_mentor.code);
    turn_hear("mentorship.ended", mentorship, &(struct mentorship_ended){0});
    turn_hear("mentorship.undone", mentorship, &ended); /* and are it again */
    assert_string_equal(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR),
                        placement_supervisor_is_mentor.code);
    turn_hear("mentorship.undone", mentorship, &mistaken);
    assert_null(meet(turn.said, PLACEMENT_REQUIREMENT_SUPERVISOR));
}

/* However it was given back, by whom it was: as long as it is free, and so is everybody. */
static void a_seat_that_was_given_back_by_mistake_is_taken_again(void **unused)
{
    const struct placement_cancel called_off = {.reason = PLACEMENT_REASON_WISH};
    const struct placement_end ended = {.reason = PLACEMENT_REASON_ILL};
    const struct id on = published(1), first = referral(1), second = referral(2);
    int64_t version;
    struct id id;

    (void)unused;
    assert_null(plan(first, on));
    id = turn.said;
    meet_all(id);
    assert_null(say(id, PLACEMENT_CANCEL, coordinator, &called_off));
    assert_null(say(id, PLACEMENT_UNDO, coordinator, NULL));
    assert_int_equal(placement(id).state, PLACEMENT_STATE_READY);
    assert_int_equal(taken_of(on), 1);
    assert_null(say(id, PLACEMENT_REPORT_NO_SHOW, supervisor, NULL));
    assert_null(say(id, PLACEMENT_UNDO, supervisor, NULL));
    version = posting(on).version;
    assert_null(say(id, PLACEMENT_START, supervisor, NULL));
    assert_null(say(id, PLACEMENT_UNDO, supervisor, NULL));
    assert_int_equal(placement(id).state, PLACEMENT_STATE_READY);
    assert_int_equal(taken_of(on), 1);
    assert_int_equal(posting(on).version, version); /* which is about seats only */
    assert_null(say(id, PLACEMENT_START, supervisor, NULL));
    assert_null(say(id, PLACEMENT_END, counsellor, &ended));
    assert_int_equal(taken_of(on), 0);
    assert_null(say(id, PLACEMENT_UNDO, counsellor, NULL));
    assert_int_equal(placement(id).state, PLACEMENT_STATE_STARTED);
    assert_int_equal(taken_of(on), 1);

    assert_null(say(id, PLACEMENT_END, counsellor, &ended));
    assert_null(plan(second, on)); /* somebody else has it now */
    assert_string_equal(say(id, PLACEMENT_UNDO, counsellor, NULL), placement_undo_followed.code);
    assert_null(say(turn.said, PLACEMENT_CANCEL, coordinator, &called_off));
    turn_hear("referral.cancelled", first, &(struct referral_cancelled){0});
    assert_string_equal(say(id, PLACEMENT_UNDO, counsellor, NULL), placement_undo_followed.code);
}

static void a_line_of_another_placement_is_none(void **unused)
{
    const struct id on = published(2);
    const struct actor bo = {ROLE_PT, turn_id("person", 2), {{0}}};
    const struct placement_log_day ask = {.on = instant_date(turn.now), .minutes = 300};
    struct id first, second;

    (void)unused;
    assert_null(plan(referral(1), on));
    first = turn.said;
    assert_null(plan(referral(2), on));
    second = turn.said;
    meet_all(first);
    meet_all(second);
    assert_null(say(first, PLACEMENT_START, host, NULL));
    assert_null(say(second, PLACEMENT_START, host, NULL));
    assert_null(say(first, PLACEMENT_LOG_DAY, supervisor, &ask));
    assert_string_equal(
        say(second, PLACEMENT_AGREE_DAY, bo, &(struct placement_agree_day){.day = line_of(first)}),
        placement_no_such_day.code);
}

static void what_should_have_begun_and_ended_is_completed_at_once(void **unused)
{
    const struct id on = published(1);
    const int64_t today = instant_date(turn.now).day;
    struct placement_plan ask = {.referral = referral(1),
                                 .posting = on,
                                 .has_from = true,
                                 .from = {today},
                                 .has_until = true,
                                 .until = {today}};
    struct id id;

    (void)unused;
    assert_null(turn_say(&placement_aggregate, PLACEMENT_PLAN, counsellor, (struct id){{0}}, &ask));
    id = turn.said;
    meet_all(id);
    turn.now = instant_add_days(turn.now, 2);
    assert_string_equal(say(id, PLACEMENT_START, host, NULL), placement_start_outside.code);
    assert_null(
        say(id, PLACEMENT_START, host, &(struct placement_start){.has_on = true, .on = {today}}));
    assert_int_equal(turn_until(turn.now), 1);
    assert_int_equal(placement(id).state, PLACEMENT_STATE_COMPLETED);
}

static void it_neither_ends_nor_pauses_before_a_day_that_has_a_line(void **unused)
{
    const struct id on = published(1);
    const int64_t today = instant_date(turn.now).day;
    struct placement_log_day ask = {.on = {today + 3}, .minutes = 300};
    const struct placement_end end = {.has_on = true, .on = {today + 2}};
    const struct placement_interrupt pause = {
        .has_on = true, .on = {today + 2}, .until = {today + 8}};
    struct id id;

    (void)unused;
    assert_null(plan(referral(1), on));
    id = turn.said;
    meet_all(id);
    assert_null(say(id, PLACEMENT_START, host, NULL));
    turn.now = instant_add_days(turn.now, 5);
    assert_null(say(id, PLACEMENT_LOG_DAY, supervisor, &ask));
    assert_string_equal(say(id, PLACEMENT_INTERRUPT, host, &pause), placement_lines_behind.code);
    assert_string_equal(say(id, PLACEMENT_END, host, &end), placement_lines_behind.code);
    assert_null(say(id, PLACEMENT_STRIKE_DAY, supervisor,
                    &(struct placement_strike_day){.day = line_of(id)}));
    assert_null(say(id, PLACEMENT_INTERRUPT, host, &pause));
    assert_null(say(id, PLACEMENT_RESUME, host, NULL));
    assert_null(say(id, PLACEMENT_END, host, &end));
    assert_int_equal(placement(id).ended_on.day, today + 2);
}

static void who_is_taken_up_again_may_be_planned_again(void **unused)
{
    const struct id on = published(1), of = referral(1);
    struct trainee row;

    (void)unused;
    turn_hear("referral.cancelled", of, NULL);
    assert_non_null(plan(of, on));
    referral(1); /* is accepted again */
    turn_get(&trainees, of, &row);
    assert_int_equal(row.state, TRAINEE_STATE_OPEN);
    assert_null(plan(of, on));
}

static void who_was_asked_about_by_mistake_may_be_planned_again(void **unused)
{
    const struct referral_undone undone = {.step = REFERRAL_DECIDED_ASK_INFO};
    const struct id on = published(1), of = referral(1);
    struct id planned;

    (void)unused;
    turn_hear("referral.info_asked", of, NULL);
    assert_non_null(plan(of, on));
    turn_hear("referral.undone", of, &undone);
    assert_null(plan(of, on));
    planned = turn.said;
    turn_hear("referral.undone", of, &undone);
    assert_int_equal(placement(planned).state, PLACEMENT_STATE_PLANNED);
}

/* It was accepted for a mentor alone: of that nobody here had heard. */
static void who_wants_a_placement_besides_may_be_planned_from_then_on(void **unused)
{
    const struct id on = published(1), of = turn_id("referral", 9), club = turn_id("club", 1);
    const struct referral_accepted accepted = {.person = turn_id("person", 9),
                                               .wants = {1, {REFERRAL_WANT_MENTOR}}};
    struct referral_updated updated = {
        .person = turn_id("person", 9),
        .waiting_since = {77},
        .wants = {2, {REFERRAL_WANT_PLACEMENT, REFERRAL_WANT_MENTOR}},
        .has_wants_anew = true,
        .wants_anew = {1, {REFERRAL_WANT_PLACEMENT}},
        .has_responsible = true,
        .responsible = club,
        .has_held = true,
        .held = true,
    };
    struct trainee row;

    (void)unused;
    turn_hear("referral.accepted", of, &accepted);
    turn_hear("referral.updated", of, &updated);
    turn_get(&trainees, of, &row);
    assert_int_equal(row.state, TRAINEE_STATE_OPEN);
    assert_int_equal(row.waiting_since.ms, 77);
    assert_true(row.is_held && row.has_responsible && id_equal(row.responsible, club));
    turn_hear("referral.resumed", of, NULL);
    updated.has_wants_anew = false;
    updated.wants_anew.count = 0;
    updated.wants = (struct referral_wants){1, {REFERRAL_WANT_MENTOR}};
    turn_hear("referral.updated", of, &updated);
    assert_non_null(plan(of, on));
    updated.wants = (struct referral_wants){1, {REFERRAL_WANT_PLACEMENT}};
    turn_hear("referral.updated", of, &updated); /* of before, it was not said */
    assert_non_null(plan(of, on));
    updated.has_wants_anew = true;
    updated.wants_anew = (struct referral_wants){1, {REFERRAL_WANT_PLACEMENT}};
    updated.held = false;
    turn_hear("referral.updated", of, &updated);
    assert_null(plan(of, on));
}

static void an_erased_person_leaves_nothing_but_ids(void **unused)
{
    const struct id on = published(1), of = referral(1), bo = turn_id("person", 1);
    struct trainee row;

    (void)unused;
    assert_null(plan(of, on));
    turn_hear("person.erased", bo, NULL);
    turn_get(&trainees, of, &row);
    assert_int_equal(row.state, TRAINEE_STATE_CLOSED);
    assert_int_equal(placement(turn.said).state, PLACEMENT_STATE_CANCELLED);
    assert_int_equal(taken_of(on), 0);
}

static void where_somebody_is_comes_back_when_they_are_protected_no_more(void **unused)
{
    const struct id of = referral(1), bo = turn_id("person", 1);
    const struct referral_protection_changed raised = {.protection = PROTECTION_MARKED},
                                             lowered = {.protection = PROTECTION_NONE};
    const struct person_shown shown = {.has_referral = true,
                                       .referral = of,
                                       .has_municipality = true,
                                       .municipality = "2418",
                                       .has_mentor_municipality = true,
                                       .mentor_municipality = "0180"};
    struct trainee row;

    (void)unused;
    turn_hear("referral.protection_changed", of, &raised);
    turn_get(&trainees, of, &row);
    assert_false(row.has_municipality);
    turn_hear("referral.protection_changed", of, &lowered);
    turn_hear("person.shown", bo, &shown);
    turn_get(&trainees, of, &row);
    assert_true(row.has_municipality);
    assert_string_equal(row.municipality, "2418");
}

/* Where somebody found work too. */
static void what_is_another_programmes_is_named_by_nobody(void **unused)
{
    const struct id museum = turn_id("museum", 1), on = published(1);
    const struct placement_record_outcome at_museum = {
        .outcome = PLACEMENT_OUTCOME_EDUCATION, .has_organisation = true, .organisation = museum};
    struct id id;

    (void)unused;
    turn.programme = turn_id("programme", 2);
    turn_hear("organisation.created", museum, &(struct organisation_created){0});
    turn.programme = turn_id("programme", 1);
    assert_string_equal(offer_seats(museum, 1), "names_none");
    assert_string_equal(offer_seats(turn_id("nobody", 1), 1), "names_none");
    assert_null(plan(referral(1), on));
    id = turn.said;
    assert_null(say(id, PLACEMENT_CANCEL, host, &(struct placement_cancel){0}));
    assert_string_equal(say(id, PLACEMENT_RECORD_OUTCOME, coordinator, &at_museum), "names_none");
}

/* That somebody was ill is about their health. */
static void what_is_struck_of_a_day_is_why_they_were_absent(void **unused)
{
    static const struct {
        enum placement_activity was, is;
    } rows[] = {
        {PLACEMENT_ACTIVITY_WORK, PLACEMENT_ACTIVITY_WORK},
        {PLACEMENT_ACTIVITY_TRAINING, PLACEMENT_ACTIVITY_TRAINING},
        {PLACEMENT_ACTIVITY_LANGUAGE_TRAINING, PLACEMENT_ACTIVITY_LANGUAGE_TRAINING},
        {PLACEMENT_ACTIVITY_ABSENT_ILL, PLACEMENT_ACTIVITY_ABSENT},
        {PLACEMENT_ACTIVITY_ABSENT_EXCUSED, PLACEMENT_ACTIVITY_ABSENT},
        {PLACEMENT_ACTIVITY_ABSENT_UNEXCUSED, PLACEMENT_ACTIVITY_ABSENT},
        {PLACEMENT_ACTIVITY_ABSENT, PLACEMENT_ACTIVITY_ABSENT},
    };
    const unsigned others =
        TRAIT_PLACE | TRAIT_EXTERNAL_ID | TRAIT_LANGUAGE | TRAIT_OCCUPATION | TRAIT_WISH;

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct placement_day_logged said = {.minutes = 300, .activity = rows[i].was};
        struct day line = {.minutes = 300, .activity = rows[i].was};

        traits_strike(&placement_day_logged_descriptor, &said, others);
        traits_clear(&day_descriptor, &line, others);
        assert_true(said.activity == rows[i].was && line.activity == rows[i].was);
        traits_strike(&placement_day_logged_descriptor, &said, TRAIT_ABSENCE);
        traits_clear(&day_descriptor, &line, TRAIT_ABSENCE);
        assert_true(said.activity == rows[i].is && line.activity == rows[i].is);
        assert_true(said.minutes == 300 && line.minutes == 300);
    }
}

static struct id log_day(struct id id, int64_t minutes, enum placement_activity activity)
{
    const struct placement_log_day ask = {
        .on = instant_date(turn.now), .minutes = minutes, .activity = activity};

    assert_null(say(id, PLACEMENT_LOG_DAY, supervisor, &ask));
    return line_of(id);
}

/* By either of these the hours stay, and whoever looked before need not look again. */
static void why_somebody_was_absent_goes_when_they_are_thinned_or_erased(void **unused)
{
    const struct id on = published(3);

    (void)unused;
    for (int n = 1; n <= 2; n++) {
        const struct person_thinned thinned = {.at = turn.now};
        struct id id, work, ill;

        assert_null(plan(referral(n), on));
        id = turn.said;
        meet_all(id);
        assert_null(say(id, PLACEMENT_START, host, NULL));
        work = log_day(id, 240, PLACEMENT_ACTIVITY_WORK);
        ill = log_day(id, 210, PLACEMENT_ACTIVITY_ABSENT_ILL);
        turn_hear("person.thinned", turn_id("person", 3), &thinned); /* another */
        assert_int_equal(day(ill).activity, PLACEMENT_ACTIVITY_ABSENT_ILL);
        if (n == 1)
            turn_hear("person.thinned", turn_id("person", n), &thinned);
        else
            turn_hear("person.erased", turn_id("person", n), &(struct person_erased){0});
        assert_int_equal(day(ill).activity, PLACEMENT_ACTIVITY_ABSENT);
        assert_int_equal(day(work).activity, PLACEMENT_ACTIVITY_WORK);
        assert_true(day(ill).minutes == 210 && day(work).minutes == 240);
        assert_true(day(ill).version == 1 && day(work).version == 1);
        assert_int_equal(placement(id).minutes, 240);
    }
}

/* What is struck of it in the journal is what the state has. */
static void nor_is_it_written_down_of_who_was_erased(void **unused)
{
    const struct id on = published(1);
    struct id id, away, work;

    (void)unused;
    assert_null(plan(referral(1), on));
    id = turn.said;
    meet_all(id);
    assert_null(say(id, PLACEMENT_START, host, NULL));
    turn_hear("person.erased", turn_id("person", 1), &(struct person_erased){0});
    away = log_day(id, 210, PLACEMENT_ACTIVITY_ABSENT_EXCUSED);
    work = log_day(id, 180, PLACEMENT_ACTIVITY_TRAINING);
    assert_int_equal(day(away).activity, PLACEMENT_ACTIVITY_ABSENT);
    assert_int_equal(day(work).activity, PLACEMENT_ACTIVITY_TRAINING);
    assert_int_equal(day(away).minutes, 210);
}

#define STORY(story) cmocka_unit_test_setup_teardown(story, open_turn, close_turn)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(from_the_posting_to_a_job_at_the_host),
        STORY(fifty_plans_for_one_seat),
        cmocka_unit_test(what_is_struck_of_a_day_is_why_they_were_absent),
        STORY(why_somebody_was_absent_goes_when_they_are_thinned_or_erased),
        STORY(nor_is_it_written_down_of_who_was_erased),
        STORY(a_seat_is_free_again_however_it_is_left),
        STORY(a_participant_sees_where_they_will_be_from_the_agreement_on),
        STORY(a_club_sees_its_own_postings_and_supervisors),
        STORY(and_those_that_somebody_has_for_whom_it_is_responsible),
        STORY(a_club_sees_and_acts_on_the_placement_of_whom_it_is_responsible_for),
        STORY(what_somebody_else_may_have_kept_does_not_tell_where_they_are),
        STORY(where_somebody_protected_is_shows_in_no_posting),
        STORY(who_has_to_do_with_two_placements_hears_once_that_somebody_is_hidden),
        STORY(and_a_supervisor_who_is_cleared_goes_on),
        STORY(what_was_taken_back_within_the_hour_still_can_be),
        STORY(who_has_a_part_at_the_host_approves_nothing_of_it),
        STORY(and_who_is_erased_has_none),
        STORY(a_host_plans_for_whom_it_looks_after_or_had_before),
        STORY(seats_in_use_bind_the_posting),
        STORY(an_access_that_expires_and_a_supervisor_who_leaves_undo_readiness),
        STORY(a_supervisor_is_cleared_when_another_has_confirmed_it),
        STORY(nobody_is_mentor_and_supervisor_of_the_same_person),
        STORY(a_seat_that_was_given_back_by_mistake_is_taken_again),
        STORY(a_line_of_another_placement_is_none),
        STORY(what_should_have_begun_and_ended_is_completed_at_once),
        STORY(it_neither_ends_nor_pauses_before_a_day_that_has_a_line),
        STORY(who_is_taken_up_again_may_be_planned_again),
        STORY(who_was_asked_about_by_mistake_may_be_planned_again),
        STORY(who_wants_a_placement_besides_may_be_planned_from_then_on),
        STORY(an_erased_person_leaves_nothing_but_ids),
        STORY(where_somebody_is_comes_back_when_they_are_protected_no_more),
        STORY(what_is_another_programmes_is_named_by_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
