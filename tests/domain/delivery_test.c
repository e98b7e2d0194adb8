/* The way of a message to its reader: what every report leads to in every state, and when it is
 * tried again. */
#include <string.h>

#include "test.h"

#include "core/life.h"
#include "delivery/delivery.h"
#include "domain/matrix.h"
#include "outlet/outlet.h"

enum {
    STATES = DELIVERY_STATE_GIVEN_UP + 1,
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    HOUR = 60 * MINUTE
};

static const struct id one = {"one"}, endpoint = {"endpoint"}, work = {"work"}, agency = {"agency"};
static const struct instant began = {1795341600000};

static struct delivery_case given(enum delivery_state state)
{
    return (struct delivery_case){
        .row = {.id = one,
                .version = 3,
                .programme = work,
                .state = state,
                .channel = MESSAGE_CHANNEL_WEBHOOK,
                .to = endpoint,
                .has_partner = true,
                .partner = agency,
                .lane = endpoint,
                .queued = began,
                .due = began},
        .outlet = {.id = endpoint, .state = OUTLET_STATE_ACTIVE},
    };
}

static struct delivery_input input(enum delivery_input_type type, const struct delivery_case *c)
{
    struct delivery_input in = {
        .type = type,
        .head = {
            .actor = {.role = ROLE_SYS}, .id = one, .version = c->row.version, .at = c->row.due}};

    if (type == DELIVERY_REPORT_FAILED)
        in.delivery_report_failed = (struct delivery_report_failed){
            .result = DELIVERY_RESULT_LATER, .reason = DELIVERY_REASON_TIMEOUT, .jitter = 1000};
    return in;
}

/* Decide and evolve as the runtime does; the refusal's code, or NULL. */
static const char *run(struct delivery_case *c, const struct delivery_input *in)
{
    static struct delivery_events out;
    struct error err;

    out.count = 0;
    if (!delivery_decide(c, in, &out, &err)) return err.code;
    for (size_t i = 0; i < out.count; i++) {
        assert_true(id_equal(out.at[i].id, one));
        delivery_evolve(&c->row, &out.at[i]);
        c->row.version++;
    }
    return NULL;
}

static const char *fail_with(struct delivery_case *c, enum delivery_result result, int64_t wait,
                             int64_t jitter)
{
    struct delivery_input in = input(DELIVERY_REPORT_FAILED, c);

    in.delivery_report_failed.result = result;
    in.delivery_report_failed.wait = wait;
    in.delivery_report_failed.jitter = jitter;
    return run(c, &in);
}

static void what_failed_in_one_mail_goes_in_one_again(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_QUEUED);
    struct delivery_input in = input(DELIVERY_REPORT_FAILED, &c);

    (void)unused;
    in.delivery_report_failed.has_joint = true;
    in.delivery_report_failed.joint = agency;
    assert_null(run(&c, &in));
    assert_true(c.row.has_joint && id_equal(c.row.joint, agency));
    assert_null(fail_with(&c, DELIVERY_RESULT_REFUSED, 0, 1000));
    in = input(DELIVERY_RETRY, &c);
    in.head.actor = (struct actor){.role = ROLE_SYS};
    in.head.programme = c.row.programme;
    in.head.at = c.row.queued;
    assert_null(run(&c, &in));
    assert_false(c.row.has_joint); /* sent again, it is one of its own */
}

/* clang-format off */
enum { NON, QUE, DEL, GIV, NO = -1 };

static const int lives[DELIVERY_INPUTS][STATES] = {
    /*                              NON  QUE  DEL  GIV */
    [DELIVERY_REPORT_DELIVERED]  = { NO,  DEL, NO,  NO  },
    [DELIVERY_REPORT_FAILED]     = { NO,  QUE, NO,  NO  },
    [DELIVERY_RETRY]             = { NO,  NO,  QUE, QUE },
    [DELIVERY_ON_MESSAGE_QUEUED] = { NON, QUE, DEL, GIV },
    [DELIVERY_ON_PERSON_ERASED]  = { NON, GIV, DEL, GIV },
};
/* clang-format on */

static void every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < DELIVERY_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct delivery_case c = given(state);
            const struct delivery_input in = input(type, &c);
            const char *code = run(&c, &in);
            const int next = lives[type][state];

            matrix_code(&delivery_contract, type, delivery_state_words[state], code,
                        next == NO ? life_not_now.code : NULL);
            matrix_state(&delivery_contract, type, delivery_state_words[state],
                         delivery_state_words[c.row.state],
                         delivery_state_words[next == NO ? (int)state : next]);
        }
    }
}

static void only_a_rule_of_ours_reports(void **unused)
{
    (void)unused;
    for (unsigned role = ROLE_CO; role < ROLE_SYS; role <<= 1) {
        for (unsigned type = 0; type < DELIVERY_RETRY; type++) {
            struct delivery_case c = given(DELIVERY_STATE_QUEUED);
            struct delivery_input in = input(type, &c);

            in.head.actor.role = role;
            assert_ptr_equal(run(&c, &in), life_forbidden.code);
        }
    }
}

static void a_report_of_an_attempt_that_is_over_is_a_conflict(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_QUEUED);
    struct delivery_input in = input(DELIVERY_REPORT_FAILED, &c);

    (void)unused;
    assert_null(run(&c, &in));
    assert_ptr_equal(run(&c, &in), life_conflict.code);
    in.head.version = c.row.version;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.attempts, 2);
}

/* Neither what waits when they are erased, nor what is queued afterwards, waits for a server. */
static void to_who_is_erased_nothing_waits(void **unused)
{
    struct delivery_case waiting = given(DELIVERY_STATE_QUEUED), later = waiting, other = waiting;
    const struct delivery_input erased = input(DELIVERY_ON_PERSON_ERASED, &waiting),
                                queued = input(DELIVERY_ON_MESSAGE_QUEUED, &later);

    (void)unused;
    assert_null(run(&waiting, &erased));
    assert_int_equal(waiting.row.state, DELIVERY_STATE_GIVEN_UP);
    assert_int_equal(waiting.row.reason, DELIVERY_REASON_NO_READER);
    later.recipient.state = RECIPIENT_STATE_FORGOTTEN;
    assert_null(run(&later, &queued));
    assert_int_equal(later.row.reason, DELIVERY_REASON_NO_READER);
    other.recipient.state = RECIPIENT_STATE_LOST;
    assert_null(run(&other, &queued));
    assert_int_equal(other.row.state, DELIVERY_STATE_QUEUED);
}

static void what_can_wait_is_due_when_it_says(void **unused)
{
    struct delivery row = {0};
    struct delivery_event event = {.type = DELIVERY_AFTER_MESSAGE_QUEUED, .id = one};

    (void)unused;
    event.message_queued = (struct message_queued){
        .to = endpoint, .has_due = true, .due = {began.ms + 5 * HOUR}, .at = began};
    delivery_evolve(&row, &event);
    assert_int_equal(row.due.ms, began.ms + 5 * HOUR);
    assert_int_equal(row.queued.ms, row.due.ms); /* so it is not late when it goes */
}

static void it_begins_with_its_message(void **unused)
{
    struct delivery row = {0};
    struct delivery_event event = {.type = DELIVERY_AFTER_MESSAGE_QUEUED, .id = one};

    (void)unused;
    event.message_queued = (struct message_queued){.channel = MESSAGE_CHANNEL_WEBHOOK,
                                                   .to = endpoint,
                                                   .has_partner = true,
                                                   .partner = agency,
                                                   .at = began};
    delivery_evolve(&row, &event);
    assert_int_equal(row.state, DELIVERY_STATE_QUEUED);
    assert_true(id_equal(row.to, endpoint) && id_equal(row.lane, endpoint));
    assert_true(id_equal(row.endpoint, endpoint) && id_equal(row.partner, agency));
    assert_int_equal(row.due.ms, began.ms);
    assert_int_equal(row.queued.ms, began.ms);

    memset(&row, 0, sizeof row);
    event.message_queued.channel = MESSAGE_CHANNEL_EMAIL;
    delivery_evolve(&row, &event);
    assert_true(id_equal(row.lane, (struct id){{0}})); /* all mails wait in one queue */
}

static void a_test_is_tried_once(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_NONE);
    struct delivery_event event = {.type = DELIVERY_AFTER_MESSAGE_QUEUED, .id = one};

    (void)unused;
    event.message_queued = (struct message_queued){.kind = MESSAGE_KIND_ENDPOINT_TESTED,
                                                   .channel = MESSAGE_CHANNEL_WEBHOOK,
                                                   .to = endpoint,
                                                   .has_partner = true,
                                                   .partner = agency,
                                                   .at = began};
    delivery_evolve(&c.row, &event);
    assert_true(c.row.test);
    assert_null(fail_with(&c, DELIVERY_RESULT_LATER, 0, 1000));
    assert_int_equal(c.row.state, DELIVERY_STATE_GIVEN_UP);
    assert_int_equal(c.row.attempts, 1);

    c = given(DELIVERY_STATE_NONE);
    event.message_queued.kind = MESSAGE_KIND_REFERRAL_ACCEPTED;
    delivery_evolve(&c.row, &event);
    assert_false(c.row.has_test);
}

/* 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h after one another, and then no more. */
static void it_is_tried_ten_times_in_four_days(void **unused)
{
    static const int64_t delays[] = {5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
                                     10 * HOUR,  14 * HOUR,  20 * HOUR,   24 * HOUR};
    struct delivery_case c = given(DELIVERY_STATE_QUEUED);

    (void)unused;
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        const int64_t at = c.row.due.ms;

        assert_null(fail_with(&c, DELIVERY_RESULT_LATER, 0, 1000));
        assert_int_equal(c.row.state, DELIVERY_STATE_QUEUED);
        assert_int_equal(c.row.due.ms - at, delays[i]);
        assert_int_equal(c.row.reason, DELIVERY_REASON_TIMEOUT);
    }
    assert_null(fail_with(&c, DELIVERY_RESULT_LATER, 0, 1000));
    assert_int_equal(c.row.state, DELIVERY_STATE_GIVEN_UP);
    assert_int_equal(c.row.attempts, DELIVERY_ATTEMPTS);
}

static void the_delay_is_stretched_and_never_shorter_than_was_asked_for(void **unused)
{
    static const struct {
        enum delivery_result result;
        int64_t wait, jitter, delay;
    } cases[] = {
        {DELIVERY_RESULT_LATER, 0, 800, 4000},
        {DELIVERY_RESULT_LATER, 0, 1200, 6000},
        {DELIVERY_RESULT_LATER, 4000, 1000, 5000},
        {DELIVERY_RESULT_LATER, 7 * MINUTE, 1000, 7 * MINUTE},
        {DELIVERY_RESULT_THROTTLED, 0, 1000, MINUTE}, /* who has too much to do is left alone */
        {DELIVERY_RESULT_THROTTLED, 3 * HOUR, 1000, 3 * HOUR},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct delivery_case c = given(DELIVERY_STATE_QUEUED);

        assert_null(fail_with(&c, cases[i].result, cases[i].wait, cases[i].jitter));
        assert_int_equal(c.row.due.ms - began.ms, cases[i].delay);
    }
}

static void what_is_refused_for_good_is_given_up_at_once(void **unused)
{
    (void)unused;
    for (unsigned result = DELIVERY_RESULT_REFUSED; result <= DELIVERY_RESULT_GONE; result++) {
        struct delivery_case c = given(DELIVERY_STATE_QUEUED);

        assert_null(fail_with(&c, result, 0, 1000));
        assert_int_equal(c.row.state, DELIVERY_STATE_GIVEN_UP);
        assert_int_equal(c.row.attempts, 1);
    }
}

static void what_comes_an_hour_late_is_marked_so(void **unused)
{
    struct delivery_case late = given(DELIVERY_STATE_QUEUED), timely = late;
    struct delivery_input in = input(DELIVERY_REPORT_DELIVERED, &late);

    (void)unused;
    in.head.at.ms = began.ms + HOUR - 1;
    assert_null(run(&timely, &in));
    assert_false(timely.row.late);
    in.head.at.ms++;
    assert_null(run(&late, &in));
    assert_true(late.row.late);
}

static void a_success_leaves_no_reason_behind(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_QUEUED);
    struct delivery_input in;

    (void)unused;
    in = input(DELIVERY_REPORT_FAILED, &c);
    in.delivery_report_failed.has_cause = true;
    in.delivery_report_failed.cause = DELIVERY_CAUSE_SENDER;
    assert_null(run(&c, &in));
    assert_true(c.row.has_reason && c.row.has_cause && c.row.cause == DELIVERY_CAUSE_SENDER);
    in = input(DELIVERY_REPORT_DELIVERED, &c);
    in.delivery_report_delivered = (struct delivery_report_delivered){true, 204};
    assert_null(run(&c, &in));
    assert_false(c.row.has_reason || c.row.has_cause);
    assert_int_equal(c.row.attempts, 2);
    assert_true(c.row.has_code && c.row.code == 204);
}

/* Sending it again. */

static const char *retry_as(struct delivery_case *c, unsigned role, struct id actor)
{
    struct delivery_input in = input(DELIVERY_RETRY, c);

    in.head.actor = (struct actor){.role = role, .id = actor};
    in.head.programme = work;
    return run(c, &in);
}

static void who_runs_the_programme_and_whose_it_is_may_have_it_sent_again(void **unused)
{
    static const struct id other = {"other"};
    struct delivery_case c;

    (void)unused;
    for (unsigned role = ROLE_CO; role <= ROLE_SYS; role <<= 1) {
        const bool may = (role & (ROLE_SYS | ROLE_PA | ROLE_CO | ROLE_AG)) != 0;

        c = given(DELIVERY_STATE_GIVEN_UP);
        assert_ptr_equal(retry_as(&c, role, agency), may ? NULL : life_forbidden.code);
    }
    c = given(DELIVERY_STATE_GIVEN_UP);
    assert_ptr_equal(retry_as(&c, ROLE_AG, other), life_forbidden.code);
    c.row.has_partner = false; /* a mail, or from before that was known */
    assert_ptr_equal(retry_as(&c, ROLE_AG, (struct id){{0}}), life_forbidden.code);
}

static void whose_it_is_not_does_not_hear_which_version_there_is(void **unused)
{
    static const struct id other = {"other"};
    struct delivery_case c = given(DELIVERY_STATE_GIVEN_UP);
    struct delivery_input in = input(DELIVERY_RETRY, &c);

    (void)unused;
    in.head.programme = work;
    in.head.version = c.row.version + 1;
    in.head.actor = (struct actor){.role = ROLE_AG, .id = other};
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
    in.head.actor.id = agency;
    assert_ptr_equal(run(&c, &in), life_conflict.code);
    c = given(DELIVERY_STATE_QUEUED);
    assert_ptr_equal(retry_as(&c, ROLE_AG, other), life_forbidden.code);
}

static void a_coordinator_of_one_organisation_has_nothing_sent_again(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_GIVEN_UP);
    struct delivery_input in = input(DELIVERY_RETRY, &c);

    (void)unused;
    in.head.actor = (struct actor){.role = ROLE_CO, .organisation = agency};
    in.head.programme = work;
    assert_ptr_equal(run(&c, &in), life_forbidden.code);
}

static void what_is_anothers_programmes_is_not_there(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_GIVEN_UP);
    struct delivery_input in = input(DELIVERY_RETRY, &c);

    (void)unused;
    in.head.actor.role = ROLE_PA;
    in.head.programme = (struct id){"elsewhere"};
    assert_ptr_equal(run(&c, &in), life_unknown.code);
}

/* Ten attempts more, from the beginning of the schedule, and no sixth time. */
static void sent_again_it_is_tried_as_often_as_the_first_time(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_QUEUED);

    (void)unused;
    for (int round = 0; round <= DELIVERY_RETRIES; round++) {
        for (int i = 0; i < DELIVERY_ATTEMPTS; i++) {
            assert_int_equal(c.row.state, DELIVERY_STATE_QUEUED);
            assert_null(fail_with(&c, DELIVERY_RESULT_LATER, 0, 1000));
            if (i == 0) assert_int_equal(c.row.due.ms - began.ms, 5 * SECOND);
            c.row.due = began;
        }
        assert_int_equal(c.row.state, DELIVERY_STATE_GIVEN_UP);
        assert_ptr_equal(retry_as(&c, ROLE_SYS, work),
                         round < DELIVERY_RETRIES ? NULL : delivery_too_often.code);
    }
    assert_int_equal(c.row.attempts, (DELIVERY_RETRIES + 1) * DELIVERY_ATTEMPTS);
    assert_int_equal(c.row.retries, DELIVERY_RETRIES);
}

static void it_is_due_at_once_and_only_within_thirty_days(void **unused)
{
    const int64_t day = INT64_C(24) * HOUR;
    struct delivery_case c = given(DELIVERY_STATE_GIVEN_UP), old = c;

    (void)unused;
    c.row.due.ms = began.ms + 30 * day; /* input() says that it is then */
    assert_null(retry_as(&c, ROLE_AG, agency));
    assert_int_equal(c.row.due.ms, began.ms + 30 * day);
    old.row.due.ms = began.ms + 30 * day + 1;
    assert_ptr_equal(retry_as(&old, ROLE_AG, agency), delivery_too_old.code);
}

static void where_nothing_goes_any_more_nothing_is_sent_again(void **unused)
{
    (void)unused;
    for (unsigned state = OUTLET_STATE_NONE; state <= OUTLET_STATE_DISABLED; state++) {
        struct delivery_case c = given(DELIVERY_STATE_GIVEN_UP);

        c.outlet.state = state;
        assert_ptr_equal(retry_as(&c, ROLE_AG, agency),
                         state == OUTLET_STATE_ACTIVE ? NULL : delivery_endpoint_disabled.code);
    }
}

static void a_mail_that_was_taken_is_not_sent_again_and_one_that_was_given_up_is(void **unused)
{
    struct delivery_case c = given(DELIVERY_STATE_DELIVERED);

    (void)unused;
    c.outlet.state = OUTLET_STATE_NONE;
    c.row.channel = MESSAGE_CHANNEL_EMAIL;
    assert_ptr_equal(retry_as(&c, ROLE_CO, agency), delivery_mail_taken.code);
    c.row.state = DELIVERY_STATE_GIVEN_UP;
    assert_null(retry_as(&c, ROLE_CO, agency));
}

/* Once is enough, however the attempts after it ended. */
static void what_was_not_answered_may_have_reached_its_reader(void **unused)
{
    static const struct {
        enum delivery_reason reason;
        bool may_have;
    } cases[] = {
        {DELIVERY_REASON_TIMEOUT, true},       {DELIVERY_REASON_CONNECTION_RESET, true},
        {DELIVERY_REASON_NETWORK_ERROR, true}, {DELIVERY_REASON_SMTP, false},
        {DELIVERY_REASON_DNS_ERROR, false},    {DELIVERY_REASON_CONNECTION_REFUSED, false},
        {DELIVERY_REASON_TLS_ERROR, false},    {DELIVERY_REASON_TAKEN_BACK, false},
        {DELIVERY_REASON_NOT_READABLE, false},
    };
    struct delivery_case delivered = given(DELIVERY_STATE_DELIVERED);

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned result = DELIVERY_RESULT_LATER; result <= DELIVERY_RESULT_REFUSED; result++) {
            struct delivery_case c = given(DELIVERY_STATE_QUEUED);
            struct delivery_input in = input(DELIVERY_REPORT_FAILED, &c);

            in.delivery_report_failed.reason = cases[i].reason;
            in.delivery_report_failed.result = result;
            assert_null(run(&c, &in));
            assert_int_equal(delivery_may_have_reached(&c.row), cases[i].may_have);
            if (c.row.state != DELIVERY_STATE_QUEUED) continue;
            in = input(DELIVERY_REPORT_FAILED, &c);
            in.delivery_report_failed.reason = DELIVERY_REASON_SMTP;
            assert_null(run(&c, &in));
            assert_int_equal(delivery_may_have_reached(&c.row), cases[i].may_have);
        }
    }
    assert_true(delivery_may_have_reached(&delivered.row));
}

/* Where it goes. */

static enum outlet_state outlet_after(enum outlet_state state, enum outlet_event_type type)
{
    struct outlet row = {.id = endpoint, .state = state};
    const struct outlet_event event = {.type = type, .id = endpoint};

    outlet_evolve(&row, &event);
    return row.state;
}

static void an_endpoint_that_is_gone_hears_nothing_until_it_has_a_new_secret(void **unused)
{
    static const struct {
        enum outlet_state from;
        enum outlet_event_type event;
        enum outlet_state to;
    } lives_of_outlets[] = {
        {OUTLET_STATE_NONE, OUTLET_AFTER_ENDPOINT_CREATED, OUTLET_STATE_ACTIVE},
        {OUTLET_STATE_ACTIVE, OUTLET_AFTER_DELIVERY_GIVEN_UP, OUTLET_STATE_GONE},
        {OUTLET_STATE_GONE, OUTLET_AFTER_DELIVERY_GIVEN_UP, OUTLET_STATE_GONE},
        {OUTLET_STATE_DISABLED, OUTLET_AFTER_DELIVERY_GIVEN_UP, OUTLET_STATE_DISABLED},
        {OUTLET_STATE_ACTIVE, OUTLET_AFTER_ENDPOINT_GONE, OUTLET_STATE_GONE},
        {OUTLET_STATE_DISABLED, OUTLET_AFTER_ENDPOINT_GONE, OUTLET_STATE_DISABLED},
        {OUTLET_STATE_ACTIVE, OUTLET_AFTER_ENDPOINT_SECRET_ROTATED, OUTLET_STATE_ACTIVE},
        {OUTLET_STATE_GONE, OUTLET_AFTER_ENDPOINT_SECRET_ROTATED, OUTLET_STATE_ACTIVE},
        {OUTLET_STATE_DISABLED, OUTLET_AFTER_ENDPOINT_SECRET_ROTATED, OUTLET_STATE_DISABLED},
        {OUTLET_STATE_ACTIVE, OUTLET_AFTER_ENDPOINT_DISABLED, OUTLET_STATE_DISABLED},
        {OUTLET_STATE_GONE, OUTLET_AFTER_ENDPOINT_DISABLED, OUTLET_STATE_DISABLED},
        {OUTLET_STATE_ACTIVE, OUTLET_AFTER_PARTNER_DISABLED, OUTLET_STATE_DISABLED},
        {OUTLET_STATE_DISABLED, OUTLET_AFTER_ENDPOINT_UNDONE, OUTLET_STATE_ACTIVE},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof lives_of_outlets / sizeof lives_of_outlets[0]; i++)
        assert_int_equal(outlet_after(lives_of_outlets[i].from, lives_of_outlets[i].event),
                         lives_of_outlets[i].to);
}

/* As long as the end can be taken back; and what was gone before it has nothing to wait for. */
static void what_may_be_back_is_known_and_until_when(void **unused)
{
    struct outlet row = {.id = endpoint, .state = OUTLET_STATE_ACTIVE};
    struct outlet_event disabled = {.type = OUTLET_AFTER_ENDPOINT_DISABLED, .id = endpoint},
                        with_partner = {.type = OUTLET_AFTER_PARTNER_DISABLED, .id = endpoint},
                        undone = {.type = OUTLET_AFTER_ENDPOINT_UNDONE, .id = endpoint};
    const struct instant later = {began.ms + 1};

    (void)unused;
    assert_false(outlet_may_return(&row, began));
    outlet_evolve(&row, &disabled); /* before anybody noted by whom */
    assert_false(outlet_may_return(&row, began));
    disabled.endpoint_disabled.has_undo = true;
    disabled.endpoint_disabled.undo.until = began;
    disabled.endpoint_disabled.undo.state = ENDPOINT_RESTORED_ACTIVE;
    outlet_evolve(&row, &disabled);
    assert_true(outlet_may_return(&row, began));
    assert_false(outlet_may_return(&row, later));
    disabled.endpoint_disabled.undo.state = ENDPOINT_RESTORED_GONE;
    outlet_evolve(&row, &disabled);
    assert_false(outlet_may_return(&row, began));

    with_partner.partner_disabled.has_undo = true;
    with_partner.partner_disabled.undo.until = later;
    outlet_evolve(&row, &with_partner);
    assert_true(outlet_may_return(&row, later));
    undone.endpoint_undone.state = ENDPOINT_RESTORED_ACTIVE;
    outlet_evolve(&row, &undone);
    assert_true(row.state == OUTLET_STATE_ACTIVE && !row.has_until);
    assert_false(outlet_may_return(&row, began));
    undone.endpoint_undone.state = ENDPOINT_RESTORED_GONE;
    outlet_evolve(&row, &undone);
    assert_int_equal(row.state, OUTLET_STATE_GONE);
}

/* What is about people under protection waits meanwhile. */
static void where_who_is_not_cleared_chose_the_secret_is_known(void **unused)
{
    struct outlet row = {.id = endpoint};
    struct outlet_event event = {.type = OUTLET_AFTER_ENDPOINT_CREATED, .id = endpoint};

    (void)unused;
    outlet_evolve(&row, &event); /* before it was said */
    assert_false(row.cleared);
    event.endpoint_created.has_cleared = event.endpoint_created.cleared = true;
    outlet_evolve(&row, &event);
    assert_true(row.cleared);
    event = (struct outlet_event){.type = OUTLET_AFTER_ENDPOINT_SECRET_ROTATED, .id = endpoint};
    event.endpoint_secret_rotated.has_cleared = true;
    outlet_evolve(&row, &event);
    assert_false(row.cleared);
    event.endpoint_secret_rotated.cleared = true;
    outlet_evolve(&row, &event);
    assert_true(row.cleared);
}

static void an_endpoint_that_was_gone_is_gone_again_when_its_end_is_taken_back(void **unused)
{
    struct outlet row = {.id = endpoint, .state = OUTLET_STATE_DISABLED};
    const struct outlet_event event = {.type = OUTLET_AFTER_ENDPOINT_UNDONE,
                                       .id = endpoint,
                                       .endpoint_undone.state = ENDPOINT_RESTORED_GONE};

    (void)unused;
    outlet_evolve(&row, &event);
    assert_int_equal(row.state, OUTLET_STATE_GONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_in_every_state),
        cmocka_unit_test(what_failed_in_one_mail_goes_in_one_again),
        cmocka_unit_test(only_a_rule_of_ours_reports),
        cmocka_unit_test(a_report_of_an_attempt_that_is_over_is_a_conflict),
        cmocka_unit_test(to_who_is_erased_nothing_waits),
        cmocka_unit_test(it_begins_with_its_message),
        cmocka_unit_test(what_can_wait_is_due_when_it_says),
        cmocka_unit_test(a_test_is_tried_once),
        cmocka_unit_test(it_is_tried_ten_times_in_four_days),
        cmocka_unit_test(the_delay_is_stretched_and_never_shorter_than_was_asked_for),
        cmocka_unit_test(what_is_refused_for_good_is_given_up_at_once),
        cmocka_unit_test(what_comes_an_hour_late_is_marked_so),
        cmocka_unit_test(a_success_leaves_no_reason_behind),
        cmocka_unit_test(who_runs_the_programme_and_whose_it_is_may_have_it_sent_again),
        cmocka_unit_test(a_coordinator_of_one_organisation_has_nothing_sent_again),
        cmocka_unit_test(whose_it_is_not_does_not_hear_which_version_there_is),
        cmocka_unit_test(what_is_anothers_programmes_is_not_there),
        cmocka_unit_test(sent_again_it_is_tried_as_often_as_the_first_time),
        cmocka_unit_test(it_is_due_at_once_and_only_within_thirty_days),
        cmocka_unit_test(where_nothing_goes_any_more_nothing_is_sent_again),
        cmocka_unit_test(a_mail_that_was_taken_is_not_sent_again_and_one_that_was_given_up_is),
        cmocka_unit_test(what_was_not_answered_may_have_reached_its_reader),
        cmocka_unit_test(an_endpoint_that_is_gone_hears_nothing_until_it_has_a_new_secret),
        cmocka_unit_test(what_may_be_back_is_known_and_until_when),
        cmocka_unit_test(where_who_is_not_cleared_chose_the_secret_is_known),
        cmocka_unit_test(an_endpoint_that_was_gone_is_gone_again_when_its_end_is_taken_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
